"""Arranging many shipments of one channel: get_mass_shipping_parameter and mass_ship_order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.logistics.arrangements import DropoffRequest, PickupRequest, ShipRequest
from crossdock_shopee.sandbox.logistics.channels import CHANNELS, branches, pickup_addresses
from crossdock_shopee.sandbox.logistics.shipping import check_ready, ship_package
from crossdock_shopee.sandbox.orders.record import Order, Package
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Request


class NamedPackage(Request):
    """One package."""

    package_number: str


class MassRequest(Request):
    """Packages of one channel and one location; without a channel it is that of the first package."""

    logistics_channel_id: int | None = None
    product_location_id: str | None = None
    package_list: list[NamedPackage] = Field(min_length=1, max_length=50)


class OwnNumber(NamedPackage):
    """The seller's own tracking number of a package."""

    tracking_number: str = ""


class OwnNumbers(Request):
    """The seller's own tracking numbers."""

    tracking_number: list[OwnNumber] = Field(default_factory=list)


class MassShipRequest(MassRequest):
    """Parameters of logistics.mass_ship_order: one way for all."""

    pickup: PickupRequest | None = None
    dropoff: DropoffRequest | None = None
    non_integrated: OwnNumbers | None = None

    def of(self, number: str) -> ShipRequest:
        """The same as for a single package."""
        own = None
        if self.non_integrated is not None:
            texts = {row.package_number: row.tracking_number for row in self.non_integrated.tracking_number}
            own = {"tracking_number": texts.get(number, "")}
        parts = {"pickup": self.pickup, "dropoff": self.dropoff}
        return ShipRequest.model_validate({**parts, "non_integrated": own})


def get_mass_shipping_parameter(call: Call, ask: MassRequest) -> Reply:
    """In which ways the packages can be shipped, and which of them can be."""
    rows, ready = _sorted_out(call, ask, lambda _order, _package: None)
    body: dict[str, Any] = {"info_needed": {}, "dropoff": None, "pickup": None}
    if ready:
        channel, region = CHANNELS[ready[0].channel_id], call.shop.region.code
        body["info_needed"] = {mode: list(names) for mode, names in channel.modes.items()}
        if "branch_id" in channel.modes.get("dropoff", ()):
            body["dropoff"] = {"branch_list": branches(region)}
        if "pickup" in channel.modes:
            body["pickup"] = {"address_list": pickup_addresses(channel, region, call.now)}
    return wrapped({**body, **rows})


def mass_ship_order(call: Call, ask: MassShipRequest) -> Reply:
    """Arrange up to fifty shipments; each fails alone."""

    def ship(order: Order, package: Package) -> None:
        ship_package(call, order, package, ask.of(package.number))

    rows, _ready = _sorted_out(call, ask, ship)
    return wrapped(rows)


def _sorted_out(
    call: Call, ask: MassRequest, act: Callable[[Order, Package], None]
) -> tuple[dict[str, list[dict[str, str]]], list[Package]]:
    """Which packages could be acted upon, and why the others could not."""
    numbers = [row.package_number for row in ask.package_list]
    if len(set(numbers)) < len(numbers):
        raise ApiError("logistics.error_param", "Duplicate package number")
    success: list[Package] = []
    fail: list[dict[str, str]] = []
    for number in numbers:
        try:
            order, package = _fitting(call, ask, number, success)
            act(order, package)
        except ApiError as error:
            fail.append({"package_number": number, "fail_reason": error.message})
        else:
            success.append(package)
    rows = [{"package_number": package.number} for package in success]
    return {"success_list": rows, "fail_list": fail}, success


def _fitting(call: Call, ask: MassRequest, number: str, before: list[Package]) -> tuple[Order, Package]:
    found = call.shop.orders.package(number)
    if found is None:
        raise ApiError("logistics.package_not_exist", "The package is not exist.")
    order, package = found
    channel_id = ask.logistics_channel_id or (before[0].channel_id if before else package.channel_id)
    if package.channel_id != channel_id:
        raise ApiError("error_param", "Package is not under the specified fulfilment channel")
    if ask.product_location_id not in (None, package.lines[0].location_id):
        raise ApiError("logistics.error_param", "Package is not under the specified warehouse")
    check_ready(order, package)
    return order, package


ENDPOINTS = (
    Endpoint("POST", "logistics/get_mass_shipping_parameter", MassRequest, get_mass_shipping_parameter),
    Endpoint("POST", "logistics/mass_ship_order", MassShipRequest, mass_ship_order),
)
