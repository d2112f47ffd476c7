"""Texts of XML Schema types, read strictly and written as Business Central writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from crossdock_ls_central.sandbox.refusal import CONVERSION, RuntimeFault
from crossdock_ls_central.sandbox.soap.schema import NULL_MOMENT, Value

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_INT = re.compile(r"[+-]?\d{1,10}")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _int(text: str) -> int:
    if not _INT.fullmatch(text) or not -(2**31) <= int(text) < 2**31:
        raise ValueError(text)
    return int(text)


def _date(text: str) -> date:
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    if "T" not in text:
        raise ValueError(text)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_READERS: Mapping[str, Callable[[str], Value]] = {
    "string": str,
    "decimal": _decimal,
    "int": _int,
    "boolean": lambda text: _BOOLEANS[text],
    "date": _date,
    "dateTime": _moment,
}


def read(text: str, type_: str, where: str) -> Value:
    """The value of `text`.

    Raises:
        RuntimeFault: `text` is no value of the XML Schema type `type_`.
    """
    if type_ == "string":
        return text
    try:
        return _READERS[type_](text.strip())
    except (ValueError, KeyError):
        raise RuntimeFault(f"The value '{text}' of element {where} is not a valid xsd:{type_}.", CONVERSION) from None


def write(value: Value) -> str:
    """The text of `value`: decimals without trailing zeros, moments in UTC."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            return "0001-01-01T00:00:00" if value == NULL_MOMENT else _utc(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


DEFAULT_TEXTS: Mapping[str, str] = {
    "int": "0",
    "decimal": "0",
    "boolean": "false",
    "date": "0001-01-01",
    "dateTime": "0001-01-01T00:00:00",
}
