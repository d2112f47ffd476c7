"""Entity sets of sales: salesOrders with shipAndInvoice, salesOrderLines, salesShipments and their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from crossdock_ls_central.sandbox.api.entities import EntitySet, Property
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, OrderLine
from crossdock_ls_central.sandbox.customer_orders.posting import CannotPost, post
from crossdock_ls_central.sandbox.refusal import HttpRefusal
from crossdock_ls_central.sandbox.soap.schema import Value

_SHIP_TO = (
    ("shipToName", "ShipToName"),
    ("shipToAddressLine1", "ShipToAddress"),
    ("shipToAddressLine2", "ShipToAddress2"),
    ("shipToCity", "ShipToCity"),
    ("shipToState", "ShipToCounty"),
    ("shipToPostCode", "ShipToPostCode"),
    ("shipToCountry", "ShipToCountryRegionCode"),
    ("phoneNumber", "PhoneNo"),
    ("email", "Email"),
)


def _sent(field_name: str, order_of: Callable[[Any], CustomerOrder]) -> Callable[[Any], Value]:
    return lambda row: order_of(row).header[field_name]


def _customer(order_of: Callable[[Any], CustomerOrder]) -> Iterable[Property]:
    yield Property("customerNumber", "String", _sent("CustomerNo", order_of))
    for name, field_name in _SHIP_TO:
        yield Property(name, "String", _sent(field_name, order_of))
    yield Property("currencyCode", "String", lambda _row: "")
    yield Property("pricesIncludeTax", "Boolean", lambda _row: True)


def _order_properties() -> Iterable[Property]:
    yield Property("id", "Guid", lambda o: o.sales_order_id)
    yield Property("number", "String", lambda o: o.sales_order_no)
    yield Property("externalDocumentNumber", "String", lambda o: o.external_id)
    yield Property("orderDate", "Date", lambda o: o.created_at.date())
    yield Property("postingDate", "Date", lambda o: o.created_at.date())
    yield from _customer(lambda order: order)
    yield Property("requestedDeliveryDate", "Date", lambda o: o.header["RequestedDeliveryDate"])
    yield Property("totalAmountExcludingTax", "Decimal", lambda o: o.net_amount)
    yield Property("totalTaxAmount", "Decimal", lambda o: o.amount - o.net_amount)
    yield Property("totalAmountIncludingTax", "Decimal", lambda o: o.amount)
    yield Property("fullyShipped", "Boolean", lambda o: o.done)
    yield Property("status", "String", lambda _o: "Open")
    yield Property("lastModifiedDateTime", "DateTimeOffset", lambda o: o.modified_at)


def _line_properties() -> Iterable[Property]:
    yield Property("id", "Guid", lambda row: row[1].system_id)
    yield Property("documentId", "Guid", lambda row: row[0].sales_order_id)
    yield Property("sequence", "Int32", lambda row: row[1].line_no)
    yield Property("lineType", "String", lambda row: "Item" if row[1].is_item else "Comment")
    yield Property("lineObjectNumber", "String", lambda row: row[1].item_no)
    yield Property("description", "String", lambda row: row[1].description)
    yield Property("unitOfMeasureCode", "String", lambda row: row[1].unit)
    yield Property("quantity", "Decimal", lambda row: row[1].quantity - row[1].cancelled - row[1].short)
    yield Property("unitPrice", "Decimal", lambda row: row[1].sent["Price"])
    yield Property("discountAmount", "Decimal", lambda row: row[1].sent["DiscountAmount"])
    yield Property("amountIncludingTax", "Decimal", lambda row: row[1].amount)
    yield Property("netAmount", "Decimal", lambda row: row[1].net_amount)
    yield Property("shippedQuantity", "Decimal", lambda row: row[1].shipped)
    yield Property("invoicedQuantity", "Decimal", lambda row: row[1].invoiced)
    yield Property("shipQuantity", "Decimal", lambda row: row[1].remaining)


def _shipment_properties() -> Iterable[Property]:
    yield Property("id", "Guid", lambda s: s.system_id)
    yield Property("number", "String", lambda s: s.number)
    yield Property("externalDocumentNumber", "String", lambda s: s.order.external_id)
    yield Property("postingDate", "Date", lambda s: s.posted_on)
    yield from _customer(lambda shipment: shipment.order)
    yield Property("orderNumber", "String", lambda s: s.order.sales_order_no)
    yield Property("lastModifiedDateTime", "DateTimeOffset", lambda s: s.modified_at)


def _shipment_line_properties() -> Iterable[Property]:
    yield Property("id", "Guid", lambda row: row[1].system_id)
    yield Property("documentId", "Guid", lambda row: row[0].system_id)
    yield Property("documentNo", "String", lambda row: row[0].number)
    yield Property("sequence", "Int32", lambda row: row[1].line_no)
    yield Property("lineType", "String", lambda row: "Item" if row[1].is_item else "Comment")
    yield Property("lineObjectNumber", "String", lambda row: row[1].item_no)
    yield Property("description", "String", lambda row: row[1].description)
    yield Property("unitOfMeasureCode", "String", lambda row: row[1].unit)
    yield Property("unitPrice", "Decimal", lambda row: row[1].sent["Price"])
    yield Property("quantity", "Decimal", lambda row: row[2])
    yield Property("shipmentDate", "Date", lambda row: row[0].posted_on)


def _sales_orders(company: Company) -> Iterable[CustomerOrder]:
    return (order for order in company.orders_where(posted=False) if order.sales_order_no)


def _lines_of(_company: Company, order: CustomerOrder) -> Iterable[tuple[CustomerOrder, OrderLine]]:
    return ((order, line) for line in order.lines)


def _shipment_lines_of(_company: Company, shipment: Any) -> Iterable[tuple[Any, OrderLine, Decimal]]:
    return ((shipment, line, quantity) for line, quantity in shipment.lines)


def _ship_and_invoice(company: Company, order: CustomerOrder) -> None:
    try:
        post(company, order, {}, by="api")
    except CannotPost as error:
        raise HttpRefusal(400, "Application_DialogException", str(error)) from error


SALES_ORDERS = EntitySet(
    "salesOrders",
    "salesOrder",
    tuple(_order_properties()),
    _sales_orders,
    version=lambda order: order.version,
    children={"salesOrderLines": ("salesOrderLines", _lines_of)},
    actions={"microsoft.nav.shipandinvoice": _ship_and_invoice},
)
SALES_ORDER_LINES = EntitySet(
    "salesOrderLines",
    "salesOrderLine",
    tuple(_line_properties()),
    lambda company: (row for order in _sales_orders(company) for row in _lines_of(company, order)),
    version=lambda row: row[0].version,
    needs_document=True,
)
SALES_SHIPMENTS = EntitySet(
    "salesShipments",
    "salesShipment",
    tuple(_shipment_properties()),
    lambda company: company.shipments.values(),
    version=lambda shipment: int(shipment.modified_at.timestamp() * 1000),
    children={"salesShipmentLines": ("salesShipmentLines", _shipment_lines_of)},
)
SALES_SHIPMENT_LINES = EntitySet(
    "salesShipmentLines",
    "salesShipmentLine",
    tuple(_shipment_line_properties()),
    lambda company: (row for shipment in company.shipments.values() for row in _shipment_lines_of(company, shipment)),
    needs_document=True,
)
