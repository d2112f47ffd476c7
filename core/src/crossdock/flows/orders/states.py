"""What each side's status means for the plan, and how a change of what was bought is noticed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b

from crossdock.ledger import Pair
from crossdock.model import Order, OrderStatus, Return


class Channel(StrEnum):
    """What the channel's status means for the plan."""

    WAITING = "unpaid or held"
    OPEN = "open"
    WISH = "buyer asks to cancel"
    PROCESSED = "arranged or later"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown status"


class Document(StrEnum):
    """What the backend's document means for the plan."""

    NONE = "no document"
    GONE = "deleted"
    OPEN = "open"
    PARTLY = "partly posted"
    POSTED = "posted"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown status"


_CHANNEL = {
    OrderStatus.UNPAID: Channel.WAITING,
    OrderStatus.HELD: Channel.WAITING,
    OrderStatus.OPEN: Channel.OPEN,
    OrderStatus.CANCELLING: Channel.WISH,
    OrderStatus.CANCELLED: Channel.CANCELLED,
    OrderStatus.UNKNOWN: Channel.UNKNOWN,
}
_DOCUMENT = {
    OrderStatus.UNPAID: Document.OPEN,
    OrderStatus.HELD: Document.OPEN,
    OrderStatus.OPEN: Document.OPEN,
    OrderStatus.CANCELLING: Document.OPEN,
    OrderStatus.PARTLY_SHIPPED: Document.PARTLY,
    OrderStatus.CANCELLED: Document.CANCELLED,
    OrderStatus.UNKNOWN: Document.UNKNOWN,
}


def channel_state(status: OrderStatus) -> Channel:
    """Every status that is not named otherwise is one that follows arranging."""
    return _CHANNEL.get(status, Channel.PROCESSED)


def document_state(pair: Pair) -> Document:
    """A document that was made and has not been read yet counts as open."""
    if pair.document is not None:
        return _DOCUMENT.get(pair.document.status, Document.POSTED)
    if not pair.document_id:
        return Document.NONE
    return Document.GONE if pair.document_gone else Document.OPEN


def came_processed(pair: Pair) -> bool:
    """Whether the channel had processed the order before we first saw it."""
    return bool(pair.first_status) and channel_state(OrderStatus(pair.first_status)) is Channel.PROCESSED


def content(order: Order) -> str:
    """A short print of what was bought: it changes when lines, quantities, prices or shipping change.

    What is cancelled of it afterwards is another matter: it stays bought.
    """
    parts = [f"{line.id} {line.sku} {_plain(line.quantity)} {line.amount}" for line in order.lines]
    return _print([*sorted(parts), str(order.shipping_fee)])


def shown(order: Order) -> str:
    """A short print of everything that a mirroring backend should know."""
    parcels = [f"{s.id} {s.vendor_status} {s.tracking_number}" for s in order.shipments]
    cancelled = [f"{line.id}={_plain(line.cancelled_quantity)}" for line in order.lines if line.cancelled_quantity]
    return _print([order.vendor_status, content(order), *cancelled, *parcels])


def shown_return(returned: Return) -> str:
    """A short print of everything that a backend should know of a return."""
    return _print([returned.model_dump_json(exclude_defaults=True)])


def content_of_texts(texts: Sequence[str]) -> str:
    """A short print of some sentences."""
    return _print([*texts])


@lru_cache(maxsize=1024)
def _plain(quantity: Decimal) -> str:
    """Without exponent and needless zeros: 1.0 is as much as 1."""
    return f"{quantity.normalize():f}"


def _print(parts: list[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
