"""Tracking: the carrier's number, which comes late, and what it reported."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.logistics.shipping import PackageQuestion, split_package
from crossdock_shopee.sandbox.orders.record import Order, Package
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Listed, Request

_OPTIONAL = ("plp_number", "first_mile_tracking_number", "last_mile_tracking_number")


class TrackingRequest(PackageQuestion):
    """Parameters of logistics.get_tracking_number."""

    response_optional_fields: Annotated[list[str], Listed] = Field(default_factory=list)


class NamedPackage(Request):
    """One package."""

    package_number: str


class MassTrackingRequest(Request):
    """Parameters of logistics.get_mass_tracking_number."""

    package_list: list[NamedPackage] = Field(min_length=1, max_length=50)
    response_optional_fields: str = ""


def get_tracking_number(call: Call, ask: TrackingRequest) -> Reply:
    """The tracking number; empty until the carrier issued it."""
    order = _order(call, ask.order_sn)
    package = split_package(order, ask.package_number)
    wanted = {name: "" for name in _OPTIONAL if name in ask.response_optional_fields}
    return wrapped({"tracking_number": package.tracking_number, **wanted, "hint": ""})


def get_mass_tracking_number(call: Call, ask: MassTrackingRequest) -> Reply:
    """The tracking numbers of up to fifty packages."""
    success: list[dict[str, Any]] = []
    fail: list[dict[str, Any]] = []
    numbers = [row.package_number for row in ask.package_list]
    if len(set(numbers)) < len(numbers):
        raise ApiError("logistics.error_param", "Duplicate package number")
    for number in numbers:
        found = call.shop.orders.package(number)
        if found is None:
            fail.append({"package_number": number, "fail_reason": "The package is not exist."})
        else:
            row = {"package_number": number, "tracking_number": found[1].tracking_number}
            success.append({**row, "first_mile_tracking_number": "", "hint": "", "pickup_code": ""})
    return wrapped({"success_list": success, "fail_list": fail})


def get_tracking_info(call: Call, ask: PackageQuestion) -> Reply:
    """What the carrier reported, newest first; an order that was never arranged has nothing to report."""
    order = _order(call, ask.order_sn)
    package = split_package(order, ask.package_number)
    if package.arranged_at is None:
        message = "The order status is invalid. Please check the order status."
        raise ApiError("logistics.error_status_limit", message)
    return wrapped(
        {
            "order_sn": order.order_sn,
            "package_number": package.number,
            "logistics_status": package.status,
            "tracking_info": _events(package),
        }
    )


def _events(package: Package) -> list[dict[str, Any]]:
    return [
        {"update_time": event.at, "description": event.description, "logistics_status": event.status}
        for event in reversed(package.history)
    ]


def _order(call: Call, order_sn: str) -> Order:
    """The order; these two endpoints have their own word for one that is unknown."""
    order = call.shop.orders.get(order_sn)
    if order is None:
        raise ApiError("logistics.invalid_error", "The order is not exist.")
    return order


ENDPOINTS = (
    Endpoint("GET", "logistics/get_tracking_number", TrackingRequest, get_tracking_number),
    Endpoint("POST", "logistics/get_mass_tracking_number", MassTrackingRequest, get_mass_tracking_number),
    Endpoint("GET", "logistics/get_tracking_info", PackageQuestion, get_tracking_info),
)
