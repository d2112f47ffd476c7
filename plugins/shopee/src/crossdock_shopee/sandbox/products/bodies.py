"""Items and variations as they go over the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crossdock_shopee.sandbox.endpoint import Call
from crossdock_shopee.sandbox.logistics.channels import CHANNELS
from crossdock_shopee.sandbox.products.record import Item, Model, Tier
from crossdock_shopee.sandbox.products.taxonomy import Attribute
from crossdock_shopee.sandbox.wire import number

_NO_DIMENSION = {"package_length": 0, "package_width": 0, "package_height": 0}


def image_url(image_id: str) -> str:
    """Where Shopee shows an image."""
    return f"https://cf.shopee.sg/file/{image_id}"


def price_info(call: Call, item: Item, model: Model) -> list[dict[str, Any]]:
    """List price and present price."""
    promotion = item.running_promotion(call.now, model.model_id)
    current = number(promotion.price if promotion else model.price)
    original = number(model.price)
    return [
        {
            "currency": call.shop.region.currency,
            "original_price": original,
            "current_price": current,
            "inflated_price_of_original_price": original,
            "inflated_price_of_current_price": current,
        }
    ]


def stock_info(call: Call, item: Item, model: Model) -> dict[str, Any]:
    """What there is, what promotions set aside, and where it lies."""
    reserved = item.reserved(model.model_id, call.now)
    total = call.shop.catalogue.available(item, model)
    rows = model.stock.items() if not item.kit else [(call.shop.catalogue.locations[0], total)]
    return {
        "summary_info": {"total_reserved_stock": reserved, "total_available_stock": max(0, total - reserved)},
        "seller_stock": [{"location_id": place, "stock": units, "if_saleable": True} for place, units in rows],
        "shopee_stock": [{"location_id": "", "stock": 0}],
        "advance_stock": {"sellable_advance_stock": 0, "in_transit_advance_stock": 0},
    }


def item_body(call: Call, item: Item) -> dict[str, Any]:
    """An item of get_item_base_info; price and stock stand there only when it has no variations."""
    body = {**_facts(item), **_listing(call, item), "attribute_list": _attributes(call, item)}
    if not item.has_model:
        model = item.models[0]
        body["price_info"] = price_info(call, item, model)
        body["stock_info_v2"] = stock_info(call, item, model)
    return body


def model_body(call: Call, item: Item, model: Model) -> dict[str, Any]:
    """A variation of get_model_list."""
    promotion = item.running_promotion(call.now, model.model_id)
    return {
        "model_id": model.model_id,
        "model_name": item.model_name(model),
        "promotion_id": promotion.promotion_id if promotion else 0,
        "has_promotion": promotion is not None,
        "tier_index": list(model.tier_index),
        "price_info": price_info(call, item, model),
        "model_sku": model.sku,
        "pre_order": model.pre_order or item.pre_order,
        "stock_info_v2": stock_info(call, item, model),
        "model_status": model.status,
        "gtin_code": model.gtin_code,
        "weight": _weight(model.weight or item.weight),
        "dimension": model.dimension or item.dimension or _NO_DIMENSION,
        "is_fulfillment_by_shopee": False,
    }


def tier_body(tier: Tier) -> dict[str, Any]:
    """A dimension of variations in the older form."""
    options = [{"option": option, **_option_image(tier, place)} for place, option in enumerate(tier.options)]
    return {"name": tier.name, "option_list": options}


def standard_tier_body(tier: Tier) -> dict[str, Any]:
    """A dimension of variations in the newer form; 0 is a text of the seller's own."""
    rows = [
        {
            "variation_option_id": 0,
            "variation_option_name": option,
            **(
                {"image_id": tier.image_ids[place], "image_url": image_url(tier.image_ids[place])}
                if tier.image_ids
                else {}
            ),
        }
        for place, option in enumerate(tier.options)
    ]
    return {"variation_id": 0, "variation_name": tier.name, "variation_group_id": 0, "variation_option_list": rows}


def _facts(item: Item) -> dict[str, Any]:
    return {
        "item_id": item.item_id,
        "category_id": item.category_id,
        "item_name": item.name,
        "description": item.description,
        "item_sku": item.sku,
        "create_time": item.create_time,
        "update_time": item.update_time,
        "image": {
            "image_id_list": item.image_ids,
            "image_url_list": [image_url(each) for each in item.image_ids],
            "image_ratio": "1:1",
        },
        "weight": _weight(item.weight),
        "dimension": item.dimension or _NO_DIMENSION,
        "pre_order": item.pre_order,
        "condition": item.condition,
        "size_chart": "",
        "item_status": item.status,
        "deboost": "FALSE",
        "brand": item.brand,
        "item_dangerous": 0,
        "gtin_code": item.gtin_code,
        "description_type": item.description_type,
        "is_fulfillment_by_shopee": False,
        "wholesales": item.wholesales,
    }


def _listing(call: Call, item: Item) -> dict[str, Any]:
    return {
        "logistic_info": [_logistic(call, row) for row in item.logistics],
        "has_model": item.has_model,
        "has_promotion": item.running_promotion(call.now) is not None,
        "tag": {"kit": item.kit},
    }


def _attributes(call: Call, item: Item) -> list[dict[str, Any]]:
    """What the seller said, with the names that the category has for it."""
    known = {each.id: each for each in call.state.taxonomy.attributes.get(item.category_id, ())}
    return [_attribute(known.get(row["attribute_id"]), row) for row in item.attributes]


def _attribute(attribute: Attribute | None, row: dict[str, Any]) -> dict[str, Any]:
    names = dict(attribute.values) if attribute else {}
    values = [
        {
            "value_id": value["value_id"],
            "original_value_name": names.get(value["value_id"], value.get("original_value_name", "")),
            "value_unit": value.get("value_unit", ""),
        }
        for value in row.get("attribute_value_list", [])
    ]
    return {
        "attribute_id": row["attribute_id"],
        "original_attribute_name": attribute.name if attribute else "",
        "is_mandatory": bool(attribute and attribute.mandatory),
        "attribute_value_list": values,
    }


def _logistic(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    name = CHANNELS[row["logistic_id"]].name or call.shop.region.carrier
    return {"is_free": False, "size_id": 0, **row, "logistic_name": name, "estimated_shipping_fee": 0}


def _option_image(tier: Tier, place: int) -> dict[str, Any]:
    if not tier.image_ids:
        return {}
    image_id = tier.image_ids[place]
    return {"image": {"image_id": image_id, "image_url": image_url(image_id)}}


def _weight(weight: Decimal) -> str:
    """Weights are texts when they are read, and numbers when they are written."""
    return str(number(weight))
