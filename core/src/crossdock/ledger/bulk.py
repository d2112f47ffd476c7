"""Writing many rows with one statement.

The drivers let other threads run once a statement. Rows written one by one, as `executemany` does, hand the
interpreter back and forth for every row, which costs more than the writing itself. Statements hold 64, 32, … or 1
rows, so that there are few texts, which the drivers keep prepared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table

_SIZES = (64, 32, 16, 8, 4, 2, 1)

Change = str | tuple[str, str]
"""A column that takes the new row's value, or a column with the SQL of its new value; ``excluded`` is the new row."""


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which all have the same columns."""
    _write(connection, table, rows, None)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], changes: Sequence[Change]) -> None:
    """Insert `rows`, which all have the same columns; where a primary key exists, make `changes`."""
    _write(connection, table, rows, tuple(changes))


def _write(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], changes: tuple[Change, ...] | None
) -> None:
    if not rows:
        return
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    columns = tuple(rows[0])
    size = len(rows) if changes is None or _are_distinct(table, rows) else 1  # no row may change twice in a statement
    at = 0
    while at < len(rows):
        count = next(fitting for fitting in _SIZES if fitting <= min(size, len(rows) - at))
        values = tuple(row[column] for row in rows[at : at + count] for column in columns)
        connection.exec_driver_sql(_text(table, columns, changes, count, mark), values)
        at += count


def _are_distinct(table: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
    names = _key(table)
    return len({tuple(row[name] for name in names) for row in rows}) == len(rows)


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
