"""Stock between the simulated systems over HTTP: a full sync, and how late a change arrives while all else is idle."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp

from benchmarks.meter import peak_kilobytes
from benchmarks.sandboxes import sandbox, toml
from crossdock.config import load
from crossdock.discovery import find
from crossdock.log import configure
from crossdock.runner import Engine

_MOST_A_REQUEST = 50_000
_EVERY_SECONDS = 1.0
_PATIENCE_SECONDS = 30.0


async def operate(url: str, path: str, body: Mapping[str, object]) -> None:
    """What a person does in a simulated system."""
    async with aiohttp.ClientSession() as http, http.post(f"{url}/_sandbox{path}", json=body) as answer:
        answer.raise_for_status()


async def stocked(shop: str, central: str, count: int, variations: int) -> list[str]:
    """List `count` SKUs in the shop without stock, and give LS Central a thousand of each."""
    skus = []
    for number in range(0, count, _MOST_A_REQUEST):
        prefix, some = f"B{number // _MOST_A_REQUEST}X", min(_MOST_A_REQUEST, count - number)
        await operate(shop, "/items-many", {"prefix": prefix, "count": some, "variations": variations})
        await operate(central, "/items-many", {"prefix": prefix, "count": some, "stock": "1000"})
        skus += [f"{prefix}{one:05}" for one in range(1, some + 1)]
    return skus


async def measure(count: int, changes: int, variations: int) -> dict[str, object]:
    """Measure once, with fresh systems and a SQLite file.

    Args:
        count: SKUs on both sides.
        changes: single changes in LS Central, at random moments, while stock is polled every second.
        variations: SKUs in one item of the shop.
    """
    configure(level="warning")
    with ExitStack() as stack:
        shop, central = (stack.enter_context(sandbox(name)) for name in ("shopee", "ls_central"))
        skus = await stocked(shop["url"], central["url"], count, variations)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "crossdock.toml").write_text(toml(shop, central) + '[routes.sg.stock]\nunlisted = "leave"\n')
        async with Engine.open(load(folder / "crossdock.toml", find)) as engine:
            first, cpu = await timed(engine), time.process_time()
            again = await timed(engine, full=True)
            idle = min([await timed(engine) for _ in range(10)])
            peak = peak_kilobytes()
            async with polling(engine):
                lags = await lateness(shop["url"], central["url"], skus, changes)
            calls = {name: client.stats.calls for name, client in engine.connections.clients.items()}
    cuts = quantiles(lags, n=100)
    return {
        "skus": count,
        "first_sync_skus_per_second": round(count / first),
        "unchanged_sync_skus_per_second": round(count / again),
        "idle_poll_ms": round(idle * 1000, 1),
        "polled_every_seconds": _EVERY_SECONDS,
        "changes": len(lags),
        "lag_p50_ms": round(cuts[49] * 1000),
        "lag_p99_ms": round(cuts[98] * 1000),
        "lag_max_ms": round(max(lags) * 1000),
        "cpu_seconds_of_first_sync": round(cpu, 1),
        "calls": calls,
        "peak_rss_mb": round(peak / 1024),
    }


async def timed(engine: Engine, *, full: bool = False) -> float:
    """Seconds that a run takes."""
    began = time.perf_counter()
    report = await engine.goods.pull_stock("sg", full=full)
    if report.parked:
        raise RuntimeError(f"{report.parked} items were parked: {report.results[:3]}")
    return time.perf_counter() - began


@asynccontextmanager
async def polling(engine: Engine) -> AsyncIterator[None]:
    """Have stock pulled every second, as the service does with ``every = "1s"``."""

    async def poll() -> None:
        while True:
            await engine.goods.pull_stock("sg")
            await asyncio.sleep(_EVERY_SECONDS)

    task = asyncio.create_task(poll())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def lateness(shop: str, central: str, skus: list[str], changes: int) -> list[float]:
    """Seconds from each change in LS Central to the moment at which the shop showed it."""
    chance = random.Random(1)
    changed: dict[str, float] = {}
    for number, sku in enumerate(chance.sample(skus, changes)):
        await asyncio.sleep(chance.uniform(0.0, 0.4))
        changed[sku] = time.time()
        await operate(central, f"/items/{sku}/stock", {"quantity": str(500 + number)})
    until = time.monotonic() + _PATIENCE_SECONDS
    async with aiohttp.ClientSession() as http:
        while time.monotonic() < until:
            arrived = await _arrivals(http, shop, changed, len(skus))
            if len(arrived) == len(changed):
                return [arrived[sku] - at for sku, at in changed.items()]
            await asyncio.sleep(0.5)
    raise RuntimeError(f"{len(changed) - len(arrived)} of {len(changed)} changes did not arrive")


async def _arrivals(
    http: aiohttp.ClientSession, shop: str, changed: Mapping[str, float], synced: int
) -> dict[str, float]:
    """When each change arrived; the first sync made `synced` writes, which nobody needs to read again."""
    async with http.get(f"{shop}/_sandbox/writes?kind=update_stock&after={synced}") as answer:
        writes: list[dict[str, Any]] = (await answer.json())["writes"]
    later = (write for write in writes if write["at"] >= changed.get(write["facts"]["sku"], float("inf")))
    return {write["facts"]["sku"]: write["at"] for write in later}
