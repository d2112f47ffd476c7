"""Reading global products."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import MERCHANT, Call, Endpoint
from crossdock_shopee.sandbox.global_products.found import global_item
from crossdock_shopee.sandbox.global_products.record import GlobalItem
from crossdock_shopee.sandbox.products.bodies import image_url, standard_tier_body, tier_body
from crossdock_shopee.sandbox.products.record import Model
from crossdock_shopee.sandbox.products.refusals import refused
from crossdock_shopee.sandbox.replies import Reply, wrapped
from crossdock_shopee.sandbox.requests import Listed, Request, Timestamp
from crossdock_shopee.sandbox.wire import number

MAX_ITEMS = 20
_NORMAL = 1


class GlobalListRequest(Request):
    """Parameters of global_product.get_global_item_list; the offset is opaque."""

    offset: str = ""
    page_size: int = Field(ge=1, le=50)
    update_time_from: Timestamp = 0
    update_time_to: Timestamp | None = None


class GlobalIdsRequest(Request):
    """Up to twenty products."""

    global_item_id_list: Annotated[list[int], Listed]


class GlobalItemRequest(Request):
    """One product."""

    global_item_id: int


class GlobalIdRequest(Request):
    """Parameters of global_product.get_global_item_id."""

    shop_id: int
    item_id_list: Annotated[list[int], Listed]


def get_global_item_list(call: Call, ask: GlobalListRequest) -> Reply:
    """Ids of the merchant's products, those changed last first."""
    end = ask.update_time_to
    found = [
        each
        for each in call.merchant.items.values()
        if ask.update_time_from <= each.update_time and (end is None or each.update_time <= end)
    ]
    found.sort(key=lambda each: (-each.update_time, each.id))
    start = _read_offset(ask.offset)
    page = found[start : start + ask.page_size]
    more = start + len(page) < len(found)
    rows = [{"global_item_id": each.id, "update_time": each.update_time} for each in page]
    offset = _write_offset(start + len(page)) if more else ""
    return wrapped({"global_item_list": rows, "total_count": len(found), "has_next_page": more, "offset": offset})


def get_global_item_info(call: Call, ask: GlobalIdsRequest) -> Reply:
    """Up to twenty products."""
    if not 1 <= len(ask.global_item_id_list) <= MAX_ITEMS:
        message = f"invalid field GlobalItemIdList: length must be between 1 and {MAX_ITEMS}"
        raise refused("error_param", message)
    found = [call.merchant.items.get(each) for each in ask.global_item_id_list]
    return wrapped({"global_item_list": [_body(call, each) for each in found if each is not None]})


def get_global_model_list(call: Call, ask: GlobalItemRequest) -> Reply:
    """The variations of one product."""
    found = global_item(call, ask.global_item_id)
    return wrapped(
        {
            "tier_variation": [tier_body(tier) for tier in found.tiers],
            "global_model": [_model_body(found, model) for model in found.models if found.tiers],
            "standardise_tier_variation": [standard_tier_body(tier) for tier in found.tiers],
        }
    )


def get_global_item_id(call: Call, ask: GlobalIdRequest) -> Reply:
    """Which products a shop's items were made of."""
    known = {each.published.get(ask.shop_id): each.id for each in call.merchant.items.values()}
    rows = [{"item_id": each, "global_item_id": known[each]} for each in ask.item_id_list if each in known]
    return wrapped({"item_id_map": rows})


def _read_offset(offset: str) -> int:
    if offset == "":
        return 0
    try:
        return int.from_bytes(base64.b64decode(offset, validate=True), "big")
    except (binascii.Error, ValueError):
        raise refused("error_param", "invalid field Offset: value is not acceptable") from None


def _write_offset(position: int) -> str:
    return base64.b64encode(position.to_bytes(4, "big")).decode()


def _body(call: Call, found: GlobalItem) -> dict[str, Any]:
    body: dict[str, Any] = {
        "global_item_id": found.id,
        "global_item_name": found.name,
        "description": found.description,
        "global_item_sku": found.sku,
        "global_item_status": _NORMAL,
        "create_time": found.create_time,
        "update_time": found.update_time,
        "image": {
            "image_id_list": found.image_ids,
            "image_url_list": [image_url(image_id) for image_id in found.image_ids],
        },
        "weight": str(number(found.weight)),
        "dimension": found.dimension,
        "pre_order": {"days_to_ship": found.days_to_ship},
        "size_chart": "",
        "condition": found.condition,
        "has_model": bool(found.tiers),
        "category_id": found.category_id,
        "brand": found.brand,
        "attribute_list": found.attributes,
    }
    if not found.tiers:
        model = found.models[0]
        price = {"currency": call.merchant.region.currency, "original_price": number(model.price)}
        body |= {"price_info": [price], "stock_info": _stock(model)}
    return body


def _model_body(found: GlobalItem, model: Model) -> dict[str, Any]:
    return {
        "global_model_id": model.model_id,
        "global_model_sku": model.sku,
        "price_info": {"original_price": number(model.price)},
        "stock_info": _stock(model),
        "tier_index": list(model.tier_index),
        "weight": str(number(model.weight or found.weight)),
        "dimension": model.dimension or found.dimension,
        "pre_order": {"days_to_ship": found.days_to_ship},
        "is_fulfillment_by_shopee": False,
    }


def _stock(model: Model) -> list[dict[str, Any]]:
    return [
        {
            "stock_type": 2,
            "stock_location_id": place,
            "normal_stock": units,
            "reserved_stock": 0,
        }
        for place, units in model.stock.items()
    ]


ENDPOINTS = (
    Endpoint("GET", "global_product/get_global_item_list", GlobalListRequest, get_global_item_list, MERCHANT),
    Endpoint("GET", "global_product/get_global_item_info", GlobalIdsRequest, get_global_item_info, MERCHANT),
    Endpoint("GET", "global_product/get_global_model_list", GlobalItemRequest, get_global_model_list, MERCHANT),
    Endpoint("GET", "global_product/get_global_item_id", GlobalIdRequest, get_global_item_id, MERCHANT),
)
