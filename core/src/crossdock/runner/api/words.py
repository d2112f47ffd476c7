"""What is asked and answered, as the OpenAPI document describes it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from crossdock.documented import Documented

Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]+$", examples=["settled by hand"])]
_LARGEST = 2**53 - 1
"""Beyond it a JSON number is not the same everywhere."""


class Word(Documented):
    """One thing that is asked or answered."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True, defer_build=True)


class Nothing(Word):
    """Nothing is asked."""


class OfOrders(Word):
    """Which orders to list."""

    route: Name | None = None
    """Only of this route."""
    after: Name | None = None
    """Go on behind this order number."""
    limit: int = Field(default=100, ge=1, le=500)
    """How many at most."""


class OfOrder(Word):
    """Which order is meant."""

    number: Name
    """The order's number on either side."""


class OfParked(Word):
    """Which parked items to list."""

    route: Name | None = None
    """Only of this route, its stock and products included."""
    cause: Name | None = None
    """Only of this cause."""
    limit: int = Field(default=100, ge=1, le=500)
    """How many at most, oldest first."""


class OfItem(Word):
    """Which parked item is meant."""

    item: int = Field(ge=1, le=_LARGEST)
    """Its number."""


class OfLane(Word):
    """Which lane is meant."""

    route: Name
    """A route of the configuration."""
    flow: Name
    """`orders`, `stock` or `products`."""


class OfActs(Word):
    """Which acts to list."""

    before: int | None = Field(default=None, ge=1, le=_LARGEST)
    """Go on before the act of this number."""
    limit: int = Field(default=100, ge=1, le=500)
    """How many at most, the latest first."""


class Because(Word):
    """Why somebody does something; kept in the audit and in the order's timeline."""

    reason: Reason


class Maybe(Word):
    """Why somebody does something, if they care to say."""

    reason: Reason | None = None


class RouteWord(Word):
    """How the orders of a route stand."""

    route: str
    orders: int
    linked: int
    parked: int
    in_doubt: int
    waiting: int
    unsynced: int
    unsynced_since: datetime | None
    ship_by: datetime | None
    overdue: int
    due_soon: int


class LaneWord(Word):
    """How a lane fares."""

    lane: str
    every_seconds: float
    lag_seconds: float
    running: bool
    runs: dict[str, int]
    error: str


class StatusWord(Word):
    """How everything stands."""

    version: str
    routes: list[RouteWord]
    parked: dict[str, int]
    """Lane to items that wait for a person; a lane without flow is that of orders."""
    paused: dict[str, datetime]
    """Connections that have to sign in, and since when."""


class OrderWord(Word):
    """One order, in a line."""

    route: str
    order: str
    document: str
    channel_status: str
    document_status: str
    parked: bool


class EventWord(Word):
    """One line of a timeline."""

    at: datetime
    what: str
    text: str


class SideWord(Word):
    """An order as one side shows it; never who bought it."""

    number: str
    status: str
    their_status: str
    total: str | None
    lines: list[str]
    parcels: list[str]
    updated_at: datetime | None


class StoryWord(Word):
    """All that is known of an order on a route."""

    route: str
    order: str
    document: str
    channel: SideWord | None
    backend: SideWord | None
    verdict: str
    """What is to be done, and why."""
    timeline: list[EventWord]
    parked: list[int]
    """Numbers of its parked items."""


class ItemWord(Word):
    """Something that waits for a person."""

    item: int
    lane: str
    order: str
    cause: str
    reason: str
    step: str
    since: datetime


class FactsWord(ItemWord):
    """The same with both sides' facts."""

    facts: dict[str, object]


class DoneWord(Word):
    """What an act led to."""

    lane: str
    items: int
    """Parked items that were closed."""


class WokenWord(Word):
    """A lane that runs soon."""

    lane: str


class ActWord(Word):
    """What somebody did."""

    id: int
    at: datetime
    who: str
    what: str
    target: str
    detail: str


class ProblemWord(Word):
    """Why something was not answered."""

    error: str
    """One sentence."""
    hint: str | None = None
    """What to do next."""
