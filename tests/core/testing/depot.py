"""A small system for the kit's own tests: tokens, orders by cursor, stock, signed messages."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from crossdock.sandbox import OperatorAction, World

KEY = "depot-key-0001"


class Bulk(BaseModel):
    count: int = 1
    total: str = "12.50"


class Depot:
    """Orders are listed by time and number, ten at a time; a token lasts an hour; a reference may be used twice."""

    name = "depot"

    def __init__(self, world: World, currency: str = "EUR") -> None:
        self.world = world
        self.currency = currency
        self.orders: dict[str, dict[str, Any]] = {}
        self.stock: dict[str, int] = {}
        self.tokens: dict[str, float] = {}
        self._numbers = itertools.count(1)

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            web.post("/token", self._token),
            web.get("/orders", self._list),
            web.post("/orders", self._create),
            web.post("/orders/{id}/cancel", self._cancel),
            web.put("/stock/{sku}", self._set_stock),
        ]

    def actions(self) -> Sequence[OperatorAction]:
        return [
            OperatorAction("POST", "/orders", "Buyers order.", self._buy, Bulk),
            OperatorAction("POST", "/orders/{id}/touch", "Something changes.", self._touch),
            OperatorAction("POST", "/expire", "Tokens expire.", self._expire),
            OperatorAction("GET", "/messages/{id}", "A signed message.", self._message),
        ]

    def credentials(self) -> Mapping[str, object]:
        return {"key": KEY}

    def rate_limited(self, retry_after_seconds: float | None) -> web.Response:
        wait = {} if retry_after_seconds is None else {"Retry-After": f"{retry_after_seconds:g}"}
        return web.json_response({"error": "slow_down"}, status=429, headers=wait)

    # --- what clients may do

    async def _token(self, request: web.Request) -> web.Response:
        if (await request.json()).get("key") != KEY:
            return web.json_response({"error": "who_are_you"}, status=401)
        token = f"token-{next(self._numbers):06d}-{self.world.random.getrandbits(64):x}"
        self.tokens[token] = self.world.clock.seconds() + 3600
        return web.json_response({"token": token})

    async def _list(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return web.json_response({"error": "token"}, status=401)
        found = sorted(self.orders.values(), key=lambda order: (order["updated"], order["id"]))
        if "ids" in request.query:
            found = [order for order in found if order["id"] in request.query["ids"].split(",")]
        elif "ref" in request.query:
            found = [order for order in found if order["ref"] == request.query["ref"]]
        else:
            start = (int(request.query["since"]), request.query.get("after", ""))
            found = [order for order in found if (order["updated"], order["id"]) > start][:10]
        return web.json_response({"orders": found})

    async def _create(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return web.json_response({"error": "token"}, status=401)
        asked = await request.json()
        order = self._new(asked["total"], asked["ref"], asked["currency"])
        self.world.oracle.record("create", asked["ref"])
        return web.json_response({"id": order["id"]})

    async def _cancel(self, request: web.Request) -> web.Response:
        order = self.orders.get(request.match_info["id"])
        if not self._known(request):
            return web.json_response({"error": "token"}, status=401)
        if order is None or order["status"] == "cancelled":
            return web.json_response({"error": "not_open"}, status=409)
        order.update(status="cancelled", updated=self.world.clock.timestamp())
        self.world.oracle.record("cancel", order["id"])
        return web.json_response({})

    async def _set_stock(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return web.json_response({"error": "token"}, status=401)
        sku, wanted = request.match_info["sku"], int((await request.json())["available"])
        if self.stock.get(sku) != wanted:
            self.world.oracle.record("stock", sku)
        self.stock[sku] = wanted
        return web.json_response({})

    # --- what people do

    async def _buy(self, body: Bulk, _path: dict[str, str]) -> object:
        return {"ids": [self._new(body.total)["id"] for _ in range(body.count)]}

    async def _touch(self, _body: None, path: dict[str, str]) -> object:
        self.orders[path["id"]]["updated"] = self.world.clock.timestamp()
        return {}

    async def _expire(self, _body: None, _path: dict[str, str]) -> object:
        self.tokens.clear()
        return {}

    async def _message(self, _body: None, path: dict[str, str]) -> object:
        body = json.dumps({"message": next(self._numbers), "order": path["id"]})
        return {"body": body, "signature": hmac.new(KEY.encode(), body.encode(), hashlib.sha256).hexdigest()}

    def _known(self, request: web.Request) -> bool:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.tokens.get(token, 0) > self.world.clock.seconds()

    def _new(self, total: str, ref: str = "", currency: str = "") -> dict[str, Any]:
        number = f"D{next(self._numbers):08d}"
        self.orders[number] = {
            "id": number, "ref": ref, "status": "open", "total": total, "currency": currency or self.currency,
            "name": "Erika Musterfrau", "phone": "0301234567", "address": "Beispielweg 1",
            "updated": self.world.clock.timestamp(),
        }  # fmt: skip
        return self.orders[number]


def create(world: World, **options: Any) -> Depot:
    return Depot(world, **options)
