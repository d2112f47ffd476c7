"""Reading products: everything by item number, or what changed in any table that a product is made of."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from datetime import date

from crossdock.clock import Clock
from crossdock.contract import Page, Unreadable, Window
from crossdock.errors import CannotTranslate, Refused
from crossdock.model import Product
from crossdock_ls_central.catalog import PRODUCT_TABLES, Catalog, Marks, day_of, marks_of, written
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.store import StoreFacts
from crossdock_ls_central.translate.prices import turns
from crossdock_ls_central.translate.product import ItemRows, is_sellable, to_deleted, to_product

__all__ = ["Products"]

_VERB = "pull_products"
_START = "\0"  # before every item number


class Products:
    """Reads items as products."""

    def __init__(self, client: LsClient, catalog: Catalog, store: StoreFacts, clock: Clock) -> None:
        self._client = client
        self._catalog = catalog
        self._store = store
        self._clock = clock

    async def pull(self, window: Window, options: LsRouteOptions) -> AsyncIterator[Page[Product]]:
        """Products that changed since the cursor, or all without one.

        A full run goes on behind the last item of a page that was kept; changes during it count from its start.
        """
        tables = (*PRODUCT_TABLES, options.prices.value)
        await self._catalog.load(("vendors",), verb=_VERB)
        if window.cursor is None:
            marks = await self._catalog.load(tables, verb=_VERB, again=True)
            after = _START
        else:
            marks, after = marks_of(window.cursor)
        if after:
            await self._catalog.load(tables, verb=_VERB)
            items = [item for item in self._catalog["items"].items() if item > after]
            pages = self._pages(items, options, marks, full=True)
        else:
            changed, marks_now = await self._catalog.changes(tables, marks, verb=_VERB)
            changed |= self._turned(options, day_of(window.cursor or "{}"))
            pages = self._pages(sorted(changed), options, marks_now, full=False, before=window.cursor)
        async for page in pages:
            yield page

    async def image(self, number: str) -> bytes | None:
        """The bytes of a retail image; None when the answer holds none.

        Raises:
            Refused: there is no such image, or it cannot be decoded.
        """
        answer = await self._client.action("GetImage_GetImage", {"imageNo": number, "mediaId": ""}, verb="fetch_image")
        try:
            return b64decode(str(answer.get("ImageBlob") or ""), validate=True) or None
        except ValueError:
            raise Refused(f"Image {number} of LS Central is not base64.", code="image") from None

    async def _pages(
        self, items: Sequence[str], options: LsRouteOptions, marks: Marks, *, full: bool, before: str | None = None
    ) -> AsyncIterator[Page[Product]]:
        """Items a page at a time; only the last page of a look for changes moves the cursor."""
        currency = await self._store.currency()
        size = self._client.settings.page_size
        for at in range(0, max(len(items), 1), size):
            chunk = items[at : at + size]
            cursor = before
            if at + size >= len(items):
                cursor = written(marks, day=self._clock.now().date().isoformat())
            elif full:
                cursor = written(marks, after=chunk[-1])
            yield Page(self._products(chunk, options, currency), cursor)

    def _turned(self, options: LsRouteOptions, day: date | None) -> set[str]:
        """Items whose price began or ended since `day`."""
        today, table = self._clock.now().date(), self._catalog[options.prices.value]
        if day is None or day >= today:
            return set()
        return {item for item in table.items() if turns(table.rows(item), options.prices, day, today)}

    def _products(self, items: Sequence[str], options: LsRouteOptions, currency: str) -> list[Product | Unreadable]:
        found = (self._product(item, options, currency) for item in items)
        return [product for product in found if product is not None]

    def _product(self, item: str, options: LsRouteOptions, currency: str) -> Product | Unreadable | None:
        row = self._catalog["items"].first(item)
        if row is None:
            return to_deleted(item)
        if not is_sellable(row):
            return None
        catalog = self._catalog
        rows = ItemRows(
            item=row,
            units=catalog["units"].rows(item),
            variants=catalog["variants"].rows(item),
            dimensions=catalog["dimensions"].rows(item),
            barcodes=catalog["barcodes"].rows(item),
            images=catalog["images"].rows(item),
            prices=catalog[options.prices.value].rows(item),
            html=(catalog["texts"].first(item) or {}).get("Html", ""),
            brand=(catalog["vendors"].first(row.get("Vendor No.", "")) or {}).get("Name", ""),
        )
        try:
            return to_product(rows, options, self._client.settings.store, currency, self._clock.now().date())
        except CannotTranslate as error:
            return Unreadable(item, error)
