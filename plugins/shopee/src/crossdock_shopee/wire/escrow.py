"""How a total is made up, as `get_escrow_detail` sends it. Pure.

Source: Shopee Open Platform v2, payment.get_escrow_detail and get_escrow_detail_batch. Prices of items are of the whole
line here, while those in the order are of one unit.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

__all__ = ["BatchEntry", "BuyerPayment", "Escrow", "EscrowItem", "Income"]


class EscrowItem(msgspec.Struct, gc=False):
    """One line; all amounts are of the whole line."""

    item_id: int
    model_id: int | None = 0
    line_item_id: int | None = 0
    original_price: Decimal | None = None
    discounted_price: Decimal | None = None
    seller_discount: Decimal | None = None
    shopee_discount: Decimal | None = None


class Income(msgspec.Struct, gc=False):
    """The seller's view; re-computed after returns."""

    items: list[EscrowItem] | None = None
    buyer_paid_shipping_fee: Decimal | None = None
    buyer_transaction_fee: Decimal | None = None
    buyer_paid_packaging_fee: Decimal | None = None
    cross_border_tax: Decimal | None = None
    voucher_from_seller: Decimal | None = None
    voucher_from_shopee: Decimal | None = None
    coins: Decimal | None = None
    credit_card_promotion: Decimal | None = None
    payment_promotion: Decimal | None = None
    pix_discount: Decimal | None = None
    seller_voucher_code: list[str] | None = None


class BuyerPayment(msgspec.Struct, gc=False):
    """The buyer's view, frozen at checkout; what was taken off may be written as a negative number."""

    merchant_subtotal: Decimal | None = None
    shipping_fee: Decimal | None = None
    shipping_fee_sst_amount: Decimal | None = None
    buyer_service_fee: Decimal | None = None
    buyer_tax_amount: Decimal | None = None
    initial_buyer_txn_fee: Decimal | None = None
    insurance_premium: Decimal | None = None
    import_tax_amount: Decimal | None = None
    icms_tax_amount: Decimal | None = None
    iof_tax_amount: Decimal | None = None
    buyer_paid_packaging_fee: Decimal | None = None
    bulky_handling_fee: Decimal | None = None
    bcrs_deposit: Decimal | None = None
    seller_voucher: Decimal | None = None
    shopee_voucher: Decimal | None = None
    shopee_coins_redeemed: Decimal | None = None
    credit_card_promotion: Decimal | None = None
    discount_pix: Decimal | None = None
    trade_in_bonus: Decimal | None = None
    ads_voucher_discount: Decimal | None = None


class Escrow(msgspec.Struct, gc=False):
    """Both views of one order."""

    order_sn: str
    order_income: Income
    buyer_payment_info: BuyerPayment | None = None


class BatchEntry(msgspec.Struct, gc=False):
    """One order of a batch."""

    escrow_detail: Escrow
