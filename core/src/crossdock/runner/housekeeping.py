"""Housekeeping: blanking personal data that is no longer needed, and renewing the key that encrypts tokens."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet

from crossdock.config import LedgerConfig
from crossdock.ledger import BEFORE_ALL, Database, Ledger, Purged, keys_of, purge, rotate
from crossdock.runner.alone import alone
from crossdock.runner.labels import LabelShelf

_BATCH = 200
"""Snapshots in a transaction, so that orders that are under way hardly wait."""


async def blank(
    ledger: Ledger, labels: LabelShelf, before: datetime, only: Sequence[str] = (), *, really: bool = True
) -> Purged:
    """Blank what is known of buyers whose orders last changed before a moment, and delete their labels.

    Args:
        ledger: the durable memory.
        labels: files that hold addresses; left alone with `only`, since a file does not say whose it is.
        before: aware.
        only: numbers of orders instead of all; blanked even when something is due for them.
        really: otherwise only count.
    """
    moment, orders, after = before.timestamp(), 0, BEFORE_ALL
    await ledger.flush()
    while places := await ledger.database.read(purge.find_orders, moment, only, after, _BATCH):
        orders, after = orders + len(places), places[-1]
        if really:
            await ledger.database.write(purge.blank_orders, places)
    if only:
        return Purged(orders)
    if not really:
        received = await ledger.database.read(purge.count_received, moment)
    else:
        received = await ledger.database.write(purge.blank_received, moment)
    return Purged(orders, received, await labels.forget(before, really=really))


async def renew_key(config: LedgerConfig) -> tuple[int, bool]:
    """Encrypt all tokens with the newest key; answer how many there were, and whether a new key was made.

    With keys in the configuration the first of them is the newest. With the key file a new one is made: the file
    holds both until every token is encrypted anew, so that a crash in between loses nothing.

    Raises:
        ConfigError: a service runs, which knows only the old key; or a token was encrypted with a key that is gone.
    """
    secret = config.key.get_secret_value() if config.key else None
    path = config.folder / "ledger.key"
    async with alone(config):
        keys_of(secret, config.folder)  # makes the file where there is none
        if secret is None:
            await asyncio.to_thread(_replace, path, f"{Fernet.generate_key().decode()},{path.read_text().strip()}")
        database = Database(config.url)
        await database.open()
        try:
            count = await database.write(rotate, keys_of(secret, config.folder))
        finally:
            await database.close()
        if secret is None:
            await asyncio.to_thread(_replace, path, path.read_text().partition(",")[0])
    return count, secret is None


def _replace(path: Path, text: str) -> None:
    """Change the file at once or not at all; only we may read it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
