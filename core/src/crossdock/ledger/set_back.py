"""What is to be looked at again keeps its distance when the clock on the wall is set back. Functions of a transaction.

Moments are kept by that clock. One that ran a month ahead and was put right would leave everything that waits waiting
for a month. Whatever was to come is moved by as much as the clock was.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from crossdock.ledger.schema import cursors, levels, listings, pairs, steps


def latest(connection: Connection) -> float | None:
    """The latest moment at which anything was read on: the clock showed it once; seconds since the epoch."""
    found: float | None = connection.execute(select(func.max(cursors.c.moved_at))).scalar()
    return found


def follow(connection: Connection, now: float, seconds: float) -> int:
    """The clock was set back by so many seconds and shows `now`; answer how many moments were moved.

    A step that was begun since then keeps its time: its request may still be under way.
    """
    earlier = {"intended_at": steps.c.intended_at - seconds, "retry_at": steps.c.retry_at - seconds}
    moved = connection.execute(update(steps).where(steps.c.intended_at > now).values(earlier)).rowcount
    for table, moment in ((pairs, pairs.c.look_at), (levels, levels.c.due_at), (listings, listings.c.due_at)):
        moved += connection.execute(update(table).where(moment > now).values({moment: moment - seconds})).rowcount
    connection.execute(update(cursors).where(cursors.c.moved_at > now).values(moved_at=now))
    return moved
