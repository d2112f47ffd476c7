"""The parts that requests about products are made of."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from crossdock_shopee.sandbox.requests import Money, Request


class SellerStock(Request):
    """Units at one location; single-warehouse shops name none."""

    stock: int = Field(ge=0)
    location_id: str = ""


class Images(Request):
    """Uploaded images."""

    image_id_list: list[str]


class LogisticRow(Request):
    """A channel for the item."""

    logistic_id: int
    enabled: bool
    is_free: bool = False
    size_id: int = 0
    shipping_fee: Money | None = None


class AttributeValue(Request):
    """A value: one of the category's, or with the id 0 a text of the seller's own."""

    value_id: int
    original_value_name: str = ""
    value_unit: str = ""


class AttributeRow(Request):
    """What the item says about one attribute."""

    attribute_id: int
    attribute_value_list: list[AttributeValue] = Field(default_factory=list)


class BrandRow(Request):
    """A brand; 0 is none."""

    brand_id: int
    original_brand_name: str = ""


class PreOrder(Request):
    """Whether the seller needs longer to ship, and how long."""

    is_pre_order: bool
    days_to_ship: int | None = None


class Dimension(Request):
    """Size of the parcel in centimetres."""

    package_length: int = Field(ge=1)
    package_width: int = Field(ge=1)
    package_height: int = Field(ge=1)


class ModelDraft(Request):
    """A variation to be made."""

    tier_index: list[int]
    original_price: Money
    model_sku: str = Field(default="", max_length=100)
    seller_stock: list[SellerStock]
    gtin_code: str = ""
    weight: Money | None = None
    dimension: Dimension | None = None
    pre_order: PreOrder | None = None


class StandardOption(Request):
    """An option in the newer form."""

    variation_option_name: str = ""
    image_id: str = ""


class StandardTier(Request):
    """A dimension of variations in the newer form."""

    variation_name: str = ""
    variation_option_list: list[StandardOption]


class OldOptionImage(Request):
    """An option's image in the older form."""

    image_id: str


class OldOption(Request):
    """An option in the older form."""

    option: str
    image: OldOptionImage | None = None


class OldTier(Request):
    """A dimension of variations in the older form."""

    name: str
    option_list: list[OldOption]


class Tiers(Request):
    """The dimensions, in either form."""

    tier_variation: list[OldTier] | None = None
    standardise_tier_variation: list[StandardTier] | None = None


def plain(part: Request) -> dict[str, Any]:
    """What the client said, and nothing else."""
    return part.model_dump(exclude_unset=True)
