"""Reading stock: what changed by LS Central's own counters, how much there is by GetInventoryMultipleV2."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from decimal import Decimal

from crossdock.clock import Clock
from crossdock.contract import Page, Window
from crossdock.errors import Refused
from crossdock.model import StockLevel
from crossdock_ls_central.catalog import STOCK_TABLES, Catalog, Marks, entry_of, marks_of, written
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.options import LsRouteOptions, Sourcing
from crossdock_ls_central.translate.levels import Key, by_key, to_levels
from crossdock_ls_central.translate.product import is_blocked, is_variant_blocked, unit_of
from crossdock_ls_central.translate.sku import candidates
from crossdock_ls_central.wire.calls import inventory_call

__all__ = ["Stock"]

_VERB = "pull_stock"
_TABLE = "GetInventoryStatus"
_PLACES = "GetWIInvLocationBuffer"


class Stock:
    """Reads levels, in full, by what changed, and by SKU."""

    def __init__(self, client: LsClient, catalog: Catalog, clock: Clock) -> None:
        self._client = client
        self._catalog = catalog
        self._clock = clock

    async def pull(self, window: Window, options: LsRouteOptions) -> AsyncIterator[Page[StockLevel]]:
        """Levels that changed since the cursor, or all of them without one.

        A reading of everything goes on behind the last page that was kept; changes during it count from its start.

        Raises:
            Refused: the route names a location that the store does not have: all of its stock would be none.
        """
        if window.cursor is None:
            await self._check_places(options)
        marks, after = marks_of(window.cursor) if window.cursor else ({}, "")
        if window.cursor is None or after:
            pages = self._all(options, marks, (after, entry_of(window.cursor) if window.cursor else 0))
        else:
            pages = self._changed(options, marks)
        async for page in pages:
            yield page

    async def read(self, skus: Sequence[str], options: LsRouteOptions) -> list[StockLevel]:
        """Levels by SKU; an unknown one is left out."""
        await self._catalog.load(STOCK_TABLES, verb="read_stock")
        wanted = {sku.upper(): sku for sku in skus}
        keys = {key for sku in wanted for key in _keys_of(sku, options.sku_delimiter)}
        found: dict[tuple[str, str], StockLevel] = {}
        for level in await self._levels(sorted(keys), options, "read_stock", only_known=True):
            asked = wanted.get(level.sku.upper())
            if asked is not None:
                found.setdefault((asked, level.location), level.model_copy(update={"sku": asked}))
        return list(found.values())

    async def _changed(self, options: LsRouteOptions, marks: Marks) -> AsyncIterator[Page[StockLevel]]:
        items, known = await self._catalog.changes(STOCK_TABLES, marks, verb=_VERB)
        found: set[Key] = {key for item in items for key in self._keys_of_item(item)}
        entry = marks.get(_TABLE, 0)
        async for changed in self._client.replication(_TABLE, verb=_VERB, since=entry):
            found.update(_key(row) for row in (*changed.rows, *changed.deleted))
            entry = max(entry, changed.last_entry)
        keys, size = sorted(found), self._client.settings.batch_size
        for at in range(0, max(len(keys), 1), size):
            levels = await self._levels(keys[at : at + size], options, _VERB)
            yield Page(levels, written(known | {_TABLE: entry}) if at + size >= len(keys) else None)

    async def _all(
        self, options: LsRouteOptions, marks: Marks, after: tuple[str, int]
    ) -> AsyncIterator[Page[StockLevel]]:
        """Everything behind `after`; the counters in `marks` are those of the first page, if it was read before."""
        loaded = await self._catalog.load(STOCK_TABLES, verb=_VERB, again=not marks)
        marks = marks or loaded
        async for page in self._client.replication(_TABLE, verb=_VERB, after=after):
            marks = {_TABLE: page.last_entry} | marks
            levels = await self._levels(sorted({_key(row) for row in page.rows}), options, _VERB)
            here = {} if page.ended else {"after": page.last_key, "entry": str(page.last_entry)}
            yield Page(levels, written(marks, **here))

    async def _check_places(self, options: LsRouteOptions) -> None:
        """A store whose locations were never replicated has an empty table, which says nothing."""
        if not options.locations:
            return
        pages = [page async for page in self._client.replication(_PLACES, verb=_VERB)]
        known = sorted({row["Location Code"] for page in pages for row in page.rows if row.get("Location Code")})
        unknown = [place for place in options.locations if place not in known]
        if known and unknown:
            raise Refused(
                f"Store {self._client.settings.store} has no location {', '.join(unknown)}; it has {', '.join(known)}.",
                code="setting",
                hint="correct locations in the backend_options of the route",
            )

    async def _levels(
        self, keys: Sequence[Key], options: LsRouteOptions, verb: str, *, only_known: bool = False
    ) -> list[StockLevel]:
        """Ask for these items and variants; what is not answered is sold out, unless only known ones are wanted."""
        size = self._client.settings.page_size
        chunks = [keys[at : at + size] for at in range(0, len(keys), size)]
        answers = await asyncio.gather(*(self._ask(chunk, options, verb, only_known) for chunk in chunks))
        return [level for levels in answers for level in levels]

    async def _ask(self, keys: Sequence[Key], options: LsRouteOptions, verb: str, only_known: bool) -> list[StockLevel]:
        settings, asked_at = self._client.settings, self._clock.now()
        rows = ({"Number": item, "Variant": variant} for item, variant in keys)
        call = inventory_call(settings.store, "", options.sourcing is Sourcing.SOURCING, rows)
        reply = await self._client.ask(call, verb=verb)
        found = by_key(reply.rows("InventoryBufferOut"))
        if not only_known:
            for key in _sold_out(keys, found):
                found[key] = {}
        return [
            level
            for key, places in sorted(found.items())
            for level in to_levels(key, self._sellable(key, places), options, self._unit(key, options), asked_at)
        ]

    def _keys_of_item(self, item: str) -> Iterable[Key]:
        variants = self._catalog["variants"].rows(item)
        return [(item, row.get("Code", "")) for row in variants] or [(item, "")]

    def _sellable(self, key: Key, places: dict[str, Decimal]) -> dict[str, Decimal]:
        """Nothing of what must not be sold online."""
        item, variant = key
        blocked = is_blocked(self._catalog["goods"].first(item) or {}) or is_variant_blocked(
            self._catalog["variants"].row(item, variant), self._catalog["dimensions"].row(item, variant)
        )
        return {} if blocked else places

    def _unit(self, key: Key, options: LsRouteOptions) -> tuple[str, Decimal]:
        row = self._catalog["goods"].first(key[0])
        return unit_of(row or {}, self._catalog["units"].rows(key[0]), options)


def _key(row: dict[str, str]) -> Key:
    return row.get("Item No.", ""), row.get("Variant Code", "")


def _keys_of(sku: str, delimiter: str) -> Iterable[Key]:
    """Everything that `sku` may mean: an item, and an item with a variant."""
    whole, *rest = candidates(sku, delimiter)
    yield whole, ""
    for item in rest:
        yield item, whole[len(item) + len(delimiter) :]


def _sold_out(keys: Sequence[Key], found: Collection[Key]) -> Iterable[Key]:
    """Keys without an answer; an item whose variants answered is not one of them."""
    answered = {item for item, _ in found}
    return [key for key in keys if key not in found and (key[1] or key[0] not in answered)]
