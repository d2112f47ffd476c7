"""Values of Business Central as text, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from crossdock.errors import CannotTranslate

__all__ = ["Row", "Value", "boolean", "moment", "number", "text"]

Value = str | int | bool | Decimal | date | None
Row = Mapping[str, Value]
"""Field name to value. What is empty is not written: every field has a default on the server."""

_TRUE = frozenset({"true", "1", "yes"})

_MOST_DIGITS = 13
"""Before the point: a product of two such numbers is still exact to the cent in Python's decimals (28 digits)."""


def text(value: Value) -> str:
    """`value` as XML Schema writes it."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is Decimal:
        return format(value, "f")
    if kind is bool:
        return "true" if value else "false"
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def number(value: str, path: str) -> Decimal:
    """Read a decimal; nothing is zero. Thousands separators never occur on the wire.

    Raises:
        CannotTranslate: it is no number, or larger than anything that is counted or paid.
    """
    try:
        found = Decimal(value.strip().replace("_", "?") or "0")  # Python reads 1_000 as a number
    except InvalidOperation:
        raise CannotTranslate(path, "a decimal number", seen=value[:40]) from None
    if not found.is_finite() or found.adjusted() >= _MOST_DIGITS:
        raise CannotTranslate(path, f"a number of at most {_MOST_DIGITS} digits before the point", seen=value[:40])
    return found


def boolean(value: str) -> bool:
    """Read a boolean in any of the forms that the tables and replication answers use."""
    return value.strip().lower() in _TRUE


def moment(value: str) -> datetime | None:
    """Read a date and time, or a date; UTC. Their null date (year 1), nothing and what is no date are None."""
    try:
        parsed = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if parsed.year <= 1753:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
