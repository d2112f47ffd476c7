"""One connection to the database, used by one thread, so that writes are grouped and never block the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, create_engine, delete, event, false, func, inspect, select
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from crossdock.errors import ConfigError, TryLater
from crossdock.ledger import schema
from crossdock.ledger.locks import SessionLocks

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_MAKING_TABLES = 7_232_026  # any number, as long as it is always the same
_DEADLOCK = "40P01"
_PATIENCE = 30
"""Seconds that we wait for another process that writes to the same file."""
_WATCHFUL = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""Seconds and, last, milliseconds after which libpq gives up a server that says nothing."""


class Database:
    """Runs functions in transactions, one after the other, in a thread of its own.

    Args:
        url: ``sqlite:///file.db``, ``sqlite://`` (in memory, for tests) or ``postgresql://...``.

    Raises:
        ConfigError: `url` names no database that we can use.
    """

    def __init__(self, url: str) -> None:
        self._engine = engine_of(url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._connection: Connection | None = None
        self.commits = 0
        """How many transactions were committed since the start."""
        self.sessions = 0
        """How many times we connected."""
        self.locks = SessionLocks(self)
        """What this process holds against others, where `is_shared`."""

    @property
    def is_shared(self) -> bool:
        """Whether processes on other machines may use it."""
        return self._engine.dialect.name == "postgresql"

    @property
    def engine(self) -> Engine:
        """What connects, for work outside of `write` and `read`."""
        return self._engine

    @property
    def connect_arguments(self) -> dict[str, Any]:
        """With which other libraries connect to the same database. May hold a password: never to be shown."""
        return dict(self._engine.dialect.create_connect_args(self._engine.url)[1])

    async def open(self) -> None:
        """Connect, and create or check the tables.

        Raises:
            ConfigError: the database cannot be opened, or belongs to another version.
            TryLater: the server does not answer.
        """
        try:
            await self._in_thread(self._open)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Disconnect after everything handed in has been run."""
        await self._in_thread(self._close)
        self._thread.shutdown()

    async def write(self, work: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `work` in a transaction of its own; when this returns, it has been committed.

        Raises:
            TryLater: the database does not answer. `work` may have been committed all the same, and must not mind
                being run again.
        """
        return await self._in_thread(
            lambda: self._reach(lambda: self._transact(lambda connection: work(connection, *args, **kwargs)))
        )

    async def write_as(
        self, lock: str, work: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Like `write`, for what was decided under `lock`.

        Raises:
            TryLater: the database does not answer, or the lock that this process took was lost since.
        """

        def decided(connection: Connection) -> R:
            self.locks.check(lock)
            return work(connection, *args, **kwargs)

        return await self.write(decided)

    async def write_new(
        self, lock: str, look: Callable[[Connection], T | None], work: Callable[[Connection, T], R]
    ) -> R | None:
        """Run `look`, which only reads, and, unless that answers None, `work` on what it found, as `write_as` does.

        Raises:
            TryLater: the database does not answer, or the lock that this process took was lost since.
        """

        def decided(connection: Connection, found: T) -> R:
            self.locks.check(lock)
            return work(connection, found)

        def both() -> R | None:
            found = self._look(look)
            return None if found is None else self._transact(lambda connection: decided(connection, found))

        return await self._in_thread(lambda: self._reach(both))

    async def read(self, work: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `work`, which only reads.

        Raises:
            TryLater: the database does not answer.
        """
        return await self._in_thread(
            lambda: self._reach(lambda: self._look(lambda connection: work(connection, *args, **kwargs)))
        )

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _reach(self, attempt: Callable[[], R]) -> R:
        """Make a second attempt when the server dropped the connection, or chose us to end a deadlock."""
        try:
            return attempt()
        except DBAPIError as error:
            if not error.connection_invalidated and getattr(error.orig, "sqlstate", None) != _DEADLOCK:
                raise self._out_of_reach(error) from error
        try:
            return attempt()
        except DBAPIError as error:
            raise self._out_of_reach(error) from error

    def _out_of_reach(self, error: DBAPIError) -> Exception:
        if not isinstance(error, OperationalError | InterfaceError):
            return error  # a mistake of ours
        url = self._engine.url.render_as_string()
        return TryLater(
            f"the ledger {url} does not answer: {_cause(error)}", hint="is the server running, and the disk not full?"
        )

    def _transact(self, work: Callable[[Connection], R]) -> R:
        connection = self._live()
        with connection.begin():
            result = work(connection)
        self.commits += 1
        return result

    def _look(self, work: Callable[[Connection], R]) -> R:
        connection = self._live()
        try:
            return work(connection)
        finally:
            connection.rollback()

    def _live(self) -> Connection:
        """The connection, made anew when the server dropped it."""
        if self._connection is not None and self._connection.invalidated:
            self._connection.close()
            self._connection = None
        if self._connection is None:
            self._connection = self._engine.connect()
            self.sessions += 1
        return self._connection

    def _open(self) -> None:
        try:
            with self._live().begin():
                self._prepare(self._live())
        except SQLAlchemyError as error:
            if self.is_shared and isinstance(error, OperationalError | InterfaceError):
                raise self._out_of_reach(error) from error  # it may yet come up: whoever supervises us starts us again
            raise ConfigError(
                f"the ledger {self._engine.url.render_as_string()} cannot be opened: {_cause(error)}",
                key="ledger.url",
                hint="is the folder there and writable, and the server running?",
            ) from error

    def _prepare(self, connection: Connection) -> None:
        one_at_a_time(connection)
        if not inspect(connection).has_table(schema.version.name):
            schema.metadata.create_all(connection)
            schema.version.create(connection)
            connection.execute(schema.version.insert().values(version_num=schema.VERSION))
            return
        connection.execute(delete(schema.version).where(false()))  # which a file that is read-only refuses
        found = connection.execute(select(schema.version.c.version_num)).scalar()
        if found != schema.VERSION:
            newer = found is not None and found > schema.VERSION
            raise ConfigError(
                f"the ledger is of version {found}, this crossdock needs {schema.VERSION}",
                key="ledger.url",
                hint="install a newer crossdock" if newer else "make a backup, then run: crossdock db upgrade",
            )

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


def engine_of(url: str) -> Engine:
    """What connects to `url`.

    Raises:
        ConfigError: it names no database that we can use.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgresql+psycopg"):
            return _postgres(parsed)
    except ArgumentError:
        raise _no_database(url) from None
    except ImportError:
        raise ConfigError(
            "PostgreSQL needs its driver", key="ledger.url", hint="pip install 'crossdock[postgres]'"
        ) from None
    if parsed.drivername != "sqlite":
        raise _no_database(parsed.drivername)
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"check_same_thread": False, "timeout": _PATIENCE})
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _postgres(url: URL) -> Engine:
    """A server, or a client, that is gone is noticed on both sides within half a minute."""
    ours = {name: value for name, value in _WATCHFUL.items() if name not in url.query}
    schema.for_postgresql()
    engine = create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool, connect_args=ours)
    event.listen(engine, "connect", _configure_postgres)
    return engine


def _no_database(seen: str) -> ConfigError:
    return ConfigError(
        f"{seen!r} names no database that a ledger can be in",
        key="ledger.url",
        hint="sqlite:///crossdock.db or postgresql://user@host/database",
    )


def one_at_a_time(connection: Connection) -> None:
    """Two processes that open a new ledger at once must not both make its tables."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING_TABLES)))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _configure_postgres(connection: Any, _record: object) -> None:
    for setting in ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3"):
        connection.execute(f"SET {setting}")
    connection.commit()


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (f"busy_timeout={_PATIENCE * 1000}", "synchronous=FULL", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Two that make this change to a new file at once: SQLite refuses one of them without the wait it was asked for."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        connection.execute("BEGIN IMMEDIATE")  # waits for the other one
        connection.execute("ROLLBACK")


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
