"""Stock levels of a route: what the source says, what may be shown of it, and what the channel shows.

A level is due while the channel does not surely show what is wanted. Writing a page of levels is one statement that
lets no older version replace a newer one, so the order in which answers arrive does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from crossdock.ledger.level_records import Fault, Level, Published, Sold, Trouble
from crossdock.ledger.level_writes import (
    AGAIN,
    DRIFTED,
    INTEND,
    conclude_levels,
    done_row,
    dropped,
    failed_row,
    of_level,
    of_place,
    record_levels,
    retry_levels,
    take_off,
    to_level,
    troubles_of,
    write_many,
)
from crossdock.ledger.of_route import OfRoute
from crossdock.ledger.schema import levels
from crossdock.ledger.sold import sold


class Levels(OfRoute):
    """The stock levels of one route."""

    async def record(
        self, seen: Sequence[Level], faults: Sequence[Fault] = (), cursor: tuple[str, str] | None = None
    ) -> None:
        """Keep what the source says and, in the same commit, the cursor that follows from it."""
        if seen or faults or cursor is not None:
            await self._database.write(record_levels, self._route, self._now(), seen, faults, cursor)

    async def gone(self, before: float) -> int:
        """Want nothing of what a full reading that began at `before` did not name; answer how many that are."""
        return await self._database.write(take_off, self._route, before, self._now())

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

    async def sold(self, routes: Sequence[str], since: float, *, until_shipped: bool) -> list[Sold]:
        """Lines of open orders of `routes` that levels may not contain that were read at `since` or later."""
        return await self._database.read(
            lambda connection: sold(connection, routes, since, until_shipped=until_shipped)
        )

    async def held(self, limit: int) -> list[str]:
        """SKUs of which something was held back and that are to be looked at now."""
        due = (levels.c.route == self._route, levels.c.due_at <= self._now(), levels.c.held > 0)
        query = select(levels.c.sku).distinct().where(*due).order_by(levels.c.sku).limit(limit)
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

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
        rows = [{**of_level(self._route, level), "until": doubt_until} for level in sent]
        await self._database.write_as(f"{self._route}/stock", write_many, INTEND, rows)

    async def conclude(self, ended: Sequence[Published]) -> None:
        """Commit how sending ended."""
        now = self._now()
        done = [done_row(self._route, one, now) for one in ended if one.is_done]
        failed = [failed_row(self._route, one) for one in ended if not one.is_done]
        await self._database.write(conclude_levels, done, failed)

    async def mistrust(self, skus: Sequence[tuple[str, str]]) -> None:
        """Send these (SKU, location) again, whatever the channel is said to show."""
        rows = [{**of_place(self._route, sku, place), "now": self._now()} for sku, place in skus]
        await self._database.write(write_many, AGAIN, rows)

    async def drifted(self, seen: Sequence[tuple[str, str, int]]) -> None:
        """Remember what the channel shows of these (SKU, location) instead of what it should."""
        rows = [{**of_place(self._route, sku, place), "shows": shows} for sku, place, shows in seen]
        await self._database.write(write_many, DRIFTED, rows)

    async def look_again(self, *causes: str) -> None:
        """Send what has one of these problems once more, without asking a person again if it still has it."""
        named = [name for cause in causes for name in (cause, dropped(cause))]
        of_cause = (levels.c.route == self._route, levels.c.cause.in_(named))
        statement = update(levels).where(*of_cause).values(due_at=self._now())
        await self._database.write(lambda connection: connection.execute(statement))

    async def retry(self, causes: Sequence[str]) -> int:
        """Send what has one of these problems again; answer how many that are."""
        wanted = [name for cause in causes for name in (cause, dropped(cause))]
        return await self._database.write(retry_levels, self._route, wanted, self._now())

    async def drop(self, causes: Sequence[str]) -> None:
        """Leave what has one of these problems as it is until its level changes."""
        statement = update(levels).where(levels.c.route == self._route, levels.c.cause == bindparam("of_cause"))
        rows = [{"of_cause": cause, "dropped": dropped(cause)} for cause in causes]
        await self._database.write(write_many, statement.values(cause=bindparam("dropped")), rows)

    async def troubles(self) -> list[Trouble]:
        """What has problems, by cause."""
        return await self._database.read(troubles_of, self._route)

    async def counts(self) -> tuple[int, int, int]:
        """How many levels there are, how many are due or in doubt, and how many have a problem."""
        query = select(func.count(), func.count(levels.c.due_at), func.count().filter(levels.c.cause != "")).where(
            levels.c.route == self._route
        )
        total, due, bad = await self._database.read(lambda connection: tuple(connection.execute(query).one()))
        return int(total), int(due), int(bad)

    async def _select(self, query: Any) -> list[Level]:
        return await self._database.read(lambda connection: [to_level(row) for row in connection.execute(query)])
