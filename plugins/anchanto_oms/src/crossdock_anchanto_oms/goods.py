"""Verbs of stock and products; the work is done in `client`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from crossdock.contract import ListingOutcome, Outcome, Page, Receipt, Route, Window, hookimpl
from crossdock.model import PriceChange, Product, StockLevel
from crossdock_anchanto_oms.client import products
from crossdock_anchanto_oms.client.catalogue import Catalogue
from crossdock_anchanto_oms.client.gateway import Gateway
from crossdock_anchanto_oms.client.stock import Stock
from crossdock_anchanto_oms.config import AnchantoRoute

__all__ = ["GoodsVerbs"]

_DEFAULTS = AnchantoRoute()


class GoodsVerbs:
    """What one store has and sells.

    Args:
        gateway: of the store.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._catalogue = Catalogue(gateway)
        self._feeds: dict[str, products.FeedRowPlace] = {}
        self._stock = Stock(gateway, self._catalogue)

    def options(self, route: Route) -> AnchantoRoute:
        """What the route says to this end."""
        side = route.backend if route.backend.connection == self._gateway.connection else route.channel
        return side.options if isinstance(side.options, AnchantoRoute) else _DEFAULTS

    @hookimpl
    def pull_stock(self, window: Window, route: Route) -> AsyncIterator[Page[StockLevel]]:
        """What may be sold of each SKU, where it changed."""
        return self._stock.pull(window, self.options(route))

    @hookimpl
    async def read_stock(self, skus: Sequence[str], route: Route) -> Sequence[StockLevel]:
        """What may be sold of these SKUs."""
        return await self._stock.read(skus, self.options(route))

    @hookimpl
    async def push_stock(self, levels: Sequence[StockLevel], route: Route) -> Sequence[Outcome]:
        """Set sellable levels."""
        return await self._stock.push(levels, self.options(route))

    @hookimpl
    def pull_products(self, window: Window, route: Route) -> AsyncIterator[Page[Product]]:
        """Products for the channel, where anything of them changed."""
        return self._catalogue.pull(window, self.options(route))

    @hookimpl
    async def find_product(self, sku: str, route: Route) -> Sequence[Product]:
        """The product with this CSKU."""
        return await products.find(self._gateway, sku)

    @hookimpl
    async def push_product(self, product: Product, listed: Product | None, route: Route) -> Receipt:
        """Write a product of an ERP to the catalogue."""
        return await products.put(self._gateway, product)

    @hookimpl
    async def push_prices(self, prices: Sequence[PriceChange], route: Route) -> Sequence[Outcome]:
        """Set the prices that are shown."""
        return await products.put_prices(self._gateway, prices)

    @hookimpl
    async def push_listings(self, listings: Sequence[Product], route: Route) -> Sequence[Outcome]:
        """Tell the OMS which products the channel has."""
        return await products.feed(self._gateway, listings, self._feeds)

    @hookimpl
    async def push_listing_outcome(self, outcome: ListingOutcome, route: Route) -> Receipt:
        """Answer a request for a listing."""
        listing = await self._catalogue.listing_of(outcome.product.sku)
        return await products.report(self._gateway, outcome, listing)
