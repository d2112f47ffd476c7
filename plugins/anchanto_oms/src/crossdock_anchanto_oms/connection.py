"""What a connection to the OMS answers: each verb in a line or two, the work is done in `client`.

A route has it as its backend (behind a marketplace) or as its channel (in front of an ERP); which of the two decides
how an order reads.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from crossdock.contract import (
    ArrangeShipment,
    CancelOrder,
    Page,
    Probe,
    PushAnswer,
    PushMessage,
    PushTracking,
    Receipt,
    Route,
    Toolbox,
    Trouble,
    Unreadable,
    Window,
    hookimpl,
)
from crossdock.model import Label, Order, Return, Shipment
from crossdock_anchanto_oms.client import account, mirror, orders, returns, shipping
from crossdock_anchanto_oms.client.events import EventReader
from crossdock_anchanto_oms.client.gateway import Gateway
from crossdock_anchanto_oms.config import AnchantoSettings
from crossdock_anchanto_oms.goods import GoodsVerbs
from crossdock_anchanto_oms.translate.documents import as_channel_order, as_document

__all__ = ["AnchantoConnection", "connect"]


class AnchantoConnection(GoodsVerbs):
    """One store of the OMS.

    Args:
        settings: of the connection.
        toolbox: lent by the engine.
    """

    def __init__(self, settings: AnchantoSettings, toolbox: Toolbox) -> None:
        super().__init__(Gateway(settings, toolbox))
        self._events = EventReader(settings, self._gateway.profile, toolbox.clock)

    @hookimpl
    async def probe(self) -> Probe:
        """Compare account, store and warehouses with the settings."""
        return await account.probe(self._gateway)

    @hookimpl
    def read_push(self, message: PushMessage) -> PushAnswer:
        """Verify an event and say what to look at."""
        return self._events.read(message)

    @hookimpl
    def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        """Orders that changed."""
        return orders.pull(self._gateway, window, self._view(route))

    @hookimpl
    async def read_orders(self, ids: Sequence[str], route: Route) -> Sequence[Order | Unreadable]:
        """Orders by number."""
        return await orders.read(self._gateway, ids, self._view(route))

    @hookimpl
    async def find_order(self, reference: str, route: Route) -> Order | None:
        """The order with this channel reference."""
        return await orders.find(self._gateway, reference, self._view(route))

    @hookimpl
    async def push_order(self, order: Order, route: Route) -> Receipt:
        """Create an order."""
        return await orders.push(self._gateway, order, self.options(route))

    @hookimpl
    async def update_order(self, order: Order, document: Order, route: Route) -> Receipt:
        """Follow the channel by legal moves."""
        return await mirror.update(self._gateway, order, document, self.options(route))

    @hookimpl
    async def cancel_order(self, cancel: CancelOrder, route: Route) -> Receipt:
        """Cancel an order, at once or when its goods are put away."""
        return await mirror.cancel(self._gateway, cancel)

    @hookimpl
    async def arrange_shipment(self, arrange: ArrangeShipment, route: Route) -> Receipt:
        """Make an order Ready to Ship."""
        return await mirror.arrange(self._gateway, arrange.order)

    @hookimpl
    async def push_tracking(self, tracking: PushTracking, route: Route) -> Receipt:
        """Write a tracking number."""
        return await shipping.push_tracking(self._gateway, tracking, self.options(route))

    @hookimpl
    async def push_label(self, order: Order, label: Label, route: Route) -> Receipt:
        """Store a label."""
        return await shipping.push_label(self._gateway, order, label)

    @hookimpl
    async def push_trouble(self, trouble: Trouble, route: Route) -> Receipt:
        """Show a problem, or take it back."""
        return await shipping.push_trouble(self._gateway, trouble)

    @hookimpl
    async def fetch_label(self, order: Order, shipment: Shipment, route: Route) -> Label:
        """The label of an integrated carrier."""
        return await shipping.fetch_label(self._gateway, order, shipment)

    @hookimpl
    def pull_returns(self, window: Window, route: Route) -> AsyncIterator[Page[Return]]:
        """Returns that changed."""
        return returns.pull(self._gateway, window)

    @hookimpl
    async def push_return(self, returned: Return, document: Order, route: Route) -> Receipt:
        """Open a return and follow the channel."""
        return await returns.push(self._gateway, returned, document, self.options(route))

    def _view(self, route: Route) -> orders.View:
        return as_document if route.backend.connection == self._gateway.connection else as_channel_order


@asynccontextmanager
async def connect(settings: AnchantoSettings, toolbox: Toolbox) -> AsyncIterator[AnchantoConnection]:
    """Open a connection; nothing is sent before the first verb."""
    yield AnchantoConnection(settings, toolbox)
