"""A connection of each plugin with the verbs to try on it, first against its sandbox, then against mangled answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crossdock.clock import FakeClock
from crossdock.contract import Page, Window
from crossdock.http import HttpClient, Transport, transport
from crossdock.model import Order
from crossdock_anchanto_oms import connection as anchanto
from crossdock_ls_central.connection import LsConnection
from crossdock_shopee import connection as shopee
from tests.fuzz.mangle import Recording, Tape
from tests.plugins.anchanto_oms import client_kit as oms_kit
from tests.plugins.ls_central import central as ls_kit
from tests.plugins.shopee import client_kit as shopee_kit

Verb = Callable[[Any], Awaitable[Any]]


async def everything(pages: AsyncIterator[Page[Any]]) -> list[Any]:
    """All items of all pages."""
    return [item async for page in pages for item in page.items]


@dataclass
class Subject:
    """What is tried.

    Attributes:
        tape: what its sandbox answered.
        verbs: by name; each is called with a connection.
        connected: opens a connection over a transport, with the settings and the time of the recording.
    """

    tape: Tape
    verbs: dict[str, Verb]
    connected: Callable[[Transport], Any]


async def shopee_subject() -> Subject:
    """A shop with orders in two states and its listings."""
    vault, route = shopee_kit.MemoryVault(), shopee_kit.route()
    window = Window(datetime.fromtimestamp(shopee_kit.NOW - 86_400, UTC))
    async with shopee_kit.online() as shop:
        numbers = [(await shop.act("/orders"))["order_sn"] for _ in range(2)]
        known = shop.sandbox.credentials()
        names = ("region", "shop_id", "partner_id", "partner_key", "access_token", "refresh_token")
        settings = shopee_kit.settings(**{name: known[name] for name in names}, base_url=shop.url)

        @asynccontextmanager
        async def connected(carrier: Transport) -> AsyncIterator[Any]:
            lent = shopee_kit.toolbox(shopee_kit.StoppedClock(), vault, lambda: carrier)
            async with shopee.connect(settings, lent) as connection, closing(lent.clients):  # type: ignore[attr-defined]
                yield connection

        verbs: dict[str, Verb] = {
            "probe": lambda shop: shop.probe(),
            "pull_orders": lambda shop: everything(shop.pull_orders(window, route)),
            "read_orders": lambda shop: shop.read_orders(numbers, route),
            "pull_returns": lambda shop: everything(shop.pull_returns(window, route)),
            "pull_stock": lambda shop: everything(shop.pull_stock(window, route)),
            "pull_products": lambda shop: everything(shop.pull_products(window, route)),
            "find_product": lambda shop: shop.find_product("40020-000", route),
            "pull_lost_pushes": lambda shop: shop.pull_lost_pushes(),
        }
        return await _recorded(verbs, connected)


async def ls_subject() -> Subject:
    """A company with an order of ours."""
    route = ls_kit.route()
    window = Window(datetime.now(UTC).replace(microsecond=0) - timedelta(days=3))
    async with ls_kit.central() as system:
        made = await system.connection.push_order(ls_kit.order(), route)
        settings, clock = system.settings, FakeClock(datetime.now(UTC))

        @asynccontextmanager
        async def connected(carrier: Transport) -> AsyncIterator[Any]:
            opened: list[HttpClient] = []
            async with closing(opened):
                yield LsConnection(settings, ls_kit.toolbox(lambda: carrier, clock, opened))

        verbs: dict[str, Verb] = {
            "probe": lambda central: central.probe(),
            "pull_orders": lambda central: everything(central.pull_orders(window, route)),
            "read_orders": lambda central: central.read_orders([made.id], route),
            "find_order": lambda central: central.find_order("2611210ABCDEFG", route),
            "push_order": lambda central: central.push_order(ls_kit.order(), route),
            "pull_stock": lambda central: everything(central.pull_stock(window, route)),
            "read_stock": lambda central: central.read_stock(["40020-000"], route),
            "pull_products": lambda central: everything(central.pull_products(window, route)),
        }
        return await _recorded(verbs, connected)


async def oms_subject() -> Subject:
    """A store with an order of ours."""
    route = oms_kit.backend()
    async with oms_kit.online() as oms:
        order = oms_kit.shopee()
        document: Order = await oms.taken(order)
        settings = oms_kit.settings(base_url=str(oms.operator.base_url).rstrip("/"))
        clock = oms_kit.WorldClock(oms.world)

        @asynccontextmanager
        async def connected(carrier: Transport) -> AsyncIterator[Any]:
            clients: list[HttpClient] = []
            lent = oms_kit._toolbox(clock, lambda: carrier, clients)
            async with anchanto.connect(settings, lent) as connection, closing(clients):
                yield connection

        verbs: dict[str, Verb] = {
            "probe": lambda oms: oms.probe(),
            "pull_orders": lambda oms: everything(oms.pull_orders(oms_kit.LONG_AGO, route)),
            "read_orders": lambda oms: oms.read_orders([document.id], route),
            "find_order": lambda oms: oms.find_order(order.id, route),
            "push_order": lambda oms: oms.push_order(order, route),
            "update_order": lambda oms: oms.update_order(order, document, route),
            "pull_returns": lambda oms: everything(oms.pull_returns(oms_kit.LONG_AGO, route)),
            "pull_stock": lambda oms: everything(oms.pull_stock(oms_kit.LONG_AGO, route)),
            "pull_products": lambda oms: everything(oms.pull_products(oms_kit.LONG_AGO, route)),
        }
        return await _recorded(verbs, connected)


async def _recorded(verbs: dict[str, Verb], connected: Callable[[Transport], Any]) -> Subject:
    tape = Tape()
    async with connected(Recording(transport("aiohttp"), tape)) as connection:
        for verb in verbs.values():
            await verb(connection)
    return Subject(tape, verbs, connected)


@asynccontextmanager
async def closing(clients: Sequence[HttpClient]) -> AsyncIterator[None]:
    """Close what was opened."""
    try:
        yield
    finally:
        for client in clients:
            await client.aclose()
