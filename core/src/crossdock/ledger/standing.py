"""How all routes stand, in a few statements however many there are: for metrics and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text

from crossdock.ledger.pairs import moment
from crossdock.ledger.records import OrderRow, StepState
from crossdock.ledger.schema import IS_NOT_DONE, IS_OPEN, IS_PARKED, pairs, parked, snapshots, steps
from crossdock.model import OrderStatus

SOON_SECONDS = 86_400.0
"""A parcel that has to leave within this time is due soon."""
_UNSETTLED = (StepState.SENDING, StepState.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the orders of a route stand.

    Attributes:
        route: its name.
        orders: how many are known.
        linked: how many have a document.
        parked: how many wait for a person.
        in_doubt: steps without a known outcome.
        waiting: steps that are to be tried again.
        unsynced: orders that are to be fulfilled and have no document yet.
        unsynced_since: since when the oldest of them has been like this.
        ship_by: the earliest deadline of an order whose parcel is not arranged yet.
        overdue: how many of those are past theirs.
        due_soon: how many are not, but have less than a day.
    """

    route: str
    orders: int = 0
    linked: int = 0
    parked: int = 0
    in_doubt: int = 0
    waiting: int = 0
    unsynced: int = 0
    unsynced_since: datetime | None = None
    ship_by: datetime | None = None
    overdue: int = 0
    due_soon: int = 0


@dataclass(frozen=True, slots=True)
class Standings:
    """How everything stands.

    Attributes:
        routes: by name; those of which no order is known are left out.
        parked: lane (``sg`` for orders, ``sg/stock``) to items that wait for a person.
    """

    routes: Mapping[str, Standing] = field(default_factory=dict)
    parked: Mapping[str, int] = field(default_factory=dict)


class _ToShip(NamedTuple):
    """The end of a `Standing`."""

    ship_by: datetime | None = None
    overdue: int = 0
    due_soon: int = 0


def standings(connection: Connection, now: float) -> Standings:
    """How everything stands now."""
    states = _states(connection)
    held = {row[0]: row[1] for row in connection.execute(_HELD)}
    unsynced = {row[0]: (row[1], moment(row[2])) for row in connection.execute(_UNSYNCED)}
    given = {"now": now, "soon": now + SOON_SECONDS}
    to_ship = {row[0]: _ToShip(moment(row[1]), row[2], row[3]) for row in connection.execute(_TO_SHIP_BY, given)}
    return Standings(
        {
            row.route: Standing(
                row.route,
                row.orders,
                row.linked,
                held.get(row.route, 0),
                sum(states.get((row.route, state.value), 0) for state in _UNSETTLED),
                states.get((row.route, StepState.WAITING.value), 0),
                *unsynced.get(row.route, (0, None)),
                **to_ship.get(row.route, _ToShip())._asdict(),
            )
            for row in connection.execute(_COUNTS)
        },
        {row[0]: row[1] for row in connection.execute(_PARKED)},
    )


def orders(connection: Connection, route: str | None, after: str, limit: int) -> list[OrderRow]:
    """Orders by number, then route; `after` goes on behind a number. A number is never split between two pages."""
    query = select(pairs).where(pairs.c.route == route) if route is not None else select(pairs)
    query = query.order_by(pairs.c.key, pairs.c.route)
    rows = list(connection.execute(query.where(pairs.c.key > after).limit(limit)))
    if len(rows) == limit:
        rest = query.where(pairs.c.key == rows[-1].key, pairs.c.route > rows[-1].route)
        rows += connection.execute(rest)
    return [
        OrderRow(row.route, row.key, row.document_id, row.channel_status, row.document_status, bool(row.parked))
        for row in rows
    ]


def _states(connection: Connection) -> dict[tuple[str, str], int]:
    return {(row[0], row[1]): row[2] for row in connection.execute(_STATES)}


_OPEN = text(f"pairs.{IS_OPEN}")
_TO_SHIP = (pairs.c.channel_status == OrderStatus.OPEN.value) & pairs.c.historical.is_(False)
_LATE = pairs.c.ship_by < bindparam("now")
_SOON = (pairs.c.ship_by >= bindparam("now")) & (pairs.c.ship_by < bindparam("soon"))
_COUNTS = select(
    pairs.c.route,
    func.count().label("orders"),
    func.count().filter(pairs.c.document_id != "").label("linked"),
).group_by(pairs.c.route)
_TO_SHIP_BY = (
    select(
        pairs.c.route,
        func.min(pairs.c.ship_by),
        func.count().filter(_LATE),
        func.count().filter(_SOON),
    )
    .where(_OPEN, _TO_SHIP)
    .group_by(pairs.c.route)
)
_HELD = select(pairs.c.route, func.count()).where(text(f"pairs.{IS_PARKED}")).group_by(pairs.c.route)
_STATES = (
    select(steps.c.route, steps.c.state, func.count())
    .where(text(f"steps.{IS_NOT_DONE}"))
    .group_by(steps.c.route, steps.c.state)
)
_UNSYNCED = (
    select(pairs.c.route, func.count(), func.min(snapshots.c.seen_at))
    .join(snapshots, (snapshots.c.route == pairs.c.route) & (snapshots.c.key == pairs.c.key))
    .where(_OPEN, _TO_SHIP, pairs.c.document_id == "", snapshots.c.side == "channel")
    .group_by(pairs.c.route)
)
_PARKED = select(parked.c.route, func.count()).where(parked.c.resolved_at.is_(None)).group_by(parked.c.route)
