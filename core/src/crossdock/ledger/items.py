"""Items that follow from a state: raised while it holds, closed when it does not, one for each key and cause."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from crossdock.ledger.records import Parking
from crossdock.ledger.schema import parked


def keep(connection: Connection, lane: str, parkings: Sequence[Parking], now: float) -> int:
    """Have exactly these items open; answer how many were not open before."""
    are_open = select(parked.c.id, parked.c.key, parked.c.cause, parked.c.reason, parked.c.facts).where(
        parked.c.route == lane, parked.c.resolved_at.is_(None)
    )
    known = {(row.key, row.cause): row for row in connection.execute(are_open)}
    fresh = 0
    for parking in parkings:
        row = known.pop((parking.key, parking.cause), None)
        values = {"reason": parking.reason, "facts": json.dumps(dict(parking.facts), default=str), "raw": parking.raw}
        if row is None:
            fresh += 1
            made = {"route": lane, "key": parking.key, "cause": parking.cause, "step": "", "parked_at": now}
            connection.execute(parked.insert().values(**made, **values, resolution=""))
        elif (row.reason, row.facts) != (values["reason"], values["facts"]):
            connection.execute(update(parked).where(parked.c.id == row.id).values(values))
    close(connection, [row.id for row in known.values()], now, "no longer needed")
    return fresh


def close(connection: Connection, ids: Sequence[int], now: float, resolution: str) -> int:
    """Close these items; answer how many were open."""
    if not ids:
        return 0
    are_open = (parked.c.id.in_(ids), parked.c.resolved_at.is_(None))
    return connection.execute(update(parked).where(*are_open).values(resolved_at=now, resolution=resolution)).rowcount
