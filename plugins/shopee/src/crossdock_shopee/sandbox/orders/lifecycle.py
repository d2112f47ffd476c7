"""What may happen to an order, and what follows from it. Every change goes through here."""

from __future__ import annotations

from crossdock_shopee.sandbox.orders.record import Line, Order, OrderStatus, Package, PackageStatus
from crossdock_shopee.sandbox.state import State

CANCELLABLE = frozenset(
    {
        OrderStatus.UNPAID,
        OrderStatus.PENDING,
        OrderStatus.READY_TO_SHIP,
        OrderStatus.PROCESSED,
        OrderStatus.RETRY_SHIP,
        OrderStatus.IN_CANCEL,
    }
)
_AFTER_CANCEL = {
    PackageStatus.NOT_START: PackageStatus.INVALID,
    PackageStatus.READY: PackageStatus.INVALID,
    PackageStatus.REQUEST_CREATED: PackageStatus.REQUEST_CANCELED,
    PackageStatus.PICKUP_RETRY: PackageStatus.REQUEST_CANCELED,
}


def place(state: State, order: Order) -> None:
    """Put a new order into its shop; it takes stock, and the system cancels it when nobody pays in time."""
    shop = state.shop_of(order)
    shop.orders.add(order)
    if state.settings.stock_after_sale:
        for line in order.lines:
            shop.catalogue.take(line.item_id, line.model_id, line.quantity)
    _tell(state, order)
    state.agenda.after(state.settings.unpaid_hours * 3600, lambda at: _cancel_unpaid(state, order, at))


def make_ready(state: State, order: Order, at: int, *, paid: bool = True) -> None:
    """Let the order be paid for (or pass the screening of cash on delivery): it can be shipped."""
    if paid:
        order.pay_time = at
    order.ship_by_date = at + order.days_to_ship * 86400
    for package in order.packages:
        set_package(state, order, package, PackageStatus.READY, at)
    move(state, order, OrderStatus.READY_TO_SHIP, at)


def request_cancel(state: State, order: Order, reason: str, at: int) -> None:
    """Let the buyer ask for a cancellation; the seller has some days to answer, then it is granted."""
    order.status_before_cancel = order.status
    order.buyer_cancel_reason = reason
    for line in order.lines:
        line.cancel_requested = line.active
    move(state, order, OrderStatus.IN_CANCEL, at)
    hours = state.settings.cancel_answer_hours
    state.agenda.after(hours * 3600, lambda when: _grant_cancel(state, order, at, when))


def refuse_cancel(state: State, order: Order, at: int) -> None:
    """Let the order go on as if the buyer had not asked."""
    for line in order.lines:
        line.cancel_requested = 0
    order.buyer_cancel_reason = ""
    status, order.status_before_cancel = order.status_before_cancel, None
    move(state, order, status or OrderStatus.READY_TO_SHIP, at)


def cancel(state: State, order: Order, by: str, reason: str, at: int) -> None:
    """Cancel the order at once."""
    order.cancel_by = by
    order.cancel_reason = reason
    order.status_before_cancel = None
    for line in order.lines:
        cancel_units(state, order, line, line.active)
        line.cancel_requested = 0
    for package in order.packages:
        set_package(state, order, package, _AFTER_CANCEL.get(package.status, package.status), at)
    move(state, order, OrderStatus.CANCELLED, at)


def cancel_units(state: State, order: Order, line: Line, units: int) -> None:
    """Take some units of a line out of the order; they are for sale again."""
    line.cancelled += units
    if state.settings.stock_after_sale:
        state.shop_of(order).catalogue.take(line.item_id, line.model_id, -units)


def drop_empty_parcels(order: Order) -> None:
    """Take lines of which nothing is left out of their parcels, and parcels that hold nothing out of the order."""
    for package in order.packages:
        package.lines = [line for line in package.lines if line.active]
    order.packages = [package for package in order.packages if package.lines]


def move(state: State, order: Order, status: OrderStatus, at: int) -> None:
    """Give the order its new status."""
    order.status = status
    touch(state, order, at)
    _tell(state, order)


def touch(state: State, order: Order, at: int) -> None:
    """Note that something about the order changed."""
    state.shop_of(order).orders.changed(order, at)


def set_package(state: State, order: Order, package: Package, status: PackageStatus, at: int) -> None:
    """Give a parcel its new status."""
    if package.status is status:
        return
    package.status = status
    package.update_time = at
    order.rendered.clear()
    data = {
        "ordersn": order.order_sn,
        "package_number": package.number,
        "fulfillment_status": status,
        "update_time": at,
    }
    state.outbox.emit(30, order.shop_id, data)


def _tell(state: State, order: Order) -> None:
    data = {
        "items": [],
        "ordersn": order.order_sn,
        "status": order.status,
        "completed_scenario": "NORMAL" if order.status is OrderStatus.COMPLETED else "",
        "update_time": order.update_time,
    }
    state.outbox.emit(3, order.shop_id, data)


def _cancel_unpaid(state: State, order: Order, at: int) -> None:
    if order.status is OrderStatus.UNPAID:
        cancel(state, order, "system", "Unpaid Order", at)


def _grant_cancel(state: State, order: Order, asked_at: int, at: int) -> None:
    if order.status is OrderStatus.IN_CANCEL and order.update_time <= asked_at:
        cancel(state, order, "buyer", order.buyer_cancel_reason, at)
