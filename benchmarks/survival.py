"""What is left behind when things go wrong, for us and for the peers: `python -m benchmarks survival`."""

from benchmarks.peers.survival import main

__all__ = ["main"]
