"""Labels beside the ledger, named by their content, so that the same label is kept once."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from crossdock.model import Label

_ENDINGS = {"application/pdf": ".pdf", "application/zip": ".zip", "image/png": ".png"}


class LabelShelf:
    """Where labels are kept.

    Args:
        folder: made when the first label arrives.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, _key: str, label: Label) -> str:
        """Store `label` and answer its file name; the file is whole or not there at all."""
        name = sha256(label.content).hexdigest() + _ENDINGS.get(label.media_type, ".bin")
        await asyncio.to_thread(self._write, name, label.content)
        return name

    def path(self, name: str) -> Path:
        """Where the label of that name is."""
        return self._folder / name

    async def forget(self, before: datetime, *, really: bool = True) -> int:
        """Delete the labels that were kept before a moment; answer how many, also when only counting."""
        return await asyncio.to_thread(self._forget, before.timestamp(), really)

    def _forget(self, before: float, really: bool) -> int:
        old = [path for path in self._folder.glob("*") if path.stat().st_mtime < before]
        for path in old if really else ():
            path.unlink(missing_ok=True)
        return len(old)

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path, draft = self._folder / name, self._folder / f".{name}.{os.getpid()}"
        if not path.exists():
            draft.touch(mode=0o600)
            draft.write_bytes(content)
            draft.replace(path)
