"""A network of its own for one contender and both systems, in which no packet arrives for a while.

python -m benchmarks.survival.network CONTENDER ACCIDENT ORDERS      (what `survive_apart` starts; prints one object)
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SILENCE = ("dev", "lo", "root", "pfifo", "limit", "0")
"""A queue for nothing: whatever is sent is dropped without a word, as where a cable is cut."""


def possible() -> bool:
    """Whether this machine lets us have networks of our own."""
    if not (shutil.which("unshare") and shutil.which("tc") and shutil.which("ip")):
        return False
    tried = subprocess.run([*apart("--net"), "tc", "qdisc", "add", *_SILENCE], check=False, capture_output=True)
    return tried.returncode == 0


def apart(*kinds: str) -> list[str]:
    """The command that gives another one namespaces of its own, with the rights to change them."""
    return ["unshare", *kinds, *(() if os.geteuid() == 0 else ("--user", "--map-root-user"))]


def rights() -> tuple[str, ...]:
    """What `nsenter` needs beside, to enter what `apart` made."""
    return () if os.geteuid() == 0 else ("--user", "--preserve-credentials")


@contextmanager
def partition() -> Iterator[None]:
    """Drop every packet of this network until the block ends."""
    subprocess.run(["tc", "qdisc", "add", *_SILENCE], check=True)
    try:
        yield
    finally:
        subprocess.run(["tc", "qdisc", "del", "dev", "lo", "root"], check=True)


def survive_apart(contender: str, accident: str, orders: int) -> dict[str, float]:
    """Like `survive`, in a network of its own."""
    program = [sys.executable, "-m", "benchmarks.survival.network", contender, accident, str(orders)]
    command = [*apart("--net"), "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *program]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _child() -> None:
    from benchmarks.peers.contenders import CONTENDERS
    from benchmarks.survival.accidents import ACCIDENTS, survive

    name, accident, orders = sys.argv[1:]
    contender = next(one for one in CONTENDERS if one.name == name)
    print(json.dumps(survive(contender, ACCIDENTS[accident], int(orders))))


if __name__ == "__main__":
    _child()
