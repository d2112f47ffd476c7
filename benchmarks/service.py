"""The service as a process of its own, beside the simulated systems, and what it costs."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.sandboxes import sandbox, toml

_TICKS = os.sysconf("SC_CLK_TCK")
SELDOM = "\n[runner]\nport = 0\n"


@dataclass
class Service:
    """A running service.

    Attributes:
        folder: where its configuration, its ledger and its log are.
        shop: what the simulated Shopee announced.
        central: what the simulated LS Central announced.
        url: where it listens.
        pid: its process.
    """

    folder: Path
    shop: Mapping[str, Any]
    central: Mapping[str, Any]
    url: str = ""
    pid: int = 0
    _process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [sys.executable, "-m", "crossdock.cli", "--config", str(self.folder / "crossdock.toml")]
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                [*command, "run", "--json"], stdout=subprocess.PIPE, stderr=log, text=True, bufsize=1
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the service did not start: {(self.folder / 'log').read_text()}")
        self.url, self.pid = json.loads(line)["url"], self._process.pid

    def end(self, number: int = signal.SIGTERM) -> None:
        """End it with a signal, and wait until it is gone."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.communicate()
            self._process = None

    def told(self) -> list[dict[str, Any]]:
        """What `crossdock status` says of each route."""
        command = [sys.executable, "-m", "crossdock.cli", "--config", str(self.folder / "crossdock.toml")]
        done = subprocess.run([*command, "status", "--json"], check=True, capture_output=True)
        routes: list[dict[str, Any]] = json.loads(done.stdout)
        return routes

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def rss_mb(self) -> float:
        """Resident memory now."""
        return self._memory("VmRSS")

    def peak_mb(self) -> float:
        """The most resident memory so far."""
        return self._memory("VmHWM")

    def _memory(self, name: str) -> float:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return round(int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024, 1)

    def signed(self, body: bytes) -> dict[str, str]:
        """Headers of a push message, as Shopee sends them."""
        key = str(self.shop["credentials"]["partner_key"]).encode()
        return {"Authorization": hmac.digest(key, f"{self.url}/push/shop|".encode() + body, sha256).hex()}


@contextmanager
def serving(config: str = SELDOM, *, shops: int = 1, orders: str = "", core: int | None = None) -> Iterator[Service]:
    """Both simulated systems, and a service that joins them.

    Args:
        config: TOML to add.
        shops: how many connections and routes; the simulated Shopee has one shop, which plays them all.
        orders: TOML to add to the options of the flow `orders`.
        core: the only core that the service may use; None for any.
    """
    with ExitStack() as stack:
        shop, central = (stack.enter_context(sandbox(name)) for name in ("shopee", "ls_central"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = folder / "crossdock.toml"
        joined = toml(shop, central).replace("[routes.sg.orders]", f"[routes.sg.orders]\n{orders}")
        path.write_text(_many(joined, shops) + config)
        service = Service(folder, shop, central)
        stack.callback(service.end)
        service.start()
        if core is not None:
            os.sched_setaffinity(service.pid, {core})
        yield service


def _many(config: str, shops: int) -> str:
    """The config with its shop and its route so many times over."""
    head, _, rest = config.partition("[connections.shop]")
    shop, _, rest = rest.partition("[connections.central]")
    central, _, rest = rest.partition("[routes.sg]")
    names = ["shop"] if shops == 1 else [f"shop-{number}" for number in range(shops)]
    parts = [
        head,
        *(f"[connections.{name}]{_as(name, shop)}" for name in names),
        f"[connections.central]{central}",
    ]
    route = "[routes.sg]" + rest
    parts += [route.replace('"shop"', f'"{name}"').replace("routes.sg", f"routes.r-{name}") for name in names]
    return "".join(parts)


def _as(name: str, shop: str) -> str:
    """The table, at an address of its own: a shop that is connected twice would be refused. Shopee knows no users."""
    return shop if name == "shop" else shop.replace("http://", f"http://{name}@")


async def at_rest(service: Service, lanes: int, patience: float = 300) -> None:
    """Wait until every lane has run once."""
    ends = time.monotonic() + patience
    async with aiohttp.ClientSession() as http:
        while time.monotonic() < ends:
            async with http.get(f"{service.url}/health") as answer:
                shown = json.loads(await answer.read())["lanes"]
            if sum(bool(lane["runs"].get("done")) for lane in shown.values()) >= lanes:
                return
            await asyncio.sleep(0.5)
    raise RuntimeError(f"the lanes did not come to rest: {(service.folder / 'log').read_text()[-2000:]}")


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Half of them, nearly all of them, and the worst."""
    ordered = sorted(values)
    at = {"p50_ms": 0.5, "p99_ms": 0.99, "worst_ms": 1.0}
    return {name: round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1e3, 1) for name, part in at.items()}
