"""How the money of an order is laid out in lines, exact to the smallest unit. Pure.

What must hold for every line: ``Amount = Price x Quantity - DiscountAmount``; and the sum of all amounts is what is
paid. Discounts of the whole order are spread over the lines as *total discount*; charges become lines of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crossdock.errors import Refused
from crossdock.model import Discount, Money, Order, Payer, exponent

__all__ = ["LINE_DISCOUNT", "TOTAL_DISCOUNT", "Layout", "LineAmounts", "lay_out", "spread"]

TOTAL_DISCOUNT = 3
LINE_DISCOUNT = 4


@dataclass(slots=True)
class LineAmounts:
    """The money of one line, in the smallest unit, tax included.

    Attributes:
        gross: price times quantity.
        line_discount: what belongs to the line itself.
        total_discount: its share of what was taken off the whole order.
    """

    gross: int
    line_discount: int = 0
    total_discount: int = 0

    @property
    def discount(self) -> int:
        """Both discounts."""
        return self.line_discount + self.total_discount

    @property
    def left(self) -> int:
        """What is to pay for the line."""
        return self.gross - self.line_discount - self.total_discount


@dataclass(frozen=True, slots=True)
class Layout:
    """The money of a document.

    Attributes:
        goods: of each order line, in its order.
        charges: kind, and money, of each charge that is not zero.
        owed: what somebody else than the buyer pays, by a payment line of its own.
        total: what is paid together: the sum of all lines.
        scale: decimals of the currency.
    """

    goods: Sequence[LineAmounts]
    charges: Sequence[tuple[str, LineAmounts]]
    owed: int
    total: int
    scale: int

    def amount(self, units: int) -> Decimal:
        """Smallest units as an amount."""
        return Decimal(units).scaleb(-self.scale)


def lay_out(order: Order, *, others_pay: bool) -> Layout:
    """Lay the money of `order` out in lines.

    Args:
        order: what the buyer paid must equal what its parts explain.
        others_pay: discounts that the seller does not bear stay in the document's total, to be paid by somebody else.

    Raises:
        Refused: the parts do not explain what was paid, or more is taken off than there is (code ``totals``).
    """
    if order.imbalance:
        raise _unbalanced(order)
    scale = exponent(order.currency)
    borne = (Payer.SELLER,) if others_pay else tuple(Payer)
    goods = [
        LineAmounts(_units(line.list_price.amount * line.quantity, scale), _sum(line.discounts, borne, scale))
        for line in order.lines
    ]
    charges = [
        (charge.kind, LineAmounts(_units(charge.amount.amount, scale)))
        for charge in order.charges
        if charge.amount.amount > 0
    ]
    _take_off(order, borne, goods, [amounts for _, amounts in charges])
    total = sum(line.left for line in goods) + sum(line.left for _, line in charges)
    paid = _units((order.total or order.explained_total).amount, scale)
    return Layout(goods, charges, total - paid, total, scale)


def spread(units: int, weights: Sequence[int]) -> list[int]:
    """Split `units` by `weights`, exactly; no part is above its weight as long as `units` is not above their sum.

    Rounding the running sum, and not each part, is what keeps every part between zero and its weight.
    """
    whole = sum(weights)
    parts, before, seen = [], 0, 0
    for weight in weights:
        seen += weight
        now = (2 * units * seen + whole) // (2 * whole) if whole else 0
        parts.append(now - before)
        before = now
    return parts


def _take_off(order: Order, borne: Sequence[Payer], goods: list[LineAmounts], charges: list[LineAmounts]) -> None:
    """Spread what is taken off the whole order: shipping discounts over charges first, everything else over goods."""
    scale = exponent(order.currency)
    shipping = _sum([found for found in order.discounts if found.kind == "shipping"], borne, scale)
    other = _sum([found for found in order.discounts if found.kind != "shipping"], borne, scale)
    other -= sum(_units(charge.amount.amount, scale) for charge in order.charges if charge.amount.amount < 0)
    rest = _reduce(charges, shipping)
    rest = _reduce(goods, other + rest)
    rest = _reduce(charges, rest)
    if rest:
        raise Refused(
            f"More is taken off order {order.id} than its lines and charges come to, by {rest} of the smallest unit.",
            code="totals",
            hint="compare the discounts of the order on the channel",
        )


def _reduce(lines: Sequence[LineAmounts], units: int) -> int:
    """Take as much as possible off `lines`, by what is left of each, and return the rest."""
    if not units:
        return 0
    room = [line.left for line in lines]
    taken = min(units, sum(room))
    for line, part in zip(lines, spread(taken, room), strict=True):
        line.total_discount += part
    return units - taken


def _sum(discounts: Sequence[Discount], borne: Sequence[Payer], scale: int) -> int:
    return sum(_units(found.amount.amount, scale) for found in discounts if found.payer in borne)


def _units(amount: Decimal, scale: int) -> int:
    return int(amount.scaleb(scale))


def _unbalanced(order: Order) -> Refused:
    paid, explained = order.total or Money.zero(order.currency), order.explained_total
    return Refused(
        f"Order {order.id} does not add up: {paid} was paid, and its parts come to {explained}.",
        code="totals",
        facts={"paid": str(paid), "explained": str(explained), "rest": str(order.imbalance)},
        hint="compare the order on the channel; a rest that nothing explains is never booked",
    )
