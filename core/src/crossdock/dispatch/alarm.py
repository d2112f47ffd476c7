"""Waiting for a change or for a moment, whichever comes first."""

from __future__ import annotations

import asyncio

from crossdock.clock import Clock


class Alarm:
    """Wakes the one who waits for it.

    Args:
        clock: the only source of time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits, or the next one who does."""
        self._rung.set()

    def clear(self) -> None:
        """What rang so far is known by now."""
        self._rung.clear()

    async def wait(self, seconds: float) -> None:
        """Until it rings, or the time is up."""
        timer = asyncio.create_task(self._ring_after(seconds))
        try:
            await self._rung.wait()
        finally:
            timer.cancel()

    async def _ring_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._rung.set()
