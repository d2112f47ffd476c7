"""Returns: what was seen of them, and which wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from sqlalchemy import Connection, select

from crossdock.ledger.bulk import change, insert, upsert
from crossdock.ledger.pairs import move, seconds
from crossdock.ledger.schema import pairs, returns, timeline
from crossdock.model import Return, ReturnStatus

_CLOSED = frozenset({ReturnStatus.CLOSED, ReturnStatus.CANCELLED, ReturnStatus.REFUNDED, ReturnStatus.REJECTED})


def record(
    connection: Connection, route: str, seen: Sequence[Return], now: float, cursor: tuple[str, str] | None
) -> list[Return]:
    """Keep returns and the cursor that follows from them; answer those that are new or different.

    Their orders become due, since the backend may want to know.
    """
    query = select(returns.c.id, returns.c.fingerprint).where(
        returns.c.route == route, returns.c.id.in_([item.id for item in seen])
    )
    known = {row.id: row.fingerprint for row in connection.execute(query)} if seen else {}
    bodies = {item.id: item.model_dump_json(exclude_defaults=True).encode() for item in seen}
    prints = {number: blake2b(body, digest_size=16).hexdigest() for number, body in bodies.items()}
    changed = [item for item in seen if known.get(item.id) != prints[item.id]]
    rows = [
        {
            "route": route,
            "id": item.id,
            "key": item.order_id,
            "fingerprint": prints[item.id],
            "closed": item.status in _CLOSED,
            "due_at": seconds(item.due_at),
            "body": bodies[item.id],
        }
        for item in changed
    ]
    upsert(connection, returns, rows, ["key", "fingerprint", "closed", "due_at", "body"])
    if changed:
        events = [
            {"route": route, "key": item.order_id, "at": now, "what": "return", "text": _notice(item)}
            for item in changed
        ]
        insert(connection, timeline, events)
        change(connection, pairs, '"look_at" = 0.0', route, sorted({item.order_id for item in changed}))
    if cursor is not None:
        move(connection, *cursor, now)
    return changed


def listed(connection: Connection, route: str, *, closed: bool) -> list[Return]:
    """Returns of a route, the one that is due first first; closed ones only when asked for."""
    query = select(returns.c.body).where(returns.c.route == route)
    if not closed:
        query = query.where(returns.c.closed.is_(False))
    query = query.order_by(returns.c.due_at.is_(None), returns.c.due_at, returns.c.id)
    return [Return.model_validate_json(body) for body in connection.execute(query).scalars()]


def _notice(item: Return) -> str:
    parts = [f"return {item.id} is {item.status.value} ({item.vendor_status})"]
    if item.refund is not None:
        parts.append(f"refund {item.refund}")
    if item.due_at is not None:
        parts.append(f"to be answered by {item.due_at:%Y-%m-%d %H:%M} UTC")
    return "; ".join(parts)
