"""Workers that share a ledger: a schedule fires for one of them, and a lane is woken by a commit or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from crossdock.dispatch import Cause, Cron, Lane
from crossdock.errors import TryLater
from crossdock.ledger import Inbox, Mark, Message

ORDERS = Lane("sg/orders", 20, jitter=0)
STOCK = Lane("sg/stock", 60, priority=1, cron=Cron("1 * * * *"))
_KEPT = text("SELECT (SELECT count(*) FROM pairs), (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo')")


async def test_a_schedule_fires_once_however_many_workers_there_are(shared_yard):
    lanes = ORDERS, STOCK
    async with shared_yard.open(*lanes), shared_yard.open(*lanes), shared_yard.open(*lanes):
        await shared_yard.advance(61)
    assert shared_yard.starts("sg/orders") == [0, 20, 40, 60]
    assert shared_yard.starts("sg/stock") == [60]


async def test_jobs_are_committed_with_what_a_message_leads_to_or_not_at_all(shared_yard, ours, theirs):
    dispatcher = shared_yard.made((ORDERS, STOCK), ours)
    await dispatcher.prepare()
    wakes = [("sg/orders", Cause("push 3")), ("sg/stock", Cause("push 8"))]
    message = Message("shop", "m1", (Mark("sg", "24", False, "push 3"),))

    def broken(connection, lane, cause):
        dispatcher.enlist(connection, lane, cause)
        if lane == "sg/stock":
            raise TryLater("the disk is full")

    async def kept():
        return await theirs.read(lambda one: tuple(one.execute(_KEPT).one()))

    with pytest.raises(TryLater):
        await Inbox(ours, shared_yard.clock, broken).keep(message, lambda _: wakes)
    assert await kept() == (0, 0)
    await Inbox(ours, shared_yard.clock, dispatcher.enlist).keep(message, lambda _: wakes)
    assert await kept() == (1, 2)
