"""A connection to the OMS for tests: against scripted answers, or against the sandbox over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import httpx

from crossdock.contract import Route, Side, Toolbox, Vault, Verbs, Window
from crossdock.http import ClientSettings, HttpClient, Limits, RetryPolicy, TransportSettings, transport
from crossdock.http.over_httpx import HttpxTransport
from crossdock.model import Address, Buyer, Charge, Money, Order, OrderLine, OrderStatus, Shipment, ShipmentStatus
from crossdock.sandbox import Fault, VirtualClock, World, running
from crossdock_anchanto_oms.config import AnchantoRoute, AnchantoSettings
from crossdock_anchanto_oms.connection import AnchantoConnection, connect
from crossdock_anchanto_oms.sandbox import create
from tests.plugins.world_clock import WorldClock

START = 1_795_600_000.0
LONG_AGO = Window(datetime(2020, 1, 1, tzinfo=UTC))
NOBODY = cast("Verbs", SimpleNamespace())


def settings(**changes: Any) -> AnchantoSettings:
    known = {
        "base_url": "http://oms.test",
        "client_id": "crossdock-sandbox",
        "client_secret": "sandbox-secret-0001",
        "store_code": "KR-STORE-1",
        "country": "KR",
        "currency": "KRW",
        "event_secret": "sandbox-event-secret-0001",
    }
    return AnchantoSettings.model_validate({**known, **changes})


def backend(**options: Any) -> Route:
    """A route with the OMS at its backend end."""
    return Route("kr", Side("shop", NOBODY), Side("oms", NOBODY, options=AnchantoRoute.model_validate(options)), NOBODY)


def channel(**options: Any) -> Route:
    """A route with the OMS at its channel end."""
    return Route(
        "kr", Side("oms", NOBODY, options=AnchantoRoute.model_validate(options)), Side("central", NOBODY), NOBODY
    )


def _toolbox(clock: Any, make: Callable[[], Any], clients: list[HttpClient]) -> Toolbox:
    def open_http(**language: Any) -> HttpClient:
        known = ClientSettings(limits=Limits(max_in_flight=32), retry=RetryPolicy(attempts=3), **language)
        clients.append(HttpClient("oms", make(), known, clock=clock, random=Random(1)))
        return clients[-1]

    return Toolbox("oms", clock, open_http, cast("Vault", None), Path())


@dataclass
class Oms:
    """A running OMS, a connection to it, and the people who work there."""

    connection: AnchantoConnection
    world: World
    operator: httpx.AsyncClient

    async def act(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.operator.request(method, f"/_sandbox{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def state(self, order_id: str) -> str:
        return str((await self.act("GET", f"/orders/{order_id}"))["state"])

    async def writes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.act("GET", "/writes"))["writes"]
        return found

    async def document(self, order_id: str, **options: Any) -> Order:
        found = (await self.connection.read_orders([order_id], backend(**options)))[0]
        assert isinstance(found, Order)
        return found

    async def taken(self, order: Order | None = None, **options: Any) -> Order:
        """An order pushed, as a document."""
        receipt = await self.connection.push_order(order or shopee(), backend(**options))
        return await self.document(receipt.id)

    async def follow(self, order: Order, **options: Any) -> Order:
        """The document of `order`, brought to what it shows."""
        route = backend(**options)
        found = await self.connection.find_order(order.id, route)
        assert found is not None
        await self.connection.update_order(order, found, route)
        return await self.document(found.id)


@asynccontextmanager
async def online(*faults: Fault, known: Mapping[str, Any] | None = None, **options: Any) -> AsyncIterator[Oms]:
    """A sandbox whose real clock stands still, and a connection to it."""
    world = World(7, faults, VirtualClock(lambda: START))
    clients: list[HttpClient] = []
    async with (
        running(create(world, **options)) as server,
        httpx.AsyncClient(base_url=server.url) as operator,
    ):
        lent = _toolbox(WorldClock(world), lambda: transport("aiohttp"), clients)
        async with connect(settings(base_url=server.url, **(known or {})), lent) as connection:
            try:
                yield Oms(connection, world, operator)
            finally:
                for client in clients:
                    await client.aclose()


@dataclass
class Far:
    """A scripted OMS: answers by verb and path, and remembers what it was asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path == "/oauth/token" and "POST /oauth/token" not in self.answers:
            return httpx.Response(200, json={"access_token": f"token-{len(self.asked)}", "expires_in": 3600})
        answer = self.answers[f"{request.method} {request.url.path}"]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def paths(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.asked]


@dataclass
class Scripted:
    far: Far
    connection: AnchantoConnection
    world: World


@asynccontextmanager
async def offline(answers: Mapping[str, Any], **changes: Any) -> AsyncIterator[Scripted]:
    far, world = Far(dict(answers)), World(7, (), VirtualClock(lambda: START))
    clients: list[HttpClient] = []
    carrier = lambda: HttpxTransport(TransportSettings(), httpx.MockTransport(far))  # noqa: E731
    async with connect(settings(**changes), _toolbox(WorldClock(world), carrier, clients)) as connection:
        try:
            yield Scripted(far, connection, world)
        finally:
            for client in clients:
                await client.aclose()


def won(amount: str) -> Money:
    return Money(Decimal(amount), "KRW")


def line(sku: str = "MUG", quantity: int = 2, price: str = "12000", number: str = "1", **changes: Any) -> OrderLine:
    total = won(price) * quantity
    return OrderLine(
        **{
            "id": number, "sku": sku, "name": sku, "quantity": Decimal(quantity),
            "list_price": won(price), "amount": total, **changes,
        }
    )  # fmt: skip


def shopee(status: OrderStatus = OrderStatus.OPEN, word: str = "READY_TO_SHIP", **changes: Any) -> Order:
    """A marketplace's order."""
    lines = changes.pop("lines", (line(),))
    charges = changes.pop("charges", (Charge(kind="shipping", amount=won("3000")),))
    moment = datetime.fromtimestamp(START, UTC)
    known: dict[str, Any] = {
        "id": "241121AAA",
        "status": status,
        "vendor_status": word,
        "currency": "KRW",
        "lines": lines,
        "charges": charges,
        "buyer": Buyer(name="Test Buyer"),
        "ship_to": Address(name="Test Buyer", line="1 Example Street", country="KR"),
        "shipping_method": "SLS",
        "shipments": (parcel(),),
        "placed_at": moment,
        "paid_at": moment,
        "ship_by": moment + timedelta(days=2),
        "updated_at": moment,
    }
    order = Order(**known | changes)
    return order if "total" in changes else order.model_copy(update={"total": order.explained_total})


def parcel(
    status: ShipmentStatus = ShipmentStatus.READY, number: str = "", word: str = "LOGISTICS_READY", ident: str = "PKG1"
) -> Shipment:
    return Shipment(id=ident, status=status, vendor_status=word, carrier="SLS", tracking_number=number)
