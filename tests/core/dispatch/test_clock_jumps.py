"""The clock on the wall jumps: lanes keep their pace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crossdock.clock import FakeClock
from crossdock.dispatch import Cron, Lane
from tests.core.dispatch.conftest import Yard


class JumpingClock(FakeClock):
    """A clock whose time of day can be set, while what it measures goes on."""

    jumped = timedelta()

    def now(self):
        return super().now() + self.jumped


@pytest.fixture
def jumping(tmp_path):
    return Yard("local", f"sqlite:///{tmp_path}/ledger.db", clock=JumpingClock())


@pytest.mark.parametrize("days", [-30, 30])
async def test_lanes_that_run_every_so_often_do_not_notice(jumping, days):
    async with jumping.open(Lane("sg/orders", 60, jitter=0)):
        await jumping.advance(90)
        jumping.clock.jumped = timedelta(days=days)
        await jumping.advance(90)
        assert jumping.starts("sg/orders") == [0, 60, 120, 180]
        await jumping.nudge("sg/orders")
        assert jumping.starts("sg/orders")[-1] == 180


async def test_a_lane_with_a_cron_expression_follows_the_new_time_after_its_next_run(jumping):
    async with jumping.open(Lane("sg/orders", 3_600, cron=Cron("0 * * * *"))):
        await jumping.advance(3_600)
        jumping.clock.jumped = timedelta(minutes=30)
        await jumping.advance(3_600)
        assert jumping.starts("sg/orders") == [3_600, 7_200]
        await jumping.advance(1_800)
        assert jumping.starts("sg/orders")[-1] == 9_000
