"""Stock: a full sync of many SKUs into an empty shop, the same again, and how late single changes arrive.

First both sides answer at once, so this is what the engine itself costs, commits to a SQLite file included. Then the
same with the real plugins against their simulated systems over HTTP, which take their own time. A shop's own rate limit
comes on top.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import quantiles

from cryptography.fernet import Fernet, MultiFernet

from benchmarks import stock_http
from benchmarks.command import show
from crossdock.clock import SystemClock
from crossdock.contract import Outcome, Page, Route, Side, Window, hookimpl, scope, verbs_of
from crossdock.flows.options import StockOptions
from crossdock.flows.stock.lane import StockLane
from crossdock.ledger import Database, Ledger
from crossdock.model import StockLevel

_PAGE = 500


class Source:
    """Counts of things, and which of them changed; pages are made as they are asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.changes: list[tuple[int, int]] = []

    @hookimpl
    async def pull_stock(self, window: Window) -> AsyncIterator[Page[StockLevel]]:
        if window.cursor is None:
            for first in range(0, self.count, _PAGE):
                last = first + _PAGE >= self.count
                levels = [
                    level(number, 100 + number % 50, 1) for number in range(first, min(first + _PAGE, self.count))
                ]
                yield Page(levels, "0" if last else None)
            return
        seen = int(window.cursor)
        levels = [level(number, left, 2 + seen + at) for at, (number, left) in enumerate(self.changes[seen:])]
        yield Page(levels, str(len(self.changes)))


class Shop:
    """Takes every level at once, and remembers when."""

    def __init__(self) -> None:
        self.rows = 0
        self.calls = 0
        self.arrived: dict[str, float] = {}

    @hookimpl
    async def push_stock(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        self.calls += 1
        self.rows += len(levels)
        if len(levels) < 50:
            now = time.perf_counter()
            self.arrived |= {level.sku: now for level in levels}
        return [Outcome(level.sku) for level in levels]


def level(number: int, left: int, version: int) -> StockLevel:
    return StockLevel(sku=f"SKU-{number:06}", product_id=f"P{number // 5:06}", available=Decimal(left), version=version)


async def measure(count: int, changes: int) -> dict[str, object]:
    source, shop, clock = Source(count), Shop(), SystemClock()
    channel = Side("shop", scope({"shop": shop}), verbs_of(shop))
    backend = Side("source", scope({"source": source}), verbs_of(source))
    both = scope({"shop": shop, "source": source})
    with tempfile.TemporaryDirectory() as folder:
        keys = MultiFernet([Fernet(Fernet.generate_key())])
        async with Ledger(Database(f"sqlite:///{folder}/ledger.db"), clock, Path(folder), keys) as ledger:
            lane = StockLane(Route("bench", channel, backend, both, {"stock": StockOptions()}), ledger, clock)
            first = await timed(lane.run())
            again = await timed(lane.run(full=True))
            idle = min([await timed(lane.run()) for _ in range(20)])
            lags = [await lag(source, shop, lane, number * 7 % count) for number in range(changes)]
    cuts = quantiles(lags, n=100)
    return {
        "skus": count,
        "first_sync_skus_per_second": round(count / first),
        "unchanged_sync_skus_per_second": round(count / again),
        "idle_poll_ms": round(idle * 1000, 1),
        "lag_p50_ms": round(cuts[49] * 1000, 1),
        "lag_p99_ms": round(cuts[98] * 1000, 1),
        "calls": shop.calls,
        "rows": shop.rows,
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


async def timed(work: object) -> float:
    began = time.perf_counter()
    await work  # type: ignore[misc]
    return time.perf_counter() - began


async def lag(source: Source, shop: Shop, lane: StockLane, number: int) -> float:
    """From a change at the source to the call that shows it, when the next look begins at once."""
    source.changes.append((number, len(source.changes) % 40))
    began = time.perf_counter()
    await lane.run()
    return shop.arrived[f"SKU-{number:06}"] - began


def main(given: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks stock", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--skus", type=int, default=100_000, help="SKUs of the source (100000)")
    parser.add_argument("--changes", type=int, default=200, help="single changes, one after the other (200)")
    parser.add_argument("--http-skus", type=int, default=10_000, help="SKUs of the simulated systems (10000, 0: none)")
    parser.add_argument("--variations", type=int, default=10, help="SKUs in one item of the simulated Shopee (10)")
    options = parser.parse_args(list(given))
    found: dict[str, object] = {}
    if options.skus:
        found["engine"] = asyncio.run(measure(options.skus, options.changes))
    if options.http_skus:
        found["over_http"] = asyncio.run(stock_http.measure(options.http_skus, options.changes, options.variations))
    show("stock", {**found, "targets": {"peak_rss_mb": 200, "lag_p99_ms": 5_000}}, as_json=options.json)
