"""Products, listings and prices of the OMS, kept in memory: a change of any of them is a change of the product."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from crossdock.contract import Page, Window
from crossdock.model import Product
from crossdock_anchanto_oms.client.gateway import Gateway
from crossdock_anchanto_oms.client.pulling import since_of
from crossdock_anchanto_oms.client.tables import Table
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.goods_records import Component, Listing, OmsPrice, OmsProduct
from crossdock_anchanto_oms.translate.products import as_product
from crossdock_anchanto_oms.translate.stock import orderable

__all__ = ["Catalogue"]

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE = 100


class Catalogue:
    """The catalogue, with what is listed on one store and at which prices."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.products: Table[str, OmsProduct] = Table(
            gateway, OmsProduct, "products", lambda row: row.csku, lambda row: row.changed_at
        )
        self._listings: Table[str, Listing] = Table(
            gateway, Listing, "listings", lambda row: row.csku, lambda row: row.changed_at
        )
        self._prices: Table[str, OmsPrice] = Table(
            gateway, OmsPrice, "prices", lambda row: row.sku, lambda row: row.changed_at
        )
        self._parts: dict[str, tuple[Component, ...]] = {}

    async def refresh(self, *, verb: str) -> datetime:
        """Read which products changed; answer until when they are known."""
        until = await self.products.refresh(verb=verb, name="csku")
        for product in self.products.rows.values():
            self._parts.update(orderable(product))
        return until

    async def listing_of(self, sku: str) -> Listing | None:
        """What is listed, or asked to be, as this code; as it was when the products were last read."""
        if not self._listings.rows:
            await self._listings.refresh(verb="push_listing_outcome", name="csku")
        return self._listings.rows.get(sku)

    def parts_of(self, sku: str) -> tuple[Component, ...]:
        """What one piece takes from stock; nothing for an unknown SKU."""
        return self._parts.get(sku, ())

    async def pull(self, window: Window, options: AnchantoRoute) -> AsyncIterator[Page[Product]]:
        """Products for the channel of which anything changed: themselves, their listing, a price."""
        verb = "pull_products"
        since = since_of(window if window.cursor else Window(_BEGINNING))
        until = min(
            await self.refresh(verb=verb),
            await self._listings.refresh(verb=verb, name="csku"),
            await self._prices.refresh(verb=verb, name="sku"),
        )
        chosen = [
            as_product(product, self._prices.rows, self._gateway.settings.currency, self._word(product))
            for product in self.products.rows.values()
            if self._is_wanted(product, options) and self._changed(product, since)
        ]
        for first in range(0, len(chosen), _PAGE):
            yield Page(chosen[first : first + _PAGE])
        yield Page([], max(since, until).isoformat())

    def _is_wanted(self, product: OmsProduct, options: AnchantoRoute) -> bool:
        return options.products == "catalogue" or product.csku in self._listings.rows

    def _changed(self, product: OmsProduct, since: datetime) -> bool:
        listing = self._listings.rows.get(product.csku)
        prices = [self._prices.rows[sku] for sku in orderable(product) if sku in self._prices.rows]
        moments = [product.changed_at, *(price.changed_at for price in prices)]
        return max(moments + ([listing.changed_at] if listing else [])) >= since

    def _word(self, product: OmsProduct) -> str:
        listing = self._listings.rows.get(product.csku)
        return f"{listing.state} {listing.request_id}".strip() if listing else ""
