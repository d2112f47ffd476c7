"""The preaction table: which record changed at which counter."""

from __future__ import annotations

from collections.abc import Iterator

Key = tuple[str, ...]


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
