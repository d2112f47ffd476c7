"""Money: a decimal amount and its currency, exact from text to text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

# ISO 4217 (list one): every currency that does not have two decimals.
_NO_DECIMALS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF"}
    | {"XPF"}
)
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_FOUR_DECIMALS = frozenset({"CLF", "UYW"})
_CODE = re.compile("[A-Z]{3}")


def exponent(currency: str) -> int:
    """How many decimals the smallest unit of `currency` has, by ISO 4217."""
    if currency in _NO_DECIMALS:
        return 0
    if currency in _THREE_DECIMALS:
        return 3
    return 4 if currency in _FOUR_DECIMALS else 2


@lru_cache(maxsize=64)
def _quantum(currency: str) -> Decimal:
    """The smallest unit of `currency`; whether it is a currency is checked once for each."""
    if _CODE.fullmatch(currency) is None:
        raise ValueError(f"{currency!r} is no ISO 4217 currency code such as 'SGD'")
    return Decimal(1).scaleb(-exponent(currency))


def _exact(amount: Decimal, currency: str) -> Decimal:
    """`amount` with exactly the decimals of `currency`; it runs a dozen times for every order, so it is kept short."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"money is made from a Decimal or from text, not from a {type(amount).__name__}")
    unit = _quantum(currency)
    try:
        rounded = amount.quantize(unit)
    except InvalidOperation:
        rounded = None
    if rounded != amount:
        raise ValueError(_no_money(amount, currency, too_long=rounded is None))
    return rounded or abs(rounded)  # there is no minus zero


def _no_money(amount: Decimal, currency: str, *, too_long: bool) -> str:
    if not amount.is_finite():
        return f"{amount} is no amount of money"
    if too_long:
        return f"{amount} has more digits than any amount of money"
    return f"{amount} is finer than the smallest unit of {currency}"


@dataclass(frozen=True, slots=True, init=False)
class Money:
    """An amount in one currency, never finer than the currency's smallest unit.

    Written ``"12.30 SGD"`` in JSON, logs and the ledger. Money of two currencies is never added or compared.

    Attributes:
        amount: major units (12.30 is twelve dollars thirty), finite, at most as many decimals as the currency has.
        currency: ISO 4217 code, three capital letters.
    """

    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal, currency: str) -> None:
        _keep_amount(self, _exact(amount, currency))
        _keep_currency(self, currency)

    @classmethod
    def parse(cls, text: str, currency: str | None = None) -> Money:
        """Read ``"12.30 SGD"``, or ``"12.30"`` with the currency given beside it.

        Raises:
            ValueError: no number, no currency, or more decimals than the currency has.
        """
        number, _, written = text.strip().partition(" ")
        if currency and written not in ("", currency):
            raise ValueError(f"{text!r} is not in {currency}")
        try:
            # Python reads 1_000 as a number, no invoice does
            return cls(Decimal(number.replace("_", "?")), currency or written)
        except InvalidOperation:
            raise ValueError(f"{text!r} is no amount of money such as '12.30 SGD'") from None

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in `currency`."""
        return cls(Decimal(0), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Money:
        """`amount` rounded half up to the smallest unit: for derived figures such as a tax, never for prices paid."""
        return cls(amount.quantize(_quantum(currency), ROUND_HALF_UP), currency)

    @classmethod
    def sum(cls, moneys: Iterable[Money], currency: str) -> Money:
        """The sum of `moneys`, which may be none."""
        total = Decimal(0)
        for money in moneys:
            if money.currency != currency:
                raise ValueError(f"{money} cannot be added to a sum in {currency}: they are in different currencies")
            total += money.amount
        return cls(total, currency)

    def allocate(self, weights: Sequence[Decimal]) -> tuple[Money, ...]:
        """Split by `weights` so that the parts add up exactly, each within a smallest unit of its share.

        What is left of rounding down goes, a unit each, to those that lost most by it; the first of equals first.

        Raises:
            ValueError: no weights, a negative one, or all zero.
        """
        whole = sum(weights, Decimal(0))
        if whole <= 0 or min(weights) < 0:
            raise ValueError(f"cannot split {self} by the weights {list(map(str, weights))}")
        unit = _quantum(self.currency).copy_sign(self.amount)
        shares = [self.amount * weight / whole for weight in weights]
        parts = [share.quantize(unit, ROUND_DOWN) for share in shares]
        left = int((self.amount - sum(parts, Decimal(0))) / unit)
        lost_most = sorted(range(len(weights)), key=lambda n: abs(shares[n] - parts[n]), reverse=True)
        for n in lost_most[:left]:
            parts[n] += unit
        return tuple(Money(part, self.currency) for part in parts)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount!s} {self.currency}"  # with at most four decimals, never in scientific notation

    def _same(self, other: Money) -> Decimal:
        if self.currency != other.currency:
            raise ValueError(f"{self} and {other} are in different currencies")
        return other.amount

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^-?\d+(\.\d+)? [A-Z]{3}$", "examples": ["12.30 SGD"]}

    @classmethod
    def _validate(cls, value: object) -> Money:
        if isinstance(value, Money):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        raise ValueError("money is written as text, such as '12.30 SGD'")


_keep_amount = Money.__dict__["amount"].__set__
_keep_currency = Money.__dict__["currency"].__set__
"""The slots themselves: `object.__setattr__` costs five times as much, and an order has a dozen amounts."""
