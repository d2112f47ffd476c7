"""A source of stock and a shop in memory, with trouble on demand."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

from crossdock.clock import FakeClock
from crossdock.contract import Outcome, Page, Route, Side, hookimpl, scope, verbs_of
from crossdock.errors import Refused, TryLater, Unclear
from crossdock.flows.options import StockOptions
from crossdock.flows.stock.lane import StockLane
from crossdock.ledger import Ledger
from crossdock.model import StockLevel


class Killed(BaseException):
    """The process died here."""


class Source:
    """Knows what there is; every change has a version of its own.

    A reading of everything tells with each page where it goes on: how many changes there were, and the last SKU.
    """

    def __init__(self, page: int = 50) -> None:
        self.now: dict[str, StockLevel] = {}
        self.changes: list[str] = []
        self.page = page
        self.trouble: list[BaseException] = []
        self.stale: dict[str, StockLevel] = {}
        self.pages: list[list[str]] = []
        self.dies_after: int | None = None

    def put(self, sku: str, available: int | str, **more: object) -> None:
        self.changes.append(sku)
        version = len(self.changes)
        self.now[sku] = StockLevel(sku=sku, available=Decimal(available), version=version, **more)

    @hookimpl
    async def pull_stock(self, window):
        if self.trouble:
            raise self.trouble.pop(0)
        first, _, after = (window.cursor or "0").partition(" ")
        full = not window.cursor or bool(after)
        skus = sorted({sku for sku in self.changes if sku > after} if full else set(self.changes[int(first) :]))
        counter = (first if after else str(len(self.changes))) if full else str(len(self.changes))
        for at in range(0, max(len(skus), 1), self.page):
            await asyncio.sleep(0)
            part = skus[at : at + self.page]
            self.pages.append(part)
            levels = [self.stale.get(sku, self.now.get(sku)) for sku in part]
            last, here = at + self.page >= len(skus), f"{counter} {part[-1]}" if part else ""
            yield Page([level for level in levels if level], counter if last else (here if full else None))
            if self.dies_after == len(self.pages):
                raise Killed

    @hookimpl
    async def read_stock(self, skus):
        return [self.now[sku] for sku in skus if sku in self.now]


class Shop:
    """Shows levels. Trouble is the fate of the next calls: ok, lost, late, later, nothing, broken, silent, killed."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.shows: dict[str, int] = {}
        self.calls: list[list[str]] = []
        self.pushed: list[tuple[str, int]] = []
        self.trouble: list[str] = []
        self.refuses: dict[str, Refused] = {}
        self.late: list[tuple[object, dict[str, int]]] = []
        self.under_way: Counter[str] = Counter()
        self.errors: dict[str, Exception] = {}

    def carry_out_late(self) -> None:
        due = [one for one in self.late if one[0] <= self.clock.now()]
        self.late = [one for one in self.late if one not in due]
        for _, levels in due:
            self.shows.update(levels)

    @hookimpl
    async def push_stock(self, levels):
        assert len(levels) <= 1_000
        skus = [level.sku for level in levels]
        self.under_way.update(skus)
        assert max(self.under_way.values()) == 1
        try:
            await asyncio.sleep(0)
            return self._answer(levels)
        finally:
            self.under_way.subtract(skus)

    def _answer(self, levels):
        self.carry_out_late()
        self.calls.append([level.sku for level in levels])
        wanted = {level.sku: int(level.available) for level in levels if level.sku not in self.refuses}
        self.pushed += wanted.items()
        fate = self.trouble.pop(0) if self.trouble else "ok"
        if fate == "late":
            self.late.append((self.clock.now() + timedelta(seconds=100), wanted))
        elif fate in ("ok", "lost", "killed"):
            self.shows.update(wanted)
        errors = {"lost": Unclear("no answer"), "late": Unclear("no answer"), "later": TryLater("busy")} | self.errors
        if fate == "nothing":
            raise TryLater("busy")
        if fate == "killed":
            raise Killed
        if fate == "broken":
            raise RuntimeError("a bug")
        if fate == "silent":
            return []
        return [Outcome(level.sku, self.refuses.get(level.sku) or errors.get(fate)) for level in levels]

    @hookimpl
    async def pull_stock(self, window):
        self.carry_out_late()
        yield Page([StockLevel(sku=sku, available=Decimal(shown)) for sku, shown in self.shows.items()])


class Hall:
    """One route between them."""

    def __init__(self, ledger: Ledger, clock: FakeClock, **options: object) -> None:
        self.ledger = ledger
        self.clock = clock
        self.source = Source()
        self.shop = Shop(clock)
        self.extensions: dict[str, object] = {}
        self.neighbours: dict[str, StockOptions] = {}
        self.options = StockOptions.model_validate({"drift_every": "300d"} | options)

    def lane(self, name: str = "r", slice_seconds: float | None = None) -> StockLane:
        both = scope({**self.extensions, "shop": self.shop, "central": self.source})
        channel = Side("shop", scope({"shop": self.shop}), verbs_of(self.shop))
        backend = Side("central", scope({"central": self.source}), verbs_of(self.source))
        route = Route(name, channel, backend, both, {"stock": self.options})
        return StockLane(route, self.ledger, self.clock, slice_seconds, self.neighbours)

    def survives(self) -> suppress:
        """Let a run be killed."""
        return suppress(Killed)

    async def run(self, *only: str, **more: object):
        return await self.lane().run(only, **more)

    async def later(self, seconds: float = 3_600, **more: object):
        await self.clock.advance(seconds)
        self.shop.carry_out_late()
        return await self.run(**more)

    async def parked(self) -> dict[str, str]:
        return {item.cause: item.reason for item in await self.ledger.parked("r")}

    async def level(self, sku: str):
        return (await self.ledger.levels("r").load([sku]))[0]
