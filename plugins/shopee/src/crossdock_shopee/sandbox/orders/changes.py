"""What a seller changes: cancel_order, handle_buyer_cancellation, set_note."""

from __future__ import annotations

from typing import Literal

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.orders.body import can_cancel_in_part
from crossdock_shopee.sandbox.orders.lifecycle import (
    CANCELLABLE,
    cancel,
    cancel_units,
    drop_empty_parcels,
    move,
    refuse_cancel,
    touch,
)
from crossdock_shopee.sandbox.orders.queries import find_order
from crossdock_shopee.sandbox.orders.record import Line, Order, OrderStatus
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped, wrong_parameter
from crossdock_shopee.sandbox.requests import Request

Reason = Literal["OUT_OF_STOCK", "CUSTOMER_REQUEST", "UNDELIVERABLE_AREA", "COD_NOT_SUPPORTED"]
_SHOWN_REASONS: dict[Reason, str] = {
    "OUT_OF_STOCK": "Out of Stock",
    "CUSTOMER_REQUEST": "Buyer Request to Cancel",
    "UNDELIVERABLE_AREA": "Undeliverable Area",
    "COD_NOT_SUPPORTED": "COD Not Supported",
}
_SELLER_MAY_CANCEL = CANCELLABLE - {OrderStatus.IN_CANCEL}
_MAX_NOTE = 500


class ItemNamed(Request):
    """An item that is out of stock."""

    item_id: int
    model_id: int


class PartNamed(ItemNamed):
    """Units that are to be cancelled."""

    order_item_id: int | None = None
    promotion_group_id: int = 0
    model_quantity: int


class CancelRequest(Request):
    """Parameters of order.cancel_order."""

    order_sn: str
    cancel_reason: Reason
    item_list: list[ItemNamed] | None = None
    partial_cancel_item_list: list[PartNamed] | None = None


class CancellationAnswer(Request):
    """Parameters of order.handle_buyer_cancellation."""

    order_sn: str
    operation: Literal["ACCEPT", "REJECT"]


class NoteRequest(Request):
    """Parameters of order.set_note."""

    order_sn: str
    note: str


def cancel_order(call: Call, ask: CancelRequest) -> Reply:
    """Cancel an order that has not been shipped, or some units of it."""
    order = find_order(call, ask.order_sn)
    _check_reason(order, ask)
    shipped = any(package.pickup_done_time for package in order.packages)
    if order.status not in _SELLER_MAY_CANCEL or shipped:
        raise ApiError("order.error_limit", "Can not cancel this order")
    if ask.partial_cancel_item_list:
        _cancel_in_part(call, order, ask.partial_cancel_item_list)
    else:
        _cancel_whole(call, order, _SHOWN_REASONS[ask.cancel_reason])
    whole = not ask.partial_cancel_item_list
    call.state.world.oracle.record("cancel_order", order.order_sn, reason=ask.cancel_reason, whole=whole)
    return wrapped({"update_time": order.update_time})


def handle_buyer_cancellation(call: Call, ask: CancellationAnswer) -> Reply:
    """Grant or refuse what the buyer asked for."""
    order = find_order(call, ask.order_sn)
    if order.status is not OrderStatus.IN_CANCEL or order.cancel_by == "seller":
        message = "Invalid order_status.The order status should be IN_CANCEL."
        raise ApiError("order.cancel_order_invalid_status", message)
    if ask.operation == "ACCEPT":
        cancel(call.state, order, "buyer", order.buyer_cancel_reason, call.now)
    else:
        refuse_cancel(call.state, order, call.now)
    call.state.world.oracle.record("handle_buyer_cancellation", order.order_sn, operation=ask.operation)
    return wrapped({"update_time": order.update_time})


def set_note(call: Call, ask: NoteRequest) -> Reply:
    """Write the seller's note; that does not count as a change of the order."""
    order = find_order(call, ask.order_sn)
    if len(ask.note) > _MAX_NOTE:
        raise wrong_parameter(f"note must be a maximum of {_MAX_NOTE} in length.")
    order.note = ask.note
    order.note_update_time = call.now
    order.rendered.clear()
    call.state.world.oracle.record("set_note", order.order_sn)
    return {}


def _check_reason(order: Order, ask: CancelRequest) -> None:
    if ask.cancel_reason == "OUT_OF_STOCK" and not ask.item_list and not ask.partial_cancel_item_list:
        raise wrong_parameter("item_list is required when cancel_reason is OUT_OF_STOCK.")
    if ask.cancel_reason == "UNDELIVERABLE_AREA" and order.region.code not in ("TW", "MY"):
        raise wrong_parameter("cancel_reason UNDELIVERABLE_AREA is not supported in this region.")
    for named in ask.item_list or []:
        if not any((line.item_id, line.model_id) == (named.item_id, named.model_id) for line in order.lines):
            raise wrong_parameter("item_list has an item that is not in the order.")


def _cancel_whole(call: Call, order: Order, reason: str) -> None:
    delay = call.state.settings.seller_cancel_seconds
    if not delay:
        cancel(call.state, order, "seller", reason, call.now)
        return
    order.cancel_by, order.cancel_reason = "seller", reason
    move(call.state, order, OrderStatus.IN_CANCEL, call.now)
    call.state.agenda.after(delay, lambda at: cancel(call.state, order, "seller", reason, at))


def _cancel_in_part(call: Call, order: Order, parts: list[PartNamed]) -> None:
    if not can_cancel_in_part(order):
        raise ApiError("order.error_limit", "Can not cancel this order")
    named = [(_line(order, part), part.model_quantity) for part in parts]
    if any(not 1 <= units <= line.active for line, units in named):
        raise wrong_parameter("model_quantity is more than the order has or less than 1.")
    if sum(units for _line, units in named) >= sum(line.active for line in order.lines):
        raise wrong_parameter("partial_cancel_item_list must leave something of the order.")
    for line, units in named:
        cancel_units(call.state, order, line, units)
    drop_empty_parcels(order)
    touch(call.state, order, call.now)


def _line(order: Order, part: PartNamed) -> Line:
    for line in order.lines:
        same_item = (line.item_id, line.model_id) == (part.item_id, part.model_id)
        same_place = part.order_item_id in (None, line.order_item_id)
        if same_item and same_place and line.promotion_group_id == part.promotion_group_id:
            return line
    raise wrong_parameter("partial_cancel_item_list has an item that is not in the order.")


ENDPOINTS = (
    Endpoint("POST", "order/cancel_order", CancelRequest, cancel_order),
    Endpoint("POST", "order/handle_buyer_cancellation", CancellationAnswer, handle_buyer_cancellation),
    Endpoint("POST", "order/set_note", NoteRequest, set_note),
)
