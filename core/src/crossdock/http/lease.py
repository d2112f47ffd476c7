"""A rate that several processes share: each leases tokens for a moment ahead from where all of them can see.

A lease is a fraction of a second's worth, so that asking for it costs little, and what a process has leased and not
used is soon worth nothing: together they never exceed the limit by more than one lease each.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.http.rate import RateLimit

__all__ = ["Grant", "LeasedBucket", "Quota"]

_LEASE_SECONDS = 0.25
_RETRY_SECONDS = 1.0
_LONGEST_ANSWER = 5.0  # the answer itself wakes whoever waits for it


@dataclass(frozen=True, slots=True)
class Grant:
    """What was leased.

    Attributes:
        tokens: how many requests may go.
        wait: seconds until asking again is of use.
        silence: seconds for which the far side has asked for silence.
    """

    tokens: float
    wait: float = 0.0
    silence: float = 0.0


class Quota(Protocol):
    """Where all processes see how much of a rate is left."""

    async def take(self, name: str, limit: RateLimit, wanted: float) -> Grant:
        """Lease up to `wanted` tokens of the limit `name`.

        Raises:
            TryLater: the place cannot be reached.
        """
        ...

    async def slow_down(self, name: str, limit: RateLimit, after: float | None) -> None:
        """The far side complained, and asked for `after` seconds of silence.

        Raises:
            TryLater: the place cannot be reached.
        """
        ...


class LeasedBucket:
    """This process's part of a shared rate.

    Args:
        name: of the limit, the same in all processes.
        limit: what the far side is believed to allow all of them together.
        quota: where tokens are leased.
        clock: the only source of time.
        answered: called when a lease has come.
    """

    def __init__(self, name: str, limit: RateLimit, quota: Quota, clock: Clock, answered: Callable[[], None]) -> None:
        self._name = name
        self._limit = limit
        self._quota = quota
        self._clock = clock
        self._answered = answered
        self._lease = max(1.0, min(limit.burst, limit.requests_per_second * _LEASE_SECONDS))
        self._pace = _LEASE_SECONDS / 4 if self._lease >= 4 else 0.0  # so that more than one has come back by then
        self._tokens = 0.0
        self._fresh_until = float("-inf")
        self._ask_at = float("-inf")
        self._silent_until = float("-inf")
        self._asking: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()

    def wait(self, now: float) -> float:
        """Seconds until one request may go; 0 when it may go now."""
        if self._silent_until > now:
            return self._silent_until - now
        tokens = self._tokens if now < self._fresh_until else 0.0
        if tokens < self._lease / 2:
            self._ask(now, self._lease - tokens)
        if tokens >= 1:
            return 0.0
        return _LONGEST_ANSWER if self._asking is not None else max(self._ask_at - now, 0.001)

    def take(self) -> None:
        """Use one token, after `wait` has returned 0."""
        self._tokens -= 1

    def pause(self, now: float) -> float:
        """Seconds for which the far side has asked for silence."""
        return max(self._silent_until - now, 0.0)

    def slow_down(self, now: float, after: float | None = None) -> None:
        """Be silent for `after` seconds, and have all processes lower the rate."""
        self._tokens = 0.0
        self._silent_until = max(self._silent_until, now + (after or 0.0))
        task = asyncio.get_running_loop().create_task(self._tell(after))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    def close(self) -> None:
        """Ask no more."""
        for task in (*self._telling, *([self._asking] if self._asking else [])):
            task.cancel()

    def _ask(self, now: float, wanted: float) -> None:
        if self._asking is None and now >= self._ask_at:
            self._asking = asyncio.get_running_loop().create_task(self._take(wanted))

    async def _take(self, wanted: float) -> None:
        try:
            grant = await self._quota.take(self._name, self._limit, wanted)
        except TryLater:
            grant = Grant(0.0, wait=_RETRY_SECONDS)
        finally:
            self._asking = None
        now = self._clock.monotonic()
        kept = self._tokens if now < self._fresh_until else 0.0
        self._tokens = kept + grant.tokens
        self._fresh_until = now + 2 * _LEASE_SECONDS
        self._ask_at = now + (0.0 if grant.tokens > wanted - 1 else max(grant.wait, self._pace))
        self._silent_until = max(self._silent_until, now + grant.silence)
        self._answered()

    async def _tell(self, after: float | None) -> None:
        try:
            await self._quota.slow_down(self._name, self._limit, after)
        except TryLater:
            return  # whoever else meets the complaint tells it
