"""Arranging a shipment: get_shipping_parameter, ship_order, batch_ship_order, update_shipping_order."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.logistics.arrangements import PickupRequest, ShipRequest, plan_pickup, plan_shipment
from crossdock_shopee.sandbox.logistics.channels import CHANNELS, branches, pickup_addresses
from crossdock_shopee.sandbox.logistics.parcels import arrange
from crossdock_shopee.sandbox.logistics.rows import Batch, check_batch, refusable
from crossdock_shopee.sandbox.orders.queries import find_order
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus, Package, PackageStatus
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Request


class PackageQuestion(Request):
    """An order, and a package of it if it is split."""

    order_sn: str
    package_number: str | None = None


class ShipOrderRequest(ShipRequest):
    """Parameters of logistics.ship_order."""

    order_sn: str
    package_number: str | None = None


class BatchShipRequest(ShipRequest):
    """Parameters of logistics.batch_ship_order: one way for all."""

    order_list: list[PackageQuestion] = Field(min_length=1)


class UpdateShippingRequest(Request):
    """Parameters of logistics.update_shipping_order."""

    order_sn: str
    package_number: str | None = None
    pickup: PickupRequest


def get_shipping_parameter(call: Call, ask: PackageQuestion) -> Reply:
    """In which ways the parcel can be shipped, and what each of them needs."""
    order = find_order(call, ask.order_sn)
    package = split_package(order, ask.package_number)
    if order.status is OrderStatus.CANCELLED:
        raise ApiError("error_status", "The order has been cancelled.")
    waiting = package.status is PackageStatus.READY and package.arranged_at is None
    if order.status is OrderStatus.IN_CANCEL or not (waiting or package.status is PackageStatus.PICKUP_RETRY):
        message = "Shipping parameters can only be obtained when package is ready to be shipped"
        raise ApiError("error_param", message)
    channel = CHANNELS[package.channel_id]
    region = order.region.code
    needed = {mode: list(names) for mode, names in channel.modes.items()}
    body: dict[str, Any] = {"info_needed": needed, "dropoff": None, "pickup": None}
    if "branch_id" in channel.modes.get("dropoff", ()):
        body["dropoff"] = {"branch_list": branches(region), "slug_list": None}
    if "pickup" in channel.modes:
        body["pickup"] = {"address_list": pickup_addresses(channel, region, call.now)}
    return wrapped(body)


def ship_order(call: Call, ask: ShipOrderRequest) -> Reply:
    """Arrange one shipment; the answer says nothing but that it was accepted."""
    _ship(call, ask.order_sn, ask.package_number, ask)
    return {}


def batch_ship_order(call: Call, ask: BatchShipRequest) -> Reply:
    """Arrange up to fifty shipments in the same way; each fails alone."""
    check_batch(ask.order_list)
    batch = Batch()
    for row in ask.order_list:
        with refusable(batch, row.order_sn, row.package_number) as done:
            _ship(call, row.order_sn, row.package_number, ask)
            done()
    return batch.reply()


def update_shipping_order(call: Call, ask: UpdateShippingRequest) -> Reply:
    """Choose another pickup after the carrier came in vain."""
    order = find_order(call, ask.order_sn)
    package = split_package(order, ask.package_number)
    if order.status is not OrderStatus.RETRY_SHIP or package.status is not PackageStatus.PICKUP_RETRY:
        raise ApiError("logistics.order_not_ready_to_update", "The order status is not ready to update.")
    plan = plan_pickup(CHANNELS[package.channel_id], ask.pickup, call.now)
    if package.pickup == (plan.address_id, plan.pickup_time_id):
        message = "You can’t update shipping with all the same parameters."  # noqa: RUF001 - as Shopee writes it
        raise ApiError("logistics.update_shipping_order_no_param_change", message)
    arrange(call.state, order, package, plan, call.now)
    call.state.world.oracle.record("update_shipping_order", package.number, order_sn=order.order_sn)
    return {}


def split_package(order: Order, number: str | None, *, missing: str = "logistics.package_number_not_exist") -> Package:
    """The package that is meant: a split order's must be named, and it must be one of its own.

    Raises:
        ApiError: it is not named, or the order has no such package.
    """
    if number is None:
        if order.split_up:
            raise ApiError(missing, "Please request with package_number for this split order.")
        return order.packages[0]
    for package in order.packages:
        if package.number == number:
            return package
    raise ApiError("logistics.package_not_exist", "The package is not exist.")


def _ship(call: Call, order_sn: str, package_number: str | None, ask: ShipRequest) -> None:
    order = find_order(call, order_sn)
    if package_number is not None and not order.split_up:
        message = "Please don’t request with package_number for this unsplit order."  # noqa: RUF001 - as Shopee writes it
        raise ApiError("logistics.ship_order_not_need_pacakge_number", message)
    package = split_package(order, package_number, missing="logistics.ship_order_need_pacakge_number")
    ship_package(call, order, package, ask)


def ship_package(call: Call, order: Order, package: Package, ask: ShipRequest) -> None:
    """Arrange one parcel's shipment.

    Raises:
        ApiError: not exactly one way is named, the parcel is not ready, or the channel does not take it so.
    """
    given = [way for way in (ask.pickup, ask.dropoff, ask.non_integrated) if way is not None]
    if len(given) != 1:
        message = "Please select just one way to ship order: pickup or dropoff or non_integrated."
        raise ApiError("logistics.ship_order_only_support_one_type", message)
    check_ready(order, package)
    plan = plan_shipment(CHANNELS[package.channel_id], ask, call.now)
    arrange(call.state, order, package, plan, call.now)
    facts = {"package_number": package.number, "mode": plan.mode}
    call.state.world.oracle.record("ship_order", order.order_sn, **facts)


def check_ready(order: Order, package: Package) -> None:
    """Refuse what cannot be shipped now.

    Raises:
        ApiError: an invoice is missing, the shipment is arranged already, or the order is not ready.
    """
    if order.invoice_pending:
        raise ApiError("logistics.lack_of_invoice_data", "Pending invoice data, can not arrange shipment.")
    arranged = package.arranged_at is not None and order.status is not OrderStatus.CANCELLED
    if arranged and package.status in (PackageStatus.READY, PackageStatus.REQUEST_CREATED):
        message = "This package has already been arranged shipment and you can't call this API again."
        raise ApiError("logistics.package_already_shipped", message)
    if order.status is not OrderStatus.READY_TO_SHIP or package.status is not PackageStatus.READY:
        raise ApiError("logistics.ship_order_not_ready_to_ship", "The order is not ready to ship.")


ENDPOINTS = (
    Endpoint("GET", "logistics/get_shipping_parameter", PackageQuestion, get_shipping_parameter),
    Endpoint("POST", "logistics/ship_order", ShipOrderRequest, ship_order),
    Endpoint("POST", "logistics/batch_ship_order", BatchShipRequest, batch_ship_order),
    Endpoint("POST", "logistics/update_shipping_order", UpdateShippingRequest, update_shipping_order),
)
