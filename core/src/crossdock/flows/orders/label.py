"""Fetching a label: a file that a carrier made, of which no more is read than the route allows."""

from __future__ import annotations

from crossdock.contract import Route
from crossdock.errors import Refused
from crossdock.http import reading_at_most
from crossdock.model import Label, Order, Shipment

_HINT = "print it on the channel, or raise label_megabytes of the route's orders"


async def fetch(route: Route, order: Order, parcel: Shipment, megabytes: int) -> Label | None:
    """Ask the channel for the label of `parcel`.

    What is too long is not read to its end where the plugin calls through `crossdock.http`. A label is kept and handed
    on as it came and never unpacked, so nothing inside it can grow.

    Raises:
        Refused: it is longer than `megabytes` (of 1,000,000 bytes).
    """
    most = megabytes * 1_000_000
    with reading_at_most(most, hint=_HINT):
        label = await route.channel.ask.fetch_label(order, parcel, route)
    if label is not None and len(label.content) > most:
        size = f"{len(label.content)} bytes; at most {most} are taken"
        raise Refused(f"The label of parcel {parcel.id} is {size}.", code="too_long", hint=_HINT)
    return label
