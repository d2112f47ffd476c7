"""crossdock and other frameworks on the same job, each whole process from its start to its end, round by round.

Every contender runs on one core, its servers on another. Needs the package index once: each peer gets an environment of
its own. With a latency, those that send one request at a time get a sixth of the orders, or the whole would take hours;
their start is counted all the same. Five rounds at both latencies take about a quarter of an hour on a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from benchmarks.command import show, spread
from benchmarks.job import Job
from benchmarks.peers.contenders import CONTENDERS, Contender, surroundings
from benchmarks.peers.venvs import ready
from benchmarks.programs import require_done
from benchmarks.servers import pin, running

TARGETS = {
    "instant": {"rate_vs_best_tuned": {"default": 3, "fastest": 5}},
    "20 ms": {
        "rate_vs_best_tuned": {"default": 4, "fastest": 6},
        "rate_vs_best_as_it_comes": {"default": 20, "fastest": 30},
    },
}
"""At least; see `ratios`."""

Round = dict[str, dict[str, float]]
"""What each contender told."""


def start(contender: Contender, job: Job) -> subprocess.Popen[bytes]:
    """Start a contender in a session of its own, so that all its processes can be ended together."""
    log = (Path(job.folder) / "output.log").open("ab")
    with log:
        return subprocess.Popen(
            ["bash", "-c", contender.script(job)],
            cwd=job.folder,
            env=surroundings(job),
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=lambda: pin(0),
        )


def measure(contender: Contender, job: Job) -> dict[str, float]:
    """Let a contender do the job, and return what it cost."""
    with running(job) as serving, tempfile.TemporaryDirectory() as folder:
        placed = replace(serving, folder=folder)
        contender.script(placed)  # makes its environment, which is not what is measured
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        code = start(contender, placed).wait()
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        counts = httpx.get(f"{serving.backend}/counts").json()
        if code:
            raise RuntimeError(
                f"{contender.name} ended with {code}:\n{(Path(folder) / 'output.log').read_text()[-2000:]}"
            )
    require_done(contender.name, job, counts)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "orders_per_second": round(job.orders / wall, 1),
        "cpu_us_per_order": round(cpu / job.orders * 1e6, 1),
        "orders": job.orders,
    }


def fitted(contender: Contender, job: Job) -> Job:
    """Fewer orders for whoever would take minutes."""
    return replace(job, orders=max(job.orders // 6, 1)) if job.latency and not contender.many_at_once else job


def ratios(rounds: Sequence[Round]) -> dict[str, dict[str, dict[str, float]]]:
    """How many times as many orders per second as the best of the peers, inside each round."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for kind, tuned in (("rate_vs_best_tuned", True), ("rate_vs_best_as_it_comes", False)):
        peers = [one.name for one in CONTENDERS if one.peer and one.tuned is tuned and one.name in rounds[0]]
        ours = [one.name for one in CONTENDERS if not one.peer and one.name in rounds[0]]
        if peers:
            found[kind] = {
                name.removeprefix("ours, "): spread([_times(one, name, peers) for one in rounds]) for name in ours
            }
    return found


def _times(told: Round, ours: str, peers: Sequence[str]) -> float:
    best = max(told[peer]["orders_per_second"] for peer in peers)
    return round(told[ours]["orders_per_second"] / best, 2)


def chosen(only: Sequence[str]) -> list[Contender]:
    """The contenders whose names begin like one of `only`; all without any."""
    return [one for one in CONTENDERS if not only or one.name.startswith(tuple(only))]


def main(given: Sequence[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks peers", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--orders", type=int, default=3_000, help="orders a measurement (3000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, interleaved (5)")
    text = "seconds that every call takes at least; may be repeated (0 and 0.02)"
    parser.add_argument("--latency", type=float, action="append", help=text)
    parser.add_argument("--only", action="append", default=[], help="take contenders whose name begins so")
    options = parser.parse_args(given)
    taken, latencies = chosen(options.only), options.latency or [0.0, 0.02]
    if not taken:
        parser.error(f"nobody's name begins so; there are: {', '.join(one.name for one in CONTENDERS)}")
    rounds = _all(taken, options.orders, latencies, options.rounds)
    found: dict[str, Any] = {"ratios": {}, "contenders": {}, "targets": TARGETS}
    for latency, told in rounds.items():
        found["ratios"][latency] = ratios(told)
        found["contenders"][latency] = {
            one.name: {figure: spread([each[one.name][figure] for each in told]) for figure in told[0][one.name]}
            for one in taken
        }
    show("peers", found | {"cores": os.cpu_count()}, as_json=options.json)


def _all(taken: Sequence[Contender], orders: int, latencies: Sequence[float], rounds: int) -> dict[str, list[Round]]:
    """Measure round by round, so that whatever else the machine does meets all alike; say how far it is."""
    for one in taken:
        if one.peer:
            ready(one.peer)
    began, done, all_of_it = time.monotonic(), 0, len(taken) * len(latencies) * rounds
    told: dict[str, list[Round]] = {_named(latency): [] for latency in latencies}
    for number in range(rounds):
        for latency in latencies:
            found: Round = {}
            for one in taken:
                found[one.name] = measure(one, fitted(one, Job(orders, latency)))
                done += 1
                rate, gone = found[one.name]["orders_per_second"], (time.monotonic() - began) / 60
                left = gone / done * (all_of_it - done)
                place = f"round {number + 1} of {rounds}, {_named(latency)}"
                print(f"{place}, {one.name}: {rate:g} orders/s; about {left:.0f} min left", file=sys.stderr, flush=True)
            told[_named(latency)].append(found)
    return told


def _named(latency: float) -> str:
    return f"{latency * 1e3:g} ms" if latency else "instant"
