"""The oracle: every write that a simulated system accepted, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crossdock.sandbox.clock import VirtualClock


@dataclass(frozen=True)
class Write:
    """One accepted write: what it was, whom it concerned, when (UTC seconds), and its facts."""

    number: int
    kind: str
    key: str
    at: float
    facts: Mapping[str, Any] = field(default_factory=dict)


class Oracle:
    """Remembers what was accepted, so that a test can ask what really happened, not what the client believes."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._writes: list[Write] = []

    def record(self, kind: str, key: str, **facts: Any) -> None:
        """Remember that a write of `kind` (such as ``create_order``) was accepted for `key`."""
        self._writes.append(Write(len(self._writes) + 1, kind, key, self._clock.seconds(), facts))

    def writes(self, kind: str | None = None, *, after: int = 0) -> list[Write]:
        """All accepted writes, or those of one kind, oldest first; `after` leaves out those up to that number."""
        return [write for write in self._writes[after:] if kind in (None, write.kind)]

    def counts(self, kind: str) -> Counter[str]:
        """How often each key was written by `kind`: anything above one is an effect that happened twice."""
        return Counter(write.key for write in self._writes if write.kind == kind)
