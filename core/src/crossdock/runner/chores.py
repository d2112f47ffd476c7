"""Chores: what the service does beside its lanes, now and then, such as fetching lost push messages.

A nightly chore that was missed while the service was down is done once soon after its start; one that fails is told
and done again next time, and never ends the service. Where several processes share a ledger, one of them does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from structlog.contextvars import bound_contextvars

from crossdock.clock import Clock
from crossdock.errors import CrossdockError, TryLater
from crossdock.ledger import Ledger
from crossdock.log import get_logger
from crossdock.runner.lanes import new_correlation

_LONGEST_SLEEP = 3_600.0
"""Seconds after which a chore looks at the clock again, which may have jumped."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done now and then.

    Attributes:
        name: for logs, and under which the ledger remembers when it was done last.
        work: does it.
        every: seconds from one end to the next start.
        at: time of day (UTC) instead, for what is done nightly; remembered across restarts.
        first_after: seconds from the start of the service to the first time; None: `every`.
    """

    name: str
    work: Callable[[], Awaitable[object]]
    every: float = 86_400.0
    at: time | None = None
    first_after: float | None = None


class Chores:
    """Does chores until it is told to stop.

    Args:
        chores: all that there are.
        ledger: remembers when each was done last, and knows who is at it.
        clock: the only source of time.
    """

    def __init__(self, chores: Sequence[Chore], ledger: Ledger, clock: Clock) -> None:
        self._chores = chores
        self._ledger = ledger
        self._clock = clock
        self._began: dict[str, datetime] = {}
        self._running: list[asyncio.Task[None]] = []
        self._log = get_logger().bind(logger="crossdock.chores")

    def start(self) -> None:
        """Begin."""
        self._running = [asyncio.create_task(self._again_and_again(one), name=one.name) for one in self._chores]

    async def close(self) -> None:
        """End whatever is being done; it is done again next time."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running = []

    async def _again_and_again(self, chore: Chore) -> None:
        if chore.first_after is not None:
            await self._clock.sleep(chore.first_after)
            await self._in_turn(chore, chore.first_after)
        while True:
            await self._until_due(chore)
            await self._in_turn(chore, chore.every)

    async def _until_due(self, chore: Chore) -> None:
        if chore.at is None:
            await self._clock.sleep(chore.every)
            return
        while (left := (await self._due(chore, chore.at) - self._clock.now()).total_seconds()) > 0:
            await self._clock.sleep(min(left, _LONGEST_SLEEP))

    async def _due(self, chore: Chore, at: time) -> datetime:
        now, done = self._clock.now(), await self._done_at(chore)
        if done is not None and done <= now:
            return next_at(at, done)
        if self._began.get(chore.name, now) >= now:  # the first time, or the clock was set back
            self._began[chore.name] = now
        return next_at(at, self._began[chore.name])

    async def _in_turn(self, chore: Chore, every: float) -> None:
        """Do it, unless another process is at it or has just done it."""
        try:
            lock = await self._ledger.lane(f"chore/{chore.name}")
        except TryLater:
            await self._clock.sleep(1)  # whoever has it remembers that it was done
            return
        try:
            done = await self._done_at(chore)
            fresh = every / 2 if chore.at is None else 60.0
            if done is None or abs((self._clock.now() - done).total_seconds()) >= fresh:
                await self._do(chore)
                await self._remember(chore)
        finally:
            await lock.release()

    async def _do(self, chore: Chore) -> None:
        with bound_contextvars(correlation_id=new_correlation(), chore=chore.name):
            try:
                await chore.work()
            except CrossdockError as error:
                self._log.warning("chore.failed", error=type(error).__name__, reason=str(error), hint=error.hint)
            except Exception as error:  # noqa: BLE001 - a mistake in a chore is no reason to stop the service
                self._log.error("chore.failed", error=type(error).__name__, exc_info=error)

    async def _done_at(self, chore: Chore) -> datetime | None:
        try:
            kept = await self._ledger.cursor(f"chore/{chore.name}")
        except TryLater:
            return None
        return datetime.fromisoformat(kept) if kept else None

    async def _remember(self, chore: Chore) -> None:
        self._began[chore.name] = self._clock.now()
        try:
            await self._ledger.move(f"chore/{chore.name}", self._clock.now().isoformat())
        except TryLater as error:
            self._log.warning("chore.not_remembered", reason=str(error))


def next_at(at: time, after: datetime) -> datetime:
    """The first moment of this time of day (UTC) after `after`."""
    today = datetime.combine(after.astimezone(UTC).date(), at, UTC)
    return today if today > after else today + timedelta(days=1)
