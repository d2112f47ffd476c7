"""What a Shopee connection answers: each verb in a line or two, the work is done in `client`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from crossdock.contract import (
    ArrangeShipment,
    CancelOrder,
    LostPushes,
    Outcome,
    Page,
    Probe,
    PushAnswer,
    PushMessage,
    Receipt,
    Route,
    Toolbox,
    Unreadable,
    Window,
    hookimpl,
)
from crossdock.model import Label, Order, PriceChange, Product, Return, Shipment, StockLevel
from crossdock_shopee.client import cancelling, identity, labels, products, pushes, returns, shipping
from crossdock_shopee.client.shop import Shop
from crossdock_shopee.config import ShopeeSettings, options_of

__all__ = ["ShopeeConnection", "connect"]


class ShopeeConnection:
    """One shop.

    Args:
        settings: of the connection.
        toolbox: lent by the engine.
    """

    def __init__(self, settings: ShopeeSettings, toolbox: Toolbox) -> None:
        shop = Shop(settings, toolbox)
        self._gateway, self._orders = shop.gateway, shop.orders
        self._catalogue, self._levels, self._listings = shop.catalogue, shop.levels, shop.listings

    @hookimpl
    async def probe(self) -> Probe:
        """Read the shop's name and until when the authorisation lasts."""
        return await identity.probe(self._gateway)

    @hookimpl
    async def sign_in_link(self, redirect_url: str) -> str:
        """The page on which the shop's owner authorises the app."""
        return identity.sign_in_address(self._gateway, redirect_url)

    @hookimpl
    async def sign_in(self, answer: Mapping[str, str]) -> Probe:
        """Exchange the code for tokens."""
        return await identity.finish_sign_in(self._gateway, answer)

    @hookimpl
    def read_push(self, message: PushMessage) -> PushAnswer:
        """Verify a push message and say what to look at."""
        return pushes.read(self._gateway.settings, message)

    @hookimpl
    def read_relayed_push(self, body: bytes) -> PushAnswer | None:
        """Say what a message leads to that another shop of the app received or fetched."""
        return pushes.relayed(self._gateway.settings, body)

    @hookimpl
    async def pull_lost_pushes(self) -> LostPushes:
        """Ask for messages that did not arrive: those of the app's other shops too."""
        return await pushes.lost(self._gateway)

    @hookimpl
    async def confirm_lost_pushes(self, up_to: str) -> None:
        """Confirm them."""
        await pushes.confirm_lost(self._gateway, up_to)

    @hookimpl
    def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        """Read the orders that changed."""
        return self._orders.pull(window, options_of(route).sku_fallback)

    @hookimpl
    async def read_orders(self, ids: Sequence[str], route: Route) -> Sequence[Order | Unreadable]:
        """Read orders by number."""
        return await self._orders.read(ids, options_of(route).sku_fallback)

    @hookimpl
    async def cancel_order(self, cancel: CancelOrder, route: Route) -> Receipt:
        """Cancel an order or a part of it."""
        return await cancelling.cancel(self._gateway, cancel, options_of(route))

    @hookimpl
    async def answer_cancellation(self, order: Order, accept: bool, route: Route) -> Receipt:
        """Accept or reject a buyer's wish to cancel."""
        return await cancelling.answer(self._gateway, order, accept=accept)

    @hookimpl
    def pull_returns(self, window: Window, route: Route) -> AsyncIterator[Page[Return]]:
        """Read the returns that changed."""
        return returns.pull(self._gateway, window)

    @hookimpl
    async def arrange_shipment(self, arrange: ArrangeShipment, route: Route) -> Receipt:
        """Arrange pick-up or drop-off, or hand in a tracking number."""
        return await shipping.arrange(self._gateway, arrange, options_of(route))

    @hookimpl
    async def fetch_label(self, order: Order, shipment: Shipment, route: Route) -> Label:
        """Have a label printed and fetch it."""
        return await labels.fetch(self._gateway, order, shipment, options_of(route))

    @hookimpl
    def pull_stock(self, window: Window, route: Route) -> AsyncIterator[Page[StockLevel]]:
        """Read the levels that buyers see."""
        return products.pull_stock(self._catalogue, window, options_of(route))

    @hookimpl
    async def push_stock(self, levels: Sequence[StockLevel], route: Route) -> Sequence[Outcome]:
        """Set levels."""
        return await self._levels.stock(levels, options_of(route))

    @hookimpl
    def pull_products(self, window: Window, route: Route) -> AsyncIterator[Page[Product]]:
        """Read the listings that changed."""
        return products.pull_products(self._gateway, self._catalogue, window, options_of(route))

    @hookimpl
    async def find_product(self, sku: str, route: Route) -> Sequence[Product]:
        """All listings that carry an SKU."""
        return await products.find(self._gateway, self._catalogue, sku, options_of(route))

    @hookimpl
    async def push_product(self, product: Product, listed: Product | None, route: Route) -> Receipt:
        """Make a listing, or bring it up to date."""
        return await self._listings.push(product, listed, options_of(route))

    @hookimpl
    async def delist_product(self, listed: Product, route: Route) -> Receipt:
        """Take a listing off sale."""
        return await self._listings.delist(listed)

    @hookimpl
    async def relist_product(self, listed: Product, route: Route) -> Receipt:
        """Put a listing on sale again."""
        return await self._listings.relist(listed)

    @hookimpl
    async def delete_product(self, listed: Product, route: Route) -> Receipt:
        """Delete a listing for good."""
        return await self._listings.delete(listed)

    @hookimpl
    async def push_prices(self, prices: Sequence[PriceChange], route: Route) -> Sequence[Outcome]:
        """Set prices."""
        return await self._levels.prices(prices, options_of(route))


@asynccontextmanager
async def connect(settings: ShopeeSettings, toolbox: Toolbox) -> AsyncIterator[ShopeeConnection]:
    """Open a connection; the engine closes what it lent."""
    yield ShopeeConnection(settings, toolbox)
