"""A proxy that does faults on purpose to whatever is behind it: a sandbox, or a real test account.

    client ──http──▶ proxy (faults by rule) ──http or https──▶ target

It keeps paths, queries, bodies and headers as they are, so that signatures hold, and puts its own address in place of
the target's in answers, so that links lead back through it. Loopback only: whoever reaches it reaches the target.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp
from aiohttp import web
from yarl import URL

from crossdock.sandbox.faults import FaultSchedule
from crossdock.sandbox.injection import cut, inject, plainly_rate_limited

__all__ = ["FaultProxy", "Passing", "Watcher", "proxying"]

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "upgrade"}
    | {"transfer-encoding", "host", "accept-encoding", "content-length", "content-encoding"}
)
"""Headers of one connection and not of the message (RFC 9110, section 7.6.1), and those that follow from the body."""


@dataclass(slots=True)
class Passing:
    """One request on its way.

    Attributes:
        number: from 1, in the order in which they came.
        method: HTTP method.
        path: without the query, which may hold secrets.
        headers: as they came.
        body: as it came; nothing once it is over.
        status: what was answered; 0 until then, or when the connection was cut.
    """

    number: int
    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    status: int = 0


class Watcher(Protocol):
    """Somebody who stands beside the proxy; False as an answer cuts the connection."""

    async def arrived(self, passing: Passing) -> bool:
        """Before the target hears of it."""
        ...

    async def answered(self, passing: Passing, body: bytes) -> bytes | None:
        """After the target carried it out; answers the body that goes on, or None to cut the connection."""
        ...


class _Nobody:
    async def arrived(self, passing: Passing) -> bool:
        return True

    async def answered(self, passing: Passing, body: bytes) -> bytes | None:
        return body


class FaultProxy:
    """What stands between a client and `target`.

    Args:
        target: root address of the system.
        faults: which request meets which fault.
        rate_limited: how the system says "too many requests".
        keeps_back: headers, in lower case, that are for the proxy only.
    """

    def __init__(
        self,
        target: str,
        faults: FaultSchedule | None = None,
        rate_limited: Callable[[float | None], web.Response] = plainly_rate_limited,
        keeps_back: frozenset[str] = frozenset(),
    ) -> None:
        self.target = target.rstrip("/")
        self.faults = faults or FaultSchedule()
        self.passed: list[Passing] = []
        self.watcher: Watcher = _Nobody()
        self.url = ""
        self._rate_limited = rate_limited
        self._kept = _HOP_BY_HOP | keeps_back
        self._session: aiohttp.ClientSession | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take one request, and answer it by fault or by the target's own answer."""
        passing = Passing(len(self.passed) + 1, request.method, request.path, dict(request.headers))
        self.passed.append(passing)
        passing.body = await request.read()  # what has arrived goes on, though the client may be gone by then
        try:
            return await self._pass(request, passing)
        finally:
            passing.body = b""

    async def _pass(self, request: web.Request, passing: Passing) -> web.StreamResponse:
        if not await self.watcher.arrived(passing):
            return cut(request)
        fault = self.faults.draw(request.path, request.headers.get("SOAPAction", ""))
        if fault is None:
            return await self._forward(request, passing)
        return await inject(fault, request, lambda: self._forward(request, passing), self._rate_limited)

    async def _forward(self, request: web.Request, passing: Passing) -> web.StreamResponse:
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in self._kept]
        address = URL(self.target + request.raw_path, encoded=True)
        body = await request.read()
        try:
            async with self._open().request(
                request.method, address, headers=headers, data=body or None, allow_redirects=False
            ) as answer:
                found = await self.watcher.answered(passing, self._homeward(await answer.read()))
        except aiohttp.ClientConnectorError as error:
            return web.Response(status=502, text=f"The fault proxy cannot reach {self.target}: {error.strerror}\n")
        except aiohttp.ClientError:
            return cut(request)
        if found is None:
            return cut(request)
        passing.status = answer.status
        kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP]
        return web.Response(
            status=answer.status,
            body=found,
            headers=[(name, value.replace(self.target, self.url)) for name, value in kept],
        )

    def _homeward(self, body: bytes) -> bytes:
        return body.replace(self.target.encode(), self.url.encode())

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(skip_auto_headers=["User-Agent", "Accept", "Content-Type"])
        return self._session

    async def aclose(self) -> None:
        """Close the connections to the target."""
        if self._session is not None:
            await self._session.close()


@asynccontextmanager
async def proxying(proxy: FaultProxy, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[FaultProxy]:
    """Serve `proxy` on loopback until the block ends; port 0 takes a free one."""
    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_route("*", "/{path:.*}", proxy.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        proxy.url = f"http://{host}:{runner.addresses[0][1]}"
        yield proxy
    finally:
        await runner.cleanup()
        await proxy.aclose()
