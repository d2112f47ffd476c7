"""The ledger: the durable memory of what was seen, intended, done and put aside."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from cryptography.fernet import MultiFernet
from filelock import AsyncFileLock, Timeout
from sqlalchemy import Connection

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.ledger import acts, items, pairs, pauses, returned, set_back
from crossdock.ledger.access import Access
from crossdock.ledger.database import Database
from crossdock.ledger.levels import Levels
from crossdock.ledger.listings import Listings
from crossdock.ledger.locks import LaneLock, Releasable
from crossdock.ledger.pauses import Pause
from crossdock.ledger.records import (
    Conclusion,
    Decide,
    Decided,
    Event,
    Intent,
    LaneStatus,
    OrderRow,
    Pair,
    Parked,
    Parking,
    Recorded,
    Seen,
    Turn,
)
from crossdock.ledger.standing import Standings, orders, standings
from crossdock.ledger.vault import LedgerVault
from crossdock.model import Return

_GROUP = 64
"""How many conclusions share a commit at most. What is lost in a crash is looked up, never sent blindly."""
_FIRST = Turn()
_PATIENCE = 0.02
"""Seconds that a conclusion waits for others to share its commit; nothing that is decided waits for it."""
_ASK_AGAIN = 0.05
"""Seconds after which a lane that another process has is asked for again."""


class Ledger:
    """All memory of one crossdock.

    Everything that must be known before a call is committed when its method returns. Conclusions are grouped:
    `conclude` returns at once, and they are committed together soon after, at the latest by `flush`.

    Args:
        database: opened and closed with the ledger.
        clock: the only source of time.
        folder: where lock files and documents are kept.
        keys: encrypt what connections keep.
    """

    def __init__(self, database: Database, clock: Clock, folder: Path, keys: MultiFernet) -> None:
        self.database = database
        self.folder = folder
        self._clock = clock
        self._keys = keys
        self._waiting: list[tuple[str, Conclusion, float | None]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._enough = asyncio.Event()
        self._awaited = 0

    async def __aenter__(self) -> Self:
        await self.database.open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        try:
            await self.flush()
        finally:
            await self.database.close()

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def vault(self, connection: str) -> LedgerVault:
        """Where the connection of this name keeps its tokens."""
        return LedgerVault(self.database, connection, self._keys, self.folder, self._clock)

    @property
    def access(self) -> Access:
        """Who may use the API, and what was done by whom."""
        return Access(self.database, self._clock)

    def levels(self, route: str) -> Levels:
        """The stock levels of a route."""
        return Levels(self.database, self._clock, route)

    def listings(self, route: str) -> Listings:
        """The products of a route, and where they are listed."""
        return Listings(self.database, self._clock, route)

    async def lane(self, name: str, patience: float = 0.0) -> Releasable:
        """Take the lane `name` for this process; released by ``await lock.release()``.

        In PostgreSQL it is held against every machine, by the session over which decisions are written.

        Args:
            name: which.
            patience: seconds for which it is waited for.

        Raises:
            TryLater: another process has it, or the database does not answer.
        """
        ends_at = self._clock.monotonic() + patience
        while (lock := await self._taken(name)) is None:
            if self._clock.monotonic() >= ends_at:
                hint = "wait until it is done, or stop it"
                raise TryLater(f"{name} is being worked on by another process", hint=hint)
            await self._clock.sleep(_ASK_AGAIN)
        return lock

    async def _taken(self, name: str) -> Releasable | None:
        if self.database.is_shared:
            return LaneLock(self.database.locks, name) if await self.database.locks.take(name) else None
        lock = AsyncFileLock(self.folder / f"{name.replace('/', '.')}.lane", timeout=0, run_in_executor=False)
        try:
            await lock.acquire()
        except Timeout:
            return None
        return lock

    async def cursor(self, name: str) -> str | None:
        """Where reading goes on; None before the first run."""
        return await self.database.read(pairs.cursor, name)

    async def move(self, name: str, value: str) -> None:
        """Move the cursor `name`; nothing is written when it stands there already."""
        if await self.cursor(name) != value:
            await self.database.write(pairs.move, name, value, self._now())

    async def record(
        self,
        route: str,
        seen: Sequence[Seen],
        cursor: tuple[str, str] | None = None,
        historical: bool = False,
        decide: Decide | None = None,
    ) -> Recorded:
        """Keep snapshots and, in the same commit, the cursor that follows from them; nothing new writes nothing.

        Changed pairs stay due until a decision or a conclusion says otherwise.

        Args:
            route: whose orders.
            seen: as a side showed them now.
            cursor: its name, and where it stands after them.
            historical: what is new is history.
            decide: plans the pairs that changed; what it answers is in the same commit.
        """
        if self._waiting and not {item.key for item in seen}.isdisjoint(ended.key for _, ended, _ in self._waiting):
            await self.flush()
        now = self._now()

        def look(connection: Connection) -> tuple[list[pairs.News], bool] | None:
            fresh, goes_on = pairs.news(connection, route, seen, cursor)
            return (fresh, goes_on) if fresh or goes_on else None

        def keep(connection: Connection, news: tuple[list[pairs.News], bool]) -> Recorded:
            fresh, goes_on = news
            changed = pairs.record(connection, route, fresh, now, cursor if goes_on else None, historical)
            if decide is not None:
                acts.decide(connection, route, decide(changed), now)
            return Recorded(changed, len(seen) - len(fresh))

        return await self.database.write_new(f"{route}/orders", look, keep) or Recorded([], len(seen))

    async def load(self, route: str, keys: Sequence[str]) -> dict[str, Pair]:
        """The pairs with these keys; unknown keys are left out."""
        await self.flush()
        return await self.database.read(pairs.load, route, keys)

    async def due(self, route: str, limit: int) -> list[str]:
        """Keys of the pairs to look at now."""
        return [turn.key for turn in await self.turns(route, limit)]

    async def turns(
        self, route: str, limit: int, after: Turn = _FIRST, until: datetime | None = None
    ) -> Sequence[Turn]:
        """The pairs to look at by `until` (now unless told), after `after`: those first that have waited longest."""
        end = until.timestamp() if until else self._now()
        return await self.database.read(pairs.due, route, end, limit, after)

    async def resting(self, route: str, keys: Sequence[str]) -> set[str]:
        """Of these orders, those that nothing looks at before something changes."""
        return await self.database.read(pairs.resting, route, keys)

    async def began(self, route: str) -> datetime | None:
        """When anything of `route` was seen first."""
        return pairs.moment(await self.database.read(pairs.began, route))

    async def with_open_document(self, route: str, limit: int, after: str = "") -> list[str]:
        """Keys of the pairs whose document was still open when it was last seen, by key, after `after`."""
        return await self.database.read(pairs.with_open_document, route, limit, after)

    async def nudge(self, route: str, keys: Sequence[str], why: str) -> None:
        """Have these orders looked at soon. Committed when this returns."""
        await self.database.write(pairs.nudge, route, keys, self._now(), why)

    async def expect(self, route: str, documents: Mapping[str, str]) -> dict[str, str]:
        """Document id to channel key for those that are known by now; have the others' orders looked at soon.

        Args:
            route: whose orders.
            documents: id to reference, of documents that `keys_of_documents` did not know.
        """
        await self.flush()
        return await self.database.write(pairs.expect, route, documents, self._now())

    async def keys_of_documents(self, route: str, document_ids: Sequence[str]) -> dict[str, str]:
        """Document id to channel key, for the documents that we know."""
        return await self.database.read(pairs.keys_of_documents, route, document_ids)

    async def decide(self, route: str, decided: Decided) -> None:
        """Commit what planning led to, before anything of it is carried out."""
        if decided != Decided():
            await self.database.write_as(f"{route}/orders", acts.decide, route, decided, self._now())

    async def intend(self, route: str, intent: Intent) -> None:
        """Commit one step before its call: for a second step of the same order."""
        await self.flush()
        await self.database.write_as(f"{route}/orders", acts.intend, route, [intent], self._now())

    def conclude(self, route: str, conclusion: Conclusion, look_at: float | None) -> None:
        """Record how a step ended; committed in a group, soon."""
        self._waiting.append((route, conclusion, look_at))
        if len(self._waiting) >= _GROUP:
            self._enough.set()
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.ensure_future(self._flush_soon())
            self._flushing.add_done_callback(_heard)

    async def flush(self) -> None:
        """Commit every conclusion handed in so far."""
        self._awaited += 1
        self._enough.set()
        try:
            while self._waiting or (self._flushing is not None and not self._flushing.done()):
                if self._flushing is not None and not self._flushing.done():
                    await self._flushing
                else:
                    await self._flush()
        finally:
            self._awaited -= 1

    async def _flush_soon(self) -> None:
        while self._waiting:
            await self._gather()
            await self._flush()

    async def _gather(self) -> None:
        """Let others hand theirs in, until there are enough or somebody waits for the commit."""
        if len(self._waiting) < _GROUP and not self._awaited:
            timer = asyncio.get_running_loop().call_later(_PATIENCE, self._enough.set)
            await self._enough.wait()
            timer.cancel()
        self._enough.clear()

    async def _flush(self) -> None:
        group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
        try:
            await self.database.write(acts.conclude, self._now(), group)
        except BaseException:
            self._waiting[:0] = group
            raise

    async def park(self, route: str, parkings: Sequence[Parking]) -> None:
        """Put items aside for a person."""
        await self.database.write(acts.park, route, parkings, self._now())

    async def release(self, route: str, keys: Sequence[str], resolution: str) -> int:
        """Close the parked items of these orders and have them looked at now; answer how many items there were."""
        now = self._now()
        closed = await self.database.write(acts.resolve, route, keys, now, resolution)
        await self.database.write(acts.forget_refusals, route, keys, now)
        return closed

    async def drop(self, route: str, keys: Sequence[str], reason: str) -> int:
        """Close the parked items of these orders for good: refused steps are not tried again."""
        return await self.database.write(acts.drop, route, keys, self._now(), reason)

    async def accept(self, route: str, kind: str, conflicts: Sequence[tuple[str, str]]) -> None:
        """Remember that a person leaves these conflicts, (key, reference), as they are."""
        await self.database.write(acts.accept, route, kind, conflicts, self._now())

    async def paused(self) -> dict[str, Pause]:
        """Connections that have to sign in, by name."""
        return {name: one for name, one in (await self.database.read(pauses.noted)).items() if one.resting}

    async def latest(self) -> datetime | None:
        """The latest moment at which anything was read on; None before the first run."""
        return pairs.moment(await self.database.read(set_back.latest))

    async def follow_clock(self, seconds: float) -> int:
        """The clock was set back by so many seconds: bring nearer what is to be looked at; answer how much it was."""
        return await self.database.write(set_back.follow, self._now(), seconds)

    async def found(self, about: str) -> dict[str, str]:
        """Subject to what a chore found last, whichever process did it."""
        return await self.database.read(pairs.cursors_below, f"found/{about}/")

    async def find_out(self, about: str, subject: str, what: str) -> None:
        """Keep what a chore found, for all processes."""
        await self.move(f"found/{about}/{subject}", what)

    async def parked(self, route: str | None = None) -> list[Parked]:
        """What waits for a person, oldest first."""
        return await self.database.read(acts.parked_items, route)

    async def keep_items(self, lane: str, parkings: Sequence[Parking]) -> int:
        """Have exactly these items of a lane such as ``sg/stock`` open; answer how many were not open before."""
        return await self.database.write(items.keep, lane, parkings, self._now())

    async def close_items(self, ids: Sequence[int], resolution: str) -> int:
        """Close these items; answer how many were open."""
        return await self.database.write(items.close, ids, self._now(), resolution)

    async def unsettled(self, route: str, limit: int = 200) -> list[str]:
        """Keys of the orders with a step in doubt that may be looked up now."""
        await self.flush()
        return await self.database.read(acts.unsettled, route, self._now(), limit)

    async def record_returns(
        self, route: str, seen: Sequence[Return], cursor: tuple[str, str] | None = None
    ) -> list[Return]:
        """Keep returns and, in the same commit, the cursor that follows from them; answer those that changed."""
        if not seen and cursor is None:
            return []
        return await self.database.write(returned.record, route, seen, self._now(), cursor)

    async def returns(self, route: str, *, closed: bool = False) -> list[Return]:
        """Returns of a route, the one that is due first first; closed ones only when asked for."""
        return await self.database.read(lambda connection: returned.listed(connection, route, closed=closed))

    async def tell(self, route: str, events: Sequence[tuple[str, str, str]]) -> None:
        """Add (key, what, text) to timelines."""
        await self.database.write(acts.tell, route, self._now(), events)

    async def timeline(self, route: str, key: str) -> list[Event]:
        """What happened to an order, oldest first."""
        return await self.database.read(acts.events, route, key)

    async def find(self, number: str) -> list[tuple[str, str]]:
        """(route, key) of every order that has this number on either side."""
        return await self.database.read(acts.routes_of, number)

    async def standings(self) -> Standings:
        """How all routes stand, in a few statements."""
        return await self.database.read(standings, self._now())

    async def orders(self, route: str | None, after: str, limit: int) -> list[OrderRow]:
        """Orders by number; `after` goes on behind a number."""
        return await self.database.read(orders, route, after, limit)

    async def status(self, route: str) -> LaneStatus:
        """How a route stands."""
        return await self.database.read(acts.status, route)


def _heard(task: asyncio.Task[None]) -> None:
    """A flush that failed has put back what it held, and the next one tells if it fails as well."""
    if not task.cancelled():
        task.exception()
