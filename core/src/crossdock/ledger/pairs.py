"""Pairs and their snapshots: keeping what was seen, and finding what to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from crossdock.ledger.bulk import insert, upsert
from crossdock.ledger.records import Pair, Recorded, Seen, StepRecord, StepState
from crossdock.ledger.schema import cursors, pairs, snapshots, steps, timeline
from crossdock.model import Order

_PAIR_COLUMNS = [
    "document_id", "document_gone", "channel_status", "document_status", "look_at", "looks",
]  # fmt: skip


def moment(seconds: float | None) -> datetime | None:
    """A moment as stored, as a datetime."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def seconds(at: datetime | None) -> float | None:
    """A datetime as stored."""
    return None if at is None else at.timestamp()


def record(
    connection: Connection,
    route: str,
    seen: Sequence[Seen],
    now: float,
    cursor: tuple[str, str] | None = None,
    historical: bool = False,
) -> Recorded:
    """Keep snapshots and the cursor that follows from them; answer the pairs that changed."""
    found = load(connection, route, [item.key for item in seen])
    prints = _fingerprints(connection, route, [item.key for item in seen])
    changed: dict[str, Pair] = {}
    bodies: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for item in seen:
        body = item.order.model_dump_json(exclude_defaults=True).encode() if item.order else b""
        fingerprint = blake2b(body, digest_size=16).hexdigest()
        if prints.get((item.key, item.side)) == fingerprint:
            continue
        prints[item.key, item.side] = fingerprint
        pair = found.setdefault(item.key, Pair(item.key, historical=historical))
        changed[item.key] = pair
        events.append(
            {"route": route, "key": item.key, "at": now, "what": f"seen:{item.side}", "text": _notice(item, pair)}
        )
        _take(pair, item)
        bodies.append(
            {
                "route": route,
                "key": item.key,
                "side": item.side,
                "fingerprint": fingerprint,
                "seen_at": now,
                "body": body,
            }
        )
    _keep(connection, route, changed.values(), bodies, events)
    if cursor is not None:
        move(connection, *cursor, now)
    return Recorded(list(changed.values()), len(seen) - len(bodies))


def move(connection: Connection, name: str, value: str, now: float) -> None:
    """Move the cursor `name`; nothing is written when it stands there already."""
    if connection.execute(select(cursors.c.value).where(cursors.c.name == name)).scalar() != value:
        upsert(connection, cursors, [{"name": name, "value": value, "moved_at": now}], ["value", "moved_at"])


def load(connection: Connection, route: str, keys: Iterable[str]) -> dict[str, Pair]:
    """The pairs with these keys, whole; unknown keys are left out."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    rows = connection.execute(_PAIRS, {"route": route, "keys": wanted}).all()
    found = {row.key: _pair(row) for row in rows}
    if not found:
        return found
    for row in connection.execute(_SNAPSHOTS, {"route": route, "keys": list(found)}):
        order = Order.model_validate_json(row.body) if row.body else None
        if row.side == "channel":
            found[row.key].channel = order
        else:
            found[row.key].document = order
    for row in connection.execute(_STEPS, {"route": route, "keys": list(found)}):
        found[row.key].steps[f"{row.kind}:{row.reference}"] = StepRecord(
            row.kind,
            row.reference,
            StepState(row.state),
            datetime.fromtimestamp(row.intended_at, UTC),
            row.attempts,
            row.result,
            moment(row.retry_at),
        )
    return found


def due(connection: Connection, route: str, now: float, limit: int, after: str = "") -> list[str]:
    """Keys of the pairs to look at now, by key, after `after`."""
    query = (
        select(pairs.c.key)
        .where(pairs.c.route == route, pairs.c.look_at <= now, pairs.c.key > after)
        .order_by(pairs.c.key)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def look(connection: Connection, route: str, looks: Sequence[tuple[str, float | None, int]]) -> None:
    """Set when each pair is looked at next (None: when something changes) and how often it has been in vain."""
    if looks:
        rows = [{"of_route": route, "of_key": key, "next_look": at, "count": count} for key, at, count in looks]
        connection.execute(_LOOK, rows)


def nudge(connection: Connection, route: str, keys: Sequence[str], now: float, why: str) -> None:
    """Have these pairs looked at now, known or not."""
    rows = [{"route": route, "key": key, "look_at": now, **BLANK} for key in keys]
    upsert(connection, pairs, rows, ["look_at"])
    events = [{"route": route, "key": key, "at": now, "what": "nudge", "text": why} for key in keys]
    insert(connection, timeline, events)


def expect(connection: Connection, route: str, documents: Mapping[str, str], now: float) -> dict[str, str]:
    """Document id to channel key; pairs that wait for one of `documents`' references are looked at now."""
    known = keys_of_documents(connection, route, list(documents))
    waiting = [reference for number, reference in documents.items() if number not in known]
    without = (pairs.c.route == route, pairs.c.key.in_(waiting), pairs.c.document_id == "")
    connection.execute(update(pairs).where(*without).values(look_at=now))
    return known


def keys_of_documents(connection: Connection, route: str, document_ids: Sequence[str]) -> dict[str, str]:
    """Document id to channel key, for the documents that we know."""
    query = select(pairs.c.document_id, pairs.c.key).where(
        pairs.c.route == route, pairs.c.document_id.in_(document_ids)
    )
    return {row.document_id: row.key for row in connection.execute(query)}


BLANK: dict[str, Any] = {
    "document_id": "",
    "document_gone": False,
    "channel_status": "",
    "document_status": "",
    "first_status": "",
    "historical": False,
    "parked": False,
    "looks": 0,
}
"""A pair of which nothing is known yet."""
_PAIRS = select(pairs).where(pairs.c.route == bindparam("route"), pairs.c.key.in_(bindparam("keys", expanding=True)))
_SNAPSHOTS = select(snapshots.c.key, snapshots.c.side, snapshots.c.body).where(
    snapshots.c.route == bindparam("route"), snapshots.c.key.in_(bindparam("keys", expanding=True))
)
_STEPS = select(steps).where(steps.c.route == bindparam("route"), steps.c.key.in_(bindparam("keys", expanding=True)))
_PRINTS = select(snapshots.c.key, snapshots.c.side, snapshots.c.fingerprint).where(
    snapshots.c.route == bindparam("route"), snapshots.c.key.in_(bindparam("keys", expanding=True))
)
_LOOK = (
    update(pairs)
    .where(pairs.c.route == bindparam("of_route"), pairs.c.key == bindparam("of_key"))
    .values(look_at=bindparam("next_look"), looks=bindparam("count"))
)


def _fingerprints(connection: Connection, route: str, keys: list[str]) -> dict[tuple[str, str], str]:
    rows = connection.execute(_PRINTS, {"route": route, "keys": keys}) if keys else ()
    return {(row.key, row.side): row.fingerprint for row in rows}


def _pair(row: Any) -> Pair:
    return Pair(
        row.key,
        document_id=row.document_id,
        document_gone=row.document_gone,
        first_status=row.first_status,
        historical=row.historical,
        parked=row.parked,
        looks=row.looks,
    )


def _take(pair: Pair, item: Seen) -> None:
    pair.looks = 0
    if item.side == "channel":
        pair.channel = item.order
        pair.first_status = pair.first_status or (item.order.status.value if item.order else "")
    else:
        pair.document = item.order
        pair.document_id = item.document_id or pair.document_id
        pair.document_gone = item.order is None


def _notice(item: Seen, pair: Pair) -> str:
    """What the timeline says about a snapshot; never a buyer's data."""
    if item.order is None:
        return f"{item.document_id or item.key} does not exist there"
    parts = [f"{item.order.id} is {item.order.status.value} ({item.order.vendor_status})"]
    if item.order.total is not None:
        parts.append(f"total {item.order.total}")
    parts += [
        f"parcel {shipment.id} {shipment.vendor_status}"
        + (f", tracking number {shipment.tracking_number}" if shipment.tracking_number else "")
        for shipment in item.order.shipments
    ]
    return "; ".join(parts)


def _keep(
    connection: Connection,
    route: str,
    changed: Iterable[Pair],
    bodies: Sequence[dict[str, Any]],
    events: Sequence[dict[str, Any]],
) -> None:
    if not bodies:
        return
    rows = [
        {
            **BLANK,
            "route": route,
            "key": pair.key,
            "document_id": pair.document_id,
            "document_gone": pair.document_gone,
            "channel_status": pair.channel.status.value if pair.channel else "",
            "document_status": pair.document.status.value if pair.document else "",
            "first_status": pair.first_status,
            "historical": pair.historical,
            "look_at": 0.0,  # due until it has been planned: a crash between here and there loses nothing
        }
        for pair in changed
    ]
    upsert(connection, pairs, rows, [*_PAIR_COLUMNS, "first_status"])
    upsert(connection, snapshots, bodies, ["fingerprint", "seen_at", "body"])
    insert(connection, timeline, events)
