"""What may happen to a return, and what its order makes of it."""

from __future__ import annotations

from typing import Any

from crossdock_shopee.sandbox.orders.lifecycle import move, touch
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus
from crossdock_shopee.sandbox.returns.record import Return, ReturnStatus
from crossdock_shopee.sandbox.state import State

OPEN: frozenset[ReturnStatus] = frozenset({"REQUESTED", "PROCESSING", "JUDGING", "SELLER_DISPUTE"})
NEXT: dict[ReturnStatus, frozenset[ReturnStatus]] = {
    "REQUESTED": frozenset({"ACCEPTED", "PROCESSING", "JUDGING", "SELLER_DISPUTE", "CANCELLED", "CLOSED"}),
    "PROCESSING": frozenset({"ACCEPTED", "JUDGING", "SELLER_DISPUTE", "CANCELLED", "CLOSED"}),
    "JUDGING": frozenset({"ACCEPTED", "PROCESSING", "SELLER_DISPUTE", "CANCELLED", "CLOSED"}),
    "SELLER_DISPUTE": frozenset({"ACCEPTED", "JUDGING", "CANCELLED", "CLOSED"}),
    "ACCEPTED": frozenset({"CLOSED", "JUDGING"}),
    "CANCELLED": frozenset(),
    "CLOSED": frozenset(),
}


def open_return(state: State, order: Order, found: Return) -> None:
    """Let the buyer ask for a return."""
    state.returns[found.return_sn] = found
    order.return_sns.append(found.return_sn)
    for item in found.items:
        item.line.return_requested += item.units
    if found.after_completion:
        touch(state, order, found.create_time)
    else:
        move(state, order, OrderStatus.TO_RETURN, found.create_time)
    _tell(state, found, [_changed("return_status", "", found.status, found.create_time)])


def move_return(state: State, order: Order, found: Return, status: ReturnStatus, at: int) -> None:
    """Give the return its new status; the order follows when the return ends."""
    before, found.status = found.status, status
    found.update_time = at
    if status == "ACCEPTED" and not found.refunded:
        _refund(order, found)
    if status in ("CANCELLED", "CLOSED", "ACCEPTED"):
        for item in found.items:
            item.line.return_requested = max(0, item.line.return_requested - item.units)
        _end(state, order, found, at)
    touch(state, order, at)
    _tell(state, found, [_changed("return_status", before, status, at)])


def move_parcel(state: State, found: Return, logistics_status: str, tracking_number: str, at: int) -> None:
    """Note where the parcel is on its way back."""
    before, found.logistics_status = found.logistics_status, logistics_status
    found.tracking_number = tracking_number or found.tracking_number
    found.update_time = at
    _tell(state, found, [_changed("logistics_status", before, logistics_status, at)])


def _refund(order: Order, found: Return) -> None:
    """Give the buyer the money, once; the units count as returned when they come back."""
    found.refunded = True
    order.refunded += found.refund_amount
    if found.solution == 0:
        for item in found.items:
            item.line.returned += item.units


def _end(state: State, order: Order, found: Return, at: int) -> None:
    if order.status is not OrderStatus.TO_RETURN or _others_open(state, order, found):
        return
    back = found.status == "CANCELLED" and found.status_before is not OrderStatus.TO_RETURN
    order.complete_time = order.complete_time if back else at
    move(state, order, found.status_before if back else OrderStatus.COMPLETED, at)


def _others_open(state: State, order: Order, found: Return) -> bool:
    others = (state.returns[number] for number in order.return_sns if number != found.return_sn)
    return any(other.status in OPEN for other in others)


def _changed(name: str, old: str, new: str, at: int) -> dict[str, Any]:
    return {"update_field": name, "old_value": old, "new_value": new, "update_time": at}


def _tell(state: State, found: Return, changes: list[dict[str, Any]]) -> None:
    data = {"order_sn": found.order_sn, "return_sn": found.return_sn, "updated_values": changes}
    state.outbox.emit(29, found.shop_id, data)
