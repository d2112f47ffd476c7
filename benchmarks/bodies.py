"""The marketplace's orders, as text: 45 fields and about 3 KB each, rendered once and filled in for every order."""

from __future__ import annotations

import json
from typing import Any

PER_SECOND = 20
"""How many orders share a second of `update_time`."""

_NUMBER, _CREATED, _UPDATED = "\u0001number", 1_000_000_001, 1_000_000_002


def _item(number: int, price: str, paid: str, quantity: int) -> dict[str, Any]:
    return {
        "item_id": 2_000_450_000 + number,
        "item_name": f"Cotton shirt with short sleeves, pattern {number}",
        "item_sku": f"4002{number}",
        "model_id": 9_000_120_000 + number,
        "model_name": "Blue, XL",
        "model_sku": f"4002{number}-000",
        "model_quantity_purchased": quantity,
        "model_original_price": float(price),
        "model_discounted_price": float(paid),
        "wholesale": False,
        "weight": 0.35,
        "add_on_deal": False,
        "main_item": False,
        "add_on_deal_id": 0,
        "promotion_type": "",
        "promotion_id": 0,
        "order_item_id": 2_000_450_000 + number,
        "promotion_group_id": 0,
        "image_info": {"image_url": f"https://cf.shopee.example/file/sg-11134207-7rbk{number}-lkq2o4w1p9c7e2_tn"},
        "product_location_id": ["SGZ"],
        "is_prescription_item": False,
        "is_b2c_owned_item": False,
        "consultation_id": "",
    }


def _package(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "package_number": f"OFG{_NUMBER}",
        "logistics_status": "LOGISTICS_READY",
        "logistics_channel_id": 18025,
        "shipping_carrier": "Standard Express",
        "allow_self_design_awb": True,
        "parcel_chargeable_weight_gram": 950,
        "group_shipment_id": None,
        "item_list": [
            {
                "item_id": item["item_id"],
                "model_id": item["model_id"],
                "model_quantity": item["model_quantity_purchased"],
                "order_item_id": item["order_item_id"],
                "promotion_group_id": 0,
                "product_location_id": "SGZ",
            }
            for item in items
        ],
    }


_ADDRESS = {
    "name": "T*****n",
    "phone": "******34",
    "town": "",
    "district": "Geylang",
    "city": "Singapore",
    "state": "Singapore",
    "region": "SG",
    "zipcode": "389000",
    "full_address": "1 Example Road, #04-05, Geylang, Singapore, 389000",
}


def _order() -> dict[str, Any]:
    items = [_item(1, "20.00", "18.50", 2), _item(2, "12.90", "12.90", 1)]
    return {
        "order_sn": _NUMBER,
        "region": "SG",
        "currency": "SGD",
        "cod": False,
        "total_amount": 51.89,
        "pending_terms": [],
        "order_status": "READY_TO_SHIP",
        "shipping_carrier": "Standard Express",
        "checkout_shipping_carrier": "Standard Express",
        "payment_method": "Credit Card/Debit Card",
        "estimated_shipping_fee": 1.99,
        "actual_shipping_fee": 0,
        "actual_shipping_fee_confirmed": False,
        "reverse_shipping_fee": 0,
        "message_to_seller": "Please ring twice.",
        "create_time": _CREATED,
        "update_time": _UPDATED,
        "pay_time": _CREATED,
        "days_to_ship": 2,
        "ship_by_date": _UPDATED,
        "edt_from": 0,
        "edt_to": 0,
        "buyer_user_id": 25181111,
        "buyer_username": "t_example",
        "buyer_cpf_id": None,
        "recipient_address": _ADDRESS,
        "goods_to_declare": False,
        "note": "",
        "note_update_time": 0,
        "item_list": items,
        "dropshipper": None,
        "dropshipper_phone": None,
        "split_up": False,
        "buyer_cancel_reason": "",
        "cancel_by": "",
        "cancel_reason": "",
        "fulfillment_flag": "fulfilled_by_local_seller",
        "pickup_done_time": 0,
        "package_list": [_package(items)],
        "invoice_data": None,
        "order_chargeable_weight_gram": 950,
        "prescription_images": [],
        "booking_sn": "",
        "advance_package": False,
        "return_request_due_date": 0,
    }


def _template() -> list[bytes | int]:
    """Split the rendered order at what varies: 0 the number, 1 the creation, 2 the update."""
    text = json.dumps(_order(), separators=(",", ":"))
    marks = [json.dumps(_NUMBER)[1:-1], str(_CREATED), str(_UPDATED)]
    parts: list[bytes | int] = []
    while text:
        at, which = min((text.find(mark) % (len(text) + 1), n) for n, mark in enumerate(marks))
        parts.append(text[:at].encode())
        if at < len(text):
            parts.append(which)
        text = text[at + len(marks[which]) :]
    return parts


_PARTS = _template()


def number_of(index: int) -> str:
    """The number of the order at `index`."""
    return f"26112100{index:07d}"


def body(number: bytes, start: int, per_second: float = PER_SECOND, later: int = 0) -> bytes:
    """One order as JSON; updated `later` seconds after its turn; the first order of all has its turn at `start`."""
    updated = start + later + int(int(number[8:]) / per_second)
    values = (number, b"%d" % (updated - 600), b"%d" % updated)
    return b"".join(part if isinstance(part, bytes) else values[part] for part in _PARTS)
