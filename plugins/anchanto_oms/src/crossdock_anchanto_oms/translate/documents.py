"""Orders of the OMS as our orders: as the backend's document, or as a channel's order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crossdock.errors import CannotTranslate
from crossdock.model import (
    Address,
    Buyer,
    Cancellation,
    Charge,
    Discount,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payer,
    Shipment,
)
from crossdock_anchanto_oms.config import Mode
from crossdock_anchanto_oms.order_records import OmsLine, OmsOrder, OmsProblem
from crossdock_anchanto_oms.statuses import DELIVERED, OmsState, Standing
from crossdock_anchanto_oms.translate.parcels import parcels_of

__all__ = ["as_channel_order", "as_document", "standing_of"]

_S, _O = OmsState, OrderStatus
_STATUS: Mapping[str, OrderStatus] = {
    _S.MP_UNPAID: _O.UNPAID,
    _S.NEW: _O.OPEN,
    _S.RFP: _O.OPEN,
    _S.PARTIAL: _O.OPEN,
    _S.PACKED: _O.OPEN,
    _S.READY_TO_SHIP: _O.ARRANGED,
    _S.IN_TRANSIT: _O.SHIPPED,
    _S.COMPLETE: _O.COMPLETED,
    _S.CANCEL_IN_PROCESS: _O.CANCELLING,
    _S.CANCEL: _O.CANCELLED,
    _S.CANCEL_BY_SELLER_IN_PROCESS: _O.CANCELLING,
    _S.CANCEL_BY_SELLER: _O.CANCELLED,
    _S.APPROVAL_IN_PROCESS: _O.HELD,
    _S.REJECTION_IN_PROCESS: _O.HELD,
    _S.REJECT: _O.CANCELLED,
    _S.LOST_IN_TRANSIT: _O.SHIPPED,
    _S.FAILED_DELIVERY_INITIATED: _O.SHIPPED,
    _S.FAILED_DELIVERY_PUTAWAY: _O.SHIPPED,
    _S.FAILED_DELIVERY_COMPLETE: _O.SHIPPED,
}


def standing_of(oms: OmsOrder) -> Standing:
    """Where an order is, for those who decide."""
    return Standing(
        _state(oms.state),
        _state(oms.previous_state) if oms.previous_state else None,
        own_carrier=oms.logistics_mode == Mode.OMS,
        ready=oms.ready_at is not None,
        moved=any(line.picked for line in oms.lines),
    )


def as_document(oms: OmsOrder) -> Order:
    """The backend's document: without the buyer's data, which the channel's order has.

    Ready to Ship releases the goods. With a carrier of the OMS it does so only once the parcel has its number, since
    the channel is told that number. A cancellation that the seller began is the channel's to carry out.

    Raises:
        CannotTranslate: its lines do not add up.
    """
    status = _status(oms)
    if oms.state == _S.CANCEL_BY_SELLER_IN_PROCESS:
        status = _O.CANCELLED
    if status is _O.ARRANGED and oms.logistics_mode == Mode.OMS and oms.shipment is None:
        status = _O.OPEN
    found = _order(oms, status, parcels_of(oms) if _has_parcel(status) else ())
    problems = tuple(_told(problem) for problem in oms.problems if problem.blocking)
    return found.model_copy(update={"problems": problems}) if problems else found


def _told(problem: OmsProblem) -> str:
    line = f" in line {problem.line_reference}" if problem.line_reference else ""
    return f"{problem.code}{line}: {problem.message}" if problem.message else f"{problem.code}{line}"


def as_channel_order(oms: OmsOrder) -> Order:
    """The order as a channel shows it.

    Raises:
        CannotTranslate: its lines do not add up.
    """
    status = _status(oms)
    parcels = () if status is _O.CANCELLED else parcels_of(oms)
    order = _order(oms, status, parcels)
    cancelled = oms.state in (_S.CANCEL_BY_SELLER_IN_PROCESS, _S.CANCEL_BY_SELLER)
    cancellation = Cancellation(by="seller") if cancelled else None
    return order.model_copy(
        update={"buyer": _buyer(oms), "ship_to": _address(oms), "note": oms.note, "cancellation": cancellation}
    )


def _state(word: str) -> OmsState | str:
    return OmsState(word) if word in OmsState.__members__ else word


def _status(oms: OmsOrder) -> OrderStatus:
    status = _STATUS.get(oms.state, _O.UNKNOWN)
    if oms.state == _S.PACKED and oms.ready_at is not None:
        return _O.ARRANGED
    if status is _O.OPEN and oms.hold:
        return _O.HELD
    return _O.DELIVERED if status is _O.SHIPPED and oms.sub_state == DELIVERED else status


def _has_parcel(status: OrderStatus) -> bool:
    return status in (_O.ARRANGED, _O.SHIPPED, _O.DELIVERED, _O.COMPLETED)


def _order(oms: OmsOrder, status: OrderStatus, parcels: tuple[Shipment, ...]) -> Order:
    currency = oms.currency
    try:
        return Order(
            id=oms.order_id,
            reference=oms.channel_reference,
            status=status,
            vendor_status=" ".join(word for word in (oms.state, oms.sub_state, oms.hold) if word),
            currency=currency,
            total=Money(oms.total, currency),
            lines=tuple(_line(line, currency) for line in oms.lines),
            discounts=_discounts(oms.discount, currency, "voucher"),
            charges=(Charge(kind="shipping", amount=Money(oms.shipping_fee, currency)),) if oms.shipping_fee else (),
            shipping_method=oms.carrier,
            shipments=parcels,
            can_cancel=_can_cancel(oms),
            placed_at=oms.ordered_at,
            paid_at=oms.paid_at,
            ship_by=oms.ship_by,
            updated_at=oms.changed_at,
        )
    except (ValueError, TypeError) as error:
        raise CannotTranslate(
            f"order {oms.order_id}",
            f"an order whose money adds up ({type(error).__name__})",
            hint="look at it in the OMS",
        ) from None


def _line(line: OmsLine, currency: str) -> OrderLine:
    price = Money(line.unit_price, currency)
    return OrderLine(
        id=line.line_reference,
        sku=line.sku,
        name=line.name,
        quantity=Decimal(line.quantity),
        list_price=price,
        discounts=_discounts(line.discount, currency, "item"),
        amount=price * line.quantity - Money(line.discount, currency),
    )


def _discounts(amount: Decimal, currency: str, kind: str) -> tuple[Discount, ...]:
    return (Discount(kind=kind, payer=Payer.SELLER, amount=Money(amount, currency)),) if amount else ()


_TOO_LATE = frozenset(
    {_S.COMPLETE, _S.LOST_IN_TRANSIT, _S.FAILED_DELIVERY_INITIATED, _S.FAILED_DELIVERY_PUTAWAY}
    | {_S.FAILED_DELIVERY_COMPLETE}
)


def _can_cancel(oms: OmsOrder) -> bool | None:
    return False if oms.state in _TOO_LATE else None


def _buyer(oms: OmsOrder) -> Buyer:
    person = oms.buyer
    return Buyer(name=person.name, email=person.email, phone=person.phone) if person else Buyer()


def _address(oms: OmsOrder) -> Address:
    place = oms.ship_to
    if place is None:
        return Address()
    return Address(
        name=place.name,
        phone=place.phone,
        line=place.line1,
        line2=place.line2,
        city=place.city,
        state=place.state,
        postcode=place.postcode,
        country=place.country,
    )
