"""Products of a route: what the backend says, which listing of the channel it is, and how far that was brought."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Double, String, bindparam, case, cast, func, select, update

from crossdock.ledger.level_records import DROPPED, Trouble
from crossdock.ledger.level_writes import insert_into
from crossdock.ledger.of_route import OfRoute
from crossdock.ledger.pairs import move
from crossdock.ledger.schema import buffers, listings
from crossdock.model import Product


@dataclass(frozen=True, slots=True)
class Listing:
    """One product and its listing.

    Attributes:
        key: the backend's number of the product.
        product: as the backend shows it; None when it could not be read.
        fingerprint: of what is to be listed; it changes when the product does.
        listed_id: the channel's number of the listing; empty while it is not linked.
        done: the fingerprint that the listing was last brought to.
        kind: the step that was begun and not ended; empty when none.
        doubt_until: a `create` without answer may be carried out until then; seconds since the epoch.
        off_sale: crossdock took the listing off sale, so it may show it again.
        prices: SKU to the price that was accepted last; one that was refused is marked, and followed by the reason.
    """

    key: str
    product: Product | None = None
    fingerprint: str = ""
    listed_id: str = ""
    done: str = ""
    kind: str = ""
    doubt_until: float | None = None
    attempts: int = 0
    cause: str = ""
    problem: str = ""
    prices: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    """What a person wants other than the backend says: field, or ``price:SKU``, to value."""
    off_sale: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """What a person wants of one product from now on.

    Attributes:
        key: the backend's number of the product.
        overrides: all of them, as in `Listing`.
        listed_id: link it to this listing; empty leaves the link.
    """

    key: str
    overrides: Mapping[str, str]
    listed_id: str = ""


@dataclass(frozen=True, slots=True)
class ListingEnd:
    """How a listing stands after it was worked on.

    Attributes:
        listing: as it was planned.
        listed_id, done, kind, doubt_until, prices, off_sale: as they are now.
        retry_at: when to look again; None when something changes.
        cause: set when a person is needed.
        problem: one sentence.
    """

    listing: Listing
    listed_id: str
    done: str
    prices: Mapping[str, str]
    kind: str = ""
    doubt_until: float | None = None
    retry_at: float | None = None
    cause: str = ""
    problem: str = ""
    off_sale: bool = False


class Listings(OfRoute):
    """The products of one route."""

    async def record(self, seen: Sequence[Listing], cursor: tuple[str, str] | None = None) -> None:
        """Keep products and, in the same commit, the cursor that follows; what differs from its listing is due.

        A link that is given is kept where there was none.
        """
        if seen or cursor is not None:
            await self._database.write(_record, self._route, self._now(), seen, cursor)

    async def due(self, limit: int) -> list[Listing]:
        """What is to be looked at now."""
        now = self._now()
        query = select(listings).where(listings.c.route == self._route, listings.c.due_at <= now)
        return await self._select(query.order_by(listings.c.key).limit(limit))

    async def load(self, keys: Sequence[str]) -> list[Listing]:
        """The products with these numbers."""
        return await self._select(select(listings).where(listings.c.route == self._route, listings.c.key.in_(keys)))

    async def page(self, after: str, limit: int) -> list[Listing]:
        """All products, by number, a page at a time."""
        query = select(listings).where(listings.c.route == self._route, listings.c.key > after)
        return await self._select(query.order_by(listings.c.key).limit(limit))

    async def taken(self, listed_ids: Sequence[str]) -> dict[str, str]:
        """Listing to the product that it is linked to, of these listings; the first of several."""
        query = select(listings.c.listed_id, listings.c.key).where(
            listings.c.route == self._route, listings.c.listed_id.in_([one for one in listed_ids if one])
        )
        found = await self._database.read(lambda connection: [tuple(row) for row in connection.execute(query)])
        return dict(sorted(found, key=itemgetter(1), reverse=True))  # here: told to sort, SQLite reads all listings

    async def intend(self, key: str, kind: str, doubt_until: float | None) -> None:
        """Commit, before the call, that this step is begun, and until when a listing may still come of it."""
        statement = update(listings).where(listings.c.route == self._route, listings.c.key == key)
        begun = statement.values(kind=kind, doubt_until=doubt_until)
        await self._database.write_as(f"{self._route}/products", lambda connection: connection.execute(begun))

    async def conclude(self, ended: Sequence[ListingEnd]) -> None:
        """Commit how listings stand."""
        rows = [_end_row(self._route, one) for one in ended]
        if rows:
            await self._database.write(lambda connection: connection.execute(_ENDED, rows))

    async def override(self, wishes: Sequence[Override], buffered: Mapping[str, int | None] | None = None) -> None:
        """Keep what a person wants, and the buffers of SKUs (None takes one away); the products are due at once."""
        await self._database.write(_override, self._route, self._now(), wishes, dict(buffered or {}))

    async def buffers(self) -> dict[str, int]:
        """SKU to units that are never shown, where a person said so."""
        query = select(buffers.c.sku, buffers.c.quantity).where(buffers.c.route == self._route).order_by(buffers.c.sku)
        return await self._database.read(lambda found: {row.sku: row.quantity for row in found.execute(query)})

    async def look_at_all(self) -> None:
        """Have all products looked at now, but for those that wait for a person."""
        statement = update(listings).where(listings.c.route == self._route, listings.c.cause == "")
        now = self._now()
        await self._database.write(lambda connection: connection.execute(statement.values(due_at=now)))

    async def retry(self, causes: Sequence[str]) -> None:
        """Look at what has one of these problems again, prices that were refused included."""
        statement = update(listings).where(listings.c.route == self._route, listings.c.cause.in_(causes))
        again = {"cause": "", "problem": "", "attempts": 0, "due_at": self._now(), "prices": "{}"}
        gone = case((listings.c.cause == "listing-gone", ""), else_=listings.c.listed_id)
        await self._database.write(
            lambda connection: connection.execute(statement.values({**again, "listed_id": gone}))
        )

    async def drop(self, causes: Sequence[str]) -> None:
        """Leave what has one of these problems as it is until the product changes."""
        statement = update(listings).where(listings.c.route == self._route, listings.c.cause == bindparam("of_cause"))
        rows = [{"of_cause": cause, "dropped": DROPPED + cause} for cause in causes]
        if rows:
            dropped = statement.values(cause=bindparam("dropped"))
            await self._database.write(lambda connection: connection.execute(dropped, rows))

    async def troubles(self) -> list[Trouble]:
        """What has problems, by cause."""
        return await self._database.read(_troubles, self._route)

    async def _select(self, query: Any) -> list[Listing]:
        return await self._database.read(lambda connection: [_listing(row) for row in connection.execute(query)])


_OF = (listings.c.route == bindparam("of_route")) & (listings.c.key == bindparam("of_key"))
_ENDED = (
    update(listings)
    .where(_OF)
    .values(
        listed_id=bindparam("now_listed"),
        done=bindparam("now_done"),
        kind=bindparam("now_kind"),
        off_sale=bindparam("now_off_sale"),
        doubt_until=cast(bindparam("doubt"), Double),
        due_at=cast(bindparam("again"), Double),
        attempts=case((cast(bindparam("again"), Double).is_(None), 0), else_=listings.c.attempts + 1),
        cause=case((listings.c.cause == bindparam("dropped"), listings.c.cause), else_=bindparam("now_cause")),
        problem=bindparam("now_problem"),
        prices=bindparam("now_prices"),
    )
)


_LINK = bindparam("link", type_=String)
_OVERRIDE = (
    update(listings)
    .where(_OF)
    .values(
        overrides=bindparam("wish"),
        listed_id=case((_LINK == "", listings.c.listed_id), else_=_LINK),
        due_at=bindparam("now"),
        cause="",
        problem="",
    )
)


def _record(
    connection: Connection, route: str, now: float, seen: Sequence[Listing], cursor: tuple[str, str] | None
) -> None:
    if seen:
        statement = insert_into(connection, listings)
        new = statement.excluded
        is_same = listings.c.fingerprint == new.fingerprint
        gets_link = (listings.c.listed_id == "") & (new.listed_id != "")
        as_it_was = is_same & ~gets_link & (new.cause == "")
        values = {
            "fingerprint": new.fingerprint,
            "body": new.body,
            "listed_id": case((listings.c.listed_id == "", new.listed_id), else_=listings.c.listed_id),
            "done": case((gets_link, new.done), else_=listings.c.done),
            "due_at": case((as_it_was, listings.c.due_at), else_=new.due_at),
            "cause": case((as_it_was, listings.c.cause), else_=new.cause),
            "problem": case((as_it_was, listings.c.problem), else_=new.problem),
        }
        statement = statement.on_conflict_do_update(index_elements=list(listings.primary_key.columns), set_=values)
        connection.execute(statement, [_row(route, one, now) for one in seen])
    if cursor is not None:
        move(connection, *cursor, now)


def _override(
    connection: Connection, route: str, now: float, wishes: Sequence[Override], buffered: Mapping[str, int | None]
) -> None:
    rows = [
        {
            "of_route": route,
            "of_key": one.key,
            "wish": json.dumps(dict(one.overrides)),
            "link": one.listed_id,
            "now": now,
        }
        for one in wishes
    ]
    if rows:
        connection.execute(_OVERRIDE, rows)
    gone = [sku for sku, quantity in buffered.items() if quantity is None]
    for sku in gone:
        connection.execute(buffers.delete().where(buffers.c.route == route, buffers.c.sku == sku))
    kept = [{"route": route, "sku": sku, "quantity": number} for sku, number in buffered.items() if number is not None]
    if kept:
        statement = insert_into(connection, buffers)
        keys = list(buffers.primary_key.columns)
        connection.execute(
            statement.on_conflict_do_update(index_elements=keys, set_={"quantity": statement.excluded.quantity}), kept
        )


def _row(route: str, one: Listing, now: float) -> dict[str, Any]:
    return {
        "route": route,
        "key": one.key,
        "listed_id": one.listed_id,
        "fingerprint": one.fingerprint,
        "done": one.done,
        "kind": "",
        "off_sale": False,
        "doubt_until": None,
        "due_at": None if one.cause else now,
        "attempts": 0,
        "cause": one.cause,
        "problem": one.problem,
        "prices": "{}",
        "overrides": "{}",
        "body": one.product.model_dump_json(exclude_defaults=True).encode() if one.product else b"",
    }


def _end_row(route: str, one: ListingEnd) -> dict[str, Any]:
    return {
        "of_route": route,
        "of_key": one.listing.key,
        "now_listed": one.listed_id,
        "now_done": one.done,
        "now_kind": one.kind,
        "now_off_sale": one.off_sale,
        "doubt": one.doubt_until,
        "again": one.retry_at,
        "now_cause": one.cause,
        "dropped": DROPPED + one.cause,
        "now_problem": one.problem,
        "now_prices": json.dumps(dict(one.prices)),
    }


def _troubles(connection: Connection, route: str) -> list[Trouble]:
    bad = (listings.c.route == route, listings.c.cause > "", ~listings.c.cause.startswith(DROPPED))
    by_cause = select(listings.c.cause, func.count()).where(*bad).group_by(listings.c.cause).order_by(listings.c.cause)
    found = []
    for cause, count in connection.execute(by_cause).all():
        query = select(listings.c.key, listings.c.problem).where(*bad, listings.c.cause == cause)
        rows = connection.execute(query.order_by(listings.c.key).limit(50))
        found.append(Trouble(cause, count, [(row.key, row.problem) for row in rows]))
    return found


def _listing(row: Any) -> Listing:
    return Listing(
        row.key,
        Product.model_validate_json(row.body) if row.body else None,
        row.fingerprint,
        row.listed_id,
        row.done,
        row.kind,
        row.doubt_until,
        row.attempts,
        row.cause,
        row.problem,
        json.loads(row.prices),
        json.loads(row.overrides),
        row.off_sale,
    )
