"""How far a cursor may go. Pure.

It moves by Shopee's clock, stays an overlap behind, and only over what was handed over as a whole. A look may be broken
off before it came past the overlap; so that the next one does not begin there again, and again, a long look also says
how far it came: the next one goes on to where this one was to end, and only then does the cursor move. What changed
since that end is looked for at once, by a look of its own.

The overlap is for what Shopee lists late, and looking through it once a minute finds that as surely as looking more
often: the cursor does not move past what a whole look has seen. Looks in between are brief: they begin where the last
one came to, so that a busy shop that is asked every other second is not asked for the same orders again and again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from crossdock.clock import Clock
from crossdock.contract import Page, Unreadable, Window

__all__ = ["Place", "Progress", "Read", "looks", "seconds"]


class HasId(Protocol):
    """What can be listed."""

    @property
    def id(self) -> str:
        """Its number."""
        ...


T = TypeVar("T", bound=HasId)

_CERTAINLY_PAST_SECONDS = 600  # the gateway refuses clocks that differ by 300
_WHOLE_EVERY_SECONDS = 60
_BRIEF_OVERLAP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """One thing as it came, and what became of it; `update_time` is 0 where it could not be read."""

    item: T | Unreadable
    raw: bytes
    update_time: int


@dataclass(frozen=True, slots=True)
class Place:
    """What a cursor says, in Unix seconds.

    Attributes:
        start: where the next look begins.
        reached: how far a look came that was broken off; 0 without one.
        end: where that look was to end; 0 without one.
        looked_at: when the last look through the whole overlap began, by our clock; 0 where it is not known.
        seen: the newest change that was handed over; 0 where it is not known.
    """

    start: int
    reached: int = 0
    end: int = 0
    looked_at: int = field(default=0, compare=False)  # by itself no reason to keep a place
    seen: int = 0

    @classmethod
    def of(cls, cursor: str) -> Place:
        """Read it."""
        return cls(*(int(part) for part in cursor.split("/")))

    def __str__(self) -> str:
        if self.end:
            return f"{self.start}/{self.reached}/{self.end}"
        return f"{self.start}/0/0/{self.looked_at}/{self.seen}" if self.seen else str(self.start)

    def allows_brief(self, now: int) -> bool:
        """Whether a look at `now` may leave out the overlap."""
        return bool(self.seen) and not self.end and 0 <= now - self.looked_at < _WHOLE_EVERY_SECONDS


class Progress(Generic[T]):
    """The cursor of one look, and what was handed over a moment ago.

    Args:
        place: where the engine is; the cursor never goes back.
        until: where history ends that is read (Unix seconds); None for a look up to now.
        now: our clock, in Unix seconds.
        overlap: how many seconds the cursor stays behind.
        may_be_brief: leave the overlap out where a look has gone through it a moment ago.

    Attributes:
        place: where the next look begins or goes on.
        start: from where to list (Unix seconds).
        end: up to where to list (Unix seconds).
    """

    def __init__(self, place: Place, until: int | None, now: int, overlap: int, *, may_be_brief: bool = False) -> None:
        self._may_be_brief = may_be_brief and until is None
        self._is_brief = self._may_be_brief and place.allows_brief(now)
        self._first = self.place = place
        self._began = min(now, place.end - 1) if place.end else now
        self.start = (
            max(place.start, place.seen - _BRIEF_OVERLAP_SECONDS) if self._is_brief else place.reached or place.start
        )
        self.end = place.end or now + 1 if until is None else until
        self._past = self._began - _CERTAINLY_PAST_SECONDS
        self._overlap = overlap
        self._cursor = place.start
        self._newest = 0
        self._before: dict[str, bytes] = {}
        self._now: dict[str, bytes] = {}

    def page(self, found: Sequence[Read[T]], end: int | None) -> Page[T] | None:
        """Make a page, or None when it would say nothing new; `end` is given for the last part of a step."""
        before, items = self.place, [one.item for one in found if self._is_new(one)]
        self._newest = max([self._newest, *(one.update_time for one in found)])
        if end is not None:
            self.place = self._after(end)
            self._before, self._now = self._now, {}
        return Page(items, str(self.place)) if items or self.place != before else None

    def _after(self, step_end: int) -> Place:
        """Where the cursor is after a step: a whole look that is not yet at its end says how far it came."""
        reached = step_end if step_end <= self._past else min(self._newest, step_end)
        if self._is_brief:
            return replace(self.place, seen=max(self.place.seen, reached))
        self._cursor = max(self._cursor, reached - self._overlap)
        if self._cursor < step_end < self.end:
            return Place(self._cursor, step_end, self.end)
        seen = max(reached, self._first.seen) if self._may_be_brief else 0
        after = Place(self._cursor, looked_at=self._began, seen=seen)
        return self._first if after == self._first else after

    def _is_new(self, one: Read[T]) -> bool:
        """Whether it was not handed over just like this by the step before, which shares a second with this one."""
        number = one.item.id
        self._now[number] = one.raw
        return self._before.get(number) != one.raw


async def looks(
    window: Window,
    begins: int,
    clock: Clock,
    overlap: int,
    through: Callable[[Progress[T]], AsyncGenerator[Page[T], None]],
    *,
    may_be_brief: bool = False,
) -> AsyncIterator[Page[T]]:
    """Look; after the rest of a look that was broken off another one follows, for what changed meanwhile.

    Args:
        window: what the engine asked for.
        begins: where it begins without a cursor (Unix seconds).
        clock: ours.
        overlap: how many seconds the cursor stays behind.
        through: hands over what is listed from the start of a look to its end.
        may_be_brief: leave the overlap out where a look has gone through it a moment ago.
    """
    place = Place.of(window.cursor) if window.cursor else Place(begins)
    until = seconds(window.end) if window.end else None
    progress = Progress[T](place, until, seconds(clock.now()), overlap, may_be_brief=may_be_brief)
    async with aclosing(through(progress)) as pages:
        async for page in pages:
            yield page
    if place.end and until is None:
        after = Progress[T](progress.place, None, seconds(clock.now()), overlap, may_be_brief=may_be_brief)
        async with aclosing(through(after)) as pages:
            async for page in pages:
                yield page


def seconds(moment: datetime) -> int:
    """Unix seconds."""
    return int(moment.astimezone(UTC).timestamp())
