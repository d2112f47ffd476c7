"""What simulated systems accepted, read as it happens: each write is fetched once, however often one looks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp


@dataclass
class Witness:
    """Sees what several systems accept.

    Attributes:
        http: over which they are asked.
        urls: of the systems.
        kinds: of writes that count as progress; others are passed over.
        seen: kind to the writes so far, in the order in which each system accepted them.
        standstill: the longest time without progress so far, in seconds, from the first look on.
    """

    http: aiohttp.ClientSession
    urls: Sequence[str]
    kinds: Sequence[str]
    seen: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    standstill: float = 0.0
    _last: dict[str, int] = field(default_factory=dict)
    _progress_at: float | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def look(self) -> None:
        """Take in what is new."""
        async with self._looking:
            fresh = [write for url in self.urls for write in await self._fetch(url)]
        now = time.monotonic()
        counted = [write for write in fresh if write["kind"] in self.kinds]
        for write in counted:
            self.seen.setdefault(write["kind"], []).append(write)
        self.standstill = max(self.standstill, now - (self._progress_at or now))
        if counted or self._progress_at is None:
            self._progress_at = now

    def keys(self, kind: str) -> set[str]:
        """Of which orders there was a write of that kind."""
        return {write["key"] for write in self.seen.get(kind, ())}

    async def _fetch(self, url: str) -> list[Mapping[str, Any]]:
        path = f"{url}/_sandbox/writes?after={self._last.get(url, 0)}"
        async with self.http.get(path) as answer:
            answer.raise_for_status()
            writes: list[Mapping[str, Any]] = (await answer.json())["writes"]
        if writes:
            self._last[url] = writes[-1]["number"]
        return writes
