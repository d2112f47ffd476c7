"""Whether cost stays flat: many orders against few, 64 in flight against 16, memory, and polls that bring nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.command import arguments, show, spread
from benchmarks.job import Job
from benchmarks.programs import measure

TARGETS = {
    "cpu_many_vs_few_orders": 1.1,
    "cpu_64_vs_16_in_flight": 1.2,
    "rss_bytes_per_order": 50,
    "peak_rss_mb": 120,
    "idle_lists_per_poll": 2,
    "idle_cpu_ms_per_poll": 5,
    "idle_commits_per_poll": 0,
}
_FEW, _POLLS, _CLIENT = 5_000, 20, "aiohttp"


def one_round(orders: int) -> dict[str, float]:
    """Measure each once. `orders` is the greater number; the lesser is 5,000, or a fourth of it if that is less."""
    few = min(_FEW, orders // 4)
    small, large = measure("ours", Job(few, client=_CLIENT)), measure("ours", Job(orders, client=_CLIENT))
    narrow, wide = (measure("ours", Job(few, in_flight=number, client=_CLIENT)) for number in (16, 64))
    idle = measure("ours", Job(few, polls=_POLLS, client=_CLIENT))
    return {
        "cpu_many_vs_few_orders": round(large["cpu_us_per_order"] / small["cpu_us_per_order"], 3),
        "cpu_64_vs_16_in_flight": round(wide["cpu_us_per_order"] / narrow["cpu_us_per_order"], 3),
        "rss_bytes_per_order": round((large["peak_rss_kb"] - small["peak_rss_kb"]) * 1024 / (orders - few), 1),
        "peak_rss_mb": round(large["peak_rss_kb"] / 1024, 1),
        "idle_lists_per_poll": round((idle["lists"] - small["lists"]) / _POLLS, 2),
        "idle_cpu_ms_per_poll": idle["cpu_ms_per_idle_poll"],
        "idle_commits_per_poll": idle["commits_per_idle_poll"],
    }


def main(given: Sequence[str]) -> None:
    """Run and print."""
    options = arguments("growth", __doc__ or "", given, orders=200_000, rounds=1)
    rounds = [one_round(options.orders) for _ in range(options.rounds)]
    ratios: dict[str, Any] = {name: spread([one[name] for one in rounds]) for name in TARGETS}
    show("growth", {"ratios": ratios, "targets": TARGETS, "orders": options.orders}, as_json=options.json)
