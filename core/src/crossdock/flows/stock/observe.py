"""Bringing the source's levels into the ledger, each with what may be shown of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crossdock.clock import Clock
from crossdock.contract import Route, Unreadable, Window
from crossdock.flows.options import StockOptions
from crossdock.flows.orders.report import Report
from crossdock.flows.stock.show import in_sold_units, kits_of, to_show
from crossdock.ledger import Fault, Ledger, Level
from crossdock.model import StockLevel

_READ_AT_ONCE = 200
_KEPT_AT_ONCE = 2_000


class StockObserver:
    """Reads the source of one route and keeps what it says."""

    def __init__(self, route: Route, ledger: Ledger, clock: Clock, options: StockOptions, report: Report) -> None:
        self._route = route
        self._ledger = ledger
        self._levels = ledger.levels(route.name)
        self._clock = clock
        self._options = options
        self._report = report
        self._cursor = f"{route.name}/stock"
        self.buffers: Mapping[str, int] = {}
        """SKU to units that are never shown, where a person said so."""

    async def changes(self) -> None:
        """Read what changed since the cursor."""
        await self._pull(await self._ledger.cursor(self._cursor))
        await self._kits()

    async def everything(self) -> None:
        """Read all levels; of what the source names no more, nothing is wanted."""
        began = self._clock.now().timestamp()
        await self._pull(None)
        await self._kits()
        self._report.changed += await self._levels.gone(began)

    async def only(self, skus: Sequence[str]) -> list[str]:
        """Read these SKUs, the parts of kits included; answer those that the source does not know."""
        parts = {part for sku in skus for part in self._options.kits.get(sku, ())}
        wanted = [sku for sku in skus if sku not in self._options.kits] + sorted(parts - set(skus))
        if not self._route.backend.can("read_stock"):
            await self.changes()
            return []
        found: list[StockLevel] = []
        for first in range(0, len(wanted), _READ_AT_ONCE):
            found += await self._route.backend.ask.read_stock(wanted[first : first + _READ_AT_ONCE], self._route)
        await self._keep(found, None)
        await self._kits()
        return sorted(set(wanted) - {level.sku for level in found})

    async def _pull(self, cursor: str | None) -> None:
        window = Window(self._clock.now(), None, cursor)
        async for page in self._route.backend.ask.pull_stock(window, self._route):
            await self._keep(page.items, page.cursor)

    async def _keep(self, items: Sequence[StockLevel | Unreadable], cursor: str | None) -> None:
        """Keep a page in commits of a size that holds nobody up; the cursor moves with the last one."""
        self._report.read += len(items)
        for first in range(0, max(len(items), 1), _KEPT_AT_ONCE):
            seen, faults = await self._judged(items[first : first + _KEPT_AT_ONCE])
            last = first + _KEPT_AT_ONCE >= len(items)
            await self._levels.record(seen, faults, (self._cursor, cursor) if cursor and last else None)
        if self._report.progress is not None:
            self._report.progress(self._report)

    async def _judged(self, items: Sequence[StockLevel | Unreadable]) -> tuple[list[Level], list[Fault]]:
        seen: list[Level] = []
        faults: list[Fault] = []
        for item in items:
            if isinstance(item, Unreadable):
                faults.append(Fault(item.id, f"cannot read {item.error.path}", str(item.error)))
            elif item.sku not in self._options.kits:
                available = in_sold_units(item, self._options)
                if isinstance(available, Fault):
                    faults.append(available)
                else:
                    seen.append(await self._level(item.model_copy(update={"available": available})))
        return seen, faults

    async def _level(self, item: StockLevel) -> Level:
        """What may be shown, after extensions had their say; never below zero."""
        may = to_show(item.available, self._options, self.buffers.get(item.sku))
        shown = item.model_copy(update={"available": may})
        rewritten = await self._route.both.rewrite_stock(shown, self._route)
        wanted = may if rewritten is shown else max(int(rewritten.available), 0)
        return Level(item.sku, item.available, wanted, item.location, item.product_id or item.sku, item.version)

    async def _kits(self) -> None:
        """Kits follow from their parts, whichever of them changed."""
        if not self._options.kits:
            return
        parts = sorted({part for needed in self._options.kits.values() for part in needed})
        levels = await self._levels.load(parts)
        kits = [await self._level(kit) for kit in kits_of(levels, self._options)]
        await self._levels.record([replace(kit, product_id=kit.sku) for kit in kits])
