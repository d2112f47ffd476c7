"""The global products that the merchant starts with: those that its shops sell."""

from __future__ import annotations

from collections.abc import Sequence

from crossdock_shopee.sandbox.global_products.record import GlobalItem
from crossdock_shopee.sandbox.products.samples import sample_items
from crossdock_shopee.sandbox.state import Merchant, Shop

_FIRST_NUMBER = 9
_PRICE_FACTOR = {"KRW": 1000, "CNY": 5}


def publish_samples(merchant: Merchant, shops: Sequence[Shop], now: int) -> None:
    """Give the merchant the samples, published to each of its shops."""
    location = shops[0].catalogue.locations[0]
    shop_items = [list(shop.catalogue) for shop in shops]
    for place, item in enumerate(sample_items(_PRICE_FACTOR[merchant.region.currency], location, now, _FIRST_NUMBER)):
        merchant.items[item.item_id] = GlobalItem(
            id=item.item_id,
            category_id=item.category_id,
            name=item.name,
            description=item.description,
            sku=item.sku,
            create_time=now,
            update_time=now,
            image_ids=item.image_ids,
            weight=item.weight,
            days_to_ship=3,
            models=item.models,
            tiers=item.tiers,
            attributes=item.attributes,
            published={shop.id: items[place].item_id for shop, items in zip(shops, shop_items, strict=True)},
        )
