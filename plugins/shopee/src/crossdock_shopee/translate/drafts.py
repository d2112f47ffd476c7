"""From a product to the bodies that make or change a listing. Pure.

Source: Shopee Open Platform v2, product.add_item, update_item, init_tier_variation and their global twins. Weights are
kilograms and sizes whole centimetres.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

from crossdock.errors import Refused
from crossdock.model import Product, Variant
from crossdock_shopee.config import Brand, ShopeeRoute
from crossdock_shopee.translate.writing import require_price

__all__ = ["Fields", "Tiers", "category_of", "changes", "details", "first_stock", "models_of", "require_complete"]

Fields = dict[str, object]

_GRAMS = Decimal(1000)
_MILLIMETRES = 10
_MOST_TIERS = 2
_MOST_MODELS = 50


class Tiers:
    """What the variations of a product differ in: names, options in a fixed order, and each variation's place.

    Args:
        names: of the tiers.
        variants: each with one option a tier.
        before: options of the listing as it is, whose order is kept.

    Raises:
        Refused: more tiers or variations than Shopee takes, or a variation with too few or too many options.
    """

    def __init__(self, names: Sequence[str], variants: Sequence[Variant], before: Sequence[Sequence[str]] = ()) -> None:
        if len(names) > _MOST_TIERS:
            raise Refused(f"Shopee takes at most {_MOST_TIERS} options a product, not {', '.join(names)}.")
        if len(variants) > _MOST_MODELS:
            raise Refused(f"Shopee takes at most {_MOST_MODELS} variations a product, not {len(variants)}.")
        for variant in variants:
            if len(variant.options) != len(names):
                raise Refused(f"Variation {variant.sku} has {len(variant.options)} options, not {len(names)}.")
        self.names = tuple(names)
        self.options = tuple(
            _in_order([variant.options[tier] for variant in variants], before[tier] if before else ())
            for tier in range(len(names))
        )

    def index(self, variant: Variant) -> list[int]:
        """Where a variation stands."""
        return [self.options[tier].index(option) for tier, option in enumerate(variant.options)]

    def body(self) -> list[Fields]:
        """As the calls want them: with numbers 0, which means words of our own."""
        return [
            {
                "variation_id": 0,
                "variation_name": name,
                "variation_group_id": 0,
                "variation_option_list": [
                    {"variation_option_id": 0, "variation_option_name": option} for option in self.options[tier]
                ],
            }
            for tier, name in enumerate(self.names)
        ]


def _in_order(used: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    """What is used: first in the order that it had, then as it comes; an option without variation would be a hole."""
    return tuple(dict.fromkeys([*(option for option in before if option in used), *used]))


def require_complete(product: Product, options: ShopeeRoute) -> None:
    """Refuse a product of which no listing can be made, with everything that it lacks and not only the first.

    Raises:
        Refused: the category has no counterpart, there is no weight, or a variation has no price.
    """
    checks: list[Callable[[], object]] = [lambda: category_of(product, options), lambda: _weight(product)]
    checks += [partial(require_price, variant) for variant in product.variants]
    found = [error for check in checks if (error := _refusal(check)) is not None]
    if found:
        hints = dict.fromkeys(error.hint for error in found if error.hint)
        raise Refused(" ".join(error.reason for error in found), code=found[0].code, hint="; ".join(hints))


def _refusal(check: Callable[[], object]) -> Refused | None:
    try:
        check()
    except Refused as error:
        return error
    return None


def details(product: Product, options: ShopeeRoute, images: Sequence[str], brand: Brand) -> Fields:
    """What creating and changing have in common.

    Raises:
        Refused: the category has no counterpart, or there is no weight.
    """
    body: Fields = {
        "item_name": product.name,
        "description": product.description or product.name,
        "item_sku": product.sku,
        "category_id": category_of(product, options),
        "brand": {"brand_id": brand.id, "original_brand_name": brand.name},
        "attribute_list": _attributes(product, options),
        "weight": _weight(product),
        "condition": options.condition,
    }
    if product.length_mm and product.width_mm and product.height_mm:
        sizes = {"length": product.length_mm, "width": product.width_mm, "height": product.height_mm}
        body["dimension"] = {f"package_{name}": -(-size // _MILLIMETRES) for name, size in sizes.items()}
    if product.days_to_ship is not None:
        late = product.days_to_ship > options.pre_order_above_days
        body["pre_order"] = {"is_pre_order": late, "days_to_ship": product.days_to_ship}
    if images:
        body["image"] = {"image_id_list": list(images)}
    return body


def models_of(variants: Sequence[Variant], tiers: Tiers, prices: Sequence[Decimal], location: str) -> list[Fields]:
    """Rows for new variations, each with its first price and stock."""
    return [
        {
            "tier_index": tiers.index(variant),
            "original_price": price,
            "model_sku": variant.sku,
            "seller_stock": [first_stock(variant.stock, location)],
        }
        for variant, price in zip(variants, prices, strict=True)
    ]


def first_stock(stock: Decimal | None, location: str) -> Fields:
    """What a new listing starts with: the stock flow corrects it within a minute."""
    row: Fields = {"stock": int(stock or 0)}
    return {"location_id": location, **row} if location else row


def changes(wanted: Fields, product: Product, listed: Product, options: ShopeeRoute) -> Fields:
    """Of `wanted`, what differs from what is listed; lists are sent whole, since Shopee replaces them whole.

    Attributes are compared by the words of their values, because a listing names them in its own language.
    """
    seen: Fields = {
        "item_name": listed.name,
        "description": listed.description,
        "item_sku": listed.sku,
        "category_id": int(listed.category or 0),
        "weight": _weight(listed) if listed.weight_grams else None,
    }
    differs = {name: value for name, value in wanted.items() if name in seen and value != seen[name]}
    for name, same in _compared(wanted, product, listed, options).items():
        if not same and name in wanted:
            differs[name] = wanted[name]
    return differs


def _compared(wanted: Fields, product: Product, listed: Product, options: ShopeeRoute) -> dict[str, bool]:
    brand = wanted["brand"]
    named = str(brand["original_brand_name"]) if isinstance(brand, dict) and brand["brand_id"] else ""
    sizes = (product.length_mm, product.width_mm, product.height_mm)
    return {
        "brand": not named or named == listed.brand,  # one that somebody chose there is left
        "attribute_list": _values(product, options) <= set(listed.attributes.values()),
        "dimension": _centimetres(sizes) == _centimetres((listed.length_mm, listed.width_mm, listed.height_mm)),
        "pre_order": product.days_to_ship == listed.days_to_ship,
        "image": wanted.get("image") == {"image_id_list": [image.id for image in listed.images]},
    }


def _values(product: Product, options: ShopeeRoute) -> set[str]:
    """The words of all attributes that are sent."""
    mapped = options.attributes
    return {f"{value}{mapped[name].unit}" for name, value in product.attributes.items() if name in mapped and value}


def _centimetres(sizes: Sequence[int | None]) -> list[int]:
    return [-(-(size or 0) // _MILLIMETRES) for size in sizes]


def category_of(product: Product, options: ShopeeRoute) -> int:
    """The leaf category of a product.

    Raises:
        Refused: the route names none for it.
    """
    found = options.categories.get(product.category)
    if found is None and product.category.isdigit():
        return int(product.category)
    if found is None:
        raise Refused(
            f"Category {product.category!r} of product {product.sku} has no counterpart in Shopee.",
            code="category",
            hint="add it to categories of the route: our category = the number of a leaf category",
        )
    return found


def _attributes(product: Product, options: ShopeeRoute) -> list[Fields]:
    found: list[Fields] = []
    for name, value in product.attributes.items():
        known = options.attributes.get(name)
        if known is None or not value:
            continue
        number = known.values.get(value, 0)
        one: Fields = {"value_id": number} if number else {"value_id": 0, "original_value_name": value}
        if known.unit:
            one["value_unit"] = known.unit
        found.append({"attribute_id": known.id, "attribute_value_list": [one]})
    return found


def _weight(product: Product) -> Decimal:
    if not product.weight_grams:
        raise Refused(
            f"Product {product.sku} has no weight, and Shopee wants one.", hint="maintain the weight of the product"
        )
    return product.weight_grams / _GRAMS
