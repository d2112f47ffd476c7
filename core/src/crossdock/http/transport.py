"""The seam between crossdock and HTTP libraries: one method, three implementations, chosen by name.

A transport only moves bytes. It says with our own errors how far a call came, because only it can know:
`TryLater` when nothing was sent (refused, unknown host, no TLS, no connection in time) and `Unclear` as soon as the
far side may have read it.
"""

import importlib.util
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol, get_args
from urllib.parse import urlsplit

from crossdock.errors import ConfigError, Refused, TryLater, Unclear
from crossdock.http.message import Request, Response, longest_answer

__all__ = [
    "USER_AGENT",
    "Transport",
    "TransportName",
    "TransportSettings",
    "answer_lost",
    "most_bytes",
    "no_address",
    "not_sent",
    "shared_tls",
    "too_long",
    "transport",
]

USER_AGENT = "crossdock"
TransportName = Literal["aiohttp", "httpx", "pyreqwest"]


class Transport(Protocol):
    """What carries one request; used by many tasks at once, never by two event loops."""

    async def send(self, request: Request) -> Response:
        """Send once, follow no redirect, and read the answer to its end, in `request.timeout` seconds together.

        Raises:
            TryLater: nothing was sent.
            Unclear: something was sent, and no whole answer came back.
            Refused: an answer without effect is longer than `reading_at_most` allows.
            ConfigError: the address cannot be called at all.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections; nothing is sent afterwards."""
        ...


@lru_cache(maxsize=1)
def shared_tls() -> ssl.SSLContext:
    """Return the one TLS context of this process, for transports that bring none; making one costs 35 ms."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class TransportSettings:
    """How every transport connects.

    Attributes:
        connect_seconds: the longest wait for a connection, with name lookup and TLS.
        keep_alive_seconds: how long an idle connection is kept; below the far side's own time, or a request may be sent
            into a connection that is just being closed, which leaves its outcome unclear.
        tls: whom to trust; None trusts the certificates of the system.
        answer_bytes: the longest answer, unpacked, that is read; what is longer is a mistake or an attack, since a
            megabyte that came over the wire may unpack to a gigabyte.
    """

    connect_seconds: float = 10.0
    keep_alive_seconds: float = 15.0
    tls: ssl.SSLContext | None = None
    answer_bytes: int = 128 * 2**20


def transport(name: TransportName = "aiohttp", settings: TransportSettings | None = None) -> Transport:
    """Make a transport; call it inside the event loop that will use it.

    Raises:
        ConfigError: the name is unknown, or the library is not installed.
    """
    return load_transport(name)(settings or TransportSettings())


def load_transport(name: TransportName) -> Callable[[TransportSettings], Transport]:
    """What makes the transport of this name: its library, a tenth of a second of imports, is loaded from here on.

    Raises:
        ConfigError: the name is unknown, or the library is not installed.
    """
    if name not in get_args(TransportName):
        raise ConfigError(f"HTTP transport {name!r} is not known; allowed are {', '.join(get_args(TransportName))}.")
    if importlib.util.find_spec(name) is None:
        raise ConfigError(f"HTTP transport {name} is not installed.", hint="pip install 'crossdock[fast]'")
    match name:
        case "aiohttp":
            from crossdock.http.over_aiohttp import AiohttpTransport  # each library is loaded only when it is chosen

            return AiohttpTransport
        case "httpx":
            from crossdock.http.over_httpx import HttpxTransport

            return HttpxTransport
        case "pyreqwest":
            from crossdock.http.over_pyreqwest import PyreqwestTransport

            return PyreqwestTransport


def not_sent(cause: BaseException, request: Request) -> TryLater:
    """Name a failure before the first byte, by kind and server: the texts of libraries quote whole addresses."""
    server = urlsplit(request.target).netloc.rpartition("@")[2]
    return TryLater(f"No connection could be made to {server} ({type(cause).__name__}); nothing was sent.")


def answer_lost(cause: BaseException) -> Unclear:
    """Name a failure after the request may have been read."""
    return Unclear(f"The request was sent, but no whole answer came back ({type(cause).__name__}).")


def most_bytes(settings: TransportSettings) -> int:
    """The longest answer, unpacked, that is read for whoever asks here."""
    wanted = longest_answer()
    return min(wanted.size, settings.answer_bytes) if wanted else settings.answer_bytes


def too_long(settings: TransportSettings, request: Request) -> Unclear | Refused:
    """Name an answer that was given up because it went on and on; asking again for a file brings the same one."""
    most, wanted = most_bytes(settings), longest_answer()
    if wanted and not request.effect:
        return Refused(
            f"The answer is longer than {most} bytes: not read to its end.", code="too_long", hint=wanted.hint
        )
    return Unclear(f"The request was sent, but its answer is longer than {most} bytes: not read.")


def no_address(request: Request) -> ConfigError:
    """Name an address that no try will ever reach."""
    return ConfigError(
        f"{request.url!r} is not an address that can be called; it needs http:// or https:// and a host."
    )
