"""Which listing carries which SKU. Read once as a whole, then kept up by what changed, beyond the process too.

Shopee finds items by the item's SKU, but not by a variation's, so the index is ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence

from crossdock.contract import Unreadable, Vault
from crossdock_shopee.client.batches import chunks
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.index import Index, Kept, Place
from crossdock_shopee.client.listing import walk
from crossdock_shopee.client.progress import seconds
from crossdock_shopee.client.register import Register
from crossdock_shopee.client.shelves import Shelf
from crossdock_shopee.translate.products import Listed

__all__ = ["FIRST_DAY", "Catalogue", "Place"]

FIRST_DAY = 1_400_000_000
"""Before any listing (2014), where reading everything begins."""
_LONGEST_SECONDS = 20 * 365 * 86_400  # the item list knows no limit of 15 days
_REFRESH_SECONDS = 300.0
_AGAIN_SECONDS = 30.0
_ITEMS_AT_ONCE = 50
"""Listings that are held as a whole at a time, each with up to 100 variations."""
_LOOKS_PERCENT = 10
"""How much of the time looking for changes may take: what we wrote ourselves has changed too, and is read again."""
_SHORT_SECONDS = _REFRESH_SECONDS * _LOOKS_PERCENT / 100
"""After which a look gives way to somebody who waits for SKUs that are known already."""

Found = list[Listed | Unreadable]


class Catalogue:
    """The index of one shelf, shared by all tasks.

    Args:
        gateway: knows settings and clock.
        shelf: where the listings are.
        vault: keeps the index for the next process.
    """

    def __init__(self, gateway: Gateway, shelf: Shelf, vault: Vault) -> None:
        self._gateway = gateway
        self._shelf = shelf
        self._index = Index()
        owner = gateway.settings.merchant_id or gateway.settings.shop_id
        self._register = Register(vault, f"catalogue/{shelf.module}/{owner}")
        self._is_loaded = False
        self._since = FIRST_DAY
        self._complete_at = 0
        """When the look began that is not through yet; what changed before that is known once it is."""
        self._looked_at = float("-inf")
        self._look_took = 0.0
        self._looking, self._loading = asyncio.Lock(), asyncio.Lock()

    async def places(self, skus: Collection[str]) -> dict[str, list[Place]]:
        """Where each of `skus` is listed; the index is brought up to date first, unless that was done just now.

        Raises:
            TryLater: the listings could not be read.
        """
        await self._load()
        async with self._looking:
            age = self._gateway.clock.monotonic() - self._looked_at
            unknown = any(not self._index.places(sku) for sku in skus)
            rest = self._look_took * 100 / _LOOKS_PERCENT
            if age >= (max(_AGAIN_SECONDS, self._look_took) if unknown else max(_REFRESH_SECONDS, rest)):
                await self._look(None if unknown else _SHORT_SECONDS)
        return {sku: list(self._index.places(sku)) for sku in skus}

    async def items_with(self, sku: str) -> list[str]:
        """Numbers of the listings that carry `sku` at a variation or as a whole."""
        await self.places([sku])
        return self._index.items_with(sku)

    async def known(self) -> list[Kept] | None:
        """All listings as they were read last, up to what changed until now; None where they were never read."""
        await self._load()
        if self._since == FIRST_DAY:
            return None
        async with self._looking:
            await self._look(None)
        return list(self._index)

    async def read(self, numbers: Sequence[str]) -> Found:
        """Read listings now, and remember where their SKUs are."""
        found, now = await self._shelf.read(numbers), self._now()
        for one in found:
            if isinstance(one, Unreadable):
                self._index.seen(one.id, now)
            else:
                self._index.read(one, now)
        return found

    async def changed(self, start: int, end: int, *, known_too: bool = True) -> AsyncIterator[tuple[int | None, Found]]:
        """Read all listings that changed, some at a time.

        With the last ones of a step comes the moment up to which it is complete, with those before it None: thousands
        may have changed within one second. Whoever reads on until now has brought the index up to date too.

        Args:
            start: Unix seconds.
            end: Unix seconds.
            known_too: also those that were read since they changed.
        """
        await self._load()
        now, started, before = self._now(), self._gateway.clock.monotonic(), self._index.numbers()
        edge: Mapping[str, int] = {}
        async for step in walk(self._shelf.list_changed, start, end, self._shelf.page_size, _LONGEST_SECONDS):
            new = {number: at for number, at in step.rows.items() if edge.get(number) != at}
            wanted = [number for number, at in new.items() if known_too or not self._index.is_as_read(number, at)]
            edge = step.rows  # neighbours share a second
            parts = list(chunks(wanted, _ITEMS_AT_ONCE)) or [()]
            for part in parts[:-1]:
                yield None, await self.read(part)
            yield step.end, await self.read(parts[-1])
        if start == FIRST_DAY and end >= now and known_too:
            self._index.forget_unread(before, now)
        if start <= self._since < min(now, end):
            await self._known_up_to(min(now, end), started)

    def everything(self, start: int = FIRST_DAY) -> AsyncIterator[tuple[int | None, Found]]:
        """Read all listings that changed last at `start` (Unix seconds) or later."""
        return self.changed(start, self._now() + 1)

    def wrote(self, number: int) -> None:
        """Levels of a listing were sent: what it showed before is of no use any more."""
        self._index.changed(number)

    def forget(self, number: str) -> None:
        """Take a listing out of the index."""
        self._index.forget(int(number))

    async def _load(self) -> None:
        async with self._loading:
            if not self._is_loaded:
                self._since = await self._register.load(self._index, self._now()) or self._since
                self._is_loaded = True

    async def _look(self, give_way_after: float | None) -> None:
        """Read what changed; after about so many seconds it stops, and the next look goes on, so that nobody waits."""
        started = self._gateway.clock.monotonic()
        self._complete_at = self._complete_at or self._now()
        async for end, _ in self.changed(self._since, self._now() + 1, known_too=False):
            took = self._gateway.clock.monotonic() - started
            if give_way_after is not None and took >= give_way_after and end is not None and end < self._complete_at:
                self._since = end
                self._looked_at, self._look_took = started + took, took
                return

    async def _known_up_to(self, moment: int, started: float) -> None:
        """Remember that the index is complete, here and, where anything was read, for the next process."""
        self._since = min(moment, self._complete_at or moment) - self._gateway.settings.order_overlap_seconds
        self._complete_at = 0
        self._looked_at = self._gateway.clock.monotonic()
        self._look_took = self._looked_at - started
        if self._index.is_new:
            await self._register.keep(self._index, self._since)
            self._index.is_new = False

    def _now(self) -> int:
        return seconds(self._gateway.clock.now())
