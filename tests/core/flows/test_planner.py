"""Proofs about the planner: total, pure, never twice, and finished once its steps were carried out."""

import copy
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from crossdock.contract import VERBS
from crossdock.flows.options import CancellationWish, OrdersOptions, PartialPosting
from crossdock.flows.orders.plan import Policy, Step, StepKind
from crossdock.flows.orders.states import content
from crossdock.flows.orders.table import plan
from crossdock.ledger import Pair, StepRecord, StepState
from crossdock.model import Money, OrderStatus, ShipmentStatus
from tests.core.flows.cases import DOCUMENT, KEY, T0, document, line, order, parcel

USED = ("arrange_shipment", "answer_cancellation", "cancel_order", "fetch_label")
BACKEND = ("update_order", "post_order", "cancel_order", "push_tracking")

TWICE = 2 * settings.default.max_examples

policies = st.builds(
    Policy,
    st.builds(
        OrdersOptions,
        process_order=st.booleans(),
        create_fulfilled_orders=st.booleans(),
        buyer_cancellation=st.sampled_from(CancellationWish),
        cancel_on_channel=st.booleans(),
        partial_posting=st.sampled_from(PartialPosting),
        labels=st.booleans(),
    ),
    st.frozensets(st.sampled_from(USED)).map(frozenset(VERBS).difference),
    st.frozensets(st.sampled_from(BACKEND)).map(frozenset(VERBS).difference),
)
references = st.sampled_from([KEY, "P1#1", "P1#2", "P2#1", "S1:T1", "accept", "reject", "P1:T1", "1=1", "1=2"])
records = st.builds(
    StepRecord,
    st.sampled_from(StepKind).map(str),
    references,
    st.sampled_from(StepState),
    st.just(T0),
    result=st.sampled_from(["", "old"]),
)
numbers = st.sampled_from(["", "T1", "T2"])


some_cancelled = st.sampled_from([0, 1, 2]).map(
    lambda cancelled: (line().model_copy(update={"cancelled_quantity": Decimal(cancelled)}),)
)


@st.composite
def shown(draw):
    """The channel's order in any state, with parcels in any state."""
    parcels = [
        parcel(f"P{n}", draw(st.sampled_from(ShipmentStatus)), draw(numbers), draw(st.sampled_from(["", "1", "2"])))
        for n in range(1, draw(st.integers(0, 3)) + 1)
    ]
    return order(
        draw(st.sampled_from(OrderStatus)),
        *parcels,
        total=draw(st.sampled_from([None, Money.parse("20.00 SGD"), Money.parse("20.01 SGD")])),
        can_cancel=draw(st.sampled_from([None, True, False])),
        can_cancel_partly=draw(st.booleans()),
        lines=draw(some_cancelled),
        updated_at=draw(st.sampled_from([None, T0])),
    )


@st.composite
def documents(draw):
    """The backend's document in any state."""
    posted = draw(st.integers(0, 3))
    return document(
        draw(st.sampled_from(OrderStatus)),
        *(
            parcel(f"S{n}", "shipped", draw(numbers), draw(st.sampled_from(["", "1", "2"])))
            for n in range(1, posted + 1)
        ),
        can_cancel=draw(st.sampled_from([None, True, False])),
        lines=draw(some_cancelled),
    )


@st.composite
def pairs(draw):
    """Any pair that the ledger could hold, and many that it could not."""
    made = draw(st.sampled_from(["none", "gone", "unread", "read"]))
    return Pair(
        KEY,
        channel=draw(shown() | st.none()),
        document=draw(documents()) if made == "read" else None,
        document_id="" if made == "none" else DOCUMENT,
        document_gone=made == "gone",
        first_status=draw(st.sampled_from(["", *OrderStatus])),
        steps={f"{record.kind}:{record.reference}": record for record in draw(st.lists(records, max_size=4))},
        parked=draw(st.booleans()),
        looks=draw(st.integers(0, 5)),
    )


@settings(max_examples=TWICE)
@given(pairs(), policies)
def test_every_combination_has_one_answer_with_a_reason(pair, policy):
    planned = plan(pair, policy)
    assert planned.why
    assert not (planned.steps and planned.conflict)
    assert not planned.conflict or planned.conflict.choices
    names = [(step.kind, step.reference) for step in planned.steps]
    assert len(set(names)) == len(names), "no act is planned twice"


@given(pairs(), policies)
def test_planning_is_pure(pair, policy):
    before = copy.deepcopy(pair)
    assert plan(pair, policy) == plan(pair, policy)
    assert pair == before


@given(pairs(), policies)
def test_a_document_is_created_only_where_there_is_none(pair, policy):
    creates = [step for step in plan(pair, policy).steps if step.kind is StepKind.CREATE]
    assert not creates or (pair.document_id == "" and pair.document is None)
    assert all(step.reference == KEY for step in creates)
    assert len(creates) <= 1


@given(pairs(), policies)
def test_a_verb_that_a_side_does_not_answer_is_never_planned(pair, policy):
    for step in plan(pair, policy).steps:
        verb, verbs = {
            StepKind.CREATE: ("push_order", policy.backend),
            StepKind.POST: ("post_order", policy.backend),
            StepKind.UPDATE: ("update_order", policy.backend),
            StepKind.CANCEL_DOCUMENT: ("cancel_order", policy.backend),
            StepKind.TRACKING: ("push_tracking", policy.backend),
            StepKind.CANCEL_ON_CHANNEL: ("cancel_order", policy.channel),
            StepKind.ANSWER_WISH: ("answer_cancellation", policy.channel),
            StepKind.ARRANGE: ("arrange_shipment", policy.channel),
            StepKind.LABEL: ("fetch_label", policy.channel),
            StepKind.TROUBLE: ("push_trouble", policy.backend),
        }[step.kind]
        assert verb in verbs


ON_CHANNEL = {StepKind.ARRANGE, StepKind.ANSWER_WISH, StepKind.CANCEL_ON_CHANNEL, StepKind.LABEL}


@settings(max_examples=TWICE)
@given(shown(), policies, st.booleans())
def test_an_order_of_a_backfill_never_leads_to_an_act_on_the_channel(channel, policy, read):
    verbs = frozenset(VERBS)
    policy = Policy(policy.options, verbs, verbs)
    pair = Pair(KEY, channel=channel, first_status=channel.status.value, historical=True)
    for step in plan(pair, policy).steps:
        assert step.kind is StepKind.CREATE
        carry_out(pair, step)
    pair.document = as_recorded(channel) if read and pair.document_id else None
    for _ in range(3):
        steps = plan(pair, policy).steps
        assert ON_CHANNEL.isdisjoint(step.kind for step in steps)
        for step in steps:
            carry_out(pair, step)


def as_recorded(channel):
    """The document that a backend with history makes of an order: in the state that the channel shows."""
    retry = any(each.status is ShipmentStatus.RETRY for each in channel.shipments)
    status = OrderStatus.ARRANGED if retry and channel.status is OrderStatus.OPEN else channel.status
    waiting = (OrderStatus.UNPAID, OrderStatus.HELD, OrderStatus.OPEN, OrderStatus.CANCELLING, OrderStatus.CANCELLED)
    posted = [] if status in waiting else [parcel(f"S{n}", "shipped") for n, _ in enumerate(channel.shipments, 1)]
    return document(status, *posted, lines=channel.lines)


def carry_out(pair: Pair, step: Step) -> None:  # noqa: C901 - a case for each kind of step
    """What a step does to the two sides, in the smallest model of them."""
    pair.steps[f"{step.kind}:{step.reference}"] = StepRecord(
        step.kind, step.reference, StepState.DONE, T0, result=content(pair.channel)
    )
    match step.kind:
        case StepKind.CREATE:
            pair.document_id, pair.document = DOCUMENT, document("open")
        case StepKind.POST:
            shipped = [parcel(f"S{n}", "shipped") for n, _ in enumerate(pair.channel.shipments, 1)]
            pair.document = document("shipped", *shipped)
        case StepKind.CANCEL_DOCUMENT if step.quantities:
            pair.document = pair.document.model_copy(update={"lines": without(pair.document.lines, step.quantities)})
        case StepKind.CANCEL_DOCUMENT:
            kept = pair.document.shipments if pair.document else ()
            pair.document = document("cancelled", *kept)
        case StepKind.CANCEL_ON_CHANNEL if step.quantities:
            show(pair, lines=without(pair.channel.lines, step.quantities))
        case StepKind.CANCEL_ON_CHANNEL:
            show(pair, status=OrderStatus.CANCELLED)
        case StepKind.ANSWER_WISH:
            show(pair, status=OrderStatus.CANCELLED if step.accept else OrderStatus.OPEN)
        case StepKind.ARRANGE:
            change = {"status": ShipmentStatus.ARRANGED}
            show(pair, shipments=changed(pair.channel.shipments, step.shipment_id, change))
            if all(each.is_arranged for each in pair.channel.shipments):
                show(pair, status=OrderStatus.ARRANGED)
        case StepKind.TRACKING:
            number = next(p.tracking_number for p in pair.channel.shipments if p.id == step.shipment_id)
            posted = changed(pair.document.shipments, step.posted_id, {"tracking_number": number})
            pair.document = pair.document.model_copy(update={"shipments": posted})
        case StepKind.UPDATE | StepKind.LABEL | StepKind.TROUBLE:
            pass


def show(pair, **change):
    pair.channel = pair.channel.model_copy(update=change)


def changed(parcels, number, change):
    return tuple(each.model_copy(update=change) if each.id == number else each for each in parcels)


def without(lines, quantities):
    return tuple(
        each.model_copy(update={"cancelled_quantity": each.cancelled_quantity + quantities.get(each.id, 0)})
        for each in lines
    )


@settings(max_examples=TWICE)
@given(pairs(), policies)
def test_once_its_steps_were_carried_out_nothing_is_left_to_do(pair, policy):
    sent = []
    for _ in range(20):
        fresh = [step for step in plan(pair, policy).steps if not pair.is_done(step.kind, step.reference)]
        if not fresh:
            break
        for step in fresh:
            carry_out(pair, step)
            sent.append((step.kind, step.reference))
    else:
        raise AssertionError(f"still at work after {sent}")
    assert len(set(sent)) == len(sent), "no act was carried out twice"
    assert sum(kind is StepKind.CREATE for kind, _ in sent) <= 1


@given(pairs(), policies)
def test_after_any_single_step_the_plan_never_asks_for_it_again(pair, policy):
    for step in plan(pair, policy).steps:
        after = copy.deepcopy(pair)
        carry_out(after, step)
        left = {(s.kind, s.reference) for s in plan(after, policy).steps}
        assert (step.kind, step.reference) not in left
