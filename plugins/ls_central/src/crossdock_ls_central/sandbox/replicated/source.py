"""A table that can be replicated: its key, and how to find the rows of one item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crossdock_ls_central.sandbox.catalog import Item
from crossdock_ls_central.sandbox.changes import Key, Snapshot
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.tables.table import Column, Table, as_text

Rows = Callable[[Company, Item], Iterable[Any]]


@dataclass(frozen=True)
class Source:
    """A replicated table.

    Attributes:
        table: columns and rows; the first `key_length` columns are the primary key.
        key_length: how many columns make the key.
        of_item: the rows of one item; None for tables that are not about items.
        item_at: where in the key the item's number is.
        store_at: where in the key the store is; None for rows that every store gets.
    """

    table: Table
    key_length: int
    of_item: Rows | None = None
    item_at: int = 0
    store_at: int | None = None

    def key(self, row: Any) -> Key:
        """The primary key of `row`, as text."""
        return tuple(as_text(column.get(row)) for column in self.table.columns[: self.key_length])

    def rows(self, company: Company, near: Key | None = None) -> Mapping[Key, Any]:
        """Rows by key: all, or at least the one with the key `near`."""
        if near is None or self.of_item is None:
            return {self.key(row): row for row in self.table.rows(company)}
        item = company.item(near[self.item_at])
        return {self.key(row): row for row in self.of_item(company, item)} if item else {}

    def snapshot(self, company: Company) -> Snapshot:
        """All rows in the order of their keys; made anew only when something has changed since."""
        known = company.snapshots.get(self.table.name)
        if known is None or known.counter != company.changes.counter:
            rows = self.rows(company)
            known = Snapshot(company.changes.counter, sorted(rows), rows)
            company.snapshots[self.table.name] = known
        return known


def item_source(
    number: int, name: str, key_length: int, columns: Iterable[Column], of_item: Rows, **more: int
) -> Source:
    """A source whose rows come from items."""

    def rows(company: Company) -> Iterable[Any]:
        return (row for item in company.items.values() for row in of_item(company, item))

    return Source(Table(number, name, tuple(columns), rows), key_length, of_item, **more)
