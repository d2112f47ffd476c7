"""crossdock and other frameworks on the same job, each whole process from its start to its end, round by round.

Every contender runs on one core, its servers on another. Needs the package index once: each peer gets an environment of
its own. `--only NAME` (may be repeated) takes a few of them, `--latency 0.02` makes every call take 20 ms.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
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
from benchmarks.programs import require_done
from benchmarks.servers import pin, running


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
    with running(job) as ready, tempfile.TemporaryDirectory() as folder:
        placed = replace(ready, folder=folder)
        contender.script(placed)  # makes its environment, which is not what is measured
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        code = start(contender, placed).wait()
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        counts = httpx.get(f"{ready.backend}/counts").json()
        if code:
            raise RuntimeError(
                f"{contender.name} ended with {code}:\n{(Path(folder) / 'output.log').read_text()[-2000:]}"
            )
    require_done(contender.name, job, counts)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"orders_per_second": round(job.orders / wall, 1), "cpu_us_per_order": round(cpu / job.orders * 1e6, 1)}


def ratios(rounds: Sequence[dict[str, dict[str, float]]]) -> dict[str, dict[str, dict[str, float]]]:
    """How many times as many orders per second as each peer, inside each round."""
    ours = [name for name in rounds[0] if name.startswith("ours")]
    others = [name for name in rounds[0] if name not in ours]
    rate = "orders_per_second"
    return {
        f"{name} against": {
            peer: spread([round(one[name][rate] / one[peer][rate], 2) for one in rounds]) for peer in others
        }
        for name in ours
    }


def chosen(only: Sequence[str]) -> list[Contender]:
    """The contenders whose names begin like one of `only`; all without any."""
    return [one for one in CONTENDERS if not only or one.name.startswith(tuple(only))]


def main(given: Sequence[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks peers", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--orders", type=int, default=4_000, help="orders a measurement (4000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, interleaved (5)")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that every call takes at least (0)")
    parser.add_argument("--only", action="append", default=[], help="take contenders whose name begins so")
    options = parser.parse_args(given)
    job, taken = Job(options.orders, options.latency), chosen(options.only)
    rounds = [{one.name: measure(one, job) for one in taken} for _ in range(options.rounds)]
    figures = {
        one.name: {figure: spread([told[one.name][figure] for told in rounds]) for figure in rounds[0][one.name]}
        for one in taken
    }
    found: dict[str, Any] = {"ratios": ratios(rounds), "contenders": figures}
    show("peers", found | {"orders": job.orders, "latency": job.latency, "cores": os.cpu_count()}, as_json=options.json)
