"""What will happen by itself: carriers answering, unpaid orders dying, documents becoming ready."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

from crossdock.sandbox import VirtualClock

Event = Callable[[int], None]


class Agenda:
    """Events in virtual time. They take place, with their own time, before the next request is looked at."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Event]] = []
        self._numbers = count()

    def after(self, seconds: float, event: Event) -> None:
        """Let `event` happen in `seconds`; it is handed the time (UTC seconds) at which it happens."""
        heapq.heappush(self._heap, (self._clock.seconds() + seconds, next(self._numbers), event))

    def settle(self) -> None:
        """Let everything happen that is due."""
        while self._heap and self._heap[0][0] <= self._clock.seconds():
            when, _, event = heapq.heappop(self._heap)
            event(int(when))
