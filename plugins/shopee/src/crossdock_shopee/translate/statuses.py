"""Statuses: every documented word, and unknown for the rest. Pure.

Source: Shopee Open Platform v2, developer guide, "Order management" and "Data definition".
"""

from __future__ import annotations

from crossdock.model import OrderStatus, ReturnStatus, ShipmentStatus

__all__ = ["ORDER", "PACKAGE", "RETURN", "order_status", "package_status", "return_status"]

ORDER = {
    "UNPAID": OrderStatus.UNPAID,
    "PENDING": OrderStatus.HELD,
    "INVOICE_PENDING": OrderStatus.HELD,
    "READY_TO_SHIP": OrderStatus.OPEN,
    "RETRY_SHIP": OrderStatus.OPEN,  # the pick-up failed: it has to be arranged again
    "PROCESSED": OrderStatus.ARRANGED,
    "SHIPPED": OrderStatus.SHIPPED,
    "TO_CONFIRM_RECEIVE": OrderStatus.DELIVERED,
    "COMPLETED": OrderStatus.COMPLETED,
    "IN_CANCEL": OrderStatus.CANCELLING,
    "CANCELLED": OrderStatus.CANCELLED,
    "TO_RETURN": OrderStatus.RETURNING,
}

PACKAGE = {
    "LOGISTICS_NOT_START": ShipmentStatus.WAITING,
    "LOGISTICS_NOT_STARTED": ShipmentStatus.WAITING,  # how push messages spell it
    "LOGISTICS_PENDING_ARRANGE": ShipmentStatus.READY,
    "LOGISTICS_READY": ShipmentStatus.READY,
    "LOGISTICS_REQUEST_CREATED": ShipmentStatus.ARRANGED,
    "LOGISTICS_PICKUP_DONE": ShipmentStatus.SHIPPED,
    "LOGISTICS_PICKUP_RETRY": ShipmentStatus.RETRY,
    "LOGISTICS_PICKUP_FAILED": ShipmentStatus.FAILED,
    "LOGISTICS_DELIVERY_DONE": ShipmentStatus.DELIVERED,
    "LOGISTICS_DELIVERY_FAILED": ShipmentStatus.FAILED,
    "LOGISTICS_INVALID": ShipmentStatus.CANCELLED,
    "LOGISTICS_REQUEST_CANCELED": ShipmentStatus.CANCELLED,
    "LOGISTICS_COD_REJECTED": ShipmentStatus.CANCELLED,
    "LOGISTICS_LOST": ShipmentStatus.LOST,
}

RETURN = {
    "REQUESTED": ReturnStatus.REQUESTED,
    "ACCEPTED": ReturnStatus.ACCEPTED,
    "PROCESSING": ReturnStatus.IN_TRANSIT,
    "JUDGING": ReturnStatus.DISPUTED,
    "SELLER_DISPUTE": ReturnStatus.DISPUTED,
    "REFUND_PAID": ReturnStatus.REFUNDED,  # of the first version of the API; seen in the wild
    "CLOSED": ReturnStatus.CLOSED,
    "CANCELLED": ReturnStatus.CANCELLED,
}


def order_status(word: str) -> OrderStatus:
    """Our status for their `order_status`."""
    return ORDER.get(word, OrderStatus.UNKNOWN)


def package_status(word: str, *, arranged: bool = False) -> ShipmentStatus:
    """Our status for their `logistics_status`.

    Args:
        word: theirs.
        arranged: `is_shipment_arranged`: after arranging, a package goes on saying LOGISTICS_READY for a while.
    """
    status = PACKAGE.get(word, ShipmentStatus.UNKNOWN)
    return ShipmentStatus.ARRANGED if arranged and status is ShipmentStatus.READY else status


def return_status(word: str) -> ReturnStatus:
    """Our status for a return's `status`."""
    return RETURN.get(word, ReturnStatus.UNKNOWN)
