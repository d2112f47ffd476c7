"""The products that a sandbox shop starts with: a T-shirt in two variations, a cap and a mug."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crossdock_shopee.sandbox.logistics.channels import STANDARD_CHANNEL_ID
from crossdock_shopee.sandbox.products.record import Item, Model, Tier

SAMPLE_IMAGE_ID = "sg-11134201-sandbox-sample-image-0001"
STOCK = 100_000
T_SHIRTS, HATS, MUGS = 100200, 100201, 100300
_FABRIC = {
    "attribute_id": 4990,
    "attribute_value_list": [{"value_id": 101, "original_value_name": "Cotton", "value_unit": ""}],
}


def sample_items(price_factor: int, location: str, now: int, number: int = 0) -> list[Item]:
    """Fresh copies of the samples; prices in units of `price_factor`, ids of the shop with this number."""
    offset = 1_000_000 * number
    shirt = _item(846056136 + offset, T_SHIRTS, "Cotton T-shirt", "TSHIRT", now)
    shirt.attributes = [_FABRIC]
    shirt.tiers = [Tier("Colour", ["Black", "White"], []), Tier("Size", ["M"], [])]
    shirt.models = [
        Model(12984093 + offset, "TSHIRT-BLACK-M", Decimal(15 * price_factor), {location: STOCK}, (0, 0)),
        Model(12984094 + offset, "TSHIRT-WHITE-M", Decimal(15 * price_factor), {location: STOCK}, (1, 0)),
    ]
    cap = _item(846056137 + offset, HATS, "Baseball cap", "CAP", now)
    cap.models = [Model(0, "", Decimal(12 * price_factor), {location: STOCK})]
    mug = _item(846056138 + offset, MUGS, "Stoneware mug", "MUG", now)
    mug.models = [Model(0, "", Decimal(8 * price_factor), {location: STOCK})]
    return [shirt, cap, mug]


def alike(numbers: Sequence[int], skus: Sequence[str], location: str, stock: int, now: int) -> Item:
    """A mug with these SKUs, one a variation; `numbers` are ids of the item and of its variations."""
    found = _item(numbers[0], MUGS, f"Mug {skus[0]}", skus[0], now)
    if len(skus) == 1:
        found.models = [Model(0, "", Decimal(8), {location: stock})]
        return found
    found.tiers = [Tier("Kind", list(skus), [])]
    found.models = [
        Model(number, sku, Decimal(8), {location: stock}, (place,))
        for place, (number, sku) in enumerate(zip(numbers[1:], skus, strict=True))
    ]
    return found


def _item(item_id: int, category_id: int, name: str, sku: str, now: int) -> Item:
    return Item(
        item_id=item_id,
        category_id=category_id,
        name=name,
        description=f"{name}, as every sandbox shop sells it.",
        sku=sku,
        create_time=now,
        update_time=now,
        image_ids=[SAMPLE_IMAGE_ID],
        weight=Decimal(1),
        logistics=[{"logistic_id": STANDARD_CHANNEL_ID, "enabled": True}],
        models=[],
    )
