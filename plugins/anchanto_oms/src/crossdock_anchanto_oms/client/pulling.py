"""Reading what changed: lists with an overlap, and a cursor that is safe at each page.

A list may lag behind writes, and begins with the oldest change. So within a scan the cursor follows the newest change
that was kept, and after it the server's own time at the first page, each less the overlap.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from msgspec import Struct

from crossdock.contract import Page, Unreadable, Window
from crossdock.errors import CannotTranslate
from crossdock_anchanto_oms.client.gateway import Gateway, Listed

__all__ = ["changes", "readable", "since_of"]

R = TypeVar("R", bound=Struct)
T = TypeVar("T")


def since_of(window: Window) -> datetime:
    """Where a list begins: at the cursor, or at the window's start."""
    start = datetime.fromisoformat(window.cursor) if window.cursor else window.start
    return start.astimezone(UTC).replace(microsecond=0)


async def changes(
    gateway: Gateway,
    window: Window,
    rows: AsyncIterator[Listed[R]],
    changed_at: Callable[[R], datetime],
    translate: Callable[[R], Iterable[T | Unreadable]],
) -> AsyncIterator[Page[T]]:
    """Turn a list into pages of nouns.

    Args:
        gateway: of the store.
        window: what the engine asked for.
        rows: the list.
        changed_at: when a row changed, by the clock of the OMS.
        translate: a row to our nouns; none passes it over.
    """
    since, overlap = since_of(window), timedelta(seconds=gateway.settings.overlap_seconds)
    newest, ends_at, started = since, window.end, None
    last: Page[T] = Page([])
    async for listed in rows:
        started = started or listed.server_time
        if last.items:
            yield last
        items: list[T | Unreadable] = []
        for row in listed.items:
            if isinstance(row, Unreadable):
                items.append(row)
                continue
            newest = max(newest, changed_at(row))
            if ends_at is not None and changed_at(row) > ends_at:
                continue
            items += translate(row)
        last = Page(items, _text(max(since, newest - overlap)))
        if ends_at is not None and newest > ends_at:
            break
    end = max(since, started - overlap) if started and ends_at is None else max(since, newest - overlap)
    yield Page(last.items, _text(end))


def readable(row: R, key: str, translate: Callable[[R], T]) -> Iterable[T | Unreadable]:
    """Translate a row, or say why it cannot be."""
    try:
        return [translate(row)]
    except CannotTranslate as error:
        return [Unreadable(key, error)]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
