"""Invoices that a seller uploads where the market asks for one (Brazil, the Philippines)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.orders.lifecycle import touch
from crossdock_shopee.sandbox.orders.queries import check_page_size, find_order, read_cursor
from crossdock_shopee.sandbox.orders.record import Order
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrapped, wrong_parameter
from crossdock_shopee.sandbox.requests import Cursor, Request
from crossdock_shopee.sandbox.state import State

MAX_BYTES = 2**20
_KINDS = {"1", "2", "3", "4"}


class InvoiceUpload(Request):
    """The text fields of order.upload_invoice_doc: 1 PDF, 2 JPEG, 3 PNG, 4 XML."""

    order_sn: str
    file_type: str


class PendingInvoicesRequest(Request):
    """Parameters of order.get_pending_buyer_invoice_order_list."""

    page_size: int = Field(ge=1)
    cursor: Cursor = ""


def upload_invoice_doc(call: Call, ask: InvoiceUpload) -> Reply:
    """Take an invoice; it is checked for some minutes before the order can be shipped."""
    order = find_order(call, ask.order_sn)
    if ask.file_type not in _KINDS:
        raise wrong_parameter("field file_type type error.")
    contents = [content for name, content in call.files if name == "file"]
    if len(contents) != 1 or not 0 < len(contents[0]) <= MAX_BYTES:
        raise ApiError("order.upload_invoice_error", "File error.")
    if not order.invoice_pending:
        raise ApiError("order.upload_invoice_error", "Upload invoice failed, please try again later.")
    take_invoice(call.state, order, call.now)
    call.state.world.oracle.record("upload_invoice_doc", order.order_sn)
    return {}


def take_invoice(state: State, order: Order, now: int) -> None:
    """The seller's invoice has come, by whatever way; it is valid once it is checked."""
    _set_invoice(state, order, "checking", now)
    state.agenda.after(state.settings.invoice_seconds, lambda at: _set_invoice(state, order, "valid", at))


def get_pending_buyer_invoice_order_list(call: Call, ask: PendingInvoicesRequest) -> Reply:
    """Orders that wait for an invoice."""
    check_page_size(call, ask.page_size)
    found = [order.order_sn for order in call.shop.orders if order.invoice_pending]
    start = read_cursor(ask.cursor)
    page = [{"order_sn": order_sn} for order_sn in found[start : start + ask.page_size]]
    more = start + len(page) < len(found)
    return wrapped({"order_list": page, "more": more, "next_cursor": str(start + len(page)) if more else ""})


def _set_invoice(state: State, order: Order, invoice: Literal["checking", "valid"], at: int) -> None:
    order.invoice = invoice
    touch(state, order, at)


ENDPOINTS = (
    Endpoint("POST", "order/upload_invoice_doc", InvoiceUpload, upload_invoice_doc, form=True),
    Endpoint(
        "GET",
        "order/get_pending_buyer_invoice_order_list",
        PendingInvoicesRequest,
        get_pending_buyer_invoice_order_list,
    ),
)
