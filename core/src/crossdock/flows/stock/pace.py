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
_MEMORY = 0.75
"""How much what was known still counts, with each batch that follows, when it is said how long the rest will take."""


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
        self._count, self._seconds = 0.0, 0.0

    def took(self, count: int, seconds: float) -> None:
        """Learn that `count` levels took so long."""
        self._count, self._seconds = self._count * _MEMORY + count, self._seconds * _MEMORY + seconds
        fitting = int(_SECONDS * count / seconds) if seconds else self._most
        self.size = max(1, min(fitting, self.size * _CHANGE, self._most), self.size // _CHANGE)

    def seconds_for(self, count: int) -> float | None:
        """How long `count` levels will take at the pace of the last batches; None before the first one."""
        return count * self._seconds / self._count if self._count else None
