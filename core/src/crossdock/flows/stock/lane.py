"""The lane: one route's stock, read, judged and sent until the channel shows what it may."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

from crossdock.clock import Clock
from crossdock.contract import Route
from crossdock.errors import RemoteError
from crossdock.flows.goods import GoodsLane
from crossdock.flows.options import StockOptions
from crossdock.flows.orders.report import Report
from crossdock.flows.stock.allowance import Allowance, Share
from crossdock.flows.stock.drift import Comparison
from crossdock.flows.stock.first_look import FirstLook
from crossdock.flows.stock.guard import Guard, guard
from crossdock.flows.stock.items import settle
from crossdock.flows.stock.observe import StockObserver
from crossdock.flows.stock.send import BATCH, LEFT_OUT, UNLISTED, Shown, StockSender
from crossdock.ledger import Ledger

_DECIDES = {"percentage", "priority", "buffer", "max_listed", "end_when_at_most", "units", "kits", "hold_sold"}
"""Options that decide how much is shown."""
_SENT_ALL_THE_SAME = "see crossdock check; what was known before is shown as far as it may be: crossdock parked list"


class StockLane(GoodsLane[StockOptions]):
    """Runs one lane. One run at a time; the caller holds the lane's lock.

    Args:
        slice_seconds: after how much sending the run gives way; None for as long as it takes.
        neighbours: other routes that sell the same stock, with their options.
    """

    def __init__(
        self,
        route: Route,
        ledger: Ledger,
        clock: Clock,
        slice_seconds: float | None = None,
        neighbours: Mapping[str, StockOptions] | None = None,
    ) -> None:
        super().__init__("stock", StockOptions(), route, ledger, clock, slice_seconds)
        self._levels = ledger.levels(route.name)
        self._neighbours = neighbours or {}

    async def run(
        self, only: Sequence[str] = (), *, full: bool = False, progress: Callable[[Report], None] | None = None
    ) -> Report:
        """Bring the channel up to date.

        Args:
            only: SKUs to look at; empty for whatever changed or is due.
            full: read all levels, whether or not that is due.
            progress: called after each page and each level.

        Raises:
            RemoteError: the source cannot be read now, or refuses; what was known before is sent as far as it may be.
            SignInAgain: a connection needs a person.
        """
        report = Report(self._route.name, progress=progress)
        allowance, decides = await self._allowance()
        unread: RemoteError | None = None
        try:
            await self._read(report, allowance, decides, only, full)
        except RemoteError as error:
            unread = error
        ends_at = self._ends_at()
        held = await self._guard()
        try:
            allowed = replace(held, raises=True) if only and unread is None else held
            sender = self._sender(allowance)
            if not only and unread is None:
                await self._look_first(report, sender)
            await sender.send(report, allowed, only, ends_at)
            if not (only or unread or report.more):
                await self._drift_when_due(report, sender, ends_at)
                await sender.send(report, held, only, ends_at)
        finally:
            report.parked += await settle(self._ledger, self._route.name, held.parkings)
        if unread is not None:
            raise unread.at(hint=f"{_SENT_ALL_THE_SAME} {self._route.name}")
        return report

    async def plan(self) -> list[Shown]:
        """What would be sent: the source is read and kept, nothing is sent."""
        allowance, decides = await self._allowance()
        await self._read(Report(self._route.name), allowance, decides, (), False)
        held = await self._guard()
        due = await self._levels.due(10 * BATCH, raises=held.raises, zeros=held.zeros)
        sender = self._sender(allowance)
        chosen = await sender.chosen(due, await sender.sold(), raises=held.raises)
        return [one for one in chosen if not one.is_shown]

    async def drift(self, *, heal: bool | None = None) -> Report:
        """Compare what the channel shows with what it should show, and repair it if the options or `heal` say so."""
        report = Report(self._route.name)
        allowance, _ = await self._allowance()
        sender = self._sender(allowance)
        await self._drift(report, sender, self._options.heal if heal is None else heal, at_once=heal is True)
        if self._options.heal if heal is None else heal:
            await sender.send(report, await self._guard(), (), None)
        return report

    async def _allowance(self) -> tuple[Allowance, str]:
        """What says how much is shown, and a short print of everything that decides it."""
        mine = Share(self._options, await self._ledger.listings(self._route.name).buffers())
        first = self._options.priority
        others = [(name, one) for name, one in self._neighbours.items() if first and (one.priority or first) < first]
        ahead = [
            Share(one, await self._ledger.listings(name).buffers())
            for name, one in sorted(others, key=lambda each: each[1].priority or 0)
        ]
        words = [
            f"{share.options.model_dump_json(include=_DECIDES)}{sorted(share.buffers.items())}"
            for share in (mine, *ahead)
        ]
        decides = blake2b("".join(words).encode(), digest_size=8).hexdigest()
        return Allowance(self._route, mine, ahead), decides

    def _sender(self, allowance: Allowance) -> StockSender:
        selling = [self._route.name, *self._neighbours]
        return StockSender(self._route, self._ledger, self._clock, self._options, allowance, selling)

    async def _read(self, report: Report, allowance: Allowance, decides: str, only: Sequence[str], full: bool) -> None:
        observer = StockObserver(self._route, self._ledger, self._clock, self._options, allowance, report)
        if only:
            for sku in await observer.only(only):
                report.step(sku, "stock", "refused", f"the backend knows no SKU {sku}")
            return
        changed = await self._ledger.cursor(f"{self.name}/options") != decides
        begun = await observer.is_broken_off()
        if full or changed or begun or await self._is_due("full", self._options.full_every):
            await observer.everything(decides)
            await self._levels.look_again(UNLISTED, LEFT_OUT)
            await self._done("full")
            await self._ledger.move(f"{self.name}/options", decides)
        else:
            await observer.changes()
            if held := await self._levels.held(BATCH):
                await observer.only(held)
        await self._done("read")

    async def _guard(self) -> Guard:
        permitted = int(await self._ledger.cursor(f"{self.name}/permitted") or 0)
        drops = await self._levels.drops()
        decided = guard(self._options, await self._when("read"), self._clock.now(), drops, permitted)
        if permitted and decided == guard(self._options, await self._when("read"), self._clock.now(), drops, 0):
            await self._ledger.move(f"{self.name}/permitted", "0")  # used up, or not needed any more
        return decided

    async def _look_first(self, report: Report, sender: StockSender) -> None:
        """Before anything was ever sent: a comparison that finds what need not be sent.

        What was read within half of `drift_every` counts, and the next comparison is due after the other half.
        """
        if await self._when("drift") is not None:
            return
        since = self._clock.now() - self._options.drift_every / 2
        if self._route.channel.can("pull_stock"):
            agreed = await FirstLook(self._route, self._levels, sender, self._clock, since).run()
            if agreed is None:
                return
            report.steps["stock", "agreed"] += agreed
        await self._done("drift", since)

    async def _drift_when_due(self, report: Report, sender: StockSender, ends_at: float | None) -> None:
        has_begun = await self._when("drift") is not None
        if has_begun and await self._is_due("drift", self._options.drift_every):
            await self._drift(report, sender, self._options.heal, ends_at)

    async def _drift(
        self, report: Report, sender: StockSender, heal: bool, ends_at: float | None = None, *, at_once: bool = False
    ) -> None:
        """Compare; a run that gives way goes on behind the last page, once what changed meanwhile is sent."""
        if not self._route.channel.can("pull_stock"):
            return
        name = f"{self.name}/comparing"
        begun = None if at_once else await self._ledger.cursor(name) or None
        comparison = Comparison(self._route, self._levels, sender, self._clock, heal=heal, at_once=at_once)
        async for cursor, found in comparison.pages(begun):
            for one in found:
                report.step(one.sku, "drift", one.state, one.text)
            if cursor is not None and ends_at is not None and self._clock.monotonic() > ends_at:
                await self._ledger.move(name, cursor)
                report.more = True
                return
        await self._ledger.move(name, "")
        await self._done("drift")
