"""The clock on the wall, which may be set back while a service runs or between two runs."""

from __future__ import annotations

import asyncio

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.ledger import Ledger
from crossdock.log import get_logger

_LOOK_SECONDS = 60.0
_TOLERATED_SECONDS = 60.0
"""Clocks of machines differ, and are put right by seconds all the time: nothing waits so short that it matters."""


class WallWatch:
    """Notices that the clock was set back, and has the ledger follow. A clock that is set forward needs nothing.

    Args:
        ledger: whose moments are those of this clock.
        clock: what it shows, and how long anything really took.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._watching: asyncio.Task[None] | None = None
        self._log = get_logger().bind(logger="crossdock.runner")

    async def start(self) -> None:
        """Compare with what the ledger saw last, then look now and then.

        Raises:
            TryLater: the ledger does not answer.
        """
        latest = await self._ledger.latest()
        if latest is not None:
            await self._follow((latest - self._clock.now()).total_seconds())
        self._watching = asyncio.create_task(self._watch(), name="wall clock")

    async def close(self) -> None:
        """Look no more."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def _watch(self) -> None:
        expected = self._ahead()
        while True:
            await self._clock.sleep(_LOOK_SECONDS)
            try:
                await self._follow(expected - self._ahead())
            except TryLater as error:
                self._log.debug("ledger.out_of_reach", reason=str(error))
            else:
                expected = self._ahead()

    def _ahead(self) -> float:
        """What the clock on the wall shows beyond what is measured; it changes only when the clock is set."""
        return self._clock.now().timestamp() - self._clock.monotonic()

    async def _follow(self, seconds: float) -> None:
        if seconds <= _TOLERATED_SECONDS:
            return
        moved = await self._ledger.follow_clock(seconds)
        self._log.warning("clock.set_back", seconds=round(seconds), moved=moved)
