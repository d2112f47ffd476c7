"""From a product made of parts to a kit. Pure.

Source: Shopee Open Platform v2, product.add_kit_item: category, brand and attributes follow from the main component,
stock from all of them; components cannot be changed afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from crossdock.errors import Refused
from crossdock.model import Product
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.translate.drafts import Fields

__all__ = ["HasNumbers", "kit"]

_FROM_ITEM = ("item_name", "description", "item_sku", "weight", "dimension", "pre_order")
_FEWEST, _MOST = 2, 10


class HasNumbers(Protocol):
    """Where a component is listed."""

    @property
    def item_id(self) -> int:
        """Of the item."""
        ...

    @property
    def model_id(self) -> int:
        """Of the variation; 0 for none."""
        ...


def kit(
    product: Product,
    wanted: Fields,
    places: Mapping[str, Sequence[HasNumbers]],
    price: Decimal,
    channels: Sequence[Fields],
    options: ShopeeRoute,
) -> Fields:
    """The body that makes a kit; its first part is the main component.

    Args:
        product: with its parts.
        wanted: what it has in common with other listings.
        places: SKU of each part to where it is listed.
        price: of the kit.
        channels: that it offers.
        options: of the route.

    Raises:
        Refused: too few or too many parts, a broken quantity, or a part that is not listed exactly once.
    """
    if not _FEWEST <= len(product.parts) <= _MOST:
        raise Refused(f"Kit {product.sku} has {len(product.parts)} parts; Shopee takes {_FEWEST} to {_MOST}.")
    model = {
        "tier_index": [0],
        "model_sku": product.variants[0].sku,
        "original_price": price,
        "component_list": _components(product, places),
    }
    setting = {name: wanted[name] for name in _FROM_ITEM if name in wanted}
    setting |= {
        "images": wanted["image"],
        "description_type": "normal",
        "logistic_info": list(channels),
        "unlisted": options.list_as == "UNLIST",
        "model_list": [model],
        "tier_variation_list": [{"name": "Kit", "option_list": [{"option": "Kit"}]}],
    }
    return {"item_setting": setting, "sync_setting": {"auto_sync_dts": False}}


def _components(product: Product, places: Mapping[str, Sequence[HasNumbers]]) -> list[Fields]:
    components: list[Fields] = []
    for part in product.parts:
        found = places.get(part.sku, ())
        if len(found) != 1:
            raise Refused(
                f"Part {part.sku} of kit {product.sku} is listed {len(found)} times.",
                hint="list every part once before the kit",
            )
        if part.quantity != part.quantity.to_integral_value():
            raise Refused(f"Kit {product.sku} holds {part.quantity} of {part.sku}; Shopee takes whole pieces.")
        component: Fields = {"component_item_id": found[0].item_id, "quantity": int(part.quantity)}
        if found[0].model_id:
            component["component_model_id"] = found[0].model_id
        components.append({**component, "main_component": not components})
    return components
