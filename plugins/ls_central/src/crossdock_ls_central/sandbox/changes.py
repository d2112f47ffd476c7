"""The preaction table: which record changed at which counter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Key = tuple[str, ...]


@dataclass(frozen=True)
class Snapshot:
    """All rows of a table as they were at a counter: keys in order, and the rows by key."""

    counter: int
    keys: Sequence[Key]
    rows: Mapping[Key, Any]


class ChangeLog:
    """One rising counter over all tables; of each record only the newest change is kept."""

    def __init__(self) -> None:
        self.counter = 0
        self._tables: dict[str, dict[Key, tuple[int, bool]]] = {}

    def touch(self, table: str, key: Key, *, deleted: bool = False) -> None:
        """Note that the record `key` of `table` was changed or deleted just now."""
        self.counter += 1
        records = self._tables.setdefault(table, {})
        records.pop(key, None)
        records[key] = (self.counter, deleted)

    def since(self, table: str, counter: int) -> Iterator[tuple[int, Key, bool]]:
        """Changes of `table` after `counter`, oldest first: counter, key, whether it was deleted."""
        newest_first = []
        for key, (at, deleted) in reversed(self._tables.get(table, {}).items()):
            if at <= counter:
                break
            newest_first.append((at, key, deleted))
        return reversed(newest_first)
