"""The first time a shop is served: what it shows already is not sent, and the pace is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossdock.contract import Page, hookimpl
from crossdock.errors import TryLater
from crossdock.flows.orders.report import Report
from crossdock.flows.stock.pace import Pace
from crossdock.model import StockLevel
from tests.core.flows.stock.shop import Hall, Shop


class ShowsTwice(Shop):
    """A shop that shows SKU A on two pages, by these listings."""

    listings = ("1", "2")

    @hookimpl
    async def pull_stock(self, window):
        for number in self.listings:
            yield Page([StockLevel(sku="A", available=Decimal(5), product_id=number)])


class OnOnePage(Shop):
    """A shop that shows SKU A by two listings on one page."""

    @hookimpl
    async def pull_stock(self, window):
        yield Page([StockLevel(sku="A", available=Decimal(5), product_id=number) for number in ("1", "2")])


class Unreadable(Shop):
    """A shop whose listings cannot be read now."""

    @hookimpl
    async def pull_stock(self, window):
        raise TryLater("busy")
        yield


async def test_what_the_shop_shows_already_is_not_sent_the_first_time(hall):
    for number in range(20):
        hall.source.put(f"S{number}", 5)
    hall.shop.shows = {f"S{number}": 5 for number in range(19)} | {"S19": 4}

    report = await hall.run()

    assert hall.shop.pushed == [("S19", 5)]
    assert report.steps["stock", "agreed"] == 19
    assert (await hall.level("S0")).shown == 5


async def test_what_was_taken_as_shown_is_sent_once_it_changes(hall):
    hall.source.put("A", 5)
    hall.shop.shows = {"A": 5}
    await hall.run()
    hall.source.put("A", 3)

    await hall.run()

    assert hall.shop.pushed == [("A", 3)]


async def test_two_listings_of_one_sku_are_left_for_the_channel_to_judge(hall, world):
    hall.shop = ShowsTwice(world.clock)
    hall.source.put("A", 5)

    report = await hall.run()

    assert hall.shop.pushed == [("A", 5)]
    assert report.count("stock") == 1


async def test_a_listing_that_stands_on_two_pages_is_one(hall, world):
    hall.shop = ShowsTwice(world.clock)
    hall.shop.listings = ("1", "1")
    hall.source.put("A", 5)

    await hall.run()

    assert hall.shop.pushed == []


async def test_two_listings_of_one_sku_on_one_page_are_left_for_the_channel_to_judge(hall, world):
    hall.shop = OnOnePage(world.clock)
    hall.source.put("A", 5)

    await hall.run()

    assert hall.shop.pushed == [("A", 5)]


async def test_a_shop_that_cannot_be_read_is_served_all_the_same(hall, world):
    hall.shop = Unreadable(world.clock)
    hall.source.put("A", 5)

    await hall.run()

    assert hall.shop.shows == {"A": 5}


async def test_nothing_is_compared_while_the_source_cannot_be_read(hall):
    hall.shop.shows = {"A": 5}
    hall.source.trouble = [TryLater("maintenance")]
    with pytest.raises(TryLater):
        await hall.run()
    hall.source.put("A", 5)

    await hall.run()

    assert hall.shop.pushed == []


class SlowShop(Shop):
    """One call a second."""

    @hookimpl
    async def push_stock(self, levels):
        await self.clock.advance(len(levels))
        return await super().push_stock(levels)


async def test_a_slow_shop_is_sent_small_batches_and_the_rest_is_estimated(ledger, world):
    hall = Hall(ledger, world.clock)
    hall.shop = SlowShop(world.clock)
    for number in range(1_000):
        hall.source.put(f"S{number}", 5)
    told: list[tuple[float | None, float | None]] = []

    def watch(report: Report) -> None:
        if report.left_seconds is not None and (not told or told[-1][0] != report.share):
            told.append((report.share, report.left_seconds))

    await hall.lane().run(progress=watch)

    assert [len(call) for call in hall.shop.calls[:3]] == [100, 25, 10]
    assert told[0] == (0.1, 900.0)
    assert told[-1] == (1.0, 0.0)


def test_a_batch_grows_to_what_a_fast_shop_takes_in_ten_seconds() -> None:
    pace, sizes = Pace(1_000), []
    for _ in range(4):
        sizes.append(pace.size)
        pace.took(pace.size, 0.1)
    assert sizes == [100, 400, 1_000, 1_000]
    pace.took(1_000, 40.0)
    assert pace.size == 250
    assert 5 < (pace.seconds_for(500) or 0) < 10, "one slow answer says little of how long the rest takes"
    for _ in range(8):
        pace.took(1_000, 40.0)
    assert pace.seconds_for(500) == pytest.approx(20.0, rel=0.1)
    assert pace.size == 250


def test_nothing_is_estimated_before_anything_was_sent() -> None:
    assert Pace(1_000).seconds_for(10) is None
