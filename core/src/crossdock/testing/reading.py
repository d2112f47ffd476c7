"""How the kit reads: what a ``pull_*`` verb yields, page by page, and what became of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from crossdock.contract import Page, Unreadable, Window
from crossdock.errors import CrossdockError
from crossdock.model import StockLevel
from crossdock.testing.rule import Broken
from crossdock.testing.stage import Desk

__all__ = ["Ended", "Reading", "ended", "key_of", "missing", "read", "shortly"]


@dataclass(frozen=True)
class Ended:
    """How one call ended: with an answer, or with an error of the contract."""

    answer: Any = None
    error: CrossdockError | None = None

    def __str__(self) -> str:
        return f"{type(self.error).__name__}: {self.error}" if self.error else f"the answer {shortly(self.answer)}"


def shortly(value: object) -> str:
    """A noun by its kind and number alone: a message of the kit must not carry what is known of a buyer."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return f"[{', '.join(map(shortly, value[:5]))}{', …' if len(value) > 5 else ''}]"
    if isinstance(value, BaseModel):
        return " ".join([type(value).__name__, *filter(None, (str(getattr(value, "id", "")),))])
    return repr(value)


async def ended(call: Awaitable[Any]) -> Ended:
    """Wait for `call`.

    Raises:
        Broken: it raised something that the engine does not know.
    """
    try:
        return Ended(await call)
    except CrossdockError as error:
        return Ended(error=error)
    except Exception as error:
        raise Broken(f"{type(error).__name__} was raised, which is no error of the contract: {error}") from error


@dataclass
class Reading:
    """What one run of a ``pull_*`` verb yielded.

    Attributes:
        pages: as far as it came.
        error: why it stopped; None when it came to its end.
        start: the cursor that it was given.
    """

    pages: list[Page[Any]] = field(default_factory=list)
    error: CrossdockError | None = None
    start: str | None = None

    @property
    def items(self) -> list[Any]:
        """All items, in order."""
        return [item for page in self.pages for item in page.items]

    @property
    def keys(self) -> set[str]:
        """Of all items that could be read."""
        return {key_of(item) for item in self.items if not isinstance(item, Unreadable)}

    @property
    def cursor(self) -> str | None:
        """From where the engine goes on: that of the last page that it kept."""
        return self.pages[-1].cursor if self.pages else self.start


Between = Callable[[Page[Any]], Awaitable[None]]


async def read(desk: Desk, verb: str, window: Window, between: Between | None = None) -> Reading:
    """Read as the engine does, which keeps a page before it asks for the next.

    Args:
        desk: whose verb is asked.
        verb: a ``pull_*`` verb.
        window: from where.
        between: what happens while the engine keeps a page.

    Raises:
        Broken: it raised something that the engine does not know, or yielded something that is no page.
    """
    reading = Reading(start=window.cursor)
    pages: AsyncIterator[Page[Any]] = getattr(desk.ask, verb)(window, desk.route)
    while True:
        found = await ended(anext(pages, None))
        if found.error is not None or found.answer is None:
            reading.error = found.error
            return reading
        if not isinstance(found.answer, Page):
            raise Broken(f"a {type(found.answer).__name__} was yielded, not a Page")
        reading.pages.append(found.answer)
        if between is not None:
            await between(found.answer)


def key_of(item: Any) -> str:
    """By what a stage calls an item."""
    return str(item.sku if isinstance(item, StockLevel) else item.id)


def missing(wanted: Sequence[str], *readings: Reading) -> list[str]:
    """Which of `wanted` no reading has."""
    seen = {key for reading in readings for key in reading.keys}
    return [key for key in wanted if key not in seen]
