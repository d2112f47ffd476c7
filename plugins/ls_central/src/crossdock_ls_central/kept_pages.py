"""Pages of a table that was read in full, kept in files, so that no process asks for them again that begins later.

A file a page, written whole or not at all, and named after the table, whose it is, and the key behind which it begins.
What a page says is as old as the page: whoever uses one takes over what changed since.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from hashlib import blake2b
from os import getpid
from pathlib import Path

import structlog

__all__ = ["ItemRow", "KeptPage", "KeptPages"]

_log = structlog.get_logger(__name__)

ItemRow = tuple[str, Sequence[str], Sequence[str | None]]
"""Item, key within the item, and the fields that are kept besides."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page.

    Attributes:
        read_at: when it was read; seconds since the epoch.
        rows: of the table.
        last_key: behind which the next page begins.
        last_entry: counter that was told with it.
        ended: nothing follows.
    """

    read_at: float
    rows: Sequence[ItemRow]
    last_key: str
    last_entry: int
    ended: bool


_NAMES = tuple(field.name for field in fields(KeptPage))


class KeptPages:
    """The pages of one table.

    Args:
        folder: where the files are; made when it is missing.
        subject: whose table it is, and which of its fields: pages of another subject are never answered.
    """

    def __init__(self, folder: Path, subject: Sequence[object]) -> None:
        self._folder = folder
        self._subject = repr(subject)

    def read(self, after: str, since: float) -> KeptPage | None:
        """The page behind `after`, if it was read at `since` (seconds since the epoch) or later."""
        try:
            found = json.loads(self._file(after).read_bytes())
            page = KeptPage(**found | {"rows": [(item, tuple(key), tuple(kept)) for item, key, kept in found["rows"]]})
        except (OSError, ValueError, KeyError, TypeError):  # none, or one that was cut off when the machine lost power
            return None
        return page if page.read_at >= since else None

    def write(self, after: str, page: KeptPage) -> None:
        """Keep the page behind `after`; what cannot be kept is asked for again one day."""
        file = self._file(after)
        draft = file.with_suffix(f".{getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps({name: getattr(page, name) for name in _NAMES}, separators=(",", ":")))
            draft.replace(file)
        except OSError as error:
            _log.warning("table.not_kept", folder=str(self._folder), reason=error.strerror)

    def tidy(self, before: float) -> None:
        """Remove what was written before that moment; seconds since the epoch."""
        for file in self._folder.glob("*"):
            with suppress(OSError):  # another process was first
                if file.stat().st_mtime < before:
                    file.unlink()

    def _file(self, after: str) -> Path:
        return self._folder / f"{blake2b(f'{self._subject}{after}'.encode(), digest_size=12).hexdigest()}.json"
