"""Reading all stock, stopped in the middle by Ctrl-C or a kill: it says how it goes on, and does."""

from __future__ import annotations

import asyncio
import json
import signal

from crossdock.sandbox.proxy import FaultProxy, Passing, proxying
from tests.journeys.stage import Stage

LEVELS, ITEMS = "ODataRequest_GetInventoryStatus", "ODataRequest_GetWIItemBuffer"
_PATIENCE_SECONDS = 60


class Holder:
    """Stands beside the proxy: holds a page of a reading back, and lets everything else pass."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, str]] = []
        """The pages of full readings that were asked for: of which table, and behind which key."""
        self.hold: tuple[str, int] | None = None
        self.held = asyncio.Event()
        self._never = asyncio.Event()

    def begin(self, hold: tuple[str, int] | None) -> None:
        """Hold back the page of this table and number."""
        self.pages, self.hold = [], hold
        self.held.clear()

    def of(self, table: str) -> list[tuple[str, str]]:
        """The pages of one table."""
        return [page for page in self.pages if page[0].endswith(table)]

    async def arrived(self, passing: Passing) -> bool:
        asked = json.loads(passing.body) if "ODataRequest_" in passing.path else {}
        if asked.get("fullRepl"):
            self.pages.append((passing.path.split("?")[0], asked["lastKey"]))
            if self.hold and len(self.of(self.hold[0])) == self.hold[1]:
                self.held.set()
                await self._never.wait()
        return True

    async def answered(self, passing: Passing, body: bytes) -> bytes | None:
        return body


async def stopped(stage: Stage, holder: Holder, page: tuple[str, int], sent: signal.Signals) -> tuple[int | None, str]:
    """Start a run, and stop it while it waits for this page of the reading."""
    holder.begin(page)
    process = await stage.start("pull", "sg", "stock", "--json")
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await holder.held.wait()
        process.send_signal(sent)
        _, err = await process.communicate()
    return process.returncode, err.decode()


async def test_a_reading_of_all_stock_that_is_stopped_or_killed_goes_on_where_it_was(stage: Stage) -> None:
    await stage.central.act("POST", "/items", {"number": "MUG", "stock": "12"})
    stage.configure(stock='unlisted = "leave"', central="batch_size = 3")
    holder, proxy = Holder(), FaultProxy(stage.central.url)
    proxy.watcher = holder
    async with proxying(proxy):
        config = stage.folder / "crossdock.toml"
        config.write_text(config.read_text().replace(stage.central.url, proxy.url))

        code, said = await stopped(stage, holder, (ITEMS, 2), signal.SIGKILL)
        assert (code, said) == (-signal.SIGKILL, "")
        first = holder.pages
        code, said = await stopped(stage, holder, (LEVELS, 3), signal.SIGINT)
        assert (code, said.split("\n")[-2]) == (130, "stopped")
        assert "run the command again, and it goes on from there" in said
        second = holder.pages
        code, said = await stopped(stage, holder, (LEVELS, 4), signal.SIGKILL)
        assert (code, said) == (-signal.SIGKILL, "")
        third = holder.pages

        holder.begin(None)
        await stage.crossdock("pull", "sg", "stock", "--json")
        last = holder.pages
        holder.begin(None)
        await stage.crossdock("pull", "sg", "stock", "--full", "--json")
        every = len(holder.of(LEVELS))

    kept = {page for page in first if page[0].endswith(ITEMS)} - {first_held(first, ITEMS)}
    assert kept
    assert kept.isdisjoint(second)
    assert {page[0] for page in third + last} == {second[-1][0]}, "of the tables of items nothing is asked for again"
    assert len(last) == every - 5  # two pages were kept before Ctrl-C, three more before the kill
    shown = [one for item in (await stage.shopee.act("GET", "/items"))["items"] for one in item["models"]]
    assert 12 in {one["available"] for one in shown if one["sku"] == "MUG"}


def first_held(pages: list[tuple[str, str]], table: str) -> tuple[str, str]:
    """The page that was held back."""
    return [page for page in pages if page[0].endswith(table)][-1]
