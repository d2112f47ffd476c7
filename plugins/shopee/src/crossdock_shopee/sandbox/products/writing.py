"""add_item, update_item, delete_item, unlist_item."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.products import rules
from crossdock_shopee.sandbox.products.bodies import image_url
from crossdock_shopee.sandbox.products.reading import ItemRequest
from crossdock_shopee.sandbox.products.record import DELETED, Item, ItemStatus, Model
from crossdock_shopee.sandbox.products.refusals import editable_item, local_shop_only, refused
from crossdock_shopee.sandbox.products.requests import (
    AttributeRow,
    BrandRow,
    Dimension,
    Images,
    LogisticRow,
    PreOrder,
    SellerStock,
    plain,
)
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Money, Request
from crossdock_shopee.sandbox.wire import number

Writable = Literal["NORMAL", "UNLIST"]


class ItemParts(Request):
    """What can be said of an item both when it is made and later."""

    item_sku: str | None = Field(default=None, max_length=100)
    item_status: Writable | None = None
    condition: Literal["NEW", "USED"] | None = None
    dimension: Dimension | None = None
    attribute_list: list[AttributeRow] | None = None
    pre_order: PreOrder | None = None
    brand: BrandRow | None = None
    gtin_code: str | None = None
    description_type: Literal["normal"] | None = None


class AddItemRequest(ItemParts):
    """Parameters of product.add_item."""

    item_name: str
    description: str
    original_price: Money
    weight: Money
    category_id: int
    image: Images
    logistic_info: list[LogisticRow]
    seller_stock: list[SellerStock] = Field(default_factory=list)


class UpdateItemRequest(ItemParts):
    """Parameters of product.update_item; neither price nor stock."""

    item_id: int
    item_name: str | None = None
    description: str | None = None
    weight: Money | None = None
    category_id: int | None = None
    image: Images | None = None
    logistic_info: list[LogisticRow] | None = None


class UnlistRow(Request):
    """One item to be hidden or shown."""

    item_id: int
    unlist: bool


class UnlistRequest(Request):
    """Parameters of product.unlist_item."""

    item_list: list[UnlistRow] = Field(min_length=1, max_length=50)


def add_item(call: Call, ask: AddItemRequest) -> Reply:
    """Make an item without variations."""
    local_shop_only(call)
    _check_parts(call, ask, ask.category_id)
    rules.check_attributes(call, ask.attribute_list or [], ask.category_id)
    rules.check_price(call.shop.region, ask.original_price)
    stock = rules.stock_by_location(call.shop.catalogue.locations, ask.seller_stock)
    item = Item(
        item_id=call.state.numbers.item_id(),
        category_id=ask.category_id,
        name=ask.item_name,
        description=ask.description,
        sku="",
        create_time=call.now,
        update_time=call.now,
        image_ids=[],
        weight=ask.weight,
        logistics=[],
        models=[Model(0, "", ask.original_price, stock)],
    )
    _apply(item, ask)
    call.shop.catalogue.add(item)
    call.state.world.oracle.record("add_item", str(item.item_id), sku=item.sku)
    return wrapped(_written(item))


def update_item(call: Call, ask: UpdateItemRequest) -> Reply:
    """Change what is named; a list that is named replaces the whole list."""
    local_shop_only(call)
    item = editable_item(call, ask.item_id)
    if ask.item_name is not None and item.running_promotion(call.now):
        message = "Can't update item_name when item is under promotion."
        raise refused("error_in_item_promotion_name_item_lock", message)
    category_id = item.category_id if ask.category_id is None else ask.category_id
    _check_parts(call, ask, category_id)
    if ask.attribute_list is not None or category_id != item.category_id:
        rules.check_attributes(call, ask.attribute_list or [], category_id)
    _apply(item, ask)
    call.shop.catalogue.changed(item, call.now)
    call.state.world.oracle.record("update_item", str(item.item_id))
    return wrapped(_written(item))


def delete_item(call: Call, ask: ItemRequest) -> Reply:
    """Take an item away; it can still be read for some time."""
    local_shop_only(call)
    item = editable_item(call, ask.item_id)
    if item.running_promotion(call.now):
        raise refused("error_in_item_promotion_delete_lock", "Can't delete item when item is under promotion.")
    item.status = ItemStatus.SELLER_DELETE
    call.shop.catalogue.changed(item, call.now)
    call.state.world.oracle.record("delete_item", str(item.item_id))
    return {}


def unlist_item(call: Call, ask: UnlistRequest) -> Reply:
    """Hide items or show them again; each fails alone."""
    success: list[dict[str, Any]] = []
    failure: list[dict[str, Any]] = []
    for row in ask.item_list:
        reason = _unlist(call, row)
        if reason:
            failure.append({"item_id": row.item_id, "failed_reason": reason})
        else:
            success.append({"item_id": row.item_id, "unlist": row.unlist})
    body = wrapped({"failure_list": failure, "success_list": success})
    if not success:
        raise refused("error_unlist_item_all_failed", "Unlist item all failed.", body)
    return body


def _unlist(call: Call, row: UnlistRow) -> str:
    item = call.shop.catalogue.get(row.item_id)
    if item is None or item.status in DELETED:
        return "Product not found"
    if item.status in (ItemStatus.BANNED, ItemStatus.REVIEWING):
        return "Banned and Reviewing Products cannot be delisted"
    if row.unlist and item.running_promotion(call.now):
        return "Can't unlist item when item is under promotion"
    item.status = ItemStatus.UNLIST if row.unlist else ItemStatus.NORMAL
    call.shop.catalogue.changed(item, call.now)
    call.state.world.oracle.record("unlist_item", str(item.item_id), unlist=row.unlist)
    return ""


def _check_parts(call: Call, ask: AddItemRequest | UpdateItemRequest, category_id: int) -> None:
    """Every part that is named."""
    if ask.category_id is not None:
        rules.check_category(call, ask.category_id)
    if ask.item_name is not None:
        rules.check_name(ask.item_name)
    if ask.description is not None:
        rules.check_description(ask.description)
    if ask.weight is not None:
        rules.check_weight(ask.weight)
    if ask.image is not None:
        rules.check_images(call, ask.image.image_id_list)
    if ask.logistic_info is not None:
        rules.check_logistics(ask.logistic_info)
    rules.check_brand(call, ask.brand, category_id)
    rules.check_pre_order(call, ask.pre_order)
    if call.shop.region.code == "BR" and isinstance(ask, AddItemRequest) and ask.condition is None:
        raise ApiError("product.error_param", "invalid field Condition: value must  Not Null")


_RENAMED = {"item_name": "name", "item_sku": "sku"}
_PLAIN = ("item_name", "item_sku", "description", "weight", "category_id", "condition", "gtin_code", "description_type")
_PARTS = ("dimension", "brand")


def _apply(item: Item, ask: AddItemRequest | UpdateItemRequest) -> None:
    """Write what was named into the item."""
    for name in _PLAIN:
        value = getattr(ask, name)
        if value is not None:
            setattr(item, _RENAMED.get(name, name), value)
    for name in _PARTS:
        part = getattr(ask, name)
        if part is not None:
            setattr(item, name, plain(part))
    if ask.pre_order is not None:
        item.pre_order = {"days_to_ship": item.pre_order["days_to_ship"], **plain(ask.pre_order)}
    if ask.item_status is not None:
        item.status = ItemStatus(ask.item_status)
    _apply_lists(item, ask)


def _apply_lists(item: Item, ask: AddItemRequest | UpdateItemRequest) -> None:
    """Replace the lists that were named, whole."""
    if ask.image is not None:
        item.image_ids = list(ask.image.image_id_list)
    if ask.logistic_info is not None:
        item.logistics = [plain(row) for row in ask.logistic_info]
    if ask.attribute_list is not None:
        item.attributes = [plain(row) for row in ask.attribute_list]


def _written(item: Item) -> dict[str, Any]:
    """What the two writing endpoints answer."""
    body = {
        "item_id": item.item_id,
        "item_name": item.name,
        "description": item.description,
        "item_status": item.status,
        "category_id": item.category_id,
        "weight": number(item.weight),
        "dimension": item.dimension,
        "condition": item.condition,
        "pre_order": item.pre_order,
        "brand": item.brand,
        "item_dangerous": 0,
        "description_type": item.description_type,
        "images": {
            "image_id_list": item.image_ids,
            "image_url_list": [image_url(image_id) for image_id in item.image_ids],
        },
        "logistic_info": item.logistics,
        "attribute": item.attributes,
    }
    if not item.has_model:
        price = number(item.models[0].price)
        stock = item.models[0].stock.items()
        body["price_info"] = {"current_price": price, "original_price": price}
        body["seller_stock"] = [{"location_id": place, "stock": units} for place, units in stock]
    return body


ENDPOINTS = (
    Endpoint("POST", "product/add_item", AddItemRequest, add_item),
    Endpoint("POST", "product/update_item", UpdateItemRequest, update_item),
    Endpoint("POST", "product/delete_item", ItemRequest, delete_item),
    Endpoint("POST", "product/unlist_item", UnlistRequest, unlist_item),
)
