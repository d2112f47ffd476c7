"""payment.get_escrow_list: which orders were paid out, and when."""

from __future__ import annotations

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.orders.escrow import escrow_amount
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped
from crossdock_shopee.sandbox.requests import Request, Timestamp
from crossdock_shopee.sandbox.wire import number


class EscrowListRequest(Request):
    """Parameters of payment.get_escrow_list; pages count from 1."""

    release_time_from: Timestamp
    release_time_to: Timestamp
    page_size: int = Field(default=40, ge=1, le=100)
    page_no: int = Field(default=1, ge=1)


def get_escrow_list(call: Call, ask: EscrowListRequest) -> Reply:
    """Completed orders by the time of their payout, newest first."""
    if ask.release_time_from >= ask.release_time_to:
        message = (
            "release_time_from and/or release_time_to parameter is invalid. "
            "Please provide both a valid start date, and end date to query."
        )
        raise ApiError("error_param", message)
    found = [order for order in call.shop.orders if _released(order, ask)]
    found.sort(key=lambda order: (order.complete_time, order.order_sn), reverse=True)
    start = (ask.page_no - 1) * ask.page_size
    rows = [
        {
            "order_sn": order.order_sn,
            "payout_amount": number(escrow_amount(order)),
            "escrow_release_time": order.complete_time,
        }
        for order in found[start : start + ask.page_size]
    ]
    return wrapped({"escrow_list": rows, "more": start + ask.page_size < len(found)})


def _released(order: Order, ask: EscrowListRequest) -> bool:
    completed = order.status is OrderStatus.COMPLETED
    return completed and ask.release_time_from <= order.complete_time <= ask.release_time_to


ENDPOINTS = (Endpoint("GET", "payment/get_escrow_list", EscrowListRequest, get_escrow_list),)
