"""Our order as a new order of the OMS. Pure.

The OMS checks that lines, shipping fee and discount add up to the total, and knows no other charges: these travel in
the shipping fee, and the note says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from crossdock.errors import Refused
from crossdock.model import Address, Money, Order, OrderLine, OrderStatus, Shipment, ShipmentStatus
from crossdock_anchanto_oms.config import AnchantoRoute, AnchantoSettings, Mode
from crossdock_anchanto_oms.order_records import NewLine, NewOrder, Person, Place
from crossdock_anchanto_oms.statuses import OmsState, Standing, decide

__all__ = ["carrier_of", "hold_of", "mode_of", "new_order", "one_parcel", "seconds", "status_of"]

_CODE, _TEXT, _NOTE = 64, 255, 500
_WITHHELD = "(withheld)"
_HISTORY = frozenset(
    {OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.COMPLETED, OrderStatus.CANCELLED, OrderStatus.RETURNING}
)
_ARRANGED = (OmsState.READY_TO_SHIP, OmsState.IN_TRANSIT, OmsState.COMPLETE)
_HELD_WORDS = frozenset({"INVOICE_PENDING"})
"""Of a channel's open orders that must not be picked yet: paid, but not to be shipped before something else is done."""
HELD_BY_CHANNEL = "channel:"
"""What a hold begins with that the channel caused; holds of people are left alone."""


def new_order(order: Order, settings: AnchantoSettings, options: AnchantoRoute) -> NewOrder:
    """Make the order to create.

    What left before it came in, and all of a backfill, is history: it moves no stock. Everything else starts at the
    beginning and is brought to the channel's status by legal moves afterwards.

    Raises:
        Refused: another currency, several parcels, a part of a piece, a line without SKU, or nothing left to ship.
    """
    if order.currency != settings.currency:
        raise Refused(
            f"Order {order.id} is in {order.currency}, and store {settings.store_code} sells in {settings.currency}.",
            code="wrong_currency",
            hint="connect the store of the other currency",
        )
    one_parcel(order)
    historical = options.historical and (order.historical or status_of(order) in _HISTORY)
    left = [line for line in order.lines if line.quantity > line.cancelled_quantity]
    lines = tuple(_line(line) for line in left or (order.lines if historical else ()))
    if not lines:
        raise Refused(f"Order {order.id} has nothing to ship: every line is cancelled.", code="nothing_to_ship")
    fee = Money.sum((charge.amount for charge in order.charges), order.currency).amount
    discount = Money.sum((one.amount for one in order.discounts), order.currency).amount
    goods = sum((line.unit_price * line.quantity - line.discount for line in lines), Decimal(0))
    return NewOrder(
        channel_reference=order.id,
        ordered_at=seconds(order.placed_at or order.updated_at) or datetime.fromtimestamp(0, UTC),
        paid_at=seconds(order.paid_at),
        ship_by=seconds(order.ship_by),
        state=_first_state(order, historical=historical),
        historical=historical,
        tracking_number=_number(order) if historical else "",
        hold=hold_of(order) if status_of(order) is OrderStatus.HELD else "",
        currency=order.currency,
        logistics_mode=mode_of(order, options),
        carrier=carrier_of(order, options),
        warehouse_code=options.warehouse,
        buyer=_person(order),
        ship_to=_place(order.ship_to, settings.country),
        lines=lines,
        shipping_fee=fee,
        discount=discount,
        total=goods + fee - discount,
        note=_note(order),
    )


def one_parcel(order: Order) -> Shipment | None:
    """The parcel of an order.

    Raises:
        Refused: it is split: an order of the OMS has one parcel.
    """
    parcels = [parcel for parcel in order.shipments if parcel.status is not ShipmentStatus.CANCELLED]
    if len(parcels) > 1:
        raise Refused(
            f"Order {order.id} is split into {len(parcels)} parcels, and Anchanto OMS does not split orders.",
            code="order_split",
            hint="undo the split on the channel, or ship the order by hand on both sides",
        )
    return parcels[0] if parcels else None


def mode_of(order: Order, options: AnchantoRoute) -> Mode:
    """Who ships it, by what the buyer chose or by the route's default; never by the carrier's name in the OMS."""
    return Mode.OMS if order.shipping_method in options.oms_carrier_methods else options.logistics_mode


def carrier_of(order: Order, options: AnchantoRoute) -> str:
    """The carrier's code, or the channel's own name of it where nothing is mapped."""
    parcel = order.shipments[0].carrier if order.shipments else ""
    name = parcel or order.shipping_method
    return options.carriers.get(name, name)[:_CODE]


def status_of(order: Order) -> OrderStatus:
    """What the channel shows, as it counts for whoever picks."""
    is_open = order.status is OrderStatus.OPEN
    return OrderStatus.HELD if is_open and order.vendor_status in _HELD_WORDS else order.status


def hold_of(order: Order) -> str:
    """The word by which we hold an order, such as ``channel:INVOICE_PENDING``."""
    return f"{HELD_BY_CHANNEL}{order.vendor_status}"[:_CODE]


def seconds(moment: datetime | None) -> datetime | None:
    """A moment as the OMS keeps it: UTC, whole seconds."""
    return moment.astimezone(UTC).replace(microsecond=0) if moment else None


def _first_state(order: Order, *, historical: bool) -> str:
    if historical:
        return (decide(status_of(order), Standing(None)).state or OmsState.NEW).value
    return (OmsState.MP_UNPAID if order.status is OrderStatus.UNPAID else OmsState.NEW).value


def _number(order: Order) -> str:
    """The tracking number of what is history: afterwards the OMS takes none."""
    parcel = one_parcel(order) if decide(status_of(order), Standing(None)).state in _ARRANGED else None
    return parcel.tracking_number[:_CODE] if parcel else ""


def _line(line: OrderLine) -> NewLine:
    """What is left of a line, with its share of what the whole line cost."""
    quantity = line.quantity - line.cancelled_quantity or line.quantity
    if quantity != quantity.to_integral_value():
        raise Refused(
            f"Line {line.id} has {line.quantity} of {line.sku}: the OMS counts whole pieces.", code="quantity"
        )
    if not line.sku:
        raise Refused(f"Line {line.id} has no SKU.", code="unknown_sku", hint="give the product a SKU on the channel")
    amount = line.amount
    if quantity != line.quantity:
        amount = amount.allocate((quantity, line.cancelled_quantity))[0]
    return NewLine(
        line_reference=line.id[:_CODE],
        sku=line.sku[:_CODE],
        name=(line.name or line.sku)[:_TEXT],
        quantity=int(quantity),
        unit_price=line.list_price.amount,
        discount=(line.list_price * quantity - amount).amount,
    )


def _person(order: Order) -> Person:
    buyer = order.buyer
    name = buyer.name or order.ship_to.name or _WITHHELD
    return Person(name[:_TEXT], buyer.email[:_TEXT], buyer.phone[:_TEXT])


def _place(address: Address, country: str) -> Place:
    street = address.line or _WITHHELD
    rest = ", ".join(part for part in (street[_TEXT:], address.line2, address.district) if part)
    return Place(
        name=(address.name or _WITHHELD)[:_TEXT],
        line1=street[:_TEXT],
        country=address.country or country,
        phone=address.phone[:_TEXT],
        line2=rest[:_TEXT],
        city=address.city[:_TEXT],
        state=address.state[:_TEXT],
        postcode=address.postcode[:_TEXT],
    )


def _note(order: Order) -> str:
    return "; ".join(_remarks(order))[:_NOTE]


def _remarks(order: Order) -> Iterator[str]:
    if order.note:
        yield order.note
    others = [f"{charge.kind} {charge.amount}" for charge in order.charges if charge.kind != "shipping"]
    if others:
        yield f"the shipping fee contains {', '.join(others)}"
