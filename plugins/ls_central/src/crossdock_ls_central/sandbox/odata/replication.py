"""Replication: everything page by page, then only what changed since a counter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from crossdock_ls_central.sandbox.changes import Key
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.odata.shapes import Json, data_set, records
from crossdock_ls_central.sandbox.tables import Table

_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Feed:
    """What one replication action gives.

    Attributes:
        table: columns and rows; the first `key_length` columns are the primary key, as text.
        key_length: how many columns make the key.
        watched: table of the change log that drives the delta; a change's key is the start of the row's key.
        in_store: whether a row belongs to the store that asks; None for data that no store owns.
        as_data_set: whether the answer has the data set shape instead of the table shape.
    """

    table: Table
    key_length: int
    watched: str
    in_store: Callable[[Any, str], bool] | None = None
    as_data_set: bool = False
    changed: Callable[[Company, Key], Iterable[Any]] | None = None


@dataclass(frozen=True)
class Page:
    """What was asked for."""

    store: str | None
    batch_size: int
    full: bool
    last_key: str
    last_entry: int


def replicate(company: Company, feed: Feed, page: Page) -> Json:
    """One page of `feed`, in LS Central's envelope."""
    if page.batch_size <= 0:
        return {**_envelope(feed, company, [], [], "", 0, end=True), "Status": "OnError", "ErrorText": "Batch Size"}
    if page.store is not None and page.store.upper() not in company.stores:
        return _envelope(feed, company, [], [], "", 0, end=True)
    return _full(company, feed, page) if page.full else _delta(company, feed, page)


def _rows(company: Company, feed: Feed, store: str | None) -> Mapping[Key, Any]:
    rows = feed.table.rows(company)
    if store is not None and feed.in_store is not None:
        rows = (row for row in rows if feed.in_store(row, store.upper()))
    return {_key(feed, row): row for row in rows}


def _key(feed: Feed, row: Any) -> Key:
    return tuple(str(column.get(row)) for column in feed.table.columns[: feed.key_length])


def _full(company: Company, feed: Feed, page: Page) -> Json:
    rows = _rows(company, feed, page.store)
    after = tuple(page.last_key.split(_SEPARATOR)) if page.last_key else ()
    keys = sorted(key for key in rows if key > after)
    chosen = keys[: page.batch_size]
    last_key = _SEPARATOR.join(chosen[-1]) if chosen else page.last_key
    # The counter of the first page is kept: a change between two pages must come again in the delta.
    last_entry = page.last_entry or company.changes.counter
    found = [rows[key] for key in chosen]
    return _envelope(feed, company, found, [], last_key, last_entry, end=len(chosen) == len(keys))


def _delta(company: Company, feed: Feed, page: Page) -> Json:
    changes = list(islice(company.changes.since(feed.watched, page.last_entry), page.batch_size + 1))
    chosen = changes[: page.batch_size]
    rows = _rows(company, feed, page.store) if chosen else {}
    updated, gone = [], []
    for _, key, deleted in chosen:
        matching = [row for row_key, row in rows.items() if row_key[: len(key)] == key[: feed.key_length]]
        updated += matching
        if deleted or not matching:
            gone.append(key)
    end = len(changes) <= page.batch_size
    last = chosen[-1][0] if chosen else page.last_entry
    return _envelope(feed, company, updated, gone, "", last, end=end)


def _envelope(
    feed: Feed, company: Company, rows: Sequence[Any], gone: Sequence[Key], last_key: str, last_entry: int, *, end: bool
) -> Json:
    booleans = company.switches.booleans
    columns = feed.table.columns
    deleted = [[*key, *[""] * (feed.key_length - len(key))] for key in gone]
    keys = [type(c)(c.number, c.name, c.kind, _at(n)) for n, c in enumerate(columns[: feed.key_length])]
    head: Json = {"Status": "", "ErrorText": "", "LastKey": last_key, "LastEntryNo": last_entry, "EndOfTable": end}
    if feed.as_data_set:
        number, name = feed.table.number, feed.table.name
        blocks = {
            "DataSetUpd": data_set(number, name, columns, rows, booleans),
            "DataSetDel": data_set(number, name, keys, deleted, booleans),
        }
        return {**head, "DataSet": blocks}
    blocks = {
        "TableDataUpd": records(feed.table, columns, rows, booleans),
        "TableDataDel": records(feed.table, keys, deleted, booleans),
    }
    return {**head, "TableData": blocks}


def _at(place: int) -> Callable[[Any], Any]:
    return lambda key: key[place]
