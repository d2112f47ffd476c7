"""Reading what changed: lists with an overlap, and a cursor that is safe at each page.

A list may lag behind writes, and begins with the oldest change. So within a scan the cursor follows the newest change
that was kept, and after it the server's own time at the first page, each less the overlap.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from msgspec import Struct

from crossdock.contract import Page, Unreadable, Window
from crossdock.errors import CannotTranslate
from crossdock_anchanto_oms.client.gateway import Gateway, Listed

__all__ = ["Changes", "readable", "since_of"]

R = TypeVar("R", bound=Struct)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a scan is. As text ``SINCE``, or in the middle of one ``SINCE/AT/STARTED``.

    Whoever goes on in the middle reads the rest, and not the overlap again: else a busy store whose overlap takes
    longer than a run would be read for ever. The start is kept, so that `SINCE` stays true however late the rest is
    read.

    Attributes:
        since: where the next scan begins.
        at: where this one goes on.
        started: the server's time at its first page; None before it.
    """

    since: datetime
    at: datetime
    started: datetime | None = None

    @classmethod
    def of(cls, window: Window) -> _Place:
        """Where the engine is."""
        since, *rest = [_moment(part) for part in (window.cursor or window.start.isoformat()).split("/")]
        return cls(since, *rest) if rest else cls(since, since)

    def __str__(self) -> str:
        return "/".join(_text(moment) for moment in (self.since, self.at, self.started) if moment is not None)


def since_of(window: Window) -> datetime:
    """Where a list begins: at the cursor, or at the window's start."""
    return _Place.of(window).at


@dataclass(frozen=True, slots=True)
class Changes(Generic[R, T]):
    """A list that becomes pages of nouns.

    Attributes:
        gateway: of the store.
        rows: the list from a moment on.
        changed_at: when a row changed, by the clock of the OMS.
        translate: a row to our nouns; none passes it over.
    """

    gateway: Gateway
    rows: Callable[[datetime], AsyncIterator[Listed[R]]]
    changed_at: Callable[[R], datetime]
    translate: Callable[[R], Iterable[T | Unreadable]]

    async def pages(self, window: Window) -> AsyncIterator[Page[T]]:
        """Read what `window` asks for; after the rest of a scan that was given up another scan follows."""
        place, cursor = _Place.of(window), window.cursor
        async for page in self._scan(window):
            yield page
            cursor = page.cursor
        if place.started and window.end is None:
            async for page in self._scan(replace(window, cursor=cursor)):
                yield page

    async def _scan(self, window: Window) -> AsyncIterator[Page[T]]:
        place, overlap = _Place.of(window), timedelta(seconds=self.gateway.settings.overlap_seconds)
        since, newest, started = place.since, place.at, place.started
        ends_at = window.end or started
        last: Page[T] = Page([])
        async for listed in self.rows(place.at):
            started = started or listed.server_time
            if last.items:
                yield last
            items: list[T | Unreadable] = []
            for row in listed.items:
                if isinstance(row, Unreadable):
                    items.append(row)
                    continue
                newest = max(newest, self.changed_at(row))
                if ends_at is None or self.changed_at(row) <= ends_at:
                    items += self.translate(row)
            safe = max(since, min(newest, started or newest) - overlap)
            last = Page(items, str(_Place(safe, newest, started)) if started and not window.end else _text(safe))
            if ends_at is not None and newest > ends_at:
                break
        reached = started if started and not window.end else newest
        yield Page(last.items, _text(max(since, reached - overlap)))


def readable(row: R, key: str, translate: Callable[[R], T]) -> Iterable[T | Unreadable]:
    """Translate a row, or say why it cannot be."""
    try:
        return [translate(row)]
    except CannotTranslate as error:
        return [Unreadable(key, error)]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
