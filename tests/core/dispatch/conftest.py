"""Dispatchers under test: whatever is added to `KINDS` is held to the same suite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import pytest

from crossdock.clock import FakeClock
from crossdock.dispatch import Cause, Dispatcher, DispatcherSettings, Lane, Turn, find

KINDS = ("local",)


@dataclass
class Yard:
    """Lanes whose work a test decides."""

    kind: str
    clock: FakeClock = field(default_factory=FakeClock)
    turns: list[tuple[float, Turn]] = field(default_factory=list)
    answers: dict[str, list[object]] = field(default_factory=dict)
    """Lane to what its next runs end with: True for more, an exception to raise, a number of seconds to work."""
    running: set[str] = field(default_factory=set)
    most_at_once: int = 0
    cut_off: list[str] = field(default_factory=list)
    dispatcher: Dispatcher | None = None

    @asynccontextmanager
    async def open(self, *lanes: Lane, **settings: float) -> AsyncIterator[Dispatcher]:
        opens = find(self.kind)
        self.dispatcher = opens(lanes, self.work, self.clock, Random(1), DispatcherSettings(**settings))
        task = asyncio.ensure_future(self.dispatcher.run())
        await self.clock.advance(0)
        try:
            yield self.dispatcher
        finally:
            self.dispatcher.stop()
            while not task.done():
                await self.clock.advance(60)
            await task

    async def work(self, turn: Turn) -> bool:
        assert turn.lane not in self.running, "a lane runs twice at once"
        self.turns.append((self.clock.monotonic(), turn))
        self.running.add(turn.lane)
        self.most_at_once = max(self.most_at_once, len(self.running))
        try:
            return await self._end(self.answers.get(turn.lane) or [False])
        except asyncio.CancelledError:
            self.cut_off.append(turn.lane)
            raise
        finally:
            self.running.discard(turn.lane)

    async def _end(self, answers: list[object]) -> bool:
        answer = answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, float):
            await self.clock.sleep(answer)
            return False
        return bool(answer)

    def starts(self, lane: str) -> list[float]:
        return [at for at, turn in self.turns if turn.lane == lane]

    async def nudge(self, lane: str, why: str = "push 3") -> None:
        assert self.dispatcher is not None
        await self.dispatcher.wake(lane, Cause(why))
        await self.clock.advance(0)


@pytest.fixture(params=KINDS)
def yard(request) -> Yard:
    return Yard(request.param)
