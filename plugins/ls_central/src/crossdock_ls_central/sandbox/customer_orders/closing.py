"""The move of an order from the open to the posted tables."""

from __future__ import annotations

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder


def close(company: Company, order: CustomerOrder, *, cancelled: bool) -> None:
    """Move `order` to the posted Customer Orders, as cancelled or as completed."""
    order.posted = True
    order.cancelled = cancelled
    company.log_status(order, 0, "CANCELED" if cancelled else "CLOSED")
