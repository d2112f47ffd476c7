"""httpx as it is: slower (see docs/decisions/0003-http-transport.md), but with its own mocks, traces and proxies."""

import asyncio

import httpx

from crossdock.http.message import Request, Response
from crossdock.http.transport import TransportSettings, answer_lost, no_address, not_sent

__all__ = ["HttpxTransport"]

_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NO_ADDRESS = (httpx.UnsupportedProtocol, httpx.InvalidURL)


class HttpxTransport:
    """One `AsyncClient`.

    Args:
        settings: how to connect.
        inner: stands for the network; a test of a plugin hands in `httpx.MockTransport(handler)`.
    """

    def __init__(self, settings: TransportSettings, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._connect_seconds = settings.connect_seconds
        limits = httpx.Limits(
            max_connections=None, max_keepalive_connections=None, keepalive_expiry=settings.keep_alive_seconds
        )
        self._client = httpx.AsyncClient(
            verify=settings.tls, trust_env=False, follow_redirects=False, limits=limits, transport=inner
        )

    async def send(self, request: Request) -> Response:
        """Send one request; see `Transport.send`."""
        try:
            async with asyncio.timeout(request.timeout):  # httpx limits each read, not the whole call
                answer = await self._client.request(
                    request.method,
                    request.target,
                    headers=request.headers,
                    content=request.body,
                    timeout=httpx.Timeout(request.timeout, connect=min(self._connect_seconds, request.timeout / 2)),
                )
        except _NO_ADDRESS:
            raise no_address(request) from None
        except _BEFORE_SENDING as error:
            raise not_sent(error) from error
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise answer_lost(error) from error
        return Response(answer.status_code, answer.headers, answer.content)

    async def aclose(self) -> None:
        """Close the client."""
        await self._client.aclose()
