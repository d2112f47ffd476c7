"""Tables of the OMS kept in memory: read whole once, then only what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from msgspec import Struct

from crossdock.contract import Unreadable
from crossdock_anchanto_oms.client.gateway import Gateway

__all__ = ["Table"]

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


K = TypeVar("K", bound=Hashable)
R = TypeVar("R", bound=Struct)


class Table(Generic[K, R]):
    """One list of the OMS, by key.

    Args:
        gateway: of the store.
        kind: of its rows.
        operation: as the profile names it.
        key: of a row.
        changed_at: of a row.
    """

    def __init__(
        self,
        gateway: Gateway,
        kind: type[R],
        operation: str,
        key: Callable[[R], K],
        changed_at: Callable[[R], datetime],
    ) -> None:
        self.rows: dict[K, R] = {}
        self._gateway = gateway
        self._kind = kind
        self._operation = operation
        self._key = key
        self._changed_at = changed_at
        self._since = _BEGINNING
        self._reading = asyncio.Lock()

    async def refresh(self, *, verb: str, name: str) -> datetime:
        """Read what changed since the last time; answer until when everything is known, by the clock of the OMS.

        Args:
            verb: for logs and errors.
            name: our name of the field by which a row is known that cannot be read.

        Raises:
            CannotTranslate: a row cannot be read.
        """
        async with self._reading:
            first: datetime | None = None
            newest = self._since
            pages = self._gateway.pages(self._kind, self._operation, self._since, verb=verb, key=name)
            async for listed in pages:
                first = first or listed.server_time
                for row in listed.items:
                    if isinstance(row, Unreadable):
                        raise row.error
                    self.rows[self._key(row)] = row
                    newest = max(newest, self._changed_at(row))
            overlap = timedelta(seconds=self._gateway.settings.overlap_seconds)
            self._since = max(self._since, (first or newest) - overlap)
            return self._since
