"""Parcels: tracking numbers and labels of the marketplace into the OMS, labels of the OMS out of it."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from crossdock.contract import PushTracking, Receipt, Trouble, TroubleKind
from crossdock.errors import Refused, TryLater
from crossdock.model import Label, Order, Shipment
from crossdock_anchanto_oms.client.gateway import Gateway
from crossdock_anchanto_oms.client.orders import fresh
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.order_records import LabelFile, OmsOrder, Parcel
from crossdock_anchanto_oms.order_records import Trouble as Report
from crossdock_anchanto_oms.translate.documents import standing_of

__all__ = ["fetch_label", "push_label", "push_tracking", "push_trouble"]

_PDF = "application/pdf"
_MOST_TEXT = 500
_PROBLEMS = {TroubleKind.LABEL: "AWB_PENDING", TroubleKind.ARRANGE: "ARRANGE_FAILED"}


async def push_tracking(gateway: Gateway, wanted: PushTracking, options: AnchantoRoute) -> Receipt:
    """Write carrier and tracking number to the order's parcel.

    A carrier that the OMS does not know leaves the one that the order has.

    Raises:
        TryLater: the order is not ready to ship yet.
        Refused: the parcel is the OMS's own, or has left.
    """
    parcel, verb = wanted.parcel, "push_tracking"
    oms = await fresh(gateway, wanted.order.id, verb=verb)
    if oms.shipment is not None and oms.shipment.tracking_number == parcel.tracking_number:
        return Receipt(oms.order_id, already=True, note=parcel.tracking_number)
    now = standing_of(oms)
    if now.own_carrier:
        raise Refused(
            f"A carrier of the OMS ships order {oms.order_id}; the channel shows another tracking number.",
            code="wrong_mode",
            hint="compare the tracking numbers on both sides",
        )
    if now.is_preparing:
        raise TryLater(f"Order {oms.order_id} is {oms.state}: it takes a tracking number once it is ready to ship.")
    carrier = options.carriers.get(parcel.carrier, parcel.carrier) or oms.carrier
    note = await _put(gateway, oms, Parcel(parcel.tracking_number, carrier), verb)
    return Receipt(oms.order_id, note=note)


async def push_label(gateway: Gateway, order: Order, label: Label) -> Receipt:
    """Store the label at the order's parcel.

    Raises:
        TryLater: the parcel has no tracking number yet.
        Refused: it is no PDF, or too large.
    """
    oms = await fresh(gateway, order.id, verb="push_label")
    parcel = oms.shipment
    if parcel is None:
        raise TryLater(f"Order {oms.order_id} has no tracking number yet.")
    if parcel.label_sha256 == sha256(label.content).hexdigest():
        return Receipt(oms.order_id, already=True)
    most = gateway.profile.limits.label_bytes
    if label.media_type != _PDF or len(label.content) > most:
        raise Refused(
            f"The label of {oms.order_id} is {label.media_type} of {len(label.content)} bytes;"
            f" the OMS takes {_PDF} up to {most}.",
            code="label",
        )
    file = LabelFile(_PDF, b64encode(label.content).decode())
    await _put(gateway, oms, Parcel(parcel.tracking_number, parcel.carrier, file), "push_label")
    return Receipt(oms.order_id)


async def push_trouble(gateway: Gateway, trouble: Trouble) -> Receipt:
    """Show a problem of the order to its seller, or take it back."""
    number, verb, code = trouble.document.id, "push_trouble", _PROBLEMS[trouble.kind]
    if not trouble.over:
        body = Report(code, trouble.text[:_MOST_TEXT])
        await gateway.record(OmsOrder, "report_problem", verb=verb, names={"order": number}, body=body)
        return Receipt(number, note=code)
    names = {"order": number, "code": gateway.codec.word("problem", code)}
    try:
        await gateway.record(OmsOrder, "clear_problem", verb=verb, names=names)
    except Refused as error:
        if error.code != "unknown_problem":
            raise
        return Receipt(number, already=True)
    return Receipt(number, note=f"{code} is over")


async def fetch_label(gateway: Gateway, order: Order, shipment: Shipment) -> Label:
    """The label of an order's parcel.

    Raises:
        TryLater: the carrier has not made it yet.
    """
    content = await gateway.file("label", verb="fetch_label", names={"order": order.id})
    return Label(shipment_id=shipment.id, media_type=_PDF, content=content)


async def _put(gateway: Gateway, oms: OmsOrder, parcel: Parcel, verb: str) -> str:
    names = {"order": oms.order_id}
    try:
        await gateway.ask("put_shipment", verb=verb, names=names, body=parcel)
    except Refused as error:
        if error.code != "unknown_carrier" or oms.carrier in ("", parcel.carrier):
            raise
        known = Parcel(parcel.tracking_number, oms.carrier, parcel.label)
        await gateway.ask("put_shipment", verb=verb, names=names, body=known)
        return f"{parcel.tracking_number}; the OMS does not know carrier {parcel.carrier!r}, {oms.carrier} stays"
    return f"{parcel.tracking_number} by {parcel.carrier}"
