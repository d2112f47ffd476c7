"""Amounts and times. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from crossdock.errors import CannotTranslate
from crossdock.model import Money

__all__ = ["ZERO", "moment", "money"]

ZERO = Decimal(0)
_BINARY_DUST = Decimal("0.000001")
"""Shopee computes some amounts as binary floating point and sends ``15.989999999999998``."""

_remembered = lru_cache(maxsize=8192)(Money)


def money(amount: Decimal, currency: str, path: str) -> Money:
    """`amount` in `currency`, exactly.

    Args:
        amount: in major units.
        currency: ISO 4217.
        path: where it stands, for the error.

    Raises:
        CannotTranslate: no currency, or finer than its smallest unit by more than binary dust.
    """
    try:
        return _remembered(amount, currency)
    except ValueError:
        return _without_dust(amount, currency, path)


def _without_dust(amount: Decimal, currency: str, path: str) -> Money:
    try:
        rounded = Money.rounded(amount, currency)
    except (ValueError, ArithmeticError):
        raise CannotTranslate(path, "an amount of money", seen=f"{amount} {currency}") from None
    if abs(rounded.amount - amount) > _BINARY_DUST:
        raise CannotTranslate(path, f"an amount in whole smallest units of {currency}", seen=str(amount))
    return rounded


def moment(seconds: int | None) -> datetime | None:
    """Unix seconds as a time in UTC; 0 and null mean that it has not happened."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
