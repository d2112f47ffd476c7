"""The instant backend as a crossdock backend."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from crossdock.contract import Plugin, Receipt, Route, Settings, Toolbox, hookimpl
from crossdock.errors import Refused
from crossdock.http import HttpClient, Request, Response, classify_status
from crossdock.model import Order, OrderLine, OrderStatus

_JSON = {"Content-Type": "application/json"}
_encode = msgspec.json.Encoder(decimal_format="number").encode


class BackendSettings(Settings):
    """Settings of a connection."""

    base_url: str
    store: str = "S0013"


class Made(msgspec.Struct):
    """Their answer."""

    id: str


_made = msgspec.json.Decoder(Made).decode


def judge(request: Request, response: Response) -> Exception | None:
    """Which error an answer is."""
    if response.status in (200, 201) or (response.status == 404 and request.method == "GET"):
        return None
    return classify_status(request, response) or Refused(f"answered {response.status}")


class BackendConnection:
    """One company."""

    def __init__(self, settings: BackendSettings, toolbox: Toolbox) -> None:
        self._settings = settings
        self._url = f"{settings.base_url}/documents"
        self._http: HttpClient = toolbox.http(classify=judge)

    @hookimpl
    async def push_order(self, order: Order, route: Route) -> Receipt:
        """Make a document."""
        body = _encode(document(order, self._settings.store))
        request = Request("POST", self._url, headers=_JSON, body=body, effect=True, verb="push_order")
        return Receipt(_made((await self._http.send(request)).body).id)

    @hookimpl
    async def find_order(self, reference: str, route: Route) -> Order | None:
        """Look a document up."""
        answer = await self._http.send(Request("GET", self._url, [("reference", reference)], verb="find_order"))
        if answer.status == 404:
            return None
        return Order(id=_made(answer.body).id, status=OrderStatus.OPEN, vendor_status="Open", currency="SGD")


def document(order: Order, store: str) -> dict[str, Any]:
    """Their document for our order."""
    address = order.ship_to
    return {
        "reference": order.id,
        "status": "Open",
        "currency": order.currency,
        "store": store,
        "name": address.name,
        "phone": address.phone,
        "address": address.line,
        "city": address.city,
        "post_code": address.postcode,
        "country": address.country,
        "shipping": order.shipping_method,
        "shipping_fee": order.shipping_fee.amount,
        "payment": order.payment.method if order.payment else "",
        "total": order.total.amount if order.total else None,
        "ordered_at": int(order.placed_at.timestamp()) if order.placed_at else None,
        "lines": [_line(number, line) for number, line in enumerate(order.lines, 1)],
    }


def _line(number: int, line: OrderLine) -> dict[str, Any]:
    item, _, variant = line.sku.partition("-")
    return {
        "line": number,
        "item": item,
        "variant": variant,
        "description": line.name,
        "quantity": line.quantity,
        "price": line.list_price.amount,
        "net_price": line.paid_price,
        "discount": line.discount.amount,
        "amount": line.amount.amount,
    }


@asynccontextmanager
async def connect(settings: BackendSettings, toolbox: Toolbox) -> AsyncIterator[BackendConnection]:
    """Open a connection."""
    yield BackendConnection(settings, toolbox)


plugin = Plugin(
    name="bench_backend",
    title="Instant backend",
    settings=BackendSettings,
    contract=">=1,<2",
    connect=connect,
    connection=BackendConnection,
    requests_per_second=1_000_000,
)
