"""Bringing the source's levels into the ledger, each with what may be shown of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crossdock.clock import Clock
from crossdock.contract import Route, Unreadable, Window
from crossdock.errors import Refused
from crossdock.flows.options import StockOptions
from crossdock.flows.orders.report import Report
from crossdock.flows.stock.allowance import Allowance
from crossdock.flows.stock.show import in_sold_units, kits_of
from crossdock.flows.trouble import told
from crossdock.ledger import Fault, Ledger, Level, Levels
from crossdock.model import StockLevel

_READ_AT_ONCE = 200
_KEPT_AT_ONCE = 2_000


def reading_of(route: str) -> str:
    """The name under which it is kept when a reading of everything began, until it has ended."""
    return f"{route}/stock/reading"


@dataclass(frozen=True, slots=True)
class StockObserver:
    """Reads the source of one route and keeps what it says.

    Attributes:
        allowance: says what may be shown.
        report: is told how far reading is.
    """

    route: Route
    ledger: Ledger
    clock: Clock
    options: StockOptions
    allowance: Allowance
    report: Report

    @property
    def _levels(self) -> Levels:
        return self.ledger.levels(self.route.name)

    @property
    def _cursor(self) -> str:
        return f"{self.route.name}/stock"

    async def changes(self) -> None:
        """Read what changed since the cursor."""
        await self._pull()
        await self._kits()

    async def is_broken_off(self) -> bool:
        """Whether a reading of everything began and did not end."""
        return bool(await self.ledger.cursor(reading_of(self.route.name)))

    async def everything(self, decides: str) -> None:
        """Read all levels; of what the source names no more, nothing is wanted.

        A reading that was broken off goes on behind the last page that was kept.

        Args:
            decides: a print of all that decides how much is shown; what was read under another is read again.
        """
        began = await self._begun(decides)
        await self._pull()
        await self._kits()
        self.report.changed += await self._levels.gone(began)
        await self.ledger.move(reading_of(self.route.name), "")

    async def _begun(self, decides: str) -> float:
        """When the reading began that goes on now, or that begins now; seconds since the epoch."""
        name, now = reading_of(self.route.name), self.clock.now().timestamp()
        since, _, under = (await self.ledger.cursor(name) or "").partition(" ")
        if since and under == decides and now - float(since) < self.options.full_every.total_seconds():
            return float(since)
        await self.ledger.move(self._cursor, "")  # before the mark: from an old cursor only what changed would be read
        await self.ledger.move(name, f"{now} {decides}")
        return now

    async def only(self, skus: Sequence[str]) -> list[str]:
        """Read these SKUs, the parts of kits included; answer those that the source does not know."""
        parts = {part for sku in skus for part in self.options.kits.get(sku, ())}
        wanted = [sku for sku in skus if sku not in self.options.kits] + sorted(parts - set(skus))
        if not self.route.backend.can("read_stock"):
            await self.changes()
            return []
        asked_at = self.clock.now().timestamp()
        found: list[StockLevel] = []
        for first in range(0, len(wanted), _READ_AT_ONCE):
            found += await self.route.backend.ask.read_stock(wanted[first : first + _READ_AT_ONCE], self.route)
        await self._keep(found, None, asked_at)
        await self._kits()
        return sorted(set(wanted) - {level.sku for level in found})

    async def _pull(self) -> None:
        window = Window(self.clock.now(), None, await self.ledger.cursor(self._cursor) or None)
        asked_at = window.start.timestamp()
        async for page in self.route.backend.ask.pull_stock(window, self.route):
            await self._keep(page.items, page.cursor, asked_at)

    async def _keep(self, items: Sequence[StockLevel | Unreadable], cursor: str | None, asked_at: float) -> None:
        """Keep a page in commits of a size that holds nobody up; the cursor moves with the last one."""
        self.report.read += len(items)
        for first in range(0, max(len(items), 1), _KEPT_AT_ONCE):
            seen, faults = await self._judged(items[first : first + _KEPT_AT_ONCE], asked_at)
            last = first + _KEPT_AT_ONCE >= len(items)
            await self._levels.record(seen, faults, (self._cursor, cursor) if cursor and last else None)
        if self.report.progress is not None:
            self.report.progress(self.report)

    async def _judged(
        self, items: Sequence[StockLevel | Unreadable], asked_at: float
    ) -> tuple[list[Level], list[Fault]]:
        seen: list[Level] = []
        faults: list[Fault] = []
        for item in items:
            if isinstance(item, Unreadable):
                faults.append(Fault(item.id, f"cannot read {item.error.path}", told(item.error)))
            elif item.sku not in self.options.kits:
                available = in_sold_units(item, self.options)
                if isinstance(available, Fault):
                    faults.append(available)
                else:
                    try:
                        seen.append(await self._level(item.model_copy(update={"available": available}), asked_at))
                    except Refused as error:  # of an extension
                        faults.append(held_back(item.sku, error))
        return seen, faults

    async def _level(self, item: StockLevel, asked_at: float) -> Level:
        as_of = item.as_of.timestamp() if item.as_of else asked_at
        wanted = await self.allowance.of(item)
        product = item.product_id or item.sku
        return Level(item.sku, item.available, wanted, item.location, product, item.version, as_of=as_of)

    async def _kits(self) -> None:
        """Kits follow from their parts, whichever of them changed."""
        if not self.options.kits:
            return
        parts = sorted({part for needed in self.options.kits.values() for part in needed})
        levels = await self._levels.load(parts)
        kits, faults = [], []
        for kit in kits_of(levels, self.options):
            try:
                kits.append(replace(await self._level(kit, 0.0), product_id=kit.sku))
            except Refused as error:  # of an extension
                faults.append(held_back(kit.sku, error))
        await self._levels.record(kits, faults)


def held_back(sku: str, error: Refused) -> Fault:
    """An extension does not let this level pass."""
    return Fault(sku, "held back by an extension", told(error))
