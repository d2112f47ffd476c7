"""The dispatcher of one process: lanes are tasks of its event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from random import Random

from sqlalchemy import Connection

from crossdock.clock import Clock
from crossdock.dispatch.alarm import Alarm
from crossdock.dispatch.dispatcher import Cause, DispatcherSettings, Fare, Lane, Rests, Turn, Work
from crossdock.dispatch.pace import Pace
from crossdock.dispatch.running import Running, asked_pause, tell_failure
from crossdock.log import get_logger

_IDLE_SECONDS = 3_600.0


class LocalDispatcher:
    """Runs lanes in this process.

    Args:
        lanes: all that there are.
        work: runs a slice of one.
        clock: the only source of time.
        random: where jitter comes from.
        settings: how many at once, and how long they may go on after `stop`.
    """

    shared = False

    def __init__(
        self, lanes: Sequence[Lane], work: Work, clock: Clock, random: Random, settings: DispatcherSettings
    ) -> None:
        now, moment = clock.monotonic(), clock.now()
        self._paces = {lane.name: Pace.first(lane, random, now, moment) for lane in lanes}
        self._work = work
        self._clock = clock
        self._settings = settings
        self._changed = Alarm(clock)
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._log = get_logger().bind(logger="crossdock.dispatch")
        self._running = Running(clock, self._log, self._changed.ring)

    @staticmethod
    def renew(url: str) -> None:
        """It keeps nothing that could be of another version."""

    async def prepare(self) -> None:
        """Make ready to be nudged."""
        self._loop = asyncio.get_running_loop()

    async def wake(self, lane: str, cause: Cause) -> None:
        """Have `lane` run soon."""
        self._nudge(lane, cause)

    def enlist(self, connection: Connection, lane: str, cause: Cause) -> None:
        """Have `lane` run soon: what it reads waits for its turn behind the transaction that this is called in."""
        del connection
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._nudge, lane, cause)

    async def fares(self) -> Mapping[str, Fare]:
        """Nobody else runs lanes."""
        return {}

    def stop(self) -> None:
        """Start no further runs."""
        self._stopping = True
        self._changed.ring()

    async def run(self) -> None:
        """Have lanes run until `stop` is called, then let those that run end within the time allowed."""
        try:
            while not self._stopping:
                self._changed.clear()
                self._start_due()
                await self._changed.wait(self._seconds_to_next())
            await self._running.drain(self._settings.drain_seconds)
        finally:
            await self._running.cut_off()

    def _nudge(self, lane: str, cause: Cause) -> None:
        pace = self._paces.get(lane)
        if pace is not None:
            pace.nudge(self._clock.monotonic(), cause)
            self._changed.ring()

    def _start_due(self) -> None:
        now = self._clock.monotonic()
        due = [pace for pace in self._paces.values() if not pace.running and pace.due_at <= now]
        free = self._settings.at_once - len(self._running)
        for pace in sorted(due, key=lambda one: one.rank)[: max(0, free)]:
            turn = pace.start(now, self._clock.now())
            self._running.start(pace.lane.name, self._run(pace, turn))

    def _seconds_to_next(self) -> float:
        if len(self._running) >= self._settings.at_once:
            return _IDLE_SECONDS  # whoever ends rings
        now = self._clock.monotonic()
        return min((pace.due_at - now for pace in self._paces.values() if not pace.running), default=_IDLE_SECONDS)

    async def _run(self, pace: Pace, turn: Turn) -> None:
        """Run a slice. Whatever goes wrong, the lane runs again: nothing that a lane does may end the service."""
        try:
            more = await self._work(turn)
        except asyncio.CancelledError:
            pace.failed(self._clock.monotonic(), turn, None)
            raise
        except Rests:
            pace.ended(self._clock.monotonic(), turn, more=False)
        except Exception as error:  # noqa: BLE001 - a mistake in one lane is no reason to stop the others
            pause = pace.failed(self._clock.monotonic(), turn, asked_pause(error))
            tell_failure(self._log, turn.lane, error, pace.failures, pause)
        else:
            pace.ended(self._clock.monotonic(), turn, more)
