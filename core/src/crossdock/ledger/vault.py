"""Where connections keep tokens: encrypted, and locked against other tasks and processes while one is renewed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from filelock import AsyncFileLock
from sqlalchemy import Connection, select, update

from crossdock.clock import Clock
from crossdock.errors import ConfigError
from crossdock.ledger.bulk import upsert
from crossdock.ledger.database import Database
from crossdock.ledger.schema import vault


class LedgerVault:
    """The vault of one connection.

    Args:
        keys: encryption keys, the first encrypts, all decrypt (so that keys can be rotated).
        locks: folder of the lock files by which processes on one machine wait for each other; in PostgreSQL they
            wait for each other on all machines.
    """

    def __init__(self, database: Database, connection: str, keys: MultiFernet, locks: Path, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._connection = connection
        self._keys = keys
        self._locks = locks
        self._here: dict[str, asyncio.Lock] = {}

    async def read(self, key: str) -> str | None:
        """The value that was written last, by whatever process.

        Raises:
            ConfigError: it was encrypted with a key that we no longer have.
        """
        kept = await self._database.read(_read, self._connection, key)
        if kept is None:
            return None
        try:
            return self._keys.decrypt(kept).decode()
        except InvalidToken:
            raise ConfigError(
                f"what the ledger keeps for connection {self._connection} cannot be decrypted",
                key="ledger.key",
                hint="give the key with which it was written, or sign in again: crossdock auth link",
            ) from None

    async def write(self, key: str, value: str) -> None:
        """Keep `value`; when this returns it has been committed."""
        kept, now = self._keys.encrypt(value.encode()), self._clock.now().timestamp()
        await self._database.write(_write, self._connection, key, kept, now)

    @asynccontextmanager
    async def locked(self, key: str) -> AsyncIterator[None]:
        """Hold `key` against every other task and process."""
        name = f"{self._connection}.{key}".replace(os.sep, "_")
        if self._database.is_shared:
            async with self._database.locks.held(f"vault/{name}", self._clock):
                yield
            return
        async with (
            self._here.setdefault(key, asyncio.Lock()),
            AsyncFileLock(self._locks / f"{name}.lock", run_in_executor=False),
        ):
            yield


def rotate(connection: Connection, keys: MultiFernet) -> int:
    """Encrypt everything anew with the first of `keys`; answer how many values there were.

    Raises:
        ConfigError: something was encrypted with a key that is not among them.
    """
    rows = list(connection.execute(select(vault)))
    for row in rows:
        try:
            value = keys.rotate(row.value)
        except InvalidToken:
            raise ConfigError(
                f"what the ledger keeps for connection {row.connection} cannot be decrypted, and nothing was changed",
                key="ledger.key",
                hint="name the key with which it was written behind the new one, separated by a comma",
            ) from None
        this = (vault.c.connection == row.connection, vault.c.key == row.key)
        connection.execute(update(vault).where(*this).values(value=value))
    return len(rows)


def keys_of(secret: str | None, folder: Path) -> MultiFernet:
    """The encryption keys: from the config, or a file beside the ledger that only we may read, made when missing.

    Args:
        secret: one or several Fernet keys, comma separated, the newest first; None uses the file.
        folder: where ``ledger.key`` is.

    Raises:
        ConfigError: `secret` is no key, or the file cannot be made.
    """
    try:
        return MultiFernet([Fernet(part.strip()) for part in (secret or _key_file(folder)).split(",")])
    except ValueError:
        raise ConfigError(
            "the encryption key is not 32 bytes in URL-safe base64",
            key="ledger.key",
            hint="make one with: crossdock db new-key",
        ) from None


def _key_file(folder: Path) -> str:
    """The key in the file, which appears whole or not at all, whichever process makes it."""
    path = folder / "ledger.key"
    try:
        if not path.exists():
            _make_key(path)
        return path.read_text()
    except OSError as error:
        raise ConfigError(
            f"the encryption key {path} cannot be read or made: {error.strerror}",
            key="ledger.key",
            hint="is the folder there and writable?",
        ) from None


def _make_key(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(Fernet.generate_key().decode())
    try:
        os.link(draft, path)
    except FileExistsError:  # another process was first, and its key counts
        return
    finally:
        draft.unlink()


def _read(connection: Connection, of: str, key: str) -> bytes | None:
    query = select(vault.c.value).where(vault.c.connection == of, vault.c.key == key)
    return connection.execute(query).scalar()


def _write(connection: Connection, of: str, key: str, value: bytes, at: float) -> None:
    row = {"connection": of, "key": key, "value": value, "written_at": at}
    upsert(connection, vault, [row], ["value", "written_at"])
