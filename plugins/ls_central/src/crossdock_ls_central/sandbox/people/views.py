"""Orders and items as an operator sees them: everything, as plain JSON with decimals as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from crossdock_ls_central.sandbox.catalog import Item, Store
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, Invoice, OrderLine, Shipment
from crossdock_ls_central.sandbox.soap.schema import Value
from crossdock_ls_central.sandbox.soap.values import write

View = dict[str, Any]


def order_summary(order: CustomerOrder) -> View:
    """The header of an order and its totals."""
    return {
        "document_id": order.document_id,
        "external_id": order.external_id,
        "state": _state(order),
        "status": order.status,
        "store": order.store,
        "created_at": order.created_at.isoformat(),
        "modified_at": order.modified_at.isoformat(),
        "sales_order_no": order.sales_order_no,
        "on_hold": order.on_hold,
        "totals": {
            "amount": write(order.amount),
            "net_amount": write(order.net_amount),
            "vat_amount": write(order.amount - order.net_amount),
            "quantity": write(_sum(line.quantity for line in order.lines)),
            "payments": write(_sum(Decimal(str(row["PreApprovedAmount"])) for row in order.payments)),
        },
        "shipments": [_shipment(shipment) for shipment in order.shipments],
        "invoices": [_posted(invoice) for invoice in order.invoices],
    }


def order_view(order: CustomerOrder) -> View:
    """An order with everything that was sent, and what became of it."""
    log = [{"line_no": e.line_no, "status": e.code, "at": e.at.isoformat()} for e in order.log]
    return {
        **order_summary(order),
        "header": _sent(order.header),
        "lines": [_line(line) for line in order.lines],
        "discounts": [_sent(row) for row in order.discounts],
        "payments": [_sent(row) for row in order.payments],
        "status_log": log,
    }


def item_view(item: Item) -> View:
    """An item with prices and stock by variant and location."""
    return {
        "number": item.number,
        "description": item.description,
        "type": item.type,
        "unit_price": write(item.unit_price),
        "variant_prices": {code: write(price) for code, price in item.variant_prices.items()},
        "vat_group": item.vat_group,
        "units": {code: write(quantity) for code, quantity in item.units.items()},
        "variants": {
            code: {"description": v.description, "blocked": v.blocked, "blocked_on_ecommerce": v.blocked_on_ecommerce}
            for code, v in item.variants.items()
        },
        "blocked": item.blocked,
        "blocked_on_ecommerce": item.blocked_on_ecommerce,
        "barcodes": dict(item.barcodes),
        "images": list(item.images),
        "attributes": dict(item.attributes),
        "html": item.html,
        "stock": [
            {"variant": variant, "location": location, "quantity": write(quantity)}
            for (variant, location), quantity in item.stock.items()
        ],
    }


def _state(order: CustomerOrder) -> str:
    if not order.posted:
        return "open"
    return "cancelled" if order.cancelled else "posted"


def _sent(row: Mapping[str, Value]) -> View:
    return {name: value if isinstance(value, bool | int | str) else write(value) for name, value in row.items()}


def _line(line: OrderLine) -> View:
    return {
        **_sent(line.sent),
        "status": line.status,
        "picked": write(line.picked),
        "short": write(line.short),
        "cancelled": write(line.cancelled),
        "shipped": write(line.shipped),
        "invoiced": write(line.invoiced),
    }


def _shipment(shipment: Shipment) -> View:
    return {
        **_posted(shipment),
        "tracking_no": shipment.tracking_no,
        "shipping_agent": shipment.agent,
        "shipping_agent_service": shipment.agent_service,
    }


def _posted(document: Shipment | Invoice) -> View:
    lines = [{"line_no": line.line_no, "item": line.item_no, "quantity": write(q)} for line, q in document.lines]
    return {"number": document.number, "posted_on": document.posted_on.isoformat(), "lines": lines}


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def store_view(store: Store) -> View:
    """A store."""
    return {
        "number": store.number,
        "name": store.name,
        "location": store.location,
        "sourcing": list(store.sourcing),
        "vat_bus_group": store.vat_bus_group,
        "web_store": store.web_store,
        "currency": store.currency,
    }
