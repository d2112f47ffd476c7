"""Stock levels of a route: what the source says, what may be shown of it, and what the channel shows.

A level is due while the channel does not surely show what is wanted. Writing a page of levels is one statement that
lets no older version replace a newer one, so the order in which answers arrive does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Connection, Double, Table, bindparam, case, cast, func, null, or_, select, update
from sqlalchemy.dialects import sqlite

from crossdock.clock import Clock
from crossdock.ledger.database import Database
from crossdock.ledger.level_records import DROPPED, SOURCE, Fault, Level, Published, Trouble
from crossdock.ledger.pairs import move
from crossdock.ledger.schema import levels


class Levels:
    """The stock levels of one route.

    Args:
        database: of the ledger.
        clock: the only source of time.
        route: whose levels.
    """

    def __init__(self, database: Database, clock: Clock, route: str) -> None:
        self._database = database
        self._clock = clock
        self._route = route

    def _now(self) -> float:
        return self._clock.now().timestamp()

    async def record(
        self, seen: Sequence[Level], faults: Sequence[Fault] = (), cursor: tuple[str, str] | None = None
    ) -> None:
        """Keep what the source says and, in the same commit, the cursor that follows from it."""
        if seen or faults or cursor is not None:
            await self._database.write(_record, self._route, self._now(), seen, faults, cursor)

    async def gone(self, before: float) -> int:
        """Want nothing of what a full reading that began at `before` did not name; answer how many that are."""
        return await self._database.write(_gone, self._route, before, self._now())

    async def load(self, skus: Sequence[str]) -> list[Level]:
        """The levels of these SKUs, at all their locations."""
        found: list[Level] = []
        for first in range(0, len(skus), 500):
            query = select(levels).where(levels.c.route == self._route, levels.c.sku.in_(skus[first : first + 500]))
            found += await self._select(query)
        return found

    async def due(
        self, limit: int, *, only: Sequence[str] = (), raises: bool = True, zeros: bool = True
    ) -> list[Level]:
        """Levels to be sent now, those of one product next to each other.

        Args:
            limit: at most so many.
            only: of these SKUs; empty for all.
            raises: also those that would show more than the channel shows.
            zeros: also those that would take something off sale.
        """
        conditions = [levels.c.route == self._route, levels.c.due_at <= self._now()]
        if only:
            conditions.append(levels.c.sku.in_(only))
        if not raises:
            conditions.append(levels.c.wanted <= levels.c.shown)
        if not zeros:
            conditions.append(or_(levels.c.wanted > 0, func.coalesce(levels.c.shown, 0) == 0))
        order = (levels.c.product_id, levels.c.sku, levels.c.location)
        return await self._select(select(levels).where(*conditions).order_by(*order).limit(limit))

    async def drops(self) -> tuple[int, int]:
        """How many levels that are on sale are to drop to zero now, and how many are on sale if any drop."""
        on_sale = (levels.c.route == self._route, levels.c.shown > 0)
        falls = select(func.count()).where(*on_sale, levels.c.wanted == 0, levels.c.due_at <= self._now())
        total = select(func.count()).where(*on_sale)

        def count(connection: Connection) -> tuple[int, int]:
            falling = int(connection.execute(falls).scalar() or 0)
            return falling, int(connection.execute(total).scalar() or 0) if falling else 0

        return await self._database.read(count)

    async def intend(self, sent: Sequence[Level], doubt_until: float) -> None:
        """Commit, before the call, that these may be carried out until `doubt_until` unless an answer says more."""
        rows = [{**_of(self._route, level), "until": doubt_until} for level in sent]
        await self._database.write_as(f"{self._route}/stock", _many, _INTEND, rows)

    async def conclude(self, ended: Sequence[Published]) -> None:
        """Commit how sending ended."""
        now = self._now()
        done = [_done_row(self._route, one, now) for one in ended if one.is_done]
        failed = [_failed_row(self._route, one) for one in ended if not one.is_done]
        await self._database.write(_conclude, done, failed)

    async def mistrust(self, skus: Sequence[tuple[str, str]]) -> None:
        """Send these (SKU, location) again, whatever the channel is said to show."""
        rows = [
            {"of_route": self._route, "of_sku": sku, "of_location": place, "now": self._now()} for sku, place in skus
        ]
        await self._database.write(_many, _AGAIN, rows)

    async def look_again(self, cause: str) -> None:
        """Send what has this problem once more, without asking a person again if it still has it."""
        of_cause = (levels.c.route == self._route, levels.c.cause.in_([cause, _dropped(cause)]))
        statement = update(levels).where(*of_cause).values(due_at=self._now())
        await self._database.write(lambda connection: connection.execute(statement))

    async def retry(self, causes: Sequence[str]) -> int:
        """Send what has one of these problems again; answer how many that are."""
        wanted = [name for cause in causes for name in (cause, _dropped(cause))]
        return await self._database.write(_retry, self._route, wanted, self._now())

    async def drop(self, causes: Sequence[str]) -> None:
        """Leave what has one of these problems as it is until its level changes."""
        statement = update(levels).where(levels.c.route == self._route, levels.c.cause == bindparam("of_cause"))
        rows = [{"of_cause": cause, "dropped": _dropped(cause)} for cause in causes]
        await self._database.write(_many, statement.values(cause=bindparam("dropped")), rows)

    async def troubles(self) -> list[Trouble]:
        """What has problems, by cause."""
        return await self._database.read(_troubles, self._route)

    async def counts(self) -> tuple[int, int, int]:
        """How many levels there are, how many are due or in doubt, and how many have a problem."""
        query = select(func.count(), func.count(levels.c.due_at), func.count().filter(levels.c.cause != "")).where(
            levels.c.route == self._route
        )
        total, due, bad = await self._database.read(lambda connection: tuple(connection.execute(query).one()))
        return int(total), int(due), int(bad)

    async def _select(self, query: Any) -> list[Level]:
        return await self._database.read(lambda connection: [_level(row) for row in connection.execute(query)])


_OF_LEVEL = (
    (levels.c.route == bindparam("of_route"))
    & (levels.c.sku == bindparam("of_sku"))
    & (levels.c.location == bindparam("of_location"))
)
_INTEND = update(levels).where(_OF_LEVEL).values(doubt_until=bindparam("until"))
_AGAIN = update(levels).where(_OF_LEVEL).values(due_at=bindparam("now"), doubt_until=bindparam("now"))
_DOUBT = cast(bindparam("doubt"), Double)
_DONE = (
    update(levels)
    .where(_OF_LEVEL)
    .values(
        shown=bindparam("sent"),
        doubt_until=_DOUBT,
        due_at=case((levels.c.wanted != cast(bindparam("sent"), BigInteger), bindparam("now")), else_=_DOUBT),
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


def _record(
    connection: Connection,
    route: str,
    now: float,
    seen: Sequence[Level],
    faults: Sequence[Fault],
    cursor: tuple[str, str] | None,
) -> None:
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
    differs = or_(levels.c.shown.is_(None), levels.c.shown != new.wanted)
    as_before = levels.c.wanted == new.wanted
    of_source = levels.c.cause.startswith(SOURCE)
    refused = as_before & (levels.c.cause != "") & ~of_source
    due = case(
        (as_before & levels.c.due_at.isnot(None), levels.c.due_at),  # its pause after a failure stays
        (differs & refused, null()),  # what was refused is sent again when it changes, or when a person says so
        (differs, new.due_at),
        else_=case((levels.c.doubt_until.isnot(None), levels.c.due_at), else_=null()),
    )
    settled = or_(of_source, ~differs)
    newer = new.version >= levels.c.version
    names = ("product_id", "version", "available", "wanted")
    values = {name: case((newer, new[name]), else_=levels.c[name]) for name in names}
    values["due_at"] = case((newer, due), else_=levels.c.due_at)
    values |= {name: case((newer & settled, ""), else_=levels.c[name]) for name in ("cause", "problem")}
    return statement.on_conflict_do_update(
        index_elements=list(levels.primary_key.columns), set_={**values, "seen_at": new.seen_at}
    )


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


def _gone(connection: Connection, route: str, before: float, now: float) -> int:
    missing = (levels.c.route == route, levels.c.seen_at < before, levels.c.wanted > 0)
    shows = func.coalesce(levels.c.shown, 1) > 0
    due = case((shows, now), else_=levels.c.due_at)
    found = connection.execute(update(levels).where(*missing).values(available="0", wanted=0, due_at=due))
    return found.rowcount


def _many(connection: Connection, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, list(rows))


def _conclude(connection: Connection, done: Sequence[dict[str, Any]], failed: Sequence[dict[str, Any]]) -> None:
    _many(connection, _DONE, done)
    _many(connection, _FAILED, failed)


def _retry(connection: Connection, route: str, causes: Sequence[str], now: float) -> int:
    of_cause = (levels.c.route == route, levels.c.cause.in_(causes))
    found = connection.execute(update(levels).where(*of_cause).values(cause="", problem="", attempts=0, due_at=now))
    return found.rowcount


def _troubles(connection: Connection, route: str) -> list[Trouble]:
    bad = (levels.c.route == route, levels.c.cause > "", ~levels.c.cause.startswith(DROPPED))
    by_cause = select(levels.c.cause, func.count()).where(*bad).group_by(levels.c.cause).order_by(levels.c.cause)
    found = []
    for cause, count in connection.execute(by_cause).all():
        query = select(levels.c.sku, levels.c.problem).where(*bad, levels.c.cause == cause).order_by(levels.c.sku)
        found.append(Trouble(cause, count, [(row.sku, row.problem) for row in connection.execute(query.limit(50))]))
    return found


def _dropped(cause: str) -> str:
    return cause if cause.startswith(DROPPED) else DROPPED + cause


def _of(route: str, level: Level) -> dict[str, Any]:
    return {"of_route": route, "of_sku": level.sku, "of_location": level.location}


def _done_row(route: str, one: Published, now: float) -> dict[str, Any]:
    return {**_of(route, one.level), "sent": one.level.wanted, "doubt": one.doubt_until, "now": now}


def _failed_row(route: str, one: Published) -> dict[str, Any]:
    return {
        **_of(route, one.level),
        "again": one.retry_at,
        "new_cause": one.cause,
        "dropped": _dropped(one.cause),
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


def _level(row: Any) -> Level:
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
    )
