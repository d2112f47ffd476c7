"""What a dispatcher is asked, what it asks for, and what both speak of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Protocol

from sqlalchemy import Connection

from crossdock.clock import Clock
from crossdock.flows.schedule import Cron
from crossdock.ledger import Database

_JITTER = 0.05
"""Part of the interval by which a scheduled run may come earlier, so that lanes drift apart."""


@dataclass(frozen=True, slots=True)
class Lane:
    """What is scheduled and locked: one flow of one route.

    Attributes:
        name: such as ``sg/orders``.
        every: seconds between the starts of two scheduled runs; with `cron`, about so many.
        priority: 0 goes first, where several wait for their turn.
        cron: the moments of its scheduled runs, instead.
        jitter: seconds by which a scheduled run may be shifted, earlier with `every` and later with `cron`; None for a
            twentieth of `every`, and none with `cron`.
    """

    name: str
    every: float
    priority: int = 0
    cron: Cron | None = None
    jitter: float | None = None

    def seconds_to_next(self, now: datetime, random: Random) -> float:
        """Seconds from a scheduled run that starts `now` to the next one."""
        if self.cron is not None:
            return self.cron.seconds_to_next(now) + (self.jitter or 0.0) * random.random()
        jitter = self.every * _JITTER if self.jitter is None else min(self.jitter, self.every)
        return self.every - jitter * random.random()


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a lane is woken: for logs only, never data.

    Attributes:
        why: such as ``push 3``.
        correlation: the id under which whatever caused it was logged; empty where nothing was.
        whole: the whole lane is to be looked at, not only what is marked in the ledger.
    """

    why: str
    correlation: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of a lane that is due.

    Attributes:
        lane: its name.
        scheduled: the schedule wants it, or the service starts.
        causes: of the nudges that came since the last run began, each once.
    """

    lane: str
    scheduled: bool
    causes: tuple[Cause, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the whole lane is to be looked at, not only what nudges have marked in the ledger."""
        return self.scheduled or any(cause.whole for cause in self.causes)


Work = Callable[[Turn], Awaitable[bool]]
"""Runs a slice of a lane; True when more is due at once.

`TryLater` has the lane wait with growing pauses; `Rests` until it is woken, or its schedule wants it again.
"""


class Rests(Exception):
    """The lane cannot run now, and whoever can tell when it can will wake it: neither a good run nor a bad one.

    Args:
        reason: one sentence for people.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class DispatcherSettings:
    """How a dispatcher goes about it.

    Attributes:
        at_once: lanes that run at the same time in this process.
        drain_seconds: how long running lanes may go on once it was told to stop.
        database: of the ledger, for dispatchers that live in it; open before the dispatcher is prepared.
    """

    at_once: int = 16
    drain_seconds: float = 30.0
    database: Database | None = None


@dataclass(frozen=True, slots=True)
class Fare:
    """How a lane fares, whoever runs it.

    Attributes:
        done_seconds_ago: since a run last ended well; None where none has.
        error: why the last run ended badly; empty after a good one.
    """

    done_seconds_ago: float | None
    error: str


class Dispatcher(Protocol):
    """Has each lane run on its schedule and whenever it is nudged, one run at a time."""

    async def prepare(self) -> None:
        """Make ready to be nudged; called once, before anything else.

        Raises:
            ConfigError: what it keeps is of another version.
            TryLater: the ledger does not answer.
        """
        ...

    async def wake(self, lane: str, cause: Cause) -> None:
        """Have `lane` run soon; further nudges until it starts change nothing.

        A nudge that comes while the lane runs is kept, and the lane runs once more afterwards. A lane that backs off
        keeps its nudges until its pause is over. Lanes that are not known are passed over.

        Raises:
            TryLater: the ledger does not answer, where nudges are kept there.
        """
        ...

    def enlist(self, connection: Connection, lane: str, cause: Cause) -> None:
        """The same within a transaction of the ledger: `lane` runs once that is committed, and only then.

        Called in the ledger's thread. Name several lanes in the order of their names.
        """
        ...

    async def fares(self) -> Mapping[str, Fare]:
        """How lanes fare that others may have run; empty where nobody else does.

        Raises:
            TryLater: the ledger does not answer.
        """
        ...

    async def run(self) -> None:
        """Have lanes run until `stop` is called, then let those that run end within the time allowed."""
        ...

    def stop(self) -> None:
        """Start no further runs."""
        ...


class Opens(Protocol):
    """Makes a dispatcher: what is registered under ``crossdock.dispatchers``."""

    shared: bool
    """Whether processes, on many machines, may use one ledger at the same time."""

    def __call__(
        self, lanes: Sequence[Lane], work: Work, clock: Clock, random: Random, settings: DispatcherSettings
    ) -> Dispatcher:
        """A dispatcher of these lanes; nothing runs before `run` is awaited.

        Raises:
            ConfigError: the ledger is none that it can use.
        """
        ...

    def renew(self, url: str) -> None:
        """Bring what it keeps in the ledger at `url` to the version that this code needs; nobody else uses it now.

        Raises:
            ConfigError: the ledger cannot be reached, or is none that it can use.
        """
        ...
