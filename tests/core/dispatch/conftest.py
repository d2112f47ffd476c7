"""Dispatchers under test: whatever is added to `KINDS` is held to the same suite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random

import pytest
from sqlalchemy import text

from crossdock.clock import FakeClock
from crossdock.dispatch import Cause, Dispatcher, DispatcherSettings, Lane, Turn, find
from crossdock.ledger import Database
from tests import postgres

KINDS = ("local", "procrastinate")


@dataclass
class Yard:
    """Lanes whose work a test decides."""

    kind: str
    url: str
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
        database = Database(self.url)
        await database.open()
        try:
            dispatcher = self.dispatcher = self.made(lanes, database, **settings)
            await dispatcher.prepare()
            task = asyncio.ensure_future(dispatcher.run())
            await self.advance(0)
            try:
                yield dispatcher
            finally:
                dispatcher.stop()
                while not task.done():
                    await self.clock.advance(60)
                    await asyncio.sleep(0)
                await task
        finally:
            await database.close()

    def made(self, lanes: tuple[Lane, ...], database: Database, **settings: float) -> Dispatcher:
        return find(self.kind)(
            lanes, self.work, self.clock, Random(1), DispatcherSettings(database=database, **settings)
        )

    async def advance(self, seconds: float) -> None:
        """Move the clock, and let everything get as far as it can."""
        await self.clock.advance(seconds)

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
        await self.advance(0)


class SharedYard(Yard):
    """A yard whose lanes are jobs in PostgreSQL; time there is the test's as well."""

    def made(self, lanes: tuple[Lane, ...], database: Database, **settings: float) -> Dispatcher:
        self.database = database
        opens = partial(find(self.kind), moment=lambda _connection: self.clock.now().timestamp())
        return opens(lanes, self.work, self.clock, Random(1), DispatcherSettings(database=database, **settings))

    async def advance(self, seconds: float) -> None:
        """Move from one sleeper to the next, and let the database get to rest in between."""
        ends_at = self.clock.monotonic() + seconds
        await self._at_rest()
        while (due := self.clock.next_due()) is not None and due <= ends_at:
            await self.clock.advance(max(0.0, due - self.clock.monotonic()))
            await self._at_rest()
        await self.clock.advance(ends_at - self.clock.monotonic())

    async def _at_rest(self) -> None:
        """No job can start, and those that run wait for the clock."""
        async with asyncio.timeout(60):
            calm = 0
            while calm < 2:
                calm = calm + 1 if await self._is_calm() else 0

    async def _is_calm(self) -> bool:
        due, startable, doing = await self.database.read(
            lambda connection: connection.execute(_OPEN, {"now": self.clock.now().timestamp()}).one()
        )
        await asyncio.sleep(0.001)
        stopping, limit = self.dispatcher._stopping.is_set(), self.dispatcher._settings.at_once
        looking = not self.dispatcher._changed._rung._waiters
        waiting = due or (startable and doing < limit) or looking
        return doing == len(self.running) and (stopping or not waiting)


_OPEN = text(
    """
    WITH busy AS (SELECT lock, status FROM procrastinate_jobs WHERE status IN ('todo', 'doing')) SELECT
    (SELECT count(*) FROM lanes WHERE not_before <= :now AND (due_at <= :now OR asked > answered)
        AND name NOT IN (SELECT lock FROM busy)),
    (SELECT count(*) FROM busy WHERE status = 'todo' AND lock NOT IN (SELECT lock FROM busy WHERE status = 'doing')),
    (SELECT count(*) FROM busy WHERE status = 'doing')
    """
)
"""Lanes that are due and have no job yet, jobs that could start, and jobs that run."""


@pytest.fixture(scope="session")
def postgres_address(tmp_path_factory):
    with postgres.server(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture
def shared_yard(postgres_address):
    with postgres.schema(postgres_address) as address:
        yield SharedYard("procrastinate", address)


@pytest.fixture
async def ours(shared_yard):
    """The database of a process."""
    database = Database(shared_yard.url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def theirs(shared_yard):
    """The same database, as another process sees it."""
    database = Database(shared_yard.url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture(params=KINDS)
def yard(request, tmp_path):
    if request.param == "procrastinate":
        return request.getfixturevalue("shared_yard")
    return Yard(request.param, f"sqlite:///{tmp_path}/ledger.db")
