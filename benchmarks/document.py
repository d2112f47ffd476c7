"""The backend's document for an order, as every hand-written program and every peer makes it. Standard library only."""

from __future__ import annotations

from typing import Any


def document(order: dict[str, Any]) -> dict[str, Any]:
    """Map an order of the marketplace."""
    address = order["recipient_address"]
    return {
        "reference": order["order_sn"],
        "status": "Open",
        "currency": order["currency"],
        "store": "S0013",
        "name": address["name"],
        "phone": address["phone"],
        "address": address["full_address"],
        "city": address["city"],
        "post_code": address["zipcode"],
        "country": address["region"],
        "shipping": order["shipping_carrier"],
        "shipping_fee": order["estimated_shipping_fee"],
        "payment": order["payment_method"],
        "total": order["total_amount"],
        "ordered_at": order["create_time"],
        "lines": [_line(number, item) for number, item in enumerate(order["item_list"], 1)],
    }


def _line(number: int, item: dict[str, Any]) -> dict[str, Any]:
    sku, _, variant = item["model_sku"].partition("-")
    quantity, price = item["model_quantity_purchased"], item["model_original_price"]
    paid = item["model_discounted_price"]
    return {
        "line": number,
        "item": sku,
        "variant": variant,
        "description": item["item_name"],
        "quantity": quantity,
        "price": price,
        "net_price": paid,
        "discount": (price - paid) * quantity,
        "amount": paid * quantity,
    }
