"""From items to products and stock levels. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from crossdock.errors import CannotTranslate
from crossdock.model import Image, Money, Product, StockLevel, Variant
from crossdock_shopee.translate.amounts import moment, money
from crossdock_shopee.wire.items import Attribute, Item, Model, Models, Price, SellerStock, Stock

__all__ = ["GONE", "Listed", "levels", "listed"]

GONE = frozenset({"SELLER_DELETE", "SHOPEE_DELETE"})
_GRAMS, _MILLIMETRES = 1000, 10


class Listed(NamedTuple):
    """An item with its variations, in our words and in Shopee's."""

    product: Product
    is_kit: bool
    stocks: Mapping[str, Stock]
    """Variant id (empty for an item without variations) to its stock."""


def listed(item: Item, models: Models | None = None) -> Listed:
    """Translate an item.

    Args:
        item: from `get_item_base_info`.
        models: from `get_model_list`, for an item with variations.

    Raises:
        CannotTranslate: a variation names an option that does not exist, or a price is no money.
    """
    tiers = (models.tier_variation if models else None) or []
    variations = (models.model if models else None) or []
    stocks = {str(one.model_id): one.stock_info_v2 or Stock() for one in variations}
    if not variations:
        stocks = {"": item.stock_info_v2 or Stock()}
    images = item.image
    size = item.dimension
    product = Product(
        id=str(item.item_id),
        sku=item.item_sku or "",
        name=item.item_name,
        description=item.description or "",
        brand=_brand(item),
        category=str(item.category_id or ""),
        attributes=dict(_attribute(one) for one in item.attribute_list or ()),
        options=tuple(tier.name for tier in tiers),
        variants=tuple(_variant(item, models, one) for one in variations) if models and variations else (_only(item),),
        images=_images(images.image_id_list or [], images.image_url_list or []) if images else (),
        weight_grams=int(item.weight * _GRAMS) if item.weight else None,
        length_mm=_millimetres(size.package_length if size else None),
        width_mm=_millimetres(size.package_width if size else None),
        height_mm=_millimetres(size.package_height if size else None),
        days_to_ship=(item.pre_order.days_to_ship or None) if item.pre_order else None,
        blocked=item.item_status != "NORMAL",
        vendor_status=item.item_status,
        updated_at=moment(item.update_time),
    )
    return Listed(product, bool(item.tag and item.tag.kit), stocks)


def levels(found: Listed, ours: Mapping[str, str]) -> list[StockLevel]:
    """The levels that buyers see: one a variation, or one a variation and location.

    Args:
        found: an item.
        ours: their location id to our location; all are summed where it is empty, or has one for no location id.
    """
    made = []
    for variant in found.product.variants:
        stock = found.stocks[variant.id].seller_stock or []
        for location, amount in _by_location(stock, ours).items():
            made.append(
                StockLevel(
                    sku=variant.sku,
                    available=Decimal(max(amount, 0)),
                    location=location,
                    product_id=found.product.id,
                    variant_id=variant.id,
                )
            )
    return made


def _by_location(stock: list[SellerStock], ours: Mapping[str, str]) -> dict[str, int]:
    if not ours or "" in ours:
        return {ours.get("", ""): sum(one.stock for one in stock)}
    return {ours.get(one.location_id or "", one.location_id or ""): one.stock for one in stock}


def _only(item: Item) -> Variant:
    """What stands for an item without variations."""
    return Variant(
        sku=item.item_sku or "",
        barcode=item.gtin_code or "",
        price=_price(item.price_info),
        stock=_total(item.stock_info_v2),
        blocked=item.item_status != "NORMAL",
    )


def _variant(item: Item, models: Models, one: Model) -> Variant:
    tiers = models.tier_variation or []
    try:
        options = tuple(tiers[tier].option_list[index].option for tier, index in enumerate(one.tier_index))
    except IndexError:
        path = f"item[{item.item_id}].model[{one.model_id}].tier_index"
        raise CannotTranslate(path, "positions of options", seen=str(one.tier_index)) from None
    return Variant(
        id=str(one.model_id),
        sku=one.model_sku or "",
        options=options,
        barcode=one.gtin_code or "",
        price=_price(one.price_info),
        stock=_total(one.stock_info_v2),
        blocked=one.model_status == "MODEL_UNAVAILABLE" or item.item_status != "NORMAL",
    )


def _price(prices: list[Price] | None) -> Money | None:
    if not prices or not prices[0].currency:
        return None
    return money(prices[0].original_price, prices[0].currency, "price_info[].original_price")


def _total(stock: Stock | None) -> Decimal:
    return Decimal(sum(one.stock for one in (stock.seller_stock if stock else None) or ()))


def _brand(item: Item) -> str:
    return (item.brand.original_brand_name or "") if item.brand and item.brand.brand_id else ""


def _attribute(one: Attribute) -> tuple[str, str]:
    """Its name and its values, with their unit, joined."""
    values = [f"{value.original_value_name or ''}{value.value_unit or ''}" for value in one.attribute_value_list or ()]
    return one.original_attribute_name or str(one.attribute_id), ", ".join(values)


def _images(ids: list[str], urls: list[str]) -> tuple[Image, ...]:
    padded = [*urls, *[""] * (len(ids) - len(urls))]
    return tuple(Image(id=id_, url=padded[place], position=place) for place, id_ in enumerate(ids))


def _millimetres(centimetres: int | None) -> int | None:
    return centimetres * _MILLIMETRES if centimetres else None
