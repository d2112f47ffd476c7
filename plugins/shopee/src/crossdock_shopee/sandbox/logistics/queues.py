"""Work queues of parcels: search_package_list, get_package_detail, get_shipment_list."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.orders.body import can_cancel_in_part, package_items, recipient
from crossdock_shopee.sandbox.orders.queries import check_page_size, read_cursor
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus, Package, PackageStatus
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped, wrong_parameter
from crossdock_shopee.sandbox.requests import Cursor, Listed, Request

_TO_PROCESS = (PackageStatus.READY, PackageStatus.PICKUP_RETRY)
_SHOWN: dict[int, tuple[PackageStatus, ...]] = {
    0: (PackageStatus.NOT_START, *_TO_PROCESS, PackageStatus.REQUEST_CREATED),
    1: (PackageStatus.NOT_START,),
    2: _TO_PROCESS,
    3: (PackageStatus.REQUEST_CREATED,),
}
_BY_SELLER = (0, 2)
MAX_PACKAGES = 50


class PackageFilter(Request):
    """Which packages: 0 all, 1 pending, 2 to process, 3 processed; fulfilled by 0 anyone, 1 Shopee, 2 the seller."""

    package_status: Literal[0, 1, 2, 3] = 2
    product_location_ids: list[str] = Field(default_factory=list)
    logistics_channel_ids: list[int] = Field(default_factory=list)
    fulfillment_type: Literal[0, 1, 2] = 2


class Pagination(Request):
    """A page of the queue."""

    page_size: int = Field(ge=1)
    cursor: Cursor = ""


class Sorting(Request):
    """By 1 ship-by date, 2 creation, 3 confirmation."""

    sort_type: Literal[1, 2, 3] = 1
    ascending: bool = True


class SearchRequest(Request):
    """Parameters of order.search_package_list."""

    filter: PackageFilter = Field(default_factory=PackageFilter)
    pagination: Pagination
    sort: Sorting = Field(default_factory=Sorting)


class PackageDetailRequest(Request):
    """Parameters of order.get_package_detail."""

    package_number_list: Annotated[list[str], Listed]


class ShipmentListRequest(Request):
    """Parameters of order.get_shipment_list."""

    page_size: int = Field(ge=1)
    cursor: Cursor = ""


def search_package_list(call: Call, ask: SearchRequest) -> Reply:
    """Packages that wait for something; those picked up or cancelled are not among them."""
    check_page_size(call, ask.pagination.page_size)
    found = [pair for order in call.shop.orders for pair in _matching(order, ask.filter)]
    found.sort(key=lambda pair: _rank(pair[0], ask.sort.sort_type), reverse=not ask.sort.ascending)
    start = read_cursor(ask.pagination.cursor)
    page = found[start : start + ask.pagination.page_size]
    more = start + len(page) < len(found)
    cursor = str(start + len(page)) if more else ""
    return wrapped(
        {
            "packages_list": [_queue_row(order, package) for order, package in page],
            "pagination": {"total_count": len(found), "more": more, "next_cursor": cursor},
            "sort": {"sort_type": ask.sort.sort_type, "ascending": ask.sort.ascending},
        }
    )


def get_package_detail(call: Call, ask: PackageDetailRequest) -> Reply:
    """Up to fifty packages."""
    numbers = list(dict.fromkeys(ask.package_number_list))
    if not 1 <= len(numbers) <= MAX_PACKAGES:
        raise wrong_parameter(f"package_number_list must have 1 to {MAX_PACKAGES} package numbers.")
    found = [call.shop.orders.package(number) for number in numbers]
    known = [_detail(call, *pair) for pair in found if pair is not None]
    if len(known) < len(numbers):
        raise ApiError("error_not_found", "Wrong parameters, detail: the package is not found.")
    return wrapped({"package_list": known})


def get_shipment_list(call: Call, ask: ShipmentListRequest) -> Reply:
    """Packages of the orders that are ready to ship or must be shipped again."""
    check_page_size(call, ask.page_size)
    ready = (OrderStatus.READY_TO_SHIP, OrderStatus.RETRY_SHIP)
    found = [
        {"order_sn": order.order_sn, "package_number": package.number}
        for order in call.shop.orders
        if order.status in ready
        for package in order.packages
        if package.status in _TO_PROCESS
    ]
    start = read_cursor(ask.cursor)
    page = found[start : start + ask.page_size]
    more = start + len(page) < len(found)
    return wrapped({"order_list": page, "more": more, "next_cursor": str(start + len(page)) if more else ""})


def _matching(order: Order, chosen: PackageFilter) -> list[tuple[Order, Package]]:
    if chosen.fulfillment_type not in _BY_SELLER or order.status is OrderStatus.UNPAID:
        return []
    return [
        (order, package)
        for package in order.packages
        if package.status in _SHOWN[chosen.package_status]
        and (not chosen.logistics_channel_ids or package.channel_id in chosen.logistics_channel_ids)
        and (not chosen.product_location_ids or package.lines[0].location_id in chosen.product_location_ids)
    ]


def _rank(order: Order, sort_type: int) -> int:
    return {1: order.ship_by_date, 2: order.create_time, 3: order.pay_time}[sort_type]


def _arranged(package: Package) -> bool:
    """The flag means something only while the package still says LOGISTICS_READY."""
    return package.arranged_at is not None


def _queue_row(order: Order, package: Package) -> dict[str, Any]:
    return {
        "order_sn": order.order_sn,
        "package_number": package.number,
        "logistics_channel_id": package.channel_id,
        "product_location_id": package.lines[0].location_id,
        "sorting_group": "",
        "is_shipment_arranged": _arranged(package),
    }


def _detail(call: Call, order: Order, package: Package) -> dict[str, Any]:
    pending = order.status is OrderStatus.PENDING
    untouched = order.status is OrderStatus.READY_TO_SHIP and not any(_arranged(each) for each in order.packages)
    return {
        "order_sn": order.order_sn,
        "package_number": package.number,
        "fulfillment_status": package.status,
        "update_time": package.update_time,
        "logistics_channel_id": package.channel_id,
        "shipping_carrier": package.carrier,
        "allow_self_design_awb": True,
        "days_to_ship": order.days_to_ship,
        "ship_by_date": order.ship_by_date,
        "pending_terms": ["SYSTEM_PENDING"] if pending else [],
        "pending_description": ["Order is being processed by Shopee"] if pending else [],
        "tracking_number": package.tracking_number,
        "tracking_number_expiration_date": 0,
        "pickup_done_time": package.pickup_done_time,
        "is_split_up": order.split_up,
        "item_list": _detail_items(package),
        "recipient_address": recipient(order, masked=call.state.settings.mask_buyers),
        "parcel_chargeable_weight_gram": 0,
        "group_shipment_id": 0,
        "virtual_contact_number": "",
        "package_query_number": "",
        "sorting_group": "",
        "is_shipment_arranged": _arranged(package),
        "status_info_tag": {"tag_id": 0, "timestamp": 0},
        "can_split_order": untouched and not order.split_up and len(order.lines) > 1,
        "can_unsplit_order": untouched and order.split_up,
        "is_pre_order": False,
        "is_buyer_shop_collection": False,
        "can_full_cancel_order": untouched,
        "can_partial_cancel_order": can_cancel_in_part(order),
        "buyer_preference_for_partial_cancellation": 0,
    }


def _detail_items(package: Package) -> list[dict[str, Any]]:
    skus = [{"item_sku": line.item_sku, "model_sku": line.model_sku} for line in package.lines]
    return [{**item, **sku} for item, sku in zip(package_items(package), skus, strict=True)]


ENDPOINTS = (
    Endpoint("POST", "order/search_package_list", SearchRequest, search_package_list),
    Endpoint("GET", "order/get_package_detail", PackageDetailRequest, get_package_detail),
    Endpoint("GET", "order/get_shipment_list", ShipmentListRequest, get_shipment_list),
)
