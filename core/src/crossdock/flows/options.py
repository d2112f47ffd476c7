"""What a route may say about each flow: one model a flow, documented field by field for the JSON Schema."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def _duration(value: object) -> object:
    """Read ``90s``, ``5m``, ``2h`` or ``1d``."""
    if isinstance(value, str) and value[:-1].isdigit() and value[-1] in _UNITS:
        return timedelta(seconds=int(value[:-1]) * _UNITS[value[-1]])
    if isinstance(value, timedelta):
        return value
    raise ValueError("a duration is a whole number and a unit: 90s, 5m, 2h or 1d")


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(lambda value: f"{int(value.total_seconds())}s"),
    WithJsonSchema({"type": "string", "pattern": r"^\d+[smhd]$", "examples": ["90s", "5m", "2h", "1d"]}),
]


class FlowOptions(BaseModel):
    """What all flows have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = True
    """Switch the flow off without losing its settings."""
    in_flight: int = Field(default=32, ge=1, le=256)
    """How many steps of different orders or products are under way at once."""


class CancellationWish(StrEnum):
    """What to do when a buyer asks to cancel."""

    ASK = "ask"
    ACCEPT = "accept"
    REJECT = "reject"


class PartialPosting(StrEnum):
    """What to do when the backend posted a part of an order and the channel has one parcel for it."""

    WAIT = "wait"
    CONFLICT = "conflict"


class OrdersOptions(FlowOptions):
    """Orders, shipments and returns of a route."""

    every: Duration = timedelta(minutes=5)
    """How often the channel and the backend are asked for changes."""
    first_look: Duration = timedelta(days=1)
    """How far back the very first run reads; history before that is a matter of `crossdock backfill`."""
    process_order: bool = True
    """Posting in the backend arranges the shipment on the channel."""
    create_fulfilled_orders: bool = False
    """Orders that the channel had processed before they were first seen come in and are posted at once.

    Switched off, they are left out, and their timeline says so."""
    buyer_cancellation: CancellationWish = CancellationWish.ASK
    """A buyer asks to cancel: `ask` parks the order for a person, `accept` and `reject` answer at once."""
    cancel_on_channel: bool = True
    """An order cancelled in the backend is cancelled on the channel."""
    partial_posting: PartialPosting = PartialPosting.WAIT
    """The backend posted a part, the channel has one parcel: `wait` until all is posted, or park as a `conflict`."""
    labels: bool = False
    """Fetch the shipping label once a parcel is arranged, and keep it beside the ledger."""
    returns: bool = True
    """Read returns, so that they appear in timelines and in `crossdock returns list`."""
    tracking_every: Duration = timedelta(minutes=5)
    """How soon an arranged parcel without tracking number is looked at again; doubled each time, up to 1 h."""
    settle_after: Duration = timedelta(minutes=2)
    """How long a request without answer may still be carried out by the far side.

    A step in doubt that was not found is sent again only after this time and a second look. Systems that refuse a
    second use of the reference by themselves need no wait, and the plugin says so."""


class StockOptions(FlowOptions):
    """Stock of a route, from the backend to the channel."""

    every: Duration = timedelta(minutes=1)
    """How often the backend is asked for changed levels."""
    full_every: Duration = timedelta(days=1)
    """How often all levels are read and compared."""
    buffer: int = Field(default=0, ge=0)
    """Units of each SKU that are never shown."""


class ProductsOptions(FlowOptions):
    """Products and prices of a route, from the backend to the channel."""

    every: Duration = timedelta(minutes=15)
    """How often the backend is asked for changed products."""
    allow_delete: bool = False
    """Delete listings of products that the backend deleted. Off, they are delisted."""


FLOWS: dict[str, type[FlowOptions]] = {"orders": OrdersOptions, "stock": StockOptions, "products": ProductsOptions}
"""Flow to what may be said about it. Shipments belong to `orders`: they act on the same pairs."""
