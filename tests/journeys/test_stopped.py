"""Reading all stock, stopped in the middle by Ctrl-C or a kill: it says how it goes on, and does."""

from __future__ import annotations

import asyncio
import signal

from crossdock.sandbox.proxy import FaultProxy, Passing, proxying
from tests.journeys.stage import Stage

READING = "ODataRequest_GetInventoryStatus"
_PATIENCE_SECONDS = 60


class Holder:
    """Stands beside the proxy: holds a page of a reading back, and lets everything else pass."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        """Where the pages of a full reading began that were asked for."""
        self.hold: int | None = None
        self.held = asyncio.Event()
        self._never = asyncio.Event()

    def begin(self, hold: int | None) -> None:
        """Hold back the page with this number."""
        self.pages, self.hold = [], hold
        self.held.clear()

    async def arrived(self, passing: Passing) -> bool:
        if passing.path.endswith(READING):
            self.pages.append(passing.path)
            if len(self.pages) == self.hold:
                self.held.set()
                await self._never.wait()
        return True

    async def answered(self, passing: Passing, body: bytes) -> bytes | None:
        return body


async def stopped(stage: Stage, holder: Holder, number: int, sent: signal.Signals) -> tuple[int | None, str]:
    """Start a run, and stop it while it waits for this page of the reading."""
    holder.begin(number)
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

        code, said = await stopped(stage, holder, 3, signal.SIGINT)
        assert (code, said.split("\n")[-2]) == (130, "stopped")
        assert "run the command again, and it goes on from there" in said
        code, said = await stopped(stage, holder, 4, signal.SIGKILL)
        assert (code, said) == (-signal.SIGKILL, "")

        holder.begin(None)
        await stage.crossdock("pull", "sg", "stock", "--json")
        rest = len(holder.pages)
        holder.begin(None)
        await stage.crossdock("pull", "sg", "stock", "--full", "--json")

    assert rest == len(holder.pages) - 5  # two pages were kept before Ctrl-C, three more before the kill
    shown = [one for item in (await stage.shopee.act("GET", "/items"))["items"] for one in item["models"]]
    assert 12 in {one["available"] for one in shown if one["sku"] == "MUG"}
