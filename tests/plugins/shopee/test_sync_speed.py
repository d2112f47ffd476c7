"""How long a sync takes where a shop is granted one call a second: 1,000 SKUs take a quarter of an hour, if it lets.

Shopee sets the levels of one listing a call, and lists the variations of one listing a call. What was read when the
shop was connected is not read again. What is left is Shopee's bound: a second for each listing that differs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from crossdock.contract import Page, Route, Side, Window, hookimpl, scope, verbs_of
from crossdock.flows.options import StockOptions
from crossdock.flows.orders.report import Report
from crossdock.flows.stock.lane import StockLane
from crossdock.http import RateLimit
from crossdock.ledger import Database, Ledger
from crossdock.model import Product, StockLevel
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.connection import ShopeeConnection
from tests.core.doubles import KEYS
from tests.plugins.shopee.client_kit import Online, WorldClock, online, route

A_QUARTER_OF_AN_HOUR = 900
"""Seconds, and calls at one a second."""
THOUSAND = [f"MANY{number:05}" for number in range(1, 1_001)]


class Levels:
    """A backend: 7 pieces of each SKU but `differing` SKUs, of which there are 9."""

    def __init__(self, differing: int) -> None:
        self.differing = differing

    @hookimpl
    async def pull_stock(self, window: Window) -> AsyncIterator[Page[StockLevel]]:
        pieces = [9] * self.differing + [7] * (1_000 - self.differing)
        yield Page([StockLevel(sku=sku, available=Decimal(n)) for sku, n in zip(THOUSAND, pieces, strict=True)], "1")


@dataclass
class FirstSync:
    """A shop that shows 7 pieces of 1,000 SKUs, and its first sync."""

    shop: Online
    lane: StockLane
    calls: int = 0
    seconds: float = 0.0
    told: tuple[float, ...] = ()
    """Seconds that were said to be left, each time something was said."""

    async def run(self) -> Report:
        told: list[float] = []

        def watch(report: Report) -> None:
            if report.left_seconds is not None:
                told.append(report.left_seconds)

        began = self.shop.world.clock.seconds()
        with capture_logs() as logs:
            report = await self.lane.run(progress=watch)
        self.calls, self.seconds = calls(logs), self.shop.world.clock.seconds() - began
        self.told = tuple(told)
        return report


@asynccontextmanager
async def first_sync(
    folder: Path, variations: int, differing: int, *, imported: bool = False
) -> AsyncIterator[FirstSync]:
    """The first sync of a shop; `imported` when another process read its listings before."""
    async with online(rate=RateLimit(1.0)) as shop, _ledger(folder, shop) as ledger:
        await shop.act("/items-many", {"count": 1_000, "variations": variations, "stock": 7})
        if imported:
            await read_all(shop.connection, shop)
        async with shop.as_another_process() as connection:
            yield FirstSync(shop, _lane(ledger, shop, connection, Levels(differing)))


def _lane(ledger: Ledger, shop: Online, connection: ShopeeConnection, source: Levels) -> StockLane:
    channel = Side("shop", scope({"shop": connection}), verbs_of(connection), ShopeeRoute())
    backend = Side("source", scope({"source": source}), verbs_of(source))
    both = scope({"shop": connection, "source": source})
    return StockLane(Route("r", channel, backend, both, {"stock": StockOptions()}), ledger, WorldClock(shop.world))


async def read_all(connection: ShopeeConnection, shop: Online) -> list[Product]:
    """Read all listings, as a take-over does."""
    pages = connection.pull_products(Window(shop.world.clock.now()), route())
    return [item async for page in pages for item in page.items if isinstance(item, Product)]


def _ledger(folder: Path, shop: Online) -> Ledger:
    return Ledger(Database("sqlite://"), WorldClock(shop.world), folder, KEYS)


def calls(logs: list[object]) -> int:
    return sum(isinstance(entry, dict) and entry["event"] == "http.call" for entry in logs)


async def test_f15_a_thousand_skus_are_read_in_a_quarter_of_an_hour() -> None:
    async with online() as shop:
        await shop.act("/items-many", {"count": 1_000, "variations": 2})
        with capture_logs() as logs:
            found = await read_all(shop.connection, shop)
        assert len({variant.sku for one in found for variant in one.variants}) >= 1_000
        assert calls(logs) <= A_QUARTER_OF_AN_HOUR


@pytest.mark.parametrize(
    ("variations", "differing", "imported", "most"),
    [
        pytest.param(1, 0, True, 10, id="all agree with what was read when the shop was connected"),
        pytest.param(2, 1_000, True, 700, id="two variations each, all differ"),
        pytest.param(1, 0, False, 100, id="nothing was read before, all agree", marks=pytest.mark.long),
        pytest.param(4, 1_000, False, 900, id="nothing was read before, all differ", marks=pytest.mark.long),
        pytest.param(1, 750, True, 800, id="three quarters differ", marks=pytest.mark.long),
    ],
)
async def test_f15_the_first_sync_of_a_thousand_skus_takes_a_quarter_of_an_hour(
    tmp_path: Path, variations: int, differing: int, imported: bool, most: int
) -> None:
    async with first_sync(tmp_path, variations, differing, imported=imported) as sync:
        report = await sync.run()
    assert (report.count("stock"), report.steps["stock", "agreed"]) == (differing, 1_000 - differing)
    assert sync.seconds <= most <= A_QUARTER_OF_AN_HOUR
    assert sync.calls <= most
    assert [left for left in sync.told if left > most] == []
    assert bool(sync.told) is (differing > 0), "the time left is told while there is something to send"


@pytest.mark.long
async def test_f15_a_thousand_listings_that_all_differ_take_a_second_each_and_the_time_left_is_told(
    tmp_path: Path,
) -> None:
    async with first_sync(tmp_path, 1, 1_000, imported=True) as sync:
        report = await sync.run()
    assert report.count("stock") == 1_000
    assert 1_000 <= sync.calls <= 1_100
    sending = 0.9 * 1_000
    assert sync.told[0] == pytest.approx(sending, rel=0.1)
