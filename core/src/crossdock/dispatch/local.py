"""The dispatcher of one process: lanes are tasks of its event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random

from crossdock.clock import Clock
from crossdock.dispatch.dispatcher import Cause, DispatcherSettings, Lane, Turn, Work
from crossdock.dispatch.pace import Pace
from crossdock.errors import CrossdockError, TryLater
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

    def __init__(
        self, lanes: Sequence[Lane], work: Work, clock: Clock, random: Random, settings: DispatcherSettings
    ) -> None:
        now = clock.monotonic()
        self._paces = {lane.name: Pace(lane, random, scheduled_at=now) for lane in lanes}
        self._work = work
        self._clock = clock
        self._settings = settings
        self._running: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._stopping = False
        self._log = get_logger().bind(logger="crossdock.dispatch")

    async def wake(self, lane: str, cause: Cause) -> None:
        """Have `lane` run soon."""
        pace = self._paces.get(lane)
        if pace is not None:
            pace.nudge(self._clock.monotonic(), cause)
            self._changed.set()

    def stop(self) -> None:
        """Start no further runs."""
        self._stopping = True
        self._changed.set()

    async def run(self) -> None:
        """Have lanes run until `stop` is called, then let those that run end within the time allowed."""
        try:
            while not self._stopping:
                self._changed.clear()
                self._start_due()
                await self._change(self._seconds_to_next())
            await self._drain()
        finally:
            await self._cut_off()

    async def _drain(self) -> None:
        ends_at = self._clock.monotonic() + self._settings.drain_seconds
        while self._running and (left := ends_at - self._clock.monotonic()) > 0:
            self._changed.clear()
            await self._change(left)

    def _start_due(self) -> None:
        now = self._clock.monotonic()
        due = [pace for pace in self._paces.values() if not pace.running and pace.due_at <= now]
        free = self._settings.at_once - len(self._running)
        for pace in sorted(due, key=lambda one: one.rank)[: max(0, free)]:
            task = asyncio.create_task(self._run(pace, pace.start(now)), name=pace.lane.name)
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._changed.set()

    def _seconds_to_next(self) -> float:
        if len(self._running) >= self._settings.at_once:
            return _IDLE_SECONDS  # whoever ends sets `_changed`
        now = self._clock.monotonic()
        return min((pace.due_at - now for pace in self._paces.values() if not pace.running), default=_IDLE_SECONDS)

    async def _run(self, pace: Pace, turn: Turn) -> None:
        """Run a slice. Whatever goes wrong, the lane runs again: nothing that a lane does may end the service."""
        try:
            more = await self._work(turn)
        except asyncio.CancelledError:
            pace.failed(self._clock.monotonic(), turn, None)
            raise
        except Exception as error:  # noqa: BLE001 - a mistake in one lane is no reason to stop the others
            self._failed(pace, turn, error)
        else:
            pace.ended(self._clock.monotonic(), turn, more)

    def _failed(self, pace: Pace, turn: Turn, error: Exception) -> None:
        pause = pace.failed(self._clock.monotonic(), turn, error.after if isinstance(error, TryLater) else None)
        expected = isinstance(error, CrossdockError)
        write = self._log.error if not expected else self._log.warning if pace.failures == 1 else self._log.info
        write(
            "lane.backs_off",
            lane=turn.lane,
            error=type(error).__name__,
            reason=str(error) if expected else None,
            failures=pace.failures,
            pause_seconds=round(pause, 1),
            exc_info=None if expected else error,
        )

    async def _change(self, seconds: float) -> None:
        """Until something changes, or the time is up."""
        alarm = asyncio.create_task(self._ring(seconds))
        try:
            await self._changed.wait()
        finally:
            alarm.cancel()

    async def _ring(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._changed.set()

    async def _cut_off(self) -> None:
        """End what is still running; what it was about is found in the ledger again."""
        left = set(self._running)
        for task in left:
            self._log.warning("lane.cut_off", lane=task.get_name())
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
