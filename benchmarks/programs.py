"""Running one program on one job, in a process of its own on one core, and measuring what it costs.

python -m benchmarks.programs PROGRAM JOB        (what `measure` starts; prints one JSON object)
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from benchmarks.command import arguments, show, spread
from benchmarks.job import Job
from benchmarks.meter import Meter
from benchmarks.servers import pin, running

PROGRAMS = {
    "limit": ("protocol",),
    "all_in": ("protocol", "aiohttp", "pyreqwest", "httpx"),
    "ours": ("aiohttp", "pyreqwest", "httpx"),
}
"""Programs with the clients that they are measured on."""
AS_IT_IS = "as-it-is"
"""Last argument of a program that is timed from its start, and does nothing for the sake of being measured."""


def measure(program: str, job: Job) -> dict[str, Any]:
    """Do `job` with fresh servers, a fresh process and fresh state, and return what it cost."""
    with running(job) as ready, tempfile.TemporaryDirectory() as folder:
        figures = run(program, replace(ready, folder=folder))
        counts = httpx.get(f"{ready.backend}/counts").json()
    require_done(program, job, counts)
    return figures | {"lists": counts["lists"]}


def require_done(program: str, job: Job, counts: Mapping[str, int]) -> None:
    """A program that leaves orders out, or makes some twice, has no figures."""
    if counts.get("created") != job.orders or counts.get("duplicates") or counts.get("bad signatures"):
        raise RuntimeError(f"{program} did not do its job of {job.orders} orders: {counts}")


def run(program: str, job: Job) -> dict[str, Any]:
    """Run `program` in a process of its own and return what it measured of itself."""
    command = [sys.executable, "-m", "benchmarks.programs", program, json.dumps(job.as_dict())]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, check=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _loop(fast: bool) -> Callable[[], asyncio.AbstractEventLoop]:
    if not fast:
        return asyncio.new_event_loop
    import uvloop

    return uvloop.new_event_loop


def _child() -> None:
    """Run one program and print its figures."""
    pin(0)
    program, job = sys.argv[1], Job(**json.loads(sys.argv[2]))
    module = importlib.import_module(f"benchmarks.{program}")
    if importlib.util.find_spec(job.client):
        importlib.import_module(job.client)  # loading libraries is a matter of `start`
    with asyncio.Runner(loop_factory=_loop(job.uvloop)) as runner:
        told = runner.run(module.run(job, Meter(tidy=sys.argv[-1] != AS_IT_IS)))
    print(json.dumps(told))


def main(given: Sequence[str]) -> None:
    """Run each program with each client that is installed."""
    words = "What each program costs with each client."
    options = arguments("programs", words, given, orders=2_000, rounds=1, latency=0)
    found: dict[str, dict[str, Any]] = {}
    for program, clients in PROGRAMS.items():
        for client in clients:
            if client == "protocol" or importlib.util.find_spec(client):
                fast = client == "pyreqwest" and _has_uvloop()
                job = Job(options.orders, client=client, uvloop=fast, latency=options.latency)
                rounds = [measure(program, job) for _ in range(options.rounds)]
                found[f"{program}, {client}"] = {name: spread([one[name] for one in rounds]) for name in rounds[0]}
    show("programs", {"programs": found, "orders": options.orders, "latency": options.latency}, as_json=options.json)


def _has_uvloop() -> bool:
    return importlib.util.find_spec("uvloop") is not None


if __name__ == "__main__":
    _child()
