"""The words in which an operation is described: fields, records, xmlports, parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

Value = str | int | bool | Decimal | date | datetime
Row = Mapping[str, Value]
Port = Mapping[str, list[Row]]

NULL_DATE = date(1, 1, 1)
NULL_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
DEFAULTS: Mapping[str, Value] = {
    "string": "",
    "int": 0,
    "decimal": Decimal(0),
    "boolean": False,
    "date": NULL_DATE,
    "dateTime": NULL_MOMENT,
}


@dataclass(frozen=True)
class Record:
    """A repeating element of an xmlport: its name and, in order, its fields with their XML Schema types."""

    name: str
    fields: Mapping[str, str]

    def blank(self) -> dict[str, Value]:
        """A row in which every field has its default."""
        return {name: DEFAULTS[type_] for name, type_ in self.fields.items()}


@dataclass(frozen=True)
class XmlPort:
    """An xmlport: a number, which makes its namespace, and records, each 0 to unbounded times, in order."""

    number: int
    records: tuple[Record, ...]
    places: Mapping[str, tuple[int, Record]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tags = {f"{{{self.namespace}}}{record.name}": (n, record) for n, record in enumerate(self.records)}
        object.__setattr__(self, "places", tags)

    @property
    def namespace(self) -> str:
        """The namespace of everything inside."""
        return f"urn:microsoft-dynamics-nav/xmlports/x{self.number}"


@dataclass(frozen=True)
class Parameter:
    """A top-level parameter.

    Attributes:
        name: of its element.
        type: an XML Schema type or an xmlport.
        var: whether it appears in the result.
        sent: whether it appears in the request; only a procedure's return value does not.
    """

    name: str
    type: str | XmlPort = "string"
    var: bool = False
    sent: bool = True


@dataclass(frozen=True)
class Operation:
    """A procedure of a codeunit that is published as a SOAP service."""

    name: str
    parameters: tuple[Parameter, ...]

    @property
    def arguments(self) -> tuple[Parameter, ...]:
        """The parameters of the request element."""
        return tuple(parameter for parameter in self.parameters if parameter.sent)

    @property
    def results(self) -> tuple[Parameter, ...]:
        """The parameters of the result element."""
        return tuple(parameter for parameter in self.parameters if parameter.var)


def record(name: str, fields: str) -> Record:
    """A record from a list such as ``"DocumentID LineNo:int"``; a field without a type is a string."""
    pairs = (entry.partition(":") for entry in fields.split())
    return Record(name, {field_name: type_ or "string" for field_name, _, type_ in pairs})
