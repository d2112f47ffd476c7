"""Single steps whose ground has shifted since they were planned."""

import pytest

from crossdock.flows.options import OrdersOptions
from crossdock.flows.orders.apply import Applier, sides
from crossdock.flows.orders.plan import Step, StepKind
from crossdock.ledger import Pair, StepState
from tests.core.doubles import Silent, order
from tests.core.flows.cases import DOCUMENT, document, pair, parcel

ARRANGED = order(status="arranged", shipments=(parcel("P1", "arranged", "T1"),))


@pytest.fixture
def applier(desk):
    return Applier(desk.route(), desk.clock, desk.keep_label, OrdersOptions(label_megabytes=1))


async def test_an_order_that_was_never_seen_is_parked(applier):
    applied = await applier.apply(Pair("24"), Step(StepKind.CREATE, "24", "why"))
    assert applied.conclusion.state is StepState.REFUSED
    assert "an order that was seen on the channel" in applied.conclusion.parking.reason


async def test_a_document_that_was_not_read_yet_is_waited_for(applier):
    applied = await applier.apply(pair(ARRANGED, document_id=DOCUMENT), Step(StepKind.POST, "24", "why"))
    assert applied.conclusion.state is StepState.WAITING
    assert "has not been read yet" in applied.conclusion.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [(StepKind.TRACKING, "no longer shows parcel P9"), (StepKind.LABEL, "has no label for parcel P9")],
)
async def test_a_parcel_that_vanished_is_parked(applier, kind, words):
    step = Step(kind, "x", "why", shipment_id="P9", posted_id="S1")
    applied = await applier.apply(pair(ARRANGED, document("shipped", parcel("S1", "shipped"))), step)
    assert words in applied.conclusion.parking.reason


async def test_a_label_that_is_not_given_is_parked(applier, world):
    world.trouble["fetch_label", "24"] = [Silent()]
    step = Step(StepKind.LABEL, "x", "why", shipment_id="P1")
    applied = await applier.apply(pair(ARRANGED, document("shipped")), step)
    assert "has no label for parcel P1" in applied.conclusion.parking.reason


def test_a_document_that_was_not_read_yet_is_shown_as_such():
    assert sides(pair(ARRANGED, document_id=DOCUMENT))["backend"] == {"id": DOCUMENT, "status": "not read yet"}
