"""Chores: done when it is time, remembered across restarts, and never the end of the service."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from crossdock.clock import FakeClock
from crossdock.errors import TryLater
from crossdock.runner.chores import Chore, Chores, next_at

DAY = datetime(2026, 1, 1, tzinfo=UTC)
THREE = time(3, 0)


class Memory:
    """What a ledger remembers of cursors."""

    def __init__(self):
        self.kept = {}
        self.trouble = None
        self.taken = set()

    async def lane(self, name):
        if name in self.taken:
            raise TryLater("another process has it")
        self.taken.add(name)
        return Held(self.taken, name)

    async def cursor(self, name):
        if self.trouble:
            raise self.trouble
        return self.kept.get(name)

    async def move(self, name, value):
        if self.trouble:
            raise self.trouble
        self.kept[name] = value


class Held:
    """A lane that is held."""

    def __init__(self, taken, name):
        self.taken, self.name = taken, name

    async def release(self):
        self.taken.discard(self.name)


@asynccontextmanager
async def at_work(chore, clock, memory=None):
    chores = Chores([chore], memory or Memory(), clock)
    chores.start()
    try:
        yield
    finally:
        await chores.close()


def chore(done, clock, trouble=(), **more):
    waiting = list(trouble)

    async def work():
        done.append(clock.now())
        if waiting:
            raise waiting.pop(0)

    return Chore("sweep", work, **more)


async def test_a_chore_is_done_every_so_often_whatever_went_wrong_before():
    clock, done = FakeClock(), []
    trouble = [TryLater("no answer"), RuntimeError("a mistake")]
    async with at_work(chore(done, clock, trouble, every=60), clock):
        await clock.advance(240)
    assert len(done) == 4


async def test_a_nightly_chore_is_done_at_its_time_and_once_a_day():
    clock, done = FakeClock(), []
    async with at_work(chore(done, clock, at=THREE), clock):
        await clock.advance(1.5 * 86_400)
    assert done == [DAY + timedelta(hours=3), DAY + timedelta(days=1, hours=3)]


async def test_a_chore_may_be_done_sooner_the_first_time():
    clock, done = FakeClock(), []
    async with at_work(chore(done, clock, every=3_600, first_after=60), clock):
        await clock.advance(4_000)
    assert done == [DAY + timedelta(seconds=60), DAY + timedelta(seconds=3_660)]


async def test_a_night_that_was_missed_is_made_up_for_once():
    clock, done, memory = FakeClock(DAY + timedelta(days=9, hours=12)), [], Memory()
    memory.kept["chore/sweep"] = (DAY + timedelta(days=2, hours=3)).isoformat()
    async with at_work(chore(done, clock, at=THREE), clock, memory):
        await clock.advance(60)
        assert len(done) == 1
        await clock.advance(3_600)
        assert len(done) == 1


async def test_a_ledger_that_does_not_answer_does_not_make_a_nightly_chore_run_all_the_time():
    clock, done, memory = FakeClock(), [], Memory()
    memory.trouble = TryLater("no answer")
    async with at_work(chore(done, clock, at=THREE), clock, memory):
        await clock.advance(86_400)
    assert len(done) == 1


async def test_whoever_closes_waits_for_what_is_being_done():
    clock, ended = FakeClock(), []

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async with at_work(Chore("sweep", work, 1), clock):
        await clock.advance(2)
    assert ended == [True]


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (DAY, DAY + timedelta(hours=3)),
        (DAY + timedelta(hours=3), DAY + timedelta(days=1, hours=3)),
        (DAY + timedelta(hours=4), DAY + timedelta(days=1, hours=3)),
    ],
)
def test_the_next_night_is_the_first_after_the_last_one(after, due):
    assert next_at(THREE, after) == due


@pytest.mark.parametrize("more", [{"every": 60}, {"at": THREE}])
async def test_of_processes_that_share_a_ledger_one_does_a_chore(more):
    clock, done, memory = FakeClock(), [], Memory()
    one, other = (chore(done, clock, **more) for _ in range(2))
    async with at_work(one, clock, memory), at_work(other, clock, memory):
        await clock.advance(86_400)
    assert len(done) == len(set(done))
    assert len(done) == 1 if "at" in more else len(done) > 1_300


@pytest.mark.parametrize("more", [{"every": 3_600}, {"at": THREE}])
async def test_a_clock_that_is_set_back_does_not_put_a_chore_off(more):
    clock, done, memory = FakeClock(), [], Memory()
    memory.kept["chore/sweep"] = (DAY + timedelta(days=30)).isoformat()
    async with at_work(chore(done, clock, **more), clock, memory):
        await clock.advance(4 * 3_600)
    assert len(done) == (1 if "at" in more else 4)


async def test_what_another_process_is_at_is_left_to_it():
    clock, done, memory = FakeClock(), [], Memory()
    await memory.lane("chore/sweep")
    async with at_work(chore(done, clock, every=60), clock, memory):
        await clock.advance(600)
    assert done == []


async def test_every_route_is_compared_though_one_cannot_be_read(setup):
    from crossdock.runner.board import Board
    from crossdock.runner.duties import Duties
    from crossdock.runner.engine import Engine
    from crossdock.runner.pushes import PushDesk
    from tests.core.doubles import order

    woken, board, clock = [], Board(), setup.world.clock

    class Floor:
        async def wake(self, lane, why, _correlation):
            woken.append((lane, why))

    base = setup.configuration()
    routes = {name: replace(base.routes["sg"], name=name, extensions=()) for name in ("bad", "good")}
    async with Engine.open(replace(base, routes=routes | {"bare": base.routes["bare"]}), clock) as engine:
        setup.channel.put(order("1"))
        await engine.pull("good")
        await clock.advance(3_600)
        setup.channel.put(order("2"))
        setup.world.trouble["pull_orders", ""] = [TryLater("no answer")]
        duties = Duties(engine, PushDesk(engine, None, board, clock), board, Floor(), clock)
        await duties.reconcile()
        assert list(await engine.ledger.found("reconciled")) == ["good"]
    assert woken == [("good/orders", "reconciliation")]


async def test_authorisations_are_looked_up_and_people_are_told_of_those_that_end(setup):
    from crossdock.contract import Probe, hookimpl
    from crossdock.runner.board import Board
    from crossdock.runner.duties import Duties
    from crossdock.runner.engine import Engine
    from crossdock.runner.findings import read_findings
    from crossdock.runner.pushes import PushDesk
    from tests.core.doubles import Channel

    clock, told = setup.world.clock, []

    class Shop(Channel):
        @hookimpl
        async def probe(self):
            return Probe("a shop", sign_in_expires=clock.now() + timedelta(days=3))

    async def tell(title, text):
        told.append((title, text))

    class Floor:
        def __init__(self, engine, board):
            self.engine, self.board = engine, board

        async def standings(self):
            await read_findings(self.engine.ledger, self.board, self.engine.configuration)
            return await self.engine.standings()

    setup.channel = Shop(setup.world)
    board = Board()
    async with Engine.open(setup.configuration(), clock) as engine:
        desk = PushDesk(engine, None, board, clock)
        duties = Duties(engine, desk, board, Floor(engine, board), clock, tell)
        assert [chore.name for chore in duties.chores()] == ["reconciliation", "alerts", "authorisations"]
        await duties.look_at_authorisations()
        await duties.alert()
        await duties.alert()
    assert board.sign_in_ends == {"shop-sg": clock.now() + timedelta(days=3)}
    assert [title for title, _ in told] == ["crossdock: 1 alert"]
    assert "shop-sg: the authorisation ends on 2026-01-04" in told[0][1]
