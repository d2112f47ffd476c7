"""What Acme Market's answers mean for what happens next: one table, tested row by row. Pure."""

from __future__ import annotations

import msgspec
from crossdock.errors import Refused, RemoteError, SignInAgain, TryLater, Unclear
from crossdock.http import Request, Response, classify_status

from crossdock_acme import wire

RETRIED = frozenset({"order_locked", "maintenance"})
"""Codes that pass by themselves: nothing was carried out."""

_problems = msgspec.json.Decoder(wire.Problems)


class TokenRejected(SignInAgain):
    """The access token has expired: a new one is fetched, and only if that fails a person is asked."""


def judge(request: Request, response: Response) -> RemoteError | None:
    """Say which error an answer is; None for a good one."""
    if response.status < 300:
        return None
    if response.status == 401:
        return TokenRejected("the access token is refused", hint="crossdock auth link CONNECTION")
    error = classify_status(request, response)
    if error is not None:
        return error
    try:
        problem = _problems.decode(response.body).errors[0]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, IndexError):
        return Refused(f"an answer that is not the API's, with status {response.status}")
    if problem.code == "invalid_grant":
        return SignInAgain("the sign-in is used, expired or revoked", hint="crossdock auth link CONNECTION")
    if problem.code in RETRIED:
        return TryLater(problem.detail or problem.code)
    return Refused(problem.detail or problem.code, code=problem.code)


def cut_off(request: Request, size: int) -> RemoteError:
    """A good status, yet no whole JSON: the answer was lost, and perhaps only the answer."""
    text = f"the answer ends in the middle, after {size} bytes"
    return Unclear(text, verb=request.verb) if request.effect else TryLater(text, verb=request.verb)
