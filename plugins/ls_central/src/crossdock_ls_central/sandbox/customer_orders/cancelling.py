"""Cancelling a Customer Order, whole or by line, by a web service or by a person."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.closing import close
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, OrderLine
from crossdock_ls_central.sandbox.refusal import BusinessRefusal

Quantities = Mapping[int, Decimal]


def cancel(company: Company, document_id: str, quantities: Quantities, by: str) -> CustomerOrder:
    """Cancel an open order.

    Args:
        company: whose order it is.
        document_id: number of the Customer Order.
        quantities: what to cancel by line number; empty cancels all that is left.
        by: who cancels, for the oracle.

    Raises:
        BusinessRefusal: the order is not open, or the status of a line does not allow it.
    """
    order = company.open_order(document_id)
    if order is None:
        raise BusinessRefusal("2202", f"Customer Order {document_id} does not exist.")
    chosen = quantities or {line.line_no: line.remaining for line in order.lines if line.remaining > 0}
    for line, quantity in _checked(company, order, chosen):
        line.cancelled += quantity
        company.reserve(line, -quantity)
        if not line.remaining:
            company.log_status(order, line.line_no, "CANCELED")
    company.world.oracle.record(
        "cancel_order",
        order.external_id or order.document_id,
        document_id=order.document_id,
        lines={str(number): str(quantity) for number, quantity in quantities.items()},
        by=by,
    )
    company.touch_order(order)
    if order.done:
        close(company, order, cancelled=not quantities or not any(line.shipped for line in order.lines))
    return order


def _checked(company: Company, order: CustomerOrder, chosen: Quantities) -> list[tuple[OrderLine, Decimal]]:
    lines = []
    for line_no, quantity in chosen.items():
        line = order.line(line_no)
        if line is None:
            raise BusinessRefusal("0099", f"Customer Order {order.document_id} has no line {line_no}.")
        if quantity <= 0:
            raise BusinessRefusal("1106", f"Quantity of line {line_no} must be positive, not {quantity}.")
        if quantity > line.remaining:
            raise BusinessRefusal("0099", f"Only {line.remaining} of line {line_no} can be cancelled, not {quantity}.")
        if not company.statuses[line.status].cancel_allowed:
            raise BusinessRefusal("1900", f"Line {line_no} in status {line.status} cannot be cancelled.")
        lines.append((line, quantity))
    return lines
