"""An order as get_order_detail shows it: always these members, and those that were asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import msgspec

from crossdock_shopee.sandbox.orders.amounts import buyer_total
from crossdock_shopee.sandbox.orders.record import Line, Order, OrderStatus, Package, PackageStatus, Patch
from crossdock_shopee.sandbox.wire import dump, number

MASK = "****"
_PENDING = {"pending_terms": ["SYSTEM_PENDING"], "pending_description": ["Order is being processed by Shopee"]}
_REASONS = {
    "valid": "",
    "missing": "The invoice has not been uploaded yet.",
    "checking": "The invoice is being checked.",
}
_OPEN = {OrderStatus.UNPAID, OrderStatus.PENDING, OrderStatus.READY_TO_SHIP}


def order_body(order: Order, optional: frozenset[str], *, masked: bool, show_pending: bool) -> msgspec.Raw:
    """The body of one order, from memory when nothing changed since it was last asked for."""
    key = f"{masked}{show_pending}{','.join(sorted(optional))}"
    text = order.rendered.get(key)
    if text is None:
        body = {**_always(order, show_pending=show_pending), **_asked(order, optional, masked=masked)}
        for patch in order.patches:
            _apply(patch, body)
        text = order.rendered[key] = dump(body)
    return msgspec.Raw(text)


def shown_status(order: Order, *, show_pending: bool) -> str:
    """PENDING is told only to those who ask for it; to others such an order is ready to ship."""
    hidden = order.status is OrderStatus.PENDING and not show_pending
    return OrderStatus.READY_TO_SHIP if hidden else order.status


def recipient(order: Order, *, masked: bool) -> dict[str, object]:
    """The buyer's address; name and phone may be masked, each by itself."""
    address = asdict(order.recipient)
    return {**address, "name": MASK, "phone": MASK} if masked else address


def _always(order: Order, *, show_pending: bool) -> dict[str, Any]:
    cancellable = order.status in _OPEN
    pending = order.status is OrderStatus.PENDING and show_pending
    return {
        "order_sn": order.order_sn,
        "region": order.region.code,
        "currency": order.currency,
        "cod": order.cod,
        "order_status": shown_status(order, show_pending=show_pending),
        "message_to_seller": order.message,
        "create_time": order.create_time,
        "update_time": order.update_time,
        "days_to_ship": order.days_to_ship,
        "ship_by_date": order.ship_by_date,
        "booking_sn": "",
        "advance_package": False,
        "reverse_shipping_fee": 0,
        "can_full_cancel_order": cancellable,
        "can_partial_cancel_order": can_cancel_in_part(order),
        "buyer_preference_for_partial_cancellation": 0,
        "is_buyer_shop_collection": False,
        **(_PENDING if pending else {}),
    }


def can_cancel_in_part(order: Order) -> bool:
    """Whether the seller may cancel some units: paid, not yet arranged, and more than one unit."""
    units = sum(line.active for line in order.lines)
    arranged = any(package.arranged_at is not None for package in order.packages)
    return order.status is OrderStatus.READY_TO_SHIP and not arranged and units > 1


def _asked(order: Order, optional: frozenset[str], *, masked: bool) -> dict[str, Any]:
    body: dict[str, Any] = {name: read(order) for name, read in _PLAIN.items() if name in optional}
    if "recipient_address" in optional:
        body["recipient_address"] = recipient(order, masked=masked)
    if "edt" in optional:
        body |= {"edt_from": order.ship_by_date, "edt_to": order.ship_by_date and order.ship_by_date + 3 * 86400}
    if "international_label" in optional:
        body["is_international"] = False
    return body


def _total_amount(order: Order) -> Decimal | int:
    return number(buyer_total(order)) if order.paid else 0


def _item(line: Line) -> dict[str, Any]:
    in_bundle = line.promotion_type == "bundle_deal"
    return {
        "item_id": line.item_id,
        "item_name": line.item_name,
        "item_sku": line.item_sku,
        "model_id": line.model_id,
        "model_name": line.model_name,
        "model_sku": line.model_sku,
        "model_quantity_purchased": line.quantity,
        "model_original_price": number(line.original_price),
        "model_discounted_price": 0 if in_bundle else number(line.discounted_price),
        "wholesale": False,
        "weight": number(line.weight),
        "add_on_deal": line.promotion_type in ("add_on_deal_main", "add_on_deal_sub"),
        "main_item": line.main_item,
        "add_on_deal_id": line.add_on_deal_id,
        "promotion_type": line.promotion_type,
        "promotion_id": line.promotion_id,
        "order_item_id": line.order_item_id,
        "line_item_id": line.line_item_id,
        "promotion_group_id": line.promotion_group_id,
        "image_info": {"image_url": line.image_url},
        "product_location_id": [line.location_id],
        "is_prescription_item": False,
        "is_b2c_owned_item": False,
        "promotion_list": _promotions(line),
        "hot_listing_item": False,
        "active_qty": line.active,
        "cancel_requested_qty": line.cancel_requested,
        "cancelled_qty": line.cancelled,
        "return_requested_qty": line.return_requested,
        "returned_qty": line.returned,
    }


def _promotions(line: Line) -> list[dict[str, Any]]:
    return [{"promotion_type": line.promotion_type, "promotion_id": line.promotion_id}] if line.promotion_type else []


def package_items(package: Package) -> list[dict[str, Any]]:
    """What is in a parcel; here the location is text, while the order's own items have a list of them."""
    return [
        {
            "item_id": line.item_id,
            "model_id": line.model_id,
            "model_quantity": line.quantity - line.cancelled,
            "order_item_id": line.order_item_id,
            "promotion_group_id": line.promotion_group_id,
            "product_location_id": line.location_id,
        }
        for line in package.lines
    ]


def _invoice(order: Order) -> dict[str, Any] | None:
    """The seller's invoice in markets that ask for one: what it is once uploaded, before that why it is missing."""
    if order.invoice is None:
        return None
    return {"status": "valid" if order.invoice == "valid" else "pending", "pending_reason": _REASONS[order.invoice]}


def _package(package: Package) -> dict[str, Any]:
    return {
        "package_number": package.number,
        "group_shipment_id": None,
        "logistics_status": package.status,
        "shipping_carrier": package.carrier,
        "item_list": package_items(package),
        "parcel_chargeable_weight_gram": 0,
        "allow_self_design_awb": True,
        "logistics_channel_id": package.channel_id,
        "sorting_group": "",
    }


def _packages(order: Order) -> list[dict[str, Any]]:
    """No parcel is shown before the order is paid for."""
    return [_package(package) for package in order.packages if package.status is not PackageStatus.NOT_START]


_PLAIN: dict[str, Callable[[Order], Any]] = {
    "buyer_user_id": lambda order: order.buyer_user_id,
    "buyer_username": lambda order: order.buyer_username,
    "estimated_shipping_fee": lambda order: number(order.checkout.shipping_fee),
    "actual_shipping_fee": lambda order: number(order.actual_shipping_fee),
    "goods_to_declare": lambda _order: False,
    "note": lambda order: order.note,
    "note_update_time": lambda order: order.note_update_time,
    "item_list": lambda order: [_item(line) for line in order.lines],
    "pay_time": lambda order: order.pay_time or None,
    "dropshipper": lambda _order: None,
    "dropshipper_phone": lambda _order: None,
    "split_up": lambda order: order.split_up,
    "buyer_cancel_reason": lambda order: order.buyer_cancel_reason,
    "cancel_by": lambda order: order.cancel_by,
    "cancel_reason": lambda order: order.cancel_reason,
    "actual_shipping_fee_confirmed": lambda order: bool(order.actual_shipping_fee),
    "buyer_cpf_id": lambda _order: None,
    "fulfillment_flag": lambda _order: "fulfilled_by_local_seller",
    "pickup_done_time": lambda order: order.pickup_done_time,
    "package_list": _packages,
    "shipping_carrier": lambda order: order.packages[0].carrier,
    "payment_method": lambda order: order.checkout.payment_method,
    "total_amount": _total_amount,
    "invoice_data": _invoice,
    "order_chargeable_weight_gram": lambda _order: 0,
    "return_request_due_date": lambda _order: 0,
    "payment_info": lambda _order: None,
}
OPTIONAL_FIELDS = frozenset(_PLAIN) | {"recipient_address", "edt", "international_label"}


def _apply(patch: Patch, body: dict[str, Any]) -> None:
    """Put the defect where it belongs; a body that was not asked for the member stays as it is."""
    *parents, last = patch.path.split(".")
    place: Any = body
    for name in parents:
        place = _step(place, name)
    if isinstance(place, list) and last.isdigit() and int(last) < len(place):
        place[int(last)] = patch.value
    elif isinstance(place, dict) and patch.remove:
        place.pop(last, None)
    elif isinstance(place, dict) and (last in place or not parents):
        place[last] = patch.value


def _step(place: Any, name: str) -> Any:
    if isinstance(place, dict):
        return place.get(name)
    fits = isinstance(place, list) and name.isdigit() and int(name) < len(place)
    return place[int(name)] if fits else None
