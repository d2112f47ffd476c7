"""What the service knows about itself: how each lane fares, what came in, and who has to sign in. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crossdock.dispatch import Lane
from crossdock.flows.orders.report import Report


@dataclass(slots=True)
class LaneRecord:
    """How one lane fares.

    Attributes:
        every: seconds between its scheduled runs.
        done_at: when a run last ended well, or the service started; seconds of the monotonic clock.
        running: whether it runs now.
        runs: outcome to count: ``done``, ``more``, ``later``, ``paused``, ``failed``.
        steps: (step, outcome) to count.
        error: why the last run ended badly; empty after a good one.
    """

    every: float
    done_at: float
    running: bool = False
    runs: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    error: str = ""

    def lag(self, now: float) -> float:
        """Seconds since both sides were last known to agree."""
        return max(0.0, now - self.done_at)

    def took(self, report: Report, now: float) -> None:
        """A slice ended well."""
        self.runs["more" if report.more else "done"] += 1
        self.steps.update(report.steps)
        self.error = ""
        if not report.more:
            self.done_at = now

    def ended_badly(self, outcome: str, error: str) -> None:
        """A slice ended with an error."""
        self.runs[outcome] += 1
        self.error = error


class Board:
    """What is counted since the start of the service, however often its configuration changed.

    Attributes:
        lanes: by name.
        pushes: (connection, outcome) to count: ``taken``, ``repeated``, ``refused``, ``failed``.
        paused: connections that have to sign in, and since when.
        sign_in_ends: connection to the end of its authorisation, where it was told.
    """

    def __init__(self) -> None:
        self.lanes: dict[str, LaneRecord] = {}
        self.pushes: Counter[tuple[str, str]] = Counter()
        self.paused: dict[str, datetime] = {}
        self.sign_in_ends: dict[str, datetime] = {}

    def opened(self, lanes: Sequence[Lane], now: float) -> None:
        """These are the lanes from now on; those that were there before keep their counts."""
        kept = self.lanes
        self.lanes = {lane.name: kept.get(lane.name) or LaneRecord(lane.every, now) for lane in lanes}
        for lane in lanes:
            self.lanes[lane.name].every = lane.every
        self.paused.clear()
