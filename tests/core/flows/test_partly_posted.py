"""Orders of which a part was posted: parcels that are arranged before the others, and cancellations that come after."""

import pytest

from crossdock.flows.orders.table import plan
from tests.core.flows.cases import document, kinds, line, order, pair, parcel, policy

FIRST, SECOND = parcel("S1", "shipped", lines=("1",)), parcel("S2", "shipped", lines=("2",))
ARRANGED = parcel("P1", "arranged", "T1", lines=("1",))
READY = parcel("P2", "ready", lines=("2",))


@pytest.mark.parametrize("posted", [document("partly_shipped", FIRST), document("shipped", FIRST, SECOND)])
@pytest.mark.parametrize("process_order", [True, False])
def test_an_arranged_parcel_gets_its_number_while_another_is_still_to_be_arranged(posted, process_order):
    planned = plan(pair(order("open", ARRANGED, READY), posted), policy(process_order=process_order))
    tracking = [step for step in planned.steps if step.kind == "tracking"]
    assert [(step.reference, step.shipment_id) for step in tracking] == [("S1:T1", "P1")]


def test_a_number_that_is_still_to_come_is_waited_for_while_another_parcel_is_to_be_arranged():
    unnumbered = order("open", parcel("P1", "arranged", lines=("1",)), READY)
    assert plan(pair(unnumbered, document("partly_shipped", FIRST)), policy()).waits


def test_cancelled_on_both_sides_after_a_part_was_posted_is_a_conflict():
    planned = plan(pair(order("cancelled"), document("cancelled", FIRST)), policy())
    assert planned.conflict is not None
    assert planned.conflict.cause == "cancelled-after-posting"


def test_a_wish_to_cancel_is_not_accepted_after_a_part_was_posted():
    planned = plan(pair(order("cancelling", READY), document("cancelled", FIRST)), policy())
    assert planned.conflict is not None
    assert planned.conflict.cause == "wish-after-posting"


def cancelled_line(posted):
    """A document of which the first of two lines was cancelled, the second shipped."""
    first, second = line("1"), line("2")
    gone = first.model_copy(update={"cancelled_quantity": first.quantity})
    return (first, second), document("shipped", posted, lines=(gone, second))


def test_a_part_that_the_backend_cancelled_is_a_conflict_after_the_channel_arranged_all_of_it():
    bought, posted = cancelled_line(parcel("S1", "shipped"))
    planned = plan(pair(order("arranged", parcel(status="arranged", tracking="T1"), lines=bought), posted), policy())
    assert planned.conflict is not None
    assert planned.conflict.cause == "part-cancelled-in-backend"


def test_a_part_that_a_person_left_as_it_is_does_not_hold_the_rest_up():
    bought, posted = cancelled_line(parcel("S1", "shipped"))
    shown = order("arranged", parcel(status="arranged", tracking="T1"), lines=bought)
    reference = "accepted:part-cancelled-in-backend:1=2"
    assert kinds(plan(pair(shown, posted, done=[reference]), policy())) == ["tracking"]


def test_a_part_that_the_backend_cancelled_does_not_hold_the_rest_up_where_cancel_on_channel_is_off():
    bought, posted = cancelled_line(parcel("S1", "shipped"))
    planned = plan(pair(order("open", parcel(), lines=bought), posted), policy(cancel_on_channel=False))
    assert kinds(planned) == ["arrange"]
