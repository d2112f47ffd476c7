"""The data sets of a sales document: headers, lines, discounts, posted shipments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder
from crossdock_ls_central.sandbox.odata.shapes import Json, data_set
from crossdock_ls_central.sandbox.soap.schema import Value
from crossdock_ls_central.sandbox.tables.orders import SHIPMENT_HEADERS, SHIPMENT_LINES
from crossdock_ls_central.sandbox.tables.table import Column, column

_CUSTOMER_ORDER = "1"
_SENT_TEXTS = (
    ("Member Card No.", "MemberCardNo"),
    ("Customer No.", "CustomerNo"),
    ("Name", "Name"),
    ("Address", "Address"),
    ("Address 2", "Address2"),
    ("City", "City"),
    ("County", "County"),
    ("Post Code", "PostCode"),
    ("Territory Code", "TerritoryCode"),
    ("Country/Region Code", "CountryRegionCode"),
    ("Phone No.", "PhoneNo"),
    ("Email", "Email"),
    ("House/Apartment No.", "HouseApartmentNo"),
    ("Mobile Phone No.", "MobilePhoneNo"),
    ("Daytime Phone No.", "DaytimePhoneNo"),
    ("Ship-to Name", "ShipToName"),
    ("Ship-to Address", "ShipToAddress"),
    ("Ship-to Address 2", "ShipToAddress2"),
    ("Ship-to City", "ShipToCity"),
    ("Ship-to County", "ShipToCounty"),
    ("Ship-to Post Code", "ShipToPostCode"),
    ("Ship-to Country/Region Code", "ShipToCountryRegionCode"),
    ("Shipping Agent Code", "ShippingAgentCode"),
    ("Shipping Agent Service Code", "ShippingAgentServiceCode"),
)


def _of_header(field_name: str) -> Callable[[Any], Value]:
    return lambda order: order.header[field_name]


def _of_line(field_name: str) -> Callable[[Any], Value]:
    return lambda row: row[1].sent[field_name]


def _of_row(field_name: str) -> Callable[[Any], Value]:
    return lambda row: row[1][field_name]


def _header_columns() -> Iterable[Column]:
    yield column(0, "Document Source Type", "Option", lambda _o: _CUSTOMER_ORDER)
    yield column(0, "Document ID", "Code", lambda o: o.document_id)
    yield column(0, "Store No.", "Code", lambda o: o.store)
    yield column(0, "Created at Store", "Code", lambda o: o.store)
    yield column(0, "Date Time", "DateTime", lambda o: o.modified_at)
    yield column(0, "Create DateTime", "DateTime", lambda o: o.created_at)
    yield column(0, "Sale Is Return Sale", "Boolean", lambda o: o.cancelled)
    yield column(0, "Customer Document ID", "Code", lambda o: o.document_id)
    yield column(0, "Number of Items", "Integer", lambda o: sum(1 for line in o.lines if line.is_item))
    yield column(0, "Number of Lines", "Integer", lambda o: len(o.lines))
    yield column(0, "Quantity", "Decimal", lambda o: sum((line.quantity for line in o.lines), Decimal(0)))
    yield column(0, "Net Amount", "Decimal", lambda o: o.net_amount)
    yield column(0, "Gross Amount", "Decimal", lambda o: o.amount)
    yield column(0, "External ID", "Code", lambda o: o.external_id)
    yield column(0, "Posted", "Boolean", lambda o: o.posted)
    yield column(0, "Document Status", "Code", lambda o: o.status)
    for name, field_name in _SENT_TEXTS:
        yield column(0, name, "Text", _of_header(field_name))


def _line_columns() -> Iterable[Column]:
    yield column(0, "Document ID", "Code", lambda row: row[0].document_id)
    yield column(0, "Line No.", "Integer", lambda row: row[1].line_no)
    yield column(0, "Entry Type", "Option", lambda row: row[1].sent["LineType"] or "0")
    yield column(0, "Number", "Code", lambda row: row[1].item_no)
    yield column(0, "Description", "Text", lambda row: row[1].description)
    yield column(0, "Variant Code", "Code", lambda row: row[1].variant)
    yield column(0, "Unit of Measure", "Code", lambda row: row[1].unit)
    for name, field_name in (
        ("Net Price", "NetPrice"),
        ("Price", "Price"),
        ("Quantity", "Quantity"),
        ("Discount %", "DiscountPercent"),
        ("Discount Amount", "DiscountAmount"),
        ("Net Amount", "NetAmount"),
        ("VAT Amount", "VatAmount"),
        ("Amount", "Amount"),
    ):
        yield column(0, name, "Decimal", _of_line(field_name))
    yield column(0, "Store No.", "Code", lambda row: row[1].store)
    yield column(0, "External ID", "Code", lambda row: row[1].sent["ExternalID"])
    yield column(0, "Click and Collect Line", "Boolean", lambda row: row[1].sent["ClickAndCollect"])


def _payment_columns() -> Iterable[Column]:
    yield column(0, "Document ID", "Code", lambda row: row[0].document_id)
    yield column(0, "Line No.", "Integer", lambda row: row[1]["LineNo"])
    yield column(0, "Entry Type", "Option", lambda _row: "1")
    yield column(0, "Number", "Code", lambda row: row[1]["TenderType"])
    yield column(0, "Amount", "Decimal", lambda row: row[1]["PreApprovedAmount"])
    yield column(0, "Currency Code", "Code", lambda row: row[1]["CurrencyCode"])
    yield column(0, "Currency Factor", "Decimal", lambda row: row[1]["CurrencyFactor"])
    yield column(0, "Card Type", "Code", lambda row: row[1]["CardType"])
    yield column(0, "Card or Account", "Text", lambda row: row[1]["CardorCustomernumber"])
    yield column(0, "Payment Type", "Option", lambda row: row[1]["Type"])


def _discount_columns() -> Iterable[Column]:
    yield column(0, "Document ID", "Code", lambda row: row[0].document_id)
    for name, field_name, kind in (
        ("Line No.", "LineNo", "Integer"),
        ("Entry No.", "EntryNo", "Integer"),
        ("Discount Type", "DiscountType", "Option"),
        ("Offer No.", "OfferNo", "Code"),
        ("Periodic Disc. Type", "PeriodicDiscType", "Option"),
        ("Description", "Description", "Text"),
        ("Discount %", "DiscountPercent", "Decimal"),
        ("Discount Amount", "DiscountAmount", "Decimal"),
    ):
        yield column(0, name, kind, _of_row(field_name))


_HEADERS, _LINES = tuple(_header_columns()), tuple(_line_columns())
_PAYMENTS, _DISCOUNTS = tuple(_payment_columns()), tuple(_discount_columns())


def document_sets(company: Company, orders: Iterable[CustomerOrder]) -> list[Json]:
    """Headers, lines with payments, and discount lines of `orders`."""
    found, switches = list(orders), company.switches
    lines = [(order, line) for order in found for line in order.lines]
    payments = [(order, row) for order in found for row in order.payments]
    discounts = [(order, row) for order in found for row in order.discounts]
    line_set = data_set(10000835, "LSC Member Sales Doc Line", _LINES, lines, switches)
    payment_set = data_set(10000835, "LSC Member Sales Doc Line", _PAYMENTS, payments, switches)
    return [
        data_set(10000818, "LSC Member Sales Buffer", _HEADERS, found, switches),
        _joined(line_set, payment_set),
        data_set(10000836, "LSC Member Sales Doc Disc. Line", _DISCOUNTS, discounts, switches),
    ]


def _joined(first: Json, second: Json) -> Json:
    """One data set of two: the second's fields are renumbered onto the first's, new ones are added."""
    left, right = first["DynDataSet"], second["DynDataSet"]
    index = {field["FieldName"]: field["FieldIndex"] for field in left["DataSetFields"]}
    renumbered = {}
    for field in right["DataSetFields"]:
        if field["FieldName"] not in index:
            index[field["FieldName"]] = len(index) + 1
            left["DataSetFields"].append({**field, "FieldIndex": index[field["FieldName"]]})
        renumbered[field["FieldIndex"]] = index[field["FieldName"]]
    for row in right["DataSetRows"]:
        fields = [{**field, "FieldIndex": renumbered[field["FieldIndex"]]} for field in row["Fields"]]
        left["DataSetRows"].append({"Fields": fields})
    return first


def shipment_sets(company: Company, order: CustomerOrder) -> list[Json]:
    """Posted shipments of `order` and their lines, as data sets 110 and 111."""
    switches = company.switches
    lines = [(shipment, line, quantity) for shipment in order.shipments for line, quantity in shipment.lines]
    return [
        data_set(110, SHIPMENT_HEADERS.name, SHIPMENT_HEADERS.columns, order.shipments, switches),
        data_set(111, SHIPMENT_LINES.name, SHIPMENT_LINES.columns, lines, switches),
    ]
