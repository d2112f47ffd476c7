"""Stock: what the OMS may sell, and levels that are written to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime

import structlog

from crossdock.contract import Outcome, Page, Unreadable, Window
from crossdock.errors import Refused
from crossdock.model import StockLevel
from crossdock_anchanto_oms.client.account import store_of
from crossdock_anchanto_oms.client.batches import in_batches
from crossdock_anchanto_oms.client.catalogue import Catalogue
from crossdock_anchanto_oms.client.gateway import Gateway, Listed
from crossdock_anchanto_oms.client.pulling import Changes, since_of
from crossdock_anchanto_oms.client.tables import Table
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.goods_records import BatchAnswer, Offer, Shelf, StockRow, StockRows
from crossdock_anchanto_oms.translate.stock import levels_of, orderable, reckoned, row_of

__all__ = ["Stock"]

_log = structlog.get_logger(__name__)

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE = 500


class Stock:
    """Stock of one store.

    Args:
        gateway: of the store.
        catalogue: tells what a kit is made of.
    """

    def __init__(self, gateway: Gateway, catalogue: Catalogue) -> None:
        self._gateway = gateway
        self._catalogue = catalogue
        self._shelves: Table[tuple[str, str], Shelf] = Table(
            gateway, Shelf, "stock", lambda row: (row.isku, row.warehouse_code), lambda row: row.changed_at
        )
        self._first_warehouse = gateway.settings.warehouses[0] if gateway.settings.warehouses else ""
        self._told: set[str] = set()

    def pull(self, window: Window, options: AnchantoRoute) -> AsyncIterator[Page[StockLevel]]:
        """Levels that changed since the cursor, or all of them."""
        since = window if window.cursor else Window(_BEGINNING)
        if options.stock_from == "shelves":
            return self._reckon(since, options)

        def rows(at: datetime) -> AsyncIterator[Listed[Offer]]:
            return self._gateway.pages(Offer, "offers", at, verb="pull_stock", key="sku")

        def translate(offer: Offer) -> Iterable[StockLevel | Unreadable]:
            return self._levels(offer, options)

        return Changes(self._gateway, rows, lambda offer: offer.changed_at, translate).pages(since)

    async def read(self, skus: Sequence[str], options: AnchantoRoute) -> list[StockLevel]:
        """Levels of these SKUs; unknown ones are left out."""
        if options.stock_from == "shelves":
            await self._refresh("read_stock")
            return [level for sku in dict.fromkeys(skus) for level in self._reckoned(sku, options)]
        found: list[StockLevel] = []
        for sku in dict.fromkeys(skus):
            pages = self._gateway.pages(Offer, "offers", _BEGINNING, verb="read_stock", key="sku", sku=sku)
            async for listed in pages:
                for row in listed.items:
                    if not isinstance(row, Unreadable):
                        found += self._levels(row, options)
        return found

    async def push(self, levels: Sequence[StockLevel], options: AnchantoRoute) -> list[Outcome]:
        """Set sellable levels; a kit has none of its own and is refused."""
        warehouse = await self._warehouse()
        rows: list[StockRow | Refused] = [row_of(level, warehouse, options) for level in levels]

        async def send(batch: list[StockRow]) -> BatchAnswer:
            body = StockRows(tuple(batch))
            return await self._gateway.record(BatchAnswer, "put_stock", verb="push_stock", body=body)

        return await in_batches(self._gateway, [level.sku for level in levels], rows, send)

    def _levels(self, offer: Offer, options: AnchantoRoute) -> Iterator[StockLevel]:
        whose = self._gateway.settings.warehouses
        there = {part.warehouse_code for part in offer.warehouses}
        self._tell_unmapped(there & set(whose) if whose else there, options)
        return levels_of(offer, whose, options)

    def _tell_unmapped(self, warehouses: set[str], options: AnchantoRoute) -> None:
        """Warn, once of each, of warehouses whose stock is not shown because `locations` names others only."""
        unmapped = warehouses - options.locations.keys() - self._told if options.locations else set[str]()
        for code in sorted(unmapped):
            self._told.add(code)
            _log.warning("warehouse.not_mapped", warehouse=code, hint="name its location in backend_options.locations")

    async def _warehouse(self) -> str:
        if not self._first_warehouse:
            store = await store_of(self._gateway, verb="push_stock")
            self._first_warehouse = store.warehouse_codes[0]
        return self._first_warehouse

    async def _refresh(self, verb: str) -> datetime:
        await self._catalogue.refresh(verb=verb)
        return await self._shelves.refresh(verb=verb, name="isku")

    async def _reckon(self, window: Window, options: AnchantoRoute) -> AsyncIterator[Page[StockLevel]]:
        since = since_of(window)
        until = await self._refresh("pull_stock")
        levels = [
            level
            for product in self._catalogue.products.rows.values()
            for sku, parts in orderable(product).items()
            if product.changed_at >= since or self._changed({part.isku for part in parts}, since)
            for level in self._reckoned(sku, options)
        ]
        cursor = max(since, until).isoformat()
        for first in range(0, len(levels), _PAGE):
            yield Page(levels[first : first + _PAGE])
        yield Page([], cursor)

    def _changed(self, iskus: set[str], since: datetime) -> bool:
        rows = self._shelves.rows.items()
        return any(isku in iskus and shelf.changed_at >= since for (isku, _), shelf in rows)

    def _reckoned(self, sku: str, options: AnchantoRoute) -> Iterator[StockLevel]:
        parts = self._catalogue.parts_of(sku)
        offer = reckoned(sku, parts, self._shelves.rows) if parts else None
        return self._levels(offer, options) if offer else iter(())
