"""A vault in a file, which outlives the processes that the kit kills. Not encrypted: it holds test credentials."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from filelock import AsyncFileLock

__all__ = ["FileVault"]


class FileVault:
    """What a connection keeps between processes.

    Args:
        folder: of the files, one a key; two connections that share it are like two processes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._here: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def read(self, key: str) -> str | None:
        """The value that was written last, by whatever process."""
        file = self._file(key)
        return json.loads(file.read_text())["value"] if file.exists() else None

    async def write(self, key: str, value: str) -> None:
        """Keep `value`; a process killed in the middle leaves the old one."""
        new = self._file(key).with_suffix(".new")
        new.write_text(json.dumps({"value": value}))
        new.replace(self._file(key))

    @asynccontextmanager
    async def locked(self, key: str) -> AsyncIterator[None]:
        """Hold `key` against every other task and process."""
        async with self._here[key], AsyncFileLock(self._file(key).with_suffix(".lock"), run_in_executor=False):
            yield

    def values(self) -> list[str]:
        """All that is kept now, to look for it where it must not be."""
        return [json.loads(file.read_text())["value"] for file in self._folder.glob("*.json")]

    def _file(self, key: str) -> Path:
        return self._folder / f"{key.encode().hex()}.json"
