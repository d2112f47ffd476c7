"""A bare client of the sandbox: HTTP and nothing else, so that tests read as requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from crossdock.sandbox import Fault, VirtualClock, World, running
from crossdock_anchanto_oms.sandbox import AnchantoSandbox, create

STORE = "/api/v1/stores/KR-STORE-1"
START = 1_795_600_000.0
LONG_AGO = "2020-01-01T00:00:00Z"


@dataclass
class Caller:
    """Requests with a token."""

    http: httpx.AsyncClient
    world: World
    sandbox: AnchantoSandbox
    token: str = ""

    async def sign_in(self, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": "crossdock-sandbox",
            "client_secret": "sandbox-secret-0001",
        }
        answer = await self.http.post("/oauth/token", data=form | changes)
        self.token = answer.json().get("access_token", "")
        return answer

    async def ask(self, method: str, path: str, json: Any = None, **query: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return await self.http.request(method, path, json=json, params=query, headers=headers)

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.ask("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def done(self, method: str, path: str, json: Any = None) -> Any:
        answer = await self.ask(method, path, json)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()

    async def refused(self, method: str, path: str, json: Any = None, **query: Any) -> tuple[int, str, dict[str, Any]]:
        answer = await self.ask(method, path, json, **query)
        error = answer.json()["error"]
        return answer.status_code, error["code"], error["details"]

    async def act(self, method: str, path: str, json: Any = None) -> Any:
        answer = await self.http.request(method, f"/_sandbox{path}", json=json)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def act_refused(self, method: str, path: str, json: Any = None) -> str:
        answer = await self.http.request(method, f"/_sandbox{path}", json=json)
        assert answer.status_code in (404, 409), answer.text
        return str(answer.json()["error"])

    async def later(self, seconds: float) -> None:
        await self.act("POST", "/clock", {"advance_seconds": seconds})

    async def order(self, **changes: Any) -> Any:
        return await self.done("POST", f"{STORE}/orders", order_body(**changes))

    async def move(self, order: Any, to: str, **more: Any) -> Any:
        return await self.done("POST", f"{STORE}/orders/{order['order_id']}/moves", {"to": to, **more})

    async def stock(self, isku: str, warehouse: str = "WH-1") -> Any:
        rows = await self.get("/api/v1/stock", changed_since=LONG_AGO, isku=isku, warehouse_code=warehouse)
        return rows["items"][0]

    async def offer(self, sku: str) -> int:
        rows = await self.get(f"{STORE}/stock", changed_since=LONG_AGO, sku=sku)
        return int(rows["items"][0]["available"])


@asynccontextmanager
async def oms(*faults: Fault, signed_in: bool = True, seed: int = 0, **options: Any) -> AsyncIterator[Caller]:
    """A running sandbox whose real clock stands still, and a client of it."""
    world = World(seed, faults, VirtualClock(lambda: START))
    sandbox = create(world, **options)
    async with running(sandbox) as server, httpx.AsyncClient(base_url=server.url) as http:
        caller = Caller(http, world, sandbox)
        if signed_in:
            await caller.sign_in()
        yield caller


def order_body(
    reference: str = "241121AAA", sku: str = "MUG", quantity: int = 2, price: str = "12000", **changes: Any
) -> dict[str, Any]:
    """A body that is accepted; `changes` replace whole fields."""
    return {
        "channel_reference": reference,
        "ordered_at": "2026-11-21T10:00:00Z",
        "currency": "KRW",
        "logistics_mode": "marketplace_carrier",
        "buyer": {"name": "Test Buyer"},
        "ship_to": {"name": "Test Buyer", "line1": "1 Example Street", "country": "KR"},
        "lines": [line(sku, quantity, price)],
        "total": str(int(price) * quantity),
    } | changes


def line(sku: str = "MUG", quantity: int = 2, price: str = "12000", reference: str = "1") -> dict[str, Any]:
    """One line."""
    return {"line_reference": reference, "sku": sku, "name": sku, "quantity": quantity, "unit_price": price}
