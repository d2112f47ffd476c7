"""What changed, in the order in which it changed; the ground that lists and cursors stand on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from crossdock.sandbox import VirtualClock

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and after which change the next ones follow (None at the end)."""

    rows: list[Row]
    after: int | None


class ChangeLog(Generic[Row]):
    """Rows by key, with the moment and the number of each one's latest change.

    A change appends to the log and makes the row's earlier entries stale, so a scan by number meets every
    row, meets it again when it changes meanwhile, and never loses one at an equal timestamp.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._rows: dict[str, Row] = {}
        self._latest: dict[str, int] = {}
        self._moments: list[int] = []
        self._keys: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: str) -> Row | None:
        """The row of `key`, if there is one."""
        return self._rows.get(key)

    def values(self) -> list[Row]:
        """All rows, oldest first."""
        return list(self._rows.values())

    def put(self, key: str, row: Row) -> None:
        """Add or replace a row; both count as a change."""
        self._rows[key] = row
        self.touch(key)

    def touch(self, key: str) -> None:
        """Note that the row of `key` has changed now."""
        self._latest[key] = len(self._keys)
        self._keys.append(key)
        moment = self._clock.timestamp()
        self._moments.append(max(moment, self._moments[-1]) if self._moments else moment)

    def changes(self) -> int:
        """How many there were: the number of the next one."""
        return len(self._keys)

    def changed_at(self, key: str) -> int:
        """Seconds since the epoch of the latest change of `key`."""
        return self._moments[self._latest[key]]

    def version(self, key: str) -> int:
        """A number that grows with each change of `key`."""
        return self._latest[key] + 1

    def scan(self, start: int, limit: int, keep: Callable[[Row], bool], until: int) -> Page[Row]:
        """At most `limit` rows that `keep` accepts, from change number `start` on, changed at `until` or before."""
        rows: list[Row] = []
        last = start
        for number in range(start, len(self._keys)):
            key = self._keys[number]
            if self._moments[number] > until:
                break
            if self._latest[key] != number or not keep(self._rows[key]):
                continue
            if len(rows) == limit:
                return Page(rows, last + 1)
            rows.append(self._rows[key])
            last = number
        return Page(rows, None)

    def first_since(self, moment: int) -> int:
        """The number of the first change at `moment` or later."""
        return bisect_left(self._moments, moment)
