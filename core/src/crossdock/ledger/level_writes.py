"""The statements that keep stock levels: what is due, what was sent, what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Double,
    Table,
    and_,
    bindparam,
    case,
    cast,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from crossdock.ledger.level_records import DROPPED, SOURCE, Fault, Level, Published, Trouble
from crossdock.ledger.pairs import move
from crossdock.ledger.schema import levels

LOOK_AGAIN_SECONDS = 300.0
"""How soon a level is looked at again of which something was held back."""

_OF_LEVEL = (
    (levels.c.route == bindparam("of_route"))
    & (levels.c.sku == bindparam("of_sku"))
    & (levels.c.location == bindparam("of_location"))
)
INTEND = update(levels).where(_OF_LEVEL).values(doubt_until=bindparam("until"))
AGAIN = update(levels).where(_OF_LEVEL).values(due_at=bindparam("now"), doubt_until=bindparam("now"), drifted=null())
DRIFTED = update(levels).where(_OF_LEVEL).values(drifted=bindparam("shows"))
_DOUBT = cast(bindparam("doubt"), Double)
_NEXT = cast(bindparam("next_look"), Double)
_DONE = (
    update(levels)
    .where(_OF_LEVEL)
    .values(
        shown=bindparam("sent"),
        doubt_until=_DOUBT,
        held=bindparam("sold"),
        drifted=null(),
        due_at=case((levels.c.wanted != cast(bindparam("sent"), BigInteger), bindparam("now")), else_=_NEXT),
        attempts=0,
        cause="",
        problem="",
    )
)
_FAILED = (
    update(levels)
    .where(_OF_LEVEL)
    .values(
        doubt_until=_DOUBT,
        due_at=cast(bindparam("again"), Double),
        attempts=levels.c.attempts + 1,
        cause=case((levels.c.cause == bindparam("dropped"), levels.c.cause), else_=bindparam("new_cause")),
        problem=bindparam("new_problem"),
    )
)


def record_levels(
    connection: Connection,
    route: str,
    now: float,
    seen: Sequence[Level],
    faults: Sequence[Fault],
    cursor: tuple[str, str] | None,
) -> None:
    """Keep what the source says, what nobody can show, and the cursor that follows from them."""
    if seen:
        connection.execute(_upsert(connection), [_row(route, level, now) for level in seen])
    if faults:
        connection.execute(_upsert_fault(connection), [_fault_row(route, fault, now) for fault in faults])
    if cursor is not None:
        move(connection, *cursor, now)


def _upsert(connection: Connection) -> Any:
    """Keep newer levels; due is what the channel does not surely show."""
    statement = insert_into(connection, levels)
    new = statement.excluded
    differs = or_(levels.c.shown.is_(None), levels.c.shown != new.wanted, _sold_from(new))
    as_before = levels.c.wanted == new.wanted
    of_source = levels.c.cause.startswith(SOURCE)
    refused = as_before & (levels.c.cause != "") & ~of_source
    due = case(
        (as_before & levels.c.due_at.isnot(None), levels.c.due_at),  # its pause after a failure stays
        (differs & refused, null()),  # what was refused is sent again when it changes, or when a person says so
        (differs, new.due_at),
        else_=case((or_(levels.c.doubt_until.isnot(None), levels.c.held > 0), levels.c.due_at), else_=null()),
    )
    settled = or_(of_source, ~differs)
    newer = new.version >= levels.c.version
    names = ("product_id", "version", "available", "wanted", "as_of")
    values = {name: case((newer, new[name]), else_=levels.c[name]) for name in names}
    refill = _sold_from(new) & levels.c.doubt_until.is_(None)
    values["doubt_until"] = case((newer & refill, new.seen_at), else_=levels.c.doubt_until)
    values["due_at"] = case((newer, due), else_=levels.c.due_at)
    values |= {name: case((newer & settled, ""), else_=levels.c[name]) for name in ("cause", "problem")}
    return statement.on_conflict_do_update(
        index_elements=list(levels.primary_key.columns), set_={**values, "seen_at": new.seen_at}
    )


def _sold_from(new: Any) -> Any:
    """A channel that shows less than there is sells from what it shows: it is filled up again when the source moves."""
    capped = cast(new.available, Double) > new.wanted
    return and_(capped, levels.c.shown == new.wanted, new.wanted > 0, new.available != levels.c.available)


def _upsert_fault(connection: Connection) -> Any:
    statement = insert_into(connection, levels)
    new = statement.excluded
    set_ = {"cause": new.cause, "problem": new.problem, "seen_at": new.seen_at}  # what was due before still is
    return statement.on_conflict_do_update(index_elements=list(levels.primary_key.columns), set_=set_)


def insert_into(connection: Connection, table: Table) -> Any:
    """An insert that may say what happens where the primary key exists."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # large, and few ledgers need it

        return postgresql.insert(table)
    return sqlite.insert(table)


def take_off(connection: Connection, route: str, before: float, now: float) -> int:
    """Want nothing of what was not seen since `before`; answer how many that are."""
    missing = (levels.c.route == route, levels.c.seen_at < before, levels.c.wanted > 0)
    shows = func.coalesce(levels.c.shown, 1) > 0
    due = case((shows, now), else_=levels.c.due_at)
    found = connection.execute(update(levels).where(*missing).values(available="0", wanted=0, due_at=due))
    return found.rowcount


def write_many(connection: Connection, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Run `statement` for every row."""
    if rows:
        connection.execute(statement, list(rows))


def conclude_levels(connection: Connection, done: Sequence[dict[str, Any]], failed: Sequence[dict[str, Any]]) -> None:
    """Record how sending ended."""
    write_many(connection, _DONE, done)
    write_many(connection, _FAILED, failed)


def retry_levels(connection: Connection, route: str, causes: Sequence[str], now: float) -> int:
    """Have what has one of these problems sent again; answer how many that are."""
    of_cause = (levels.c.route == route, levels.c.cause.in_(causes))
    found = connection.execute(update(levels).where(*of_cause).values(cause="", problem="", attempts=0, due_at=now))
    return found.rowcount


def troubles_of(connection: Connection, route: str) -> list[Trouble]:
    """What has problems, by cause, with the first of each."""
    bad = (levels.c.route == route, levels.c.cause > "", ~levels.c.cause.startswith(DROPPED))
    by_cause = select(levels.c.cause, func.count()).where(*bad).group_by(levels.c.cause).order_by(levels.c.cause)
    found = []
    for cause, count in connection.execute(by_cause).all():
        query = select(levels.c.sku, levels.c.problem).where(*bad, levels.c.cause == cause).order_by(levels.c.sku)
        found.append(Trouble(cause, count, [(row.sku, row.problem) for row in connection.execute(query.limit(50))]))
    return found


def dropped(cause: str) -> str:
    """The cause under which nobody is asked any more."""
    return cause if cause.startswith(DROPPED) else DROPPED + cause


def of_level(route: str, level: Level) -> dict[str, Any]:
    """Which row a level is."""
    return of_place(route, level.sku, level.location)


def of_place(route: str, sku: str, location: str) -> dict[str, Any]:
    """Which row an SKU at a location is."""
    return {"of_route": route, "of_sku": sku, "of_location": location}


def done_row(route: str, one: Published, now: float) -> dict[str, Any]:
    """What is kept of a level that the channel shows."""
    waits = [until for until in (one.doubt_until, now + LOOK_AGAIN_SECONDS if one.held else None) if until is not None]
    times = {"doubt": one.doubt_until, "next_look": min(waits, default=None), "now": now}
    return {**of_level(route, one.level), "sent": one.level.wanted, "sold": one.held, **times}


def failed_row(route: str, one: Published) -> dict[str, Any]:
    """What is kept of a level that the channel does not show."""
    return {
        **of_level(route, one.level),
        "again": one.retry_at,
        "new_cause": one.cause,
        "dropped": dropped(one.cause),
        "new_problem": one.problem,
        "doubt": one.doubt_until,
    }


def _row(route: str, level: Level, now: float) -> dict[str, Any]:
    return {
        "route": route,
        "sku": level.sku,
        "location": level.location,
        "product_id": level.product_id,
        "version": level.version,
        "available": f"{level.available:f}",
        "wanted": level.wanted,
        "shown": None,
        "held": 0,
        "as_of": level.as_of,
        "doubt_until": None,
        "due_at": now,
        "attempts": 0,
        "cause": "",
        "problem": "",
        "seen_at": now,
    }


def _fault_row(route: str, fault: Fault, now: float) -> dict[str, Any]:
    blank = _row(route, Level(fault.sku, Decimal(0), 0, fault.location), now)
    return blank | {"due_at": None, "cause": SOURCE + fault.cause, "problem": fault.problem}


def to_level(row: Any) -> Level:
    """A row as the flow sees it."""
    return Level(
        row.sku,
        Decimal(row.available),
        row.wanted,
        row.location,
        row.product_id,
        row.version,
        row.shown,
        row.doubt_until,
        row.attempts,
        row.cause,
        row.problem,
        row.held,
        row.drifted,
        row.as_of,
    )
