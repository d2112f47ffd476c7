"""From Acme Market's words to crossdock's. Pure: no I/O, so that it is tested with plain bytes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
from crossdock.contract import Unreadable
from crossdock.errors import CannotTranslate
from crossdock.model import (
    Address,
    Buyer,
    Charge,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
    exponent,
)

from crossdock_acme import wire

ORDER_STATUS = {
    "NEW": OrderStatus.OPEN,
    "PACKED": OrderStatus.ARRANGED,
    "ON_ITS_WAY": OrderStatus.SHIPPED,
    "ARRIVED": OrderStatus.DELIVERED,
    "CANCELLED": OrderStatus.CANCELLED,
}
"""Their word to ours; one that is not here is shown as unknown, never guessed."""

PARCEL_STATUS = {
    "OPEN": ShipmentStatus.READY,
    "PACKED": ShipmentStatus.ARRANGED,
    "ON_ITS_WAY": ShipmentStatus.SHIPPED,
    "ARRIVED": ShipmentStatus.DELIVERED,
    "CANCELLED": ShipmentStatus.CANCELLED,
}

_named = msgspec.json.Decoder(wire.Named)
_order = msgspec.json.Decoder(wire.Order)


def named(raw: bytes) -> wire.Named:
    """Which order `raw` is, and when it changed.

    Raises:
        CannotTranslate: not even that can be read.
    """
    try:
        return _named.decode(raw)
    except msgspec.ValidationError as error:
        raise cannot_read(error) from None


def order(raw: bytes) -> Order | Unreadable:
    """One order; what cannot be read is parked with its reason, and the others of its page pass."""
    try:
        return _translated(_order.decode(raw))
    except msgspec.ValidationError as error:
        problem = cannot_read(error)
    except ValueError as error:  # our model says what does not add up
        problem = CannotTranslate("order", f"sound, but {error}")
    return Unreadable(named(raw).id, problem)


def money(minor: int, currency: str) -> Money:
    """An amount in the smallest unit: cents of a dollar, yen as they are."""
    return Money(Decimal(minor).scaleb(-exponent(currency)), currency)


def moment(milliseconds: int) -> datetime:
    """A moment, aware, UTC."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).replace(microsecond=milliseconds % 1000 * 1000)


def cannot_read(error: msgspec.ValidationError) -> CannotTranslate:
    """Where it stands, and what was expected; msgspec says both in one sentence."""
    expected, _, path = str(error).partition(" - at `$")
    return CannotTranslate(path.rstrip("`").lstrip(".") or "the answer", f"right ({expected})")


def _translated(order: wire.Order) -> Order:
    currency, lines = order.currency, _gathered(order.pieces)
    return Order(
        id=order.id,
        status=ORDER_STATUS.get(order.state, OrderStatus.UNKNOWN),
        vendor_status=order.state,
        currency=currency,
        total=money(order.paid_minor, currency),
        lines=tuple(_line(pieces, currency) for pieces in lines),
        charges=(Charge(kind="shipping", amount=money(order.delivery_minor, currency)),),
        buyer=Buyer(name=order.recipient),
        ship_to=Address(name=order.recipient, line=order.street),
        shipments=tuple(_parcel(parcel, lines) for parcel in order.parcels),
        can_cancel=order.state == "NEW",
        placed_at=moment(order.created_ms),
        updated_at=moment(order.updated_ms),
    )


def _gathered(pieces: list[wire.Piece]) -> list[list[wire.Piece]]:
    """Pieces of one thing at one price are one line, in the order in which they were bought."""
    found: dict[tuple[str, int], list[wire.Piece]] = {}
    for piece in pieces:
        found.setdefault((piece.sku, piece.price_minor), []).append(piece)
    return list(found.values())


def _line(pieces: list[wire.Piece], currency: str) -> OrderLine:
    first, quantity = pieces[0], Decimal(len(pieces))
    price = money(first.price_minor, currency)
    return OrderLine(
        id=first.id,
        sku=first.sku,
        name=first.title,
        quantity=quantity,
        list_price=price,
        amount=price * quantity,
        cancelled_quantity=Decimal(sum(piece.cancelled for piece in pieces)),
    )


def _parcel(parcel: wire.Parcel, lines: list[list[wire.Piece]]) -> Shipment:
    inside = Counter(pieces[0].id for pieces in lines for piece in pieces if piece.parcel == parcel.id)
    return Shipment(
        id=parcel.id,
        status=PARCEL_STATUS.get(parcel.state, ShipmentStatus.UNKNOWN),
        vendor_status=parcel.state,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking,
        lines=tuple(ShipmentLine(line_id=line, quantity=Decimal(count)) for line, count in inside.items()),
    )
