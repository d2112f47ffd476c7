"""What a service costs when nothing happens: many shops are configured, polled on their schedule, and show nothing new.

The real Shopee plugin over HTTP; the simulated Shopee has one shop, which plays them all. Measured from the moment
when every lane has run once.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.command import show
from benchmarks.service import SELDOM, at_rest, serving

TARGETS = {"core_percent": 5.0, "rss_mb": 250.0}


def measure(shops: int, seconds: float, every: str = "5m") -> dict[str, Any]:
    """Run once."""
    began = time.perf_counter()
    with serving(SELDOM, shops=shops, orders=f'every = "{every}"') as service:
        asyncio.run(at_rest(service, shops))
        started, cpu_at_start = time.perf_counter() - began, service.cpu_seconds()
        began = time.perf_counter()
        asyncio.run(asyncio.sleep(seconds))
        cpu, wall = service.cpu_seconds() - cpu_at_start, time.perf_counter() - began
        return {
            "shops": shops,
            "core_percent": round(100 * cpu / wall, 2),
            "rss_mb": service.rss_mb(),
            "first_runs_seconds": round(started, 1),
            "first_runs_cpu_seconds": round(cpu_at_start, 1),
            "measured_seconds": round(wall),
        }


def main(given: Sequence[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks idle", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--shops", type=int, default=500, help="shops (500)")
    parser.add_argument("--seconds", type=float, default=330, help="how long to look; lanes run every 300 s (330)")
    parser.add_argument("--every", default="5m", help="how often lanes run (5m); 50 shops every 30s poll as 500 do")
    options = parser.parse_args(given)
    show("idle", {**measure(options.shops, options.seconds, options.every), "targets": TARGETS}, as_json=options.json)
