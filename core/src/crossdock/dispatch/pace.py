"""When one lane is due next: schedule, nudges and pauses. Pure; moments are seconds of the monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Self

from crossdock.dispatch.dispatcher import Cause, Lane, Turn

_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 300.0
RANK_SECONDS = 5.0
"""By how much a lane may be overtaken by those of the next higher priority, however many they are."""


@dataclass(slots=True)
class Pace:
    """Where one lane is in time.

    Attributes:
        lane: whose.
        random: where jitter comes from.
        scheduled_at: when the schedule wants it.
        nudged_at: when the first nudge came that no run has taken yet; None without.
        not_before: the end of its pause.
        failures: how many runs in a row ended with a pause.
        running: whether it runs.
        runs: how often it was started.
    """

    lane: Lane
    random: Random
    scheduled_at: float = 0.0
    nudged_at: float | None = None
    not_before: float = 0.0
    failures: int = 0
    running: bool = False
    runs: int = 0
    _causes: dict[Cause, None] = field(default_factory=dict)

    @classmethod
    def first(cls, lane: Lane, random: Random, now: float, moment: datetime) -> Self:
        """A lane whose service starts: it runs at once, or at the first moment of its cron expression."""
        wait = lane.seconds_to_next(moment, random) if lane.cron else 0.0
        return cls(lane, random, scheduled_at=now + wait)

    @property
    def due_at(self) -> float:
        """When it may start, if it does not run."""
        wanted = self.scheduled_at if self.nudged_at is None else min(self.scheduled_at, self.nudged_at)
        return max(wanted, self.not_before)

    @property
    def rank(self) -> tuple[float, int]:
        """Of several that are due, the lowest goes first: earlier ones, of higher priority, that ran less often."""
        return self.due_at + self.lane.priority * RANK_SECONDS, self.runs

    def nudge(self, now: float, cause: Cause) -> None:
        """Keep a nudge."""
        if self.nudged_at is None:
            self.nudged_at = now
        self._causes[cause] = None

    def start(self, now: float, moment: datetime) -> Turn:
        """Take what is due; the lane runs from now on.

        Args:
            now: seconds of the monotonic clock.
            moment: the same by the clock on the wall.
        """
        scheduled = self.scheduled_at <= now
        if scheduled:  # runs that were missed are this one
            self.scheduled_at = now + self.lane.seconds_to_next(moment, self.random)
        self.runs += 1
        turn = Turn(self.lane.name, scheduled, tuple(self._causes))
        self._causes, self.nudged_at, self.running = {}, None, True
        return turn

    def ended(self, now: float, turn: Turn, more: bool) -> None:
        """The run is over; with `more` it is due again at once, as it was."""
        self.running, self.failures, self.not_before = False, 0, 0.0
        if more and turn.whole:
            self.scheduled_at = now
        elif more and self.nudged_at is None:
            self.nudged_at = now

    def failed(self, now: float, turn: Turn, after: float | None) -> float:
        """The run is to be made again after a pause, of which the seconds are answered."""
        pause = pause_after(self.failures, self.random, after)
        self.running, self.failures, self.not_before = False, self.failures + 1, now + pause
        if turn.scheduled:
            self.scheduled_at = now
        for cause in turn.causes:
            self.nudge(now, cause)
        return pause


def pause_after(failures: int, random: Random, asked: float | None) -> float:
    """Seconds until a run is tried again after `failures` earlier ones in a row failed; at least what is asked for."""
    doubled: float = _FIRST_PAUSE * 2.0 ** min(failures, 30)
    return max(min(doubled, _LONGEST_PAUSE) * (1 + random.random() / 4), asked or 0.0)
