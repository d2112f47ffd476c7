"""What an Acme Market connection answers: each verb in a line or two, the work is done in `client`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from crossdock.clock import Clock
from crossdock.contract import (
    ArrangeShipment,
    CancelOrder,
    Outcome,
    Page,
    Probe,
    PushAnswer,
    PushMessage,
    Receipt,
    Route,
    Toolbox,
    Unreadable,
    Window,
    hookimpl,
)
from crossdock.model import Order, StockLevel

from crossdock_acme import pushes
from crossdock_acme.client import Client
from crossdock_acme.config import AcmeSettings


class AcmeConnection:
    """One seller.

    Args:
        client: calls the API.
        settings: for push messages.
        clock: the only source of time.
    """

    def __init__(self, client: Client, settings: AcmeSettings, clock: Clock) -> None:
        self._client = client
        self._settings = settings
        self._clock = clock

    @hookimpl
    async def probe(self) -> Probe:
        """Read the seller's name."""
        return await self._client.probe()

    @hookimpl
    async def sign_in_link(self, redirect_url: str) -> str:
        """The page on which the seller lets the app in."""
        return self._client.sign_in_link(redirect_url)

    @hookimpl
    async def sign_in(self, answer: Mapping[str, str]) -> Probe:
        """Exchange the code for tokens."""
        return await self._client.sign_in(answer)

    @hookimpl
    def read_push(self, message: PushMessage) -> PushAnswer:
        """Verify a webhook and say what to look at."""
        return pushes.read(self._settings, message, self._clock.now())

    @hookimpl
    def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        """Read the orders that changed."""
        return self._client.pull(window)

    @hookimpl
    async def read_orders(self, ids: Sequence[str], route: Route) -> Sequence[Order | Unreadable]:
        """Read orders by number."""
        return await self._client.read(ids)

    @hookimpl
    async def arrange_shipment(self, arrange: ArrangeShipment, route: Route) -> Receipt:
        """Say that a parcel is packed."""
        return await self._client.pack(arrange)

    @hookimpl
    async def cancel_order(self, cancel: CancelOrder, route: Route) -> Receipt:
        """Cancel an order, or some pieces of it."""
        return await self._client.cancel(cancel)

    @hookimpl
    async def push_stock(self, levels: Sequence[StockLevel], route: Route) -> Sequence[Outcome]:
        """Set levels."""
        return await self._client.set_stock(levels)


@asynccontextmanager
async def connect(settings: AcmeSettings, toolbox: Toolbox) -> AsyncIterator[AcmeConnection]:
    """Open a connection; crossdock closes what it lent."""
    yield AcmeConnection(Client(settings, toolbox), settings, toolbox.clock)
