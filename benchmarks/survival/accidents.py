"""What each contender leaves behind when things go wrong: documents too many, orders missing, and how long it takes.

The backend neither refuses a second use of a reference nor forgets anything, so that whatever is sent twice is counted.
After each accident a contender is started again until it ends well, at most `RUNS` times, as an operator would. What
lasts a while begins when half is made, and nobody is started again before it is over.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

import httpx

from benchmarks.job import Job
from benchmarks.peers.command import start
from benchmarks.peers.contenders import Contender
from benchmarks.servers import running
from benchmarks.survival import network

RUNS = 3
"""How often a job is started again."""
PATIENCE = 300
"""Seconds after which a run is ended."""

Counts = Mapping[str, float]


@contextmanager
def storm(job: Job) -> Iterator[None]:
    """Both systems answer every call with 429 and a Retry-After of one second."""
    _ask(job, "/trouble/storm")
    yield
    _ask(job, "/trouble/none")


@dataclass(frozen=True)
class Accident:
    """One kind.

    Attributes:
        words: what happens.
        spoil: makes the job one where it happens.
        kill: whether the first run is killed when half is made.
        at_least: runs at least; one more than needed shows what a run with nothing new does.
        trouble: what begins when half is made, and ends with the block.
        seconds: how long that lasts.
        apart: whether it needs a network of its own.
    """

    words: str
    spoil: Callable[[Job], Job] = lambda job: job
    kill: bool = False
    at_least: int = 1
    trouble: Callable[[Job], AbstractContextManager[None]] | None = None
    seconds: float = 0.0
    apart: bool = False


ACCIDENTS = {
    "re-run": Accident("a second run with nothing new", at_least=2),
    "lost answers": Accident("2 % of answers lost after the document was made", lambda job: replace(job, lose=50)),
    "poison": Accident("0.5 % of orders refused for good", lambda job: replace(job, poison=200)),
    "list shift": Accident(
        "a tenth of all orders move to the end of the list while it is read",
        lambda job: replace(job, shift=10),
        at_least=2,
    ),
    "killed": Accident("kill -9 of all its processes when half is made", kill=True),
    "storm": Accident("every call answered 429 for 20 s", trouble=storm, seconds=20),
    "partition": Accident(
        "no packet arrives for 40 s", trouble=lambda _job: network.partition(), seconds=40, apart=True
    ),
}


def survive(contender: Contender, accident: Accident, orders: int) -> dict[str, float]:
    """Let it happen, start again, and count."""
    spoilt = accident.spoil(Job(orders))
    with running(spoilt) as ready, tempfile.TemporaryDirectory() as folder:
        placed = replace(ready, folder=folder)
        contender.script(placed)
        runs, ended = 0, 1
        if accident.kill or accident.trouble:
            runs, ended = int(not accident.kill), _strike(contender, accident, placed)
        while runs < accident.at_least or (ended and runs < RUNS):
            ended, runs = _wait(start(contender, placed)), runs + 1
        counts = _ask(placed, "/counts")
    refused = sum(1 for number in range(orders) if spoilt.poison and not number % spoilt.poison)
    told = {
        "extra": counts.get("duplicates", 0),
        "missing": orders - refused - counts["documents"],
        "runs": runs,
        "seconds": counts["seconds"],
        "ended_well": int(not ended),
    }
    return told | ({"recovered_seconds": counts["recovered_seconds"]} if accident.kill or accident.trouble else {})


def _strike(contender: Contender, accident: Accident, job: Job) -> int:
    """The first run, and what happens to it; answers how it ended."""
    process = start(contender, job)
    while process.poll() is None and _ask(job, "/counts")["documents"] < job.orders // 2:
        time.sleep(0.02)
    if accident.kill:
        _kill(process)
    if accident.trouble:
        with accident.trouble(job):
            time.sleep(accident.seconds)
    _ask(job, "/trouble/none")  # from now on it recovers
    return _wait(process)


def _wait(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        _kill(process)
        return 1


def _kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _ask(job: Job, path: str) -> Counts:
    """What the far side counted; a connection of its own each time, so that nothing is left in a lost one."""
    with httpx.Client(trust_env=False, verify=False, timeout=30) as client:
        counts: Counts = client.get(job.backend + path).json()
        return counts
