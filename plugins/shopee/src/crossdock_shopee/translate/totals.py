"""What the buyer pays besides the goods, and what is taken off the order as a whole. Pure.

Source: Shopee Open Platform v2, payment.get_escrow_detail: `buyer_payment_info` is frozen at checkout and preferred;
`order_income` is computed again after returns.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from crossdock.model import Charge, Discount, Payer
from crossdock_shopee.translate.amounts import ZERO, money
from crossdock_shopee.translate.prices import goods_total
from crossdock_shopee.wire.escrow import BuyerPayment, Escrow, Income
from crossdock_shopee.wire.orders import Order

__all__ = ["Totals", "is_explained", "is_unpaid", "totals"]


class Totals(NamedTuple):
    """Of an order as a whole."""

    charges: tuple[Charge, ...]
    discounts: tuple[Discount, ...]


_BUYER_CHARGES = (
    ("shipping_fee", "shipping"),
    ("shipping_fee_sst_amount", "tax"),
    ("buyer_service_fee", "service"),
    ("initial_buyer_txn_fee", "service"),
    ("buyer_tax_amount", "tax"),
    ("import_tax_amount", "tax"),
    ("icms_tax_amount", "tax"),
    ("iof_tax_amount", "tax"),
    ("insurance_premium", "insurance"),
    ("buyer_paid_packaging_fee", "packaging"),
    ("bulky_handling_fee", "handling"),
    ("bcrs_deposit", "deposit"),
)
_BUYER_DISCOUNTS = (
    ("seller_voucher", "voucher", Payer.SELLER),
    ("shopee_voucher", "voucher", Payer.MARKETPLACE),
    ("ads_voucher_discount", "voucher", Payer.MARKETPLACE),
    ("shopee_coins_redeemed", "coins", Payer.BUYER),
    ("credit_card_promotion", "payment", Payer.BANK),
    ("discount_pix", "payment", Payer.MARKETPLACE),
    ("trade_in_bonus", "promotion", Payer.MARKETPLACE),
)
_INCOME_CHARGES = (
    ("buyer_paid_shipping_fee", "shipping"),
    ("buyer_transaction_fee", "service"),
    ("buyer_paid_packaging_fee", "packaging"),
    ("cross_border_tax", "tax"),
)
_INCOME_DISCOUNTS = (
    ("voucher_from_seller", "voucher", Payer.SELLER),
    ("voucher_from_shopee", "voucher", Payer.MARKETPLACE),
    ("coins", "coins", Payer.BUYER),
    ("credit_card_promotion", "payment", Payer.BANK),
    ("payment_promotion", "payment", Payer.BANK),
    ("pix_discount", "payment", Payer.MARKETPLACE),
)


def is_unpaid(order: Order) -> bool:
    """Whether Shopee does not yet say what is paid: the total comes only after payment."""
    return not order.total_amount and order.order_status in ("UNPAID", "CANCELLED") and not order.pay_time


def is_explained(order: Order) -> bool:
    """Whether goods and shipping fee alone make up the total, so that nobody needs to ask for more."""
    if order.total_amount is None or is_unpaid(order):
        return True
    return goods_total(order.item_list or ()) + (order.estimated_shipping_fee or ZERO) == order.total_amount


def totals(order: Order, escrow: Escrow | None = None) -> Totals:
    """Translate what concerns the order as a whole.

    Without `escrow` the shipping fee is all there is. What then does not add up stays visible as the order's
    imbalance: no line is invented to hide it.
    """
    currency = order.currency
    if escrow is None:
        fee = order.estimated_shipping_fee
        shipping = (("estimated_shipping_fee", "shipping", fee),) if fee else ()
        return Totals(_charges(shipping, currency), ())
    code = _voucher_code(escrow.order_income)
    buyer = escrow.buyer_payment_info
    if buyer is not None and buyer.merchant_subtotal is not None:
        return _read(buyer, _BUYER_CHARGES, _BUYER_DISCOUNTS, currency, code)
    return _read(escrow.order_income, _INCOME_CHARGES, _INCOME_DISCOUNTS, currency, code)


def _read(
    view: BuyerPayment | Income,
    charges: tuple[tuple[str, str], ...],
    discounts: tuple[tuple[str, str, Payer], ...],
    currency: str,
    code: str,
) -> Totals:
    found = tuple((field, kind, getattr(view, field)) for field, kind in charges if getattr(view, field))
    taken_off = tuple(
        Discount(
            kind=kind,
            payer=payer,
            amount=money(abs(getattr(view, field)), currency, field),  # the frozen view writes minus, the other plus
            code=code if kind == "voucher" and payer is Payer.SELLER else "",
        )
        for field, kind, payer in discounts
        if getattr(view, field)
    )
    return Totals(_charges(found, currency), taken_off)


def _charges(found: tuple[tuple[str, str, Decimal], ...], currency: str) -> tuple[Charge, ...]:
    return tuple(Charge(kind=kind, amount=money(amount, currency, field)) for field, kind, amount in found)


def _voucher_code(income: Income) -> str:
    return ",".join(income.seller_voucher_code or ())
