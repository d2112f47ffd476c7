"""Lanes that run: what they end with, and how they are let end when the service stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from structlog.typing import FilteringBoundLogger

from crossdock.clock import Clock
from crossdock.dispatch.alarm import Alarm
from crossdock.errors import CrossdockError, TryLater


class Running:
    """The runs that are under way in this process.

    Args:
        clock: the only source of time.
        log: where it is said what was cut off.
        ended: called whenever one ends.
    """

    def __init__(self, clock: Clock, log: FilteringBoundLogger, ended: Callable[[], None]) -> None:
        self._clock = clock
        self._log = log
        self._alarm = Alarm(clock)
        self._ended = ended
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, lane: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have `work` run."""
        task = asyncio.create_task(work, name=lane)
        self._tasks.add(task)
        task.add_done_callback(self._discard)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait until all have ended, but not longer than that."""
        ends_at = self._clock.monotonic() + seconds
        while self._tasks and (left := ends_at - self._clock.monotonic()) > 0:
            self._alarm.clear()
            await self._alarm.wait(left)

    async def cut_off(self) -> None:
        """End those that are left; what they were about is found in the ledger again."""
        left = set(self._tasks)
        for task in left:
            self._log.warning("lane.cut_off", lane=task.get_name())
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _discard(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._alarm.ring()
        self._ended()


def asked_pause(error: Exception) -> float | None:
    """Seconds for which the far side asks to be left alone."""
    return error.after if isinstance(error, TryLater) else None


def tell_failure(log: FilteringBoundLogger, lane: str, error: Exception, failures: int, pause: float) -> None:
    """Log that a run ended badly: the first time loudly, then quietly, and mistakes of ours always."""
    expected = isinstance(error, CrossdockError)
    write = log.error if not expected else log.warning if failures == 1 else log.info
    write(
        "lane.backs_off",
        lane=lane,
        error=type(error).__name__,
        reason=str(error) if expected else None,
        failures=failures,
        pause_seconds=round(pause, 1),
        exc_info=None if expected else error,
    )
