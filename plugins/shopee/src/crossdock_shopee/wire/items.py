"""Items and their variations, as the product calls of a shop send them. Pure.

Source: Shopee Open Platform v2, product.get_item_list, get_item_base_info, get_model_list and update_stock. The table
of get_item_base_info shows some fields beside the item that stand inside it on the wire.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

__all__ = [
    "Attribute",
    "Brand",
    "Changed",
    "Dimension",
    "Images",
    "Item",
    "ItemList",
    "Items",
    "Made",
    "Model",
    "Models",
    "Named",
    "Option",
    "PreOrder",
    "Price",
    "SellerStock",
    "Stock",
    "Tier",
]


class Tag(msgspec.Struct, gc=False):
    """Marks of an item."""

    kit: bool | None = False


class ItemRow(msgspec.Struct, gc=False):
    """One row of the item list."""

    item_id: int
    update_time: int | None = 0


class ItemList(msgspec.Struct):
    """A page of the item list; the last one has no `next_offset`."""

    item: list[ItemRow] | None = None
    has_next_page: bool = False
    next_offset: int | None = None


class Price(msgspec.Struct, gc=False):
    """A price in one currency."""

    original_price: Decimal
    currency: str | None = ""


class SellerStock(msgspec.Struct, gc=False):
    """What the seller has at one place."""

    stock: int
    location_id: str | None = ""


class Stock(msgspec.Struct, gc=False):
    """Stock of an item or variation."""

    seller_stock: list[SellerStock] | None = None


class Images(msgspec.Struct, gc=False):
    """Pictures."""

    image_id_list: list[str] | None = None
    image_url_list: list[str] | None = None


class Dimension(msgspec.Struct, gc=False):
    """Size of the parcel in centimetres."""

    package_length: int | None = 0
    package_width: int | None = 0
    package_height: int | None = 0


class PreOrder(msgspec.Struct, gc=False):
    """How long it takes until it leaves."""

    is_pre_order: bool | None = False
    days_to_ship: int | None = 0


class Brand(msgspec.Struct, gc=False):
    """A brand; 0 is none."""

    brand_id: int | None = 0
    original_brand_name: str | None = ""


class AttributeValue(msgspec.Struct, gc=False):
    """One value."""

    original_value_name: str | None = ""
    value_unit: str | None = ""


class Attribute(msgspec.Struct, gc=False):
    """One attribute."""

    attribute_id: int
    original_attribute_name: str | None = ""
    attribute_value_list: list[AttributeValue] | None = None


class Item(msgspec.Struct, gc=False):
    """An item; with variations it has neither price nor stock of its own."""

    item_id: int
    item_name: str
    item_status: str
    category_id: int | None = 0
    item_sku: str | None = ""
    description: str | None = ""
    update_time: int | None = 0
    attribute_list: list[Attribute] | None = None
    price_info: list[Price] | None = None
    stock_info_v2: Stock | None = None
    image: Images | None = None
    weight: Decimal | None = None
    dimension: Dimension | None = None
    pre_order: PreOrder | None = None
    has_model: bool | None = False
    brand: Brand | None = None
    gtin_code: str | None = ""
    tag: Tag | None = None


class Items(msgspec.Struct):
    """Several items, each left undecoded so that a malformed one does not hide the others."""

    item_list: list[msgspec.Raw] | None = None


class OptionImage(msgspec.Struct, gc=False):
    """Picture of an option."""

    image_id: str | None = ""


class Option(msgspec.Struct, gc=False):
    """One value of a tier."""

    option: str
    image: OptionImage | None = None


class Tier(msgspec.Struct, gc=False):
    """What variations differ in."""

    name: str
    option_list: list[Option]


class Model(msgspec.Struct, gc=False):
    """One variation."""

    model_id: int
    tier_index: list[int]
    model_sku: str | None = ""
    model_status: str | None = ""
    gtin_code: str | None = ""
    price_info: list[Price] | None = None
    stock_info_v2: Stock | None = None


class Models(msgspec.Struct, gc=False):
    """All variations of an item; both lists are empty where there are none."""

    tier_variation: list[Tier] | None = None
    model: list[Model] | None = None


class Named(msgspec.Struct, gc=False):
    """What can be said of an item, or a global item, that cannot be read."""

    item_id: int = 0
    global_item_id: int = 0


class Made(msgspec.Struct, gc=False):
    """What add_item answers, as far as it counts."""

    item_id: int


class Row(msgspec.Struct, gc=False):
    """How one row of a batch fared."""

    model_id: int | None = 0
    item_id: int | None = 0
    failed_reason: str | None = ""


class Changed(msgspec.Struct):
    """How a batch fared."""

    success_list: list[Row] | None = None
    failure_list: list[Row] | None = None
