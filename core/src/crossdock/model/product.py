"""A product with its variants, as one side shows it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from crossdock.model.money import Money
from crossdock.model.noun import Noun


class Image(Noun):
    """A picture of a product."""

    id: str
    """The system's own id; the bytes are fetched when they are needed."""
    url: str = ""
    position: int = 0


class Part(Noun):
    """What a kit is made of."""

    sku: str
    quantity: Decimal


class Variant(Noun):
    """What can be bought: a product without variants has exactly one, with empty `options`."""

    id: str = ""
    sku: str
    options: tuple[str, ...] = ()
    """One value per option of the product, such as ("Black", "XL")."""
    barcode: str = ""
    price: Money | None = None
    stock: Decimal | None = None
    unit: str = ""
    blocked: bool = False


class Product(Noun):
    """A product. Weights are grams, sizes millimetres, prices include tax."""

    id: str
    sku: str
    name: str
    description: str = ""
    brand: str = ""
    category: str = ""
    attributes: dict[str, str] = Field(default_factory=dict)
    options: tuple[str, ...] = ()
    """Names of what the variants differ in, such as ("Colour", "Size")."""
    variants: tuple[Variant, ...] = ()
    images: tuple[Image, ...] = ()
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    days_to_ship: int | None = None
    parts: tuple[Part, ...] = ()
    """Not empty for a kit."""
    blocked: bool = False
    """Must not be sold online."""
    vendor_status: str = ""
    updated_at: datetime | None = None


class PriceChange(Noun):
    """The price that a variant is to have."""

    sku: str
    price: Money
    product_id: str = ""
    variant_id: str = ""
