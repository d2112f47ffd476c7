"""What a dispatcher is asked, what it asks for, and what both speak of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from crossdock.clock import Clock


@dataclass(frozen=True, slots=True)
class Lane:
    """What is scheduled and locked: one flow of one route.

    Attributes:
        name: such as ``sg/orders``.
        every: seconds between the starts of two scheduled runs.
        priority: 0 goes first, where several wait for their turn.
    """

    name: str
    every: float
    priority: int = 0


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
"""Runs a slice of a lane; True when more is due at once. `TryLater` has the lane wait with growing pauses."""


@dataclass(frozen=True, slots=True)
class DispatcherSettings:
    """How a dispatcher goes about it.

    Attributes:
        at_once: lanes that run at the same time in this process.
        drain_seconds: how long running lanes may go on once it was told to stop.
        url: where the ledger is, for dispatchers that live beside it.
    """

    at_once: int = 16
    drain_seconds: float = 30.0
    url: str = ""


class Dispatcher(Protocol):
    """Has each lane run on its schedule and whenever it is nudged, one run at a time."""

    async def wake(self, lane: str, cause: Cause) -> None:
        """Have `lane` run soon; further nudges until it starts change nothing.

        A nudge that comes while the lane runs is kept, and the lane runs once more afterwards. A lane that backs off
        keeps its nudges until its pause is over. Lanes that are not known are passed over.
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

    def __call__(
        self, lanes: Sequence[Lane], work: Work, clock: Clock, random: Random, settings: DispatcherSettings
    ) -> Dispatcher:
        """A dispatcher of these lanes; nothing runs before `run` is awaited."""
        ...
