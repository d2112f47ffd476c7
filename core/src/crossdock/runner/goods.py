"""Stock and products of a configuration, set in motion."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

from crossdock.clock import Clock
from crossdock.contract import Route
from crossdock.errors import ConfigError
from crossdock.flows.orders.report import Report
from crossdock.flows.products import items as product_items
from crossdock.flows.products.lane import ProductsLane
from crossdock.flows.products.match import Match
from crossdock.flows.products.sheet import COLUMNS, NEEDED, Reader, Reading, rows_of
from crossdock.flows.products.take_over import TakeOver
from crossdock.flows.stock import items as stock_items
from crossdock.flows.stock.lane import StockLane
from crossdock.flows.stock.send import Shown
from crossdock.ledger import Ledger, Listing
from crossdock.runner.connections import Connections
from crossdock.runner.sheets import SheetWriter, read_rows

Progress = Callable[[Report], None]
_PAGE = 500


class Goods:
    """What can be asked of the flows stock and products.

    Args:
        ledger: the durable memory.
        connections: opens the two sides of a route.
        clock: the only source of time.
    """

    def __init__(self, ledger: Ledger, connections: Connections, clock: Clock) -> None:
        self._ledger = ledger
        self._connections = connections
        self._clock = clock

    async def pull_stock(
        self,
        route: str,
        only: Sequence[str] = (),
        *,
        full: bool = False,
        slice_seconds: float | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Run the stock lane of `route` once.

        Args:
            route: its name.
            only: SKUs to look at; empty for whatever changed or is due.
            full: read all levels, whether or not that is due.
            slice_seconds: give way after so much sending.
            progress: called after each page and each level.

        Raises:
            TryLater: another process works on the lane, or the backend cannot be read now.
            SignInAgain: a connection needs a person.
            ConfigError: there is no such route, or it has no flow stock.
        """
        async with self._stock(route, slice_seconds) as lane:
            return await lane.run(only, full=full, progress=progress)

    async def plan_stock(self, route: str) -> list[Shown]:
        """What a run would send. Reads the backend, sends nothing."""
        async with self._stock(route) as lane:
            return await lane.plan()

    async def drift(self, route: str, *, heal: bool | None = None) -> Report:
        """Compare what the channel shows with what it should show; `heal` overrides the option of the route."""
        async with self._stock(route) as lane:
            return await lane.drift(heal=heal)

    async def pull_products(
        self,
        route: str,
        only: Sequence[str] = (),
        *,
        full: bool = False,
        slice_seconds: float | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Run the products lane of `route` once; `only` names products by the backend's numbers.

        Raises:
            TryLater: another process works on the lane, or a side cannot be read now.
            SignInAgain: a connection needs a person.
            ConfigError: there is no such route, or it has no flow products.
        """
        async with self._products(route, slice_seconds) as lane:
            return await lane.run(only, full=full, progress=progress)

    async def plan_products(self, route: str) -> list[tuple[Listing, str, str]]:
        """What a run would do: product, act and why. Reads both sides, sends nothing."""
        async with self._products(route) as lane:
            return await lane.plan()

    async def match_products(self, route: str) -> list[Match]:
        """Which listing each product is, and which listings are nobody's. Keeps and sends nothing."""
        async with self._products(route) as lane:
            return [match async for match in lane.match()]

    async def take_over(self, route: str, progress: Progress | None = None) -> Report:
        """Tell the backend of `route` which products its channel sells, so that it has them.

        Raises:
            TryLater: another process works on the lane, or a side cannot be read now.
            SignInAgain: a connection needs a person.
            ConfigError: there is no such route, or one of its sides cannot.
        """
        opened = await self._connections.route(route)
        for side, verb in ((opened.channel, "pull_products"), (opened.backend, "push_listings")):
            if not side.can(verb):
                raise ConfigError(f"connection {side.connection} of route {route} cannot {verb.replace('_', ' ')}")
        lock = await self._ledger.lane(f"{route}/products")
        try:
            return await TakeOver(opened, self._clock, progress).run()
        finally:
            await lock.release()

    async def export_products(self, route: str, path: Path) -> int:
        """Write what is known of the products of `route` to an Excel file; answer how many rows."""
        listings = self._ledger.listings(route)
        buffers = await listings.buffers()
        count, after = 0, ""
        with SheetWriter(path, COLUMNS) as writer:
            while page := await listings.page(after, _PAGE):
                after = page[-1].key
                for row in (row for listing in page for row in rows_of(listing, buffers)):
                    writer.write(row)
                    count += 1
        return count

    async def read_sheet(self, route: str, path: Path) -> Reading:
        """Read an Excel file as a whole and compare it with what is in force; nothing is changed.

        Raises:
            ConfigError: it is no such file.
        """
        listings = self._ledger.listings(route)
        reader = Reader(await listings.buffers())
        rows = read_rows(path, NEEDED)
        while batch := list(islice(rows, _PAGE)):
            known = {one.key: one for one in await listings.load([cells["product"] for _, cells in batch])}
            for number, cells in batch:
                reader.take(number, cells, known.get(cells["product"]))
        return reader.reading

    async def apply_sheet(self, route: str, reading: Reading) -> None:
        """Keep what a sheet says; the next run of each flow brings the channel in line."""
        wishes = reading.wishes()
        for first in range(0, len(wishes), _PAGE):
            await self._ledger.listings(route).override(wishes[first : first + _PAGE])
        await self._ledger.listings(route).override([], reading.buffers)

    async def retry(self, lane: str, keys: Sequence[str]) -> int:
        """Release what is parked in a lane such as ``sg/stock``; answer how many items there were."""
        route, _, flow = lane.rpartition("/")
        retry = stock_items.retry if flow == "stock" else product_items.retry
        return await retry(self._ledger, route, keys)

    async def drop(self, lane: str, keys: Sequence[str], reason: str) -> int:
        """Leave what is parked in a lane such as ``sg/stock`` as it is; answer how many items there were."""
        route, _, flow = lane.rpartition("/")
        drop = stock_items.drop if flow == "stock" else product_items.drop
        return await drop(self._ledger, route, keys, reason)

    @asynccontextmanager
    async def _products(self, route: str, slice_seconds: float | None = None) -> AsyncIterator[ProductsLane]:
        opened = await self._opened(route, "products")
        lock = await self._ledger.lane(f"{route}/products")
        try:
            yield ProductsLane(opened, self._ledger, self._clock, slice_seconds)
        finally:
            await lock.release()

    @asynccontextmanager
    async def _stock(self, route: str, slice_seconds: float | None = None) -> AsyncIterator[StockLane]:
        opened = await self._opened(route, "stock")
        lock = await self._ledger.lane(f"{route}/stock")
        try:
            neighbours = self._connections.neighbours(route)
            yield StockLane(opened, self._ledger, self._clock, slice_seconds, neighbours)
        finally:
            await lock.release()

    async def _opened(self, route: str, flow: str) -> Route:
        opened = await self._connections.route(route)
        if flow not in opened.flows:
            raise ConfigError(f"route {route} has no flow {flow}", hint=f"add [routes.{route}.{flow}] to the config")
        return opened
