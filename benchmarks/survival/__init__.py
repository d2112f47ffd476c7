"""What is left behind when things go wrong, for us and for the peers: `python -m benchmarks survival`."""

from __future__ import annotations

from collections.abc import Sequence


def main(given: Sequence[str]) -> None:
    """Run the command, which is loaded here alone: its parts are programs of their own as well."""
    from benchmarks.survival.command import main as run

    run(given)
