"""Times and money as this OMS writes them: text, never floats."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_MONEY = re.compile(r"\d{1,14}(\.\d{1,4})?", re.ASCII)
_WITHOUT_DECIMALS = frozenset({"CLP", "JPY", "KRW", "VND"})


def parse_time(value: Any) -> int:
    """Seconds since the epoch of a text such as ``2026-11-21T10:00:00Z``.

    Raises:
        ValueError: anything else, also other forms of ISO 8601.
    """
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError("a time is text such as 2026-11-21T10:00:00Z")
    return int(datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def time_text(seconds: float | None) -> str | None:
    """The wire's form of a moment, whole seconds."""
    return None if seconds is None else f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"


def _parse_money(value: Any) -> Decimal:
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise ValueError('money is text such as "12.50", not negative')
    return Decimal(value)


def decimals(currency: str) -> int:
    """How many decimals amounts of `currency` have."""
    return 0 if currency in _WITHOUT_DECIMALS else 2


def fits(amount: Decimal, currency: str) -> bool:
    """Whether `amount` has no more decimals than `currency` allows, as it was written."""
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= decimals(currency)


def money_text(amount: Decimal | None, currency: str) -> str | None:
    """The wire's form of an amount."""
    return None if amount is None else f"{amount:.{decimals(currency)}f}"


Time = Annotated[
    int, BeforeValidator(parse_time), WithJsonSchema({"type": "string", "examples": ["2026-11-21T10:00:00Z"]})
]
Money = Annotated[
    Decimal, BeforeValidator(_parse_money), WithJsonSchema({"type": "string", "examples": ["12000", "12.50"]})
]
Code = Annotated[str, Field(min_length=1, max_length=64)]
Label = Annotated[str, Field(min_length=1, max_length=255)]
Note = Annotated[str, Field(max_length=500)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Body(BaseModel):
    """A request body: no unknown fields, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)
