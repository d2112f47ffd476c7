"""The clock of a simulated system: real time plus what an operator added."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime


class VirtualClock:
    """Time as the simulated system sees it.

    It runs with real time and can be moved forward, so that what takes hours (a token expiring, a carrier
    issuing a tracking number) takes a request. It never goes back.

    Args:
        real: seconds since the epoch, as `time.time` gives them; a test may hand in its own.
    """

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._ahead_seconds = 0.0

    def seconds(self) -> float:
        """Seconds since the epoch."""
        return self._real() + self._ahead_seconds

    def timestamp(self) -> int:
        """Whole seconds since the epoch, the form most systems put on the wire."""
        return int(self.seconds())

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds`.

        Raises:
            ValueError: `seconds` is negative.
        """
        if seconds < 0:
            raise ValueError(f"a virtual clock only moves forward, not by {seconds} seconds")
        self._ahead_seconds += seconds
