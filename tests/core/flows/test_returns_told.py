"""A backend that takes returns is told each state of a return once."""

from __future__ import annotations

from datetime import UTC, datetime

from crossdock.flows.orders.plan import Policy, StepKind
from crossdock.flows.orders.table import plan
from crossdock.ledger import Pair, StepRecord, StepState
from crossdock.model import Order, OrderStatus, Return, ReturnStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = Policy(backend=frozenset({"push_return"}))


def delivered(number: str) -> Order:
    return Order(id=number, status=OrderStatus.DELIVERED, vendor_status="DELIVERED", currency="SGD")


def pair_with(*returns: Return) -> Pair:
    pair = Pair("O1", channel=delivered("O1"), document=delivered("D1"), document_id="D1")
    pair.returns = returns
    return pair


def test_a_return_that_was_told_is_not_told_again_while_another_is() -> None:
    told = Return(id="R1", order_id="O1", status=ReturnStatus.REQUESTED, vendor_status="REQUESTED")
    new = Return(id="R2", order_id="O1", status=ReturnStatus.REQUESTED, vendor_status="REQUESTED")
    [first] = plan(pair_with(told), POLICY).steps
    pair = pair_with(told, new)
    pair.steps[f"{first.kind}:{first.reference}"] = StepRecord(first.kind, first.reference, StepState.DONE, NOW)

    steps = plan(pair, POLICY).steps

    assert [(step.kind, step.return_id) for step in steps] == [(StepKind.RETURN, "R2")]
