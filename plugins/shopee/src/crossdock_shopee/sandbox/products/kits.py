"""Kits: items whose pieces are made of other items. They have no stock of their own."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.products import rules
from crossdock_shopee.sandbox.products.reading import ItemRequest
from crossdock_shopee.sandbox.products.record import DELETED, Component, Item, ItemStatus, Model
from crossdock_shopee.sandbox.products.refusals import editable_item, local_shop_only, refused
from crossdock_shopee.sandbox.products.requests import Dimension, Images, LogisticRow, OldTier, Tiers, plain
from crossdock_shopee.sandbox.products.tiers import check_distinct, check_index, read_tiers
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Money, Request
from crossdock_shopee.sandbox.wire import number

MAX_KITS = 9
COMPONENTS = (2, 10)


class ComponentDraft(Request):
    """What a piece is made of."""

    component_item_id: int
    component_model_id: int = 0
    quantity: int = Field(ge=1)
    main_component: bool = False


class KitModelDraft(Request):
    """One kind of piece."""

    tier_index: list[int]
    model_sku: str = ""
    original_price: Money
    component_list: list[ComponentDraft]


class KitSetting(Request):
    """All about a new kit."""

    item_name: str
    image: Images | None = None
    images: Images | None = None
    description: str = ""
    logistic_info: list[LogisticRow]
    unlisted: bool = False
    item_sku: str = ""
    weight: Money
    dimension: Dimension | None = None
    model_list: list[KitModelDraft] = Field(min_length=1, max_length=MAX_KITS)
    tier_variation_list: list[OldTier] = Field(min_length=1, max_length=1)


class AddKitRequest(Request):
    """Parameters of product.add_kit_item."""

    item_setting: KitSetting | None = None


class KitChange(Request):
    """What may change about a kit; components are ignored."""

    item_name: str | None = None
    description: str | None = None
    item_sku: str | None = None
    weight: Money | None = None


class UpdateKitRequest(Request):
    """Parameters of product.update_kit_item."""

    item_id: int
    item_setting: KitChange | None = None


def add_kit_item(call: Call, ask: AddKitRequest) -> Reply:
    """Make a kit; what its main component is decides where it is listed."""
    local_shop_only(call)
    setting = ask.item_setting
    if setting is None:
        raise refused("error_param", "parameter invalid : virtual sku setting is empty")
    pictures = setting.image or setting.images
    rules.check_name(setting.item_name)
    rules.check_images(call, pictures.image_id_list if pictures else [])
    rules.check_logistics(setting.logistic_info)
    rules.check_weight(setting.weight)
    tiers = read_tiers(call, Tiers(tier_variation=setting.tier_variation_list))
    places = [check_index(tiers, draft.tier_index) for draft in setting.model_list]
    check_distinct(places)
    models = [_model(call, draft, place) for draft, place in zip(setting.model_list, places, strict=True)]
    main = _main_item(call, models[0])
    kit = Item(
        item_id=call.state.numbers.item_id(),
        category_id=main.category_id,
        name=setting.item_name,
        description=setting.description,
        sku=setting.item_sku,
        create_time=call.now,
        update_time=call.now,
        image_ids=list(pictures.image_id_list) if pictures else [],
        weight=setting.weight,
        logistics=[plain(row) for row in setting.logistic_info],
        models=models,
        tiers=tiers,
        status=ItemStatus.UNLIST if setting.unlisted else ItemStatus.NORMAL,
        attributes=main.attributes,
        brand=main.brand,
        kit=True,
    )
    call.shop.catalogue.add(kit)
    call.state.world.oracle.record("add_kit_item", str(kit.item_id), sku=kit.sku)
    return wrapped({"item_id": kit.item_id})


def update_kit_item(call: Call, ask: UpdateKitRequest) -> Reply:
    """Change texts and weight; a changed component is answered with success and ignored."""
    local_shop_only(call)
    kit = editable_item(call, ask.item_id)
    if not kit.kit:
        raise ApiError(".", "product is not found : external error")
    change = ask.item_setting or KitChange()
    if change.item_name is not None:
        rules.check_name(change.item_name)
    if change.weight is not None:
        rules.check_weight(change.weight)
    kit.name = change.item_name if change.item_name is not None else kit.name
    kit.description = change.description if change.description is not None else kit.description
    kit.sku = change.item_sku if change.item_sku is not None else kit.sku
    kit.weight = change.weight if change.weight is not None else kit.weight
    call.shop.catalogue.changed(kit, call.now)
    call.state.world.oracle.record("update_kit_item", str(kit.item_id))
    return {}


def get_kit_item_info(call: Call, ask: ItemRequest) -> Reply:
    """A kit and what it is made of."""
    kit = call.shop.catalogue.get(ask.item_id)
    if kit is None or not kit.kit:
        raise ApiError(".", "product is not found : external error")
    option_rows = [
        {"name": tier.name, "option_list": [{"option": each} for each in tier.options]} for tier in kit.tiers
    ]
    return wrapped(
        {
            "product_info": {
                "item_id": kit.item_id,
                "item_name": kit.name,
                "category_id": kit.category_id,
                "item_status": kit.status,
                "item_sku": kit.sku,
                "image": {"image_id_list": kit.image_ids, "image_ratio": "1:1"},
                "description": kit.description,
                "description_type": kit.description_type,
                "weight": str(number(kit.weight)),
                "brand_info": kit.brand,
                "attributes": kit.attributes,
                "model_list": [_model_body(call, model) for model in kit.models],
                "tier_variation_list": option_rows,
            }
        }
    )


def _model(call: Call, draft: KitModelDraft, place: tuple[int, ...]) -> Model:
    rules.check_price(call.shop.region, draft.original_price)
    parts = [
        Component(row.component_item_id, row.component_model_id, row.quantity, row.main_component)
        for row in draft.component_list
    ]
    low, high = COMPONENTS
    if not low <= len(parts) <= high or sum(part.main for part in parts) != 1:
        message = f"parameter invalid : a kit has {low} to {high} components and exactly one main component"
        raise refused("error_param", message)
    for part in parts:
        item = call.shop.catalogue.get(part.item_id)
        if item is None or item.status in DELETED or item.kit or item.model(part.model_id) is None:
            raise refused("error_item_or_variation_not_found", "Item or model doesn't exist.")
    number_of_model = call.state.numbers.model_id()
    return Model(number_of_model, draft.model_sku, draft.original_price, {}, place, components=parts)


def _main_item(call: Call, model: Model) -> Item:
    main = next(part for part in model.components if part.main)
    item = call.shop.catalogue.get(main.item_id)
    if item is None:
        raise refused("error_item_or_variation_not_found", "Item or model doesn't exist.")
    return item


def _model_body(call: Call, model: Model) -> dict[str, Any]:
    return {
        "model_id": model.model_id,
        "model_sku": model.sku,
        "original_price": number(model.price),
        "tier_index": list(model.tier_index),
        "component_list": [_component_body(call, part) for part in model.components],
    }


def _component_body(call: Call, part: Component) -> dict[str, Any]:
    item = call.shop.catalogue.get(part.item_id)
    model = item.model(part.model_id) if item else None
    named = item is not None and model is not None and item.has_model
    return {
        "component_item_id": part.item_id,
        "component_item_name": item.name if item else "",
        "component_model_id": part.model_id,
        "component_model_name": item.model_name(model) if named and item and model else "",
        "component_item_or_model_sku": model.sku if named and model else (item.sku if item else ""),
        "component_item_or_model_image": item.image_ids[0] if item and item.image_ids else "",
        "quantity": part.quantity,
        "main_component": part.main,
    }


ENDPOINTS = (
    Endpoint("POST", "product/add_kit_item", AddKitRequest, add_kit_item),
    Endpoint("POST", "product/update_kit_item", UpdateKitRequest, update_kit_item),
    Endpoint("GET", "product/get_kit_item_info", ItemRequest, get_kit_item_info),
)
