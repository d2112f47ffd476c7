import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossdock.clock import FakeClock
from crossdock.errors import TryLater
from crossdock.http import Limits, RateLimit
from crossdock.http.gate import Gate


async def through(gate: Gate, group: str = "", *, background: bool = False) -> None:
    if not gate.try_enter(group):
        await gate.enter(group, background=background)


async def queue_up(clock: FakeClock, *entries) -> list[asyncio.Task[None]]:
    tasks = [asyncio.ensure_future(entry) for entry in entries]
    await clock.advance(0)
    return tasks


async def test_no_more_are_under_way_than_allowed_and_the_next_enters_when_one_leaves():
    clock = FakeClock()
    gate = Gate(Limits(max_in_flight=2), clock)
    assert gate.try_enter("")
    assert gate.try_enter("")
    assert not gate.try_enter("")
    (third,) = await queue_up(clock, through(gate))
    assert not third.done()
    gate.leave()
    await third
    assert not gate.try_enter("")


async def test_orders_pass_before_background_work_that_came_earlier():
    clock, order = FakeClock(), []
    gate = Gate(Limits(max_in_flight=1), clock)
    gate.try_enter("")

    async def enter(name: str, background: bool) -> None:
        await gate.enter("", background=background)
        order.append(name)
        gate.leave()

    tasks = await queue_up(clock, enter("stock", True), enter("order 1", False), enter("order 2", False))
    gate.leave()
    await asyncio.gather(*tasks)
    assert order == ["order 1", "order 2", "stock"]


@settings(max_examples=30, deadline=None)
@given(share=st.sampled_from([0.05, 0.1, 0.25, 0.5, 1.0]), rate=st.sampled_from([1.0, 7.0, 50.0]))
async def test_background_work_always_gets_its_share(share, rate):
    clock, passed = FakeClock(), []
    gate = Gate(Limits(max_in_flight=1000, rate=RateLimit(rate), background_share=share), clock)

    async def enter(background: bool) -> None:
        await gate.enter("", background=background)
        passed.append(background)

    tasks = [asyncio.ensure_future(enter(number % 2 == 0)) for number in range(60)]
    await clock.run(_all(tasks))
    turns = round(1 / share)
    while_both_wait = passed[: 60 - next(n for n, was in enumerate(reversed(passed)) if was != passed[-1])]
    for start in range(len(while_both_wait) - turns + 1):
        assert any(while_both_wait[start : start + turns])
    assert len(passed) == 60


async def _all(tasks):
    return await asyncio.gather(*tasks)


@settings(max_examples=40, deadline=None)
@given(
    arrivals=st.lists(st.tuples(st.floats(0, 2), st.sampled_from(["", "stock", "labels"]), st.booleans()), max_size=25),
    complaints=st.lists(st.tuples(st.floats(0, 10), st.sampled_from(["", "stock"])), max_size=3),
)
async def test_whatever_happens_rates_hold_and_everybody_gets_through(arrivals, complaints):
    clock, passed = FakeClock(), []
    whole, stock = RateLimit(5, burst=3), RateLimit(2, burst=1)
    gate = Gate(Limits(max_in_flight=3, rate=whole, groups={"stock": stock}), clock)

    async def one(at: float, group: str, background: bool) -> None:
        await clock.sleep(at)
        await through(gate, group, background=background)
        passed.append((clock.monotonic(), group))
        await clock.sleep(0.3)
        gate.leave()

    async def complain(at: float, group: str) -> None:
        await clock.sleep(at)
        gate.slow_down(group, 1.0)

    tasks = [asyncio.ensure_future(one(*arrival)) for arrival in arrivals]
    tasks += [asyncio.ensure_future(complain(*complaint)) for complaint in complaints]
    await clock.run(_all(tasks))
    assert len(passed) == len(arrivals)
    assert_rate([at for at, _ in passed], whole)
    assert_rate([at for at, group in passed if group == "stock"], stock)
    await clock.advance(60)
    assert [gate.try_enter("") for _ in range(4)] == [True, True, True, False]


def assert_rate(moments: list[float], limit: RateLimit) -> None:
    moments.sort()
    for first, began in enumerate(moments):
        for last in range(first, len(moments)):
            assert last - first + 1 <= limit.burst + (moments[last] - began) * limit.requests_per_second + 1e-6


async def test_a_slow_group_does_not_hold_up_the_others():
    clock = FakeClock()
    gate = Gate(Limits(max_in_flight=2, groups={"stock": RateLimit(0.1)}), clock)
    assert gate.try_enter("stock")
    (waiting,) = await queue_up(clock, through(gate, "stock"))
    (order,) = await queue_up(clock, through(gate, ""))
    assert (order.done(), waiting.done()) == (True, False)
    gate.leave()
    await clock.advance(10)
    assert waiting.done()


async def test_an_earlier_turn_sets_the_timer_forward():
    clock = FakeClock()
    gate = Gate(Limits(max_in_flight=9, groups={"slow": RateLimit(0.1), "quick": RateLimit(1)}), clock)
    gate.try_enter("slow")
    gate.try_enter("quick")
    slow, quick, later = await queue_up(clock, through(gate, "slow"), through(gate, "quick"), through(gate, "slow"))
    await clock.advance(1)
    assert (quick.done(), slow.done()) == (True, False)
    await clock.advance(9)
    assert (slow.done(), later.done()) == (True, False)
    await clock.advance(10)
    assert later.done()
    gate.close()


async def test_who_gives_up_waiting_leaves_no_gap():
    clock = FakeClock()
    gate = Gate(Limits(max_in_flight=1), clock)
    gate.try_enter("")
    first, second = await queue_up(clock, through(gate), through(gate))
    first.cancel()
    await clock.advance(0)
    gate.leave()
    await clock.advance(0)
    assert (first.cancelled(), second.done()) == (True, True)


async def test_who_gives_up_in_the_moment_of_the_turn_hands_the_place_on():
    clock = FakeClock()
    gate = Gate(Limits(max_in_flight=1), clock)
    gate.try_enter("")
    first, second = await queue_up(clock, through(gate), through(gate))
    gate.leave()
    first.cancel()
    await clock.advance(0)
    assert (first.cancelled(), second.done()) == (True, True)


async def test_giving_up_and_leaving_in_one_moment_hands_the_place_to_the_next():
    clock = FakeClock()
    gate = Gate(Limits(max_in_flight=1), clock)
    gate.try_enter("")
    first, second = await queue_up(clock, through(gate), through(gate))
    first.cancel()
    gate.leave()
    await clock.advance(0)
    assert (first.cancelled(), second.done()) == (True, True)
    assert not gate.try_enter("")
    gate.leave()
    assert gate.try_enter("")


@pytest.mark.parametrize("cancel_first", [True, False])
async def test_giving_up_in_the_moment_of_a_long_silence_frees_no_place_that_was_never_taken(cancel_first):
    clock = FakeClock()
    gate = Gate(Limits(max_in_flight=1, rate=RateLimit(1, burst=5)), clock)
    gate.try_enter("")
    (waiting,) = await queue_up(clock, through(gate))
    for act in (waiting.cancel, lambda: gate.slow_down("", 3600))[:: 1 if cancel_first else -1]:
        act()
    await clock.advance(7200)
    assert waiting.cancelled()
    assert not gate.try_enter("")


async def test_a_newcomer_does_not_take_the_token_of_who_waits():
    clock = FakeClock()
    gate = Gate(Limits(rate=RateLimit(1)), clock)
    gate.try_enter("")
    (waiting,) = await queue_up(clock, through(gate))
    clock._elapsed += 1.5  # the token is there, but the timer has not gone off
    assert not gate.try_enter("")
    await clock.advance(0)
    assert waiting.done()


async def test_a_complaint_about_a_group_slows_that_group_only():
    clock = FakeClock()
    gate = Gate(Limits(rate=RateLimit(100, burst=50), groups={"stock": RateLimit(100, burst=50)}), clock)
    gate.slow_down("stock", after=5)
    assert not gate.try_enter("stock")
    assert gate.try_enter("orders")


async def test_a_long_silence_sends_those_who_wait_away_and_lets_none_queue():
    clock = FakeClock()
    gate = Gate(Limits(rate=RateLimit(1), patience_seconds=30), clock)
    gate.try_enter("")
    waiting = await queue_up(clock, through(gate), through(gate, background=True))
    gate.slow_down("", after=3600)
    for task in waiting:
        with pytest.raises(TryLater, match="longer silence") as caught:
            await task
        assert caught.value.after == 3600
    with pytest.raises(TryLater) as caught:
        await through(gate)
    assert caught.value.after == 3600
    await clock.advance(3600)
    await through(gate)
    gate.close()


async def test_a_complaint_without_any_rate_set_changes_nothing():
    gate = Gate(Limits(), FakeClock())
    gate.slow_down("stock", after=3600)
    assert gate.try_enter("stock")
    gate.close()


@pytest.mark.parametrize("wrong", [{"max_in_flight": 0}, {"background_share": 0}, {"background_share": 1.5}])
def test_impossible_limits_are_refused(wrong):
    with pytest.raises(ValueError, match="Limits need"):
        Limits(**wrong)
