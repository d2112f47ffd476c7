"""Tables of LS Central kept in memory: read in full once, then kept up by what changed.

A lane asks for the changes since its own counter, so that two lanes that share a table miss nothing of each other.
A company may have 100,000 items, so rows are kept as tuples, and what several rows or tables say is kept once. The
pages of a full reading are kept in files: after a kill, or in the next process, they are not asked for again, only what
changed since.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossdock.clock import Clock
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.kept_pages import KeptPage, KeptPages

__all__ = ["Changed", "Replica", "Source"]

Fields = Mapping[str, str]
_SAME_READING_SECONDS = 3_600.0
"""What was read so lately belongs to the reading that goes on, and is not read anew."""
_GOOD_SECONDS = 86_400.0
"""For so long changes keep a table up to date; then it is read in full, so that nothing stays wrong for longer."""

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
    """One table in memory, by item.

    Args:
        client: asks LS Central.
        source: the table.
        clock: the only source of time.
        kept: where pages outlive the process.
    """

    def __init__(self, client: LsClient, source: Source, clock: Clock, kept: KeptPages) -> None:
        self._client = client
        self._source = source
        self._clock = clock
        self._kept = kept
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._same: dict[tuple[Row, ...], tuple[Row, ...]] = {}
        self._entry: int | None = None
        """The counter up to which changes are in the rows; None before they are read."""
        self._read_at = 0.0
        self._lock = asyncio.Lock()

    async def load(self, *, verb: str, again: bool = False) -> int:
        """Have the table as it is, and return the counter from which changes count.

        Args:
            verb: for logs.
            again: read it anew, unless that was done within the hour; then only what changed is read.
        """
        async with self._lock:
            oldest = self._now() - (_SAME_READING_SECONDS if again else _GOOD_SECONDS)
            if self._entry is None or (again and self._read_at < oldest):
                await self._load(verb, oldest)
            elif again:
                await self._follow(self._entry, verb)
            return self._entry or 0

    async def changes(self, since: int, *, verb: str) -> Changed:
        """Take over what changed since `since`, and say which items that concerns. It may be asked repeatedly."""
        before = await self.load(verb=verb)
        async with self._lock:  # the counter may be another process's, and further than the rows are here
            items, entry = await self._follow(min(since, before), verb)
        return Changed(frozenset(items - {""}), max(since, entry))

    async def _follow(self, since: int, verb: str) -> tuple[set[str], int]:
        items: set[str] = set()
        entry = since
        pages = self._client.replication(self._source.action, verb=verb, since=since, store=self._source.store)
        async for page in pages:
            items.update(self._keep(row) for row in page.rows)
            items.update(self._drop(row) for row in page.deleted)
            entry = max(entry, page.last_entry)
        self._entry = max(self._entry or 0, entry)
        return items, entry

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

    async def _load(self, verb: str, oldest: float) -> None:
        """Changes count from the counter of the first page: what changes while the others are read comes again."""
        self._kept.tidy(self._now() - _GOOD_SECONDS)
        before, self._rows = (self._rows, self._entry, self._read_at), {}
        try:
            kept = await self._take_kept(oldest)
            if not kept or not kept.ended:
                await self._read(verb, kept)
            if kept:
                await self._follow(self._entry or 0, verb)
        except BaseException:
            self._rows, self._entry, self._read_at = before
            raise
        self._same = {rows: rows for rows in self._rows.values()}  # what no item says any more is forgotten

    async def _take_kept(self, oldest: float) -> KeptPage | None:
        """Take the pages that were kept, as far as each was read after the one before; answers the last of them."""
        last, page = None, self._kept.read("", oldest)
        while page is not None:
            if last is None:
                self._entry, self._read_at = page.last_entry, page.read_at
            for item, key, fields in page.rows:
                self._replace(item, tuple(key), (tuple(key), tuple(fields)))
            await asyncio.sleep(0)  # between pages others have their turn
            last = page
            page = None if page.ended else self._kept.read(page.last_key, page.read_at)
        return last

    async def _read(self, verb: str, behind: KeptPage | None) -> None:
        """Read what follows a page, or everything."""
        source = self._source
        after = (behind.last_key, behind.last_entry) if behind else ("", 0)
        async for page in self._client.replication(source.action, verb=verb, store=source.store, after=after):
            read_at = self._now()
            if after == ("", 0):
                self._entry, self._read_at = page.last_entry, read_at
            rows = [parsed for row in page.rows if (parsed := self._parsed(row)) is not None]
            for item, key, fields in rows:
                self._replace(item, key, (key, fields))
            self._kept.write(after[0], KeptPage(read_at, rows, page.last_key, page.last_entry, page.ended))
            after = (page.last_key, page.last_entry)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _parsed(self, row: Fields) -> tuple[str, Key, tuple[str | None, ...]] | None:
        """What is kept of a row; None where nothing is."""
        source = self._source
        if source.only is not None and row.get(source.only[0]) != source.only[1]:
            return None
        return row.get(source.item, ""), self._key(row), tuple(row.get(name) for name in source.keep)

    def _keep(self, row: Fields) -> str:
        parsed = self._parsed(row)
        if parsed is None:
            return ""
        item, key, fields = parsed
        self._replace(item, key, (key, fields))
        return item

    def _drop(self, row: Fields) -> str:
        item = row.get(self._source.item, "")
        self._replace(item, self._key(row), None)
        return item

    def _replace(self, item: str, key: Key, new: Row | None) -> None:
        others = [row for row in self._rows.get(item, ()) if row[0] != key]
        rows = tuple(sorted([*others, new] if new else others, key=lambda row: row[0]))
        if rows:
            self._rows[sys.intern(item)] = self._same.setdefault(rows, rows)
        else:
            self._rows.pop(item, None)

    def _key(self, row: Fields) -> Key:
        return tuple(row.get(name, "") for name in self._source.key)
