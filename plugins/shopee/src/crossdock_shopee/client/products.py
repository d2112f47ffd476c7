"""Reading listings: what changed, what carries an SKU, and the levels that buyers see."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from decimal import Decimal

from crossdock.contract import Page, Unreadable, Window
from crossdock.model import Product, StockLevel
from crossdock_shopee.client.batches import chunks
from crossdock_shopee.client.catalogue import FIRST_DAY, Catalogue
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.index import Kept
from crossdock_shopee.client.progress import Progress, Read, looks, seconds
from crossdock_shopee.config import Region, ShopeeRoute
from crossdock_shopee.translate.products import GONE, Listed, levels
from crossdock_shopee.translate.writing import in_shops_currency

__all__ = ["find", "pull_products", "pull_stock"]

_A_PAGE = 50
"""Listings."""


def pull_products(
    gateway: Gateway, catalogue: Catalogue, window: Window, options: ShopeeRoute
) -> AsyncIterator[Page[Product]]:
    """Read the listings that changed since the cursor, or all of them without one."""
    region = gateway.settings.region
    overlap = gateway.settings.order_overlap_seconds
    return looks(
        window, FIRST_DAY, gateway.clock, overlap, lambda progress: _through(catalogue, progress, region, options)
    )


async def _through(
    catalogue: Catalogue, progress: Progress[Product], region: Region, options: ShopeeRoute
) -> AsyncGenerator[Page[Product], None]:
    async for step_end, found in catalogue.changed(progress.start, progress.end):
        if page := progress.page([_read(one, region, options) for one in found], step_end):
            yield page


async def pull_stock(catalogue: Catalogue, window: Window, options: ShopeeRoute) -> AsyncIterator[Page[StockLevel]]:
    """Read the levels that buyers see: all, those of listings that changed since a page's cursor, or what is known.

    A cursor is for a reading that was broken off. It is no way to find what changed: nobody documents whether a change
    of stock moves an item's `update_time`.
    """
    if window.known_since is not None and not options.locations and (known := await catalogue.known()) is not None:
        async for page in _known(catalogue, known, seconds(window.known_since)):
            yield page
        return
    ours = {theirs: location for location, theirs in options.locations.items()}
    async for end, found in catalogue.everything(int(window.cursor or FIRST_DAY)):
        items = [level for one in found for level in _levels(one, ours)]
        if items:
            yield Page(items, None if end is None else str(end))


async def _known(catalogue: Catalogue, known: Sequence[Kept], since: int) -> AsyncIterator[Page[StockLevel]]:
    """What was read since `since`; older is read again where 50 listings take a call, not where one variation does."""
    fresh = [one for one in known if one.stocks and one.read_at >= since]
    for part in chunks(fresh, _A_PAGE):
        yield Page([level for one in part for level in _remembered(one)])
    cheap = [str(one.item_id) for one in known if one.models == (0,) and not (one.stocks and one.read_at >= since)]
    for numbers in chunks(cheap, _A_PAGE):
        yield Page([level for one in await catalogue.read(numbers) for level in _levels(one, {})])


def _remembered(one: Kept) -> list[StockLevel]:
    return [
        StockLevel(
            sku=sku, available=Decimal(stock), product_id=str(one.item_id), variant_id=str(model) if model else ""
        )
        for sku, model, stock in zip(one.skus, one.models, one.stocks, strict=True)
    ]


async def find(gateway: Gateway, catalogue: Catalogue, sku: str, options: ShopeeRoute) -> list[Product]:
    """All listings that carry `sku` at the item or at a variation."""
    numbers = await catalogue.items_with(sku)
    found = [one.product for one in await catalogue.read(numbers) if isinstance(one, Listed)]
    carrying = [one for one in found if one.vendor_status not in GONE and _carries(one, sku)]
    return [in_shops_currency(one, gateway.settings.region, options.rate) for one in carrying]


def _carries(product: Product, sku: str) -> bool:
    return product.sku == sku or any(variant.sku == sku for variant in product.variants)


def _levels(one: Listed | Unreadable, ours: dict[str, str]) -> list[StockLevel | Unreadable]:
    if isinstance(one, Unreadable):
        return [one]
    return [] if one.product.vendor_status in GONE else [level for level in levels(one, ours) if level.sku]


def _read(one: Listed | Unreadable, region: Region, options: ShopeeRoute) -> Read[Product]:
    if isinstance(one, Unreadable):
        return Read(one, one.raw, 0)
    changed_at = one.product.updated_at
    return Read(
        in_shops_currency(one.product, region, options.rate),
        repr(one).encode(),
        seconds(changed_at) if changed_at else 0,
    )
