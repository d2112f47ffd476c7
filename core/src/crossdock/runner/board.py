"""What the service knows about itself: how each lane fares, what came in, and who has to sign in. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crossdock.dispatch import Fare, Lane
from crossdock.flows.orders.reconcile import Kind
from crossdock.flows.orders.report import Report

BOUNDS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0)
"""Upper ends of the classes into which delays are counted, in seconds; a last class holds the rest."""
LATE_SECONDS = 60.0
"""A push message that has not come by then is taken not to come."""


@dataclass(slots=True)
class Delays:
    """How long something took, counted by class: what a histogram shows."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one; clocks differ, so less than nothing is nothing."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += max(0.0, seconds)


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
        found_late: how long after a change on the channel asking for changes found it, where no message had told.
        missed: of those, how many a push message should have told of by then.
    """

    every: float
    done_at: float
    running: bool = False
    runs: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    error: str = ""
    found_late: Delays = field(default_factory=Delays)
    missed: int = 0

    def lag(self, now: float) -> float:
        """Seconds since both sides were last known to agree."""
        return max(0.0, now - self.done_at)

    def took(self, report: Report, now: float) -> None:
        """A slice ended well."""
        self.runs["more" if report.more else "done"] += 1
        self.steps.update(report.steps)
        for delay in report.delays:
            self.found_late.add(delay)
            self.missed += delay > LATE_SECONDS
        self.error = ""
        if not report.more:
            self.done_at = now

    def ended_badly(self, outcome: str, error: str) -> None:
        """A slice ended with an error."""
        self.runs[outcome] += 1
        self.error = error


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The last comparison of both sides of a route with the ledger.

    Attributes:
        found: how many orders were not as they should be, of each kind.
        at: when it ended.
    """

    found: Mapping[Kind, int]
    at: datetime


class Board:
    """What is counted since the start of the service, however often its configuration changed.

    Attributes:
        lanes: by name.
        pushes: (connection, outcome) to count: ``taken``, ``repeated``, ``recovered``, ``refused``, ``failed``.
        push_delays: connection to how long after what they tell its messages came.
        blocked: (plugin, verb) to how often it stopped the event loop; empty names where it was nobody's.
        reconciled: route to the last comparison of both sides, whichever process made it.
        paused: connections that have to sign in, in all processes, and since when.
        sign_in_ends: connection to the end of its authorisation, where any process was told.
    """

    def __init__(self) -> None:
        self.lanes: dict[str, LaneRecord] = {}
        self.pushes: Counter[tuple[str, str]] = Counter()
        self.push_delays: dict[str, Delays] = {}
        self.blocked: Counter[tuple[str, str]] = Counter()
        self.reconciled: dict[str, Reconciled] = {}
        self.paused: dict[str, datetime] = {}
        self.sign_in_ends: dict[str, datetime] = {}

    def opened(self, lanes: Sequence[Lane], now: float) -> None:
        """These are the lanes from now on; those that were there before keep their counts."""
        kept = self.lanes
        self.lanes = {lane.name: kept.get(lane.name) or LaneRecord(lane.every, now) for lane in lanes}
        for lane in lanes:
            self.lanes[lane.name].every = lane.every
        self.paused.clear()

    def heard(self, fares: Mapping[str, Fare], now: float) -> None:
        """Lanes fare like this, whoever ran them last."""
        for name, fare in fares.items():
            lane = self.lanes.get(name)
            if lane is not None:
                lane.error = fare.error
                if fare.done_seconds_ago is not None:
                    lane.done_at = now - fare.done_seconds_ago
