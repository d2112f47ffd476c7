"""What people do with the goods of an order: pick, make ready, put back."""

from __future__ import annotations

from collections.abc import Mapping

from crossdock.sandbox import OperatorError
from crossdock_anchanto_oms.sandbox import stock
from crossdock_anchanto_oms.sandbox.bodies import MoveBody
from crossdock_anchanto_oms.sandbox.moves import move
from crossdock_anchanto_oms.sandbox.records import Order, OrderLine
from crossdock_anchanto_oms.sandbox.seller import Seller

PICKABLE = frozenset({"NEW", "RFP", "PARTIAL", "PACKED", "READY_TO_SHIP"})


def pick(seller: Seller, order: Order, wanted: Mapping[str, int] | None) -> None:
    """Take goods off the shelf; `wanted` is pieces by line reference, None is everything.

    With Anchanto WMS the fully picked order becomes Ready to Ship by itself; a part of it is ``PARTIAL``.
    """
    _check_pickable(order)
    for reference, quantity in (wanted or {}).items():
        line = line_of(order, reference)
        if line.picked + quantity > line.sent.quantity:
            raise OperatorError(f"line {reference}: {line.picked} of {line.sent.quantity} are picked already")
    for line in order.lines:
        left = line.sent.quantity - line.picked
        line.picked += left if wanted is None else wanted.get(line.sent.line_reference, 0)
    seller.world.oracle.record("pick_order", order.order_id, complete=_picked(order))
    if _picked(order) and seller.settings.wms and order.ready_at is None:
        move(seller, order, MoveBody(to="READY_TO_SHIP"), by_person=True)
    elif not _picked(order) and order.state in ("NEW", "RFP"):
        move(seller, order, MoveBody(to="PARTIAL"), by_person=True)
    else:
        seller.touch(order)


def make_ready(seller: Seller, order: Order) -> None:
    """A person marks the order Ready to Ship; only without WMS, only with everything picked."""
    if seller.settings.wms:
        raise OperatorError("Anchanto WMS makes orders Ready to Ship when they are picked; nobody does it by hand")
    _pick_unless_begun(order)
    move(seller, order, MoveBody(to="READY_TO_SHIP"), by_person=True)


def pack(seller: Seller, order: Order) -> None:
    """Put the goods into the parcel: before Ready to Ship without WMS, after it with WMS."""
    if seller.settings.wms and order.ready_at is None:
        raise OperatorError("with Anchanto WMS an order is picked, then Ready to Ship, then packed")
    _pick_unless_begun(order)
    move(seller, order, MoveBody(to="PACKED"), by_person=True)


def dispatch(seller: Seller, order: Order) -> None:
    """The carrier takes the parcel."""
    if order.sent.logistics_mode == "oms_carrier" and order.shipment is None:
        raise OperatorError(f"order {order.order_id} has no label yet; its carrier has not answered")
    move(seller, order, MoveBody(to="IN_TRANSIT"), by_person=True)


def put_away(seller: Seller, order: Order, damaged: Mapping[str, int]) -> None:
    """Goods of a cancelled or undeliverable order go back on the shelf.

    A cancellation then ends by itself; a seller's cancellation waits for the channel, which can no longer refuse.

    Args:
        seller: the account.
        order: it must be in a cancellation or a failed delivery, with something to put back.
        damaged: pieces by line reference; the others are sellable.
    """
    targets = {
        "CANCEL_IN_PROCESS": "CANCEL",
        "FAILED_DELIVERY_INITIATED": "FAILED_DELIVERY_PUTAWAY",
        "CANCEL_BY_SELLER_IN_PROCESS": None,
    }
    if order.state not in targets or not (order.goods_moved() or order.state == "FAILED_DELIVERY_INITIATED"):
        raise OperatorError(f"order {order.order_id} is {order.state} and has nothing to put away")
    for reference, quantity in damaged.items():
        if quantity > _outside(order, line_of(order, reference)):
            raise OperatorError(f"line {reference}: more damaged than came back")
    _shelve(seller, order, damaged)
    target = targets[order.state]
    if target is None:
        order.previous_state = None
        seller.touch(order)
    else:
        move(seller, order, MoveBody(to=target), by_person=True)


def line_of(order: Order, reference: str) -> OrderLine:
    """The line with that reference."""
    for line in order.lines:
        if line.sent.line_reference == reference:
            return line
    raise OperatorError(f"order {order.order_id} has no line {reference!r}", missing=True)


def _shelve(seller: Seller, order: Order, damaged: Mapping[str, int]) -> None:
    taken, order.away = order.away, False
    stock.release(seller, order)
    for line in order.lines:
        outside = line.sent.quantity if taken else line.picked
        broken = damaged.get(line.sent.line_reference, 0)
        for isku, total in line.components.items() if not order.sent.historical else ():
            each = total // line.sent.quantity
            sellable = (outside - broken) * each if taken else -broken * each
            stock.put_back(seller, isku, order.warehouse_code, sellable=sellable, damaged=broken * each)
        line.picked = 0
    seller.world.oracle.record("put_away", order.order_id, damaged=dict(damaged))


def _outside(order: Order, line: OrderLine) -> int:
    return line.sent.quantity if order.away else line.picked


def _check_pickable(order: Order) -> None:
    if order.hold is not None:
        raise OperatorError(f"order {order.order_id} is on hold: {order.hold}")
    if order.blocked():
        raise OperatorError(f"order {order.order_id} has problems: {[problem.code for problem in order.problems]}")
    if order.state not in PICKABLE:
        raise OperatorError(f"order {order.order_id} is {order.state}; only {sorted(PICKABLE)} are picked")


def _picked(order: Order) -> bool:
    return all(line.picked == line.sent.quantity for line in order.lines)


def _pick_unless_begun(order: Order) -> None:
    """Without WMS nobody records picks; where someone began to, all must be picked."""
    _check_pickable(order)
    if not any(line.picked for line in order.lines):
        for line in order.lines:
            line.picked = line.sent.quantity
    elif not _picked(order):
        raise OperatorError(f"order {order.order_id} is picked in part only")
