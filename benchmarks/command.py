"""What every benchmark's command has in common: its arguments, its rounds, and how it shows what it found."""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import os
import platform
import statistics
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_LIBRARIES = ("crossdock", "aiohttp", "httpx", "pyreqwest", "uvloop", "pydantic", "msgspec", "sqlalchemy", "psycopg")


def arguments(
    name: str, words: str, given: Sequence[str], *, orders: int, rounds: int, latency: float | None = None
) -> argparse.Namespace:
    """Read ``--json``, ``--orders``, ``--rounds`` and, where it has a default, ``--latency``."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks {name}", description=words.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--orders", type=int, default=orders, help=f"orders a measurement ({orders})")
    parser.add_argument("--rounds", type=int, default=rounds, help=f"rounds, interleaved ({rounds})")
    if latency is not None:
        parser.add_argument(
            "--latency", type=float, default=latency, help=f"seconds that every call takes at least ({latency:g})"
        )
    return parser.parse_args(given)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median and range."""
    return {"median": round(statistics.median(values), 3), "low": min(values), "high": max(values)}


def show(name: str, found: Mapping[str, Any], *, as_json: bool) -> None:
    """Print what was found, for a person or for a program."""
    if as_json:
        json.dump({"benchmark": name, **found, **surroundings()}, sys.stdout)
        print()
    else:
        _print(found, "")


def surroundings() -> dict[str, Any]:
    """When, with which versions, and on what kind of machine."""
    versions = {"python": platform.python_version()}
    for library in _LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[library] = importlib.metadata.version(library)
    load = round(os.getloadavg()[0], 1)
    machine = {"system": platform.system(), "architecture": platform.machine(), "cores": os.cpu_count(), "load": load}
    return {"at": f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}", "versions": versions, "machine": machine}


def _print(found: Mapping[str, Any], indent: str) -> None:
    for name, value in found.items():
        if isinstance(value, Mapping) and set(value) == {"median", "low", "high"}:
            print(f"{indent}{name:<28} {value['median']:>10,.2f}   ({value['low']:,.2f} to {value['high']:,.2f})")
        elif isinstance(value, Mapping):
            print(f"{indent}{name}")
            _print(value, indent + "  ")
        else:
            print(f"{indent}{name:<28} {value}")
