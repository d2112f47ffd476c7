"""Walking through a time range of a list in steps that cannot shift while they are read.

The lists page by position over a set that changes, in an order nobody documents: between two pages a row may slip
away. One page is a snapshot. So a step whose rows do not fit on one page is halved until they do; only when more than
a page of rows changed within one second, the pages are read again and again until no new row turns up.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from crossdock.errors import TryLater

__all__ = ["LONGEST_SECONDS", "ReadsSlice", "Slice", "Step", "walk"]

T = TypeVar("T")

LONGEST_SECONDS = 15 * 86_400
_MOST_PASSES = 6
_FILL_PERCENT = 85  # what is left keeps most steps from being one row too many
_MOST_GROWTH = 4


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page: rows by number, whether there are more, and how to ask for those."""

    rows: dict[str, T]
    more: bool
    next: str


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """What changed up to a moment (Unix seconds), since the step before."""

    end: int
    rows: dict[str, T]


ReadsSlice = Callable[[int, int, str], Awaitable[Slice[T]]]
"""From, to (Unix seconds) and what the page before said about its successor; empty for the first."""


async def walk(
    read: ReadsSlice[T], start: int, end: int, page_size: int, longest: int = LONGEST_SECONDS
) -> AsyncIterator[Step[T]]:
    """List what changed from `start` to `end`, the oldest first, in steps of at most `longest` seconds.

    Both ends belong to each step, since nobody documents whether they do: neighbours share a second.

    Raises:
        TryLater: a crowded second did not hold still.
    """
    at, width = start, longest
    end = max(end, start + 1)
    crowded = start  # from here to where more than a page of rows is known to be
    while at < end:
        to = min(at + width, end)
        page = await read(at, to, "")
        if page.more and to - at > 1:
            crowded, width = to, (to - at) // 2
            continue
        yield Step(to, await _all_pages(read, at, to) if page.more else page.rows)
        at = to
        if not page.rows and at < crowded:  # then all that crowd is still ahead
            width = max((crowded - at) // 2, 1)
        else:
            width = min(_next_width(width, len(page.rows), page_size), longest)


def _next_width(width: int, rows: int, page_size: int) -> int:
    """So wide that a page would be well filled if things go on at this pace."""
    fitting = width * page_size * _FILL_PERCENT // (100 * rows) if rows else width * _MOST_GROWTH
    return max(min(fitting, width * _MOST_GROWTH), 1)


async def _all_pages(read: ReadsSlice[T], start: int, end: int) -> dict[str, T]:
    """Read one crowded second until a whole pass brings nothing new."""
    seen: dict[str, T] = {}
    for _ in range(_MOST_PASSES):
        known = len(seen)
        seen |= await _one_pass(read, start, end)
        if known and len(seen) == known:
            return seen
    raise TryLater(f"The list from {start} to {end} changed while it was read {_MOST_PASSES} times.")


async def _one_pass(read: ReadsSlice[T], start: int, end: int) -> dict[str, T]:
    found: dict[str, T] = {}
    cursor, more = "", True
    while more:
        page, known = await read(start, end, cursor), len(found)
        found.update(page.rows)
        cursor, more = page.next, page.more and bool(page.next)
        if more and len(found) == known:
            raise TryLater(f"The list from {start} to {end} says that there is more, and brings nothing more.")
    return found
