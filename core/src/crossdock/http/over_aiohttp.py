"""The default transport: aiohttp, whose parser is compiled. About 200 µs of CPU a request."""

from functools import lru_cache

import aiohttp
from yarl import URL

from crossdock.http.message import Request, Response
from crossdock.http.transport import (
    USER_AGENT,
    TransportSettings,
    answer_lost,
    most_bytes,
    no_address,
    not_sent,
    too_long,
)

__all__ = ["AiohttpTransport"]

_BEFORE_SENDING = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_NO_ADDRESS = (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError)


class AiohttpTransport:
    """One session with keep-alive, no cookies, no proxies from the environment and no queue of its own."""

    def __init__(self, settings: TransportSettings) -> None:
        connector = aiohttp.TCPConnector(
            limit=0,
            ssl=settings.tls or True,  # its own context, made when it is imported, trusts as the system does
            keepalive_timeout=settings.keep_alive_seconds,
            ttl_dns_cache=300,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            headers={"User-Agent": USER_AGENT},
            skip_auto_headers=("Content-Type",),
        )
        # After a cut, aiohttp sends PUT and DELETE again, which may do a thing twice; there is no public switch.
        self._session._retry_connection = False  # noqa: SLF001
        self._settings = settings

    async def send(self, request: Request) -> Response:
        """Send one request; see `Transport.send`."""
        try:
            async with self._session.request(
                request.method,
                URL(request.target, encoded=True),
                headers=request.headers,
                data=request.body,
                timeout=_timeout(request.timeout, self._settings.connect_seconds),
                allow_redirects=False,
            ) as answer:
                return Response(answer.status, answer.headers, await self._body(answer, request))
        except _NO_ADDRESS:
            raise no_address(request) from None
        except _BEFORE_SENDING as error:
            raise not_sent(error, request) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise answer_lost(error) from error

    async def _body(self, answer: aiohttp.ClientResponse, request: Request) -> bytes:
        parts, left = [], most_bytes(self._settings)
        async for part in answer.content.iter_any():
            left -= len(part)
            if left < 0:
                raise too_long(self._settings, request)
            parts.append(part)
        return b"".join(parts)

    async def aclose(self) -> None:
        """Close the session."""
        await self._session.close()


@lru_cache(maxsize=64)
def _timeout(total: float, connect: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=min(connect, total / 2))
