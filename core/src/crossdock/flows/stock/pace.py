"""How many levels are sent at once, and how long the rest will take. Pure.

Where a channel is slow, a batch stays small: it is through before a lost answer is looked up, a person who stops a run
does not wait for it, and somebody who watches is told how long it will take.
"""

from __future__ import annotations

_FIRST = 100
_SECONDS = 10.0
"""How long a batch should take."""
_CHANGE = 4
"""How much larger or smaller the next one is at most: one slow answer says little."""


class Pace:
    """The size of batches.

    Args:
        most: levels of a batch.

    Attributes:
        size: levels of the next batch.
    """

    def __init__(self, most: int) -> None:
        self.size = min(_FIRST, most)
        self._most = most
        self._each: float | None = None

    def took(self, count: int, seconds: float) -> None:
        """Learn that `count` levels took so long."""
        self._each = seconds / count
        fitting = int(_SECONDS / self._each) if self._each else self._most
        self.size = max(1, min(fitting, self.size * _CHANGE, self._most), self.size // _CHANGE)

    def seconds_for(self, count: int) -> float | None:
        """How long `count` levels will take at this pace; None before the first batch."""
        return None if self._each is None else count * self._each
