"""What was sold on the channel and may not be in the backend's levels yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, exists, func, or_, select, text

from crossdock.ledger.level_records import Sold
from crossdock.ledger.schema import IS_OPEN, pairs, snapshots, steps
from crossdock.model import Order

_LEFT = ("shipped", "delivered", "completed")


def sold(connection: Connection, routes: Sequence[str], since: float, *, until_shipped: bool) -> list[Sold]:
    """Lines of open channel orders that levels read at `since` (seconds since the epoch) may not contain.

    An order whose document was cancelled counts as well: the channel gives its units back once it is cancelled there.

    Args:
        connection: to the database.
        routes: whose orders.
        since: when the oldest level in question was read.
        until_shipped: until the backend has shipped, not just until it has the document.
    """
    settled_at = _shipped_at if until_shipped else _created_at
    body = select(
        pairs.c.document_id,
        pairs.c.document_status,
        snapshots.c.body,
        _created().label("created_at"),
        _backend_seen().label("document_seen_at"),
    )
    channel = (snapshots.c.route == pairs.c.route) & (snapshots.c.key == pairs.c.key) & (snapshots.c.side == "channel")
    open_orders = (pairs.c.route.in_(routes), text(IS_OPEN))
    query = body.join(snapshots, channel).where(*open_orders)
    if not until_shipped:
        query = query.where(_may_be_missing(since))
    return [one for row in connection.execute(query) for one in _lines(row, settled_at(row))]


def _may_be_missing(since: float) -> Any:
    created = exists().where(*_of_create(), steps.c.concluded_at > since)
    return or_(pairs.c.document_id == "", pairs.c.document_status == "cancelled", created)


def _of_create() -> tuple[Any, ...]:
    same = (steps.c.route == pairs.c.route, steps.c.key == pairs.c.key)
    return (*same, steps.c.kind == "create", steps.c.state == "done")


def _created() -> Any:
    return select(func.max(steps.c.concluded_at)).where(*_of_create()).correlate(pairs).scalar_subquery()


def _backend_seen() -> Any:
    other = snapshots.alias("document")
    of_backend = (other.c.route == pairs.c.route, other.c.key == pairs.c.key, other.c.side == "backend")
    return select(other.c.seen_at).where(*of_backend).correlate(pairs).scalar_subquery()


def _created_at(row: Any) -> float | None:
    if not row.document_id or row.document_status == "cancelled":
        return None
    return float(row.created_at or 0.0)


def _shipped_at(row: Any) -> float | None:
    return float(row.document_seen_at or 0.0) if row.document_status in _LEFT else None


def _lines(row: Any, settled_at: float | None) -> Iterator[Sold]:
    if not row.body:
        return
    for line in Order.model_validate_json(row.body).lines:
        left = line.quantity - line.cancelled_quantity
        if line.sku and left > 0:
            yield Sold(line.sku, left, settled_at)
