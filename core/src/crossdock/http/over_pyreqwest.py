"""The fastest transport: reqwest, in Rust, through pyreqwest (extra `fast`). It trusts the system's certificates."""

from datetime import timedelta
from functools import lru_cache

from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PyreqwestError
from pyreqwest.request import StreamRequest
from pyreqwest.response import Response as Answer

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

__all__ = ["PyreqwestTransport"]

_CONNECTING = "client error (Connect)"


class PyreqwestTransport:
    """One client with keep-alive, no cookies, no redirects and no proxies."""

    def __init__(self, settings: TransportSettings) -> None:
        self._settings = settings
        self._client = (
            ClientBuilder()
            .user_agent(USER_AGENT)
            .no_proxy()
            .follow_redirects(False)
            .referer(False)
            .connect_timeout(timedelta(seconds=settings.connect_seconds))
            .pool_idle_timeout(timedelta(seconds=settings.keep_alive_seconds))
            .build()
        )

    async def send(self, request: Request) -> Response:
        """Send one request; see `Transport.send`."""
        try:
            async with self._build(request) as answer:
                return Response(answer.status, answer.headers, await self._body(answer, request))
        except ValueError:  # theirs quotes the address
            raise no_address(request) from None
        except PyreqwestError as error:
            raise (not_sent(error, request) if _was_connecting(error) else answer_lost(error)) from error

    def _build(self, request: Request) -> StreamRequest:
        call = self._client.request(request.method, request.target).timeout(_timeout(request.timeout))
        if request.headers:
            call = call.headers(request.headers)
        if request.body is not None:
            call = call.body_bytes(request.body)
        return call.build_streamed()

    async def _body(self, answer: Answer, request: Request) -> bytes:
        parts, left, read = [], most_bytes(self._settings), answer.body_reader.read_chunk
        while (part := await read()) is not None:
            left -= len(part)
            if left < 0:
                raise too_long(self._settings, request)
            parts.append(part.to_bytes())
        return b"".join(parts)

    async def aclose(self) -> None:
        """Close the client."""
        await self._client.close()


@lru_cache(maxsize=64)
def _timeout(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _was_connecting(error: PyreqwestError) -> bool:
    """Tell by the causes: pyreqwest 0.15 says `ConnectError` even for a cut after the request was read."""
    causes = (error.details["causes"] or ()) if isinstance(error, DetailedPyreqwestError) else ()
    return any(cause["message"] == _CONNECTING for cause in causes)
