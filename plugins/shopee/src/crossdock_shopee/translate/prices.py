"""What the goods of an order cost, line by line. Pure.

The order has prices of one unit, and 0 for goods of a bundle deal; escrow has prices of the whole line, and after a
return only what is left of it. So escrow is believed where its lines add up to what was paid for the goods, and else
only asked for the lines about which the order is silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from crossdock.errors import CannotTranslate
from crossdock.model import Discount, Money, Payer
from crossdock_shopee.translate.amounts import ZERO, money
from crossdock_shopee.wire.escrow import Escrow, EscrowItem
from crossdock_shopee.wire.orders import Item

__all__ = ["Price", "goods_total", "prices"]

_PATH = "item_list[].model_original_price"


class Price(NamedTuple):
    """Of one line: list price of a unit, amount of the line, and what lies between."""

    list_price: Money
    amount: Money
    discounts: tuple[Discount, ...]


def goods_total(items: Sequence[Item]) -> Decimal:
    """What all lines cost by the order's own prices, in major units."""
    total = ZERO
    for item in items:
        total += item.model_discounted_price * item.model_quantity_purchased
    return total


def prices(items: Sequence[Item], currency: str, escrow: Escrow | None = None) -> list[Price]:
    """Price every line, in the order of `items`.

    Raises:
        CannotTranslate: an amount is no money of `currency`, or a line costs more than it can be divided by.
    """
    if escrow is None:
        return [_price(item, item.model_discounted_price * item.model_quantity_purchased, currency) for item in items]
    twins = _twins(items, escrow.order_income.items or ())
    believed = _adds_up(twins, escrow)
    return [
        _price(item, _amount(item, twin, believed=believed), currency, twin)
        for item, twin in zip(items, twins, strict=True)
    ]


def _price(item: Item, amount: Decimal, currency: str, twin: EscrowItem | None = None) -> Price:
    unit = item.model_original_price
    whole = unit * item.model_quantity_purchased
    if amount > whole:  # dearer than its list price: a list price that was not sent, or was lowered since
        whole, unit = amount, amount / item.model_quantity_purchased
    listed = money(unit, currency, _PATH)
    paid = money(amount, currency, "item_list[].model_discounted_price")
    gap = listed * item.model_quantity_purchased - paid
    if gap.amount < 0:
        raise CannotTranslate(_PATH, f"at least {amount / item.model_quantity_purchased}", seen=str(unit))
    return Price(listed, paid, _discounts(gap, item, twin) if gap else ())


def _amount(item: Item, twin: EscrowItem | None, *, believed: bool) -> Decimal:
    own = item.model_discounted_price * item.model_quantity_purchased
    theirs = twin.discounted_price if twin else None
    return theirs if theirs is not None and (believed or not own) else own


def _discounts(gap: Money, item: Item, twin: EscrowItem | None) -> tuple[Discount, ...]:
    """Who bears the gap: Shopee what escrow says that it does, the seller the rest."""
    kind = "bundle" if item.promotion_type == "bundle_deal" else "item"
    theirs = min(twin.shopee_discount or ZERO, gap.amount) if twin else ZERO
    if theirs <= 0:
        return (Discount(kind=kind, payer=Payer.SELLER, amount=gap),)
    marketplace = money(theirs, gap.currency, "order_income.items[].shopee_discount")
    seller = gap - marketplace
    found = Discount(kind=kind, payer=Payer.MARKETPLACE, amount=marketplace)
    return (found, Discount(kind=kind, payer=Payer.SELLER, amount=seller)) if seller else (found,)


def _adds_up(twins: Sequence[EscrowItem | None], escrow: Escrow) -> bool:
    """Whether escrow's lines are those that the buyer paid for."""
    buyer = escrow.buyer_payment_info
    if buyer is None or buyer.merchant_subtotal is None:
        return True
    return sum((twin.discounted_price or ZERO for twin in twins if twin), ZERO) == buyer.merchant_subtotal


def _twins(items: Sequence[Item], candidates: Sequence[EscrowItem]) -> list[EscrowItem | None]:
    """Escrow's line for each line: by line number where both have one, else the next with the same goods."""
    left = list(candidates)
    twins: list[EscrowItem | None] = []
    for item in items:
        twin = next((one for one in left if item.line_item_id and one.line_item_id == item.line_item_id), None)
        twin = twin or next((one for one in left if _same_goods(item, one)), None)
        if twin:
            left.remove(twin)
        twins.append(twin)
    return twins


def _same_goods(item: Item, candidate: EscrowItem) -> bool:
    return candidate.item_id == item.item_id and (candidate.model_id or 0) == (item.model_id or 0)
