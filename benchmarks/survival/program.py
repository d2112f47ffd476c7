"""Our service as `crossdock run` runs it, with the benchmark's plugins as well, and with a clock that can be set.

python -m benchmarks.survival.program CONFIG CLOCK      (CLOCK is a file with the seconds by which our clock is wrong)
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom

from benchmarks.plugins import backend, marketplace
from crossdock import discovery
from crossdock.clock import SystemClock
from crossdock.config import load
from crossdock.contract import Plugin
from crossdock.log import configure
from crossdock.runner.service import Service

_PLUGINS = {plugin.name: plugin for plugin in (marketplace.plugin, backend.plugin)}


class WrongClock(SystemClock):
    """The machine's clock, set wrong by what a file says."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def now(self) -> datetime:
        """The moment, as this clock shows it."""
        return super().now() + timedelta(seconds=float(self._file.read_text()))


def find(name: str) -> Plugin:
    """One of ours, or an installed one."""
    return _PLUGINS.get(name) or discovery.find(name)


async def serve(config: Path, clock: Path) -> None:
    """Work until SIGTERM."""

    def listening(url: str) -> None:
        print(json.dumps({"url": url}), flush=True)

    service = Service(lambda: load(config, find), WrongClock(clock), SystemRandom(), listening)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.stop)
    await service.run()


if __name__ == "__main__":
    configure(level="info")
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
