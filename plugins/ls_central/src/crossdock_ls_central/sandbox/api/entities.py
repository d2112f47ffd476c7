"""What an entity set of the API is made of."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.soap.schema import Value

Json = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """A property: its name, its Edm type without the prefix, and how a row gives its value."""

    name: str
    kind: str
    get: Callable[[Any], Value]
    set: Callable[[Any, Any], None] | None = None


@dataclass(frozen=True)
class EntitySet:
    """An entity set.

    Attributes:
        name: as in the path, such as ``items``.
        entity: name of the type, such as ``item``.
        properties: the first is ``id``.
        rows: all rows, in the order of their number.
        version: rises with each change of a row; makes the ETag.
        children: rows of another set that belong to a row, by navigation name.
        actions: bound actions by lower-case name.
        create: writes a new row; None refuses POST.
        delete: removes a row; None refuses DELETE.
        changing: surrounds the change of a row.
        needs_document: whether the collection is refused without a filter on id or documentId.
    """

    name: str
    entity: str
    properties: tuple[Property, ...]
    rows: Callable[[Company], Iterable[Any]]
    version: Callable[[Any], int] = lambda _row: 1
    children: Mapping[str, tuple[str, Callable[[Company, Any], Iterable[Any]]]] = field(default_factory=dict)
    actions: Mapping[str, Callable[[Company, Any], None]] = field(default_factory=dict)
    create: Callable[[Company, Mapping[str, Any]], Any] | None = None
    delete: Callable[[Company, Any], None] | None = None
    changing: Callable[[Company, Any], AbstractContextManager[None]] = lambda _company, _row: nullcontext()
    needs_document: bool = False

    def property_named(self, name: str) -> Property | None:
        """The property with that name, if any."""
        return next((known for known in self.properties if known.name == name), None)

    @property
    def writable(self) -> bool:
        """Whether any property of a row can be changed."""
        return any(known.set is not None for known in self.properties)

    def find(self, company: Company, system_id: str) -> Any | None:
        """The row with that id, if any."""
        get = self.properties[0].get
        return next((row for row in self.rows(company) if get(row) == system_id.lower()), None)

    def etag(self, row: Any) -> str:
        """The weak entity tag of a row's present version."""
        version = f"'19;{self.version(row):019d}1;00;'"
        return f'W/"{base64.b64encode(version.encode()).decode()}"'

    def entity_json(self, row: Any) -> Json:
        """A row as the API shows it."""
        shown = {known.name: json_value(known.get(row), known.kind) for known in self.properties}
        return {"@odata.etag": self.etag(row), **shown}


def json_value(value: Value, kind: str) -> Any:
    """A value as JSON has it: numbers for decimals, ISO texts for dates and moments."""
    match value:
        case Decimal():
            # Written only: JSON knows one kind of number, and its text comes out as the decimal's.
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            return int(value) if kind == "Int32" else value
