"""What happens to a parcel between the seller's desk and the buyer's door."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from crossdock_shopee.sandbox.logistics.channels import Mode
from crossdock_shopee.sandbox.orders.lifecycle import cancel, move, set_package, touch
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus, Package, PackageStatus, TrackingEvent
from crossdock_shopee.sandbox.state import State

Failure = Literal["lost", "failed_delivery", "cod_rejected"]

_FAILURES: dict[Failure, tuple[PackageStatus, str, str]] = {
    "lost": (PackageStatus.LOST, "LOST", "Lost Parcel"),
    "failed_delivery": (PackageStatus.DELIVERY_FAILED, "FAILED_DELIVERED", "Failed Delivery"),
    "cod_rejected": (PackageStatus.COD_REJECTED, "FAILED_DELIVERED", "COD Rejected"),
}
_GONE = {PackageStatus.INVALID, PackageStatus.REQUEST_CANCELED}


@dataclass(frozen=True)
class Arrangement:
    """How a shipment is arranged; `tracking_number` is the seller's own, if the channel takes one."""

    mode: Mode
    address_id: int | None = None
    pickup_time_id: str = ""
    tracking_number: str = ""


def arrange(state: State, order: Order, package: Package, plan: Arrangement, at: int) -> None:
    """Arrange the shipment. The carrier answers a little later, its tracking number comes later still."""
    package.arranged_at = at
    package.arranged_by = plan.mode
    package.pickup = (plan.address_id, plan.pickup_time_id)
    package.arrangements += 1
    order.rendered.clear()
    if plan.mode == "non_integrated":
        package.tracking_number = plan.tracking_number
        pick_up(state, order, package, at)
        return
    turn = package.arrangements
    settings = state.settings
    state.agenda.after(settings.arrange_seconds, lambda when: _accept(state, order, package, turn, when))
    delay = max(settings.tracking_seconds, settings.arrange_seconds)
    number = plan.tracking_number or package.tracking_number or _new_tracking_number(state, order)
    state.agenda.after(delay, lambda when: _issue_number(state, order, package, number, when))


def pick_up(state: State, order: Order, package: Package, at: int) -> None:
    """Let the carrier take the parcel."""
    package.pickup_done_time = order.pickup_done_time = at
    package.history.append(TrackingEvent(at, "PICKED_UP", "Parcel has been picked up"))
    set_package(state, order, package, PackageStatus.PICKUP_DONE, at)
    _follow(state, order, PackageStatus.PICKUP_DONE, OrderStatus.SHIPPED, at)


def miss_pickup(state: State, order: Order, package: Package, at: int) -> None:
    """Let the carrier come in vain: the shipment must be arranged again."""
    package.history.append(TrackingEvent(at, "PICKUP_RETRY", "Pickup failed"))
    set_package(state, order, package, PackageStatus.PICKUP_RETRY, at)
    move(state, order, OrderStatus.RETRY_SHIP, at)


def deliver(state: State, order: Order, package: Package, at: int) -> None:
    """Let the parcel arrive; some days later the order is completed."""
    package.history.append(TrackingEvent(at, "DELIVERED", "Parcel has been delivered"))
    set_package(state, order, package, PackageStatus.DELIVERY_DONE, at)
    _follow(state, order, PackageStatus.DELIVERY_DONE, OrderStatus.TO_CONFIRM_RECEIVE, at)
    state.agenda.after(state.settings.complete_hours * 3600, lambda when: _complete_unless_moved(state, order, when))


def fail(state: State, order: Order, package: Package, failure: Failure, at: int) -> None:
    """Let the delivery fail for good: Shopee cancels the order."""
    status, event, reason = _FAILURES[failure]
    package.history.append(TrackingEvent(at, event, reason))
    set_package(state, order, package, status, at)
    cancel(state, order, "system", reason, at)


def complete(state: State, order: Order, at: int) -> None:
    """End the order: the carrier's fee is known from here on."""
    checkout = order.checkout
    order.complete_time = at
    integrated = all(package.arranged_by != "non_integrated" for package in order.packages)
    order.actual_shipping_fee = checkout.shipping_fee + checkout.shipping_rebate if integrated else Decimal(0)
    move(state, order, OrderStatus.COMPLETED, at)


def _accept(state: State, order: Order, package: Package, turn: int, at: int) -> None:
    """The carrier took the request, unless the order was cancelled or arranged anew meanwhile."""
    if turn != package.arrangements or package.status not in (PackageStatus.READY, PackageStatus.PICKUP_RETRY):
        return
    package.history.append(TrackingEvent(at, "ORDER_CREATED", "Shipment has been arranged"))
    set_package(state, order, package, PackageStatus.REQUEST_CREATED, at)
    _follow(state, order, PackageStatus.REQUEST_CREATED, OrderStatus.PROCESSED, at)


def _issue_number(state: State, order: Order, package: Package, number: str, at: int) -> None:
    if package.tracking_number or package.status in _GONE:
        return
    package.tracking_number = number
    if state.settings.tracking_touches_order:
        touch(state, order, at)
    data = {
        "ordersn": order.order_sn,
        "forder_id": package.number.removeprefix("OFG"),
        "package_number": package.number,
        "tracking_no": number,
    }
    state.outbox.emit(4, order.shop_id, data)


def _follow(state: State, order: Order, package_status: PackageStatus, status: OrderStatus, at: int) -> None:
    """The order follows when its last parcel got there; while a cancellation is asked for it keeps that status."""
    if not all(_reached(package, package_status) for package in order.packages):
        touch(state, order, at)
    elif order.status is OrderStatus.IN_CANCEL:
        order.status_before_cancel = status
        touch(state, order, at)
    elif order.status is not OrderStatus.CANCELLED:
        move(state, order, status, at)


def _reached(package: Package, status: PackageStatus) -> bool:
    way = [PackageStatus.REQUEST_CREATED, PackageStatus.PICKUP_DONE, PackageStatus.DELIVERY_DONE]
    return package.status in way[way.index(status) :]


def _complete_unless_moved(state: State, order: Order, at: int) -> None:
    if order.status is OrderStatus.TO_CONFIRM_RECEIVE:
        complete(state, order, at)


def _new_tracking_number(state: State, order: Order) -> str:
    return f"{order.region.code}{state.numbers.serial()}"
