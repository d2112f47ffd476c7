"""What is being carried out: so much at a time, in the order in which it came, and as much again that waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import cast

Work = Callable[[], Awaitable[None]]
"""Must not raise."""


class UnderWay:
    """Carries work out, each under a key of its own.

    A few tasks take one piece after the other: a task for each, behind semaphores, was a tenth of all calls per order.
    Whoever waits here may be cancelled; what is under way goes on all the same.

    Args:
        at_once: how much is carried out at the same time.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._waiting: deque[tuple[str, Work]] = deque()
        self._ended: dict[str, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room: asyncio.Future[None] | None = None

    def __contains__(self, key: object) -> bool:
        return key in self._ended

    def __bool__(self) -> bool:
        return bool(self._ended)

    async def start(self, key: str, work: Work) -> None:
        """Have `work` carried out in its turn. Waits while as much waits as is carried out, so that no gap is left."""
        while len(self._ended) >= 2 * self._at_once:
            self._room = asyncio.get_running_loop().create_future()
            await self._room
        self._ended[key] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, work))
        if len(self._tasks) < self._at_once:
            self._tasks.add(asyncio.create_task(self._work_off()))

    async def ended(self, keys: Iterable[str]) -> None:
        """Wait until what goes on under these keys has ended."""
        if going := [self._ended[key] for key in keys if key in self._ended]:
            await asyncio.wait(going)  # `gather` would cancel them where it is cancelled

    async def all_ended(self) -> None:
        """Wait until nothing is under way."""
        while self._ended:
            await self.ended(list(self._ended))

    def cut_off(self) -> None:
        """End what is under way in the middle, and forget what waits."""
        for task in self._tasks:
            task.cancel()
        while self._waiting:
            self._end(self._waiting.popleft()[0])

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                key, work = self._waiting.popleft()
                try:
                    await work()
                finally:
                    self._end(key)
        finally:  # at once and not when the task is done: what comes in between needs a task of its own
            self._tasks.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    def _end(self, key: str) -> None:
        self._ended.pop(key).set_result(None)
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
