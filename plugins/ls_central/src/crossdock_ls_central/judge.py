"""Which error an HTTP answer is, for each of the surfaces. Pure.

Business errors of SOAP come as HTTP 200 with a code, runtime errors as HTTP 500 with a Fault, after which everything is
rolled back; a 500 without a Fault says nothing about what was done.
"""

from __future__ import annotations

import json
from typing import Any

from crossdock.errors import Refused, RemoteError, SignInAgain, TryLater, Unclear
from crossdock.http import Request, Response, classify_status
from crossdock_ls_central.codes import fault_of, problem_of
from crossdock_ls_central.wire.envelope import Fault, read
from crossdock_ls_central.wire.markup import Unparsable

__all__ = ["ODATA", "SIGN_IN", "SOAP", "correlation_id", "judge", "unreadable"]

SOAP, ODATA, SIGN_IN = "soap", "odata", "sign_in"
"""Groups of requests: the surface that each goes to."""

_TIMED_OUT = frozenset({408, 504})


def judge(request: Request, response: Response) -> RemoteError | None:
    """Which error an answer is, by the surface that the request went to."""
    status = response.status
    if status < 300:
        return None
    if request.group == SIGN_IN and 400 <= status < 429 and status not in _TIMED_OUT:
        return _sign_in_refused(response.body)
    if request.group == SOAP and status == 500:
        return _fault(response.body) or classify_status(request, response)
    return _by_status(request, response, *_error_body(response.body))


def correlation_id(response: Response) -> str | None:
    """Business Central's name for a call, by which Microsoft's support finds it."""
    return response.headers.get("x-ms-correlation-request-id") or response.headers.get("request-id")


def unreadable(request: Request, why: str) -> RemoteError:
    """An answer that says success and cannot be read: what was done is unclear, what was read is asked again."""
    kind = Unclear if request.effect else TryLater
    return kind(f"LS Central answers something that cannot be read: {why}.")


def _sign_in_refused(body: bytes) -> SignInAgain:
    try:
        decoded: Any = json.loads(body)
        reason = str(decoded.get("error_description") or decoded.get("error")).partition(":")[0]
    except (ValueError, RecursionError, AttributeError):
        reason = "no reason given"
    return SignInAgain(
        f"The token endpoint refuses the client credentials ({reason}).",
        hint="check tenant, client_id and client_secret, and whether the secret has expired",
    )


def _by_status(request: Request, response: Response, code: str, message: str) -> RemoteError:
    status = response.status
    if status in _TIMED_OUT:
        kind = Unclear if request.effect else TryLater
        return kind("Business Central took too long.", status=status)
    general = classify_status(request, response)
    if general is not None:
        return general
    if 300 <= status < 400:
        return Refused("The address answers with a redirect.", hint="check base_url and soap_url")
    return problem_of(status, code or f"HTTP {status}", message or "no reason given")


def _fault(body: bytes) -> RemoteError | None:
    try:
        found = read(body)
    except Unparsable:
        return None
    return fault_of(found.code, found.message) if isinstance(found, Fault) else None


def _error_body(body: bytes) -> tuple[str, str]:
    try:
        decoded: Any = json.loads(body)
        error = decoded["error"]
        return str(error.get("code", "")), str(error.get("message", ""))
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return "", ""
