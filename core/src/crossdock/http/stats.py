"""Counters of one connection's calls, for metrics and for the operator. Pure."""

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["HttpStats"]


@dataclass(slots=True)
class HttpStats:
    """What was sent since the start; read it, never write it.

    Attributes:
        calls: requests that were sent, every retry counted.
        statuses: answers by class, e.g. `{2: 17, 4: 1}`.
        failures: by the name of the error that followed, e.g. `TryLater`.
        retries: how often a request was sent again.
        call_seconds: time between sending and the last byte, summed.
        wait_seconds: time spent waiting for a place or for a retry, summed.
    """

    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    call_seconds: float = 0.0
    wait_seconds: float = 0.0
