"""What is sent and what comes back: two slotted records of our own, so that no HTTP library shows through. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import urlencode

from multidict import CIMultiDict

__all__ = ["Classify", "Params", "Request", "Response", "in_background", "longest_answer", "reading_at_most"]

Classify = Callable[["Request", "Response"], Exception | None]
"""Says which error an answer is, or None when it is none. It is asked for every answer, so it should be quick."""

Params = Sequence[tuple[str, str]] | Mapping[str, str]

_background: ContextVar[bool] = ContextVar("crossdock_http_background", default=False)


@contextmanager
def in_background() -> Iterator[None]:
    """Let every request made inside give way to those made outside; for backfills, full stock syncs and products."""
    before = _background.set(True)
    try:
        yield
    finally:
        _background.reset(before)


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest answer that is read, unpacked.

    Attributes:
        size: in bytes.
        hint: what a person can do about a longer one.
    """

    size: int
    hint: str


_longest: ContextVar[Longest | None] = ContextVar("crossdock_http_longest", default=None)


@contextmanager
def reading_at_most(size: int, *, hint: str) -> Iterator[None]:
    """Refuse every answer inside that is longer than `size` bytes, unpacked, as soon as it is; for files of others."""
    before = _longest.get()
    _longest.set(Longest(size, hint))
    try:
        yield
    finally:
        _longest.set(before)


def longest_answer() -> Longest | None:
    """What `reading_at_most` allows here; None outside of it."""
    return _longest.get()


@dataclass(slots=True)
class Request:
    """One HTTP call; its text form leaves out what may hold secrets or buyers' data.

    Attributes:
        method: in capitals.
        url: absolute; already percent-encoded where it must be, and without the query.
        params: the query, encoded once and sent as it stands, so that a signature over it holds.
        headers: sent as given.
        body: None sends no body.
        timeout: seconds for the whole call, from connecting to the last byte of the answer.
        effect: whether it may create or move something, so that a lost answer must never lead to a second try.
        verb: what it is called in logs and errors, e.g. `push_order`.
        group: endpoint group with a rate limit of its own; empty when only the connection's counts.
        background: gives way to others; None asks `in_background`.
        classify: says which error the answer is, instead of the connection's own table.
    """

    method: str
    url: str
    params: Params = field(default=(), repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)
    timeout: float = 30.0
    effect: bool = False
    verb: str = ""
    group: str = ""
    background: bool | None = None
    classify: Classify | None = field(default=None, repr=False)

    @property
    def target(self) -> str:
        """The address with its query; it may hold secrets, so it is never logged."""
        return f"{self.url}?{urlencode(self.params)}" if self.params else self.url

    @property
    def gives_way(self) -> bool:
        """Whether this is background work."""
        return _background.get() if self.background is None else self.background


@dataclass(slots=True)
class Response:
    """One HTTP answer, read to its end; its text form leaves out what may hold secrets or buyers' data.

    Attributes:
        status: HTTP status.
        headers: by name, in whatever case.
        body: decompressed; decoding it is the plugin's matter.
        elapsed: seconds from sending to the last byte; 0 until the client has measured it.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    elapsed: float = 0.0

    def __post_init__(self) -> None:
        if isinstance(self.headers, dict):
            self.headers = CIMultiDict(self.headers)
