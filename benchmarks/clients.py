"""The cheapest way to send a request with each HTTP library, and by hand; for programs that hard-wire the job."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Any, Protocol, Self, cast
from urllib.parse import urlsplit


class Client(Protocol):
    """Sends one request and returns status and body."""

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send one request; `path` with its query."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class _Wire(asyncio.Protocol):
    """One connection that carries one request at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._waiter: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's has another ancestry

    def send(self, data: bytes) -> asyncio.Future[tuple[int, bytes]]:
        self._waiter = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return self._waiter

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._waiter is None:
            return
        head = self._received[:end].lower()
        at = head.find(b"content-length:") + 15
        length = int(head[at:].split(b"\r\n", 1)[0])
        if len(self._received) < end + 4 + length:
            return
        answer = int(head[9:12]), self._received[end + 4 :]
        self._received = b""
        if not self._waiter.done():
            self._waiter.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(exc or ConnectionResetError())


class ByHand:
    """HTTP/1.1 over asyncio's own transports, with only what these two servers need."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._idle: deque[_Wire] = deque()
        self._all: list[_Wire] = []

    async def __aenter__(self) -> Self:
        return self

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        head = f"{method} {path} HTTP/1.1\r\nhost: {self._host}\r\n"
        if body:
            head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
        return await self.send(head.encode() + b"\r\n" + body)

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Send a request that was made before, on a connection that is free."""
        wire = self._idle.pop() if self._idle else await self._connect()
        answer = await wire.send(request)
        self._idle.append(wire)
        return answer

    async def _connect(self) -> _Wire:
        host, port = self._host.split(":")
        _, wire = await asyncio.get_running_loop().create_connection(_Wire, host, int(port))
        self._all.append(wire)
        return wire

    async def __aexit__(self, *_: object) -> None:
        for wire in self._all:
            wire.transport.close()


_JSON = {"Content-Type": "application/json"}


class Aiohttp:
    """aiohttp, one session."""

    def __init__(self, address: str) -> None:
        import aiohttp

        self._address = address
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
        )

    async def __aenter__(self) -> Self:
        return self

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        from yarl import URL

        url = URL(self._address + path, encoded=True)
        async with self._session.request(method, url, data=body or None, headers=_JSON if body else None) as answer:
            return answer.status, await answer.read()

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()


class Pyreqwest:
    """pyreqwest, one client."""

    def __init__(self, address: str) -> None:
        from pyreqwest.client import ClientBuilder

        self._address = address
        self._client = ClientBuilder().no_proxy().build()

    async def __aenter__(self) -> Self:
        return self

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        request = self._client.request(method, self._address + path)
        if body:
            request = request.headers(_JSON).body_bytes(body)
        answer = await request.build().send()
        return answer.status, (await answer.bytes()).to_bytes()

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()


class Httpx:
    """httpx as most programs use it: one client with its default limits."""

    def __init__(self, address: str) -> None:
        import httpx

        self._client = httpx.AsyncClient(base_url=address, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        answer = await self._client.request(method, path, content=body or None, headers=_JSON if body else None)
        return answer.status_code, answer.content

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()


CLIENTS: dict[str, Any] = {"protocol": ByHand, "aiohttp": Aiohttp, "pyreqwest": Pyreqwest, "httpx": Httpx}
