"""One order in several parcels, and back: split_order and unsplit_order."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.orders.body import package_items
from crossdock_shopee.sandbox.orders.creation import new_package
from crossdock_shopee.sandbox.orders.lifecycle import set_package, touch
from crossdock_shopee.sandbox.orders.queries import find_order
from crossdock_shopee.sandbox.orders.record import Line, Order, OrderStatus, Package, PackageStatus
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Request
from crossdock_shopee.sandbox.state import State

MAX_PACKAGES = {"TW": 30}
USUAL_MAX_PACKAGES = 5


class SplitItem(Request):
    """One item of a parcel; order item and promotion group must be those of the order."""

    item_id: int
    model_id: int
    order_item_id: int | None = None
    promotion_group_id: int = 0
    model_quantity: int | None = None


class SplitPackage(Request):
    """One parcel."""

    item_list: list[SplitItem] = Field(min_length=1)


class SplitRequest(Request):
    """Parameters of order.split_order."""

    order_sn: str
    package_list: list[SplitPackage]


class UnsplitRequest(Request):
    """Parameters of order.unsplit_order."""

    order_sn: str


def split_order(call: Call, ask: SplitRequest) -> Reply:
    """Divide the order into parcels; every item goes into exactly one of them, whole."""
    order = find_order(call, ask.order_sn)
    if not call.state.settings.split_allowed:
        message = "You don’t have the permission to split order."  # noqa: RUF001 - as Shopee writes it
        raise ApiError("order.order_cannot_split", message)
    _check_splittable(order, len(ask.package_list))
    parts = [[_line(order, item) for item in package.item_list] for package in ask.package_list]
    _check_parts(order, parts)
    divide(call.state, order, parts, call.now)
    call.state.world.oracle.record("split_order", order.order_sn, packages=len(parts))
    rows = [_row(package) for package in order.packages]
    return wrapped({"order_sn": order.order_sn, "package_list": rows})


def unsplit_order(call: Call, ask: UnsplitRequest) -> Reply:
    """Put everything into one parcel again."""
    order = find_order(call, ask.order_sn)
    if not order.split_up or not _untouched(order):
        raise ApiError("order.order_cannot_undo_split", "Cannot undo split this order.")
    divide(call.state, order, [order.lines], call.now)
    call.state.world.oracle.record("unsplit_order", order.order_sn)
    return {}


def divide(state: State, order: Order, parts: list[list[Line]], at: int) -> None:
    """Replace the order's parcels by new ones that hold `parts`."""
    first = order.packages[0]
    order.packages = [new_package(state, lines, first.channel_id, first.carrier, at) for lines in parts]
    order.split_up = len(parts) > 1
    for package in order.packages:
        set_package(state, order, package, PackageStatus.READY, at)
    touch(state, order, at)


def _untouched(order: Order) -> bool:
    arranged = any(package.arranged_at is not None for package in order.packages)
    return order.status is OrderStatus.READY_TO_SHIP and not arranged


def _check_splittable(order: Order, packages: int) -> None:
    if order.split_up:
        raise ApiError("order.order_has_been_split", "This order has already been split.")
    if not _untouched(order) or packages < 2:
        raise ApiError("order.order_split_failed", "Split order failed, please try again.")
    if packages > MAX_PACKAGES.get(order.region.code, USUAL_MAX_PACKAGES):
        raise ApiError("error_param", "The size of package list is over limit.")


def _line(order: Order, item: SplitItem) -> Line:
    for line in order.lines:
        same_item = (line.item_id, line.model_id) == (item.item_id, item.model_id)
        same_place = item.order_item_id in (None, line.order_item_id)
        if same_item and same_place and line.promotion_group_id == item.promotion_group_id:
            if item.model_quantity not in (None, line.active):
                message = "Cannot split order with wrong model quantity"
                raise ApiError("order.order_split_wrong_item_quantity", message)
            return line
    raise ApiError("order.order_split_item_not_exist", "Cannot split order with invalid items.")


def _check_parts(order: Order, parts: list[list[Line]]) -> None:
    used = Counter(line.line_item_id for lines in parts for line in lines)
    if max(used.values()) > 1:
        raise ApiError("order.order_split_duplicate_item", "Cannot split order with duplicate items.")
    if set(used) != {line.line_item_id for line in order.lines if line.active}:
        raise ApiError("order.order_split_package_missing_item", "Cannot split order with missing items.")
    groups = [{line.promotion_group_id for line in lines} - {0} for lines in parts]
    if sum(len(group) for group in groups) > len(set().union(*groups)):
        message = "Cannot split order with items in one bundle-deal or add-on deal into different packages."
        raise ApiError("order.order_split_wrong_item_position", message)


def _row(package: Package) -> dict[str, Any]:
    keys = ("item_id", "model_id", "order_item_id", "promotion_group_id", "model_quantity")
    items = [{key: item[key] for key in keys} for item in package_items(package)]
    return {"package_number": package.number, "item_list": items}


ENDPOINTS = (
    Endpoint("POST", "order/split_order", SplitRequest, split_order),
    Endpoint("POST", "order/unsplit_order", UnsplitRequest, unsplit_order),
)
