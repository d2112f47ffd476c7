"""A connection that has to sign in rests alone, says so once, and goes on by itself: in all processes at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from crossdock.clock import FakeClock
from crossdock.errors import SignInAgain, TryLater
from crossdock.ledger import Database
from crossdock.ledger.pauses import noted
from crossdock.runner.pauses import Pauses

LANES = {"shop": ["sg/orders", "sg/stock"], "central": ["sg/orders", "sg/stock", "my/orders"], "other": ["my/orders"]}
EXPIRED = SignInAgain("the token has expired", connection="shop")


class Installation:
    """Processes that share a ledger, a clock and a far side."""

    def __init__(self, url):
        self.url, self.clock = url, FakeClock()
        self.answers, self.probes, self.woken = [], [], []
        self._open = []

    async def process(self):
        """One more of them, at work."""
        database = Database(self.url)
        await database.open()
        pauses = Pauses(LANES, database, self.probe, self.enlist, self.clock, 120)
        self._open.append((pauses, database))
        pauses.start()
        await self.rest()
        return pauses

    async def probe(self, connection):
        self.probes.append((self.clock.monotonic(), connection))
        if self.answers and (answer := self.answers.pop(0)):
            raise answer

    def enlist(self, _connection, lane, cause):
        self.woken.append((lane, cause.why, cause.whole))

    async def pass_by(self, seconds):
        """Let time pass from probe to probe; the ledger's threads answer in their own time."""
        ends_at = self.clock.monotonic() + seconds
        while (due := self.clock.next_due()) is not None and due <= ends_at:
            await self.clock.advance(due - self.clock.monotonic())
            await self.rest()
        await self.clock.advance(ends_at - self.clock.monotonic())

    async def rest(self):
        """Wait until every process sleeps."""
        async with asyncio.timeout(30):
            while self.clock.sleepers < len(self._open):  # noqa: ASYNC110 - threads have no event to wait for
                await asyncio.sleep(0.001)

    async def noted(self):
        """What the ledger has of pauses."""
        return await self._open[0][1].read(noted)

    async def close(self):
        for pauses, database in self._open:
            await pauses.close()
            await database.close()


@pytest.fixture
async def installation(tmp_path):
    made = Installation(f"sqlite:///{tmp_path}/ledger.db")
    yield made
    await made.close()


def events(logs):
    return [(entry["event"], entry["connection"]) for entry in logs]


async def test_the_lanes_of_that_connection_rest_in_every_process_and_no_others(installation):
    one, other = await installation.process(), await installation.process()
    await one.pause("sg/orders", EXPIRED)
    for process in (one, other):
        held = [await process.holds(lane) for lane in ("sg/orders", "sg/stock", "my/orders")]
        assert [pause and pause.reason for pause in held] == [str(EXPIRED), str(EXPIRED), None]


async def test_it_is_said_once_by_one_process_with_what_to_do(installation):
    processes = [await installation.process() for _ in range(2)]
    with capture_logs() as logs:
        for lane in ("sg/orders", "sg/stock"):
            await asyncio.gather(*(process.pause(lane, EXPIRED) for process in processes))
    assert events(logs) == [("connection.paused", "shop")]
    assert "crossdock auth link shop" in logs[0]["hint"]


async def test_one_process_probes_until_it_works_and_then_its_lanes_run_whole(installation):
    one, other = await installation.process(), await installation.process()
    installation.answers = [EXPIRED, TryLater("down"), None]
    await one.pause("sg/orders", EXPIRED)
    await installation.pass_by(359)
    assert await other.holds("sg/orders")
    await installation.pass_by(1)
    assert installation.probes == [(120, "shop"), (240, "shop"), (360, "shop")]
    assert installation.woken == [("sg/orders", "signed in again", True), ("sg/stock", "signed in again", True)]
    assert await other.holds("sg/orders") is None


async def test_the_others_probe_on_when_the_process_that_met_it_is_gone(installation):
    one, other = await installation.process(), await installation.process()
    await one.pause("sg/orders", EXPIRED)
    await one.close()
    async with asyncio.timeout(30):
        while not installation.woken:
            await installation.clock.advance(120)
            await asyncio.sleep(0.005)
    assert await other.holds("sg/orders") is None


async def test_it_is_said_again_only_after_it_had_worked(installation):
    one, other = await installation.process(), await installation.process()
    with capture_logs() as logs:
        await one.pause("sg/orders", EXPIRED)
        await installation.pass_by(120)
        await other.pause("sg/orders", EXPIRED)  # the probe was content, the lane was not
        await installation.pass_by(120)
        await one.holds("sg/stock")
        await one.worked("sg/stock")
        assert await installation.noted() == {}
        await other.pause("sg/orders", EXPIRED)
    assert events(logs).count(("connection.paused", "shop")) == 2


async def test_a_process_that_starts_tries_what_rests_at_once_and_says_when_it_still_does(installation):
    one = await installation.process()
    await one.pause("sg/orders", EXPIRED)
    installation.answers = [EXPIRED, None]
    with capture_logs() as logs:
        await installation.process()
        await installation.process()
    assert events(logs) == [("connection.still_paused", "shop"), ("connection.resumed", "shop")]
    assert logs[0]["reason"] == str(EXPIRED)
    assert len(installation.probes) == 2


async def test_a_clock_that_is_set_back_does_not_put_the_next_probe_off(installation):
    one = await installation.process()
    installation.answers = [EXPIRED]
    await one.pause("sg/orders", EXPIRED)
    await installation.pass_by(120)
    shown = installation.clock.now
    installation.clock.now = lambda: shown() - timedelta(days=30)
    await installation.pass_by(120)
    assert installation.probes == [(120, "shop"), (240, "shop")]
    assert await one.holds("sg/orders") is None


async def test_an_error_that_names_no_connection_rests_the_lane_it_came_from(installation):
    one = await installation.process()
    await one.pause("my/orders", SignInAgain("expired"))
    assert await one.holds("my/orders")
