"""The product module's errors, each with the code that it has on the wire."""

from __future__ import annotations

from crossdock_shopee.sandbox.endpoint import Call
from crossdock_shopee.sandbox.products.record import DELETED, Item
from crossdock_shopee.sandbox.replies import ApiError, Reply


def refused(code: str, message: str, body: Reply | None = None) -> ApiError:
    """An error of the product module; its codes carry the module's name."""
    return ApiError(f"product.{code}", message, body)


def item_of(call: Call, item_id: int) -> Item:
    """The shop's item with this id, deleted ones among them.

    Raises:
        ApiError: it has none.
    """
    item = call.shop.catalogue.get(item_id)
    if item is None:
        raise refused("error_item_not_found", "Product not found")
    return item


def editable_item(call: Call, item_id: int) -> Item:
    """An item that may be changed at all.

    Raises:
        ApiError: it is unknown, deleted, or banned.
    """
    item = item_of(call, item_id)
    if item.status in DELETED:
        raise refused("error_item_not_found", "Product not found")
    if item.status == "BANNED":
        raise refused("error_item_uneditable", "Can't edit this item. item status can not support editing.")
    return item


def local_shop_only(call: Call) -> None:
    """Refuse what an upgraded cross-border shop must do through global products."""
    if call.shop.merchant_id is not None:
        message = "cnsc shop can not edit item through shop APIs, please use global product APIs."
        raise refused("error_auth", message)


def no_kit(item: Item) -> None:
    """Refuse what a kit does not have of its own."""
    if item.kit:
        raise refused("error_busi", "Invalid product setting. Please verify.")
