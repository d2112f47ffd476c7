"""The kit's man beside the proxy: counts calls, holds one, changes bodies, or stops everything at a call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from crossdock.sandbox import Passing
from crossdock.testing.toolbox import Held

__all__ = ["Watch"]


@dataclass
class Watch:
    """What is done to the calls of one attempt; numbers count from 1 within the attempt.

    Attributes:
        held: told of the call that is held.
        rewrite: changes the body of every answer.
        hold_at: the call whose answer comes only after every time limit.
        hold_on: hold all calls after that one too.
        stop_at: the call after which nothing is answered any more; the system has carried it out.
        calls: how many came.
        stopped: set when `stop_at` was carried out.
        released: set when nobody waits for an answer any more.
    """

    held: Held
    rewrite: Callable[[bytes], bytes] | None = None
    hold_at: int = 0
    hold_on: bool = False
    stop_at: int = 0
    calls: int = 0
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: dict[int, int] = field(default_factory=dict)

    async def arrived(self, passing: Passing) -> bool:
        """Number the call; nothing passes after the stop."""
        self.calls += 1
        self._numbers[passing.number] = self.calls
        if self.stopped.is_set():
            await self.released.wait()
        return not self.stopped.is_set()

    async def answered(self, passing: Passing, body: bytes) -> bytes | None:
        """Let the answer go on, changed, or not at all."""
        number = self._numbers.pop(passing.number)
        if number == self.stop_at:
            self.stopped.set()
            await self.released.wait()
            return None
        if number == self.hold_at or (self.hold_on and number > self.hold_at):
            self.held.hold(passing.headers)
            return None
        return self.rewrite(body) if self.rewrite else body
