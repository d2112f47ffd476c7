"""The process may die at any moment: nothing is lost, and nothing is done twice."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossdock.errors import TryLater
from crossdock.ledger import Database, Ledger
from crossdock.model import OrderStatus
from tests.core.doubles import (
    KEYS,
    Channel,
    Desk,
    FindingBackend,
    Killed,
    Late,
    Lost,
    MortalDatabase,
    World,
    order,
)


class Life:
    """The story of four orders, told by processes that die at given points; each goes on where the last one ended."""

    def __init__(self, database: Database, deaths: list[int]) -> None:
        self.database = database
        self.deaths = deaths
        self.world = World()
        self.channel = Channel(self.world, page=2)
        self.backend = FindingBackend(self.world, page=2)
        self.desk = Desk(None, self.world, self.backend, create_fulfilled_orders=True)
        self.desk.channel = self.channel

    async def tell(self) -> None:
        self.world.trouble = {("push_order", "25"): [Lost()], ("push_order", "26"): [Late(60), TryLater("busy")]}
        self.channel.put(order("24"), order("25"), order("26"), order("27", status="shipped", shipments=()))
        await self.run_until_quiet()
        self.backend.person_posts("24")
        self.backend.change(self.backend.document("25").id, status=OrderStatus.CANCELLED)
        self.channel.change("26", status=OrderStatus.CANCELLED)
        await self.run_until_quiet()
        self.channel.person_ships("24", "SPX1")
        await self.run_until_quiet()

    async def run_until_quiet(self) -> None:
        """Runs at intervals, with a new process after each death, until nothing has been done for a while."""
        quiet = 0
        while quiet < 2:
            before = len(self.world.log)
            survived = await self.process()
            await self.world.clock.advance(150)
            quiet = quiet + 1 if survived and len(self.world.log) == before and not self.world.late else 0

    async def process(self) -> bool:
        """One process: a run of the lane. Answers whether it lived to the end."""
        self.world.points = 0
        self.world.crash_at = self.deaths.pop(0) if self.deaths else None
        try:
            database = MortalDatabase(self.database, self.world)
            async with Ledger(database, self.world.clock, Path(), KEYS) as ledger:
                self.desk.ledger = ledger
                await self.desk.run()
        except Killed:
            return False
        return True


async def lived(deaths: list[int]) -> Life:
    database = Database("sqlite://")
    await database.open()
    life = Life(database, deaths)
    try:
        await life.tell()
        assert await Ledger(database, life.world.clock, Path(), KEYS).parked() == []
    finally:
        await database.close()
    return life


def assert_each_thing_was_done_once(life: Life) -> None:
    assert life.world.done == {
        ("push_order", "24"): 1,
        ("push_order", "25"): 1,
        ("push_order", "26"): 1,
        ("push_order", "27"): 1,
        ("post_order", "27"): 1,
        ("arrange_shipment", "24"): 1,
        ("cancel_on_channel", "25"): 1,
        ("cancel_document", "26"): 1,
        ("push_tracking", "24"): 1,
    }
    assert life.world.overlapped == set()
    assert [parcel.tracking_number for parcel in life.backend.document("24").shipments] == ["SPX1"]


async def test_the_story_without_a_death():
    assert_each_thing_was_done_once(await lived([]))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 40), min_size=1, max_size=4))
def test_a_process_may_die_at_any_point_of_the_story(deaths):
    assert_each_thing_was_done_once(asyncio.run(lived(list(deaths))))


@pytest.mark.long
@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_many_processes_may_die(deaths):
    assert_each_thing_was_done_once(asyncio.run(lived(list(deaths))))


@pytest.mark.parametrize("moment", range(1, 25))
async def test_a_run_that_is_cancelled_at_any_moment_loses_nothing(desk, world, moment):
    desk.channel.page = 2
    desk.channel.put(*(order(str(n)) for n in range(6)))
    run = asyncio.ensure_future(desk.run())
    for _ in range(moment * 3):
        await asyncio.sleep(0)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    for _ in range(3):
        await desk.later(150)
    assert world.done == {("push_order", str(n)): 1 for n in range(6)}
    assert await desk.parked() == {}
