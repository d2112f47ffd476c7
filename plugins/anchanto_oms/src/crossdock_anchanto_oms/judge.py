"""Whether an answer is a good one: a failure inside it counts before the HTTP status. Pure.

Some deployments answer refusals with HTTP 200, so that the status alone proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossdock.errors import Refused, RemoteError, SignInAgain, TryLater, Unclear
from crossdock.http import Classify, Request, Response, classify_status, retry_after
from crossdock_anchanto_oms.codes import LinkEnded, TokenRejected, error_of
from crossdock_anchanto_oms.profile import Profile, at, decoded

__all__ = ["judge_by", "judge_link", "unreadable"]


def judge_by(profile: Profile) -> Classify:
    """Make the judge of one profile."""
    marker = f'"{profile.failure.marker.split(".")[0]}"'.encode()

    def judge(request: Request, response: Response) -> RemoteError | None:
        good = response.status < 300
        if good and marker not in response.body:
            return None
        body = _object(response.body)
        if body is not None and at(body, profile.failure.marker) is not None:
            return _failure(profile, body, response)
        if good:
            return None
        return _by_status(request, response)

    return judge


def judge_link(request: Request, response: Response) -> RemoteError | None:
    """Judge what a link leads to, which may be a file store that knows no words of the OMS.

    A link that has ended is refused in many ways; whoever asks for a new one finds out whether it was that.
    """
    general = classify_status(request, response)
    if response.status < 300 or general is not None:
        return general
    return LinkEnded(f"The link to the label is answered HTTP {response.status}, as one that has ended.", code="link")


def unreadable(request: Request, why: str) -> RemoteError:
    """An answer that says success and cannot be read: what was done is unclear, what was read is asked again."""
    text = f"The OMS answers something that cannot be read: {why}."
    return Unclear(text, verb=request.verb) if request.effect else TryLater(text, verb=request.verb)


def _failure(profile: Profile, body: Mapping[str, Any], response: Response) -> RemoteError:
    theirs = str(at(body, profile.failure.code) or "unknown")
    code = profile.errors.get(theirs, theirs)
    sentence = str(at(body, profile.failure.message) or theirs)
    details = at(body, profile.failure.details)
    facts: dict[str, object] = dict(details) if isinstance(details, Mapping) else {}
    fields = at(body, profile.failure.fields)
    if isinstance(fields, list) and fields:
        sentence = f"{sentence} ({'; '.join(_problem(one) for one in fields[:3])})"
    return error_of(code, sentence, after=retry_after(response), facts=facts)


def _problem(field: object) -> str:
    """``lines.0.quantity: must be at least 1``: the values of one entry, whatever they are called."""
    return ": ".join(str(value) for value in field.values()) if isinstance(field, Mapping) else str(field)


def _by_status(request: Request, response: Response) -> RemoteError:
    general = classify_status(request, response)
    if general is not None:
        return general
    text = f"The OMS answers HTTP {response.status} without saying why."
    if response.status == 401:
        return TokenRejected(text, hint="compare client_id and client_secret")
    if response.status == 403:
        return SignInAgain(text, hint="ask whether this address or client may call the OMS")
    if response.status == 408:
        return unreadable(request, "it took too long")
    return Refused(text, code=f"http_{response.status}", hint="compare base_url and profile with the installation")


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        found = decoded(body)
    except ValueError:
        return None
    return found if isinstance(found, Mapping) else None
