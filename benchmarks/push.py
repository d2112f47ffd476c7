"""Push messages at a rate: how many are taken, how fast each is acknowledged, and whether all of them are kept.

The service has one core. The sender keeps to the rate whatever the answers do, as a marketplace does; each message is
signed and names an order of its own. What is acknowledged must be in the ledger.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from benchmarks.clients import ByHand
from benchmarks.command import show
from benchmarks.service import Service, at_rest, percentiles, serving

TARGETS = {"acknowledged_per_second": 500, "lost": 0, "p99_ms": 3_000}


async def send(service: Service, rate: int, seconds: float) -> dict[str, Any]:
    """Send at `rate` what was made and signed before; answers by status and how long each took."""
    statuses: Counter[int] = Counter()
    errors: Counter[str] = Counter()
    took: list[float] = []

    async def one(http: ByHand, request: bytes) -> None:
        began = time.perf_counter()
        try:
            status, _ = await http.send(request)
        except OSError as error:
            status = 0  # not acknowledged: a marketplace sends it again
            errors[type(error).__name__] += 1
        statuses[status] += 1
        took.append(time.perf_counter() - began)

    requests = [prepared(service, message(number)) for number in range(int(rate * seconds))]
    async with ByHand(service.url) as http, asyncio.TaskGroup() as tasks:
        began = time.perf_counter()
        for number, request in enumerate(requests):
            if (early := began + number / rate - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            tasks.create_task(one(http, request))
        offered = len(requests) / (time.perf_counter() - began)
    wall = time.perf_counter() - began
    return {
        "sent": len(requests),
        "offered": offered,
        "statuses": dict(statuses),
        "errors": dict(errors),
        "wall": wall,
    } | percentiles(took)


def prepared(service: Service, body: bytes) -> bytes:
    """The bytes of a whole request."""
    parts = urlsplit(service.url)
    head = {"host": parts.netloc, "content-length": str(len(body)), **service.signed(body)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST /push/shop HTTP/1.1\r\n{lines}\r\n".encode() + body


def message(number: int) -> bytes:
    """A change of an order's status, as Shopee tells it."""
    now = int(time.time())
    data = {"ordersn": f"26PUSH{number:08}", "status": "READY_TO_SHIP", "update_time": now, "items": []}
    return json.dumps({"data": data, "shop_id": 600000, "code": 3, "timestamp": now}).encode()


def kept(service: Service) -> int:
    """How many orders the ledger has a nudge of."""
    with sqlite3.connect(f"file:{service.folder / 'crossdock.db'}?mode=ro", uri=True) as database:
        (count,) = database.execute("SELECT count(DISTINCT key) FROM timeline WHERE what = 'nudge'").fetchone()
    return int(count)


def measure(rate: int, seconds: float) -> dict[str, Any]:
    """Run once."""
    cores = sorted(os.sched_getaffinity(0))
    with serving(core=cores[0]) as service:
        asyncio.run(at_rest(service, 1))
        os.sched_setaffinity(0, {cores[-1]})
        try:
            cpu = service.cpu_seconds()
            told = asyncio.run(send(service, rate, seconds))
            cpu = service.cpu_seconds() - cpu
        finally:
            os.sched_setaffinity(0, set(cores))
        acknowledged = told["statuses"].get(200, 0)
        return {
            "offered_per_second": round(told["offered"], 1),
            "acknowledged_per_second": round(acknowledged / told["wall"], 1),
            "acknowledged": acknowledged,
            "lost": acknowledged - kept(service),
            "refused": told["sent"] - acknowledged,
            "errors": told["errors"],
            "service_core_percent": round(100 * cpu / told["wall"], 1),
            "cpu_us_per_message": round(cpu / told["sent"] * 1e6),
            **{name: told[name] for name in ("p50_ms", "p99_ms", "worst_ms")},
        }


def main(given: Sequence[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks push", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rate", type=int, default=500, help="messages a second (500)")
    parser.add_argument("--seconds", type=float, default=20, help="for how long (20)")
    options = parser.parse_args(given)
    show("push", {**measure(options.rate, options.seconds), "targets": TARGETS}, as_json=options.json)
