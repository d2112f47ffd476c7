"""Time, handed in: nothing in crossdock reads the wall clock by itself. The only I/O here is `SystemClock`."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from crossdock.errors import ConfigError

__all__ = ["AHEAD", "Clock", "FakeClock", "SystemClock"]

T = TypeVar("T")

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_TURNS_TO_SETTLE = 12  # turns of the event loop in which whatever was woken gets as far as it can


class Clock(Protocol):
    """What tells the time, and waits."""

    def now(self) -> datetime:
        """The moment: aware, UTC. It may jump; use it for what people read and for what is stored."""
        ...

    def monotonic(self) -> float:
        """Seconds since an unknown moment; never goes back. Use it to measure how long something took."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`; zero or less only lets others run."""
        ...


AHEAD = "CROSSDOCK_CLOCK_AHEAD"
"""Environment variable: seconds by which crossdock's clock is ahead, to follow a simulated system's moved clock."""


class SystemClock:
    """The time of this machine.

    Args:
        ahead_seconds: added to what the machine says; only simulated systems live in the future.
    """

    def __init__(self, ahead_seconds: float = 0.0) -> None:
        self._ahead = timedelta(seconds=ahead_seconds)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "SystemClock":
        """The machine's time, ahead by what `CROSSDOCK_CLOCK_AHEAD` says.

        Raises:
            ConfigError: it says no number of seconds.
        """
        text = environment.get(AHEAD, "0")
        try:
            return cls(float(text))
        except ValueError:
            raise ConfigError(f"{AHEAD} is {text!r}, no number of seconds", key=AHEAD) from None

    def now(self) -> datetime:
        """The moment: aware, UTC."""
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        """Seconds since an unknown moment; never goes back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of real time."""
        await asyncio.sleep(seconds)


class FakeClock:
    """A clock for tests that stands still until it is told to move.

    Sleepers wake in the order of their time, then of their arrival, and each gets as far as it can before the
    next one wakes: the same test always sees the same order.

    Args:
        start: the first moment, aware; the default is the start of 2026 in UTC.
    """

    def __init__(self, start: datetime = _EPOCH) -> None:
        self._start = start
        self._elapsed = 0.0
        self._arrivals = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The moment: aware, UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds that the clock was moved since it was made."""
        return self._elapsed

    @property
    def sleepers(self) -> int:
        """How many are waiting for this clock to move."""
        return sum(not future.done() for _, _, future in self._sleepers)

    def next_due(self) -> float | None:
        """When the first of those who wait wakes, as `monotonic` counts; None when nobody waits."""
        return min((due for due, _, future in self._sleepers if not future.done()), default=None)

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was moved by `seconds`."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._arrivals), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move by `seconds`, waking on the way whoever's time has come.

        Raises:
            ValueError: `seconds` is negative.
        """
        if seconds < 0:
            raise ValueError(f"A clock only moves forward, not by {seconds} seconds.")
        await self._settle()
        end = self._elapsed + seconds
        while self._sleepers and self._sleepers[0][0] <= end:
            await self._wake_next()
        self._elapsed = end

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Finish `work`, moving on whenever everything waits for this clock.

        Only for work without real I/O: what waits for a socket looks like what waits for nothing.
        """
        task = asyncio.ensure_future(work)
        try:
            await self._settle()
            while not task.done() and self._sleepers:
                await self._wake_next()
            return await task
        finally:
            task.cancel()

    async def _wake_next(self) -> None:
        due, _, future = heapq.heappop(self._sleepers)
        if not future.done():
            self._elapsed = max(self._elapsed, due)
            future.set_result(None)
            await self._settle()

    async def _settle(self) -> None:
        for _ in range(_TURNS_TO_SETTLE):
            await asyncio.sleep(0)
