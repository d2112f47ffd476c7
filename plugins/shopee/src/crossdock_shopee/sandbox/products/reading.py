"""Reading products: lists, details, variations, promotions."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.products.bodies import item_body, model_body, standard_tier_body, tier_body
from crossdock_shopee.sandbox.products.record import Item, ItemStatus, Promotion
from crossdock_shopee.sandbox.products.refusals import item_of, refused
from crossdock_shopee.sandbox.replies import Reply, wrapped
from crossdock_shopee.sandbox.requests import Listed, Request, Timestamp
from crossdock_shopee.sandbox.wire import number

MAX_ITEMS = 50
IdList = Annotated[list[int], Listed]


class ItemListRequest(Request):
    """Parameters of product.get_item_list."""

    offset: int = Field(ge=0)
    page_size: int = Field(ge=1, le=100)
    item_status: Annotated[list[ItemStatus], Listed]
    update_time_from: Timestamp = 0
    update_time_to: Timestamp | None = None


class SearchItemRequest(Request):
    """Parameters of product.search_item; at least one of name, SKU and attribute status."""

    page_size: int = Field(ge=1, le=100)
    offset: str = ""
    item_name: str = ""
    item_sku: str = ""
    attribute_status: int | None = None
    item_status: Annotated[list[ItemStatus], Listed] = Field(default_factory=list)


class ItemIdsRequest(Request):
    """Up to fifty items."""

    item_id_list: IdList


class ItemRequest(Request):
    """One item."""

    item_id: int


def get_item_list(call: Call, ask: ItemListRequest) -> Reply:
    """Ids of the items in some statuses, those changed last first."""
    end = ask.update_time_to
    found = [
        item
        for item in call.shop.catalogue
        if item.status in ask.item_status
        and ask.update_time_from <= item.update_time
        and (end is None or item.update_time <= end)
    ]
    found.sort(key=lambda item: (-item.update_time, item.item_id))
    page = found[ask.offset : ask.offset + ask.page_size]
    more = ask.offset + len(page) < len(found)
    position = {"next_offset": ask.offset + len(page)} if more else {"next": ""}
    rows = [_row(item) for item in page]
    return wrapped({"item": rows, "total_count": len(found), "has_next_page": more, **position})


def search_item(call: Call, ask: SearchItemRequest) -> Reply:
    """Ids of the items whose name or SKU has the text."""
    if not (ask.item_name or ask.item_sku or ask.attribute_status):
        raise refused("error_param", "request must set one of [item_name,attribute_status]")
    found = sorted(item.item_id for item in call.shop.catalogue if _sought(item, ask))
    start = int(ask.offset) if ask.offset.isdigit() else 0
    page = found[start : start + ask.page_size]
    more = start + len(page) < len(found)
    offset = str(start + len(page)) if more else ""
    return wrapped({"item_id_list": page, "total_count": len(found), "next_offset": offset})


def get_item_base_info(call: Call, ask: ItemIdsRequest) -> Reply:
    """Up to fifty items; unknown ids are left out."""
    found = [call.shop.catalogue.get(item_id) for item_id in _checked(ask.item_id_list)]
    return wrapped({"item_list": [item_body(call, item) for item in found if item is not None]})


def get_item_extra_info(call: Call, ask: ItemIdsRequest) -> Reply:
    """Sales and views."""
    found = [call.shop.catalogue.get(item_id) for item_id in _checked(ask.item_id_list)]
    zero = dict.fromkeys(("sale", "views", "likes", "rating_star", "comment_count"), 0)
    return wrapped({"item_list": [{"item_id": item.item_id, **zero} for item in found if item is not None]})


def get_model_list(call: Call, ask: ItemRequest) -> Reply:
    """The variations of one item; three empty lists when it has none."""
    item = item_of(call, ask.item_id)
    return wrapped(
        {
            "tier_variation": [tier_body(tier) for tier in item.tiers],
            "model": [model_body(call, item, model) for model in item.models if item.has_model],
            "standardise_tier_variation": [standard_tier_body(tier) for tier in item.tiers],
        }
    )


def get_item_promotion(call: Call, ask: ItemIdsRequest) -> Reply:
    """Promotions, present and coming, and the stock that they set aside."""
    success: list[dict[str, Any]] = []
    failure: list[dict[str, Any]] = []
    for item_id in _checked(ask.item_id_list):
        item = call.shop.catalogue.get(item_id)
        if item is None:
            failure.append({"item_id": item_id, "failed_reason": "Product not found"})
        else:
            rows = [_promotion(each, call.now) for each in item.promotions if call.now < each.end_time]
            success.append({"item_id": item_id, "promotion": rows})
    return wrapped({"success_list": success, "failure_list": failure})


def _checked(item_ids: list[int]) -> list[int]:
    if not 1 <= len(item_ids) <= MAX_ITEMS:
        raise refused("error_param", f"invalid field ItemIdList: length must be between 1 and {MAX_ITEMS}")
    return list(dict.fromkeys(item_ids))


def _row(item: Item) -> dict[str, Any]:
    return {
        "item_id": item.item_id,
        "item_status": item.status,
        "update_time": item.update_time,
        "tag": {"kit": item.kit},
    }


def _sought(item: Item, ask: SearchItemRequest) -> bool:
    by_sku = [item.sku, *(model.sku for model in item.models)]
    return (
        (not ask.item_name or ask.item_name.lower() in item.name.lower())
        and (not ask.item_sku or ask.item_sku in by_sku)
        and (not ask.item_status or item.status in ask.item_status)
    )


def _promotion(promotion: Promotion, now: int) -> dict[str, Any]:
    return {
        "promotion_type": promotion.kind,
        "promotion_id": promotion.promotion_id,
        "model_id": promotion.model_id,
        "start_time": promotion.start_time,
        "end_time": promotion.end_time,
        "promotion_price_info": [{"promotion_price": number(promotion.price)}],
        "promotion_staging": "ongoing" if promotion.running(now) else "upcoming",
        "promotion_stock_info_v2": {"summary_info": {"total_reserved_stock": promotion.reserved}},
    }


ENDPOINTS = (
    Endpoint("GET", "product/get_item_list", ItemListRequest, get_item_list),
    Endpoint("GET", "product/search_item", SearchItemRequest, search_item),
    Endpoint("GET", "product/get_item_base_info", ItemIdsRequest, get_item_base_info),
    Endpoint("GET", "product/get_item_extra_info", ItemIdsRequest, get_item_extra_info),
    Endpoint("GET", "product/get_model_list", ItemRequest, get_model_list),
    Endpoint("GET", "product/get_item_promotion", ItemIdsRequest, get_item_promotion),
)
