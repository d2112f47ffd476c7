"""The simulated OMS as a sandbox: its paths, its operator, its credentials."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence

from aiohttp import web

from crossdock.sandbox import OperatorAction, World
from crossdock_anchanto_oms.sandbox import (
    account_http,
    label_links,
    listings_http,
    orders_http,
    prices,
    products_http,
    returns_http,
    shipments_http,
    stock_http,
)
from crossdock_anchanto_oms.sandbox.account_actions import AccountDesk
from crossdock_anchanto_oms.sandbox.desk import Desk
from crossdock_anchanto_oms.sandbox.event_actions import EventDesk
from crossdock_anchanto_oms.sandbox.feeds import work_due
from crossdock_anchanto_oms.sandbox.gate import Endpoint, Gate
from crossdock_anchanto_oms.sandbox.goods_actions import GoodsDesk
from crossdock_anchanto_oms.sandbox.listing_actions import ListingDesk
from crossdock_anchanto_oms.sandbox.order_actions import OrderDesk
from crossdock_anchanto_oms.sandbox.refusal import Refusal
from crossdock_anchanto_oms.sandbox.return_actions import ReturnDesk
from crossdock_anchanto_oms.sandbox.seed import seeded
from crossdock_anchanto_oms.sandbox.sender import Sender
from crossdock_anchanto_oms.sandbox.settings import (
    CLIENT_ID,
    CLIENT_SECRET,
    EVENT_SECRET,
    SELLER_CODE,
    STORE_CODE,
    Settings,
)
from crossdock_anchanto_oms.sandbox.shipments import book_due
from crossdock_anchanto_oms.sandbox.tokens import Tokens
from crossdock_anchanto_oms.sandbox.watch import Watch
from crossdock_anchanto_oms.sandbox.wms import WmsDesk

ENDPOINTS: tuple[Endpoint, ...] = (
    *account_http.ENDPOINTS,
    *orders_http.ENDPOINTS,
    *products_http.ENDPOINTS,
    *stock_http.ENDPOINTS,
    *shipments_http.ENDPOINTS,
    *returns_http.ENDPOINTS,
    *prices.ENDPOINTS,
    *listings_http.ENDPOINTS,
)
TICK_SECONDS = 0.05


class AnchantoSandbox:
    """One seller's Anchanto OMS, with or without WMS, behind the neutral wire profile."""

    name = "anchanto_oms"

    def __init__(self, world: World, settings: Settings) -> None:
        self.world = world
        self.seller = seeded(world, settings)
        self.sender = Sender(self.seller.outbox)
        self.tokens = Tokens(world, settings.token_seconds)
        self.watch = Watch(self.seller)
        self.gate = Gate(self.seller, self.tokens, self._before, self._after)

    def routes(self) -> Iterable[web.RouteDef]:
        """The wire's paths; what is not among them is answered as the wire answers."""
        yield self.gate.open_route("POST", "/oauth/token", self.tokens.issue)
        yield self.gate.open_route("GET", label_links.PATH, label_links.opens(self.seller))
        for endpoint in ENDPOINTS:
            yield self.gate.route(endpoint)
        yield self.gate.open_route("*", "/{path:(?!_sandbox).*}", _no_such_path)

    def actions(self) -> Sequence[OperatorAction]:
        """What people do in the OMS and the WMS, and what the carrier does."""
        desk = Desk(self.seller, self.gate, self.tokens, self.sender, self._before, self._after)
        desks = (OrderDesk, ReturnDesk, GoodsDesk, ListingDesk, EventDesk, AccountDesk, WmsDesk)
        return [action for each in desks for action in each(desk).actions()]

    def credentials(self) -> Mapping[str, object]:
        """Fixed: nothing to create before a client can sign in."""
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "seller_code": SELLER_CODE,
            "store_code": STORE_CODE,
            "event_secret": EVENT_SECRET,
        }

    def rate_limited(self, retry_after_seconds: float | None) -> web.Response:
        """429 with the wire's error."""
        return self.gate.limited(retry_after_seconds)

    async def work(self) -> None:
        """Send events as they become due, until cancelled."""
        while True:
            self._settle()
            self.seller.flush_stock_events()
            self.watch.look()
            await self.sender.deliver_due()
            await asyncio.sleep(TICK_SECONDS)

    def _before(self) -> None:
        self.watch.require()
        self._settle()

    def _after(self) -> None:
        self.seller.flush_stock_events()
        self.watch.look()
        self.watch.require()

    def _settle(self) -> None:
        """Do what has become due since the last look."""
        book_due(self.seller)
        work_due(self.seller)


async def _no_such_path(request: web.Request) -> web.Response:
    allowed = sorted(method for method, path in _PATTERNS if path.fullmatch(request.path))
    if allowed:
        raise Refusal(405, "method_not_allowed", f"{request.method} is not possible here", allowed=allowed)
    raise Refusal(404, "unknown_path", f"there is no {request.path}; the paths begin with /api/v1/ or /oauth/token")


_PATTERNS = [
    (endpoint.method, re.compile(re.sub(r"\{[^}]+\}", "[^/]+", endpoint.path)))
    for endpoint in (*ENDPOINTS, Endpoint("POST", "/oauth/token", lambda _call: web.Response()))
]
