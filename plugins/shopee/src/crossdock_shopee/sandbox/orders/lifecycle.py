"""What may happen to an order, and what follows from it. Every change goes through here."""

from __future__ import annotations

from crossdock_shopee.sandbox.orders.record import Order, OrderStatus, Package, PackageStatus
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
    """Put a new order into its shop; the system cancels it when nobody pays in time."""
    state.shop_of(order).orders.add(order)
    state.agenda.after(state.settings.unpaid_hours * 3600, lambda at: _cancel_unpaid(state, order, at))


def make_ready(state: State, order: Order, at: int, *, paid: bool = True) -> None:
    """Let the order be paid for (or pass the screening of cash on delivery): it can be shipped."""
    if paid:
        order.pay_time = at
    order.ship_by_date = at + order.days_to_ship * 86400
    for package in order.packages:
        _set_package(package, PackageStatus.READY, at)
    move(state, order, OrderStatus.READY_TO_SHIP, at)


def cancel(state: State, order: Order, by: str, reason: str, at: int) -> None:
    """Cancel the order at once."""
    order.cancel_by = by
    order.cancel_reason = reason
    order.status_before_cancel = None
    for line in order.lines:
        line.cancelled, line.cancel_requested = line.quantity, 0
    for package in order.packages:
        _set_package(package, _AFTER_CANCEL.get(package.status, package.status), at)
    move(state, order, OrderStatus.CANCELLED, at)


def move(state: State, order: Order, status: OrderStatus, at: int) -> None:
    """Give the order its new status."""
    order.status = status
    touch(state, order, at)


def touch(state: State, order: Order, at: int) -> None:
    """Note that something about the order changed."""
    state.shop_of(order).orders.changed(order, at)


def _set_package(package: Package, status: PackageStatus, at: int) -> None:
    package.status = status
    package.update_time = at


def _cancel_unpaid(state: State, order: Order, at: int) -> None:
    if order.status is OrderStatus.UNPAID:
        cancel(state, order, "system", "Unpaid Order", at)
