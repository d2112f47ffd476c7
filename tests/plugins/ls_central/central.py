"""What the tests of this plugin share: a connection without an engine, and orders to send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from os import devnull
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import httpx

from crossdock.clock import Clock, FakeClock, SystemClock
from crossdock.contract import Route, Side, Toolbox, Vault, Verbs
from crossdock.http import ClientSettings, HttpClient, RetryPolicy, Transport, TransportSettings, transport
from crossdock.http.over_httpx import HttpxTransport
from crossdock.model import Address, Buyer, Charge, Discount, Money, Order, OrderLine, OrderStatus, Payer, Payment
from crossdock.sandbox import World, running
from crossdock_ls_central.config import LsSettings
from crossdock_ls_central.connection import LsConnection
from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.sandbox import create

MEMBERS: dict[str, Any] = {"shipping_item": "66010", "default_tender": "3"}
NOBODY = cast("Verbs", SimpleNamespace())
NOWHERE = Path(devnull)
"""A folder in which nothing can be kept."""


def opener(carrier: Callable[[], Transport], clock: Clock, opened: list[HttpClient]) -> Any:
    """What a toolbox opens clients with; they never wait between tries."""

    def open_http(**hooks: Any) -> HttpClient:
        settings = ClientSettings(retry=RetryPolicy(attempts=1), **hooks)
        opened.append(HttpClient("central", carrier(), settings, clock=clock))
        return opened[-1]

    return open_http


def toolbox(
    carrier: Callable[[], Transport], clock: Clock, opened: list[HttpClient], folder: Path = NOWHERE
) -> Toolbox:
    """What a connection is lent; its files are kept below `folder`."""
    return Toolbox("central", clock, opener(carrier, clock, opened), cast("Vault", None), folder)


def route(**options: Any) -> Route:
    """A route with LS Central at its backend end."""
    backend = Side("central", NOBODY, options=LsRouteOptions(**(MEMBERS | options)))
    return Route("sg-central", Side("shop", NOBODY), backend, NOBODY)


def mocked(
    answer: Callable[[httpx.Request], httpx.Response], clock: Clock | None = None, **settings: Any
) -> LsConnection:
    """A connection whose network is `answer`."""
    tools = toolbox(lambda: HttpxTransport(TransportSettings(), httpx.MockTransport(answer)), clock or FakeClock(), [])
    return LsConnection(basic(**settings), tools)


def basic(**settings: Any) -> LsSettings:
    """Settings that need no token."""
    given = {
        "base_url": "https://erp.example/BC",
        "company": "CRONUS - LS Central",
        "store": "S0013",
        "auth": "basic",
        "username": "CROSSDOCK",
        "key": "not-a-real-key",
        "currency": "SGD",
        "vat_percent": "7",
        "create_version": "V6",
    }
    return LsSettings(**(given | settings))


@dataclass
class Central:
    """A running simulated system and a connection to it."""

    url: str
    settings: LsSettings
    connection: LsConnection
    operator: aiohttp.ClientSession
    credentials: dict[str, Any]
    opened: list[HttpClient]
    folder: Path

    @property
    def calls(self) -> int:
        """Requests that the connection has sent."""
        return sum(client.stats.calls for client in self.opened)

    @asynccontextmanager
    async def again(self) -> AsyncIterator[LsConnection]:
        """A second connection with the same settings and folder, as another process would open it."""
        opened: list[HttpClient] = []
        try:
            yield LsConnection(self.settings, toolbox(transport, SystemClock(), opened, self.folder))
        finally:
            for client in opened:
                await client.aclose()

    async def act(self, path: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
        """Do what an operator does, under ``/_sandbox``."""
        async with self.operator.request(method, f"{self.url}/_sandbox{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()


@asynccontextmanager
async def central(seed: int = 1, *, on_premises: bool = False, **settings: Any) -> AsyncIterator[Central]:
    """Start the simulated system and connect to it, online and with OAuth unless told otherwise."""
    async with running(create(World(seed=seed))) as server, aiohttp.ClientSession() as operator:
        known = cast("dict[str, Any]", server.announcement()["credentials"])
        given = {
            name: known[name] for name in ("tenant", "environment", "company", "store", "client_id", "client_secret")
        }
        given["base_url"] = server.url + ("/BC" if on_premises else "/v2.0/{tenant}/{environment}")
        given["token_url"] = server.url + "/{tenant}/oauth2/v2.0/token"
        chosen = LsSettings(**(given | settings))
        opened: list[HttpClient] = []
        with TemporaryDirectory(prefix="central-") as name:
            folder = Path(name)
            connection = LsConnection(chosen, toolbox(transport, SystemClock(), opened, folder))
            try:
                yield Central(server.url, chosen, connection, operator, known, opened, folder)
            finally:
                for client in opened:
                    await client.aclose()


def sgd(amount: str) -> Money:
    return Money(Decimal(amount), "SGD")


def line(
    number: str = "1", sku: str = "40020-000", quantity: str = "1", price: str = "80.00", **more: Any
) -> OrderLine:
    """A line whose discounts are given by name; its amount is worked out."""
    discounts = tuple(more.pop("discounts", ()))
    off = sum((found.amount.amount for found in discounts), Decimal(0))
    amount = Decimal(price) * Decimal(quantity) - off
    return OrderLine(
        id=number,
        sku=sku,
        quantity=Decimal(quantity),
        list_price=sgd(price),
        discounts=discounts,
        amount=Money(amount, "SGD"),
        **more,
    )


def off(amount: str, payer: Payer = Payer.SELLER, kind: str = "voucher", code: str = "") -> Discount:
    return Discount(kind=kind, payer=payer, amount=sgd(amount), code=code)


def order(number: str = "2611210ABCDEFG", **more: Any) -> Order:
    """A paid order of two lines with a shipping fee; its total is worked out."""
    given: dict[str, Any] = {
        "id": number,
        "status": OrderStatus.OPEN,
        "vendor_status": "READY_TO_SHIP",
        "currency": "SGD",
        "lines": (line("11", quantity="2"), line("12", sku="30030", price="25.50")),
        "charges": (Charge(kind="shipping", amount=sgd("3.80")),),
        "payment": Payment(method="Credit Card"),
        "buyer": Buyer(id="7", name="buyer", email="b@example.org"),
        "ship_to": Address(name="A Person", line="1 Some Street", city="Singapore", postcode="018956", country="SG"),
        "placed_at": datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
    } | more
    made = Order(**given)
    return made if "total" in more else made.model_copy(update={"total": made.explained_total})
