"""Blanking what is known of buyers, long after their orders came to rest; the facts about orders stay.

A blanked snapshot has no fingerprint, so that an order which is read again counts as new and is kept whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, tuple_, update

from crossdock.ledger.bulk import find
from crossdock.ledger.schema import pairs, parked, snapshots
from crossdock.model import Address, Buyer, Order

Place = tuple[str, str, str]
"""Route, key and side of a snapshot."""
BEFORE_ALL: Place = ("", "", "")


@dataclass(frozen=True, slots=True)
class Purged:
    """What was blanked.

    Attributes:
        orders: snapshots of orders and documents.
        received: parked items whose raw content was let go.
        labels: files that were deleted.
    """

    orders: int = 0
    received: int = 0
    labels: int = 0


def find_orders(connection: Connection, before: float, only: Sequence[str], after: Place, limit: int) -> list[Place]:
    """Snapshots that were last seen to change by a moment and are not blank, of orders that nothing is due for.

    Args:
        connection: to the ledger.
        before: seconds since the epoch.
        only: numbers of orders, on either side; empty for all.
        after: go on behind this one.
        limit: how many at most.
    """
    columns = (snapshots.c.route, snapshots.c.key, snapshots.c.side)
    query = (
        select(*columns)
        .join(pairs, (pairs.c.route == snapshots.c.route) & (pairs.c.key == snapshots.c.key))
        .where(tuple_(*columns) > tuple_(*after), snapshots.c.seen_at <= before, snapshots.c.fingerprint != "")
        .order_by(*columns)
        .limit(limit)
    )
    if only:
        query = query.where(or_(pairs.c.key.in_(only), pairs.c.document_id.in_(only)))
    else:
        query = query.where(pairs.c.look_at.is_(None))
    return [(row.route, row.key, row.side) for row in connection.execute(query)]


def blank_orders(connection: Connection, places: Sequence[Place]) -> None:
    """Blank these snapshots."""
    _overwrite(connection)
    chosen = set(places)
    rows = [
        {"of_route": route, "of_key": key, "of_side": side, "blank": _blanked(body)}
        for route in dict.fromkeys(place[0] for place in places)
        for key, side, body in find(connection, snapshots, ("key", "side", "body"), route, _keys(places, route))
        if (route, key, side) in chosen
    ]
    if rows:
        connection.execute(_BLANK, rows)


def _keys(places: Sequence[Place], of_route: str) -> list[str]:
    return list(dict.fromkeys(key for route, key, _ in places if route == of_route))


def count_received(connection: Connection, before: float) -> int:
    """Parked items of which something raw is kept."""
    return len(connection.execute(select(parked.c.id).where(_received(before))).all())


def blank_received(connection: Connection, before: float) -> int:
    """Let go of what was received; answer of how many items."""
    _overwrite(connection)
    return connection.execute(update(parked).where(_received(before)).values(raw=b"")).rowcount


def _received(before: float) -> ColumnElement[bool]:
    return and_(parked.c.parked_at < before, parked.c.raw != b"")


def _overwrite(connection: Connection) -> None:
    """SQLite leaves what was replaced in the file until something else is written there; not this."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def _blanked(body: bytes) -> bytes:
    if not body:
        return body
    order = Order.model_validate_json(body)
    place = Address(country=order.ship_to.country)
    return order.model_copy(update={"buyer": Buyer(), "ship_to": place, "note": ""}).as_json()


_BLANK = (
    update(snapshots)
    .where(
        snapshots.c.route == bindparam("of_route"),
        snapshots.c.key == bindparam("of_key"),
        snapshots.c.side == bindparam("of_side"),
    )
    .values(body=bindparam("blank"), fingerprint="")
)
