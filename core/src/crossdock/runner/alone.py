"""One service per ledger, or many of a dispatcher that shares: others would do everything twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from filelock import AsyncFileLock, Timeout
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from crossdock.config import LedgerConfig
from crossdock.errors import ConfigError, TryLater
from crossdock.ledger.database import engine_of

_SERVICE = 7_232_027  # any number, as long as it is always the same


@asynccontextmanager
async def alone(ledger: LedgerConfig, *, shared: bool = False) -> AsyncIterator[None]:
    """Keep other services from this ledger as long as the block lasts, or as long as this process lives.

    Args:
        ledger: which.
        shared: let those in that share as well.

    Raises:
        ConfigError: another one runs.
        TryLater: the server of the ledger does not answer.
    """
    beside = ledger.url.removeprefix("sqlite:///")
    if beside != ledger.url:
        async with _file(Path(f"{beside}.run-lock")):
            yield
        return
    connection = await asyncio.to_thread(_session, ledger.url, shared)
    try:
        yield
    finally:
        await asyncio.to_thread(connection.close)


@asynccontextmanager
async def _file(path: Path) -> AsyncIterator[None]:
    if not path.parent.is_dir():  # the lock would make it, and hide that the address is misspelt
        raise ConfigError(f"there is no folder {path.parent} for the ledger", key="ledger.url", hint="make it first")
    lock = AsyncFileLock(path, timeout=0, run_in_executor=False)
    try:
        await lock.acquire()
    except Timeout:
        raise _refusal(f"it holds {path}") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}", key="ledger.url") from error
    try:
        yield
    finally:
        await lock.release()


def _session(url: str, shared: bool) -> Connection:
    """A session that holds the lock; it ends with the process, however that ends."""
    take = func.pg_try_advisory_lock_shared if shared else func.pg_try_advisory_lock
    try:
        connection = engine_of(url).connect().execution_options(isolation_level="AUTOCOMMIT")
        taken = connection.execute(select(take(_SERVICE, func.hashtext(func.current_schema())))).scalar()
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise TryLater(f"the ledger does not answer: {cause}", hint="is the server running?") from error
    if not taken:
        connection.close()
        raise _refusal("one of its sessions holds the database")
    return connection


def _refusal(how: str) -> ConfigError:
    return ConfigError(
        f"another `crossdock run` works on this ledger: {how}",
        key="ledger.url",
        hint='stop that one first; many workers on one ledger all need runner.dispatcher = "procrastinate"',
    )
