"""From a push message to the Customer Order, on an otherwise idle system.

A buyer orders at the simulated Shopee, then the message about it is sent; the clock runs from there until the
simulated LS Central shows the Customer Order. One at a time, so nothing waits for anything else. What is asked of
LS Central in between costs a little on its side, so the figures are an upper bound.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import aiohttp

from benchmarks.command import show
from benchmarks.crew import Crew
from benchmarks.outage import serving as postgres
from benchmarks.service import SELDOM, Service, at_rest, percentiles, serving

TARGETS = {"p50_ms": 150, "p99_ms": 500}
_ITEM = {"model_sku": "40020-000", "quantity": 1, "original_price": "20.00"}
_LOOK_SECONDS = 0.004
_PATIENCE = 30.0


async def one(http: aiohttp.ClientSession, service: Service) -> float:
    """Seconds from the message to the document."""
    async with http.post(f"{service.shop['url']}/_sandbox/orders", json={"items": [_ITEM]}) as answer:
        number = str(json.loads(await answer.read())["order_sn"])
    now = int(time.time())
    data = {"ordersn": number, "status": "READY_TO_SHIP", "update_time": now, "items": []}
    shop = service.shop["credentials"]["shop_id"]
    body = json.dumps({"data": data, "shop_id": shop, "code": 3, "timestamp": now}).encode()
    began = time.perf_counter()
    async with http.post(f"{service.url}/push/shop", data=body, headers=service.signed(body)) as answer:
        answer.raise_for_status()
    while time.perf_counter() - began < _PATIENCE:
        async with http.get(f"{service.central['url']}/_sandbox/orders/{number}") as answer:
            await answer.read()
            if answer.status == 200:
                return time.perf_counter() - began
        await asyncio.sleep(_LOOK_SECONDS)
    raise RuntimeError(f"no Customer Order for {number} after {_PATIENCE:.0f} s")


async def measure(service: Service, orders: int) -> list[float]:
    """One order after the other; the first, which opens connections, does not count."""
    async with aiohttp.ClientSession() as http:
        return [await one(http, service) for _ in range(orders + 1)][1:]


@contextmanager
def shared(workers: int) -> Iterator[Service]:
    """A service whose lanes are run by as many workers beside it, over PostgreSQL; none for one process on SQLite."""
    with ExitStack() as stack:
        config = SELDOM
        if workers:
            server = stack.enter_context(postgres())
            config += f'dispatcher = "procrastinate"\n[ledger]\nurl = "{server.url}"\n'
        service = stack.enter_context(serving(config))
        path = service.folder / "crossdock.toml"
        crew = Crew([sys.executable, "-m", "crossdock.cli", "--config", str(path), "worker"], service.folder)
        stack.callback(crew.close)
        for _ in range(workers):
            crew.start()
        asyncio.run(at_work(crew, workers))
        yield service


async def at_work(crew: Crew, workers: int) -> None:
    """Wait until so many have opened the ledger."""
    while len(crew.at_work()) < workers:  # noqa: ASYNC110 - they are other processes
        await asyncio.sleep(0.1)


def main(given: Sequence[str]) -> None:
    """Run and print."""
    words = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks latency", description=words)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--orders", type=int, default=200, help="orders (200)")
    parser.add_argument("--workers", type=int, default=0, help="workers beside the service, on PostgreSQL (0: SQLite)")
    options = parser.parse_args(given)
    with shared(options.workers) as service:
        asyncio.run(at_rest(service, 1))
        took = asyncio.run(measure(service, options.orders))
    found = {"orders": options.orders, "workers": options.workers, **percentiles(took), "targets": TARGETS}
    show("latency", found, as_json=options.json)
