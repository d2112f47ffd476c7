"""What each contender leaves behind when things go wrong: documents too many, orders missing, and how long it takes.

The backend neither refuses a second use of a reference nor forgets anything, so that whatever is sent twice is counted.
After each accident a contender is started again until it ends well, at most `RUNS` times, as an operator would.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import httpx

from benchmarks.command import show
from benchmarks.job import Job
from benchmarks.peers.command import chosen, start
from benchmarks.peers.contenders import Contender
from benchmarks.servers import running

RUNS = 3
"""How often a job is started again."""
PATIENCE = 300
"""Seconds after which a run is ended."""

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Scenario:
    """One kind of accident.

    Attributes:
        words: what happens.
        spoil: makes the job one where it happens.
        kill: whether the first run is killed when half is made.
        at_least: runs at least; one more than needed shows what a run with nothing new does.
    """

    words: str
    spoil: Callable[[Job], Job]
    kill: bool = False
    at_least: int = 1


SCENARIOS = {
    "re-run": Scenario("a second run with nothing new", lambda job: job, at_least=2),
    "lost answers": Scenario("2 % of answers lost after the document was made", lambda job: replace(job, lose=50)),
    "poison": Scenario("0.5 % of orders refused for good", lambda job: replace(job, poison=200)),
    "killed": Scenario("kill -9 of all its processes when half is made", lambda job: job, kill=True),
}


def survive(contender: Contender, scenario: Scenario, orders: int) -> dict[str, float]:
    """Let it happen, start again, and count."""
    spoilt = scenario.spoil(Job(orders))
    with running(spoilt) as ready, tempfile.TemporaryDirectory() as folder:
        placed = replace(ready, folder=folder)
        contender.script(placed)
        if scenario.kill:
            _kill_at_half(contender, placed)
        began, runs, ended = time.perf_counter(), 0, 1
        while runs < scenario.at_least or (ended and runs < RUNS):
            ended, runs = _run(contender, placed), runs + 1
        wall = time.perf_counter() - began
        counts = _counts(placed)
    refused = sum(1 for number in range(orders) if spoilt.poison and not number % spoilt.poison)
    return {
        "extra": counts.get("duplicates", 0),
        "missing": orders - refused - counts["documents"],
        "runs": runs,
        "seconds": round(wall, 1),
        "ended_well": int(not ended),
    }


def _run(contender: Contender, job: Job) -> int:
    process = start(contender, job)
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        _kill(process)
        return 1


def _kill_at_half(contender: Contender, job: Job) -> None:
    with httpx.Client(base_url=job.backend, trust_env=False, verify=False) as client:
        process = start(contender, job)
        while process.poll() is None and client.get("/counts").json()["documents"] < job.orders // 2:
            time.sleep(0.02)
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _counts(job: Job) -> Counts:
    counts: Counts = httpx.get(f"{job.backend}/counts").json()
    return counts


def main(given: Sequence[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks survival", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--orders", type=int, default=2_000, help="orders a scenario (2000)")
    parser.add_argument("--only", action="append", default=[], help="take contenders whose name begins so")
    options = parser.parse_args(given)
    found = {
        f"{name}: {scenario.words}": {one.name: survive(one, scenario, options.orders) for one in chosen(options.only)}
        for name, scenario in SCENARIOS.items()
    }
    show("survival", {"scenarios": found, "orders": options.orders}, as_json=options.json)
