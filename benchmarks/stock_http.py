"""Stock between the simulated systems over HTTP: a full sync, and how late a change arrives while all else is idle."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp

from benchmarks.sandboxes import sandbox, toml
from benchmarks.service import SELDOM, Service

_MOST_A_REQUEST = 50_000
_EVERY_SECONDS = 1.0
_PATIENCE_SECONDS = 30.0
_PATIENCE_SECONDS_A_SKU = 0.01


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
    """Measure once, with fresh systems, the service as a process of its own, and a SQLite file.

    Args:
        count: SKUs on both sides.
        changes: single changes in LS Central, at random moments, while stock is polled every second.
        variations: SKUs in one item of the shop.
    """
    with ExitStack() as stack:
        shop, central = (stack.enter_context(sandbox(name)) for name in ("shopee", "ls_central"))
        skus = await stocked(shop["url"], central["url"], count, variations)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        options = f'[routes.sg.stock]\nunlisted = "leave"\nevery = "{_EVERY_SECONDS:g}s"\n'
        (folder / "crossdock.toml").write_text(toml(shop, central) + options + SELDOM)
        service, began = Service(folder, shop, central), time.time()
        stack.callback(service.end)
        service.start()
        synced = await _synced(shop["url"], count)
        cpu, peak = service.cpu_seconds(), service.peak_mb()
        lags = await lateness(shop["url"], central["url"], skus, changes)
        peak_at_the_end = service.peak_mb()
    cuts = quantiles(lags, n=100)
    return {
        "skus": count,
        "first_sync_skus_per_second": round(count / (synced - began)),
        "cpu_seconds_of_first_sync": round(cpu, 1),
        "peak_rss_mb_of_first_sync": round(peak),
        "polled_every_seconds": _EVERY_SECONDS,
        "changes": len(lags),
        "lag_p50_ms": round(cuts[49] * 1000),
        "lag_p99_ms": round(cuts[98] * 1000),
        "lag_max_ms": round(max(lags) * 1000),
        "peak_rss_mb": round(peak_at_the_end),
    }


async def _synced(shop: str, count: int) -> float:
    """Wait until the shop has accepted every level once; answer when the last one came."""
    until = time.monotonic() + count * _PATIENCE_SECONDS_A_SKU + _PATIENCE_SECONDS
    async with aiohttp.ClientSession() as http:
        while time.monotonic() < until:
            async with http.get(f"{shop}/_sandbox/writes?kind=update_stock&after={count - 1}") as answer:
                writes = (await answer.json())["writes"]
            if writes:
                return float(writes[0]["at"])
            await asyncio.sleep(0.5)
    raise RuntimeError(f"the first sync of {count} SKUs did not end")


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
