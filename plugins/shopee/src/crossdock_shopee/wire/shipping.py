"""What a parcel needs to be arranged, and what became of documents. Pure.

Source: Shopee Open Platform v2, logistics.get_shipping_parameter and the shipping document calls.
"""

from __future__ import annotations

import msgspec

__all__ = [
    "Branch",
    "DocumentRow",
    "DocumentRows",
    "Dropoff",
    "Needs",
    "Offer",
    "Pickup",
    "PickupAddress",
    "Slot",
    "Slug",
]


class Needs(msgspec.Struct, gc=False):
    """Which ways are allowed (a list is there, though it may be empty) and what each needs."""

    pickup: list[str] | None = None
    dropoff: list[str] | None = None
    non_integrated: list[str] | None = None


class Slot(msgspec.Struct, gc=False):
    """When they can come."""

    pickup_time_id: str
    date: int | None = 0


class PickupAddress(msgspec.Struct, gc=False):
    """From where they can fetch it."""

    address_id: int
    address_flag: list[str] | None = None
    time_slot_list: list[Slot] | None = None


class Pickup(msgspec.Struct, gc=False):
    """Choices for a pick-up."""

    address_list: list[PickupAddress] | None = None


class Branch(msgspec.Struct, gc=False):
    """Where it can be brought."""

    branch_id: int


class Slug(msgspec.Struct, gc=False):
    """A carrier for a drop-off (Taiwan)."""

    slug: str


class Dropoff(msgspec.Struct, gc=False):
    """Choices for a drop-off."""

    branch_list: list[Branch] | None = None
    slug_list: list[Slug] | None = None


class Offer(msgspec.Struct, gc=False):
    """All that is offered for one parcel."""

    info_needed: Needs
    pickup: Pickup | None = None
    dropoff: Dropoff | None = None


class DocumentRow(msgspec.Struct, gc=False):
    """How one parcel's document fares."""

    order_sn: str = ""
    status: str | None = ""
    suggest_shipping_document_type: str | None = ""
    fail_error: str | None = ""
    fail_message: str | None = ""


class DocumentRows(msgspec.Struct):
    """One row a parcel."""

    result_list: list[DocumentRow]
