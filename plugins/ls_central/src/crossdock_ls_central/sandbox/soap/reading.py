"""Customer Orders as the xmlports of the reading operations show them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, OrderLine, Shipment, StatusEntry
from crossdock_ls_central.sandbox.soap.get_port import GET_V3
from crossdock_ls_central.sandbox.soap.schema import Port, Record, Row, Value

_RECORDS = {record.name: record for record in GET_V3.records}


def get_v3(company: Company, order: CustomerOrder) -> Port:
    """The content of CustomerOrderGetV3."""
    document = {"DocumentID": order.document_id}
    return {
        "CustomerOrderGetCOHeaderV3": [_header(order, with_totals=not company.switches.zero_totals)],
        "CustomerOrderGetCOLineV3": [_line(company, order, line) for line in order.lines],
        "CustomerOrderGetCODiscountLineV3": [
            _as("CustomerOrderGetCODiscountLineV3", row, document) for row in order.discounts
        ],
        "CustomerOrderGetCOPaymentV3": [_as("CustomerOrderGetCOPaymentV3", row, document) for row in order.payments],
        "CustomerOrderGetSalesShipmentHeaderV3": [_shipment(shipment) for shipment in order.shipments],
        "CustomerOrderGetSalesShipmentLineV3": [row for s in order.shipments for row in _shipment_lines(s)],
    }


def status_v2(company: Company, order: CustomerOrder) -> Port:
    """The content of CustomerOrderStatusV2."""
    setup = company.statuses[order.status]
    newest = {entry.line_no: entry for entry in order.log}
    entries = order.log if company.switches.status_log == "history" else list(newest.values())
    head = {
        "DocumentID": order.document_id,
        "StatusCode": setup.code,
        "Description": setup.description,
        "ExtCode": setup.ext_code,
    }
    return {
        "CustomerOrderStatusLog": [head],
        "CustomerOrderStatusLineLog": [_status_line(company, order, entry) for entry in entries if entry.line_no],
    }


def _status_line(company: Company, order: CustomerOrder, entry: StatusEntry) -> Row:
    setup, line = company.statuses[entry.code], order.line(entry.line_no)
    row: dict[str, Value] = {
        "EntryNo": entry.entry_no,
        "AllowCancel": setup.cancel_allowed and not order.posted,
        "AllowModify": setup.modify_allowed and not order.posted,
        "Description": setup.description,
        "ItemLineNo": entry.line_no,
        "StatusCode": setup.code,
        "StatusChanged": entry.at,
        "ExtCode": setup.ext_code,
    }
    if line is not None:
        row |= {"ItenNo": line.item_no, "Quantity": line.quantity, "UnitOfMeasure": line.unit}
        row |= {"VariantCode": line.variant, "Amount": line.amount}
    return row


def filtered_row(order: CustomerOrder) -> Row:
    """One row of COFilteredListV2."""
    return {
        "DocumentID": order.document_id,
        "CreatedatStore": order.store,
        "Created": order.created_at,
        "MemberCardNo": order.header["MemberCardNo"],
        "FullName": order.header["Name"],
        "Address": order.header["Address"],
        "PhoneNo": order.header["PhoneNo"],
        "Email": order.header["Email"],
        "TotalAmount": order.amount,
        "TotalQuantity": sum((line.quantity for line in order.lines), Decimal(0)),
        "ProcessingStatus": order.status,
        "RequestedDeliveryDate": order.header["RequestedDeliveryDate"],
        "ShipOrder": order.header["ShipOrder"],
        "ExternalID": order.external_id,
    }


def matches(order: CustomerOrder, wanted: Row) -> bool:
    """Whether the order has every text that the filter row gives; StatusInt is not looked at."""
    row = filtered_row(order)
    return all(
        str(row.get(name, "")).upper() == value.strip().upper()
        for name, value in wanted.items()
        if isinstance(value, str) and value.strip() and name != "StatusInt"
    )


def _as(name: str, sent: Row, changed: Row) -> Row:
    """The sent row under the field names of another record, which may differ in case."""
    return _renamed(_RECORDS[name], sent) | dict(changed)


def _renamed(record: Record, sent: Row) -> dict[str, Value]:
    known = {name.lower(): value for name, value in sent.items()}
    return {name: known[name.lower()] for name in record.fields if name.lower() in known}


def _header(order: CustomerOrder, *, with_totals: bool) -> Row:
    known: dict[str, Value] = {
        "DocumentID": order.document_id,
        "CreatedatStore": order.store,
        "Created": order.created_at,
        "ExternalID": order.external_id,
        "ShowaspostedInt": order.posted,
        "OnHold": order.on_hold,
    }
    return _as("CustomerOrderGetCOHeaderV3", order.header, known | (_totals(order) if with_totals else {}))


def _totals(order: CustomerOrder) -> dict[str, Value]:
    discount = _sum(order.discounts, "DiscountAmount") or _sum((line.sent for line in order.lines), "DiscountAmount")
    return {
        "TotalAmount": order.amount,
        "OrderNetAmount": order.net_amount,
        "TotalDiscount": discount,
        "TotalDiscountInt": discount,
        "TotalQuantity": sum((line.quantity for line in order.lines), Decimal(0)),
        "TotalAmountInt": order.amount,
        "TotalPaymentInt": _sum(order.payments, "FinalizedAmount"),
        "TotalPreAuthorizationInt": _sum(order.payments, "PreApprovedAmount"),
    }


def _line(company: Company, order: CustomerOrder, line: OrderLine) -> Row:
    item = company.item(line.item_no)
    variant = item.variants.get(line.variant) if item else None
    changed: dict[str, Value] = {
        "DocumentID": order.document_id,
        "Status": line.status,
        "LineType": line.sent["LineType"] or "0",
        "Number": line.item_no,
        "VariantCode": line.variant,
        "UnitofMeasureCode": line.unit,
        "VatProdPostingGroup": line.vat_group,
        "ItemDescription": line.description,
        "VariantDescription": variant.description if variant else "",
        "UoMDescription": line.unit,
        "StoreNo": line.store,
        "ClickAndCollectLine": line.sent["ClickAndCollect"],
        "SourcingLocation": line.sent["SourcingLocation"] or line.location,
        "ShipLine": bool(order.sales_order_no),
        "QtyPicked": line.picked,
        "QtyShortage": line.short,
        "QtyCanceledInPicking": line.cancelled,
    }
    return _as("CustomerOrderGetCOLineV3", line.sent, changed)


def _shipment(shipment: Shipment) -> Row:
    header = shipment.order.header
    return {
        "DocumentID": shipment.number,
        "RequestedDate": header["RequestedDeliveryDate"],
        "OrderNo": shipment.order.sales_order_no,
        "CustomerOrderId": shipment.order.document_id,
        "ShipToName": header["ShipToName"],
        "ShipToAddress": header["ShipToAddress"],
        "ShipToAddress2": header["ShipToAddress2"],
        "ShipToPostCode": header["ShipToPostCode"],
        "ShipToCity": header["ShipToCity"],
        "ShipToCounty": header["ShipToCounty"],
        "ShipToCountry": header["ShipToCountryRegionCode"],
        "ShippingAgentCode": shipment.agent,
        "ShippingAgentServiceCode": shipment.agent_service,
        "PackageTrackingNo": shipment.tracking_no,
        "ShipmentDate": shipment.posted_on,
    }


def _shipment_lines(shipment: Shipment) -> Iterable[Row]:
    for line, quantity in shipment.lines:
        yield {
            "DocumentID": shipment.number,
            "LineNo": line.line_no,
            "ItemNo": line.item_no,
            "Description": line.description,
            "Quantity": quantity,
            "UnitOfMeasure": line.unit,
            "PlannedDeliveryDate": shipment.posted_on,
            "PlannedShipmentDate": shipment.posted_on,
            "ShipmentDate": shipment.posted_on,
        }


def _sum(rows: Iterable[Row], name: str) -> Decimal:
    return sum((Decimal(str(row[name])) for row in rows), Decimal(0))
