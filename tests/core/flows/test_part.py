"""What one side cancelled of some lines is cancelled on the other, once, or a person is asked."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.flows.orders.part import parts_of
from crossdock.flows.orders.plan import StepKind
from crossdock.flows.orders.table import plan
from tests.core.doubles import Lost
from tests.core.doubles import order as sold
from tests.core.flows.cases import (
    BACKEND_VERBS,
    CHANNEL_VERBS,
    document,
    kinds,
    line,
    order,
    pair,
    parcel,
    policy,
)


def lines(*cancelled):
    """Lines of two units each, of which so many are cancelled."""
    return tuple(
        line(str(number)).model_copy(update={"cancelled_quantity": Decimal(quantity)})
        for number, quantity in enumerate(cancelled, 1)
    )


def sides(on_channel, in_backend, *, status="open", done=(), **more):
    """A pair of which the channel cancelled this much of each line, and the backend that much."""
    shipments = (parcel("S1", "shipped"),) if status != "open" else ()
    channel = order("open", parcel(), lines=lines(*on_channel), can_cancel_partly=True, **more)
    return pair(channel, document(status, *shipments, lines=lines(*in_backend)), done=done)


def test_lines_cancelled_in_the_backend_are_cancelled_on_the_channel():
    (step,) = plan(sides((0, 0), (0, 2)), policy()).steps
    assert (step.kind, step.reference, step.quantities) == ("cancel_on_channel", "2=2", {"2": Decimal(2)})
    assert step.why == "the backend cancelled a part: 2 of line 2"


def test_lines_cancelled_on_the_channel_are_cancelled_in_the_backend():
    (step,) = plan(sides((1, 0), (0, 0)), policy()).steps
    assert (step.kind, step.reference, step.quantities) == ("cancel_document", "1=1", {"1": Decimal(1)})
    assert step.why == "the channel cancelled a part: 1 of line 1"


def test_only_what_was_not_cancelled_before_is_sent():
    (step,) = plan(sides((2, 0), (0, 0), done=["cancel_document:1=1"]), policy()).steps
    assert (step.reference, step.quantities) == ("1=2", {"1": Decimal(1)})


def test_what_a_side_was_told_counts_though_it_does_not_show_it():
    assert kinds(plan(sides((1, 0), (0, 0), done=["cancel_document:1=1"]), policy())) == []
    assert kinds(plan(sides((0, 0), (0, 1), done=["cancel_on_channel:2=1"]), policy())) == []


def test_what_a_side_shows_beyond_what_it_was_told_counts_too():
    (step,) = plan(sides((1, 0), (2, 0), done=["cancel_document:1=1"]), policy()).steps
    assert (step.kind, step.quantities) == ("cancel_on_channel", {"1": Decimal(1)})


def test_a_cancellation_of_the_whole_order_tells_nothing_about_parts():
    assert kinds(plan(sides((0, 0), (0, 1), done=["answer_wish:2=1", "cancel_on_channel:24"]), policy())) == [
        "cancel_on_channel"
    ]


@pytest.mark.parametrize("status", ["partly_shipped", "shipped"])
def test_it_comes_before_the_parcel_is_arranged(status):
    made = sides((0, 0), (0, 2), status=status)
    assert kinds(plan(made, policy())) == ["cancel_on_channel"]
    told = sides((0, 2), (0, 2), status=status)
    assert "cancel_on_channel" not in kinds(plan(told, policy()))


def test_many_lines_go_a_few_at_a_time_so_that_references_stay_short():
    made = sides((2, 2, 2, 2, 0), (0, 0, 0, 0, 0))
    (first,) = plan(made, policy()).steps
    assert list(first.quantities) == ["1", "2", "3"]
    (second,) = plan(sides((2, 2, 2, 2, 0), (2, 2, 2, 0, 0)), policy()).steps
    assert second.reference == "4=2"


def test_all_lines_cancelled_in_the_backend_cancel_the_whole_order_though_its_fee_stays():
    (step,) = plan(sides((0, 1), (2, 2)), policy()).steps
    assert (step.kind, step.quantities) == (StepKind.CANCEL_ON_CHANNEL, {})


@pytest.mark.parametrize("status", ["open", "arranged", "shipped"])
@pytest.mark.parametrize("accepted", [(), ["accepted:cancelled-partly-posted"]])
def test_a_posted_fee_without_any_goods_arranges_nothing_whatever_a_person_says(status, accepted):
    channel = order(status, parcel(), lines=lines(0, 0))
    fee_only = document("shipped", parcel("S1", "shipped"), lines=lines(2, 2))
    planned = plan(pair(channel, fee_only, done=accepted), policy())
    cause = "cancelled-after-shipping" if status == "shipped" else "cancelled-partly-posted"
    assert (kinds(planned), planned.conflict.cause) == ([], cause)


def test_all_lines_cancelled_in_the_backend_after_the_parcel_has_left_are_a_conflict():
    channel = order("shipped", parcel("P1", "shipped"), lines=lines(0, 0))
    planned = plan(pair(channel, document("open", lines=lines(2, 2))), policy(cancel_on_channel=False))
    assert planned.conflict.cause == "cancelled-after-shipping"


def test_lines_that_the_channel_never_sold_do_not_concern_it():
    made = pair(order("open", lines=lines(0)), document("open", lines=(*lines(0), *lines(0, 2)[1:])))
    assert kinds(plan(made, policy())) == []


@pytest.mark.parametrize(
    ("more", "verbs"),
    [({"can_cancel_partly": False}, CHANNEL_VERBS), ({"can_cancel_partly": True}, CHANNEL_VERBS - {"cancel_order"})],
)
def test_a_channel_that_cancels_only_whole_orders_is_a_conflict(more, verbs):
    channel = order("open", parcel(), lines=lines(0, 0), **more)
    planned = plan(pair(channel, document("open", lines=lines(0, 1))), policy(channel=verbs))
    assert planned.conflict.cause == "part-cancelled-in-backend"
    assert "only as a whole" in planned.why
    assert planned.conflict.reference == "part-cancelled-in-backend:2=1"


@pytest.mark.parametrize(
    ("more", "verbs"), [({"can_cancel": False}, BACKEND_VERBS), ({}, BACKEND_VERBS - {"cancel_order"})]
)
def test_a_backend_that_no_longer_lets_it_be_cancelled_is_a_conflict(more, verbs):
    made = pair(order("open", lines=lines(1, 0)), document("open", lines=lines(0, 0), **more))
    planned = plan(made, policy(backend=verbs))
    assert planned.conflict.cause == "part-cancelled-on-channel"
    assert "1 of line 1" in planned.why


def test_nothing_is_cancelled_on_the_channel_where_that_is_off():
    planned = plan(sides((0, 0), (0, 1)), policy(cancel_on_channel=False))
    assert (planned.steps, planned.conflict) == ((), None)


def test_a_mirroring_backend_is_told_by_its_update_instead():
    mirror = BACKEND_VERBS | {"update_order"}
    assert kinds(plan(sides((1, 0), (0, 0)), policy(backend=mirror))) == ["update"]


def test_a_document_that_was_not_read_yet_is_waited_for():
    made = pair(order("open", lines=lines(1, 0)), document_id="CO1")
    assert kinds(plan(made, policy())) == []


def partly_cancelled():
    bought = sold()
    cut = bought.lines[0].model_copy(update={"cancelled_quantity": Decimal(1)})
    return bought.model_copy(update={"lines": (cut, *bought.lines[1:])})


async def test_an_order_that_was_cut_before_it_was_seen_is_made_whole_and_cut_in_the_same_run(desk, world):
    desk.channel.put(partly_cancelled())
    report = await desk.run()
    assert (report.count("create"), report.count("cancel_document")) == (1, 1)
    await desk.later()
    assert world.calls["cancel_document", "24"] == 1


async def test_a_part_of_which_nobody_knows_whether_it_was_cancelled_waits_for_a_person(desk, world):
    desk.channel.put(sold())
    await desk.run()
    world.trouble["cancel_document", "24"] = [Lost()]
    desk.channel.put(partly_cancelled())
    for _ in range(4):
        await desk.later(300)
    assert await desk.parked() == {"24": "in-doubt"}
    assert world.calls["cancel_document", "24"] == 1


@given(st.text())
def test_any_reference_can_be_asked_for_its_parts(reference):
    assert all(quantity >= 0 for quantity in parts_of(reference).values())
