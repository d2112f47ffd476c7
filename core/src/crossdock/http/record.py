"""What was said over the wire, kept with private values masked, for the person who looks at a parked item."""

from collections import deque
from collections.abc import Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Self

from crossdock.http.message import Request, Response
from crossdock.redaction import hide_secrets, redact_json, redact_xml

__all__ = ["Exchange", "Recorder", "redact_body"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, masked.

    Attributes:
        verb: what it was called.
        method: HTTP method.
        url: without its query.
        sent: the request's body.
        status: None when no answer came.
        received: the answer's body.
    """

    verb: str
    method: str
    url: str
    sent: bytes
    status: int | None
    received: bytes


class Recorder:
    """Keeps the last exchanges of whatever runs inside its `with` block, in this task and those it starts.

    Nothing is masked, copied or parsed before somebody asks, so that recording costs almost nothing.

    Args:
        keep: how many exchanges; the oldest go first.
        longest: bytes of each masked body that are kept.
    """

    def __init__(self, keep: int = 4, longest: int = 16_384) -> None:
        self._seen: deque[tuple[Request, Response | None]] = deque(maxlen=keep)
        self._longest = longest
        self._token: Token[Recorder | None] | None = None

    def __enter__(self) -> Self:
        self._token = current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            current.reset(self._token)

    def add(self, request: Request, response: Response | None) -> None:
        """Remember one exchange; the client calls it."""
        self._seen.append((request, response))

    def exchanges(self) -> list[Exchange]:
        """Return what was seen, masked, the oldest first."""
        return [self._masked(request, response) for request, response in self._seen]

    def _masked(self, request: Request, response: Response | None) -> Exchange:
        received = redact_body(response.body, response.headers) if response else b""
        return Exchange(
            verb=request.verb,
            method=request.method,
            url=hide_secrets(request.url),
            sent=redact_body(request.body or b"", request.headers or {})[: self._longest],
            status=response.status if response else None,
            received=received[: self._longest],
        )


current: ContextVar[Recorder | None] = ContextVar("crossdock_http_recorder", default=None)
"""The recorder of what runs now, if any."""


def redact_body(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Mask a body by its kind; of what is neither JSON nor XML, only kind and size are told."""
    if not body:
        return b""
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return redact_json(body)
    if start == b"<" and "html" not in kind:
        return redact_xml(body)
    return f"[{kind.partition(';')[0] or 'unknown'}, {len(body)} bytes]".encode()
