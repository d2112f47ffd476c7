"""Our service between the simulated Shopee and a backend that refuses nothing, so that every effect is counted."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.job import Job
from benchmarks.sandboxes import sandbox, shop_table
from benchmarks.servers import running

PATIENCE = 300.0
"""Seconds after which what is missing is taken to stay missing."""
_ITEM = {"model_sku": "40020-000", "quantity": 1, "original_price": "20.00"}
_TOLD = ("orders_linked", "orders_parked", "steps_in_doubt", "http_failures_total")


@dataclass
class Stage:
    """One service and both systems.

    Attributes:
        folder: where its configuration, its log and its clock's error are.
        shop: what the simulated Shopee announced.
        backend: address of the backend.
        inside: the command in which the service runs; empty for none.
        placed: numbers of the orders that buyers made.
        starts: how often the service was started; somebody starts it again when it ends by itself.
        url: where the service listens.
        disk: where the ledger's own disk is, if it has one.
    """

    folder: Path
    shop: Mapping[str, Any]
    backend: str
    inside: Sequence[str] = ()
    placed: list[str] = field(default_factory=list)
    starts: int = 0
    url: str = ""
    disk: Path = Path()
    _process: subprocess.Popen[str] | None = None

    def configure(self, ledger: str, orders: str, runner: str) -> None:
        """Write the configuration.

        Args:
            ledger: address of the database.
            orders: TOML to add to the flow `orders`.
            runner: TOML to add to the service's options.
        """
        self.set_clock(0)
        (self.folder / "crossdock.toml").write_text(f"""
allow_plain_secrets = true
ledger.url = "{ledger}"
{shop_table("shop", self.shop)}
[connections.backend]
plugin = "bench_backend"
base_url = "{self.backend}"
[routes.bench]
channel = "shop"
backend = "backend"
[routes.bench.orders]
settle_after = "1s"
{orders}
[runner]
port = 0
{runner}
""")

    def set_clock(self, wrong_seconds: float) -> None:
        """Set the service's clock wrong."""
        draft = self.folder / "clock.new"
        draft.write_text(str(wrong_seconds))
        draft.replace(self.folder / "clock")

    def start(self) -> None:
        """Start the service, and wait until it listens or ends."""
        files = [str(self.folder / name) for name in ("crossdock.toml", "clock")]
        command = [*self.inside, sys.executable, "-m", "benchmarks.survival.program", *files]
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        self.url, self.starts = json.loads(line)["url"] if line else "", self.starts + 1

    def end(self) -> None:
        """Have it end."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()
            self._process = None

    def place(self, count: int, **draft: object) -> list[str]:
        """Let buyers order."""
        bulk = {"count": count, "order": {"items": [_ITEM], **draft}}
        numbers: list[str] = self.act("POST", "/orders/bulk", bulk)["order_sns"]
        self.placed += numbers
        return numbers

    def act(self, method: str, path: str, body: object = None) -> Any:
        """Do something in the simulated Shopee."""
        return _asked(method, f"{self.shop['url']}/_sandbox{path}", body)

    def counts(self, path: str = "/counts") -> dict[str, float]:
        """What the backend counted."""
        found: dict[str, float] = _asked("GET", self.backend + path)
        return found

    def until(self, reached: Callable[[], bool]) -> bool:
        """Wait; start the service again when it ended by itself, as a supervisor does."""
        ends = time.monotonic() + PATIENCE
        while not reached():
            if time.monotonic() > ends:
                return False
            if self._process is not None and self._process.poll() is not None:
                self.start()
            time.sleep(0.1)
        return True

    def made(self, count: int) -> bool:
        """Whether so many orders have their document."""
        return self.counts()["documents"] >= count

    def sure(self) -> bool:
        """Whether the ledger knows what came of each order."""
        told = self.told()
        return told["orders_linked"] >= len(self.placed) and not told["steps_in_doubt"]

    def told(self) -> dict[str, int]:
        """What the service tells of its ledger."""
        try:
            lines = httpx.get(f"{self.url}/metrics", trust_env=False, timeout=30).text.splitlines()
        except httpx.HTTPError:
            lines = []
        found = dict.fromkeys(_TOLD, 0)
        for line in lines:
            name, _, value = line.rpartition(" ")
            if (known := name.partition("{")[0].removeprefix("crossdock_")) in found:
                found[known] += int(float(value))
        return found


def _asked(method: str, url: str, body: object = None) -> Any:
    answer = httpx.request(method, url, json=body, trust_env=False, timeout=120)
    answer.raise_for_status()
    return answer.json()


@contextmanager
def stage(*options: str) -> Iterator[Stage]:
    """Both systems; the service is not yet started.

    Args:
        options: of the simulated Shopee.
    """
    with ExitStack() as stack:
        words = [word for option in options for word in ("--option", option)]
        shop = stack.enter_context(sandbox("shopee", *words))
        far = stack.enter_context(running(Job(0)))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = Stage(folder, shop, far.backend)
        stack.callback(made.end)
        yield made
