"""What a program costs, from the moment it is ready: loading libraries and opening files is a matter of `start`."""

from __future__ import annotations

import gc
import time
from pathlib import Path


class Meter:
    """Measures this process: user and system time of all its threads, and its peak of resident memory."""

    def __init__(self, *, tidy: bool = True) -> None:
        self._tidy = tidy
        self._wall = self._cpu = 0.0

    def start(self) -> None:
        """Begin; the program calls it when it is ready to read the first order. Tidies up first, unless told not to."""
        if self._tidy:
            gc.collect()
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def figures(self, orders: int) -> dict[str, float]:
        """What it cost since."""
        cpu, wall = time.process_time() - self._cpu, time.perf_counter() - self._wall
        return {
            "cpu_us_per_order": round(cpu / orders * 1e6, 1),
            "orders_per_second": round(orders / wall, 1),
            "peak_rss_kb": peak_kilobytes(),
        }


def peak_kilobytes() -> int:
    """Of this program alone: ru_maxrss would count the process that it was forked from."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
