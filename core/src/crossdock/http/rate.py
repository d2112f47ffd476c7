"""How many requests a second: a token bucket that learns the far side's limit. Pure: time is an argument.

Written here because aiolimiter has a fixed rate, reads the loop's clock and knows no priorities.
"""

from dataclasses import dataclass

__all__ = ["Bucket", "BucketState", "RateLimit"]

_ALMOST_ONE = 1 - 1e-9  # a wait computed in floats may end a rounding error too early


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What the far side is believed to allow.

    Attributes:
        requests_per_second: the ceiling; never exceeded over any time, but for `burst`.
        burst: how many may go at once after a pause; at least 1.
        floor: the share of the ceiling that is kept however often they complain.
        recovery_seconds: how long it takes to climb from nothing to the ceiling again.
    """

    requests_per_second: float
    burst: float = 1.0
    floor: float = 0.05
    recovery_seconds: float = 120.0

    def __post_init__(self) -> None:
        if self.requests_per_second <= 0 or self.burst < 1 or not 0 < self.floor <= 1 or self.recovery_seconds <= 0:
            raise ValueError(
                f"A rate limit needs requests_per_second > 0, burst >= 1, 0 < floor <= 1 and recovery_seconds > 0, "
                f"not {self.requests_per_second}, {self.burst}, {self.floor} and {self.recovery_seconds}."
            )


@dataclass(frozen=True, slots=True)
class BucketState:
    """A bucket at one moment; moments are seconds of the clock that it was asked with.

    Attributes:
        tokens: how many requests may go at once.
        rate: tokens a second.
        updated: when that was so.
        not_before: the end of the silence that was asked for.
        cut_at: when the rate was lowered last.
    """

    tokens: float
    rate: float
    updated: float
    not_before: float
    cut_at: float


class Bucket:
    """Tokens that fill up at a rate; the rate is halved on a complaint and then climbs slowly (AIMD).

    Args:
        limit: ceiling, burst and how to recover.
        now: seconds on the monotonic clock; every later `now` must be from the same clock.
    """

    __slots__ = ("_cut_at", "_limit", "_not_before", "_tokens", "_updated", "rate")

    def __init__(self, limit: RateLimit, now: float) -> None:
        self._limit = limit
        self._tokens = limit.burst
        self._updated = now
        self._not_before = now
        self._cut_at = float("-inf")
        self.rate = limit.requests_per_second

    def wait(self, now: float) -> float:
        """Seconds until one request may go; 0 when it may go now."""
        self._refill(now)
        missing = 0.0 if self._tokens >= _ALMOST_ONE else (1 - self._tokens) / self.rate
        return max(missing, self._not_before - now, 0.0)

    def take(self) -> None:
        """Use one token, after `wait` has returned 0."""
        self._tokens -= 1

    def lease(self, now: float, wanted: float) -> float:
        """Use up to `wanted` whole tokens at once, and answer how many; none where one has to wait."""
        if self.wait(now) > 0:
            return 0.0
        granted = float(int(min(wanted, self._tokens + 1 - _ALMOST_ONE)))
        self._tokens -= granted
        return granted

    @property
    def state(self) -> "BucketState":
        """All that there is to remember."""
        return BucketState(self._tokens, self.rate, self._updated, self._not_before, self._cut_at)

    @classmethod
    def restored(cls, limit: RateLimit, state: "BucketState", now: float) -> "Bucket":
        """The bucket as it was; a clock that was put back since does not stop it."""
        bucket = cls(limit, min(state.updated, now))
        bucket._tokens = min(state.tokens, limit.burst)
        bucket.rate = min(state.rate, limit.requests_per_second)
        bucket._not_before, bucket._cut_at = state.not_before, min(state.cut_at, now)
        return bucket

    def pause(self, now: float) -> float:
        """Seconds for which the far side has asked for silence."""
        return max(self._not_before - now, 0.0)

    def close(self) -> None:
        """Nothing is under way."""

    def slow_down(self, now: float, after: float | None = None) -> None:
        """Halve the rate, once a second at most: a burst of complaints is one message.

        Args:
            now: seconds on the monotonic clock.
            after: seconds of silence that they asked for.
        """
        self._refill(now)
        self._tokens = min(self._tokens, 0.0)
        self._not_before = max(self._not_before, now + (after or 0.0))
        if now - self._cut_at >= 1:
            self._cut_at = now
            self.rate = max(self.rate / 2, self._limit.requests_per_second * self._limit.floor)

    def _refill(self, now: float) -> None:
        passed = now - self._updated
        if passed <= 0:
            return
        self._updated = now
        self._tokens = min(self._limit.burst, self._tokens + passed * self.rate)
        ceiling = self._limit.requests_per_second
        if self.rate < ceiling:
            self.rate = min(ceiling, self.rate + passed * ceiling / self._limit.recovery_seconds)
