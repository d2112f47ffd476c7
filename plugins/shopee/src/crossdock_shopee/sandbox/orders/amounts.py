"""How an order's amounts add up: at the checkout, and for the seller (payment.get_escrow_detail)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crossdock_shopee.sandbox.orders.record import Line, Order, OrderStatus
from crossdock_shopee.sandbox.regions import Region

COMMISSION_RATE = Decimal("0.0218")
TRANSACTION_RATE = Decimal("0.02")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Totals:
    """Sums over the lines as they were bought.

    Attributes:
        subtotal: what the buyer pays for the items before vouchers and coins.
        gone: how much of it fell away with cancelled units.
        shopee_discount_left: Shopee's share for the units that stayed.
    """

    original: Decimal
    subtotal: Decimal
    seller_discount: Decimal
    shopee_discount: Decimal
    gone: Decimal
    shopee_discount_left: Decimal


@dataclass(frozen=True)
class Fees:
    """What Shopee keeps."""

    commission: Decimal
    transaction: Decimal


def totals(lines: Sequence[Line]) -> Totals:
    """The sums over `lines` as they were bought."""
    return Totals(
        original=sum((line.original_price * line.quantity for line in lines), ZERO),
        subtotal=sum((line.discounted_price * line.quantity for line in lines), ZERO),
        seller_discount=sum((line.seller_discount * line.quantity for line in lines), ZERO),
        shopee_discount=sum((line.shopee_discount * line.quantity for line in lines), ZERO),
        gone=sum((line.discounted_price * line.cancelled for line in lines), ZERO),
        shopee_discount_left=sum((line.shopee_discount * line.active for line in lines), ZERO),
    )


def buyer_total(order: Order) -> Decimal:
    """What the buyer paid: items, less vouchers and coins, and shipping."""
    checkout = order.checkout
    off = checkout.seller_voucher + checkout.shopee_voucher + checkout.coins
    return totals(order.lines).subtotal - off + checkout.shipping_fee


def fees(order: Order) -> Fees:
    """Commission on the items, transaction fee on what was paid; nothing for a cancelled order."""
    if order.status is OrderStatus.CANCELLED:
        return Fees(ZERO, ZERO)
    items = totals(order.lines).subtotal - order.checkout.seller_voucher
    paid = items + order.checkout.shipping_fee
    return Fees(order.region.round(items * COMMISSION_RATE), order.region.round(paid * TRANSACTION_RATE))


def prorate(amount: Decimal, weights: Sequence[Decimal], region: Region) -> list[Decimal]:
    """`amount` in parts in proportion to `weights`; the parts add up to it, the last one takes the rest."""
    whole = sum(weights, ZERO)
    if not whole:
        return [ZERO] * (len(weights) - 1) + [amount]
    parts = [region.round(amount * weight / whole) for weight in weights[:-1]]
    return [*parts, amount - sum(parts, ZERO)]
