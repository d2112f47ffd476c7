"""What is left behind when things go wrong: documents too many, orders missing, and how long it takes to recover.

Every contender meets the accidents that can meet a program which runs to its end; our service also meets those that can
only meet one that never ends. `--only NAME` takes a few of them, `--contender NAME` a few contenders.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.command import show
from benchmarks.peers.command import chosen
from benchmarks.peers.contenders import Contender
from benchmarks.peers.venvs import ready
from benchmarks.survival import network
from benchmarks.survival.accidents import ACCIDENTS, survive
from benchmarks.survival.troubles import TROUBLES
from benchmarks.survival.troubles import survive as serve

_Row = dict[str, float]


def main(given: Sequence[str]) -> None:
    """Run and print; ends with 1 when ours made something twice or left something out."""
    options = _options(given)
    found: dict[str, dict[str, _Row]] = {}
    for name in _taken(options.only):
        found[f"{name}: {_words(name)}"] = _scenario(name, chosen(options.contender), options.orders)
    show("survival", {"scenarios": found, "orders": options.orders}, as_json=options.json)
    if any(row["extra"] or row["missing"] for rows in found.values() for who, row in rows.items() if "ours" in who):
        sys.exit(1)


def _options(given: Sequence[str]) -> argparse.Namespace:
    names = ", ".join(f'"{name}"' for name in (*ACCIDENTS, *TROUBLES))
    parser = argparse.ArgumentParser(prog="python -m benchmarks survival", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--orders", type=int, default=2_000, help="orders a scenario (2000)")
    parser.add_argument("--only", action="append", default=[], metavar="SCENARIO", help=f"take scenarios: {names}")
    parser.add_argument("--contender", action="append", default=[], help="take contenders whose name begins so")
    options = parser.parse_args(given)
    if unknown := [name for name in options.only if name not in {**ACCIDENTS, **TROUBLES}]:
        parser.error(f"there is no scenario {unknown[0]!r}; there are: {names}")
    return options


def _taken(only: Sequence[str]) -> list[str]:
    return [name for name in (*ACCIDENTS, *TROUBLES) if not only or name in only]


def _words(name: str) -> str:
    return ACCIDENTS[name].words if name in ACCIDENTS else TROUBLES[name].words


def _scenario(name: str, contenders: Sequence[Contender], orders: int) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    if name in TROUBLES:
        if any(not one.peer for one in contenders):
            rows["our service"] = _told(name, "our service", serve(TROUBLES[name], orders))
        return rows
    accident = ACCIDENTS[name]
    if accident.apart and not network.possible():
        print(f"{name}: left out, since this machine lets us have no network of our own", file=sys.stderr)
        return rows
    for one in contenders:
        if one.peer:
            ready(one.peer)  # while there still is a network
        row = network.survive_apart(one.name, name, orders) if accident.apart else survive(one, accident, orders)
        rows[one.name] = _told(name, one.name, row)
    return rows


def _told(scenario: str, who: str, row: _Row) -> _Row:
    """Say so at once: the whole takes long."""
    figures = ", ".join(f"{name} {value:g}" for name, value in row.items())
    print(f"{scenario}, {who}: {figures}", file=sys.stderr, flush=True)
    return row
