"""What keeps from overselling: a source that is silent for too long, and several shops that sell one stock."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.stage import Stage, System, _central, _serve, _shop, staged
from tests.journeys.test_stock import CAP, MUG, shown, stocked, sync

SHOPS = ("north", "south")
SILENT = {"kind": "unavailable", "path": "ODataV4|WS/"}
BUSY = {"kind": "unavailable", "path": "update_stock"}


async def parked(stage: Stage) -> dict[str, str]:
    listed = (await stage.crossdock("parked", "list", "--json")).json
    return {item["cause"]: item["reason"] for item in listed}


async def test_levels_are_lowered_and_not_raised_while_the_source_is_silent_and_raised_once_it_speaks(
    stage: Stage,
) -> None:
    await stocked(stage, 'fresh_for = "15m"')
    await stage.pull()
    await sync(stage)
    await stage.central.act("POST", f"/items/{MUG}/stock", {"quantity": "20"})
    await stage.central.act("POST", f"/items/{CAP}/sell", {"quantity": "10"})
    await stage.shopee.faults(BUSY)
    await sync(stage, code=1)
    await stage.shopee.faults()
    await stage.central.faults(SILENT)
    bought = [{"model_sku": sku, "quantity": 3, "original_price": "8.00"} for sku in (MUG, CAP)]
    await stage.place(items=bought)
    await stage.pull(code=None)
    before = await shown(stage.shopee)

    await stage.wait(20 * 60)
    told = await stage.crossdock("pull", "sg", "stock", code=3)
    silent = await shown(stage.shopee), await parked(stage)
    await stage.crossdock("pull", "sg", "stock", code=3)
    again = await shown(stage.shopee), await parked(stage)
    listed = (await stage.crossdock("parked", "list")).out
    await stage.central.faults()
    await stage.pull()
    await sync(stage)

    assert (before[MUG], before[CAP]) == (9, 37)  # the shop counts its sales itself
    assert (silent[0][MUG], silent[0][CAP]) == (9, 27)  # the fall to 30 is shown, less what is sold and not known there
    assert again == silent
    assert list(silent[1]) == ["source-not-read"]
    assert "levels are lowered, but not raised" in silent[1]["source-not-read"]
    assert "central" in told.err
    assert "it goes on by itself once the source is read again" in " ".join(listed.split())
    healed = await shown(stage.shopee)
    assert (healed[MUG], healed[CAP]) == (17, 27)
    assert await parked(stage) == {}


class Market:
    """Two shops that sell the stock of one LS Central."""

    def __init__(self, stage: Stage, south: System) -> None:
        self.stage = stage
        self.south = south

    def configure(self, north: str = "", south: str = "") -> None:
        """Write the config file; each argument is TOML of one route's stock."""
        lines = ["allow_plain_secrets = true", *_central(self.stage.central)]
        for name, system, stock in (("north", self.stage.shopee, north), ("south", self.south, south)):
            lines += [line.replace("connections.shop", f"connections.{name}") for line in _shop(system)]
            lines += [f'[routes.{name}]\nchannel = "{name}"\nbackend = "central"\n[routes.{name}.orders]']
            lines += [f'[routes.{name}.stock]\nunlisted = "leave"\nbrake_from = 1000\n{stock}']
            lines += [f'[routes.{name}.backend_options]\nshipping_item = "66010"\ndefault_tender = "1"']
        text = "\n".join(lines)
        assert tomllib.loads(text)
        (self.stage.folder / "crossdock.toml").write_text(text)

    async def has(self, mugs: int) -> None:
        """LS Central counts its mugs."""
        await self.stage.central.act("POST", f"/items/{MUG}/stock", {"quantity": str(mugs)})

    async def pull(self, *names: str) -> tuple[int, int]:
        """Run the stock of these routes, in their order; what both shops show of mugs then."""
        for name in names:
            await self.stage.crossdock("pull", name, "stock", "--json")
        return await self.shows()

    async def shows(self) -> tuple[int, int]:
        north, south = [(await shown(system))[MUG] for system in (self.stage.shopee, self.south)]
        return north, south


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Market]:
    async with staged(tmp_path) as stage:
        south = await _serve("shopee", stage.shopee.http, ())
        stage.systems["south"] = south
        await stage.central.act("POST", "/items", {"number": MUG, "stock": "12"})
        yield Market(stage, south)


async def buys(market: Market, quantity: int) -> None:
    item = {"model_sku": MUG, "quantity": quantity, "original_price": "8.00"}
    await market.south.act("POST", "/orders", {"items": [item]})


async def test_two_shops_of_one_stock_are_refused_without_shares_and_together_never_show_more_than_there_is(
    market: Market,
) -> None:
    market.configure()
    refused = await market.stage.crossdock("check", code=2)
    market.configure("percentage = 60", "percentage = 40")

    first = await market.pull(*SHOPS)
    await market.has(7)
    less = await market.pull(*SHOPS)
    await buys(market, 1)
    sold = await market.shows()
    await market.has(10)
    held = await market.pull(*SHOPS)
    await market.stage.crossdock("pull", "south", "--json")
    known = await market.pull(*SHOPS)

    said = " ".join(refused.err.split())
    assert "routes.north.stock: routes 'south' sell the stock of 'central' as well, 200 % of it together" in said
    assert "give each a percentage, 100 together, or a priority" in said
    assert (first, less, sold) == ((7, 4), (4, 2), (4, 1))
    assert (held, known) == ((6, 4), (5, 3))


async def test_the_shop_of_the_first_priority_takes_what_it_may_and_the_next_what_is_left(market: Market) -> None:
    market.configure("priority = 1\nmax_listed = 8", "priority = 2")

    plenty = await market.pull(*SHOPS)
    await market.has(6)
    scarce = await market.pull("south", "north")
    await market.has(20)
    again = await market.pull("north", "south")

    assert (plenty, scarce, again) == ((8, 4), (6, 0), (8, 12))
