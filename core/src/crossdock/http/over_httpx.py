"""httpx as it is: slower (see docs/decisions/0003-http-transport.md), but with its own mocks, traces and proxies."""

import asyncio
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from crossdock.http.message import Request, Response
from crossdock.http.transport import (
    USER_AGENT,
    TransportSettings,
    answer_lost,
    most_bytes,
    no_address,
    not_sent,
    shared_tls,
    too_long,
)

__all__ = ["HttpxTransport"]

_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NO_ADDRESS = (httpx.UnsupportedProtocol, httpx.InvalidURL)


class HttpxTransport:
    """One `AsyncClient` with one connection for each request in flight.

    Clients that share a pool cost several times as much, the more the more are in flight: httpcore 1.0 hands one idle
    connection to many requests, of which all but one start again (encode/httpx#3215).

    Args:
        settings: how to connect.
        inner: stands for the network; a test of a plugin hands in `httpx.MockTransport(handler)`.
    """

    def __init__(self, settings: TransportSettings, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._inner = inner
        self._all: list[httpx.AsyncClient] = []
        self._idle: list[httpx.AsyncClient] = []

    async def send(self, request: Request) -> Response:
        """Send one request; see `Transport.send`."""
        client = self._idle.pop() if self._idle else self._make_client()
        connect_seconds = min(self._settings.connect_seconds, request.timeout / 2)
        try:
            async with (
                asyncio.timeout(request.timeout),  # httpx limits each read, not the whole call
                client.stream(
                    request.method,
                    request.target,
                    headers=request.headers,
                    content=request.body,
                    timeout=httpx.Timeout(request.timeout, connect=connect_seconds),
                ) as answer,
            ):
                return Response(answer.status_code, answer.headers, await self._body(answer, request))
        except _NO_ADDRESS:
            raise no_address(request) from None
        except _BEFORE_SENDING as error:
            raise not_sent(error, request) from error
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise answer_lost(error) from error
        finally:
            self._idle.append(client)

    async def _body(self, answer: httpx.Response, request: Request) -> bytes:
        parts, left = [], most_bytes(self._settings)
        async for part in answer.aiter_bytes():
            left -= len(part)
            if left < 0:
                raise too_long(self._settings, request)
            parts.append(part)
        return b"".join(parts)

    async def aclose(self) -> None:
        """Close the clients."""
        for client in self._all:
            await client.aclose()

    def _make_client(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            verify=self._settings.tls or shared_tls(),
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": USER_AGENT},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            limits=httpx.Limits(max_connections=1, keepalive_expiry=self._settings.keep_alive_seconds),
            transport=self._inner,
        )
        self._all.append(client)
        return client
