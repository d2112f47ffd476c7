"""Locks that belong to a session of PostgreSQL, which frees them when the process ends, however it ends.

A session that breaks loses its locks without asking. So whoever decides something under a lock writes it over the
session that holds the lock, and the write is refused when that session is not the one any more: what is committed was
decided while nobody else had the lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

from sqlalchemy import BigInteger, Connection, cast, column, func, literal, literal_column, select, table

from crossdock.clock import Clock
from crossdock.errors import TryLater

_NAMESPACE = 7_232_028  # any number, as long as it is always the same
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.25
"""Seconds between two attempts to take what another process has."""


class Releasable(Protocol):
    """A lock that is held."""

    async def release(self) -> object:
        """Let others have it."""
        ...


class Session(Protocol):
    """What the locks need of a database."""

    sessions: int
    """How many sessions there were, the present one included."""

    async def read(self, work: Any, *args: Any) -> Any:
        """Run `work` over the present session."""
        ...


class SessionLocks:
    """The locks that this process holds in the database.

    Args:
        database: whose session holds them.
    """

    def __init__(self, database: Session) -> None:
        self._database = database
        self._held: dict[str, int] = {}
        self._here: dict[str, asyncio.Lock] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    async def take(self, name: str) -> bool:
        """Take `name`; False when another process, or another task of this one, has it.

        Raises:
            TryLater: the database does not answer.
        """
        if name in self._held:
            return False
        self._held[name] = 0  # no other task may try meanwhile
        try:
            session = await self._database.read(self._try, name)
        except BaseException:
            task = asyncio.ensure_future(self.give_back(name))  # it may have been taken all the same
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
            raise
        if session is None:
            del self._held[name]
            return False
        self._held[name] = session
        return True

    @asynccontextmanager
    async def held(self, name: str, clock: Clock) -> AsyncIterator[None]:
        """Wait for `name`, and hold it as long as the block lasts.

        Raises:
            TryLater: the database does not answer.
        """
        async with self._here.setdefault(name, asyncio.Lock()):
            pause = _FIRST_PAUSE
            while not await self.take(name):
                await clock.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            try:
                yield
            finally:
                await self.give_back(name)

    async def give_back(self, name: str) -> None:
        """Let others have `name`; a session that broke has let them already."""
        if name in self._held:
            with suppress(TryLater):
                await self._database.read(self._unlock, name)
            self._held.pop(name, None)

    def is_lost(self, name: str) -> bool:
        """Whether the session over which `name` was taken broke since."""
        held = self._held.get(name)
        return held is not None and held != self._database.sessions

    def check(self, name: str) -> None:
        """Refuse to go on under a lock that was lost; called within a transaction, before it is committed.

        Raises:
            TryLater: the session that held it broke.
        """
        if self.is_lost(name):
            raise TryLater(f"{name} was given up: the ledger's connection broke, and others may have worked on it")

    def _try(self, connection: Connection, name: str) -> int | None:
        taken = connection.execute(select(func.pg_try_advisory_lock(_key(name)))).scalar()
        return self._database.sessions if taken else None

    def _unlock(self, connection: Connection, name: str) -> None:
        if self._held.get(name) in (0, self._database.sessions):
            connection.execute(select(func.pg_advisory_unlock(_key(name))))


class LaneLock:
    """A lane that this process has."""

    def __init__(self, locks: SessionLocks, name: str) -> None:
        self._locks = locks
        self._name = name

    async def release(self) -> None:
        """Let others have it."""
        await self._locks.give_back(self._name)


def is_held(name: Any) -> Any:
    """SQL that tells whether any session holds `name`, which may be a column."""
    locks = table("pg_locks", *map(column, ("locktype", "objsubid", "classid", "objid", "database")))
    number = cast(locks.c.classid, BigInteger).op("<<")(literal_column("32")).op("|")(cast(locks.c.objid, BigInteger))
    database = table("pg_database", column("oid"), column("datname"))
    here = select(database.c.oid).where(database.c.datname == func.current_database()).scalar_subquery()
    advisory = (locks.c.locktype == "advisory", locks.c.objsubid == 1, locks.c.database == here)
    return select(literal(1)).select_from(locks).where(*advisory, number == _key(name)).exists()


def _key(name: Any) -> Any:
    """The number that stands for `name` in this schema."""
    return func.hashtextextended(func.concat(func.current_schema(), "/", name), _NAMESPACE)
