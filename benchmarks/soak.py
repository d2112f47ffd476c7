"""A service that runs for half an hour at 50 orders a second while answers get lost, calls fail and limits are hit.

Every ten seconds both simulated systems get other faults, drawn from a seed. Once a minute the service's memory, open
files and threads and the size of its ledger are noted. At the end the faults stop, and what both systems accepted is
compared: every order has exactly one Customer Order.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from benchmarks.command import show
from benchmarks.service import Service, serving

FAULTS = ("lost_answer", "lost_request", "rate_limited", "server_error", "unavailable", "truncated", "not_json", "slow")
_ORDERS = 'every = "2s"\nsettle_after = "5s"\nlabels = false'
_CONFIG = "\n[runner]\nport = 0\n"
_ORDER = {"items": [{"model_sku": "40020-000", "quantity": 1, "original_price": "20.00"}]}
_PATIENCE = 600.0
_Facts = Mapping[str, Any]


@dataclass
class Soak:
    """One run."""

    service: Service
    http: aiohttp.ClientSession
    rate: int
    random: Random
    placed: int = 0
    samples: list[dict[str, float]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    async def run(self, seconds: float, sample_every: float) -> None:
        """Let buyers order, and let things go wrong."""
        began = time.monotonic()
        next_sample = 0.0
        for second in range(int(seconds)):
            if second % 10 == 0:
                await self._spoil()
            if second >= next_sample:
                self._sample(time.monotonic() - began)
                next_sample += sample_every
            await self._act(
                self.service.shop, "POST", "/orders/bulk", {"count": self.rate, "spread_seconds": 0, "order": _ORDER}
            )
            self.placed += self.rate
            await asyncio.sleep(max(began + second + 1 - time.monotonic(), 0))
        self._sample(time.monotonic() - began)

    async def settle(self) -> dict[str, Any]:
        """End the faults, and wait until both systems tell of the same orders."""
        for system in (self.service.shop, self.service.central):
            await self._act(system, "PUT", "/faults", {"rules": []})
        ends, made = time.monotonic() + _PATIENCE, Counter[str]()
        seen = 0
        while time.monotonic() < ends:
            written = await self._act(self.service.central, "GET", f"/writes?kind=create_order&after={seen}")
            for write in written["writes"]:
                made[write["key"]] += 1
                seen = max(seen, write["number"])
            if len(made) >= self.placed:
                break
            await asyncio.sleep(1)
        return {
            "placed": self.placed,
            "made": len(made),
            "missing": self.placed - len(made),
            "made_twice": sum(count > 1 for count in made.values()),
        }

    async def _spoil(self) -> None:
        for system in (self.service.shop, self.service.central):
            kinds = self.random.sample(FAULTS, self.random.randint(0, 2))
            self.faults.update(kinds)
            rules = [{"kind": kind, "probability": 0.02, "seconds": 0.3} for kind in kinds]
            await self._act(system, "PUT", "/faults", {"rules": rules})

    async def _act(self, system: _Facts, method: str, path: str, body: object = None) -> Any:
        async with self.http.request(method, f"{system['url']}/_sandbox{path}", json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    def _sample(self, at: float) -> None:
        process = Path(f"/proc/{self.service.pid}")
        threads = next(line for line in (process / "status").read_text().splitlines() if line.startswith("Threads"))
        ledger = sum(file.stat().st_size for file in self.service.folder.glob("*.db*"))
        self.samples.append(
            {
                "at_s": round(at),
                "placed": self.placed,
                "rss_mb": self.service.rss_mb(),
                "files": len(list((process / "fd").iterdir())),
                "threads": int(threads.split()[1]),
                "ledger_mb": round(ledger / 1e6, 1),
                "cpu_s": round(self.service.cpu_seconds(), 1),
            }
        )


async def soak(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    """Run, settle, and tell."""
    async with aiohttp.ClientSession() as http:
        one = Soak(service, http, options.rate, Random(options.seed))
        await one.run(options.minutes * 60, options.minutes * 60 / 30)
        end = await one.settle()
    return end | {"growth": growth(one.samples), "faults": dict(one.faults), "samples": one.samples}


def growth(samples: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """From the end of the first third, when everything was warm, to the end."""
    warm, last = samples[len(samples) // 3], samples[-1]
    orders = max(last["placed"] - warm["placed"], 1)
    return {
        "rss_mb": round(last["rss_mb"] - warm["rss_mb"], 1),
        "files": last["files"] - warm["files"],
        "threads": last["threads"] - warm["threads"],
        "ledger_bytes_per_order": round((last["ledger_mb"] - warm["ledger_mb"]) * 1e6 / orders),
        "cpu_ms_per_order": round((last["cpu_s"] - warm["cpu_s"]) * 1e3 / orders, 2),
    }


def main(given: Sequence[str]) -> None:
    """Run and print; ends with 1 when an order is missing or was made twice."""
    words = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks soak", description=words)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (30)")
    parser.add_argument("--rate", type=int, default=50, help="orders a second (50)")
    parser.add_argument("--seed", type=int, default=1, help="of the faults (1)")
    options = parser.parse_args(given)
    with serving(_CONFIG, orders=_ORDERS) as service:
        found = asyncio.run(soak(service, options))
    if not options.json:
        found["samples"] = f"{len(found['samples'])}, see --json"
    show("soak", found, as_json=options.json)
    if found["missing"] or found["made_twice"]:
        sys.exit(1)
