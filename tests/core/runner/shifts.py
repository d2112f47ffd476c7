"""A shift at work, for tests of what it does and of several beside each other."""

import asyncio
from contextlib import asynccontextmanager
from random import Random

from crossdock.clock import SystemClock
from crossdock.runner.shift import Shift


@asynccontextmanager
async def at_work(configuration, board):
    async with Shift.open(configuration, board, SystemClock(), Random(1)) as shift:
        task = asyncio.create_task(shift.run())
        try:
            yield shift
        finally:
            shift.stop()
            await task
