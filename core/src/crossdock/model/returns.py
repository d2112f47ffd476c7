"""A return: a buyer sends goods back or asks for money back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from crossdock.model.money import Money
from crossdock.model.noun import Noun


class ReturnStatus(StrEnum):
    """Where a return is, in our words."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    REJECTED = "rejected"
    IN_TRANSIT = "in_transit"
    REFUNDED = "refunded"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class ReturnLine(Noun):
    """What comes back."""

    line_id: str
    sku: str
    quantity: Decimal


class Return(Noun):
    """A return, as one side shows it."""

    id: str
    order_id: str
    status: ReturnStatus
    vendor_status: str
    reason: str = ""
    lines: tuple[ReturnLine, ...] = ()
    refund: Money | None = None
    tracking_number: str = ""
    requested_at: datetime | None = None
    due_at: datetime | None = None
    """Until when the seller must answer; UTC."""
    updated_at: datetime | None = None
