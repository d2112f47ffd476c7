"""Pairs of an order for tests of the planner: both sides by a word each."""

from datetime import UTC, datetime
from decimal import Decimal

from crossdock.contract import VERBS
from crossdock.flows.options import OrdersOptions
from crossdock.flows.orders.plan import Policy, StepKind
from crossdock.flows.orders.states import content
from crossdock.ledger import Pair, StepRecord, StepState
from crossdock.model import Money, Order, OrderLine, Shipment, ShipmentLine

KEY = "24"
DOCUMENT = "CO1"
T0 = datetime(2026, 1, 1, tzinfo=UTC)
CHANNEL_VERBS = frozenset(VERBS) - {"update_order"}
BACKEND_VERBS = frozenset(VERBS) - {"update_order"}  # a backend that mirrors is a case of its own


def line(number="1", quantity=2, price="10.00"):
    money = Money.parse(price, "SGD")
    return OrderLine(
        id=number, sku=f"S{number}", quantity=Decimal(quantity), list_price=money, amount=money * Decimal(quantity)
    )


def parcel(number="P1", status="ready", tracking="", lines=()):
    return Shipment(
        id=number,
        status=status,
        vendor_status=status.upper(),
        tracking_number=tracking,
        lines=tuple(ShipmentLine(line_id=each, quantity=Decimal(1)) for each in lines),
    )


def order(status="open", *parcels, **more):
    values = {"id": KEY, "status": status, "vendor_status": status.upper(), "currency": "SGD", "lines": (line(),)}
    return Order(**values | {"shipments": parcels, "updated_at": T0} | more)


def document(status="open", *shipments, **more):
    return order(status, *shipments, **{"id": DOCUMENT, "reference": KEY} | more)


def pair(channel, backend=None, *, done=(), first_status=None, **more):
    """A pair; `done` names steps that were carried out, as ``kind:reference``."""
    steps = {}
    if backend is not None:
        steps[f"create:{KEY}"] = StepRecord("create", KEY, StepState.DONE, T0, result=content(channel))
    for name in done:
        kind, _, reference = name.partition(":")
        steps[name] = StepRecord(kind, reference, StepState.DONE, T0)
    values = {
        "channel": channel,
        "document": backend,
        "document_id": DOCUMENT if backend else "",
        "first_status": first_status or (channel.status.value if channel else ""),
        "steps": steps,
    }
    return Pair(KEY, **values | more)


def policy(channel=CHANNEL_VERBS, backend=BACKEND_VERBS, **options):
    return Policy(OrdersOptions(**options), frozenset(channel), frozenset(backend))


def kinds(planned):
    return [step.kind for step in planned.steps]


__all__ = [
    "BACKEND_VERBS",
    "CHANNEL_VERBS",
    "DOCUMENT",
    "KEY",
    "T0",
    "StepKind",
    "document",
    "kinds",
    "line",
    "order",
    "pair",
    "parcel",
    "policy",
]
