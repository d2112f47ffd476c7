"""One connection to the database, used by one thread, so that writes are grouped and never block the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Table, create_engine, event, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from crossdock.errors import ConfigError
from crossdock.ledger import schema

P = ParamSpec("P")
R = TypeVar("R")


class Database:
    """Runs functions in transactions, one after the other, in a thread of its own.

    Args:
        url: ``sqlite:///file.db``, ``sqlite://`` (in memory, for tests) or ``postgresql://...``.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._connection: Connection | None = None
        self.commits = 0
        """How many transactions were committed since the start."""

    async def open(self) -> None:
        """Connect, and create or check the tables.

        Raises:
            ConfigError: the database cannot be opened, or belongs to another version.
        """
        await self._in_thread(self._open)

    async def close(self) -> None:
        """Disconnect after everything handed in has been run."""
        await self._in_thread(self._close)
        self._thread.shutdown()

    async def write(self, work: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `work` in a transaction of its own; when this returns, it has been committed."""
        return await self._in_thread(lambda: self._transact(lambda connection: work(connection, *args, **kwargs)))

    async def read(self, work: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `work`, which only reads."""
        return await self._in_thread(lambda: self._look(lambda connection: work(connection, *args, **kwargs)))

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

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
        if self._connection is None or self._connection.invalidated or self._connection.closed:
            self._connection = self._engine.connect()
        return self._connection

    def _open(self) -> None:
        try:
            with self._live().begin():
                self._prepare(self._live())
        except SQLAlchemyError as error:
            raise ConfigError(
                f"the ledger {self._engine.url.render_as_string()} cannot be opened: {_cause(error)}",
                key="ledger.url",
                hint="is the folder there and writable, and the server running?",
            ) from error

    def _prepare(self, connection: Connection) -> None:
        if not inspect(connection).has_table(schema.version.name):
            schema.metadata.create_all(connection)
            schema.version.create(connection)
            connection.execute(schema.version.insert().values(version_num=schema.VERSION))
            return
        found = connection.execute(select(schema.version.c.version_num)).scalar()
        if found != schema.VERSION:
            raise ConfigError(
                f"the ledger is of version {found}, this crossdock needs {schema.VERSION}",
                key="ledger.url",
                hint="make a backup, then run `crossdock db upgrade`; a newer ledger needs a newer crossdock",
            )

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], update: Sequence[str]) -> None:
    """Insert `rows`, or where their primary key exists set the columns named in `update`."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: statement.excluded[name] for name in update},
    )
    connection.execute(statement, list(rows))


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"check_same_thread": False, "timeout": 30})
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
