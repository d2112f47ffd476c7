"""Parcels: told by the marketplace, or booked with an integrated carrier."""

from __future__ import annotations

import base64
import binascii
from typing import Literal

from crossdock_anchanto_oms.sandbox.label_pdf import label_pdf, looks_like_pdf
from crossdock_anchanto_oms.sandbox.orders import unknown_carrier
from crossdock_anchanto_oms.sandbox.records import Order, Shipment
from crossdock_anchanto_oms.sandbox.refusal import invalid, unprocessable
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.states import CANCELLING, ENDS
from crossdock_anchanto_oms.sandbox.values import Body, Code

MAX_LABEL_BYTES = 5 * 1024 * 1024


class LabelBody(Body):
    """A label's bytes."""

    media_type: Literal["application/pdf"]
    content_base64: str


class PutShipment(Body):
    """``PUT …/shipment``."""

    tracking_number: Code
    carrier: Code
    label: LabelBody | None = None


def attach(seller: Seller, order: Order, sent: PutShipment) -> Shipment:
    """Take tracking number and label of the marketplace's carrier.

    Raises:
        Refusal: the OMS itself books this order's parcel, the order is not ready or gone, or the label is no PDF.
    """
    if order.sent.logistics_mode != "marketplace_carrier":
        raise unprocessable("wrong_mode", f"the OMS itself books the parcel of order {order.order_id}")
    if order.ready_at is None or order.state not in ("READY_TO_SHIP", "PACKED"):
        raise unprocessable("illegal_state", f"order {order.order_id} is {order.state}", state=order.state)
    if sent.carrier not in seller.carriers:
        raise unknown_carrier(seller, sent.carrier)
    label = None if sent.label is None else _decoded(sent.label.content_base64)
    return _keep(seller, order, sent, label)


def _keep(seller: Seller, order: Order, sent: PutShipment, label: bytes | None) -> Shipment:
    known = order.shipment
    if label is None and known is not None and known.tracking_number == sent.tracking_number:
        label = known.label
    if known is not None and (known.tracking_number, known.carrier, known.label) == (
        sent.tracking_number,
        sent.carrier,
        label,
    ):
        return known
    made = Shipment(sent.tracking_number, sent.carrier, "marketplace", seller.now(), label)
    order.shipment, order.carrier, order.carrier_is_temporary = made, sent.carrier, False
    seller.touch(order)
    seller.world.oracle.record(
        "attach_shipment", order.order_id, tracking_number=sent.tracking_number, with_label=label is not None
    )
    return made


def _decoded(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid("label.content_base64", "is not base64") from error
    if len(content) > MAX_LABEL_BYTES:
        raise invalid("label.content_base64", f"has more than {MAX_LABEL_BYTES} bytes")
    if not looks_like_pdf(content):
        raise invalid("label.content_base64", "is not a whole PDF")
    return content


def book_due(seller: Seller) -> None:
    """Let integrated carriers answer for the orders whose time has come; cancelled ones are forgotten."""
    now = seller.world.clock.seconds()
    later: list[tuple[float, Order]] = []
    for due, order in seller.bookings:
        if due > now or order.state in CANCELLING:
            later.append((due, order))
        elif order.state not in ENDS and order.shipment is None:
            _book(seller, order)
    seller.bookings = later


def _book(seller: Seller, order: Order) -> None:
    carrier = order.carrier or ""
    number = f"{carrier}{seller.world.random.randrange(10**10):010d}"
    lines = [carrier, number, f"Order {order.order_id}", f"Reference {order.sent.channel_reference}"]
    order.shipment = Shipment(number, carrier, "oms", seller.now(), label_pdf(lines))
    order.carrier_is_temporary = False
    seller.touch(order)
    seller.world.oracle.record("book_shipment", order.order_id, tracking_number=number)
    seller.tell("shipment_ready", order)
