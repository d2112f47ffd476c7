"""Tables of LS Central kept in memory: read in full once, then kept up by what changed.

A lane asks for the changes since its own counter, so that two lanes that share a table miss nothing of each other.
A company may have 100,000 items, so rows are kept as tuples, and what several rows or tables say is kept once.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossdock_ls_central.client import LsClient

__all__ = ["Changed", "Replica", "Source"]

Fields = Mapping[str, str]
Key = tuple[str, ...]
Row = tuple[Key, tuple[str | None, ...]]
"""The key of a row within its item, and the fields that are kept besides; None for a field that it lacks."""


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
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._same: dict[tuple[Row, ...], tuple[Row, ...]] = {}
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
        return [self._fields(item, row) for row in self._rows.get(item, ())]

    def first(self, item: str) -> Fields | None:
        """The row of an item that has one; None when there is none."""
        found = self._rows.get(item)
        return self._fields(item, found[0]) if found else None

    def row(self, item: str, *key: str) -> Fields:
        """The row of an item with this key; empty when there is none."""
        found = next((row for row in self._rows.get(item, ()) if row[0] == key), None)
        return self._fields(item, found) if found else {}

    def _fields(self, item: str, row: Row) -> Fields:
        source, (key, kept) = self._source, row
        named = {name: value for name, value in zip(source.keep, kept, strict=True) if value is not None}
        return {source.item: item, **dict(zip(source.key, key, strict=True)), **named}

    async def _load(self, verb: str) -> None:
        """Changes count from the counter of the first page: what changes while the others are read comes again."""
        before, self._rows = self._rows, {}
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
        self._same = {rows: rows for rows in self._rows.values()}  # what no item says any more is forgotten

    def _keep(self, row: Fields) -> str:
        source = self._source
        if source.only is not None and row.get(source.only[0]) != source.only[1]:
            return ""
        item = sys.intern(row.get(source.item, ""))
        key = self._key(row)
        self._replace(item, key, (key, tuple(row.get(name) for name in source.keep)))
        return item

    def _drop(self, row: Fields) -> str:
        item = row.get(self._source.item, "")
        self._replace(item, self._key(row), None)
        return item

    def _replace(self, item: str, key: Key, new: Row | None) -> None:
        others = [row for row in self._rows.get(item, ()) if row[0] != key]
        rows = tuple(sorted([*others, new] if new else others, key=lambda row: row[0]))
        if rows:
            self._rows[item] = self._same.setdefault(rows, rows)
        else:
            self._rows.pop(item, None)

    def _key(self, row: Fields) -> Key:
        return tuple(row.get(name, "") for name in self._source.key)
