"""What cannot be done on the channel is told to a backend in which people work, once, and once when it is over."""

from dataclasses import replace

import pytest

from crossdock.flows.orders.plan import StepKind
from crossdock.flows.orders.table import plan
from crossdock.ledger import StepRecord, StepState
from crossdock.model import OrderStatus, ShipmentStatus
from tests.core.flows.cases import T0, document, kinds, order, pair, parcel, policy

LABEL = "label:P1:T1"
ARRANGE = "arrange:P1#1"


def printing(state, attempts=1):
    """An arranged order of which the label does not come."""
    found = pair(order("arranged", parcel("P1", "arranged", "T1")), document("shipped", parcel("S1", "shipped", "T1")))
    found.steps[LABEL] = StepRecord("label", "P1:T1", state, T0, attempts, "it is being printed", T0)
    return found


def names(planned):
    return [(step.kind, step.reference) for step in planned.steps]


@pytest.mark.parametrize(("state", "attempts"), [(StepState.WAITING, 6), (StepState.REFUSED, 1)])
def test_f33_a_label_that_does_not_come_is_told_before_it_is_tried_again(state, attempts):
    planned = plan(printing(state, attempts), policy(labels=True))
    assert names(planned) == [(StepKind.TROUBLE, LABEL), (StepKind.LABEL, "P1:T1")]
    assert planned.steps[0].why == "it is being printed"


def test_f33_it_is_told_once_and_not_before_it_was_tried_several_times():
    soon = printing(StepState.WAITING, 5)
    assert kinds(plan(soon, policy(labels=True))) == [StepKind.LABEL]
    told = printing(StepState.WAITING, 9)
    told.steps[f"trouble:{LABEL}"] = StepRecord("trouble", LABEL, StepState.DONE, T0)
    assert kinds(plan(told, policy(labels=True))) == [StepKind.LABEL]


@pytest.mark.parametrize("gone", [False, True])
def test_f33_that_it_is_over_is_told_once_whether_it_came_or_is_not_wanted_any_more(gone):
    over = printing(StepState.DONE)
    over.steps[f"trouble:{LABEL}"] = StepRecord("trouble", LABEL, StepState.DONE, T0)
    if gone:
        over.steps[LABEL] = replace(over.steps[LABEL], state=StepState.WAITING)
        left = parcel("P1", ShipmentStatus.SHIPPED, "T1")
        over.channel = over.channel.model_copy(update={"status": OrderStatus.SHIPPED, "shipments": (left,)})
    planned = plan(over, policy(labels=True))
    assert names(planned) == [(StepKind.TROUBLE, f"{LABEL}#over")]
    over.steps[f"trouble:{LABEL}#over"] = StepRecord("trouble", f"{LABEL}#over", StepState.DONE, T0)
    assert plan(over, policy(labels=True)).steps == ()


def test_f29_a_shipment_that_the_channel_refuses_to_arrange_is_told():
    refused = pair(order("open", parcel("P1")), document("shipped", parcel("S1", "shipped")))
    refused.steps[ARRANGE] = StepRecord("arrange", "P1#1", StepState.REFUSED, T0, result="no address")
    planned = plan(refused, policy())
    assert names(planned) == [(StepKind.TROUBLE, ARRANGE), (StepKind.ARRANGE, "P1#1")]


def test_a_backend_that_does_not_hear_of_trouble_is_told_nothing():
    deaf = policy(backend=policy().backend - {"push_trouble"}, labels=True)
    assert kinds(plan(printing(StepState.REFUSED), deaf)) == [StepKind.LABEL]


def test_a_document_with_problems_is_parked_until_they_are_gone_and_follows_the_channel_meanwhile():
    stuck = pair(order("open"), document("open", problems=("UNKNOWN_SKU in line 1: no product is ordered by 'LAMP'",)))
    asked = plan(stuck, policy()).conflict
    assert asked.cause == "backend-problem"
    assert asked.reason == ("the backend cannot go on with it: UNKNOWN_SKU in line 1: no product is ordered by 'LAMP'")
    stuck.document = document("open")
    assert plan(stuck, policy()).conflict is None
    stuck.document = document("open", problems=("UNKNOWN_SKU",))
    stuck.channel = order("cancelled")
    assert kinds(plan(stuck, policy())) == [StepKind.CANCEL_DOCUMENT]
