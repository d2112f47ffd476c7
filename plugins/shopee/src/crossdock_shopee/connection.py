"""What a Shopee connection answers: each verb in a line or two, the work is done in `client`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from crossdock.contract import Page, Probe, Route, Toolbox, Unreadable, Window, hookimpl
from crossdock.model import Order
from crossdock_shopee.client import identity
from crossdock_shopee.client.extras import Extras
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.orders import OrderReader
from crossdock_shopee.config import ShopeeRoute, ShopeeSettings

__all__ = ["ShopeeConnection", "connect"]


class ShopeeConnection:
    """One shop.

    Args:
        settings: of the connection.
        toolbox: lent by the engine.
    """

    def __init__(self, settings: ShopeeSettings, toolbox: Toolbox) -> None:
        self._gateway = Gateway(settings, toolbox)
        self._orders = OrderReader(self._gateway, Extras(self._gateway))

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
    def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        """Read the orders that changed."""
        return self._orders.pull(window, _options(route).sku_fallback)

    @hookimpl
    async def read_orders(self, ids: Sequence[str], route: Route) -> Sequence[Order | Unreadable]:
        """Read orders by number."""
        return await self._orders.read(ids, _options(route).sku_fallback)


_DEFAULTS = ShopeeRoute()


def _options(route: Route) -> ShopeeRoute:
    options = route.channel.options
    return options if isinstance(options, ShopeeRoute) else _DEFAULTS


@asynccontextmanager
async def connect(settings: ShopeeSettings, toolbox: Toolbox) -> AsyncIterator[ShopeeConnection]:
    """Open a connection; the engine closes what it lent."""
    yield ShopeeConnection(settings, toolbox)
