"""How many calls a sync takes: where a shop is granted one a second, 1,000 SKUs take a quarter of an hour at most.

Shopee sets the levels of one item a call. So 1,000 items of one SKU each take 1,000 s; that bound is Shopee's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from crossdock.contract import Window
from crossdock.model import Product, StockLevel
from tests.plugins.shopee.client_kit import NOW, online, route

A_QUARTER_OF_AN_HOUR = 900
"""Calls, at one a second."""


@pytest.mark.parametrize("variations", [1, 2])
async def test_f15_a_thousand_skus_are_read_in_a_quarter_of_an_hour(variations: int) -> None:
    async with online() as shop:
        await shop.act("/items-many", {"count": 1_000, "variations": variations})
        with capture_logs() as logs:
            pages = shop.connection.pull_products(Window(datetime.fromtimestamp(NOW, UTC)), route())
            found = [item async for page in pages for item in page.items if isinstance(item, Product)]
        assert len({variant.sku for one in found for variant in one.variants}) >= 1_000
        assert calls(logs) <= A_QUARTER_OF_AN_HOUR


async def test_f15_levels_of_a_thousand_skus_are_set_in_a_quarter_of_an_hour() -> None:
    async with online() as shop:
        await shop.act("/items-many", {"count": 1_000, "variations": 2})
        pages = shop.connection.pull_products(Window(datetime.fromtimestamp(NOW, UTC)), route())
        found = [item async for page in pages for item in page.items if isinstance(item, Product)]
        levels = [StockLevel(sku=one.sku, available=Decimal(7)) for item in found for one in item.variants][-1_000:]
        with capture_logs() as logs:
            outcomes = await shop.connection.push_stock(levels, route())
        assert [one.error for one in outcomes if one.error] == []
        assert calls(logs) <= A_QUARTER_OF_AN_HOUR


def calls(logs: list[object]) -> int:
    return sum(isinstance(entry, dict) and entry["event"] == "http.call" for entry in logs)
