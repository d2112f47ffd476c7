"""An hour of a service in which nothing happens: no task, no thread, no sleeper and no write of it is left behind."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from random import Random

from crossdock.clock import FakeClock
from crossdock.flows.options import OrdersOptions
from crossdock.runner.board import Board
from crossdock.runner.shift import Shift

HOUR = 3_600


async def quiet(shift, board):
    """All lanes have come to rest; the ledger's thread answers in its own time."""
    for _ in range(2_000):
        await asyncio.sleep(0.001)
        if not any(lane.running for lane in board.lanes.values()):
            return
    raise AssertionError("the lanes do not come to rest")


async def pass_by(clock, shift, board, seconds, step=30):
    for _ in range(seconds // step):
        await clock.advance(step)
        await quiet(shift, board)


async def test_after_an_hour_of_virtual_time_nothing_is_left_behind(setup):
    clock = FakeClock()
    setup.world.clock = clock
    base = setup.configuration(orders=OrdersOptions.model_validate({"every": "1m"}))
    configuration = replace(base, routes={"sg": replace(base.routes["sg"], extensions=())})
    board = Board()
    async with Shift.open(configuration, board, clock, Random(1)) as shift:
        working = asyncio.create_task(shift.run())
        await pass_by(clock, shift, board, 300)
        threads = threading.active_count()
        tasks, sleepers, runs = len(asyncio.all_tasks()), clock.sleepers, board.lanes["sg/orders"].runs["done"]
        commits = shift.engine.ledger.database.commits
        await pass_by(clock, shift, board, HOUR)
        assert board.lanes["sg/orders"].runs["done"] - runs >= 55
        assert len(asyncio.all_tasks()) <= tasks + 2  # whoever sets an alarm right now
        assert threading.active_count() <= threads
        assert clock.sleepers <= sleepers + 2
        assert shift.engine.ledger.database.commits - commits <= 2  # nothing happened, so nothing was written
        shift.stop()
        await working
    for _ in range(100):  # the file lock's own task, which sees to it that it was let go
        await asyncio.sleep(0)
    assert [task for task in asyncio.all_tasks() if "crossdock" in repr(task.get_coro())] == []
