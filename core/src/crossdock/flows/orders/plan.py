"""The words of the order planner: steps, conflicts, plans, and the case that a rule decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from crossdock.flows.options import OrdersOptions
from crossdock.ledger import Pair
from crossdock.model import Order

ACCEPTED = "accepted"
"""Kind of the step by which a person's "leave it as it is" is remembered."""


class StepKind(StrEnum):
    """What can be done about an order."""

    CREATE = "create"
    POST = "post"
    UPDATE = "update"
    CANCEL_DOCUMENT = "cancel_document"
    CANCEL_ON_CHANNEL = "cancel_on_channel"
    ANSWER_WISH = "answer_wish"
    ARRANGE = "arrange"
    TRACKING = "tracking"
    LABEL = "label"
    RETURN = "return"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Step:
    """One act that is missing.

    Attributes:
        kind: what to do.
        reference: deterministic, unique per order and kind: no act is done twice under one reference.
        why: one sentence for the timeline and for ``crossdock plan``.
        shipment_id: the channel's parcel that it concerns.
        posted_id: the backend's shipment that it concerns.
        return_id: the channel's return that it concerns.
        quantities: line id to quantity, for a partial cancellation.
        accept: for `ANSWER_WISH`.
        again: more may follow at once, so both sides are read anew when it is done.
    """

    kind: StepKind
    reference: str
    why: str
    shipment_id: str = ""
    posted_id: str = ""
    return_id: str = ""
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    accept: bool = False
    again: bool = True


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts of both sides that cannot both be right, or a question that only a person can answer.

    Attributes:
        cause: groups conflicts of one kind.
        reference: of this very conflict; once a person has accepted it, it is not raised again.
        reason: one sentence.
        choices: what a person can do.
    """

    cause: str
    reference: str
    reason: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done about one order. At most one of `steps` and `conflict` is there.

    Attributes:
        why: one sentence, also when there is nothing to do.
        waits: something will appear that no change announces (a tracking number), so look again in a while.
    """

    why: str
    steps: tuple[Step, ...] = ()
    conflict: Conflict | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """What the route wants, and which verbs its two connections answer."""

    options: OrdersOptions = field(default_factory=OrdersOptions)
    channel: frozenset[str] = frozenset()
    backend: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule decides on.

    Attributes:
        order: the channel's order.
        document: the backend's document; None when there is none, or when it was made and not read yet.
    """

    pair: Pair
    order: Order
    document: Order | None
    policy: Policy


def do(why: str, *steps: Step) -> Plan:
    """A plan to carry out `steps`, in this order."""
    return Plan(why, steps)


def conflict(cause: str, reason: str, *choices: str, reference: str = "") -> Plan:
    """A plan that asks a person."""
    return Plan(reason, conflict=Conflict(cause, reference or cause, reason, choices))
