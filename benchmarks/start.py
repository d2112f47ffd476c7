"""How long it takes from an empty process to the first request, also of one that follows a killed one, and of what.

`first_request` is timed where the request arrives; `first_order` is a whole process, which makes one document and ends.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from benchmarks.command import arguments, show, spread
from benchmarks.crash import config
from benchmarks.job import Job
from benchmarks.outage import serving
from benchmarks.programs import AS_IT_IS
from benchmarks.sandboxes import sandbox
from benchmarks.servers import running

_ROOT = Path(__file__).parents[1]
TARGETS = {"first_request_seconds": 1.0, "after_kill_seconds": 1.0, "worker_seconds": 1.0}
_ORDERS = 2_000


def one_round(cache: str) -> dict[str, float]:
    """Measure each once; `cache` is where compiled modules are kept."""
    job = Job(1, client="aiohttp")
    with running(job) as ready, tempfile.TemporaryDirectory() as folder:
        order = json.dumps(replace(ready, folder=folder).as_dict())
        first = _timed(cache, "-m", "benchmarks.programs", "ours", order, AS_IT_IS)
    imported = _timed(cache, "-c", "import crossdock.runner")
    helped = _timed(cache, "-m", "crossdock.cli", "--help")
    nothing = _timed(cache, "-c", "pass")
    measured = {"first_order": first, "import": imported, "help": helped, "python": nothing}
    return {f"{name}_{what}": value for name, row in measured.items() for what, value in row.items()}


def first_requests(cache: str) -> dict[str, float]:
    """Seconds until the first request: with a new ledger, and with that of a process killed at its work."""
    with ExitStack() as stack:
        ready = stack.enter_context(running(Job(_ORDERS, client="aiohttp")))
        placed = replace(ready, folder=stack.enter_context(tempfile.TemporaryDirectory()))
        http = stack.enter_context(httpx.Client(base_url=ready.backend))
        new = _until_first_request(cache, placed, http, _ORDERS // 4)
        after = _until_first_request(cache, placed, http, 0)
    return {"first_request_seconds": new, "after_kill_seconds": after}


def _until_first_request(cache: str, job: Job, http: httpx.Client, documents: int) -> float:
    """Start the program, and kill it once it has called and there are more than so many documents."""
    http.get("/forget")
    command = [sys.executable, "-m", "benchmarks.programs", "ours", json.dumps(job.as_dict()), AS_IT_IS]
    began = time.monotonic()
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL, env=_with(cache)) as process:
        first: float | None = None
        while first is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
                raise RuntimeError(f"the program ended with {process.returncode} before it could be killed")
            told = http.get("/counts").json()
            first = told["first_call_at"] if told["documents"] > documents else None
        process.kill()
    return round(first - began, 3)


@contextmanager
def ready_for_workers() -> Iterator[Path]:
    """A configuration for many machines whose ledger has its tables; where it is."""
    with ExitStack() as stack:
        shops = [stack.enter_context(sandbox("shopee"))]
        central = stack.enter_context(sandbox("ls_central"))
        server = stack.enter_context(serving())
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "crossdock.toml"
        path.write_text(config(shops, central, server.url))
        subprocess.run(
            [sys.executable, "-m", "crossdock.cli", "--config", str(path), "db", "upgrade"],
            check=True,
            capture_output=True,
        )
        yield path


def worker(cache: str, path: Path) -> dict[str, float]:
    """Seconds from an empty process to a worker's first run of a lane, which begins with its first request."""
    command = [sys.executable, "-m", "crossdock.cli", "--config", str(path), "worker"]
    began = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=_with(cache)) as process:
        assert process.stderr is not None
        while line := process.stderr.readline():
            if b"lane.started" in line:
                break
        wall = time.perf_counter() - began
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        process.kill()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return {"worker_seconds": round(wall, 3), "worker_cpu_seconds": round(cpu, 3)}


def _timed(cache: str, *command: str) -> dict[str, float]:
    """Seconds that a process took, by the clock and of CPU."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=_ROOT, check=True, stdout=subprocess.DEVNULL, env=_with(cache))
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(wall, 3), "cpu_seconds": round(cpu, 3)}


def _with(cache: str) -> dict[str, str]:
    """An environment in which modules are compiled once, as they are where somebody has installed them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": cache}


def slowest_imports(cache: str, count: int = 12) -> dict[str, float]:
    """Milliseconds of the modules whose own import takes longest, by Python's own account."""
    command = [sys.executable, "-X", "importtime", "-c", "import crossdock.runner"]
    told = subprocess.run(command, cwd=_ROOT, check=True, stderr=subprocess.PIPE, text=True, env=_with(cache)).stderr
    rows = [line.removeprefix("import time:").split("|") for line in told.splitlines()[1:]]
    own = {name.strip(): int(own) / 1000 for own, _, name in rows}
    return dict(sorted(own.items(), key=lambda row: -row[1])[:count])


def main(given: Sequence[str]) -> None:
    """Run and print."""
    options = arguments("start", __doc__ or "", given, orders=1, rounds=5)
    with tempfile.TemporaryDirectory() as cache:
        with ready_for_workers() as path:
            _ = one_round(cache), worker(cache, path)  # they compile
            rounds = [one_round(cache) | first_requests(cache) | worker(cache, path) for _ in range(options.rounds)]
        imports = slowest_imports(cache)
    figures: dict[str, Any] = {name: spread([one[name] for one in rounds]) for name in rounds[0]}
    show("start", {"figures": figures, "targets": TARGETS, "imports_ms": imports}, as_json=options.json)
