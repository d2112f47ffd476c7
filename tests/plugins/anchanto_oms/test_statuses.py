"""The published mapping, walked row by row, and the functions of both directions over everything that can happen."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from crossdock.model import OrderStatus, ReturnStatus
from crossdock_anchanto_oms.statuses import (
    DELIVERED,
    END,
    ORDER_WORDS,
    PICKUP_RETRY,
    RETURN_WORDS,
    Action,
    Decision,
    OmsState,
    ReturnStanding,
    ReturnState,
    Row,
    Standing,
    action_for,
    cited,
    decide,
    decide_return,
    next_move,
    next_return_move,
    read_back,
    rows,
)
from tests.plugins.anchanto_oms import status_page

S, St = OmsState, OrderStatus
STANDINGS = [
    Standing(state, previous, own_carrier=own, ready=ready, moved=moved)
    for state, previous, own, ready, moved in product(
        [None, "FROM_THE_FUTURE", *OmsState],
        [None, S.NEW, S.RFP, S.PACKED, S.READY_TO_SHIP, S.IN_TRANSIT],
        [False, True],
        [False, True],
        [False, True],
    )
    if previous is None or state in (S.CANCEL_IN_PROCESS, S.CANCEL_BY_SELLER_IN_PROCESS)
]
LEGAL = {
    S.MP_UNPAID: {S.NEW, S.CANCEL},
    S.NEW: {S.READY_TO_SHIP, S.CANCEL_IN_PROCESS, S.CANCEL},
    S.RFP: {S.READY_TO_SHIP, S.CANCEL_IN_PROCESS, S.CANCEL},
    S.PARTIAL: {S.READY_TO_SHIP, S.CANCEL_IN_PROCESS, S.CANCEL},
    S.READY_TO_SHIP: {S.IN_TRANSIT, S.CANCEL_IN_PROCESS, S.CANCEL},
    S.IN_TRANSIT: {S.COMPLETE, S.LOST_IN_TRANSIT, S.FAILED_DELIVERY_INITIATED, S.CANCEL_IN_PROCESS},
    S.APPROVAL_IN_PROCESS: {S.CANCEL_IN_PROCESS, S.CANCEL},
}
"""What the wire page lets this API do; written down again so that a mistake there is noticed here."""


def legal(now: Standing) -> set[OmsState]:
    if now.state is S.PACKED:
        return LEGAL[S.READY_TO_SHIP if now.ready else S.NEW]
    if now.state is S.CANCEL_IN_PROCESS:
        return {S.CANCEL} | ({now.previous} if isinstance(now.previous, OmsState) else set())
    if now.state is S.CANCEL_BY_SELLER_IN_PROCESS:
        return {S.CANCEL_BY_SELLER} | ({now.previous} if isinstance(now.previous, OmsState) else set())
    return LEGAL.get(now.state, set())  # type: ignore[arg-type]


def after(now: Standing, to: OmsState) -> Standing:
    back = now.state is S.CANCEL_IN_PROCESS and to is now.previous
    previous = now.state if to is S.CANCEL_IN_PROCESS else (None if back else now.previous)
    return Standing(
        to, previous, own_carrier=now.own_carrier, ready=now.ready or to is S.READY_TO_SHIP, moved=now.moved
    )


def order_rows() -> list[Row]:
    return [row for row in rows() if row.entity == "order"]


def arrivals(row: Row) -> set[OmsState]:
    """Where an order that is there, or one step before, ends up when the channel shows the row's word."""
    found: set[OmsState] = set()
    for status, now in product(ORDER_WORDS[row.channel], STANDINGS):
        if row.mode == "any" or now.own_carrier == (row.mode == "oms_carrier"):
            decision = decide(status, now)
            if decision.blocked:
                continue
            place = decision.state or now.state
            if isinstance(place, OmsState):
                found.add(place)
    return found


def test_f37_the_page_has_39_rows_in_three_tables_and_one_pair_twice() -> None:
    assert [row.number for row in rows()] == list(range(1, 40))
    assert [row.table for row in rows()] == ["T1"] * 14 + ["T2"] * 14 + ["T3"] * 11
    assert len({(row.oms, row.channel) for row in rows()}) == 38


@pytest.mark.parametrize("row", [r for r in order_rows() if r.is_supported], ids=lambda r: f"row{r.number}")
def test_f37_each_supported_pair_of_order_statuses_is_reached_and_kept(row: Row) -> None:
    state = OmsState(row.state)
    assert state in arrivals(row)
    modes = [False, True] if row.mode == "any" else [row.mode == "oms_carrier"]
    kept = [
        decide(status, Standing(state, S.NEW, own_carrier=own, ready=ready, moved=moved))
        for status, own, ready, moved in product(ORDER_WORDS[row.channel], modes, [False, True], [False, True])
    ]
    assert any(decision.state in (None, state) and not decision.blocked for decision in kept)


@pytest.mark.parametrize("row", [r for r in order_rows() if not r.is_supported], ids=lambda r: f"row{r.number}")
def test_f37_a_state_without_counterpart_asks_nothing_of_the_channel(row: Row) -> None:
    assert {action_for(OmsState(row.state), status) for status in OrderStatus} == {Action.NOTHING}


@pytest.mark.parametrize("row", [r for r in order_rows() if 20 <= r.number <= 28], ids=lambda r: f"row{r.number}")
def test_f37_no_status_of_the_channel_alone_leads_into_a_state_of_people(row: Row) -> None:
    state = OmsState(row.state)
    entered = {decide(status, now).state for status, now in product(OrderStatus, STANDINGS) if now.state is not state}
    if state is S.CANCEL_BY_SELLER:  # the channel confirms what the seller began
        assert decide(St.CANCELLED, Standing(S.CANCEL_BY_SELLER_IN_PROCESS)).state is state
    else:
        assert state not in entered


@pytest.mark.parametrize("row", [r for r in rows() if r.is_supported], ids=lambda r: f"row{r.number}")
def test_f37_each_supported_row_is_named_where_it_decides(row: Row) -> None:
    words: Any = ORDER_WORDS if row.entity == "order" else RETURN_WORDS
    for status in words[row.channel]:
        named = cited(row.state, status, mode=row.mode).removeprefix("row").removeprefix("s").split(",")
        assert row.number in map(int, named)
    assert cited("REJECT", St.OPEN) == "no row of the mapping"


def test_rows_5_and_31_are_both_right_each_in_its_logistics_mode() -> None:
    row5, row31 = rows()[4], rows()[30]
    assert (row5.mode, row31.mode) == ("marketplace_carrier", "oms_carrier")
    assert read_back(own_carrier=False) in ORDER_WORDS[row5.channel]
    assert read_back(own_carrier=True) in ORDER_WORDS[row31.channel]


def test_row_34_a_cancelled_order_waits_for_picked_goods_to_be_put_away() -> None:
    assert decide(St.CANCELLED, Standing(S.PACKED, moved=True)).state is S.CANCEL_IN_PROCESS
    assert decide(St.CANCELLED, Standing(S.PACKED)).state is S.CANCEL


@pytest.mark.parametrize("status", OrderStatus)
def test_every_status_has_an_answer_for_every_standing(status: OrderStatus) -> None:
    for now, retry in product(STANDINGS, [False, True]):
        assert isinstance(decide(status, now, retry=retry), Decision)


@pytest.mark.parametrize("status", OrderStatus)
def test_a_status_that_comes_again_changes_nothing_more(status: OrderStatus) -> None:
    for now, retry in product(STANDINGS, [False, True]):
        first = decide(status, now, retry=retry)
        if first.blocked:
            continue
        seen = now
        for _ in range(5):  # the moves that lead there
            target = decide(status, seen, retry=retry).state
            step = next_move(seen, target) if target and seen.state is not None else target
            if step is None or step is seen.state:
                break
            seen = after(seen, step)
        again = decide(status, seen, retry=retry)
        assert again.state in (None, seen.state), (status, now, seen, again)


@pytest.mark.parametrize("status", OrderStatus)
def test_every_move_is_one_that_the_oms_lets_us_make(status: OrderStatus) -> None:
    for now, retry in product(STANDINGS, [False, True]):
        seen = now
        for _ in range(6):
            decision = decide(status, seen, retry=retry)
            step = next_move(seen, decision.state) if decision.state and seen.state else None
            if step is None:
                break
            assert step in legal(seen), (status, seen, step)
            seen = after(seen, step)
        else:
            pytest.fail(f"{status} never settles from {now}")


@pytest.mark.parametrize("state", sorted(END))
def test_what_has_ended_never_moves(state: OmsState) -> None:
    assert {decide(status, Standing(state, moved=True)) for status in OrderStatus} == {Decision()}


def test_a_stale_list_never_pulls_an_order_back() -> None:
    for status in (St.UNPAID, St.HELD, St.OPEN, St.ARRANGED):
        assert decide(status, Standing(S.IN_TRANSIT, ready=True)).state is None
    assert decide(St.UNPAID, Standing(S.NEW)).state is None


def test_a_withdrawn_wish_to_cancel_leads_back_to_where_the_order_was() -> None:
    assert decide(St.OPEN, Standing(S.CANCEL_IN_PROCESS, S.RFP)).state is S.RFP
    assert decide(St.OPEN, Standing(S.CANCEL_IN_PROCESS)).blocked


def test_an_order_that_the_channel_holds_is_taken_and_not_picked() -> None:
    assert decide(St.HELD, Standing(None)) == Decision(S.NEW, hold=True)
    assert decide(St.HELD, Standing(S.RFP)) == Decision()


def test_a_failed_pick_up_is_told_and_keeps_the_order_ready() -> None:
    assert decide(St.OPEN, Standing(S.NEW), retry=True) == Decision(S.READY_TO_SHIP, problem=PICKUP_RETRY)
    assert decide(St.ARRANGED, Standing(S.READY_TO_SHIP, ready=True), retry=True) == Decision(problem=PICKUP_RETRY)
    assert decide(St.OPEN, Standing(S.CANCEL_IN_PROCESS, S.NEW), retry=True).state is S.NEW


def test_with_a_carrier_of_the_oms_shipped_is_only_an_echo() -> None:
    assert decide(St.SHIPPED, Standing(S.READY_TO_SHIP, own_carrier=True, ready=True)) == Decision()
    assert decide(St.SHIPPED, Standing(S.READY_TO_SHIP, ready=True)).state is S.IN_TRANSIT
    assert decide(St.ARRANGED, Standing(S.RFP, own_carrier=True)) == Decision()


def test_delivered_is_a_part_of_in_transit() -> None:
    assert decide(St.DELIVERED, Standing(S.IN_TRANSIT)) == Decision(S.IN_TRANSIT, sub_state=DELIVERED)


def test_what_people_decide_in_the_oms_blocks_and_is_said() -> None:
    assert "people" in decide(St.COMPLETED, Standing(S.APPROVAL_IN_PROCESS)).blocked
    assert decide(St.UNKNOWN, Standing(S.NEW)).blocked
    assert decide(St.SHIPPED, Standing(S.CANCEL_IN_PROCESS)).blocked
    assert decide(St.CANCELLING, Standing(S.CANCEL_BY_SELLER_IN_PROCESS)) == Decision()


@pytest.mark.parametrize(
    ("status", "retry", "action"),
    [
        (St.OPEN, False, Action.ARRANGE),
        (St.OPEN, True, Action.ARRANGE_AGAIN),
        (St.ARRANGED, False, Action.NOTHING),
        (St.COMPLETED, False, Action.NOTHING),
        (St.UNPAID, False, Action.TELL),
        (St.CANCELLING, False, Action.TELL),
        (St.CANCELLED, False, Action.TELL),
        (St.HELD, False, Action.TELL),
        (St.RETURNING, False, Action.TELL),
    ],
)
def test_f30_ready_to_ship_in_the_oms_is_an_action_on_the_channel(
    status: OrderStatus, retry: bool, action: Action
) -> None:
    assert action_for(S.READY_TO_SHIP, status, retry=retry) is action


def test_a_cancellation_by_the_seller_goes_to_the_channel_only_where_the_route_says_so() -> None:
    assert action_for(S.CANCEL_BY_SELLER, St.OPEN) is Action.NOTHING
    assert action_for(S.CANCEL_BY_SELLER, St.OPEN, push_cancel=True) is Action.CANCEL
    assert action_for(S.CANCEL_BY_SELLER, St.SHIPPED, push_cancel=True) is Action.NOTHING


def test_no_other_state_ever_acts_on_the_channel() -> None:
    quiet = [state for state in OmsState if state is not S.READY_TO_SHIP]
    assert {action_for(state, status) for state, status in product(quiet, OrderStatus)} == {Action.NOTHING}


RETURNS = [
    ReturnStanding(state, expected, away)
    for state, expected, away in product([None, "FROM_THE_FUTURE", *ReturnState], [True, False], [True, False])
]


def test_f36_f37_each_pair_of_return_statuses_is_reached_and_kept() -> None:
    for row in (row for row in rows() if row.entity == "return"):
        state = ReturnState(row.state)
        (status,) = RETURN_WORDS[row.channel]
        decided = [(now, decide_return(status, now)) for now in RETURNS]
        assert any((found.state or now.state) is state for now, found in decided), row
        assert any(found.state in (None, state) for now, found in decided if now.state is state), row


@pytest.mark.parametrize("status", ReturnStatus)
def test_every_return_status_has_an_answer_that_settles_by_legal_moves(status: ReturnStatus) -> None:
    for now in RETURNS:
        seen = now
        for _ in range(5):
            target = decide_return(status, seen, "WORD").state
            if target is None or seen.state is None:
                break
            step = next_return_move(seen, target)
            if step is None:
                break
            assert step in RETURN_LEGAL[seen.state](seen), (status, seen, step)  # type: ignore[index]
            seen = ReturnStanding(step, now.goods_expected, now.put_away)
        else:
            pytest.fail(f"{status} never settles from {now}")


RETURN_LEGAL = {
    ReturnState.RETURN_INITIATED: lambda _: {ReturnState.RETURN_APPROVED, ReturnState.RETURN_REJECTED},
    ReturnState.RETURN_APPROVED: lambda now: (
        {ReturnState.RETURN_REJECTED}
        | ({ReturnState.RETURN_PUTAWAY} if now.goods_expected else set())
        | (set() if now.awaits_goods else {ReturnState.RETURN_COMPLETED})
    ),
    ReturnState.RETURN_PUTAWAY: lambda now: set() if now.awaits_goods else {ReturnState.RETURN_COMPLETED},
}


def test_f36_an_undecided_return_never_looks_approved() -> None:
    fresh = decide_return(ReturnStatus.DISPUTED, ReturnStanding(None), "JUDGING")
    assert (fresh.state, fresh.sub_state) == (ReturnState.RETURN_INITIATED, "JUDGING")
    there = decide_return(ReturnStatus.IN_TRANSIT, ReturnStanding(ReturnState.RETURN_APPROVED), "PROCESSING")
    assert (there.state, there.sub_state) == (None, "PROCESSING")


def test_goods_that_are_awaited_do_not_vanish_when_a_return_is_closed() -> None:
    waiting = ReturnStanding(ReturnState.RETURN_APPROVED, goods_expected=True)
    assert decide_return(ReturnStatus.CLOSED, waiting).state is ReturnState.RETURN_PUTAWAY
    refund_only = ReturnStanding(ReturnState.RETURN_APPROVED, goods_expected=False)
    assert decide_return(ReturnStatus.REFUNDED, refund_only).state is ReturnState.RETURN_COMPLETED


def test_the_whole_mapping_is_as_the_page_says() -> None:
    now, known = status_page.page().splitlines(), status_page.PAGE.read_text().splitlines()
    assert [line for line in now if line not in known] == []
    assert now == known
