"""Pairs and their snapshots: keeping what was seen, and finding what to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from crossdock.ledger.bulk import find, insert, upsert
from crossdock.ledger.records import Pair, Seen, StepRecord, StepState, Turn
from crossdock.ledger.schema import cursors, pairs, returns, snapshots, steps, timeline
from crossdock.model import STILL_OPEN, Order, OrderStatus, Return

_PAIR_COLUMNS = [
    "document_id", "document_gone", "channel_status", "document_status", "look_at", "looks", "ship_by",
]  # fmt: skip


def moment(seconds: float | None) -> datetime | None:
    """A moment as stored, as a datetime."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def seconds(at: datetime | None) -> float | None:
    """A datetime as stored."""
    return None if at is None else at.timestamp()


@dataclass(frozen=True, slots=True)
class News:
    """A snapshot that differs from the one that is kept; `body` is what is kept of it."""

    seen: Seen
    body: bytes
    fingerprint: str


def news(
    connection: Connection, route: str, seen: Sequence[Seen], to: tuple[str, str] | None = None
) -> tuple[list[News], bool]:
    """What of `seen` is new or different, and whether a cursor has yet to move `to` there.

    Only reads, so that looking at what has not changed writes nothing.
    """
    goes_on = to is not None and cursor(connection, to[0]) != to[1]
    return (_different(connection, route, seen) if seen else []), goes_on


def _different(connection: Connection, route: str, seen: Sequence[Seen]) -> list[News]:
    keys = list(dict.fromkeys(item.key for item in seen))
    kept = find(connection, snapshots, ("key", "side", "fingerprint"), route, keys)
    prints = {(key, side): fingerprint for key, side, fingerprint in kept}
    found = []
    for item in seen:
        body = item.order.as_json() if item.order else b""
        fingerprint = blake2b(body, digest_size=16).hexdigest()
        if prints.get((item.key, item.side)) != fingerprint:
            prints[item.key, item.side] = fingerprint
            found.append(News(item, body, fingerprint))
    return found


def record(
    connection: Connection,
    route: str,
    fresh: Sequence[News],
    now: float,
    cursor: tuple[str, str] | None = None,
    historical: bool = False,
) -> list[Pair]:
    """Keep snapshots and the cursor that follows from them, if it moves; answer the pairs that changed, whole."""
    changed = load(connection, route, [item.seen.key for item in fresh])
    events: list[dict[str, Any]] = []
    for seen in (item.seen for item in fresh):
        pair = changed.get(seen.key)
        if pair is None:
            pair = changed[seen.key] = Pair(seen.key, historical=historical)
        before = pair.channel if seen.side == "channel" else pair.document
        text = _notice(seen)
        if before is None or text != _notice(replace(seen, order=before)):
            events.append({"route": route, "key": seen.key, "at": now, "what": f"seen:{seen.side}", "text": text})
        _take(pair, seen)
    upsert(connection, pairs, [_row(route, pair) for pair in changed.values()], [*_PAIR_COLUMNS, "first_status"])
    upsert(connection, snapshots, [_snapshot(route, item, now) for item in fresh], ["fingerprint", "seen_at", "body"])
    insert(connection, timeline, events)
    if cursor is not None:
        _move(connection, *cursor, now)
    return list(changed.values())


def cursor(connection: Connection, name: str) -> str | None:
    """Where the cursor `name` stands; None before it was moved."""
    value: str | None = connection.execute(_CURSOR, {"name": name}).scalar()
    return value


def move(connection: Connection, name: str, value: str, now: float) -> None:
    """Move the cursor `name`; nothing is written when it stands there already."""
    if cursor(connection, name) != value:
        _move(connection, name, value, now)


def _move(connection: Connection, name: str, value: str, now: float) -> None:
    upsert(connection, cursors, [{"name": name, "value": value, "moved_at": now}], ["value", "moved_at"])


def cursors_below(connection: Connection, prefix: str) -> dict[str, str]:
    """What cursors whose names begin with `prefix` stand at, by the rest of their names."""
    found = select(cursors.c.name, cursors.c.value).where(cursors.c.name.startswith(prefix, autoescape=True))
    return {row.name.removeprefix(prefix): row.value for row in connection.execute(found)}


def load(connection: Connection, route: str, keys: Iterable[str]) -> dict[str, Pair]:
    """The pairs with these keys, whole; unknown keys are left out."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    found = {row.key: _pair(row) for row in find(connection, pairs, _PAIR, route, wanted)}
    if not found:
        return found
    for row in find(connection, snapshots, ("key", "side", "body"), route, list(found)):
        order = Order.model_validate_json(row.body) if row.body else None
        if row.side == "channel":
            found[row.key].channel = order
        else:
            found[row.key].document = order
    for row in find(connection, steps, _STEP, route, list(found)):
        found[row.key].steps[f"{row.kind}:{row.reference}"] = StepRecord(
            row.kind,
            row.reference,
            StepState(row.state),
            datetime.fromtimestamp(row.intended_at, UTC),
            row.attempts,
            row.result,
            moment(row.retry_at),
        )
    for row in find(connection, returns, ("key", "body"), route, list(found)):
        found[row.key].returns += (Return.model_validate_json(row.body),)
    return found


def due(connection: Connection, route: str, until: float, limit: int, after: Turn) -> list[Turn]:
    """The pairs whose turn came by `until`, after `after`: those first that have waited for longest."""
    given = {"of_route": route, "until": until, "at": after.at, "after": after.key, "count": limit}
    return [Turn(*row) for row in connection.execute(_DUE, given)]


def resting(connection: Connection, route: str, keys: Sequence[str]) -> set[str]:
    """Of these pairs, those that nothing looks at before something changes."""
    return {row.key for row in find(connection, pairs, ("key", "look_at"), route, keys) if row.look_at is None}


def began(connection: Connection, route: str) -> float | None:
    """When anything of `route` was seen first; None before that."""
    first = select(timeline.c.at).where(timeline.c.route == route).order_by(timeline.c.id).limit(1)
    return connection.execute(first).scalar()


def with_open_document(connection: Connection, route: str, limit: int, after: str = "") -> list[str]:
    """Keys of the pairs whose document was open when it was last seen, or was not read yet, by key, after `after`."""
    given = {"of_route": route, "after": after, "count": limit}
    return list(connection.execute(_OPEN_DOCUMENT, given).scalars())


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
    "ship_by": None,
}
"""A pair of which nothing is known yet."""
_PAIR = ("key", "document_id", "document_gone", "first_status", "historical", "parked", "looks")
_STEP = ("key", "kind", "reference", "state", "intended_at", "attempts", "result", "retry_at")
_DUE = (
    select(pairs.c.look_at, pairs.c.key)
    .where(pairs.c.route == bindparam("of_route"), pairs.c.look_at.between(bindparam("at"), bindparam("until")))
    .where((pairs.c.look_at > bindparam("at")) | (pairs.c.key > bindparam("after")))
    .order_by(pairs.c.look_at, pairs.c.key)
    .limit(bindparam("count"))
)
_OPEN_DOCUMENT = (
    select(pairs.c.key)
    .where(pairs.c.route == bindparam("of_route"), pairs.c.key > bindparam("after"))
    .where(pairs.c.document_id != "", pairs.c.document_gone.is_(False))
    .where(pairs.c.document_status.in_(["", *(status.value for status in STILL_OPEN)]))
    .order_by(pairs.c.key)
    .limit(bindparam("count"))
)
_CURSOR = select(cursors.c.value).where(cursors.c.name == bindparam("name"))
_LOOK = (
    update(pairs)
    .where(pairs.c.route == bindparam("of_route"), pairs.c.key == bindparam("of_key"))
    .values(look_at=bindparam("next_look"), looks=bindparam("count"))
)


def _pair(row: Any) -> Pair:
    return Pair(
        row.key,
        document_id=row.document_id,
        document_gone=bool(row.document_gone),  # SQLite's driver gives 0 and 1
        first_status=row.first_status,
        historical=bool(row.historical),
        parked=bool(row.parked),
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


def _notice(item: Seen) -> str:
    """What the timeline says about a snapshot; never a buyer's data."""
    if item.order is None:
        return f"{item.document_id or item.key} does not exist there"
    parts = [f"{item.order.id} is {item.order.status.value} ({item.order.vendor_status})"]
    if item.order.total is not None:
        parts.append(f"total {item.order.total}")
    parts += [
        f"{line.cancelled_quantity.normalize():f} of line {line.id} cancelled"
        for line in item.order.lines
        if line.cancelled_quantity and item.order.status is not OrderStatus.CANCELLED
    ]
    parts += [
        f"parcel {shipment.id} {shipment.vendor_status}"
        + (f", tracking number {shipment.tracking_number}" if shipment.tracking_number else "")
        for shipment in item.order.shipments
    ]
    return "; ".join(parts)


def _row(route: str, pair: Pair) -> dict[str, Any]:
    return {
        **BLANK,
        "route": route,
        "key": pair.key,
        "document_id": pair.document_id,
        "document_gone": pair.document_gone,
        "channel_status": pair.channel.status.value if pair.channel else "",
        "document_status": pair.document.status.value if pair.document else "",
        "first_status": pair.first_status,
        "historical": pair.historical,
        "ship_by": seconds(pair.channel.ship_by) if pair.channel else None,
        "look_at": 0.0,  # due until it has been planned: a crash between here and there loses nothing
    }


def _snapshot(route: str, item: News, now: float) -> dict[str, Any]:
    return {
        "route": route,
        "key": item.seen.key,
        "side": item.seen.side,
        "fingerprint": item.fingerprint,
        "seen_at": now,
        "body": item.body,
    }
