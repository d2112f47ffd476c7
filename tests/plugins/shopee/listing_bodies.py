"""Listings as Shopee sends them, and a scripted shop that holds some."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.plugins.shopee.client_kit import NOW, good

PNG = "data:image/png;base64,"
PNG += "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

LIST, BASE, MODELS = "product/get_item_list", "product/get_item_base_info", "product/get_model_list"


def stock(*rows: tuple[str, int]) -> dict[str, Any]:
    return {"seller_stock": [{"location_id": place, "stock": amount, "if_saleable": True} for place, amount in rows]}


def item(number: int, sku: str, **changes: Any) -> dict[str, Any]:
    """An item without variations."""
    return {
        "item_id": number,
        "item_name": f"Item {number}",
        "item_status": "NORMAL",
        "category_id": 100300,
        "item_sku": sku,
        "description": "Described at length",
        "update_time": NOW - 5000,
        "attribute_list": [],
        "price_info": [{"currency": "SGD", "original_price": 12.5, "current_price": 12.5}],
        "stock_info_v2": stock(("", 9)),
        "image": {"image_id_list": ["im-1"], "image_url_list": ["https://cf/im-1"]},
        "weight": "0.3",
        "dimension": {"package_length": 11, "package_width": 12, "package_height": 13},
        "pre_order": {"is_pre_order": False, "days_to_ship": 3},
        "has_model": False,
        "brand": {"brand_id": 0, "original_brand_name": "NoBrand"},
        "tag": {"kit": False},
        **changes,
    }


def model(number: int, sku: str, index: list[int], **changes: Any) -> dict[str, Any]:
    return {
        "model_id": number,
        "model_sku": sku,
        "tier_index": index,
        "model_status": "MODEL_NORMAL",
        "price_info": [{"currency": "SGD", "original_price": 15, "current_price": 15}],
        "stock_info_v2": stock(("", 4)),
        **changes,
    }


def tiers(**options: list[str]) -> list[dict[str, Any]]:
    return [{"name": name, "option_list": [{"option": one} for one in values]} for name, values in options.items()]


class Shop:
    """Holds items and their variations; the reading calls answer from it."""

    def __init__(self, *items: dict[str, Any], models: dict[int, dict[str, Any]] | None = None) -> None:
        self.items = {one["item_id"]: one for one in items}
        self.models = dict(models or {})
        for number in self.models:
            self.items[number]["has_model"] = True

    def listing(self, request: httpx.Request) -> dict[str, Any]:
        query = request.url.params
        first, last, at = int(query["update_time_from"]), int(query["update_time_to"]), int(query["offset"])
        found = [one for one in self.items.values() if first <= one["update_time"] <= last]
        size = int(query["page_size"])
        names = ("item_id", "item_status", "update_time")
        rows = [{name: one[name] for name in names} for one in found[at : at + size]]
        more = at + size < len(found)
        return good({"item": rows, "has_next_page": more, **({"next_offset": at + size} if more else {"next": ""})})

    def base(self, request: httpx.Request) -> dict[str, Any]:
        numbers = [int(one) for one in request.url.params["item_id_list"].split(",")]
        assert len(numbers) <= 50
        return good({"item_list": [self.items[one] for one in numbers if one in self.items]})

    def models_of(self, request: httpx.Request) -> dict[str, Any]:
        return good(self.models[int(request.url.params["item_id"])])

    @property
    def answers(self) -> dict[str, Any]:
        return {LIST: self.listing, BASE: self.base, MODELS: self.models_of}


def shirts() -> Shop:
    """A shirt in two sizes, a cap and a kit."""
    shirt = item(1, "SHIRT", item_name="Shirt")
    variations = {
        "tier_variation": tiers(Size=["S", "M"]),
        "model": [model(11, "SHIRT-S", [0]), model(12, "SHIRT-M", [1])],
    }
    return Shop(shirt, item(2, "CAP"), item(3, "KIT", tag={"kit": True}), models={1: variations})


def sent(asked: list[httpx.Request], path: str) -> list[dict[str, Any]]:
    return [json.loads(one.content) for one in asked if one.url.path.endswith(path)]
