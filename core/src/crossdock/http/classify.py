"""From an HTTP status to what happens next, for whatever a plugin's own table does not say. Pure, but for the time."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crossdock.errors import RemoteError, TryLater, Unclear
from crossdock.http.message import Request, Response

__all__ = ["classify_status", "retry_after"]


def classify_status(request: Request, response: Response) -> RemoteError | None:
    """Judge an answer by its status alone; every other 4xx is the plugin's matter.

    429 and 503 say that nothing was carried out. Any other 5xx may come after the deed, so that it is unclear when the
    request has an effect.

    Source: RFC 9110, sections 15.6 and 10.2.3; RFC 6585, section 4.
    """
    status = response.status
    if status < 429 or 429 < status < 500:
        return None
    if status in (429, 503):
        text = "They are called too often." if status == 429 else "They are not available."
        return TryLater(text, after=retry_after(response), throttled=status == 429, status=status)
    if request.effect:
        return Unclear("They failed, perhaps after doing it.", status=status)
    return TryLater("They failed.", after=retry_after(response), status=status)


def retry_after(response: Response, now: datetime | None = None) -> float | None:
    """Seconds that their Retry-After header asks for, given in seconds or as a date; None when it says nothing usable.

    Args:
        response: the answer; its Date header is their clock, and counts before ours.
        now: our clock, used when they sent no Date.
    """
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until = _date(value)
    if until is None:
        return None
    since = _date(response.headers.get("Date", "")) or now or datetime.now(UTC)
    return max((until - since).total_seconds(), 0.0)


def _date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
