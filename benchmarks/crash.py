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
from benchmarks.crew import Crew
from benchmarks.outage import Server, serving
from benchmarks.sandboxes import central_table, sandbox, shop_table
from benchmarks.witness import Witness

SETTLE = "5s"
"""How long after a lost request it may still be carried out: the simulated systems take no longer."""
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
        least_kills: how many there are before all orders are there, however fast the orders are done.
        most_kills: after which nobody is killed any more, however long it takes.
        patience: seconds after which it is judged as it is then.
        logs: folder in which the workers' logs are left; empty leaves none.
    """

    orders: int = 2_000
    shops: int = 3
    workers: int = 3
    kill_every: float = 2.0
    outage: float = 10.0
    place_seconds: float = 60.0
    least_kills: int = 2
    most_kills: int = 10_000
    patience: float = 840.0
    logs: str = ""


@dataclass
class Run:
    """One run of a plan."""

    plan: Plan
    http: aiohttp.ClientSession
    shops: Sequence[str]
    central: str
    crew: Crew
    server: Server
    witness: Witness
    placed: list[str] = field(default_factory=list)

    async def go(self) -> None:
        """Let orders flow until each has its tracking number, or until patience ends."""
        for url in (*self.shops, self.central):
            await self._act("PUT", url, "/faults", {"rules": _TROUBLES})
        for _ in range(self.plan.workers):
            self.crew.start()
        while not self.crew.at_work():  # noqa: ASYNC110 - they are other processes
            await asyncio.sleep(0.1)
        around = [asyncio.create_task(one()) for one in (self._accidents, self._post, self._keep_looking)]
        outage = asyncio.create_task(self._outage())
        try:
            async with asyncio.timeout(self.plan.patience):
                await self._place()
                await self._until("set_tracking", self.plan.orders)
                await outage
        except TimeoutError:
            print(f"not done after {self.plan.patience:.0f} s", file=sys.stderr)
        finally:
            for task in (*around, outage):
                task.cancel()
            await asyncio.gather(*around, outage, return_exceptions=True)
        for url in (*self.shops, self.central):
            await self._act("PUT", url, "/faults", {"rules": []})

    async def _place(self) -> None:
        item = {"model_sku": "40020-000", "quantity": 1, "original_price": "20.00"}
        shops = len(self.shops)
        rounds = max(1, min(20, self.plan.orders // (10 * shops)))
        left = [self.plan.orders // shops + (n < self.plan.orders % shops) for n in range(shops)]
        for number in range(rounds):
            for at, url in enumerate(self.shops):
                count = left[at] // (rounds - number)
                left[at] -= count
                bulk = {"count": count, "order": {"items": [item]}}
                self.placed += (await self._act("POST", url, "/orders/bulk", bulk))["order_sns"]
            await asyncio.sleep(self.plan.place_seconds / rounds)
            while self.crew.kills <= min(number, self.plan.least_kills - 1):  # noqa: ASYNC110 - it happens elsewhere
                await asyncio.sleep(0.05)

    async def _post(self) -> None:
        """What people do in LS Central: post each order soon after it is there."""
        done: set[str] = set()
        while True:
            for order in self.witness.keys("create_order") - done:
                done.add(order)
                await self._act("POST", self.central, f"/orders/{order}/post")
            await asyncio.sleep(0.2)

    async def _accidents(self) -> None:
        chance = random.Random(_SEED)
        while True:
            await asyncio.sleep(self.plan.kill_every)
            await asyncio.to_thread(self.crew.revive)
            if self.crew.kills < self.plan.most_kills:
                await asyncio.to_thread(self.crew.kill, chance)

    async def _outage(self) -> None:
        if self.plan.outage:
            await self._until("create_order", self.plan.orders // 2)
            await asyncio.to_thread(self.server.crash)
            await asyncio.sleep(self.plan.outage)
            await asyncio.to_thread(self.server.start)

    async def _keep_looking(self) -> None:
        before = ""
        while True:
            await self.witness.look()
            counts = "  ".join(f"{kind} {len(self.witness.keys(kind))}" for _, kind in _STEPS)
            if counts != before:
                print(f"{counts}  kills {self.crew.kills}", file=sys.stderr, flush=True)
            before = counts
            await asyncio.sleep(0.5)

    async def _until(self, kind: str, count: int) -> None:
        while len(self.witness.keys(kind)) < count:  # noqa: ASYNC110 - it happens elsewhere
            await asyncio.sleep(0.1)

    async def _act(self, method: str, url: str, path: str, body: object = None) -> Any:
        async with self.http.request(method, f"{url}/_sandbox{path}", json=body) as answer:
            if answer.status != 200:
                raise RuntimeError(f"{method} {path}: {answer.status} {await answer.text()}")
            return await answer.json()

    def judge(self) -> dict[str, Any]:
        """What both systems say has happened."""
        seen = {kind: self.witness.seen.get(kind, []) for _, kind in _STEPS}
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
        witness = Witness(http, (*shops, central), [kind for _, kind in _STEPS])
        once = Run(plan, http, shops, central, crew, server, witness)
        began = time.monotonic()
        await once.go()
        wall = time.monotonic() - began
        codes = await asyncio.to_thread(crew.end)
        await witness.look()
        return {
            **once.judge(),
            "orders": len(once.placed),
            "kills": crew.kills,
            "taken_over": crew.taken_over(),
            "seconds": round(wall, 1),
            "longest_standstill_seconds": round(witness.standstill, 1),
            "exit_codes": sorted(set(codes)),
        }


def config(shops: Sequence[dict[str, Any]], central: dict[str, Any], url: str) -> str:
    """All shops, each a route to the same company."""
    parts = ["allow_plain_secrets = true", central_table(central)]
    for number, shop in enumerate(shops):
        parts += [
            shop_table(f"shop{number}", shop),
            f'[routes.r{number}]\nchannel = "shop{number}"\nbackend = "central"',
            f'[routes.r{number}.orders]\nevery = "1s"\ntracking_every = "1s"\nsettle_after = "{SETTLE}"',
            f'[routes.r{number}.backend_options]\nshipping_item = "66010"\ndefault_tender = "1"',
        ]
    parts += [f'[ledger]\nurl = "{url}"', '[runner]\ndispatcher = "procrastinate"\nslice = "5s"']
    return "\n".join(parts)


def measure(plan: Plan) -> dict[str, Any]:
    """Set everything up, run, and add what the ledger says afterwards."""
    with ExitStack() as stack:
        chosen = ("arrange_seconds=0", "tracking_seconds=1", "tracking_touches_order=true")
        options = [part for option in chosen for part in ("--option", option)]
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
