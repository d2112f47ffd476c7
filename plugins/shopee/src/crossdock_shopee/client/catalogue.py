"""Which listing carries which SKU. Read once as a whole, then kept up by what changed.

Shopee finds items by the item's SKU, but not by a variation's, so the index is ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from typing import NamedTuple, TypeVar

from crossdock.contract import Unreadable
from crossdock_shopee.client.batches import chunks
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.listing import walk
from crossdock_shopee.client.progress import seconds
from crossdock_shopee.client.shelves import Shelf
from crossdock_shopee.translate.products import GONE, Listed

__all__ = ["FIRST_DAY", "Catalogue", "Place"]

T = TypeVar("T")

FIRST_DAY = 1_400_000_000
"""Before any listing (2014), where reading everything begins."""
_LONGEST_SECONDS = 20 * 365 * 86_400  # the item list knows no limit of 15 days
_REFRESH_SECONDS = 300.0
_AGAIN_SECONDS = 30.0
_ITEMS_AT_ONCE = 50
"""Listings that are held as a whole at a time, each with up to 100 variations."""
_LOOKS_PERCENT = 10
"""How much of the time looking for changes may take: what we wrote ourselves has changed too, and is read again."""
_LITTLE = 200
"""Listings that a look reads at most while somebody waits for SKUs that are known already."""


class Place(NamedTuple):
    """Where an SKU is listed; `model_id` is 0 for an item without variations."""

    item_id: int
    model_id: int
    is_kit: bool


class Catalogue:
    """The index of one shelf, shared by all tasks.

    Args:
        gateway: knows settings and clock.
        shelf: where the listings are.
    """

    def __init__(self, gateway: Gateway, shelf: Shelf) -> None:
        self._gateway = gateway
        self._shelf = shelf
        self._by_sku: dict[str, tuple[Place, ...]] = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        self._skus: dict[str, tuple[str, ...]] = {}
        self._since = FIRST_DAY
        self._complete_at = 0
        """When the look began that is not through yet; what changed before that is known once it is."""
        self._looked_at = float("-inf")
        self._look_took = 0.0
        self._looking = asyncio.Lock()

    async def places(self, skus: Collection[str]) -> dict[str, list[Place]]:
        """Where each of `skus` is listed; the index is brought up to date first, unless that was done just now.

        Raises:
            TryLater: the listings could not be read.
        """
        async with self._looking:
            age = self._gateway.clock.monotonic() - self._looked_at
            unknown = any(not self._by_sku.get(sku) for sku in skus)
            rest = self._look_took * 100 / _LOOKS_PERCENT
            if age >= (max(_AGAIN_SECONDS, self._look_took) if unknown else max(_REFRESH_SECONDS, rest)):
                await self._look(None if unknown else _LITTLE)
        return {sku: list(self._by_sku.get(sku, ())) for sku in skus}

    async def items_with(self, sku: str) -> list[str]:
        """Numbers of the listings that carry `sku` at a variation or as a whole."""
        places = (await self.places([sku]))[sku]
        return sorted({str(place.item_id) for place in places} | set(self._parents.get(sku, ())))

    async def read(self, numbers: Sequence[str]) -> list[Listed | Unreadable]:
        """Read listings now, and remember where their SKUs are."""
        found = await self._shelf.read(numbers)
        self._remember(found)
        return found

    async def changed(self, start: int, end: int) -> AsyncIterator[tuple[int | None, list[Listed | Unreadable]]]:
        """Read all listings that changed, some at a time.

        With the last ones of a step comes the moment up to which it is complete, with those before it None: thousands
        may have changed within one second.
        """
        async for step in walk(self._shelf.list_changed, start, end, self._shelf.page_size, _LONGEST_SECONDS):
            parts = list(chunks(list(step.rows), _ITEMS_AT_ONCE)) or [()]
            for part in parts[:-1]:
                yield None, await self.read(part)
            yield step.end, await self.read(parts[-1])

    async def everything(self) -> AsyncIterator[list[Listed | Unreadable]]:
        """Read all listings; whoever reads to the end has brought the index up to date too."""
        clock = self._gateway.clock
        now, started = seconds(clock.now()), clock.monotonic()
        async for _end, found in self.changed(FIRST_DAY, now + 1):
            yield found
        self._known_up_to(now, started)

    def forget(self, number: str) -> None:
        """Take a listing out of the index."""
        for sku in self._skus.pop(number, ()):
            _keep(self._parents, sku, tuple(one for one in self._parents.get(sku, ()) if one != number))
            _keep(self._by_sku, sku, tuple(one for one in self._by_sku.get(sku, ()) if str(one.item_id) != number))

    async def _look(self, most: int | None) -> None:
        """Read what changed; after about `most` listings the next look goes on, so that nobody waits long for it."""
        now, looked, started = seconds(self._gateway.clock.now()), 0, self._gateway.clock.monotonic()
        self._complete_at = self._complete_at or now
        async for end, found in self.changed(self._since, now + 1):
            looked += len(found)
            if most is not None and looked >= most and end is not None and end < now:
                self._since = end
                return
        self._known_up_to(self._complete_at, started)

    def _known_up_to(self, moment: int, started: float) -> None:
        self._since = moment - self._gateway.settings.order_overlap_seconds
        self._complete_at = 0
        self._looked_at = self._gateway.clock.monotonic()
        self._look_took = self._looked_at - started

    def _remember(self, found: Iterable[Listed | Unreadable]) -> None:
        for one in found:
            if isinstance(one, Unreadable):
                continue
            product = one.product
            self.forget(product.id)
            if product.vendor_status in GONE:
                continue
            self._skus[product.id] = tuple({product.sku, *(variant.sku for variant in product.variants)} - {""})
            if product.sku:
                _keep(self._parents, product.sku, (*self._parents.get(product.sku, ()), product.id))
            for variant in product.variants:
                if variant.sku:
                    place = Place(int(product.id), int(variant.id or 0), one.is_kit)
                    _keep(self._by_sku, variant.sku, tuple(sorted({*self._by_sku.get(variant.sku, ()), place})))


def _keep(index: dict[str, tuple[T, ...]], sku: str, found: tuple[T, ...]) -> None:
    """An SKU that nothing carries takes no room; the index of a large shop is mostly SKUs at one place."""
    if found:
        index[sku] = found
    else:
        index.pop(sku, None)
