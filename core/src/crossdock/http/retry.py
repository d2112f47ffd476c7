"""How long to wait before trying again. Pure: randomness is handed in.

A loop in the client and not tenacity: with our clock, our deadline, their Retry-After and our error classes, each part
that tenacity brings would be replaced, and what is left is the loop.
"""

from dataclasses import dataclass
from random import Random

from crossdock.errors import TryLater

__all__ = ["RetryPolicy"]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When to give up, and how long to wait until then.

    Attributes:
        attempts: how often a request is sent at most, the first time included; 1 never tries again.
        total_seconds: no wait may end later than this after the first try, since the engine itself comes back later.
        first_seconds: upper bound of the first wait; doubled for each further one.
        longest_seconds: upper bound of every wait that they did not ask for.
    """

    attempts: int = 4
    total_seconds: float = 30.0
    first_seconds: float = 0.5
    longest_seconds: float = 10.0

    def wait(self, error: TryLater, tries: int, elapsed: float, random: Random) -> float | None:
        """Seconds to wait after `tries` failures, or None to give up.

        Full jitter: anything between nothing and the bound, so that many who failed together do not return together.
        When they named a time, it is waited in full, and the jitter comes on top.

        Args:
            error: the last failure; `after` is their wish in seconds.
            tries: how often it was sent, at least 1.
            elapsed: seconds since the first try began.
            random: where the jitter comes from.
        """
        if tries >= self.attempts:
            return None
        bound = min(self.first_seconds * 2 ** (tries - 1), self.longest_seconds)
        wait = (error.after or 0.0) + random.uniform(0.0, bound)
        return wait if elapsed + wait <= self.total_seconds else None
