"""Workers on PostgreSQL, one killed every other second while orders flow, and PostgreSQL itself gone for a while.

Answers get lost, and both systems answer 429 and 500 now and then. Each order is made a Customer Order, posted by hand,
arranged in Shopee and given its tracking number. What happened is told by the systems, not by us.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.command import show
from benchmarks.outage import Server, serving
from benchmarks.sandboxes import central_table, sandbox, shop_table

PATIENCE = 900.0
"""Seconds after which a run is taken to hang."""
TARGETS = {"twice": 0, "missing": 0, "out_of_order": 0}
_TROUBLES = [
    {"kind": "lost_answer", "path": "OmniWrapper|ship_order", "probability": 0.03},
    {"kind": "rate_limited", "path": "OmniWrapper|get_order|ship_order", "probability": 0.02, "seconds": 1},
    {"kind": "server_error", "path": "OmniWrapper|get_order|ship_order", "probability": 0.02},
]
_STEPS = (("central", "create_order"), ("central", "post_order"), ("shop", "ship_order"), ("central", "set_tracking"))
_SEED = 20261122


@dataclass(frozen=True)
class Plan:
    """What is done to whom.

    Attributes:
        orders: in all shops together.
        shops: each a route, whose lane one worker has at a time.
        workers: processes.
        kill_every: seconds between two kills.
        outage: seconds that PostgreSQL is gone, once half of the orders are there; 0 leaves it alone.
        place_seconds: over which the orders come in.
        logs: folder in which the workers' logs are left; empty leaves none.
    """

    orders: int = 2_000
    shops: int = 3
    workers: int = 3
    kill_every: float = 2.0
    outage: float = 10.0
    place_seconds: float = 60.0
    logs: str = ""


@dataclass
class Crew:
    """Workers, each started again when it was killed.

    Attributes:
        command: starts one.
        folder: where each logs to a file of its own.
        kills: how many were killed so far.
    """

    command: Sequence[str]
    folder: Path
    kills: int = 0
    _workers: list[tuple[subprocess.Popen[bytes], Path]] = field(default_factory=list)
    _started: int = 0

    def start(self) -> None:
        """Start one more."""
        self._started += 1
        path = self.folder / f"worker-{self._started:04}.log"
        with path.open("wb") as log:
            self._workers.append((subprocess.Popen(self.command, stderr=log), path))

    def kill(self, chance: random.Random) -> None:
        """Kill one that is at work, as long as another one is; whoever ended is started again, as a supervisor does.

        On a busy machine starting takes longer than killing, and nobody would ever be at work.
        """
        for ended in [one for one in self._workers if one[0].poll() is not None]:
            self._workers.remove(ended)
            self.start()
        working = [one for one in self._workers if b"service.working" in one[1].read_bytes()]
        if len(working) > 1:
            victim = chance.choice(working)
            self._workers.remove(victim)
            victim[0].kill()
            victim[0].wait()
            self.kills += 1
            self.start()

    def end(self) -> list[int]:
        """Have all end well; their exit codes."""
        for process, _ in self._workers:
            process.terminate()
        return [process.wait(timeout=120) for process, _ in self._workers]

    def taken_over(self) -> int:
        """How often one took over what a dead one was at."""
        return sum(path.read_bytes().count(b"lane.taken_over") for path in self.folder.glob("worker-*.log"))

    def close(self) -> None:
        """Leave nobody behind."""
        for process, _ in self._workers:
            process.kill()
            process.wait()


@dataclass
class Run:
    """One run of a plan."""

    plan: Plan
    http: aiohttp.ClientSession
    shops: Sequence[str]
    central: str
    crew: Crew
    server: Server
    placed: list[str] = field(default_factory=list)
    stalls: float = 0.0

    async def go(self) -> None:
        """Let orders flow until each has its tracking number."""
        for url in (*self.shops, self.central):
            await self._act("PUT", url, "/faults", {"rules": _TROUBLES})
        for _ in range(self.plan.workers):
            self.crew.start()
        accidents = asyncio.create_task(self._accidents())
        outage = asyncio.create_task(self._outage())
        posting = asyncio.create_task(self._post())
        try:
            async with asyncio.timeout(PATIENCE):
                await self._place()
                await self._until("set_tracking", self.plan.orders)
                await outage
        finally:
            for task in (accidents, outage, posting):
                task.cancel()
            await asyncio.gather(accidents, outage, posting, return_exceptions=True)
        for url in (*self.shops, self.central):
            await self._act("PUT", url, "/faults", {"rules": []})

    async def _place(self) -> None:
        item = {"model_sku": "40020-000", "quantity": 1, "original_price": "20.00"}
        rounds = max(1, min(20, self.plan.orders // (10 * len(self.shops))))
        left = [
            self.plan.orders // len(self.shops) + (n < self.plan.orders % len(self.shops))
            for n in range(len(self.shops))
        ]
        for number in range(rounds):
            for at, url in enumerate(self.shops):
                count = left[at] // (rounds - number)
                left[at] -= count
                bulk = {"count": count, "order": {"items": [item]}}
                self.placed += (await self._act("POST", url, "/orders/bulk", bulk))["order_sns"]
            await asyncio.sleep(self.plan.place_seconds / rounds)

    async def _post(self) -> None:
        """What people do in LS Central: post each order soon after it is there."""
        done: set[str] = set()
        while True:
            for write in await self.writes(self.central, "create_order"):
                if write["key"] not in done:
                    done.add(write["key"])
                    await self._act("POST", self.central, f"/orders/{write['key']}/post")
            await asyncio.sleep(0.5)

    async def _accidents(self) -> None:
        chance = random.Random(_SEED)
        while True:
            await asyncio.sleep(self.plan.kill_every)
            await asyncio.to_thread(self.crew.kill, chance)

    async def _outage(self) -> None:
        if self.plan.outage:
            await self._until("create_order", self.plan.orders // 2)
            await asyncio.to_thread(self.server.crash)
            await asyncio.sleep(self.plan.outage)
            await asyncio.to_thread(self.server.start)

    async def _until(self, kind: str, count: int) -> None:
        """Wait for so many; note the longest time in which nothing happened."""
        before, since = -1, time.monotonic()
        while (now := len({write["key"] for write in await self.writes(self.central, kind)})) < count:
            if now != before:
                before, since = now, time.monotonic()
                print(f"{kind}: {now} of {count}", file=sys.stderr, flush=True)
            self.stalls = max(self.stalls, time.monotonic() - since)
            await asyncio.sleep(0.25)

    async def writes(self, url: str, kind: str) -> list[dict[str, Any]]:
        """What a system accepted."""
        found: list[dict[str, Any]] = (await self._act("GET", url, f"/writes?kind={kind}"))["writes"]
        return found

    async def _act(self, method: str, url: str, path: str, body: object = None) -> Any:
        async with self.http.request(method, f"{url}/_sandbox{path}", json=body) as answer:
            if answer.status != 200:
                raise RuntimeError(f"{method} {path}: {answer.status} {await answer.text()}")
            return await answer.json()

    async def judge(self) -> dict[str, Any]:
        """What both systems say has happened."""
        seen: dict[str, list[dict[str, Any]]] = {}
        for system, kind in _STEPS:
            urls = self.shops if system == "shop" else [self.central]
            seen[kind] = [write for url in urls for write in await self.writes(url, kind)]
        counts = {kind: Counter(write["key"] for write in writes) for kind, writes in seen.items()}
        first = {kind: {write["key"]: write["at"] for write in reversed(writes)} for kind, writes in seen.items()}
        moments = [[first[kind].get(order, 0.0) for _, kind in _STEPS] for order in self.placed]
        once = ("create_order", "ship_order")
        return {
            "twice": sum(count - 1 for kind in once for count in counts[kind].values()),
            "missing": sum(order not in counts[kind] for order in self.placed for kind in counts),
            "unknown": len(counts["create_order"].keys() - set(self.placed)),
            "out_of_order": sum(times != sorted(times) for times in moments),
            "tracking_written_again": sum(counts["set_tracking"].values()) - len(counts["set_tracking"]),
        }


async def run(plan: Plan, shops: Sequence[str], central: str, crew: Crew, server: Server) -> dict[str, Any]:
    """Run once, and tell what came of it."""
    async with aiohttp.ClientSession() as http:
        once = Run(plan, http, shops, central, crew, server)
        began = time.monotonic()
        await once.go()
        wall = time.monotonic() - began
        codes = await asyncio.to_thread(crew.end)
        return {
            **await once.judge(),
            "orders": len(once.placed),
            "kills": crew.kills,
            "taken_over": crew.taken_over(),
            "seconds": round(wall, 1),
            "longest_standstill_seconds": round(once.stalls, 1),
            "exit_codes": sorted(set(codes)),
        }


def config(shops: Sequence[dict[str, Any]], central: dict[str, Any], url: str) -> str:
    """All shops, each a route to the same company."""
    parts = ["allow_plain_secrets = true", central_table(central)]
    for number, shop in enumerate(shops):
        parts += [
            shop_table(f"shop{number}", shop),
            f'[routes.r{number}]\nchannel = "shop{number}"\nbackend = "central"',
            f'[routes.r{number}.orders]\nevery = "1s"\ntracking_every = "1s"',
            f'[routes.r{number}.backend_options]\nshipping_item = "66010"\ndefault_tender = "1"',
        ]
    parts += [f'[ledger]\nurl = "{url}"', '[runner]\ndispatcher = "procrastinate"\nslice = "5s"']
    return "\n".join(parts)


def measure(plan: Plan) -> dict[str, Any]:
    """Set everything up, run, and add what the ledger says afterwards."""
    with ExitStack() as stack:
        options = ("--option", "arrange_seconds=0", "--option", "tracking_seconds=1", "--option")
        options += ("tracking_touches_order=true",)
        shops = [stack.enter_context(sandbox("shopee", "--seed", str(n), *options)) for n in range(plan.shops)]
        central = stack.enter_context(sandbox("ls_central"))
        server = stack.enter_context(serving())
        folder = Path(plan.logs or stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "crossdock.toml"
        path.write_text(config(shops, central, server.url))
        command = [sys.executable, "-m", "crossdock.cli", "--config", str(path)]
        crew = Crew([*command, "worker"], folder)
        stack.callback(crew.close)
        found = asyncio.run(run(plan, [shop["url"] for shop in shops], central["url"], crew, server))
        status = json.loads(subprocess.run([*command, "status", "--json"], check=True, capture_output=True).stdout)
        found |= {name: sum(one[name] for one in status) for name in ("linked", "in_doubt", "parked")}
        return found


def main(given: Sequence[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks crash", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value, help=f"({value})")
    options = parser.parse_args(given)
    plan = Plan(**{name: getattr(options, name) for name in asdict(Plan())})
    show("crash", {**asdict(plan), **measure(plan), "targets": TARGETS}, as_json=options.json)
