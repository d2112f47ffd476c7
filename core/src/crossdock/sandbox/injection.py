"""How a fault is done to one HTTP request: by a sandbox to its own handlers, by the proxy to whatever is behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from crossdock.sandbox.faults import Fault, FaultKind

__all__ = ["cut", "inject", "plainly_rate_limited"]

Forward = Callable[[], Awaitable[web.StreamResponse]]
RateLimited = Callable[[float | None], web.Response]

_CARRIED_OUT = frozenset({FaultKind.LOST_ANSWER, FaultKind.TRUNCATED, FaultKind.SLOW})


async def inject(fault: Fault, request: web.Request, forward: Forward, rate_limited: RateLimited) -> web.StreamResponse:
    """Answer `request` as `fault` says.

    Args:
        fault: what goes wrong.
        request: as it came in.
        forward: carries the request out, and answers it.
        rate_limited: how the system says "too many requests", given the seconds of Retry-After or None.
    """
    if fault.kind not in _CARRIED_OUT:
        return _refusal(fault, request, rate_limited)
    answer = await forward()
    if fault.kind is FaultKind.SLOW:
        await asyncio.sleep(fault.seconds or 0)
        return answer
    return cut(request) if fault.kind is FaultKind.LOST_ANSWER else await _half(answer, request)


def cut(request: web.Request) -> web.StreamResponse:
    """Cut the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def plainly_rate_limited(retry_after_seconds: float | None) -> web.Response:
    """HTTP 429 with no body, for systems of which nothing more is known (RFC 6585, section 4)."""
    return web.Response(status=429, headers=_wait(retry_after_seconds))


def _refusal(fault: Fault, request: web.Request, rate_limited: RateLimited) -> web.StreamResponse:
    """What is answered instead of carrying the request out."""
    match fault.kind:
        case FaultKind.RATE_LIMITED:
            return rate_limited(fault.seconds)
        case FaultKind.SERVER_ERROR:
            return web.Response(status=500, text="Internal Server Error")
        case FaultKind.UNAVAILABLE:
            return web.Response(status=503, text="Service Unavailable", headers=_wait(fault.seconds))
        case FaultKind.NOT_JSON:
            return web.Response(text="<html><body>Please wait.</body></html>", content_type="text/html")
        case FaultKind.STATUS:
            return web.Response(status=fault.status, text="")
        case _:
            return cut(request)


def _wait(seconds: float | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(max(1, round(seconds)))}


async def _half(answer: web.StreamResponse, request: web.Request) -> web.StreamResponse:
    body = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b""
    headers = {"Content-Type": answer.content_type, "Content-Length": str(len(body))}
    half = web.StreamResponse(status=answer.status, headers=headers)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    return cut(request)
