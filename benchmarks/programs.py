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
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from benchmarks.job import Job
from benchmarks.meter import Meter
from benchmarks.servers import pin, running

PROGRAMS = ("limit", "all_in", "ours")


def measure(program: str, job: Job) -> dict[str, Any]:
    """Do `job` with fresh servers, a fresh process and fresh state, and return what it cost."""
    with running(job) as ready, tempfile.TemporaryDirectory() as folder:
        figures = run(program, replace(ready, folder=folder))
        counts = httpx.get(f"{ready.backend}/counts").json()
    if counts.get("created") != job.orders or counts.get("duplicates") or counts.get("bad signatures"):
        raise RuntimeError(f"{program} did not do its job of {job.orders} orders: {counts}")
    return figures | {"lists": counts["lists"]}


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


def main() -> None:
    """Run one program and print its figures."""
    pin(0)
    program, job = sys.argv[1], Job(**json.loads(sys.argv[2]))
    module = importlib.import_module(f"benchmarks.{program}")
    if importlib.util.find_spec(job.client):
        importlib.import_module(job.client)  # loading libraries is a matter of `start`
    meter = Meter()
    with asyncio.Runner(loop_factory=_loop(job.uvloop)) as runner:
        told = runner.run(module.run(job, meter))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
