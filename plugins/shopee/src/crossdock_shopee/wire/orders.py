"""Orders, as `get_order_list` and `get_order_detail` send them. Pure.

Source: Shopee Open Platform v2, order.get_order_list and order.get_order_detail.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

__all__ = ["OPTIONAL_FIELDS", "Address", "Item", "Order", "OrderDetails", "OrderList", "Package", "PackageItem", "Row"]

OPTIONAL_FIELDS = (
    "buyer_user_id,buyer_username,cancel_by,cancel_reason,buyer_cancel_reason,estimated_shipping_fee,invoice_data,"
    "item_list,package_list,pay_time,payment_info,payment_method,pickup_done_time,recipient_address,shipping_carrier,"
    "total_amount"
)
"""Exactly what is read below; fields that are not asked for do not come."""


class Row(msgspec.Struct, gc=False):
    """One row of the order list."""

    order_sn: str


class OrderList(msgspec.Struct):
    """A page of the order list."""

    order_list: list[Row]
    more: bool = False
    next_cursor: str | None = ""


class Address(msgspec.Struct, gc=False):
    """Where it goes; each field may be masked by itself."""

    name: str | None = ""
    phone: str | None = ""
    town: str | None = ""
    district: str | None = ""
    city: str | None = ""
    state: str | None = ""
    region: str | None = ""
    zipcode: str | None = ""
    full_address: str | None = ""


class Item(msgspec.Struct, gc=False):
    """Goods of one kind; prices are of one unit."""

    item_id: int
    model_quantity_purchased: int
    model_original_price: Decimal
    model_discounted_price: Decimal
    item_name: str | None = ""
    item_sku: str | None = ""
    model_id: int | None = 0
    model_name: str | None = ""
    model_sku: str | None = ""
    promotion_type: str | None = ""
    promotion_group_id: int | None = 0
    order_item_id: int | None = 0
    line_item_id: int | None = 0
    product_location_id: list[str] | str | None = None
    cancelled_qty: int | None = 0
    returned_qty: int | None = 0


class PackageItem(msgspec.Struct, gc=False):
    """What is in a package."""

    item_id: int
    model_quantity: int
    model_id: int | None = 0
    order_item_id: int | None = 0
    promotion_group_id: int | None = 0


class Package(msgspec.Struct, gc=False):
    """A parcel; its tracking number has to be asked for elsewhere."""

    package_number: str
    logistics_status: str | None = ""
    shipping_carrier: str | None = ""
    item_list: list[PackageItem] | None = None


class PaymentPart(msgspec.Struct, gc=False):
    """One payment of an order; Brazil only."""

    transaction_id: str | None = ""


class Invoice(msgspec.Struct, gc=False):
    """What became of the seller's invoice, in markets that ask for one; null elsewhere."""

    status: str | None = ""


class Order(msgspec.Struct, gc=False):
    """An order. Numbers that do not apply are 0 or null."""

    order_sn: str
    order_status: str
    currency: str
    create_time: int
    update_time: int
    cod: bool = False
    total_amount: Decimal | None = None
    estimated_shipping_fee: Decimal | None = None
    region: str | None = ""
    message_to_seller: str | None = ""
    ship_by_date: int | None = 0
    pay_time: int | None = 0
    pickup_done_time: int | None = 0
    invoice_data: Invoice | None = None
    buyer_user_id: int | None = 0
    buyer_username: str | None = ""
    payment_method: str | None = ""
    payment_info: list[PaymentPart] | None = None
    shipping_carrier: str | None = ""
    cancel_by: str | None = ""
    cancel_reason: str | None = ""
    buyer_cancel_reason: str | None = ""
    can_full_cancel_order: bool | None = None
    can_partial_cancel_order: bool | None = None
    recipient_address: Address | None = None
    item_list: list[Item] | None = None
    package_list: list[Package] | None = None


class OrderDetails(msgspec.Struct):
    """Orders, each left undecoded so that a malformed one does not hide the others."""

    order_list: list[msgspec.Raw]


class Named(msgspec.Struct, gc=False):
    """What can be said of an order that cannot be read."""

    order_sn: str = ""
