"""A stranger's client for the sandbox's tests: it signs by the documented rule and knows nothing else."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

from crossdock.sandbox import VirtualClock, World, running
from crossdock_shopee.sandbox import ShopeeSandbox, create

START = 1_790_000_000


def signature(key: str, base: str) -> str:
    return hmac.new(key.encode(), base.encode(), hashlib.sha256).hexdigest()


@dataclass
class Answer:
    status: int
    body: Any
    headers: httpx.Headers
    content: bytes

    @property
    def error(self) -> str:
        return self.body["error"]

    @property
    def response(self) -> Any:
        assert self.body["error"] == "", self.body
        return self.body["response"]


@dataclass
class Client:
    """Calls as one shop; other identities by `as_merchant` and by hand."""

    http: httpx.AsyncClient
    sandbox: ShopeeSandbox
    who: dict[str, Any] = field(default_factory=dict)

    @property
    def credentials(self) -> Any:
        return self.sandbox.credentials()

    @property
    def now(self) -> int:
        return self.sandbox.world.clock.timestamp()

    def common(self, path: str, who: dict[str, Any]) -> dict[str, Any]:
        known = self.credentials
        base = f"{known['partner_id']}{path}{self.now}" + "".join(str(value) for value in who.values())
        sign = signature(known["partner_key"], base)
        return {"partner_id": known["partner_id"], "timestamp": self.now, **who, "sign": sign}

    def as_shop(self) -> dict[str, Any]:
        return {"access_token": self.credentials["access_token"], "shop_id": self.credentials["shop_id"]}

    def as_merchant(self) -> dict[str, Any]:
        known = self.credentials
        return {"access_token": known["merchant_access_token"], "merchant_id": known["merchant_id"]}

    async def get(self, name: str, who: dict[str, Any] | None = None, **params: Any) -> Answer:
        path = f"/api/v2/{name}"
        common = self.common(path, self.as_shop() if who is None else who)
        return _answer(await self.http.get(path, params={**common, **params}))

    async def post(self, name: str, body: Any = None, who: dict[str, Any] | None = None) -> Answer:
        path = f"/api/v2/{name}"
        common = self.common(path, self.as_shop() if who is None else who)
        return _answer(await self.http.post(path, params=common, json={} if body is None else body))

    async def operate(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.http.request(method, f"/_sandbox{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def order(self, **draft: Any) -> str:
        return str((await self.operate("POST", "/orders", draft))["order_sn"])

    async def detail(self, order_sn: str, fields: str = "item_list,package_list,total_amount") -> Any:
        answer = await self.get("order/get_order_detail", order_sn_list=order_sn, response_optional_fields=fields)
        return answer.response["order_list"][0]

    async def advance(self, seconds: float) -> None:
        await self.operate("POST", "/clock", {"advance_seconds": seconds})


def _answer(answer: httpx.Response) -> Answer:
    json_body = answer.headers["content-type"].startswith("application/json")
    body = json.loads(answer.content, parse_float=Decimal) if json_body else None
    return Answer(answer.status_code, body, answer.headers, answer.content)


@asynccontextmanager
async def connected(**options: Any) -> AsyncIterator[Client]:
    """A running sandbox whose clock stands still until it is moved, and a client for it."""
    sandbox = create(World(seed=7, clock=VirtualClock(lambda: START)), **options)
    async with running(sandbox) as server, httpx.AsyncClient(base_url=server.url) as http:
        yield Client(http, sandbox)
