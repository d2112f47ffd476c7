"""What a person wants other than the backend says: laid over the product before it is listed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from crossdock.model import Money, Product, Variant

FIELDS = ("name", "description", "brand", "category", "days_to_ship")
"""Fields of a product that a person may override."""
_PRICE = "price:"


def price_field(sku: str) -> str:
    """Under which name the price of a SKU is overridden."""
    return _PRICE + sku


def overlaid(product: Product, overrides: Mapping[str, str]) -> Product:
    """`product` as a person wants it."""
    if not overrides:
        return product
    changes: dict[str, object] = {name: overrides[name] for name in FIELDS if name in overrides}
    if "days_to_ship" in changes:
        changes["days_to_ship"] = int(overrides["days_to_ship"])
    changes["variants"] = tuple(_variant(variant, overrides) for variant in product.variants)
    return product.model_copy(update=changes)


def _variant(variant: Variant, overrides: Mapping[str, str]) -> Variant:
    price = overrides.get(price_field(variant.sku))
    return variant.model_copy(update={"price": Money.parse(price)}) if price else variant
