"""Reading listings: what changed, what carries an SKU, and the levels that buyers see."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from crossdock.contract import Page, Unreadable, Window
from crossdock.model import Product, StockLevel
from crossdock_shopee.client.catalogue import FIRST_DAY, Catalogue
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.progress import Progress, Read, looks, seconds
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.translate.products import GONE, Listed, levels

__all__ = ["find", "pull_products", "pull_stock"]


def pull_products(gateway: Gateway, catalogue: Catalogue, window: Window) -> AsyncIterator[Page[Product]]:
    """Read the listings that changed since the cursor, or all of them without one."""
    overlap = gateway.settings.order_overlap_seconds
    return looks(window, FIRST_DAY, gateway.clock, overlap, lambda progress: _through(catalogue, progress))


async def _through(catalogue: Catalogue, progress: Progress[Product]) -> AsyncGenerator[Page[Product], None]:
    async for step_end, found in catalogue.changed(progress.start, progress.end):
        if page := progress.page([_read(one) for one in found], step_end):
            yield page


async def pull_stock(catalogue: Catalogue, options: ShopeeRoute) -> AsyncIterator[Page[StockLevel]]:
    """Read all levels that buyers see now.

    There is no cursor: nobody documents whether a change of stock moves an item's `update_time`.
    """
    ours = {theirs: location for location, theirs in options.locations.items()}
    async for found in catalogue.everything():
        items = [level for one in found for level in _levels(one, ours)]
        if items:
            yield Page(items)


async def find(catalogue: Catalogue, sku: str) -> list[Product]:
    """All listings that carry `sku` at the item or at a variation."""
    numbers = await catalogue.items_with(sku)
    found = [one.product for one in await catalogue.read(numbers) if isinstance(one, Listed)]
    return [one for one in found if one.vendor_status not in GONE and _carries(one, sku)]


def _carries(product: Product, sku: str) -> bool:
    return product.sku == sku or any(variant.sku == sku for variant in product.variants)


def _levels(one: Listed | Unreadable, ours: dict[str, str]) -> list[StockLevel | Unreadable]:
    if isinstance(one, Unreadable):
        return [one]
    return [] if one.product.vendor_status in GONE else [level for level in levels(one, ours) if level.sku]


def _read(one: Listed | Unreadable) -> Read[Product]:
    if isinstance(one, Unreadable):
        return Read(one, one.raw, 0)
    changed_at = one.product.updated_at
    return Read(one.product, repr(one).encode(), seconds(changed_at) if changed_at else 0)
