"""How far a cursor may go. Pure.

It moves by Shopee's clock, stays an overlap behind, and only over what was handed over as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from crossdock.contract import Page, Unreadable

__all__ = ["Progress", "Read", "seconds"]


class HasId(Protocol):
    """What can be listed."""

    @property
    def id(self) -> str:
        """Its number."""
        ...


T = TypeVar("T", bound=HasId)

_CERTAINLY_PAST_SECONDS = 600  # the gateway refuses clocks that differ by 300


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """One thing as it came, and what became of it; `update_time` is 0 where it could not be read."""

    item: T | Unreadable
    raw: bytes
    update_time: int


class Progress(Generic[T]):
    """The cursor of one run, and what was handed over a moment ago.

    Args:
        start: where reading began (Unix seconds); the cursor never goes back.
        now: our clock.
        overlap: how many seconds the cursor stays behind.
    """

    def __init__(self, start: int, now: int, overlap: int) -> None:
        self._past = now - _CERTAINLY_PAST_SECONDS
        self._overlap = overlap
        self._cursor = start
        self._newest = 0
        self._before: dict[str, bytes] = {}
        self._now: dict[str, bytes] = {}

    def page(self, found: Sequence[Read[T]], end: int | None) -> Page[T] | None:
        """Make a page, or None when it would say nothing new; `end` is given for the last part of a step."""
        before, items = self._cursor, [one.item for one in found if self._is_new(one)]
        self._newest = max([self._newest, *(one.update_time for one in found)])
        if end is not None:
            reached = end if end <= self._past else min(self._newest, end)
            self._cursor = max(self._cursor, reached - self._overlap)
            self._before, self._now = self._now, {}
        return Page(items, str(self._cursor)) if items or self._cursor != before else None

    def _is_new(self, one: Read[T]) -> bool:
        """Whether it was not handed over just like this by the step before, which shares a second with this one."""
        number = one.item.id
        self._now[number] = one.raw
        return self._before.get(number) != one.raw


def seconds(moment: datetime) -> int:
    """Unix seconds."""
    return int(moment.astimezone(UTC).timestamp())
