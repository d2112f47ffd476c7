"""The account as the wire shows it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from crossdock_anchanto_oms.sandbox.records import (
    Order,
    OrderLine,
    Problem,
    Product,
    Return,
    Shipment,
    StockLevel,
    Store,
)
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.values import money_text, time_text

Json = dict[str, Any]

CAPABILITIES = {
    "order_history_days": 90,
    "skus_per_15_minutes": 1000,
    "activate_products": False,
    "delete_products": False,
    "split_orders": False,
    "decide_returns": False,
}


def store(shown: Store) -> Json:
    """A store, with what its channel can do."""
    return {
        "store_code": shown.store_code,
        "name": shown.name,
        "channel": "shopee_krsc",
        "channel_shop_id": shown.channel_shop_id,
        "country": shown.country,
        "currency": shown.currency,
        "warehouse_codes": shown.warehouse_codes,
        "default_carrier": shown.default_carrier,
        "default_integrated_carrier": shown.default_integrated_carrier,
        "authorized_brands": shown.authorized_brands,
        "capabilities": CAPABILITIES,
    }


def order(seller: Seller, shown: Order) -> Json:
    """An order with everything but the label's bytes."""
    log = seller.shops[shown.store_code].orders
    return {
        "order_id": shown.order_id,
        "store_code": shown.store_code,
        **_as_sent(shown),
        "state": shown.state,
        "previous_state": shown.previous_state,
        "sub_state": shown.sub_state,
        "hold": shown.hold,
        "carrier": shown.carrier,
        "carrier_is_temporary": shown.carrier_is_temporary,
        "warehouse_code": shown.warehouse_code,
        "ship_by": time_text(shown.ship_by),
        "paid_at": time_text(shown.paid_at),
        "note": shown.note,
        "problems": [_problem(each) for each in shown.problems],
        "shipment": None if shown.shipment is None else shipment(shown.shipment),
        "return_ids": shown.return_ids,
        "ready_at": time_text(shown.ready_at),
        "packed_at": time_text(shown.packed_at),
        "shipped_at": time_text(shown.shipped_at),
        "created_at": time_text(shown.created_at),
        "changed_at": time_text(log.changed_at(shown.order_id)),
        "version": log.version(shown.order_id),
    }


def _as_sent(shown: Order) -> Json:
    sent = shown.sent
    return {
        "channel_reference": sent.channel_reference,
        "ordered_at": time_text(sent.ordered_at),
        "historical": sent.historical,
        "currency": sent.currency,
        "logistics_mode": sent.logistics_mode,
        "buyer": sent.buyer.model_dump(),
        "ship_to": sent.ship_to.model_dump(),
        "lines": [_line(each, sent.currency) for each in shown.lines],
        "shipping_fee": money_text(sent.shipping_fee, sent.currency),
        "discount": money_text(sent.discount, sent.currency),
        "total": money_text(sent.total, sent.currency),
    }


def _line(shown: OrderLine, currency: str) -> Json:
    return {
        "line_reference": shown.sent.line_reference,
        "sku": shown.sent.sku,
        "name": shown.sent.name,
        "quantity": shown.sent.quantity,
        "unit_price": money_text(shown.sent.unit_price, currency),
        "discount": money_text(shown.sent.discount, currency),
        "picked": shown.picked,
        "components": [{"isku": isku, "quantity": quantity} for isku, quantity in shown.components.items()],
    }


def _problem(shown: Problem) -> Json:
    return {
        "code": shown.code,
        "message": shown.message,
        "blocking": shown.blocking,
        "line_reference": shown.line_reference,
        "reported_at": time_text(shown.reported_at),
    }


def shipment(shown: Shipment) -> Json:
    """A parcel; its label is fetched on its own."""
    return {
        "tracking_number": shown.tracking_number,
        "carrier": shown.carrier,
        "source": shown.source,
        "label_ready": shown.label is not None,
        "label_sha256": None if shown.label is None else hashlib.sha256(shown.label).hexdigest(),
        "changed_at": time_text(shown.changed_at),
    }


def product(seller: Seller, shown: Product) -> Json:
    """A CSKU."""
    return {
        "csku": shown.csku,
        "type": shown.type,
        "name": shown.name,
        "description": shown.description,
        "brand": shown.brand,
        "images": shown.images,
        "barcode": shown.barcode,
        "weight_grams": shown.weight_grams,
        "components": [
            {"isku": each.isku, "quantity": each.quantity, "options": each.options} for each in shown.components
        ],
        "cost_price": money_text(shown.cost_price, shown.currency or ""),
        "currency": shown.currency,
        "created_at": time_text(shown.created_at),
        "changed_at": time_text(seller.products.changed_at(shown.csku)),
        "version": seller.products.version(shown.csku),
    }


def stock_level(seller: Seller, shown: StockLevel) -> Json:
    """One ISKU in one warehouse."""
    key = f"{shown.isku}@{shown.warehouse_code}"
    return {
        "isku": shown.isku,
        "warehouse_code": shown.warehouse_code,
        "total": shown.sellable + shown.damaged,
        "sellable": shown.sellable,
        "damaged": shown.damaged,
        "reserved": shown.reserved,
        "buffer": shown.buffer,
        "available": shown.available(),
        "changed_at": time_text(seller.stock.changed_at(key)),
        "version": seller.stock.version(key),
    }


def returned(seller: Seller, shown: Return) -> Json:
    """A return."""
    log = seller.shops[shown.order.store_code].returns
    return {
        "return_id": shown.return_id,
        "return_reference": shown.return_reference,
        "order_id": shown.order.order_id,
        "channel_reference": shown.order.sent.channel_reference,
        "state": shown.state,
        "sub_state": shown.sub_state,
        "reason": shown.reason,
        "goods_expected": shown.goods_expected,
        "refund_amount": money_text(shown.refund_amount, shown.order.sent.currency),
        "tracking_number": shown.tracking_number,
        "put_away": shown.put_away,
        "lines": [asdict(line) for line in shown.lines],
        "created_at": time_text(shown.created_at),
        "changed_at": time_text(log.changed_at(shown.return_id)),
        "version": log.version(shown.return_id),
    }
