"""Tables as other parties see them: numbered, named, typed columns over the company's data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder
from crossdock_ls_central.sandbox.soap.schema import Value
from crossdock_ls_central.sandbox.soap.values import write


@dataclass(frozen=True)
class Column:
    """A field of a table: BC's field number, name and type, and how a row gives its value."""

    number: int
    name: str
    kind: str
    get: Callable[[Any], Value]

    @property
    def node_name(self) -> str:
        """The name of its XML element in GET_TABLE_DATA."""
        return re.sub(r"[^A-Za-z0-9]", "_", self.name)


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        number: BC's.
        name: BC's.
        columns: its fields.
        rows: the records, in the order of the primary key.
        of_documents: those with these values of ``Document ID``, where the primary key begins with it.
    """

    number: int
    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Company], Iterable[Any]]
    of_documents: Callable[[Company, Sequence[str]], Iterable[Any]] | None = None

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by field name, in lower case."""
        return {column.name.lower(): column for column in self.columns}


def of_orders(
    number: int,
    name: str,
    columns: Iterable[Column],
    records: Callable[[CustomerOrder], Iterable[Any]],
    *,
    posted: bool,
) -> Table:
    """A table with what `records` gives of each open, or of each posted, order."""
    return Table(
        number,
        name,
        tuple(columns),
        lambda company: chain.from_iterable(map(records, company.orders_where(posted=posted))),
        lambda company, numbers: chain.from_iterable(map(records, company.orders_of(numbers, posted=posted))),
    )


def as_text(value: Value, booleans: str = "true/false") -> str:
    """A value as a table row spells it.

    Args:
        value: what the column gave.
        booleans: the two words for a boolean, with a slash between.
    """
    if isinstance(value, bool):
        yes, _, no = booleans.partition("/")
        return yes if value else no
    return write(value)


def column(number: int, name: str, kind: str, get: Callable[[Any], Value]) -> Column:
    """A column, written shortly."""
    return Column(number, name, kind, get)


def moment(value: datetime | None, otherwise: datetime) -> datetime:
    """`value`, or `otherwise` when it was never set."""
    return value if value is not None else otherwise
