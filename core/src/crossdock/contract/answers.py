"""What verbs are handed and what they answer, beyond the nouns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from crossdock.errors import CannotTranslate, CrossdockError
from crossdock.model import Order, Product, Shipment

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window:
    """From where to read.

    Attributes:
        start: where a first run begins; UTC. Ignored when `cursor` is given.
        end: where to stop; None means until now. Given for a backfill, which never moves the live cursor.
        cursor: what the last page that was kept carried; opaque to the engine, made and read by the plugin.
        known_since: what was read since then may be told again without asking for it, and what is as dear to read as
            to write may be left out; None for what is so now. Given to a channel's `pull_stock` only, before anything
            was sent to it.
    """

    start: datetime
    end: datetime | None = None
    cursor: str | None = None
    known_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that could not be translated: it is parked with its reason, the others of its page pass.

    Attributes:
        id: the system's own id of the item.
        error: where and what.
        raw: what was received, personal fields already masked; kept for the person who looks at it.
    """

    id: str
    error: CannotTranslate
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and the cursor from which reading goes on once they are kept.

    The cursor must be safe: whatever changed before the page was read and is not in this page or an earlier one
    is found again from it. It moves by the system's clock, never ours.

    A run may end after any page, and the next one goes on from that page's cursor. So a reading that overlaps what was
    read before keeps in the cursor how far it has come, and does not begin with the overlap again: otherwise, where the
    overlap takes longer than a run, nothing beyond it would ever be read.
    """

    items: Sequence[T | Unreadable]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What they answered to something that was made or moved.

    Attributes:
        id: their number of it (``CO000123``); empty where they give none.
        already: True when it had been there before, so that nothing was made now.
        note: anything a person would like to see in the timeline.
    """

    id: str = ""
    already: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one row of a batch fared: done when `error` is None."""

    key: str
    error: CrossdockError | None = None


@dataclass(frozen=True, slots=True)
class ListingOutcome:
    """What became of a product on the channel.

    Attributes:
        product: the backend's, as it was to be listed.
        listed_id: the channel's number of the listing; empty where there is none.
        problem: why the channel does not show it as the product says; empty when it does.
    """

    product: Product
    listed_id: str = ""
    problem: str = ""


class CancelReason(StrEnum):
    """Why an order is cancelled, in our words; a plugin maps them to its system's."""

    OUT_OF_STOCK = "out_of_stock"
    BUYER_ASKED = "buyer_asked"
    UNDELIVERABLE = "undeliverable"
    NOT_PAID = "not_paid"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel an order, or some of it.

    Attributes:
        order: the order on the side where it is to be cancelled, as it was last seen there.
        reason: why.
        quantities: line id to quantity; empty cancels everything that is left.
        note: the other side's own words, for the record.
    """

    order: Order
    reason: CancelReason
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class ArrangeShipment:
    """Tell the marketplace that a parcel is ready to go.

    Attributes:
        order: the marketplace's order, as last seen.
        shipment_id: which of its packages; empty for an order that has one.
        posted: the backend's shipment that causes this (a carrier or tracking number of the seller's own is in it).
    """

    order: Order
    shipment_id: str
    posted: Shipment | None = None


@dataclass(frozen=True, slots=True)
class PushTracking:
    """Write a tracking number to the backend.

    Attributes:
        order: the backend's document, as last seen.
        shipment_id: the backend's shipment; empty where the backend keeps it on the order.
        parcel: the marketplace's parcel with carrier and tracking number.
    """

    order: Order
    shipment_id: str
    parcel: Shipment


class TroubleKind(StrEnum):
    """What cannot be done on the channel."""

    LABEL = "label"  # there is no shipping label yet, or there will be none
    ARRANGE = "arrange"  # the channel refuses to have the shipment arranged


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that people who work in the backend should know of an order.

    Attributes:
        document: the backend's, as last seen.
        kind: what it is about.
        text: one sentence, without personal data.
        over: it is no trouble any more.
    """

    document: Order
    kind: TroubleKind
    text: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Nudge:
    """Look at something soon. Never data.

    Attributes:
        flow: ``orders``, ``stock`` or ``products``.
        key: the id on the connection that says so; empty means the whole flow.
        why: for the timeline, such as ``push 3``.
        at: when the other side says that it happened; UTC.
    """

    flow: str
    key: str
    why: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PushMessage:
    """A push message as it came in: nothing in it is believed before it is verified."""

    url: str
    """Our own address that was called, as the far side knows it."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What a verified push message leads to, and what is answered (an empty 200 unless the system wants more)."""

    nudges: Sequence[Nudge] = ()
    message_id: str = ""
    """By which a repeated message is known; empty where the system gives none."""
    body: bytes = b""
    content_type: str = "text/plain"
    sign_in_expires: datetime | None = None
    """Set when the message says that the authorisation ends."""
    account: str = ""
    """Whom it is about, in the system's own words, where one address serves several; empty for all or nobody."""


@dataclass(frozen=True, slots=True)
class LostPush:
    """A push message that did not arrive: whom it is about (empty for several), and the message itself."""

    body: bytes = field(repr=False)
    account: str = ""


@dataclass(frozen=True, slots=True)
class LostPushes:
    """Messages that did not arrive.

    Attributes:
        messages: the earliest first.
        up_to: what confirms them; empty when there is nothing to confirm.
        more: whether there are further ones behind these.
        queue: whose messages these are; of connections that say the same, only one is asked from then on.
    """

    messages: Sequence[LostPush] = ()
    up_to: str = ""
    more: bool = False
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a connection found when it tried its credentials."""

    summary: str
    """One line: which shop, which company, until when the authorisation lasts."""
    facts: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    sign_in_expires: datetime | None = None
    """When the authorisation ends, where the system says so."""
