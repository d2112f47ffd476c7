"""The tables of Customer Orders, their lines and the posted sales shipments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, OrderLine
from crossdock_ls_central.sandbox.soap.schema import Value
from crossdock_ls_central.sandbox.tables.table import Column, Table, column, of_orders

_SENT_HEADER = (
    ("Member Card No.", "MemberCardNo", "Code"),
    ("Customer No.", "CustomerNo", "Code"),
    ("Source Type", "SourceType", "Text"),
    ("Name", "Name", "Text"),
    ("Address", "Address", "Text"),
    ("Address 2", "Address2", "Text"),
    ("City", "City", "Text"),
    ("County", "County", "Text"),
    ("Post Code", "PostCode", "Code"),
    ("Country/Region Code", "CountryRegionCode", "Code"),
    ("Phone No.", "PhoneNo", "Text"),
    ("Email", "Email", "Text"),
    ("Ship-to Name", "ShipToName", "Text"),
    ("Ship-to Address", "ShipToAddress", "Text"),
    ("Ship-to Address 2", "ShipToAddress2", "Text"),
    ("Ship-to City", "ShipToCity", "Text"),
    ("Ship-to County", "ShipToCounty", "Text"),
    ("Ship-to Post Code", "ShipToPostCode", "Code"),
    ("Ship-to Country/Region Code", "ShipToCountryRegionCode", "Code"),
    ("Ship Order", "ShipOrder", "Boolean"),
    ("Requested Delivery Date", "RequestedDeliveryDate", "Date"),
    ("Shipping Agent Code", "ShippingAgentCode", "Code"),
    ("Shipping Agent Service Code", "ShippingAgentServiceCode", "Code"),
)


def _sent(field_name: str) -> Callable[[Any], Value]:
    return lambda order: order.header[field_name]


def _sent_in_line(field_name: str) -> Callable[[Any], Value]:
    return lambda row: row[1].sent[field_name]


def _header_columns(*, posted: bool) -> Iterable[Column]:
    yield column(1, "Document ID", "Code", lambda o: o.document_id)
    yield column(2, "External ID", "Code", lambda o: o.external_id)
    yield column(3, "Created at Store", "Code", lambda o: o.store)
    yield column(4, "Created", "DateTime", lambda o: o.created_at)
    for number, (name, field_name, kind) in enumerate(_SENT_HEADER, start=10):
        yield column(number, name, kind, _sent(field_name))
    yield column(50, "Status", "Code", lambda o: o.status)
    yield column(51, "Processing Status", "Code", lambda o: o.status)
    yield column(52, "On Hold", "Boolean", lambda o: o.on_hold)
    yield column(60, "Total Amount", "Decimal", lambda o: o.amount)
    yield column(61, "Order Net Amount", "Decimal", lambda o: o.net_amount)
    yield column(62, "Order VAT Amount", "Decimal", lambda o: o.amount - o.net_amount)
    yield column(63, "Total Quantity", "Decimal", lambda o: sum((x.quantity for x in o.lines), Decimal(0)))
    yield column(70, "Sales Orders", "Integer", lambda o: 0 if o.posted or not o.sales_order_no else 1)
    yield column(71, "SO Posted Shipments", "Integer", lambda o: len(o.shipments))
    yield column(72, "SO Posted Invoices", "Integer", lambda o: len(o.invoices))
    if posted:
        yield column(80, "CancelledOrder", "Boolean", lambda o: o.cancelled)
    yield column(2000000000, "SystemId", "GUID", lambda o: o.system_id)
    yield column(2000000001, "SystemCreatedAt", "DateTime", lambda o: o.created_at)
    yield column(2000000003, "SystemModifiedAt", "DateTime", lambda o: o.modified_at)


def _line_columns() -> Iterable[Column]:
    yield column(1, "Document ID", "Code", lambda row: row[0].document_id)
    yield column(2, "Line No.", "Integer", lambda row: row[1].line_no)
    yield column(3, "Status", "Code", lambda row: row[1].status)
    yield column(4, "Line Type", "Text", lambda row: row[1].sent["LineType"] or "0")
    yield column(5, "Number", "Code", lambda row: row[1].item_no)
    yield column(6, "Variant Code", "Code", lambda row: row[1].variant)
    yield column(7, "Unit of Measure Code", "Code", lambda row: row[1].unit)
    yield column(8, "Item Description", "Text", lambda row: row[1].description)
    for number, name, field_name in (
        (10, "Net Price", "NetPrice"),
        (11, "Price", "Price"),
        (12, "Quantity", "Quantity"),
        (13, "Discount Amount", "DiscountAmount"),
        (14, "Discount Percent", "DiscountPercent"),
        (15, "Net Amount", "NetAmount"),
        (16, "Vat Amount", "VatAmount"),
        (17, "Amount", "Amount"),
    ):
        yield column(number, name, "Decimal", _sent_in_line(field_name))
    yield column(20, "Store No.", "Code", lambda row: row[1].store)
    yield column(21, "Sourcing Location", "Code", lambda row: row[1].location)
    yield column(22, "External ID", "Code", lambda row: str(row[1].sent["ExternalID"]).upper())
    yield column(23, "Service Item", "Boolean", lambda row: row[1].is_service)


def _header(order: CustomerOrder) -> Iterable[CustomerOrder]:
    return (order,)


def _lines(order: CustomerOrder) -> Iterable[tuple[CustomerOrder, OrderLine]]:
    return ((order, line) for line in order.lines)


def _shipment_columns() -> Iterable[Column]:
    yield column(3, "No.", "Code", lambda s: s.number)
    yield column(2, "Sell-to Customer No.", "Code", lambda s: s.order.header["CustomerNo"])
    yield column(13, "Ship-to Name", "Text", lambda s: s.order.header["ShipToName"])
    yield column(15, "Ship-to Address", "Text", lambda s: s.order.header["ShipToAddress"])
    yield column(16, "Ship-to Address 2", "Text", lambda s: s.order.header["ShipToAddress2"])
    yield column(17, "Ship-to City", "Text", lambda s: s.order.header["ShipToCity"])
    yield column(18, "Ship-to Contact", "Text", lambda _s: "")
    yield column(20, "Posting Date", "Date", lambda s: s.posted_on)
    yield column(21, "Shipment Date", "Date", lambda s: s.posted_on)
    yield column(27, "Shipment Method Code", "Code", lambda _s: "")
    yield column(44, "Order No.", "Code", lambda s: s.order.sales_order_no)
    yield column(91, "Ship-to Post Code", "Code", lambda s: s.order.header["ShipToPostCode"])
    yield column(92, "Ship-to County", "Text", lambda s: s.order.header["ShipToCounty"])
    yield column(93, "Ship-to Country/Region Code", "Code", lambda s: s.order.header["ShipToCountryRegionCode"])
    yield column(100, "External Document No.", "Code", lambda s: s.order.external_id)
    yield column(105, "Shipping Agent Code", "Code", lambda s: s.agent)
    yield column(106, "Package Tracking No.", "Text", lambda s: s.tracking_no)
    yield column(5792, "Shipping Agent Service Code", "Code", lambda s: s.agent_service)
    yield column(10000701, "LSC Customer Order ID", "Code", lambda s: s.order.document_id)
    yield column(2000000000, "SystemId", "GUID", lambda s: s.system_id)
    yield column(2000000003, "SystemModifiedAt", "DateTime", lambda s: s.modified_at)


def _shipment_line_columns() -> Iterable[Column]:
    yield column(3, "Document No.", "Code", lambda row: row[0].number)
    yield column(4, "Line No.", "Integer", lambda row: row[1].line_no)
    yield column(6, "No.", "Code", lambda row: row[1].item_no)
    yield column(11, "Description", "Text", lambda row: row[1].description)
    yield column(15, "Quantity", "Decimal", lambda row: row[2])
    yield column(5402, "Variant Code", "Code", lambda row: row[1].variant)
    yield column(5407, "Unit of Measure Code", "Code", lambda row: row[1].unit)


OPEN_HEADERS = of_orders(10016651, "LSC Customer Order Header", _header_columns(posted=False), _header, posted=False)
POSTED_HEADERS = of_orders(10016660, "LSC Posted CO Header", _header_columns(posted=True), _header, posted=True)
OPEN_LINES = of_orders(10016652, "LSC Customer Order Line", _line_columns(), _lines, posted=False)
POSTED_LINES = of_orders(10016661, "LSC Posted Customer Order Line", _line_columns(), _lines, posted=True)
SHIPMENT_HEADERS = Table(110, "Sales Shipment Header", tuple(_shipment_columns()), lambda c: c.shipments.values())
SHIPMENT_LINES = Table(
    111,
    "Sales Shipment Line",
    tuple(_shipment_line_columns()),
    lambda c: ((shipment, line, quantity) for shipment in c.shipments.values() for line, quantity in shipment.lines),
)
