import asyncio
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.flows.orders.under_way import UnderWay


class Watched:
    """Work that takes some turns of the event loop, and notes what goes on at the same time."""

    def __init__(self):
        self.begun = []
        self.now = self.most = 0

    async def work(self, key, turns):
        self.begun.append(key)
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(turns):
            await asyncio.sleep(0)
        self.now -= 1


@given(st.lists(st.integers(0, 4), max_size=20), st.integers(1, 4), st.booleans())
def test_everything_is_carried_out_once_in_its_order_and_no_more_at_a_time_than_told(turns, at_once, gives_way):
    watched = Watched()

    async def run():
        under_way = UnderWay(at_once)
        for number, one in enumerate(turns):
            await under_way.start(str(number), partial(watched.work, str(number), one))
            if gives_way:
                await asyncio.sleep(0)
        await under_way.all_ended()
        assert not under_way

    asyncio.run(run())
    assert watched.begun == [str(number) for number in range(len(turns))]
    assert watched.most <= at_once


async def test_as_much_waits_as_is_carried_out_and_more_has_to_wait_before_it():
    under_way, go_on = UnderWay(2), asyncio.Event()

    async def work():
        await go_on.wait()

    for number in range(4):
        await under_way.start(str(number), work)
    fifth = asyncio.create_task(under_way.start("4", work))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(fifth), 0.05)
    assert "3" in under_way
    assert "4" not in under_way
    go_on.set()
    await fifth
    await under_way.all_ended()


async def test_one_can_be_waited_for_while_others_go_on():
    under_way, first, other = UnderWay(2), asyncio.Event(), asyncio.Event()
    await under_way.start("first", first.wait)
    await under_way.start("other", other.wait)
    first.set()
    await under_way.ended(["first", "unknown"])
    assert "first" not in under_way
    assert "other" in under_way
    other.set()
    await under_way.all_ended()


async def test_whoever_waits_may_be_cancelled_and_the_work_goes_on():
    under_way, go_on, done = UnderWay(1), asyncio.Event(), []

    async def work(key):
        await go_on.wait()
        done.append(key)

    for key in ("first", "second"):
        await under_way.start(key, partial(work, key))
    for waiting in (under_way.all_ended(), under_way.start("third", go_on.wait)):
        waiter = asyncio.create_task(waiting)
        await asyncio.sleep(0)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
    go_on.set()
    await under_way.all_ended()
    assert done == ["first", "second"]


async def test_what_is_cut_off_ends_in_the_middle_and_what_waits_is_not_begun():
    under_way, never, begun = UnderWay(1), asyncio.Event(), []

    async def work(key):
        begun.append(key)
        await never.wait()

    for key in ("first", "second"):
        await under_way.start(key, partial(work, key))
    await asyncio.sleep(0)
    under_way.cut_off()
    await under_way.all_ended()
    assert begun == ["first"]
