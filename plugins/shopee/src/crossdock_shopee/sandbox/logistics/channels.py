"""The carriers' channels and the seller's addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

Mode = Literal["pickup", "dropoff", "non_integrated"]


@dataclass(frozen=True)
class Channel:
    """One channel.

    Attributes:
        id: ``logistics_channel_id``.
        name: None is the market's usual carrier.
        modes: how a shipment can be arranged, and what each way needs; an empty tuple needs nothing.
        has_slots: a pickup names one of the offered times.
    """

    id: int
    name: str | None
    modes: dict[Mode, tuple[str, ...]]
    has_slots: bool = True


CHANNELS = {
    channel.id: channel
    for channel in (
        Channel(11006, None, {"dropoff": (), "pickup": ("address_id", "pickup_time_id")}),
        Channel(11007, "Doorstep Pickup", {"pickup": ("address_id", "pickup_time_id")}),
        Channel(11008, "Pickup Without Slots", {"pickup": ("address_id", "pickup_time_id")}, has_slots=False),
        Channel(11009, "Branch Drop-off", {"dropoff": ("branch_id",)}),
        Channel(11010, "Store Drop-off", {"dropoff": ("sender_real_name",)}),
        Channel(11011, "Seller's Labels", {"dropoff": ("tracking_no",)}),
        Channel(19999, "Seller's Own Fleet", {"non_integrated": ("tracking_number",)}),
    )
}
STANDARD_CHANNEL_ID = 11006


@dataclass(frozen=True)
class SellerAddress:
    """An address of the seller; `types` as in the address list."""

    id: int
    address: str
    zipcode: str
    types: tuple[str, ...]

    def row(self, region: str) -> dict[str, object]:
        """The members that every answer has."""
        empty = dict.fromkeys(("state", "city", "district", "town"), "")
        return {"address_id": self.id, "region": region, **empty, "address": self.address, "zipcode": self.zipcode}


ADDRESSES = (
    SellerAddress(123, "1 Sandbox Road", "400009", ("DEFAULT_ADDRESS", "PICK_UP_ADDRESS", "RETURN_ADDRESS")),
    SellerAddress(234, "2 Sandbox Road, #34", "400010", ()),
)
BRANCHES = ({"branch_id": 501, "address": "1 Branch Street"}, {"branch_id": 502, "address": "2 Branch Street"})

_FLAGS = {
    "DEFAULT_ADDRESS": "default_address",
    "PICK_UP_ADDRESS": "pickup_address",
    "RETURN_ADDRESS": "return_address",
}


def pickup_slots(now: int) -> list[dict[str, object]]:
    """The times at which a carrier comes by: the next three days, at ten o'clock in Singapore."""
    morning = datetime.fromtimestamp(now, UTC).replace(hour=2, minute=0, second=0)
    days = [int((morning + timedelta(days=number)).timestamp()) for number in (1, 2, 3)]
    return [{"date": day, "time_text": "10:00-18:00", "pickup_time_id": str(day), "flags": []} for day in days]


def pickup_addresses(channel: Channel, region: str, now: int) -> list[dict[str, object]]:
    """The seller's addresses as a pickup offers them; here their flags are in lower case."""
    slots = pickup_slots(now) if channel.has_slots else None
    return [
        {
            **address.row(region),
            "address_flag": [_FLAGS[kind] for kind in address.types],
            "time_slot_list": slots,
        }
        for address in ADDRESSES
    ]


def branches(region: str) -> list[dict[str, object]]:
    """Where a parcel may be dropped off."""
    empty = dict.fromkeys(("state", "city", "district", "town"), "")
    return [{**empty, "region": region, "zipcode": "400011", **branch} for branch in BRANCHES]
