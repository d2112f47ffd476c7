"""What the ledger remembers, as the flows see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from crossdock.model import Order, Return

GIVEN_UP = "dropped"
"""Result of a refused step that a person gave up."""


class StepState(StrEnum):
    """Where a step is."""

    SENDING = "sending"  # committed before the call; found after a crash, it is in doubt
    DONE = "done"
    WAITING = "waiting"  # nothing was carried out; tried again when due
    DOUBTFUL = "doubtful"  # sent, no answer: looked up before anything is sent again
    REFUSED = "refused"  # they said no; parked


@dataclass(slots=True)
class StepRecord:
    """One planned act, as far as it got.

    Attributes:
        kind: what is done, such as ``create``.
        reference: deterministic, unique per order and kind: the same act is never recorded twice.
        state: see `StepState`.
        intended_at: when it was committed, before the (last) call; UTC.
        attempts: how often it was sent.
        result: their number of what was made, or the reason; of a create in doubt, or done, a print of what was sent.
        retry_at: not before this moment; UTC.
    """

    kind: str
    reference: str
    state: StepState
    intended_at: datetime
    attempts: int = 1
    result: str = ""
    retry_at: datetime | None = None

    @property
    def waits_for_a_person(self) -> bool:
        """Whether it was refused, and nobody has given it up."""
        return self.state is StepState.REFUSED and self.result != GIVEN_UP


@dataclass(slots=True)
class Pair:
    """An order on both sides: what the planner compares.

    Attributes:
        key: the channel's number.
        channel: the channel's order as last seen; None before it was read.
        document: the backend's document as last seen; None before it was read, or when it is gone.
        document_id: the backend's number; empty before it was created.
        document_gone: the backend was asked for the document and has none.
        first_status: the channel's status when the order was first seen.
        historical: came by a backfill: known for the record.
        steps: all steps so far, by ``kind:reference``.
        parked: whether an item of it waits for a person.
        looks: how often it was looked at without finding what it waits for.
        returns: what the channel shows of its returns.
    """

    key: str
    channel: Order | None = None
    document: Order | None = None
    document_id: str = ""
    document_gone: bool = False
    first_status: str = ""
    historical: bool = False
    steps: dict[str, StepRecord] = field(default_factory=dict)
    parked: bool = False
    looks: int = 0
    returns: tuple[Return, ...] = ()

    def is_done(self, kind: str, reference: str) -> bool:
        """Whether this very step was carried out."""
        step = self.steps.get(f"{kind}:{reference}")
        return step is not None and step.state is StepState.DONE

    def unsettled(self) -> StepRecord | None:
        """A step whose outcome is in doubt, if there is one."""
        return next((s for s in self.steps.values() if s.state in (StepState.SENDING, StepState.DOUBTFUL)), None)


class Turn(NamedTuple):
    """When an order is to be looked at (seconds since the epoch), and which one."""

    at: float = 0.0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A snapshot to keep: `order` as `side` showed it for the pair `key`; None when it is gone there."""

    key: str
    side: str
    order: Order | None
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """A step to commit before its call; `sent` is a short print of what is sent, where it may change meanwhile."""

    key: str
    kind: str
    reference: str
    why: str
    sent: str = ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a step ended.

    Attributes:
        document_id: set when the step made or found the document.
        parking: what to put aside in the same commit.
        retry_at: for `WAITING` and `DOUBTFUL`: not before; UTC.
        text: one sentence for the timeline.
        result: what is known of it now; empty keeps what the intent said was sent.
    """

    key: str
    kind: str
    reference: str
    state: StepState
    text: str
    result: str = ""
    document_id: str = ""
    retry_at: datetime | None = None
    parking: Parking | None = None


@dataclass(frozen=True, slots=True)
class Parking:
    """An item to put aside for a person, with all that the person needs.

    Attributes:
        cause: groups items of one kind, such as ``refused:1603``.
        reason: one sentence.
        step: ``kind:reference`` of the step that was refused; empty for a conflict or an unreadable item.
        facts: both sides' facts, and what a person can do.
        raw: what was received, personal fields masked.
    """

    key: str
    cause: str
    reason: str
    step: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Decided:
    """What planning a batch of pairs led to, committed before anything of it is carried out.

    Attributes:
        intents: steps that are about to be sent.
        parkings: what a person has to decide.
        looks: for pairs with nothing to do now: when to look again (seconds since the epoch; None: when something
            changes), and how often it has been in vain.
        cleared: pairs whose parked item no longer holds: what it waited for has happened.
        withdrawn: (key, kind, reference) of steps that were not carried out and are not planned any more.
    """

    intents: Sequence[Intent] = ()
    parkings: Sequence[Parking] = ()
    looks: Sequence[tuple[str, float | None, int]] = ()
    cleared: Sequence[str] = ()
    withdrawn: Sequence[tuple[str, str, str]] = ()


Decide = Callable[[Sequence[Pair]], Decided]
"""Plans pairs. Pure, since it runs in the ledger's thread, and again when a transaction is repeated."""


@dataclass(frozen=True, slots=True)
class Parked:
    """An item that waits for a person."""

    id: int
    route: str
    key: str
    cause: str
    reason: str
    step: str
    facts: Mapping[str, object]
    raw: bytes
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an order's timeline."""

    at: datetime
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What keeping a page of snapshots led to.

    Attributes:
        changed: the pairs whose snapshot is new or different, whole.
        unchanged: how many came again as they were.
    """

    changed: Sequence[Pair]
    unchanged: int


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order of a list: its numbers and where it is on both sides."""

    route: str
    order: str
    document: str
    channel_status: str
    document_status: str
    parked: bool


@dataclass(frozen=True, slots=True)
class LaneStatus:
    """How a route stands.

    Attributes:
        pairs, linked: orders, and those with a document.
        parked: orders, and items of stock and products, that wait for a person.
        doubtful, waiting: steps in doubt, and steps that are tried again.
        levels, levels_due: SKUs at their locations, and those that the channel does not surely show.
        products, listed, products_due: products, those with a listing, and those that are to be looked at.
        cursors: name to value and when it last moved.
        retry_at: when the first of the waiting steps is tried again.
    """

    route: str
    pairs: int
    linked: int
    parked: int
    doubtful: int
    waiting: int
    cursors: Mapping[str, tuple[str, datetime]]
    levels: int = 0
    levels_due: int = 0
    products: int = 0
    listed: int = 0
    products_due: int = 0
    retry_at: datetime | None = None
