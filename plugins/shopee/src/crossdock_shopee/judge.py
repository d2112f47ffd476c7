"""Whether an answer is a good one: the envelope is read before the HTTP status is believed. Pure.

Source: Shopee Open Platform v2: failing calls come with HTTP 200 as well as with 403, 429 and 5xx.
"""

from __future__ import annotations

import msgspec

from crossdock.errors import Refused, RemoteError, TryLater, Unclear
from crossdock.http import Request, Response, classify_status, retry_after
from crossdock_shopee.codes import error_of
from crossdock_shopee.wire.envelope import BROKEN, Envelope, envelope_of

__all__ = ["cut_off", "judge", "judge_file", "judge_rows", "request_id"]

_GOOD = b'{"error":"",'
_ALL_ROWS_FAILED = "common.batch_api_all_failed"


class _Rows(msgspec.Struct):
    """Only asked whether it has content."""

    response: dict[str, msgspec.Raw] | None = None


_ROWS = msgspec.json.Decoder(_Rows)


def judge(request: Request, response: Response) -> RemoteError | None:
    """Say which error an answer is; None for a success."""
    if response.status == 200 and response.body.startswith(_GOOD):
        return None
    envelope = envelope_of(response.body)
    if envelope is None:
        return classify_status(request, response) or _no_json(request, response)
    if not envelope.code:
        return None if response.status < 400 else classify_status(request, response) or _no_json(request, response)
    return _error(request, response, envelope)


def judge_rows(request: Request, response: Response) -> RemoteError | None:
    """Like `judge`, but a batch that failed in part or as a whole is good when its rows say why."""
    error = judge(request, response)
    if isinstance(error, Refused) and (error.code == _ALL_ROWS_FAILED or _has_rows(response.body)):
        return None
    return error


def judge_file(request: Request, response: Response) -> RemoteError | None:
    """Like `judge` for answers that are a file; JSON is an error there."""
    if response.status == 200 and not response.body.lstrip().startswith(b"{"):
        return None
    return judge(request, response)


def request_id(response: Response) -> str | None:
    """Shopee's name for a call."""
    envelope = envelope_of(response.body)
    return (envelope.request_id if envelope else None) or None


def cut_off(request: Request, size: int) -> RemoteError:
    """An answer that began well and is no whole JSON."""
    text = f"Shopee's answer ends in the middle, after {size} bytes."
    return Unclear(text, verb=request.verb) if request.effect else TryLater(text, verb=request.verb)


def _error(request: Request, response: Response, envelope: Envelope) -> RemoteError:
    error = error_of(envelope.code, envelope.text, effect=request.effect, request_id=envelope.request_id or None)
    if response.status == 429 and not isinstance(error, TryLater):
        error = TryLater(f"{envelope.text} ({envelope.code})", throttled=True)
    if isinstance(error, TryLater) and error.after is None:
        error.after = retry_after(response)
    return error


def _no_json(request: Request, response: Response) -> RemoteError:
    """An edge server's page, or an answer that was cut off."""
    text = f"Shopee answered HTTP {response.status} with {len(response.body)} bytes that are no answer of the API."
    hint = "a page instead of JSON may mean that this machine's IP address is not declared in the console"
    return Unclear(text, hint=hint) if request.effect else TryLater(text, hint=hint)


def _has_rows(body: bytes) -> bool:
    try:
        return bool(_ROWS.decode(body).response)
    except BROKEN:
        return False
