"""The fastest transport: reqwest, in Rust, through pyreqwest (extra `fast`). It trusts the system's certificates."""

from datetime import timedelta
from functools import lru_cache

from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PyreqwestError
from pyreqwest.request import ConsumedRequest

from crossdock.http.message import Request, Response
from crossdock.http.transport import USER_AGENT, TransportSettings, answer_lost, no_address, not_sent

__all__ = ["PyreqwestTransport"]

_CONNECTING = "client error (Connect)"


class PyreqwestTransport:
    """One client with keep-alive, no cookies, no redirects and no proxies."""

    def __init__(self, settings: TransportSettings) -> None:
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
            answer = await self._build(request).send()
            return Response(answer.status, answer.headers, (await answer.bytes()).to_bytes())
        except ValueError:  # theirs quotes the address
            raise no_address(request) from None
        except PyreqwestError as error:
            raise (not_sent(error) if _was_connecting(error) else answer_lost(error)) from error

    def _build(self, request: Request) -> ConsumedRequest:
        call = self._client.request(request.method, request.target).timeout(_timeout(request.timeout))
        if request.headers:
            call = call.headers(request.headers)
        if request.body is not None:
            call = call.body_bytes(request.body)
        return call.build()

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
