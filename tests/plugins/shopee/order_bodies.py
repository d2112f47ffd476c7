"""Bodies of orders as Shopee sends them, for the tests of the translation."""

from __future__ import annotations

import copy
import json
from typing import Any

import msgspec

from crossdock_shopee.wire import orders as wire
from crossdock_shopee.wire.escrow import Escrow
from crossdock_shopee.wire.parcels import PackageDetail

ITEM: dict[str, Any] = {
    "item_id": 846056136,
    "item_name": "Cotton T-shirt",
    "item_sku": "TSHIRT",
    "model_id": 12984093,
    "model_name": "Black,02",
    "model_sku": "123002002",
    "model_quantity_purchased": 2,
    "model_original_price": 15,
    "model_discounted_price": 15,
    "promotion_type": "",
    "promotion_group_id": 0,
    "order_item_id": 846056136,
    "line_item_id": 242672551207922,
    "product_location_id": ["SGZ"],
    "cancelled_qty": 0,
    "returned_qty": 0,
}
PACKAGE: dict[str, Any] = {
    "package_number": "OFG242672552205937",
    "logistics_status": "LOGISTICS_READY",
    "shipping_carrier": "Standard Express",
    "item_list": [
        {
            "item_id": 846056136,
            "model_id": 12984093,
            "model_quantity": 2,
            "order_item_id": 846056136,
            "promotion_group_id": 0,
            "product_location_id": "SGZ",
        }
    ],
}
ORDER: dict[str, Any] = {
    "order_sn": "260910KJBHUJDM",
    "region": "SG",
    "currency": "SGD",
    "cod": False,
    "order_status": "READY_TO_SHIP",
    "create_time": 1788973351,
    "update_time": 1788973354,
    "pay_time": 1788973353,
    "ship_by_date": 1789405354,
    "message_to_seller": "Please ring",
    "total_amount": 31.99,
    "estimated_shipping_fee": 1.99,
    "payment_method": "Apple Pay",
    "payment_info": None,
    "shipping_carrier": "Standard Express",
    "cancel_by": "",
    "cancel_reason": "",
    "buyer_cancel_reason": "",
    "pickup_done_time": 0,
    "buyer_user_id": 7001,
    "buyer_username": "****",
    "can_full_cancel_order": True,
    "can_partial_cancel_order": False,
    "recipient_address": {
        "name": "****",
        "phone": "****",
        "town": "",
        "district": "",
        "city": "",
        "state": "",
        "region": "SG",
        "zipcode": "049315",
        "full_address": "10 Collyer Quay",
    },
    "item_list": [ITEM],
    "package_list": [PACKAGE],
}


def item(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(ITEM), **changes}


def package(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(PACKAGE), **changes}


def body(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(ORDER), **changes}


def seen(**changes: Any) -> wire.Order:
    return msgspec.json.decode(json.dumps(body(**changes)), type=wire.Order)


def escrow(income: dict[str, Any], buyer: dict[str, Any] | None = None) -> Escrow:
    text = json.dumps({"order_sn": ORDER["order_sn"], "order_income": income, "buyer_payment_info": buyer})
    return msgspec.json.decode(text, type=Escrow)


def detail(**fields: Any) -> PackageDetail:
    return PackageDetail(package_number=PACKAGE["package_number"], **fields)
