"""What every dispatcher must do, whatever it is made of."""

from __future__ import annotations

from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from crossdock.dispatch import Cause, Cron, Lane, Rests, find
from crossdock.errors import ConfigError, TryLater

ORDERS = Lane("sg/orders", 300)
STOCK = Lane("sg/stock", 60, priority=1)


async def test_every_lane_runs_when_the_service_starts(yard):
    async with yard.open(ORDERS, STOCK):
        assert [turn.lane for _, turn in yard.turns] == ["sg/orders", "sg/stock"]
        assert all(turn.scheduled for _, turn in yard.turns)


async def test_each_lane_runs_on_its_own_schedule_give_or_take_a_little_jitter(yard):
    async with yard.open(ORDERS, STOCK):
        await yard.advance(620)
    gaps = [later - earlier for earlier, later in pairwise(yard.starts("sg/orders"))]
    assert len(gaps) == 2
    assert all(285 <= gap <= 300 for gap in gaps)
    assert len(set(gaps)) > 1
    assert 11 <= len(yard.starts("sg/stock")) <= 12


async def test_a_lane_with_a_cron_expression_runs_at_its_moments_and_not_when_the_service_starts(yard):
    async with yard.open(Lane("sg/orders", 60, cron=Cron("5,7 * * * *"))):
        assert yard.turns == []
        await yard.advance(430)
    assert yard.starts("sg/orders") == [300, 420]
    assert all(turn.scheduled for _, turn in yard.turns)


async def test_a_nudge_starts_the_lane_at_once_and_says_why(yard):
    async with yard.open(ORDERS):
        await yard.advance(7)
        await yard.nudge("sg/orders", "push 4")
        at, turn = yard.turns[-1]
    assert (at, turn.scheduled, [cause.why for cause in turn.causes]) == (7, False, ["push 4"])


async def test_nudges_that_come_while_a_lane_runs_lead_to_one_run_afterwards(yard):
    yard.answers["sg/orders"] = [10.0]
    async with yard.open(ORDERS):
        for why in ("push 3", "push 4", "push 3"):
            await yard.nudge("sg/orders", why)
        assert len(yard.turns) == 1
        await yard.advance(60)
    [(_, _first), (at, turn)] = yard.turns
    assert at == 10
    assert [cause.why for cause in turn.causes] == ["push 3", "push 4"]


async def test_runs_that_were_missed_collapse_into_one(yard):
    yard.answers["sg/stock"] = [250.0]
    async with yard.open(STOCK):
        await yard.advance(251)
        assert yard.starts("sg/stock") == [0, 250]
        await yard.advance(40)
        assert yard.starts("sg/stock") == [0, 250]


async def test_lanes_of_different_routes_overlap_but_no_more_than_allowed(yard):
    lanes = [Lane(f"r{number}/orders", 300) for number in range(5)]
    yard.answers = {lane.name: [10.0] for lane in lanes}
    async with yard.open(*lanes, at_once=3):
        assert len(yard.running) == 3
        await yard.advance(11)
        assert len(yard.turns) == 5
    assert yard.most_at_once == 3


async def test_a_lane_with_more_to_do_is_due_again_at_once_and_lets_others_go_first(yard):
    yard.answers["a/orders"] = [True, True, False]
    async with yard.open(Lane("a/orders", 300), Lane("b/orders", 300), at_once=1):
        await yard.advance(1)
        assert [turn.lane for _, turn in yard.turns] == ["a/orders", "b/orders", "a/orders", "a/orders"]
    assert yard.starts("a/orders")[-1] == 0


async def test_orders_go_before_stock_when_both_wait_for_a_place(yard):
    yard.answers["busy/orders"] = [4.0]
    async with yard.open(Lane("busy/orders", 300), Lane("x/stock", 300, priority=1), ORDERS, at_once=1):
        await yard.advance(5)
    assert [turn.lane for _, turn in yard.turns] == ["busy/orders", "sg/orders", "x/stock"]


async def test_stock_is_not_kept_waiting_for_ever_by_orders(yard):
    yard.answers["sg/orders"] = [2.0] * 30
    async with yard.open(ORDERS, STOCK, at_once=1) as dispatcher:
        for _ in range(20):
            await yard.nudge("sg/orders")
            await yard.advance(1)
        assert yard.starts("sg/stock")
        dispatcher.stop()


async def test_a_lane_that_cannot_go_on_is_tried_again_with_growing_pauses_and_recovers(yard):
    yard.answers["sg/orders"] = [TryLater("down")] * 4 + [False]
    async with yard.open(ORDERS):
        await yard.advance(120)
        starts = yard.starts("sg/orders")
        pauses = [later - earlier for earlier, later in pairwise(starts)]
        assert len(pauses) == 4
        assert all(2 * earlier * 0.75 <= later for earlier, later in pairwise(pauses))
        assert yard.turns[-1][1].scheduled


async def test_a_pause_is_as_long_as_the_far_side_asks(yard):
    yard.answers["sg/orders"] = [TryLater("slow down", after=100), False]
    async with yard.open(ORDERS):
        await yard.advance(99)
        await yard.nudge("sg/orders")
        assert yard.starts("sg/orders") == [0]
        await yard.advance(1)
        assert yard.starts("sg/orders") == [0, 100]
    assert [cause.why for cause in yard.turns[-1][1].causes] == ["push 3"]


async def test_a_lane_that_rests_counts_as_no_run_and_runs_when_it_is_woken(yard):
    yard.answers["sg/orders"] = [Rests("somebody has to sign in"), False]
    with capture_logs() as logs:
        async with yard.open(ORDERS) as dispatcher:
            await yard.advance(120)
            assert yard.starts("sg/orders") == [0]  # no pauses that grow, and nothing to tell
            for fare in (await dispatcher.fares()).values():
                assert (fare.done_seconds_ago, fare.error) == (None, "somebody has to sign in")
            await yard.nudge("sg/orders", "signed in again")
            assert yard.starts("sg/orders") == [0, 120]
            for fare in (await dispatcher.fares()).values():
                assert (fare.done_seconds_ago, fare.error) == (0, "")
    assert [entry["event"] for entry in logs] == []


async def test_one_lane_that_fails_leaves_the_others_alone_and_is_told(yard):
    yard.answers["sg/orders"] = [RuntimeError("a mistake of ours")] * 2
    with capture_logs() as logs:
        async with yard.open(ORDERS, STOCK):
            await yard.advance(300)
    assert len(yard.starts("sg/stock")) >= 5
    assert len(yard.starts("sg/orders")) >= 3
    assert [(entry["lane"], entry["error"]) for entry in logs] == [("sg/orders", "RuntimeError")] * 2


async def test_when_it_stops_running_lanes_end_and_no_others_start(yard):
    yard.answers["sg/orders"] = [10.0]
    async with yard.open(ORDERS, drain_seconds=30) as dispatcher:
        dispatcher.stop()
        await dispatcher.wake("sg/orders", Cause("push 3"))
        await yard.advance(11)
        assert yard.running == set()
    assert yard.cut_off == []
    assert len(yard.turns) == 1


async def test_a_lane_that_does_not_end_in_time_is_cut_off(yard):
    yard.answers["sg/orders"] = [1_000.0]
    async with yard.open(ORDERS, drain_seconds=30) as dispatcher:
        dispatcher.stop()
        await yard.advance(29)
        assert yard.running == {"sg/orders"}
        await yard.advance(2)
    assert yard.cut_off == ["sg/orders"]


async def test_a_nudge_for_a_lane_that_is_not_there_is_passed_over(yard):
    async with yard.open(ORDERS):
        await yard.nudge("gone/orders")
    assert len(yard.turns) == 1


def test_an_unknown_dispatcher_is_refused_with_the_names_that_are_installed():
    with pytest.raises(ConfigError, match="no dispatcher 'lokal'") as raised:
        find("lokal")
    assert "local" in str(raised.value.hint)
