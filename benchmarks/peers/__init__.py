"""The same job done by other frameworks, each in an environment of its own: `python -m benchmarks peers`."""

from __future__ import annotations

from collections.abc import Sequence


def main(given: Sequence[str]) -> None:
    """Run the command, which is loaded here alone: the peers' programs live in environments without our libraries."""
    from benchmarks.peers.command import main as run

    run(given)
