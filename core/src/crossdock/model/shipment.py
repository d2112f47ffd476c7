"""A shipment: one parcel of an order, as one side shows it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import AwareDatetime

from crossdock.model.noun import Noun


class ShipmentStatus(StrEnum):
    """Where a parcel is. The system's own word stays beside it in `vendor_status`."""

    WAITING = "waiting"  # not ready to be arranged
    READY = "ready"  # can be arranged
    ARRANGED = "arranged"  # the carrier knows of it
    SHIPPED = "shipped"  # handed over
    DELIVERED = "delivered"
    RETRY = "retry"  # pick-up failed, can be arranged again
    FAILED = "failed"  # could not be picked up or delivered
    LOST = "lost"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"  # a word that the plugin does not know: shown, never guessed


class ShipmentLine(Noun):
    """How much of an order line is in the parcel."""

    line_id: str
    quantity: Decimal


class Shipment(Noun):
    """A parcel: a package of a marketplace, a posted sales shipment of an ERP."""

    id: str
    """The system's own number: a package number, a posted shipment number."""
    status: ShipmentStatus
    vendor_status: str
    carrier: str = ""
    """The system's own name or code of the carrier."""
    service: str = ""
    tracking_number: str = ""
    """Empty until the carrier has issued one."""
    lines: tuple[ShipmentLine, ...] = ()
    """Empty means everything that the order has."""
    shipped_at: AwareDatetime | None = None
    """UTC."""

    @property
    def is_arranged(self) -> bool:
        """True once the carrier knows of the parcel, whatever became of it since."""
        return self.status in _ARRANGED


_ARRANGED = frozenset(
    {
        ShipmentStatus.ARRANGED,
        ShipmentStatus.SHIPPED,
        ShipmentStatus.DELIVERED,
        ShipmentStatus.FAILED,
        ShipmentStatus.LOST,
    }
)


class Label(Noun):
    """A shipping label (air waybill), ready to print."""

    shipment_id: str
    media_type: str
    """``application/pdf`` unless the carrier prints otherwise."""
    content: bytes
