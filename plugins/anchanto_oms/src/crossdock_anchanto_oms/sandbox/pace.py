"""A limit that refills as time passes."""

from __future__ import annotations


class Pace:
    """At most `most` at once, refilled evenly over `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = float(most)
        self._rate = most / seconds
        self._left = float(most)
        self._seen = 0.0

    def take(self, now: float) -> bool:
        """Take one if there is one at `now`."""
        self._left = min(self._most, self._left + (now - self._seen) * self._rate)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
