"""A connection that has to sign in rests alone, says so once, and goes on by itself."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from crossdock.clock import FakeClock
from crossdock.errors import SignInAgain, TryLater
from crossdock.runner.board import Board
from crossdock.runner.pauses import Pauses

LANES = {"shop": ["sg/orders", "sg/stock"], "central": ["sg/orders", "sg/stock", "my/orders"], "other": ["my/orders"]}


class Bench:
    def __init__(self):
        self.clock, self.board = FakeClock(), Board()
        self.answers, self.probes, self.woken = [], [], []
        self.pauses = Pauses(LANES, self.probe, self.wake, self.board, self.clock, 120)

    async def probe(self, connection):
        self.probes.append((self.clock.monotonic(), connection))
        if self.answers and (answer := self.answers.pop(0)):
            raise answer

    async def wake(self, lane, cause):
        self.woken.append((lane, cause.why, cause.whole))


@pytest.fixture
async def bench():
    made = Bench()
    yield made
    await made.pauses.close()


EXPIRED = SignInAgain("the token has expired", connection="shop")


async def test_the_lanes_of_that_connection_rest_and_no_others(bench):
    bench.pauses.pause("sg/orders", EXPIRED)
    assert [bench.pauses.holds(lane) for lane in ("sg/orders", "sg/stock", "my/orders")] == [True, True, False]
    assert list(bench.board.paused) == ["shop"]


async def test_it_is_said_once_with_what_to_do(bench):
    with capture_logs() as logs:
        for lane in ("sg/orders", "sg/stock"):
            bench.pauses.pause(lane, EXPIRED)
    assert [(entry["event"], entry["connection"]) for entry in logs] == [("connection.paused", "shop")]
    assert "crossdock auth link shop" in logs[0]["hint"]


async def test_it_is_probed_until_it_works_and_then_its_lanes_run_whole(bench):
    bench.answers = [EXPIRED, TryLater("down"), None]
    bench.pauses.pause("sg/orders", EXPIRED)
    await bench.clock.advance(359)
    assert bench.pauses.holds("sg/orders")
    await bench.clock.advance(1)
    assert bench.probes == [(120, "shop"), (240, "shop"), (360, "shop")]
    assert bench.woken == [("sg/orders", "signed in again", True), ("sg/stock", "signed in again", True)]
    assert not bench.pauses.holds("sg/orders")
    assert bench.board.paused == {}


async def test_it_is_said_again_only_after_it_had_worked(bench):
    with capture_logs() as logs:
        bench.pauses.pause("sg/orders", EXPIRED)
        await bench.clock.advance(120)
        bench.pauses.pause("sg/orders", EXPIRED)  # the probe was content, the lane was not
        await bench.clock.advance(120)
        bench.pauses.worked("sg/stock")
        bench.pauses.pause("sg/orders", EXPIRED)
    assert [entry["event"] for entry in logs].count("connection.paused") == 2


async def test_an_error_that_names_no_connection_rests_the_lane_it_came_from(bench):
    bench.pauses.pause("my/orders", SignInAgain("expired"))
    assert bench.pauses.holds("my/orders")
