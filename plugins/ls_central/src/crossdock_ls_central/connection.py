"""A connection to LS Central: each verb in a few lines; the work is done in the modules that it names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from crossdock.contract import (
    CancelOrder,
    CancelsOrders,
    FindsOrders,
    Page,
    PostsOrders,
    Probe,
    Probes,
    PullsOrders,
    PullsProducts,
    PullsStock,
    PushAnswer,
    PushesOrders,
    PushesTracking,
    PushMessage,
    PushTracking,
    ReadsOrders,
    ReadsPushes,
    ReadsStock,
    Receipt,
    Route,
    Toolbox,
    Unreadable,
    Window,
    hookimpl,
)
from crossdock.model import Image, Order, Product, StockLevel
from crossdock_ls_central.cancelling import Canceller
from crossdock_ls_central.catalog import Catalog
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.config import LsSettings
from crossdock_ls_central.judge import correlation_id, judge
from crossdock_ls_central.making import Maker
from crossdock_ls_central.options import options_of
from crossdock_ls_central.orders import Documents
from crossdock_ls_central.probing import probe
from crossdock_ls_central.products import Products
from crossdock_ls_central.pushes import read_push
from crossdock_ls_central.shipping import Shipper
from crossdock_ls_central.stock import Stock
from crossdock_ls_central.store import StoreFacts
from crossdock_ls_central.versions import Versions

__all__ = ["LsConnection", "connect"]


class LsConnection(
    Probes,
    ReadsPushes,
    PullsOrders,
    ReadsOrders,
    FindsOrders,
    PushesOrders,
    PostsOrders,
    CancelsOrders,
    PushesTracking,
    PullsStock,
    ReadsStock,
    PullsProducts,
):
    """One company of LS Central, as a backend."""

    def __init__(self, settings: LsSettings, toolbox: Toolbox) -> None:
        http = toolbox.http(classify=judge, request_id=correlation_id)
        self._client = LsClient(settings, http, toolbox.clock)
        self._versions = Versions(self._client)
        self._store = StoreFacts(self._client, toolbox.clock)
        self._documents = Documents(self._client, self._store, toolbox.clock)
        self._maker = Maker(self._client, self._versions, self._store, self._documents, toolbox.clock)
        self._canceller = Canceller(self._client, self._documents)
        self._shipper = Shipper(self._client, self._documents)
        catalog = Catalog(self._client, toolbox.clock, toolbox.folder / "tables" / toolbox.connection)
        self._stock = Stock(self._client, catalog, toolbox.clock)
        self._products = Products(self._client, catalog, self._store, toolbox.clock)

    @hookimpl
    async def probe(self) -> Probe | None:
        """Sign in, and look for company, store and operations."""
        return await probe(self._client, self._versions, self._store)

    @hookimpl
    def read_push(self, message: PushMessage) -> PushAnswer | None:
        """Business Central's webhooks and LS Central's order messages."""
        return read_push(message, self._client.settings.webhook_secret.get_secret_value())

    @hookimpl
    def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        """Documents that changed, open and posted."""
        return self._documents.pull(window, options_of(route))

    @hookimpl
    async def read_orders(self, ids: Sequence[str], route: Route) -> Sequence[Order | Unreadable]:
        """Documents by number."""
        return await self._documents.read(ids, options_of(route), verb="read_orders")

    @hookimpl
    async def find_order(self, reference: str, route: Route) -> Order | None:
        """The document with this External ID."""
        return await self._documents.find(reference, options_of(route), verb="find_order")

    @hookimpl
    async def push_order(self, order: Order, route: Route) -> Receipt | None:
        """CustomerOrderCreate."""
        return await self._maker.push(order, options_of(route))

    @hookimpl
    async def post_order(self, order: Order, route: Route) -> Receipt | None:
        """Ship and invoice the sales order of a document."""
        return await self._shipper.post(order, options_of(route))

    @hookimpl
    async def cancel_order(self, cancel: CancelOrder, route: Route) -> Receipt | None:
        """CustomerOrderCancel, if the status of every line allows it."""
        return await self._canceller.cancel(cancel, options_of(route))

    @hookimpl
    async def push_tracking(self, tracking: PushTracking, route: Route) -> Receipt | None:
        """LSCSalesShipmentUpdate."""
        return await self._shipper.push_tracking(tracking, options_of(route))

    @hookimpl
    def pull_stock(self, window: Window, route: Route) -> AsyncIterator[Page[StockLevel]]:
        """Levels of the store, by GetInventoryMultipleV2."""
        return self._stock.pull(window, options_of(route))

    @hookimpl
    async def read_stock(self, skus: Sequence[str], route: Route) -> Sequence[StockLevel]:
        """Levels by SKU."""
        return await self._stock.read(skus, options_of(route))

    @hookimpl
    def pull_products(self, window: Window, route: Route) -> AsyncIterator[Page[Product]]:
        """Items with variants, barcodes, prices and texts, from the replication."""
        return self._products.pull(window, options_of(route))

    @hookimpl
    async def fetch_image(self, image: Image, route: Route) -> bytes | None:
        """The bytes of a retail image, by GetImage."""
        return await self._products.image(image.id)


@asynccontextmanager
async def connect(settings: LsSettings, toolbox: Toolbox) -> AsyncIterator[LsConnection]:
    """Open a connection; nothing is sent before the first verb."""
    yield LsConnection(settings, toolbox)
