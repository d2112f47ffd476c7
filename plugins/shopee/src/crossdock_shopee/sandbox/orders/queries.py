"""order.get_order_list and order.get_order_detail."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.orders.body import OPTIONAL_FIELDS, order_body, shown_status
from crossdock_shopee.sandbox.orders.record import Order
from crossdock_shopee.sandbox.orders.store import Window
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped, wrong_parameter
from crossdock_shopee.sandbox.requests import Cursor, Listed, Request, Timestamp

MAX_WINDOW_SECONDS = 15 * 24 * 60 * 60
MAX_ORDERS = 50

Filter = Literal[
    "", "UNPAID", "READY_TO_SHIP", "PROCESSED", "SHIPPED", "COMPLETED", "IN_CANCEL", "CANCELLED", "INVOICE_PENDING"
]
NameList = Annotated[list[str], Listed]


class OrderListRequest(Request):
    """Parameters of order.get_order_list."""

    time_range_field: Literal["create_time", "update_time"]
    time_from: Timestamp
    time_to: Timestamp
    page_size: int = Field(ge=1)
    cursor: Cursor = ""
    order_status: Filter = ""
    response_optional_fields: NameList = Field(default_factory=list)
    request_order_status_pending: bool = False


class OrderDetailRequest(Request):
    """Parameters of order.get_order_detail."""

    order_sn_list: NameList
    request_order_status_pending: bool = False
    response_optional_fields: NameList = Field(default_factory=list)


def get_order_list(call: Call, ask: OrderListRequest) -> Reply:
    """Numbers of the orders in a window of at most 15 days; pages by offset, so they shift when orders change."""
    if ask.time_from >= ask.time_to or ask.time_to - ask.time_from > MAX_WINDOW_SECONDS:
        message = "Start time must be earlier than end time and diff in 15days."
        raise ApiError("order.order_list_invalid_time", message)
    check_page_size(call, ask.page_size)
    offset = read_cursor(ask.cursor)
    found, more = call.shop.orders.page(_window(call, ask), offset, ask.page_size)
    with_status = "order_status" in ask.response_optional_fields
    rows = [_row(order, with_status=with_status, show_pending=ask.request_order_status_pending) for order in found]
    return wrapped({"more": more, "next_cursor": str(offset + len(found)) if more else "", "order_list": rows})


def get_order_detail(call: Call, ask: OrderDetailRequest) -> Reply:
    """Up to fifty orders, with the optional members that were named. An unknown number fails the whole request."""
    if not ask.order_sn_list:
        raise wrong_parameter("order_sn_list is a required field.")
    if len(ask.order_sn_list) > MAX_ORDERS:
        raise wrong_parameter(f"order_sn_list must be a maximum of {MAX_ORDERS} in length.")
    optional = frozenset(ask.response_optional_fields) & OPTIONAL_FIELDS
    bodies = [
        order_body(
            find_order(call, order_sn),
            optional,
            masked=call.state.settings.mask_buyers,
            show_pending=ask.request_order_status_pending,
        )
        for order_sn in dict.fromkeys(ask.order_sn_list)
    ]
    return wrapped({"order_list": bodies})


def find_order(call: Call, order_sn: str) -> Order:
    """The shop's order with this number.

    Raises:
        ApiError: it has none; another shop's orders are as unknown as invented ones.
    """
    order = call.shop.orders.get(order_sn)
    if order is None:
        raise ApiError("error_not_found", "Wrong parameters, detail: the order is not found.")
    return order


def check_page_size(call: Call, page_size: int) -> None:
    """Refuse a page that is larger than the limit."""
    limit = call.state.settings.page_limit
    if page_size > limit:
        raise wrong_parameter(f"page_size must be {limit} or less.")


def read_cursor(cursor: str) -> int:
    """The offset that a cursor stands for."""
    if cursor == "":
        return 0
    if not (cursor.isascii() and cursor.isdigit()):
        raise wrong_parameter("cursor is invalid.")
    return int(cursor)


def _window(call: Call, ask: OrderListRequest) -> Window:
    settings = call.state.settings
    return Window(
        field=ask.time_range_field,
        time_from=ask.time_from,
        time_to=ask.time_to if settings.include_time_to else ask.time_to - 1,
        status=ask.order_status or None,
        newest_first=settings.list_order == "newest",
    )


def _row(order: Order, *, with_status: bool, show_pending: bool) -> dict[str, str]:
    row = {"order_sn": order.order_sn, "booking_sn": ""}
    return {**row, "order_status": shown_status(order, show_pending=show_pending)} if with_status else row


ENDPOINTS = (
    Endpoint("GET", "order/get_order_list", OrderListRequest, get_order_list),
    Endpoint("GET", "order/get_order_detail", OrderDetailRequest, get_order_detail),
)
