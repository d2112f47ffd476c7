"""What the engine costs beyond the least: ours against the limit and against everything by hand, round by round.

Medians of ratios inside a round: programs of one round run within seconds of each other, so that what else the machine
does falls on all of them. `default` is aiohttp, `fastest` is pyreqwest on uvloop.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

from benchmarks.command import arguments, show, spread
from benchmarks.job import Job
from benchmarks.programs import measure

LATENCY = 0.02
TARGETS = {
    "cpu_vs_limit": {"default": 7.0, "fastest": 4.0},
    "cpu_vs_all_in": {"default": 1.3, "fastest": 2.0},
    "rate_20ms_vs_limit": {"default": 0.75, "fastest": 0.93},
}

Figures = dict[str, dict[str, Any]]


def clients() -> dict[str, dict[str, Any]]:
    """What our program runs on, of what is installed."""
    found: dict[str, dict[str, Any]] = {"default": {"client": "aiohttp"}}
    if importlib.util.find_spec("pyreqwest"):
        found["fastest"] = {"client": "pyreqwest", "uvloop": importlib.util.find_spec("uvloop") is not None}
    return found


def one_round(orders: int) -> Figures:
    """Measure every program once."""
    found = {"limit": measure("limit", Job(orders)), "limit 20 ms": measure("limit", Job(orders, LATENCY))}
    for name, client in clients().items():
        found[f"all_in {name}"] = measure("all_in", Job(orders, **client))
        found[f"ours {name}"] = measure("ours", Job(orders, **client))
        found[f"ours 20 ms {name}"] = measure("ours", Job(orders, LATENCY, **client))
    return found


def ratios(rounds: Sequence[Figures]) -> dict[str, dict[str, dict[str, float]]]:
    """Ratios of each round, as medians and ranges."""
    found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in TARGETS}
    for name in clients():
        for ratio, ours, other, figure in (
            ("cpu_vs_limit", f"ours {name}", "limit", "cpu_us_per_order"),
            ("cpu_vs_all_in", f"ours {name}", f"all_in {name}", "cpu_us_per_order"),
            ("rate_20ms_vs_limit", f"ours 20 ms {name}", "limit 20 ms", "orders_per_second"),
        ):
            found[ratio][name] = spread([round(one[ours][figure] / one[other][figure], 3) for one in rounds])
    return found


def summary(rounds: Sequence[Figures]) -> dict[str, Any]:
    """Figures of every program, as medians and ranges."""
    names = rounds[0]
    return {
        name: {figure: spread([one[name][figure] for one in rounds]) for figure in names[name] if figure != "lists"}
        for name in names
    }


def main(given: Sequence[str]) -> None:
    """Run and print."""
    options = arguments("overhead", __doc__ or "", given, orders=4_000, rounds=5)
    rounds = [one_round(options.orders) for _ in range(options.rounds)]
    found = {"ratios": ratios(rounds), "targets": TARGETS, "programs": summary(rounds), "orders": options.orders}
    show("overhead", found | {"rounds": options.rounds}, as_json=options.json)
