"""The lane: one route's stock, read, judged and sent until the channel shows what it may."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from crossdock.clock import Clock
from crossdock.contract import Route
from crossdock.errors import TryLater, Unclear
from crossdock.flows.options import StockOptions
from crossdock.flows.orders.report import Report
from crossdock.flows.stock.drift import drifts
from crossdock.flows.stock.guard import Guard, guard
from crossdock.flows.stock.items import settle
from crossdock.flows.stock.observe import StockObserver
from crossdock.flows.stock.send import BATCH, UNLISTED, StockSender
from crossdock.ledger import Ledger, Level


class StockLane:
    """Runs one lane. One run at a time; the caller holds the lane's lock.

    Args:
        slice_seconds: after how much sending the run gives way; None for as long as it takes.
    """

    def __init__(self, route: Route, ledger: Ledger, clock: Clock, slice_seconds: float | None = None) -> None:
        options = route.flows.get("stock", StockOptions())
        if not isinstance(options, StockOptions):
            raise TypeError(f"the options of flow stock are {type(options).__name__}, not StockOptions")
        self.name = f"{route.name}/stock"
        self._route = route
        self._ledger = ledger
        self._levels = ledger.levels(route.name)
        self._clock = clock
        self._options = options
        self._slice_seconds = slice_seconds

    async def run(
        self, only: Sequence[str] = (), *, full: bool = False, progress: Callable[[Report], None] | None = None
    ) -> Report:
        """Bring the channel up to date.

        Args:
            only: SKUs to look at; empty for whatever changed or is due.
            full: read all levels, whether or not that is due.
            progress: called after each page and each level.

        Raises:
            TryLater: the source cannot be read now; what was known before is sent as far as it may be.
            SignInAgain: a connection needs a person.
        """
        report = Report(self._route.name, progress=progress)
        unread: TryLater | Unclear | None = None
        try:
            await self._read(report, only, full)
        except (TryLater, Unclear) as error:
            unread = error
        ends_at = None if self._slice_seconds is None else self._clock.monotonic() + self._slice_seconds
        held = await self._guard()
        try:
            allowed = replace(held, raises=True) if only and unread is None else held
            sender = StockSender(self._route, self._ledger, self._clock, self._options)
            await sender.send(report, allowed, only, ends_at)
            if not (only or unread or report.more):
                await self._drift_when_due(report)
                await sender.send(report, held, only, ends_at)
        finally:
            report.parked += await settle(self._ledger, self._route.name, held.parkings)
        if unread is not None:
            raise unread
        return report

    async def plan(self) -> list[Level]:
        """What would be sent: the source is read and kept, nothing is sent."""
        await self._read(Report(self._route.name), (), False)
        held = await self._guard()
        return await self._levels.due(10 * BATCH, raises=held.raises, zeros=held.zeros)

    async def drift(self, *, heal: bool | None = None) -> Report:
        """Compare what the channel shows with what it should show, and repair it if the options or `heal` say so."""
        report = Report(self._route.name)
        await self._drift(report, heal=heal)
        if self._options.heal if heal is None else heal:
            held = await self._guard()
            await StockSender(self._route, self._ledger, self._clock, self._options).send(report, held, (), None)
        return report

    async def _read(self, report: Report, only: Sequence[str], full: bool) -> None:
        observer = StockObserver(self._route, self._ledger, self._clock, self._options, report)
        observer.buffers = await self._ledger.listings(self._route.name).buffers()
        if only:
            for sku in await observer.only(only):
                report.step(sku, "stock", "refused", f"the backend knows no SKU {sku}")
            return
        wanted = _print(self._options, observer.buffers)
        changed = await self._ledger.cursor(f"{self.name}/options") != wanted
        if full or changed or await self._is_due("full", self._options.full_every):
            await observer.everything()
            await self._levels.look_again(UNLISTED)
            await self._done("full")
            await self._ledger.move(f"{self.name}/options", wanted)
        else:
            await observer.changes()
        await self._done("read")

    async def _guard(self) -> Guard:
        permitted = int(await self._ledger.cursor(f"{self.name}/permitted") or 0)
        drops = await self._levels.drops()
        decided = guard(self._options, await self._when("read"), self._clock.now(), drops, permitted)
        if permitted and decided == guard(self._options, await self._when("read"), self._clock.now(), drops, 0):
            await self._ledger.move(f"{self.name}/permitted", "0")  # used up, or not needed any more
        return decided

    async def _drift_when_due(self, report: Report) -> None:
        """The first time there is nothing to compare with: everything was sent just now."""
        if await self._when("drift") is None:
            await self._done("drift")
        elif await self._is_due("drift", self._options.drift_every):
            await self._drift(report)

    async def _drift(self, report: Report, *, heal: bool | None = None) -> None:
        if not self._route.channel.can("pull_stock"):
            return
        wanted = self._options.heal if heal is None else heal
        async for one in drifts(self._route, self._ledger, self._clock, heal=wanted):
            report.step(one.sku, "drift", "healed" if one.healed else "found", one.text)
        await self._done("drift")

    async def _is_due(self, what: str, every: timedelta) -> bool:
        last = await self._when(what)
        return last is None or self._clock.now() - last >= every

    async def _when(self, what: str) -> datetime | None:
        kept = await self._ledger.cursor(f"{self.name}/{what}")
        return datetime.fromtimestamp(float(kept), UTC) if kept else None

    async def _done(self, what: str) -> None:
        await self._ledger.move(f"{self.name}/{what}", str(self._clock.now().timestamp()))


def _print(options: StockOptions, buffers: Mapping[str, int]) -> str:
    """A short print of what decides how much is shown."""
    shown = options.model_dump_json(include={"percentage", "buffer", "max_listed", "end_when_at_most", "units", "kits"})
    return blake2b(f"{shown}{sorted(buffers.items())}".encode(), digest_size=8).hexdigest()
