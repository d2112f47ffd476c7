"""A service that runs for half an hour at 50 orders a second while answers get lost, calls fail and limits are hit.

Every ten seconds both simulated systems get other faults, drawn from a seed; push messages are lost, doubled and
reordered throughout; in the first third the service is killed a few times, and started again. Thirty times its memory,
open files, threads, tasks and backlog and the size of its ledger are noted; how they grew is counted from the end of
the first third, in which everything got warm. At the end the faults stop, and what both systems accepted is
compared with each other and with the ledger: every order has exactly one Customer Order.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
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
_PUSHES = {"codes": [3], "lose": 0.05, "double": 0.05, "reorder": True}
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
    kills: int = 0
    made: Counter[str] = field(default_factory=Counter)
    samples: list[dict[str, float]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    _seen: int = 0

    async def run(self, seconds: int, kills: int) -> None:
        """Let buyers order, and let things go wrong."""
        await self._listen()
        deadly = set(self.random.sample(range(seconds // 3), min(kills, seconds // 3)))
        began = time.monotonic()
        for second in range(seconds):
            if second % 10 == 0:
                await self._spoil()
            if second % max(seconds // 30, 1) == 0:
                await self._sample(time.monotonic() - began)
            if second in deadly:
                await self._kill()
            self.placed += await self._place()
            await asyncio.sleep(max(began + second + 1 - time.monotonic(), 0))
        await self._sample(time.monotonic() - began)

    async def settle(self) -> dict[str, Any]:
        """End the faults, and wait until both systems tell of the same orders."""
        for system in (self.service.shop, self.service.central):
            await self._act(system, "PUT", "/faults", {"rules": []})
        began = time.monotonic()
        made = await self._until_made(began + _PATIENCE)
        recovered = time.monotonic() - began
        told = await self._until_sure(began + _PATIENCE)
        return {
            "placed": self.placed,
            "made": len(made),
            "missing": self.placed - len(made),
            "made_twice": sum(count > 1 for count in made.values()),
            "ledger": {name: told[name] for name in ("linked", "in_doubt", "parked")},
            "kills": self.kills,
            "recovered_seconds": round(recovered, 1),
        }

    async def _listen(self) -> None:
        await self._act(self.service.shop, "PUT", "/push", {"url": f"{self.service.url}/push/shop", **_PUSHES})

    async def _kill(self) -> None:
        await asyncio.to_thread(self.service.end, signal.SIGKILL)
        await asyncio.to_thread(self.service.start)
        await self._listen()
        self.kills += 1

    async def _place(self) -> int:
        bulk = {"count": self.rate, "spread_seconds": 0, "order": _ORDER}
        return len((await self._act(self.service.shop, "POST", "/orders/bulk", bulk))["order_sns"])

    async def _until_made(self, ends: float) -> Counter[str]:
        while True:
            made = await self._made()
            if len(made) >= self.placed or time.monotonic() >= ends:
                return made
            await asyncio.sleep(0.5)

    async def _until_sure(self, ends: float) -> dict[str, Any]:
        """Wait until the ledger knows of each order what came of it."""
        while True:
            told = (await asyncio.to_thread(self.service.told))[0]
            if (told["linked"] >= self.placed and not told["in_doubt"]) or time.monotonic() >= ends:
                return told
            await asyncio.sleep(1)

    async def _made(self) -> Counter[str]:
        written = await self._act(self.service.central, "GET", f"/writes?kind=create_order&after={self._seen}")
        for write in written["writes"]:
            self.made[write["key"]] += 1
            self._seen = max(self._seen, write["number"])
        return self.made

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

    async def _sample(self, at: float) -> None:
        process = Path(f"/proc/{self.service.pid}")
        threads = next(line for line in (process / "status").read_text().splitlines() if line.startswith("Threads"))
        ledger = sum(file.stat().st_size for file in self.service.folder.glob("*.db*"))
        self.samples.append(
            {
                "at_s": round(at),
                "placed": self.placed,
                "backlog": self.placed - len(await self._made()),
                "rss_mb": self.service.rss_mb(),
                "files": len(list((process / "fd").iterdir())),
                "threads": int(threads.split()[1]),
                "tasks": await self._tasks(),
                "ledger_mb": round(ledger / 1e6, 1),
                "cpu_s": round(self.service.cpu_seconds(), 1),
            }
        )

    async def _tasks(self) -> int:
        async with self.http.get(f"{self.service.url}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return int(float(next(line for line in lines if line.startswith("crossdock_tasks ")).split()[1]))


async def soak(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    """Run, settle, and tell."""
    async with aiohttp.ClientSession() as http:
        one = Soak(service, http, options.rate, Random(options.seed))
        began = time.monotonic()
        await one.run(round(options.minutes * 60), options.kills)
        rate = one.placed / (time.monotonic() - began)
        end = await one.settle()
    told = end | {"orders_per_second": round(rate, 1), "growth": growth(one.samples), "faults": dict(one.faults)}
    return told | {"samples": one.samples}


def growth(samples: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """From the end of the first third, when everything was warm; of ledger and CPU also what each third took."""
    warm, middle, last = samples[len(samples) // 3], samples[len(samples) * 2 // 3], samples[-1]
    told = {name: round(last[name] - warm[name], 1) for name in ("rss_mb", "files", "threads", "tasks")}
    told["most_backlog"] = max(one["backlog"] for one in samples)
    for name, unit, scale in (("ledger_mb", "ledger_bytes_per_order", 1e6), ("cpu_s", "cpu_ms_per_order", 1e3)):
        for half, since, until in (("middle", warm, middle), ("last", middle, last)):
            orders = max(until["placed"] - since["placed"], 1)
            told[f"{unit}_{half}_third"] = round((until[name] - since[name]) * scale / orders, 2)
    return told


def main(given: Sequence[str]) -> None:
    """Run and print; ends with 1 when an order is missing or was made twice."""
    words = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks soak", description=words)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (30)")
    parser.add_argument("--rate", type=int, default=50, help="orders a second (50)")
    parser.add_argument("--kills", type=int, default=3, help="how often the service is killed in the first third (3)")
    parser.add_argument("--seed", type=int, default=1, help="of the faults (1)")
    options = parser.parse_args(given)
    with serving(_CONFIG, orders=_ORDERS) as service:
        found = asyncio.run(soak(service, options))
    if not options.json:
        found["samples"] = f"{len(found['samples'])}, see --json"
    show("soak", found, as_json=options.json)
    if found["missing"] or found["made_twice"]:
        sys.exit(1)
