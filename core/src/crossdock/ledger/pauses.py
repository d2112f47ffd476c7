"""Connections that have to sign in: which of them rest, since when and why, for all processes and across restarts.

A pause that is over stays noted until a run of its connection went well. So a probe that is content while runs are not
does not make the same pause news again and again. Functions of a transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, or_, select, text, update

from crossdock.ledger.schema import pauses


@dataclass(frozen=True, slots=True)
class Pause:
    """A connection that has to sign in.

    Attributes:
        connection: its name.
        since: when it was first refused.
        reason: what it was told; never a secret.
        resting: its lanes rest; otherwise a probe worked, and no run has yet.
    """

    connection: str
    since: datetime
    reason: str
    resting: bool


def noted(connection: Connection) -> dict[str, Pause]:
    """Every pause that is not forgotten, by connection."""
    return {
        row.connection: Pause(row.connection, datetime.fromtimestamp(row.since, UTC), row.reason, bool(row.resting))
        for row in connection.execute(_NOTED)
    }


def begin(connection: Connection, name: str, reason: str, now: float) -> bool:
    """Have `name` rest; answer whether that is news, which it is once until a run works."""
    this = pauses.c.connection == name
    known = connection.execute(update(pauses).where(this).values(resting=True)).rowcount
    if known:
        return False
    row = {"name": name, "now": now, "reason": reason, "yes": True}
    return bool(connection.execute(_BEGIN, row).rowcount)


def claim(connection: Connection, name: str, now: float, every: float, *, at_once: bool = False) -> bool:
    """Whether the caller is to probe `name`: one process does, every so many seconds.

    Args:
        connection: the transaction.
        name: of a connection that rests.
        now: seconds since the epoch.
        every: seconds between two probes.
        at_once: whenever the last probe was.
    """
    due = or_(pauses.c.probe_at <= now, pauses.c.probe_at > now + 2 * every)  # a clock that was set back
    statement = update(pauses).where(pauses.c.connection == name, pauses.c.resting.is_(True))
    statement = statement if at_once else statement.where(due)
    return bool(connection.execute(statement.values(probe_at=now + every)).rowcount)


def end(connection: Connection, name: str) -> bool:
    """A probe of `name` worked; answer whether it rested until now."""
    resting = (pauses.c.connection == name, pauses.c.resting.is_(True))
    return bool(connection.execute(update(pauses).where(*resting).values(resting=False)).rowcount)


def forget(connection: Connection, names: Collection[str]) -> None:
    """Runs of these connections worked: if they are refused again, that is news."""
    connection.execute(pauses.delete().where(pauses.c.connection.in_(names), pauses.c.resting.is_(False)))


_NOTED = select(pauses).order_by(pauses.c.connection)
_BEGIN = text(
    "INSERT INTO pauses (connection, since, probe_at, reason, resting) VALUES (:name, :now, :now, :reason, :yes)"
    " ON CONFLICT DO NOTHING"
)
