"""What a route may say about each flow: one model a flow, documented field by field for the JSON Schema."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from crossdock.documented import Documented
from crossdock.flows.schedule import Cron

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


class FlowOptions(Documented):
    """What all flows have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    """Switch the flow off without losing its settings."""
    in_flight: int = Field(default=32, ge=1, le=256)
    """How many steps of different orders or products are under way at once."""
    cron: str = ""
    """Moments of scheduled runs instead of `every`: minute, hour, day of month, month, weekday, as in `0 3 * * 1-5`."""
    time_zone: str = "UTC"
    """Whose clock `cron` means, such as `Asia/Singapore`."""
    jitter: Duration | None = None
    """By how much scheduled runs are scattered; without it a twentieth of `every`, and not at all with `cron`."""

    @model_validator(mode="after")
    def _one_schedule(self) -> Self:
        if self.cron:
            Cron(self.cron, self.time_zone)
            if "every" in self.model_fields_set:
                raise ValueError("cron and every are two schedules: leave one out")
        elif "time_zone" in self.model_fields_set:
            raise ValueError("time_zone says whose clock cron means, and there is no cron")
        return self


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
    create_unpaid: bool = False
    """Orders come in before they are paid, where the backend follows the channel's status (an OMS)."""
    buyer_cancellation: CancellationWish = CancellationWish.ASK
    """A buyer asks to cancel: `ask` parks the order for a person, `accept` and `reject` answer at once."""
    cancel_on_channel: bool = True
    """An order cancelled in the backend is cancelled on the channel."""
    partial_posting: PartialPosting = PartialPosting.WAIT
    """The backend posted a part, the channel has one parcel: `wait` until all is posted, or park as a `conflict`."""
    labels: bool = False
    """Fetch the shipping label once a parcel is arranged, and keep it beside the ledger."""
    label_megabytes: int = Field(default=10, ge=1, le=100)
    """The largest label that is taken, in megabytes; a larger one parks its order. Air waybills have some kilobytes."""
    returns: bool = True
    """Read returns, so that they appear in timelines and in `crossdock returns list`."""
    tracking_every: Duration = timedelta(minutes=5)
    """How soon an arranged parcel without tracking number is looked at again; doubled each time, up to 1 h."""
    recheck_every: Duration = timedelta(hours=6)
    """How often every order whose document is still open is read again though nothing tells of a change: a document
    that was deleted leaves no trace. Two hundred orders a run at most; `0s` switches it off."""
    settle_after: Duration = timedelta(minutes=2)
    """How long a request without answer may still be carried out by the far side.

    A step in doubt that was not found is sent again only after this time and a second look. Systems that refuse a
    second use of the reference by themselves need no wait, and the plugin says so."""


class Unlisted(StrEnum):
    """What to do about stock of what the channel does not list."""

    PARK = "park"
    LEAVE = "leave"


class HoldSold(StrEnum):
    """How long units that the channel sold are taken off what the backend has."""

    UNTIL_CREATED = "until_created"
    UNTIL_SHIPPED = "until_shipped"
    NEVER = "never"


class StockOptions(FlowOptions):
    """Stock of a route, from the backend to the channel.

    What is shown: available x unit, minus what is sold and not in the backend yet, minus what routes of a higher
    priority show, x percentage, minus buffer, at most max_listed, nothing when it is end_when_at_most or less; whole
    units, never below zero.
    """

    every: Duration = timedelta(minutes=1)
    """How often the backend is asked for changed levels."""
    full_every: Duration = timedelta(days=1)
    """How often all levels are read, so that nothing stays wrong for longer."""
    percentage: int = Field(default=100, ge=1, le=100)
    """How much of what is available this channel may show. Routes that sell the same stock each say theirs."""
    priority: int | None = Field(default=None, ge=1)
    """Which of the routes that sell the same stock is served first: the one with the lowest number.

    Instead of percentages: it takes what it may show, up to its max_listed, the next one takes from what is left."""
    buffer: int = Field(default=0, ge=0)
    """Units of each SKU that are never shown."""
    max_listed: int | None = Field(default=None, ge=1)
    """The most that is shown of a SKU, however much there is."""
    end_when_at_most: int = Field(default=0, ge=0)
    """Nothing is shown of a SKU of which this many or fewer would be shown."""
    units: dict[str, Decimal] = Field(default_factory=dict)
    """Unit of measure to how many sold units one holds, such as `{ CASE = "12" }`. Given any, a level in another unit
    is parked; given none, levels count as they come."""
    kits: dict[str, dict[str, Decimal]] = Field(default_factory=dict)
    """SKU of a kit to its parts, such as `{ SET = { MUG = "2", TEA = "1" } }`: as many as the scarcest part allows."""
    hold_sold: HoldSold = HoldSold.UNTIL_CREATED
    """How long units of open channel orders are not shown again.

    `until_created`: until the level of the backend was read after the order's document was made (a backend that
    reserves what is ordered). `until_shipped`: until the backend has shipped them (one whose levels fall only then).
    `never`: they are shown again at once."""
    own_stock: bool = False
    """No other route sells from the locations that this route publishes, though their backend is the same."""
    unlisted: Unlisted = Unlisted.PARK
    """Stock of SKUs that the channel does not list: `park` asks a person once for all, `leave` passes over them."""
    fresh_for: Duration = timedelta(minutes=15)
    """When the backend could not be read for this long, levels are only lowered, not raised."""
    brake_percent: int = Field(default=30, ge=1, le=100)
    """When more than this part of what is on sale would drop to zero in one run, a person is asked first."""
    brake_from: int = Field(default=10, ge=1)
    """Up to this many SKUs may drop to zero without being asked about, whatever part they are."""
    heal: bool = False
    """Correct levels that somebody changed on the channel; off, they are only reported."""
    drift_every: Duration = timedelta(hours=6)
    """How often what the channel shows is compared with what it should show."""
    settle_after: Duration = timedelta(minutes=2)
    """How long a request without answer may still be carried out by the far side: the level is sent once more then."""

    @field_validator("units", "kits")
    @classmethod
    def _positive(cls, value: dict[str, Any]) -> dict[str, Any]:
        for name, held in value.items():
            parts = held if isinstance(held, dict) else {name: held}
            if not parts or any(quantity <= 0 for quantity in parts.values()):
                raise ValueError(f"{name} holds nothing, or a quantity that is not above 0")
        return value

    @field_validator("kits")
    @classmethod
    def _flat(cls, kits: dict[str, dict[str, Decimal]]) -> dict[str, dict[str, Decimal]]:
        for name, parts in kits.items():
            nested = sorted(parts.keys() & kits.keys())
            if nested:
                raise ValueError(f"part {nested[0]} of kit {name} is a kit itself; name its parts instead")
        return kits


class Blocked(StrEnum):
    """What becomes of the listing of a product that must not be sold online."""

    DELIST = "delist"
    ZERO = "zero"


class Adopt(StrEnum):
    """What becomes of the content of a listing that was there before."""

    KEEP = "keep"
    OVERWRITE = "overwrite"


class ProductsOptions(FlowOptions):
    """Products and prices of a route, from the backend to the channel."""

    every: Duration = timedelta(minutes=15)
    """How often the backend is asked for changed products."""
    create: bool = False
    """List products that the channel does not list yet. Look at `crossdock products match` before switching it on."""
    adopt: Adopt = Adopt.KEEP
    """A listing that was there before: `keep` leaves its content until the product changes, `overwrite` brings it in
    line at once."""
    prices: bool = True
    """Keep prices in line."""
    blocked: Blocked = Blocked.DELIST
    """A product that must not be sold online: `delist` takes its listing off sale, `zero` shows no stock of it."""
    allow_delete: bool = False
    """Delete listings of products that the backend deleted. Off, they are delisted."""
    settle_after: Duration = timedelta(minutes=2)
    """How long a request without answer may still be carried out: a listing that was not found is made again only
    after this time and a second look."""


FLOWS: dict[str, type[FlowOptions]] = {"orders": OrdersOptions, "stock": StockOptions, "products": ProductsOptions}
"""Flow to what may be said about it. Shipments belong to `orders`: they act on the same pairs."""
