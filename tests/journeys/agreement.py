"""What it means that both sides agree, judged by what the systems themselves hold. Shares nothing with the planner.

    the shop's order, the ERP's document, the route's policy  ──▶  an outcome that must be, or may be

`Outcome.AGREED` wants nothing parked, `Outcome.CONFLICT` exactly one parked item, `Outcome.MISSING` is a fault.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, OrderLine, Shipment
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus, Package, PackageStatus

_NOT_YET = {OrderStatus.UNPAID, OrderStatus.PENDING}
_TO_SHIP = {OrderStatus.READY_TO_SHIP, OrderStatus.RETRY_SHIP}
_CANCELLED_AT_WILL = {*_NOT_YET, OrderStatus.READY_TO_SHIP}
"""Where the shop's order says `can_full_cancel_order`."""
_ENDS_OTHERWISE = {OrderStatus.CANCELLED, OrderStatus.IN_CANCEL}
OWN_FLEET = 19999
"""Logistics channel of which the seller hands in the tracking number."""
_GONE = {PackageStatus.INVALID, PackageStatus.REQUEST_CANCELED}


@dataclass(frozen=True)
class Policies:
    """What the route's administrator chose."""

    process_order: bool
    create_fulfilled_orders: bool
    buyer_cancellation: str
    partial_posting: str
    cancel_on_channel: bool

    def toml(self) -> str:
        """As the config file says it."""
        return "\n".join(
            [
                f"process_order = {str(self.process_order).lower()}",
                f"create_fulfilled_orders = {str(self.create_fulfilled_orders).lower()}",
                f'buyer_cancellation = "{self.buyer_cancellation}"',
                f'partial_posting = "{self.partial_posting}"',
                f"cancel_on_channel = {str(self.cancel_on_channel).lower()}",
            ]
        )


class Outcome(StrEnum):
    """How an order may stand once nothing happens any more."""

    AGREED = "agreed"
    CONFLICT = "conflict"
    MISSING = "something was not done"


@dataclass(frozen=True)
class Facts:
    """One order on both sides.

    Attributes:
        document: None when LS Central never had one, or has it no more.
        deleted: a person deleted it in LS Central.
        came_processed: the shop had arranged all of it before crossdock saw it.
    """

    order: Order
    document: CustomerOrder | None
    deleted: bool
    came_processed: bool

    @property
    def arranged(self) -> bool:
        """Whether the shop is through with arranging."""
        return self.order.status not in _NOT_YET | _TO_SHIP | {OrderStatus.IN_CANCEL, OrderStatus.CANCELLED}


def judge(facts: Facts, policies: Policies) -> Outcome:
    """How this order has to stand: as its statuses say, unless only one side cancelled a part of it."""
    if facts.document is not None and _nothing_left(facts.document) and facts.order.status not in _ENDS_OTHERWISE:
        return _document_cancelled(facts, facts.document, policies)
    whole = _judge_whole(facts, policies)
    if whole is not Outcome.AGREED or facts.document is None or facts.order.status is OrderStatus.CANCELLED:
        return whole
    if _agree_on_parts(facts.order, facts.document):
        return whole
    return Outcome.CONFLICT if policies.cancel_on_channel else Outcome.AGREED


def _nothing_left(document: CustomerOrder) -> bool:
    """Whether all goods were cancelled line by line; the shipping fee may have been posted all the same."""
    goods = [line for line in document.lines if not line.is_service]
    return all(line.cancelled + line.short == line.quantity for line in goods)


def _agree_on_parts(order: Order, document: CustomerOrder) -> bool:
    """Whether both cancelled the same; LS Central does not show what an open document lost of a line that goes on."""
    here, there = _cancelled_here(order), _cancelled_there(document)
    if document.posted:
        return here == there
    for line in document.lines:
        sku, lost = _sku(line), int(line.cancelled + line.short)
        if not line.is_service and line.remaining > 0 and here.get(sku, 0) < there.get(sku, 0):
            there[sku] = max(there[sku] - lost, here.get(sku, 0))
    return here == {sku: count for sku, count in there.items() if count}


def _cancelled_here(order: Order) -> dict[str, int]:
    """SKU to units that the shop's order lost."""
    units = Counter[str]()
    for line in order.lines:
        units[line.model_sku or line.item_sku] += line.cancelled
    return {sku: count for sku, count in units.items() if count}


def _cancelled_there(document: CustomerOrder) -> dict[str, int]:
    """SKU to units that LS Central cancelled, or did not find in the store."""
    units = Counter[str]()
    for line in document.lines:
        if not line.is_service:
            units[_sku(line)] += int(line.cancelled + line.short)
    return {sku: count for sku, count in units.items() if count}


def _judge_whole(facts: Facts, policies: Policies) -> Outcome:
    if facts.deleted:
        return Outcome.AGREED if facts.order.status is OrderStatus.CANCELLED else Outcome.CONFLICT
    if facts.document is None:
        return _without_document(facts, policies)
    if facts.document.posted and facts.document.cancelled:
        return _document_cancelled(facts, facts.document, policies)
    if facts.document.posted or facts.document.shipments:
        return _goods_left(facts, facts.document, policies)
    return _document_open(facts, facts.document, policies)


def _without_document(facts: Facts, policies: Policies) -> Outcome:
    status = facts.order.status
    if status is OrderStatus.CANCELLED or status in _NOT_YET:
        return Outcome.AGREED
    if status is OrderStatus.IN_CANCEL:
        return _wish(policies)
    if facts.arranged and facts.came_processed and not policies.create_fulfilled_orders:
        return Outcome.AGREED
    return Outcome.MISSING


def _document_open(facts: Facts, document: CustomerOrder, policies: Policies) -> Outcome:
    status = facts.order.status
    if status is OrderStatus.IN_CANCEL:
        return _wish(policies)
    if status is OrderStatus.CANCELLED:
        fixed = any(line.status not in ("NEW", "TOPICK", "PICKING", "SHORTAGE") for line in document.lines)
        return Outcome.CONFLICT if fixed else Outcome.MISSING
    if facts.arranged and facts.came_processed and policies.create_fulfilled_orders:
        return Outcome.MISSING
    return Outcome.AGREED


def _goods_left(facts: Facts, document: CustomerOrder, policies: Policies) -> Outcome:
    status = facts.order.status
    if status in (OrderStatus.IN_CANCEL, OrderStatus.CANCELLED):
        return Outcome.CONFLICT
    if facts.arranged and _homeless(facts, document):
        return Outcome.CONFLICT
    if facts.arranged or not policies.process_order:
        return Outcome.AGREED
    if document.posted:
        unnumbered = facts.order.packages[0].channel_id == OWN_FLEET and not _own_number(facts.order, document)
        return Outcome.CONFLICT if unnumbered else Outcome.MISSING
    if len(facts.order.packages) == 1:
        return Outcome.CONFLICT if policies.partial_posting == "conflict" else Outcome.AGREED
    homes = homes_of(facts.order, document)
    left = [p for p in facts.order.packages if p.status in (PackageStatus.READY, PackageStatus.PICKUP_RETRY)]
    return Outcome.MISSING if any(homes[p.number] for p in left) else Outcome.AGREED


def _own_number(order: Order, document: CustomerOrder) -> str:
    """The tracking number that the seller's own fleet gave, which Shopee wants when the parcel is arranged."""
    first = next(iter(homes_of(order, document)[order.packages[0].number]), "")
    return next((shipment.tracking_no for shipment in document.shipments if shipment.number == first), "")


def _document_cancelled(facts: Facts, document: CustomerOrder, policies: Policies) -> Outcome:
    if document.shipments:
        return Outcome.CONFLICT
    status = facts.order.status
    if status is OrderStatus.CANCELLED:
        return Outcome.AGREED
    if status is OrderStatus.IN_CANCEL:
        return Outcome.MISSING
    if status not in _NOT_YET | _TO_SHIP | {OrderStatus.PROCESSED}:
        return Outcome.CONFLICT
    if not policies.cancel_on_channel:
        return Outcome.AGREED
    return Outcome.MISSING if status in _CANCELLED_AT_WILL else Outcome.CONFLICT


def _wish(policies: Policies) -> Outcome:
    return Outcome.CONFLICT if policies.buyer_cancellation == "ask" else Outcome.MISSING


def homes_of(order: Order, document: CustomerOrder) -> dict[str, list[str]]:
    """Parcel to the posted shipments whose goods it holds: of a single parcel all, of several each its own."""
    rest = {shipment.number: goods for shipment in document.shipments if (goods := _posted_goods(shipment))}
    if len(order.packages) == 1:
        return {order.packages[0].number: list(rest)}
    homes: dict[str, list[str]] = {}
    for package in order.packages:
        wanted = sorted((line.model_sku or line.item_sku, line.active) for line in package.lines)
        homes[package.number] = [number for number, goods in rest.items() if goods == wanted][:1]
        for number in homes[package.number]:
            del rest[number]
    empty = [number for number, found in homes.items() if not found]
    if len(empty) == len(rest) == 1:
        homes[empty[0]] = list(rest)
    return homes


def _posted_goods(shipment: Shipment) -> list[tuple[str, int]]:
    return sorted((_sku(line), int(quantity)) for line, quantity in shipment.lines if not line.is_service)


def _sku(line: OrderLine) -> str:
    return f"{line.item_no}-{line.variant}" if line.variant else line.item_no


def lost_numbers(facts: Facts) -> list[str]:
    """Tracking numbers of parcels whose goods are posted that their shipments do not carry."""
    document = facts.document
    if document is None:
        return []
    on_shipments = {shipment.number: shipment.tracking_no for shipment in document.shipments}
    homes = homes_of(facts.order, document)
    return [
        f"{package.tracking_number} of {package.number}"
        for package in _numbered(facts.order)
        if any(on_shipments[number] != package.tracking_number for number in homes[package.number])
    ]


def _numbered(order: Order) -> list[Package]:
    return [package for package in order.packages if package.tracking_number and package.status not in _GONE]


def _homeless(facts: Facts, document: CustomerOrder) -> bool:
    """Whether all is posted, and there are parcels whose goods are in no shipment of their own."""
    homes = homes_of(facts.order, document)
    return document.posted and any(not homes[package.number] for package in _numbered(facts.order))
