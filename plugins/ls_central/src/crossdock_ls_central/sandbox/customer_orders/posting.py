"""Picking and posting, as a person in the store or at the sales order does it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.closing import close
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, Invoice, OrderLine, Shipment

Quantities = Mapping[int, Decimal]


class CannotPost(Exception):
    """The order is not in a state in which this can be done; the message says why."""


def pick(company: Company, order: CustomerOrder, short: Quantities) -> None:
    """Pick all lines; what is `short` by line number will never be shipped.

    Raises:
        CannotPost: the order is closed, or a line cannot be that short.
    """
    _must_be_open(order)
    for line_no, missing in short.items():
        line = order.line(line_no)
        if line is None or not 0 < missing <= line.remaining:
            raise CannotPost(f"Line {line_no} of {order.document_id} cannot be short by {missing}.")
    for line in order.lines:
        missing = short.get(line.line_no, Decimal(0))
        line.short += missing
        company.reserve(line, -missing)
        line.picked = line.quantity - line.short - line.cancelled
        if line.remaining > 0:
            company.log_status(order, line.line_no, "PICKED")
        elif line.short:
            company.log_status(order, line.line_no, "SHORTAGE")
    company.log_status(order, 0, "PICKED")
    company.world.oracle.record("pick_order", order.external_id or order.document_id, short=len(short))
    if order.done:
        close(company, order, cancelled=not order.shipments)


def post(
    company: Company, order: CustomerOrder, quantities: Quantities, *, invoice: bool = True, by: str = "person"
) -> Shipment:
    """Ship, and by default invoice, what is left or `quantities` by line number; the oracle remembers who did `by`.

    Raises:
        CannotPost: the order is closed, has no sales order, or a quantity is not there to be shipped.
    """
    _must_be_open(order)
    if not order.sales_order_no:
        raise CannotPost(f"Customer Order {order.document_id} is collected in a store and has no sales order.")
    chosen = quantities or {line.line_no: line.remaining for line in order.lines if line.remaining > 0}
    lines = [(_shippable(order, number, quantity), quantity) for number, quantity in chosen.items()]
    shipment = _ship(company, order, lines)
    if invoice:
        _invoice(company, order, lines)
    key = order.external_id or order.document_id
    company.world.oracle.record("post_order", key, document_id=order.document_id, shipment=shipment.number, by=by)
    if order.done:
        close(company, order, cancelled=False)
    else:
        company.touch_order(order)
    return shipment


def _must_be_open(order: CustomerOrder) -> None:
    if order.posted:
        raise CannotPost(f"Customer Order {order.document_id} is already posted.")


def _shippable(order: CustomerOrder, line_no: int, quantity: Decimal) -> OrderLine:
    line = order.line(line_no)
    if line is None:
        raise CannotPost(f"Customer Order {order.document_id} has no line {line_no}.")
    if not 0 < quantity <= line.remaining:
        raise CannotPost(f"Only {line.remaining} of line {line_no} of {order.document_id} is left, not {quantity}.")
    return line


def _ship(company: Company, order: CustomerOrder, lines: list[tuple[OrderLine, Decimal]]) -> Shipment:
    header = order.header
    shipment = Shipment(
        number=company.next_number("shipment"),
        order=order,
        lines=lines,
        posted_on=company.today(),
        agent=str(header["ShippingAgentCode"]),
        agent_service=str(header["ShippingAgentServiceCode"]),
        system_id=company.new_id(),
        modified_at=company.now(),
    )
    for line, quantity in lines:
        line.shipped += quantity
        company.reserve(line, -quantity)
        if line.remaining <= 0:
            company.log_status(order, line.line_no, "SHIPPED")
        _take_from_stock(company, line, quantity)
    company.add_shipment(shipment)
    return shipment


def _take_from_stock(company: Company, line: OrderLine, quantity: Decimal) -> None:
    item = company.item(line.item_no)
    if item is None or item.is_service:
        return
    place = (line.variant, line.location)
    item.stock[place] = item.stock.get(place, Decimal(0)) - quantity * line.units_per
    company.touch_stock(item, *place)


def _invoice(company: Company, order: CustomerOrder, lines: list[tuple[OrderLine, Decimal]]) -> None:
    for line, quantity in lines:
        line.invoiced += quantity
    order.invoices.append(Invoice(company.next_number("invoice"), order, lines, company.today(), company.new_id()))
