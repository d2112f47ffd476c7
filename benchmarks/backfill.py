"""Ninety days of history taken over, with `kill -9` in the middle: is it resumed, does memory stay, does speed stay?

The first run is killed when half is made; the second goes on from there. Both tell after every twentieth what they
cost, so that the first tenth of all orders can be compared with the last.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from benchmarks.command import arguments, show
from benchmarks.job import Job
from benchmarks.meter import peak_kilobytes
from benchmarks.ours import configuration
from benchmarks.programs import require_done
from benchmarks.servers import pin, running
from crossdock import process
from crossdock.flows.orders.report import Report
from crossdock.log import configure
from crossdock.runner import Engine

DAYS = 90
_MARKS = 20
"""How often a run tells what it cost, spread over all orders."""

Mark = Mapping[str, float]


def measure(job: Job) -> dict[str, Any]:
    """Run until half is made, kill, run to the end."""
    with running(job) as ready, tempfile.TemporaryDirectory() as folder:
        placed = replace(ready, folder=folder)
        before = list(_until(placed, job.orders // 2))
        killed_at = _counts(placed)["documents"]
        after = list(_until(placed, job.orders))
        counts = _counts(placed)
        size = sum(file.stat().st_size for file in Path(folder).glob("crossdock.db*"))
    require_done("the backfill", job, counts)
    if killed_at >= job.orders:
        raise RuntimeError(f"all {job.orders} orders were made before the run could be killed: take more")
    first, last = _cost(before[:2]), _cost(after[-2:])
    return {
        "killed_at": killed_at,
        "orders_per_second": {"first_tenth": first["rate"], "last_tenth": last["rate"]},
        "cpu_us_per_order": {"first_tenth": first["cpu"], "last_tenth": last["cpu"]},
        "cpu_last_vs_first_tenth": round(last["cpu"] / first["cpu"], 3),
        "peak_rss_mb": {"first_tenth": before[1]["rss_mb"], "end": after[-1]["rss_mb"]},
        "ledger_bytes_per_order": round(size / job.orders),
    }


def _until(job: Job, documents: int) -> Iterator[Mark]:
    """Start a run, hand on what it tells, and kill it when the backend has so many documents."""
    command = [sys.executable, "-m", "benchmarks.backfill", json.dumps(job.as_dict())]
    child = subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True)
    if child.stdout is None:
        raise RuntimeError("the run has no output")
    with child:
        for line in child.stdout:
            yield json.loads(line)
            if documents < job.orders and _counts(job)["documents"] >= documents:
                os.kill(child.pid, signal.SIGKILL)
                return


def _cost(marks: Sequence[Mark]) -> dict[str, float]:
    """What the stretches between marks cost together."""
    orders = sum(mark["orders"] for mark in marks)
    return {
        "rate": round(orders / sum(mark["wall"] for mark in marks), 1),
        "cpu": round(sum(mark["cpu"] for mark in marks) / orders * 1e6, 1),
    }


def _counts(job: Job) -> dict[str, int]:
    counts: dict[str, int] = httpx.get(f"{job.backend}/counts").json()
    return counts


class _Teller:
    """Tells what every stretch of orders cost."""

    def __init__(self, every: int) -> None:
        self._every = every
        self._done, self._wall, self._cpu = 0, time.perf_counter(), time.process_time()

    def __call__(self, report: Report) -> None:
        done = report.count("create")
        if done - self._done >= self._every:
            self.tell(done)

    def tell(self, done: int) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        stretch = {"orders": done - self._done, "wall": wall - self._wall, "cpu": cpu - self._cpu}
        print(json.dumps(stretch | {"rss_mb": round(peak_kilobytes() / 1024, 1)}), flush=True)
        self._done, self._wall, self._cpu = done, wall, cpu


async def _run(job: Job) -> None:
    configure(level="warning")
    process.quicken()
    async with Engine.open(configuration(job)) as engine:
        await engine.connections.route("bench")
        await engine.history("bench", DAYS + 1, _Teller(job.orders // _MARKS))
        while (await engine.ledger.status("bench")).doubtful:
            await asyncio.sleep(0.1)
            await engine.pull("bench")


def main(given: Sequence[str]) -> None:
    """Run and print."""
    options = arguments("backfill", __doc__ or "", given, orders=1_000_000, rounds=1)
    job = Job(options.orders, client="aiohttp", days=DAYS)
    found = [measure(job) for _ in range(options.rounds)]
    show("backfill", {"rounds": dict(enumerate(found, 1)), "orders": job.orders}, as_json=options.json)


if __name__ == "__main__":
    pin(0)
    asyncio.run(_run(Job(**json.loads(sys.argv[1]))))
