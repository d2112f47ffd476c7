"""Reading and writing many rows with one statement.

The drivers let other threads run once a statement. Rows written one by one, as `executemany` does, hand the
interpreter back and forth for every row, which costs more than the writing itself. Statements hold 64, 50, 32, … or 1
rows, so that there are few texts, which the drivers keep prepared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table

_SIZES = (64, 50, 32, 16, 8, 4, 2, 1)  # most pages hold 50

Change = str | tuple[str, str]
"""A column that takes the new row's value, or a column with the SQL of its new value; ``excluded`` is the new row."""


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which all have the same columns."""
    _write(connection, table, rows, None)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], changes: Sequence[Change]) -> None:
    """Insert `rows`, which all have the same columns; where a primary key exists, make `changes`."""
    _write(connection, table, rows, tuple(changes))


def find(connection: Connection, table: Table, columns: Sequence[str], route: str, keys: Sequence[str]) -> list[Any]:
    """These columns of the rows of `route` with one of `keys`, as the driver gives them."""
    statement = f"SELECT {_names(columns)} FROM {table.name}"  # noqa: S608 - names of our own tables
    return [row for some in _chunks(keys) for row in _with_keys(connection, statement, route, some)]


def change(connection: Connection, table: Table, assignments: str, route: str, keys: Sequence[str]) -> None:
    """Change the rows of `route` with one of `keys`, all in the same way."""
    statement = f"UPDATE {table.name} SET {assignments}"  # noqa: S608 - our own words
    for some in _chunks(keys):
        _with_keys(connection, statement, route, some)


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[at : at + _SIZES[0]] for at in range(0, len(keys), _SIZES[0]))


def _with_keys(connection: Connection, statement: str, route: str, keys: Sequence[str]) -> Any:
    """Run `statement` on the rows with `keys`; the last is repeated, so that there are few texts."""
    mark = _mark(connection)
    size = next(fitting for fitting in reversed(_SIZES) if fitting >= len(keys))
    marks = ", ".join([mark] * size)
    padding = [keys[-1]] * (size - len(keys))
    return connection.exec_driver_sql(
        f'{statement} WHERE "route" = {mark} AND "key" IN ({marks})', (route, *keys, *padding)
    )


def _mark(connection: Connection) -> str:
    return "%s" if connection.dialect.name == "postgresql" else "?"


def _write(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], changes: tuple[Change, ...] | None
) -> None:
    if not rows:
        return
    mark, columns = _mark(connection), tuple(rows[0])
    size = len(rows) if changes is None or _are_distinct(table, rows) else 1  # no row may change twice in a statement
    at, row_of = 0, itemgetter(*columns)
    while at < len(rows):
        count = next(fitting for fitting in _SIZES if fitting <= min(size, len(rows) - at))
        values = tuple(chain.from_iterable(map(row_of, rows[at : at + count])))
        connection.exec_driver_sql(_text(table, columns, changes, count, mark), values)
        at += count


def _are_distinct(table: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
    return len(set(map(itemgetter(*_key(table)), rows))) == len(rows)


@lru_cache
def _key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns)


@lru_cache(maxsize=512)
def _text(table: Table, columns: tuple[str, ...], changes: tuple[Change, ...] | None, count: int, mark: str) -> str:
    row = f"({', '.join([mark] * len(columns))})"
    text = f"INSERT INTO {table.name} ({_names(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608 - names of our own tables
    if changes is None:
        return text
    pairs = [(change, f'excluded."{change}"') if isinstance(change, str) else change for change in changes]
    assignments = ", ".join(f'"{column}" = {value}' for column, value in pairs)
    return f"{text} ON CONFLICT ({_names(_key(table))}) DO UPDATE SET {assignments}"


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
