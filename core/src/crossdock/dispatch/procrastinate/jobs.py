"""The part of Procrastinate that is used: one task, whose jobs name a lane, and the tables that it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, String, cast, column, delete, literal_column, select, table, text

from crossdock.dispatch.dispatcher import Lane
from crossdock.dispatch.pace import RANK_SECONDS
from crossdock.dispatch.procrastinate.presence import AnnouncedJobs, worker_lock
from crossdock.errors import ConfigError
from crossdock.ledger.locks import is_held

TASK = "crossdock.lane"
_RANKS_FROM = 1_767_225_600  # 2026: priorities are numbers of 32 bits, and this leaves room for 68 years
_MAKING_TABLES = 7_232_029  # any number, as long as it is always the same


def app_of(
    arguments: dict[str, Any], run: Callable[[str], Awaitable[None]], announce: Callable[[int], Awaitable[None]]
) -> App:
    """Procrastinate over connections of its own, with the one task there is.

    Args:
        arguments: with which a connection is made.
        run: is awaited with the name of the lane.
        announce: is awaited with the worker's number before it gets jobs.
    """
    connector = PsycopgConnector(kwargs=arguments, min_size=1, max_size=4, timeout=10.0)
    app = App(connector=connector)
    app.job_manager = AnnouncedJobs(connector, announce)

    @app.task(name=TASK)
    async def lane(lane: str) -> None:
        await run(lane)

    return app


def enqueue(connection: Connection, lane: Lane, now: float) -> None:
    """Have `lane` run, in the caller's transaction, which holds the lane's row; nothing where it waits already.

    Earlier ones go first; orders count as if they had come five seconds earlier than stock, and ten than products: so
    they come first, and keep nobody waiting for ever.
    """
    if connection.execute(_WAITING, {"lane": lane.name}).scalar():
        return
    priority = _RANKS_FROM - int(now + lane.priority * RANK_SECONDS)
    raw = connection.connection.driver_connection
    job = _deferring.configure_task(TASK, lock=lane.name, queueing_lock=lane.name, priority=priority, connection=raw)
    try:
        with connection.begin_nested():
            job.defer(lane=lane.name)
    except AlreadyEnqueued:
        return


def idle(connection: Connection, known: Mapping[str, Lane]) -> dict[str, Lane]:
    """Those of these lanes that neither run nor wait for it."""
    busy = set(connection.execute(_BUSY).scalars())
    return {name: lane for name, lane in known.items() if name not in busy}


def others_wait(connection: Connection, lane: Lane) -> bool:
    """Whether another lane waits for a place."""
    return bool(connection.execute(_OTHERS, {"lane": lane.name}).scalar())


def job_lock(lane: Any) -> Any:
    """The lock that a process holds as long as it runs a job of `lane`, a name or a column."""
    return _PREFIX + lane


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A job that is said to run though no process holds its lock.

    Attributes:
        lane: which one it is about.
        is_certain: the process that took it is gone; else it may begin or end in this very moment, and one that is
            found twice is lost.
    """

    lane: str
    is_certain: bool


def abandoned(connection: Connection) -> dict[int, Abandoned]:
    """Jobs that are said to run though no process holds their lock, by number."""
    gone = ~is_held(worker_lock(cast(_jobs.c.worker_id, String)))
    lost = select(_jobs.c.id, _jobs.c.lock, gone.label("gone"))
    lost = lost.where(_jobs.c.status == _DOING, ~is_held(job_lock(_jobs.c.lock)))
    return {row.id: Abandoned(row.lock, row.gone) for row in connection.execute(lost)}


def remove(connection: Connection, numbers: Collection[int]) -> None:
    """End jobs that have lost their process; their lanes are found due again."""
    if numbers:
        connection.execute(delete(_jobs).where(_jobs.c.id.in_(numbers), _jobs.c.status == _DOING))


def prepare(connection: Connection) -> None:
    """Make Procrastinate's tables where there are none.

    Raises:
        ConfigError: they were made by another version of it.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MAKING_TABLES})
    if connection.execute(_THERE).scalar() is None:
        _make(connection)
    elif connection.execute(_MADE_BY).scalar() != _fingerprint():
        raise ConfigError(
            "the ledger's job tables were made by another version of Procrastinate",
            key="ledger.url",
            hint="stop all workers, make a backup, then run: crossdock db upgrade",
        )


def renew(connection: Connection) -> None:
    """Make Procrastinate's tables anew where they are of another version: nothing in them has to be kept."""
    if connection.execute(_THERE).scalar() is not None and connection.execute(_MADE_BY).scalar() != _fingerprint():
        connection.execute(text(_DROP))
    prepare(connection)


def _make(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    raw.execute(SchemaManager.get_schema())
    connection.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{_fingerprint()}'"))


def _fingerprint() -> str:
    return f"crossdock {blake2b(SchemaManager.get_schema().encode(), digest_size=8).hexdigest()}"


_PREFIX = "job/"
_DOING: Any = literal_column("'doing'::procrastinate_job_status")
_jobs = table("procrastinate_jobs", column("id"), column("lock", String), column("status"), column("worker_id"))
_deferring = App(connector=SyncPsycopgConnector())  # never opened: it enqueues over the ledger's connection alone
_WAITING = text("SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = :lane AND status = 'todo'")
_BUSY = text("SELECT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
_OTHERS = text(
    "SELECT EXISTS (SELECT FROM procrastinate_jobs j WHERE status = 'todo' AND lock <> :lane AND NOT EXISTS "
    "(SELECT FROM procrastinate_jobs o WHERE o.lock = j.lock AND o.status = 'doing'))"
)
_THERE = text("SELECT to_regclass('procrastinate_jobs')")
_MADE_BY = text("SELECT obj_description(to_regclass('procrastinate_jobs'))")
_DROP = r"""
DO $$ DECLARE item text; BEGIN
    FOR item IN
        SELECT 'TABLE ' || oid::regclass FROM pg_class
        WHERE relname LIKE 'procrastinate\_%' AND relkind = 'r' AND relnamespace = current_schema()::regnamespace
        UNION ALL
        SELECT 'FUNCTION ' || oid::regprocedure FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%' AND pronamespace = current_schema()::regnamespace
        UNION ALL
        SELECT 'TYPE ' || t.oid::regtype FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE typname LIKE 'procrastinate\_%' AND typnamespace = current_schema()::regnamespace
        AND (typtype = 'e' OR c.relkind = 'c')
    LOOP EXECUTE 'DROP ' || item || ' CASCADE'; END LOOP;
END $$
"""
