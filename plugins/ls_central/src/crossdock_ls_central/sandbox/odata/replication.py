"""Replication: everything page by page, then only what changed since a counter."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from crossdock_ls_central.sandbox.changes import Key
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.odata.shapes import Json, data_set, records
from crossdock_ls_central.sandbox.replicated.feeds import Feed
from crossdock_ls_central.sandbox.tables.table import Column

_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Request:
    """What was asked for; `store` is None for actions that take none."""

    store: str | None
    batch_size: int
    full: bool
    last_key: str
    last_entry: int


@dataclass(frozen=True)
class Page:
    """What is answered: rows, keys of deleted rows, and where to go on."""

    rows: Sequence[Any] = ()
    gone: Sequence[Key] = ()
    last_key: str = ""
    last_entry: int = 0
    end: bool = True
    error: str = ""


def replicate(company: Company, feed: Feed, request: Request) -> Json:
    """One page of `feed`, in LS Central's envelope; a store that does not exist gives an empty one."""
    if request.batch_size <= 0:
        page = Page(error=f"Batch Size must be positive, not {request.batch_size}.")
    elif request.store is not None and request.store.upper() not in company.stores:
        page = Page()
    else:
        page = _full(company, feed, request) if request.full else _delta(company, feed, request)
    return _envelope(company, feed, page)


def _of_store(feed: Feed, key: Key, store: str | None) -> bool:
    at = feed.source.store_at
    return store is None or at is None or key[at] == store.upper()


def _full(company: Company, feed: Feed, request: Request) -> Page:
    snapshot = feed.source.snapshot(company)
    after = tuple(request.last_key.split(_SEPARATOR)) if request.last_key else ()
    later = snapshot.keys[bisect_right(snapshot.keys, after) :]
    own = (key for key in later if _of_store(feed, key, request.store))
    found = list(islice(own, request.batch_size + 1))
    chosen = found[: request.batch_size]
    return Page(
        rows=[snapshot.rows[key] for key in chosen],
        last_key=_SEPARATOR.join(chosen[-1]) if chosen else request.last_key,
        # The counter of the first page is kept: a change between two pages must come again in the delta.
        last_entry=request.last_entry or company.changes.counter,
        end=len(chosen) == len(found),
    )


def _delta(company: Company, feed: Feed, request: Request) -> Page:
    source = feed.source
    all_changes = company.changes.since(source.table.name, request.last_entry)
    own = (change for change in all_changes if _of_store(feed, change[1], request.store))
    found = list(islice(own, request.batch_size + 1))
    chosen = found[: request.batch_size]
    rows, gone = [], []
    for _, key, deleted in chosen:
        row = None if deleted else source.rows(company, near=key).get(key)
        if row is None:
            gone.append(key)
        else:
            rows.append(row)
    end = len(found) <= request.batch_size
    last_entry = max(company.changes.counter, request.last_entry) if end else chosen[-1][0]
    return Page(rows, gone, last_entry=last_entry, end=end)


def _envelope(company: Company, feed: Feed, page: Page) -> Json:
    table, switches = feed.source.table, company.switches
    keys = [_key_column(column, place) for place, column in enumerate(table.columns[: feed.source.key_length])]
    head: Json = {
        "Status": "OnError" if page.error else "",
        "ErrorText": page.error,
        "LastKey": page.last_key,
        "LastEntryNo": page.last_entry,
        "EndOfTable": page.end,
    }
    if feed.as_data_set:
        blocks = {
            "DataSetUpd": data_set(table.number, table.name, table.columns, page.rows, switches),
            "DataSetDel": data_set(table.number, table.name, keys, page.gone, switches),
        }
        return {**head, "DataSet": blocks}
    blocks = {
        "TableDataUpd": records(table, table.columns, page.rows, switches),
        "TableDataDel": records(table, keys, page.gone, switches),
    }
    return {**head, "TableData": blocks}


def _key_column(column: Column, place: int) -> Column:
    get: Callable[[Any], str] = lambda key: key[place]  # noqa: E731 - a getter with its type
    return Column(column.number, column.name, column.kind, get)
