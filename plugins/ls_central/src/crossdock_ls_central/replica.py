"""Tables of LS Central kept in memory: read in full once, then kept up by what changed.

A lane asks for the changes since its own counter, so that two lanes that share a table miss nothing of each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossdock_ls_central.client import LsClient

__all__ = ["Changed", "Replica", "Source"]

Fields = Mapping[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A table to be kept.

    Attributes:
        action: the replication, such as `GetWIItemBuffer`.
        item: field that says which item a row belongs to.
        key: fields that tell rows of one item apart.
        keep: fields that are kept besides.
        store: whether the replication takes the store.
        only: field and value that a row must have to be kept; None keeps all.
    """

    action: str
    item: str
    key: Sequence[str] = ()
    keep: Sequence[str] = ()
    store: bool = True
    only: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What a look for changes found.

    Attributes:
        items: numbers of items with changed, new or deleted rows.
        entry: counter from which to look next time.
    """

    items: frozenset[str]
    entry: int


class Replica:
    """One table in memory, by item."""

    def __init__(self, client: LsClient, source: Source) -> None:
        self._client = client
        self._source = source
        self._rows: dict[str, dict[Key, Fields]] = {}
        self._entry: int | None = None
        self._lock = asyncio.Lock()

    async def load(self, *, verb: str, again: bool = False) -> int:
        """Read the table in full if that was not done yet, and return the counter from which changes count."""
        async with self._lock:
            if self._entry is None or again:
                await self._load(verb)
            return self._entry or 0

    async def changes(self, since: int, *, verb: str) -> Changed:
        """Take over what changed since `since`, and say which items that concerns. It may be asked repeatedly."""
        await self.load(verb=verb)
        items: set[str] = set()
        entry = since
        async with self._lock:
            pages = self._client.replication(self._source.action, verb=verb, since=since, store=self._source.store)
            async for page in pages:
                items.update(self._keep(row) for row in page.rows)
                items.update(self._drop(row) for row in page.deleted)
                entry = max(entry, page.last_entry)
        return Changed(frozenset(items - {""}), entry)

    def items(self) -> list[str]:
        """Numbers of all items, in order."""
        return sorted(self._rows)

    def rows(self, item: str) -> list[Fields]:
        """The rows of an item, in the order of their keys."""
        found = self._rows.get(item, {})
        return [found[key] for key in sorted(found)]

    def first(self, item: str) -> Fields | None:
        """The row of an item that has one; None when there is none."""
        return next(iter(self.rows(item)), None)

    def row(self, item: str, *key: str) -> Fields:
        """The row of an item with this key; empty when there is none."""
        return self._rows.get(item, {}).get(key, {})

    async def _load(self, verb: str) -> None:
        """Changes count from the counter of the first page: what changes while the others are read comes again."""
        fresh: dict[str, dict[Key, Fields]] = {}
        before, self._rows = self._rows, fresh
        first: int | None = None
        try:
            async for page in self._client.replication(self._source.action, verb=verb, store=self._source.store):
                first = page.last_entry if first is None else first
                for row in page.rows:
                    self._keep(row)
        except BaseException:
            self._rows = before
            raise
        self._entry = first

    def _keep(self, row: Fields) -> str:
        source = self._source
        if source.only is not None and row.get(source.only[0]) != source.only[1]:
            return ""
        item = row.get(source.item, "")
        kept = {name: row[name] for name in (source.item, *source.key, *source.keep) if name in row}
        self._rows.setdefault(item, {})[self._key(row)] = kept
        return item

    def _drop(self, row: Fields) -> str:
        item = row.get(self._source.item, "")
        found = self._rows.get(item, {})
        found.pop(self._key(row), None)
        if not found:
            self._rows.pop(item, None)
        return item

    def _key(self, row: Fields) -> Key:
        return tuple(row.get(name, "") for name in self._source.key)
