"""The rate limit of one user: a sliding window of five minutes."""

from __future__ import annotations

from collections import defaultdict, deque

from crossdock.sandbox import VirtualClock

_WINDOW_SECONDS = 300.0


class RateLimit:
    """Counts the requests of each user; without a number it lets everything pass."""

    def __init__(self, clock: VirtualClock, requests: int | None) -> None:
        self._clock = clock
        self._requests = requests
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def wait_seconds(self, user: str) -> float | None:
        """None if the request of `user` may pass, else the seconds until the next may."""
        if self._requests is None:
            return None
        now, seen = self._clock.seconds(), self._seen[user]
        while seen and seen[0] <= now - _WINDOW_SECONDS:
            seen.popleft()
        if len(seen) >= self._requests:
            return seen[0] + _WINDOW_SECONDS - now
        seen.append(now)
        return None
