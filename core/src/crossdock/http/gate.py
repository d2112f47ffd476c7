"""Who may go next: requests in flight, rates and priorities of one connection, in one queue.

One gate and not a semaphore beside a limiter, because in either order one of them would undo the other: a slot held
while waiting for a token keeps orders out, and a token taken while waiting for a slot is used at the wrong time.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.http.lease import LeasedBucket, Quota
from crossdock.http.rate import Bucket, RateLimit

__all__ = ["Gate", "Limits"]

_ALMOST_ONE = 1 - 1e-9  # ten times a tenth is a little less than one


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection may do at once.

    Attributes:
        max_in_flight: requests that are under way at the same time.
        rate: of all requests together; None sets no rate.
        groups: rates of endpoint groups, which count in addition.
        background_share: of what can go while orders wait too, the part that background work still gets.
        patience_seconds: when the far side asks for a longer silence than this, waiting requests fail with `TryLater`.
    """

    max_in_flight: int = 16
    rate: RateLimit | None = None
    groups: Mapping[str, RateLimit] = field(default_factory=dict)
    background_share: float = 0.1
    patience_seconds: float = 30.0

    def __post_init__(self) -> None:
        if self.max_in_flight < 1 or not 0 < self.background_share <= 1:
            raise ValueError(
                f"Limits need max_in_flight >= 1 and 0 < background_share <= 1, "
                f"not {self.max_in_flight} and {self.background_share}."
            )


_Turn = tuple[int, asyncio.Future[None]]  # order of arrival, and what it waits for


class _Line:
    """Those who wait for the same buckets, orders apart from background work."""

    __slots__ = ("buckets", "queues")

    def __init__(self, buckets: tuple[Bucket | LeasedBucket, ...]) -> None:
        self.buckets = buckets
        self.queues: tuple[deque[_Turn], deque[_Turn]] = (deque(), deque())

    def wait(self, now: float) -> float:
        """Seconds until the buckets let one pass."""
        return max((bucket.wait(now) for bucket in self.buckets), default=0.0)


class Gate:
    """Lets requests pass: those in the foreground first, background work with a share that it always gets.

    Args:
        limits: of the connection.
        clock: the only source of time.
        quota: where rates are shared with other processes; None where there are none.
        name: of the connection, under which rates are shared.
    """

    def __init__(self, limits: Limits, clock: Clock, quota: Quota | None = None, name: str = "") -> None:
        self._limits = limits
        self._clock = clock
        self._free = limits.max_in_flight
        self._waiting = 0
        self._arrivals = itertools.count()
        self._background_credit = 0.0
        self._timer: asyncio.Task[None] | None = None
        self._timer_due = 0.0
        self._quota = quota
        self._name = name
        of_all = (self._bucket("", limits.rate),) if limits.rate else ()
        self._default = _Line(of_all)
        self._lines = {group: _Line((*of_all, self._bucket(group, one))) for group, one in limits.groups.items()}

    def try_enter(self, group: str) -> bool:
        """Pass at once if nobody waits and nothing is in the way; the caller must `leave` afterwards."""
        if self._waiting or not self._free:
            return False
        line = self._lines.get(group, self._default)
        if line.buckets and line.wait(self._clock.monotonic()) > 0:
            return False
        self._pass(line)
        return True

    async def enter(self, group: str, *, background: bool) -> None:
        """Wait for one's turn; the caller must `leave` afterwards.

        Raises:
            TryLater: the far side asked for a silence longer than our patience; nothing was sent.
        """
        line = self._lines.get(group, self._default)
        self._refuse_long_pause(line)
        turn: _Turn = (next(self._arrivals), asyncio.get_running_loop().create_future())
        line.queues[background].append(turn)
        self._waiting += 1
        self._serve()
        try:
            await turn[1]
        except asyncio.CancelledError:
            self._give_up(line.queues[background], turn)
            raise

    def leave(self) -> None:
        """Give the place to the next."""
        self._free += 1
        if self._waiting:
            self._serve()

    def slow_down(self, group: str, after: float | None = None) -> None:
        """Lower the rate that was complained about: the group's if it has one, else the connection's."""
        line = self._lines.get(group, self._default)
        if not line.buckets:
            return
        line.buckets[-1].slow_down(self._clock.monotonic(), after)
        for other in self._all_lines():
            try:
                self._refuse_long_pause(other)
            except TryLater as error:
                self._dismiss(other, error)

    def close(self) -> None:
        """Stop the timer; for when nobody waits any more."""
        if self._timer is not None:
            self._timer.cancel()
        for bucket in {one for line in self._all_lines() for one in line.buckets}:
            bucket.close()

    def _bucket(self, group: str, limit: RateLimit) -> Bucket | LeasedBucket:
        if self._quota is None:
            return Bucket(limit, self._clock.monotonic())
        return LeasedBucket(f"{self._name}/{group}", limit, self._quota, self._clock, self._serve)

    def _all_lines(self) -> Iterable[_Line]:
        return (self._default, *self._lines.values())

    def _pass(self, line: _Line) -> None:
        self._free -= 1
        for bucket in line.buckets:
            bucket.take()

    def _serve(self) -> None:
        """Let pass whoever can, then set the timer for the next who only waits for time."""
        while self._free and self._waiting:
            now = self._clock.monotonic()
            waits = [(line.wait(now), line) for line in self._all_lines() if any(line.queues)]
            ready = [line for wait, line in waits if wait <= 0]
            if not ready:
                self._set_timer(min(wait for wait, _ in waits))
                return
            self._pass_first(ready)

    def _pass_first(self, ready: list[_Line]) -> None:
        """Let the longest waiting pass; background work only when no order could go, or when its share is due."""
        front = [line.queues[False] for line in ready if line.queues[False]]
        back = [line.queues[True] for line in ready if line.queues[True]]
        if front and back:
            self._background_credit += self._limits.background_share
        if front and back and self._background_credit >= _ALMOST_ONE:
            self._background_credit -= 1
            front = []
        queue = min(front or back, key=lambda waiting: waiting[0][0])
        line = next(line for line in ready if queue in line.queues)
        turn = queue.popleft()[1]
        self._waiting -= 1
        if not turn.cancelled():
            self._pass(line)
            turn.set_result(None)

    def _give_up(self, queue: deque[_Turn], turn: _Turn) -> None:
        if turn in queue:
            queue.remove(turn)
            self._waiting -= 1
        elif not turn[1].cancelled() and turn[1].exception() is None:  # the turn came in the same moment
            self.leave()

    def _refuse_long_pause(self, line: _Line) -> None:
        now = self._clock.monotonic()
        pause = max((bucket.pause(now) for bucket in line.buckets), default=0.0)
        if pause > self._limits.patience_seconds:
            raise TryLater("They asked for a longer silence; nothing was sent.", after=pause, throttled=True)

    def _dismiss(self, line: _Line, error: TryLater) -> None:
        for queue in line.queues:
            self._waiting -= len(queue)
            for _, turn in queue:
                if not turn.cancelled():
                    turn.set_exception(TryLater(error.message, after=error.after, throttled=True))
            queue.clear()

    def _set_timer(self, wait: float) -> None:
        due = self._clock.monotonic() + wait
        if self._timer is not None:
            if self._timer_due <= due:
                return
            self._timer.cancel()
        self._timer_due = due
        self._timer = asyncio.get_running_loop().create_task(self._serve_after(wait))

    async def _serve_after(self, wait: float) -> None:
        await self._clock.sleep(wait)
        self._timer = None
        self._serve()
