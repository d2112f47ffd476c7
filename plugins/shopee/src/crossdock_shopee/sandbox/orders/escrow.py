"""payment.get_escrow_detail and its batch: what the seller receives for an order, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import msgspec
from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.orders.amounts import ZERO, Totals, buyer_total, fees, prorate, totals
from crossdock_shopee.sandbox.orders.record import Line, Order, OrderStatus
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Request
from crossdock_shopee.sandbox.wire import dump, number

MAX_ORDERS = 50
_ALWAYS_ZERO = [
    "bcrs_deposit",
    "buyer_transaction_fee",
    "cross_border_tax",
    "payment_promotion",
    "service_fee",
    "seller_lost_compensation",
    "seller_coin_cash_back",
    "escrow_tax",
    "shipping_fee_sst",
    "order_chargeable_weight",
    "shipping_fee_discount_from_3pl",
    "seller_shipping_discount",
    "drc_adjustable_refund",
    "reverse_shipping_fee",
    "reverse_shipping_fee_sst",
    "final_product_protection",
    "credit_card_promotion",
    "final_product_vat_tax",
    "final_shipping_vat_tax",
    "campaign_fee",
    "rsf_seller_protection_fee_claim_amount",
    "shipping_seller_protection_fee_amount",
    "final_escrow_product_gst",
    "final_escrow_shipping_gst",
    "delivery_seller_protection_fee_premium_amount",
    "total_adjustment_amount",
    "order_ams_commission_fee",
    "sales_tax_on_lvg",
    "final_return_to_seller_shipping_fee",
    "withholding_tax",
    "overseas_return_service_fee",
    "fsf_seller_protection_fee_claim_amount",
    "vat_on_imported_goods",
    "withholding_vat_tax",
    "withholding_pit_tax",
    "withholding_cit_tax",
    "seller_order_processing_fee",
    "buyer_paid_packaging_fee",
    "trade_in_bonus_by_seller",
    "fbs_fee",
    "ads_escrow_top_up_fee_or_technical_support_fee",
    "th_import_duty",
]
_BUYER_ZERO = [
    "buyer_service_fee",
    "buyer_tax_amount",
    "shopeevip_subtotal",
    "credit_card_promotion",
    "icms_tax_amount",
    "import_tax_amount",
    "initial_buyer_txn_fee",
    "insurance_premium",
    "iof_tax_amount",
    "shipping_fee_sst_amount",
    "buyer_paid_packaging_fee",
    "trade_in_bonus",
    "bulky_handling_fee",
    "discount_pix",
    "bcrs_deposit",
    "ads_voucher_discount",
]


class EscrowRequest(Request):
    """Parameters of payment.get_escrow_detail."""

    order_sn: str = ""


class EscrowBatchRequest(Request):
    """Parameters of payment.get_escrow_detail_batch."""

    order_sn_list: Annotated[list[str], Field(min_length=1)]


def get_escrow_detail(call: Call, ask: EscrowRequest) -> Reply:
    """The accounting of one order."""
    if not ask.order_sn:
        message = "Missing order_sn. Please include a valid order_sn to get escrow details."
        raise ApiError("error_param", message)
    order = _settled_order(call, ask.order_sn)
    if order is None:
        message = "Order SN provided is invalid or does not belong to you. Please enter a valid Order SN."
        raise ApiError("order_not_found", message)
    return wrapped(_from_memory(order))


def get_escrow_detail_batch(call: Call, ask: EscrowBatchRequest) -> Reply:
    """The accounting of up to fifty orders; an unknown one fails alone."""
    if len(ask.order_sn_list) > MAX_ORDERS:
        raise ApiError("exceed_max_limit", f"Your request exceeds the max limit of {MAX_ORDERS} orders.")
    return wrapped([_row(order_sn, _settled_order(call, order_sn)) for order_sn in ask.order_sn_list])


def escrow_body(order: Order) -> dict[str, Any]:
    """All of one order's accounting."""
    return {
        "order_sn": order.order_sn,
        "buyer_user_name": order.buyer_username,
        "return_order_sn_list": list(order.return_sns),
        "order_income": _income(order),
        "buyer_payment_info": _buyer_payment(order),
    }


def _from_memory(order: Order) -> msgspec.Raw:
    """The accounting as text, kept until something changes about the order."""
    text = order.rendered.get("escrow")
    if text is None:
        text = order.rendered["escrow"] = dump(escrow_body(order))
    return msgspec.Raw(text)


def _settled_order(call: Call, order_sn: str) -> Order | None:
    """The order, once there is money to account for."""
    order = call.shop.orders.get(order_sn)
    return order if order is not None and order.paid else None


def _row(order_sn: str, order: Order | None) -> dict[str, Any]:
    if order is not None:
        return {"escrow_detail": _from_memory(order)}
    return {
        "escrow_detail": {"order_sn": order_sn, "return_order_sn_list": []},
        "fail_error": "order_not_found",
        "fail_message": "The order info not found.",
    }


def _income(order: Order) -> dict[str, Any]:
    sums = totals(order.lines)
    cancelled = order.status is OrderStatus.CANCELLED
    amounts = {**_sale(order, sums, cancelled=cancelled), **_settlement(order, sums)}
    return {
        **dict.fromkeys(_ALWAYS_ZERO, 0),
        **{name: number(amount) for name, amount in amounts.items()},
        "seller_voucher_code": [order.checkout.seller_voucher_code] if order.checkout.seller_voucher_code else [],
        "items": _items(order),
        "order_adjustment": [],
        "buyer_payment_method": order.checkout.payment_method,
        "instalment_plan": "N/A",
        "tenure_info_list": [],
        "tax_registration_code": "",
    }


def _sale(order: Order, sums: Totals, *, cancelled: bool) -> dict[str, Decimal]:
    """What was sold, for how much, and who took off what."""
    keep = ZERO if cancelled else Decimal(1)
    checkout = order.checkout
    return {
        "buyer_total_amount": buyer_total(order),
        "order_original_price": sums.original,
        "original_price": sums.original,
        "order_discounted_price": sums.subtotal,
        "order_selling_price": sum((_selling_price(line) for line in order.lines), ZERO),
        "order_seller_discount": sums.seller_discount,
        "seller_discount": sums.seller_discount * keep,
        "shopee_discount": sums.shopee_discount_left,
        "original_shopee_discount": sums.shopee_discount,
        "voucher_from_seller": checkout.seller_voucher * keep,
        "voucher_from_shopee": checkout.shopee_voucher * keep,
        "coins": checkout.coins * keep,
        "buyer_paid_shipping_fee": checkout.shipping_fee * keep,
        "estimated_shipping_fee": checkout.shipping_fee + checkout.shipping_rebate,
        "actual_shipping_fee": order.actual_shipping_fee * keep,
        "final_shipping_fee": (checkout.shipping_fee + checkout.shipping_rebate - order.actual_shipping_fee) * keep,
        "shopee_shipping_rebate": checkout.shipping_rebate * keep,
        "cost_of_goods_sold": sums.subtotal - sums.gone - order.refunded,
    }


def escrow_amount(order: Order) -> Decimal:
    """What the seller gets, by the documented sum."""
    sums, charged = totals(order.lines), fees(order)
    checkout = order.checkout
    kept = ZERO if order.status is OrderStatus.CANCELLED else Decimal(1)
    shipping = checkout.shipping_fee + checkout.shipping_rebate - order.actual_shipping_fee
    goods = _goods_cost(sums) - sums.shopee_discount - sums.gone - order.refunded + sums.shopee_discount_left
    return goods + (shipping - checkout.seller_voucher) * kept - charged.commission - charged.transaction


def _goods_cost(sums: Totals) -> Decimal:
    """Shopee's share of an item discount is part of it, or the documented sum would never pay that share out."""
    return sums.subtotal + sums.shopee_discount


def _settlement(order: Order, sums: Totals) -> dict[str, Decimal]:
    """What Shopee keeps and what the seller gets."""
    charged, escrow = fees(order), escrow_amount(order)
    return {
        "original_cost_of_goods_sold": _goods_cost(sums),
        "seller_return_refund": -sums.gone - order.refunded,
        "commission_fee": charged.commission,
        "seller_transaction_fee": charged.transaction,
        "credit_card_transaction_fee": charged.transaction,
        "escrow_amount": escrow,
        "escrow_amount_after_adjustment": escrow,
    }


def _selling_price(line: Line) -> Decimal:
    return line.original_price * line.quantity


def _items(order: Order) -> list[dict[str, Any]]:
    """Here every price is of the whole line, while get_order_detail gives it of one unit."""
    weights = [line.discounted_price * line.quantity for line in order.lines]
    checkout = order.checkout
    seller = prorate(checkout.seller_voucher, weights, order.region)
    shopee = prorate(checkout.shopee_voucher, weights, order.region)
    coins = prorate(checkout.coins, weights, order.region)
    return [_item(line, seller[index], shopee[index], coins[index]) for index, line in enumerate(order.lines)]


def _item(line: Line, seller_voucher: Decimal, shopee_voucher: Decimal, coins: Decimal) -> dict[str, Any]:
    in_bundle = line.promotion_type == "bundle_deal"
    return {
        "item_id": line.item_id,
        "item_name": line.item_name,
        "item_sku": line.item_sku,
        "model_id": line.model_id,
        "model_name": line.model_name,
        "model_sku": line.model_sku,
        "line_item_id": line.line_item_id,
        "original_price": number(line.original_price * line.quantity),
        "selling_price": number(_selling_price(line)),
        "discounted_price": number(line.discounted_price * line.quantity),
        "seller_discount": number(line.seller_discount * line.quantity),
        "shopee_discount": number(line.shopee_discount * line.quantity),
        "discount_from_coin": 0 if in_bundle else number(coins),
        "discount_from_voucher_shopee": number(shopee_voucher),
        "discount_from_voucher_seller": number(seller_voucher),
        "activity_type": line.promotion_type,
        "activity_id": line.promotion_id,
        "is_main_item": line.main_item,
        "quantity_purchased": line.quantity,
        "is_b2c_shop_item": False,
        "ams_commission_fee": 0,
        "promotion_list": [],
    }


def _buyer_payment(order: Order) -> dict[str, Any]:
    """The checkout as it was; what the buyer did not have to pay is negative here."""
    checkout = order.checkout
    return {
        **dict.fromkeys(_BUYER_ZERO, 0),
        "buyer_payment_method": checkout.payment_method,
        "buyer_total_amount": number(buyer_total(order)),
        "is_paid_by_credit_card": False,
        "merchant_subtotal": number(totals(order.lines).subtotal),
        "seller_voucher": number(-checkout.seller_voucher),
        "shipping_fee": number(checkout.shipping_fee),
        "shopee_voucher": number(-checkout.shopee_voucher),
        "shopee_coins_redeemed": number(-checkout.coins),
    }


ENDPOINTS = (
    Endpoint("GET", "payment/get_escrow_detail", EscrowRequest, get_escrow_detail),
    Endpoint("POST", "payment/get_escrow_detail_batch", EscrowBatchRequest, get_escrow_detail_batch),
)
