"""The tables around Customer Orders: payments, discounts, status log, set-up, sales orders and invoices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder
from crossdock_ls_central.sandbox.soap.schema import Value
from crossdock_ls_central.sandbox.tables.table import Column, Table, column, of_orders

_PAYMENT = (
    (2, "Line No.", "LineNo", "Integer"),
    (3, "Store No.", "StoreNo", "Code"),
    (4, "Type", "Type", "Text"),
    (5, "Tender Type", "TenderType", "Code"),
    (6, "Pre Approved Amount", "PreApprovedAmount", "Decimal"),
    (7, "Finalized Amount", "FinalizedAmount", "Decimal"),
    (8, "Currency Code", "CurrencyCode", "Code"),
    (9, "Currency Factor", "CurrencyFactor", "Decimal"),
    (10, "External Reference", "ExternalReference", "Text"),
    (11, "Authorization Code", "AuthorizationCode", "Text"),
    (12, "Card Type", "CardType", "Code"),
)
_DISCOUNT = (
    (2, "Line No.", "LineNo", "Integer"),
    (3, "Entry No.", "EntryNo", "Integer"),
    (4, "Discount Type", "DiscountType", "Integer"),
    (5, "Offer No.", "OfferNo", "Code"),
    (6, "Periodic Disc. Type", "PeriodicDiscType", "Integer"),
    (7, "Description", "Description", "Text"),
    (8, "Discount Percent", "DiscountPercent", "Decimal"),
    (9, "Discount Amount", "DiscountAmount", "Decimal"),
)


def _sent(field_name: str) -> Callable[[Any], Value]:
    return lambda row: row[1][field_name]


def _columns(fields: Iterable[tuple[int, str, str, str]]) -> tuple[Column, ...]:
    head = column(1, "Document ID", "Code", lambda row: row[0].document_id)
    return head, *(column(number, name, kind, _sent(field)) for number, name, field, kind in fields)


def _payments(order: CustomerOrder) -> Iterable[Any]:
    return ((order, row) for row in order.payments)


def _discounts(order: CustomerOrder) -> Iterable[Any]:
    return ((order, row) for row in order.discounts)


def _sales_headers(company: Company) -> Iterable[CustomerOrder]:
    return (order for order in company.orders_where(posted=False) if order.sales_order_no)


def _invoice_amount(invoice: Any) -> Decimal:
    return sum((line.amount * quantity / line.quantity for line, quantity in invoice.lines), Decimal(0))


_STATUS_LOG = (
    column(1, "Entry No.", "Integer", lambda row: row[1].entry_no),
    column(2, "Document ID", "Code", lambda row: row[0].document_id),
    column(3, "Item Line No.", "Integer", lambda row: row[1].line_no),
    column(4, "Status Code", "Code", lambda row: row[1].code),
    column(5, "Status Changed", "DateTime", lambda row: row[1].at),
    column(2000000003, "SystemModifiedAt", "DateTime", lambda row: row[1].at),
)
_STATUS_SETUP = (
    column(1, "Code", "Code", lambda status: status.code),
    column(2, "Description", "Text", lambda status: status.description),
    column(3, "External Code", "Code", lambda status: status.ext_code),
    column(4, "Cancel Allowed", "Boolean", lambda status: status.cancel_allowed),
    column(5, "Modify Allowed", "Boolean", lambda status: status.modify_allowed),
)
_SALES_HEADER = (
    column(1, "Document Type", "Option", lambda _o: "Order"),
    column(3, "No.", "Code", lambda o: o.sales_order_no),
    column(2, "Sell-to Customer No.", "Code", lambda o: o.header["CustomerNo"]),
    column(100, "External Document No.", "Code", lambda o: o.external_id),
    column(10000701, "LSC Customer Order ID", "Code", lambda o: o.document_id),
    column(2000000000, "SystemId", "GUID", lambda o: o.sales_order_id),
    column(2000000003, "SystemModifiedAt", "DateTime", lambda o: o.modified_at),
)
_INVOICE_HEADER = (
    column(3, "No.", "Code", lambda invoice: invoice.number),
    column(20, "Posting Date", "Date", lambda invoice: invoice.posted_on),
    column(44, "Order No.", "Code", lambda invoice: invoice.order.sales_order_no),
    column(61, "Amount Including VAT", "Decimal", _invoice_amount),
    column(100, "External Document No.", "Code", lambda invoice: invoice.order.external_id),
    column(10000701, "LSC Customer Order ID", "Code", lambda invoice: invoice.order.document_id),
    column(2000000000, "SystemId", "GUID", lambda invoice: invoice.system_id),
)

DETAIL_TABLES = (
    of_orders(10016653, "LSC Customer Order Payment", _columns(_PAYMENT), _payments, posted=False),
    of_orders(10016663, "LSC Posted CO Payment", _columns(_PAYMENT), _payments, posted=True),
    of_orders(10016654, "LSC CO Discount Line", _columns(_DISCOUNT), _discounts, posted=False),
    of_orders(10016662, "LSC Posted CO Discount Line", _columns(_DISCOUNT), _discounts, posted=True),
    Table(
        10016671,
        "LSC Customer Order Status Log",
        _STATUS_LOG,
        lambda company: ((order, entry) for order in company.orders.values() for entry in order.log),
    ),
    Table(10016672, "LSC CO Status Setup", _STATUS_SETUP, lambda company: company.statuses.values()),
    Table(10016673, "LSC CO Line Status Setup", _STATUS_SETUP, lambda company: company.statuses.values()),
    Table(36, "Sales Header", _SALES_HEADER, _sales_headers),
    Table(
        112,
        "Sales Invoice Header",
        _INVOICE_HEADER,
        lambda company: (invoice for order in company.orders.values() for invoice in order.invoices),
    ),
)
