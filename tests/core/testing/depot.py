"""A small system for the kit's own tests: tokens, orders by cursor, stock, signed messages."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from crossdock.sandbox import OperatorAction, World

KEY = "depot-key-0001"
FIRST_REFRESH = "depot-first-refresh-0001"
WORKS_SECONDS = 3
Row = dict[str, Any]
Answer = tuple[int, object]
Handler = Callable[[web.Request], Awaitable[web.Response]]


class Bulk(BaseModel):
    count: int = 1
    total: str = "12.50"


class Depot:
    """Orders are listed by time and number, ten at a time; a reference may be used twice.

    A token lasts an hour, a refresh token or a code is good once, and a listing takes three seconds.
    """

    name = "depot"

    def __init__(self, world: World, currency: str = "EUR") -> None:
        self.world = world
        self.currency = currency
        self.orders: dict[str, dict[str, Any]] = {}
        self.stock: dict[str, int] = {}
        self.tokens: dict[str, float] = {}
        self.grants = {FIRST_REFRESH}
        self.lost: list[Row] = []
        self.listings: dict[str, tuple[Row, float]] = {}
        self._numbers = itertools.count(1)

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            web.post("/token", self._token),
            web.get("/orders", self._signed(self._list)),
            web.post("/orders", self._signed(self._create)),
            web.post("/orders/{id}/cancel", self._signed(self._cancel)),
            web.put("/stock/{sku}", self._signed(self._set_stock)),
            web.post("/listings", self._signed(self._take_listings)),
            web.get("/lost", self._signed(self._show_lost)),
            web.post("/lost/confirm", self._signed(self._confirm)),
        ]

    def actions(self) -> Sequence[OperatorAction]:
        return [
            OperatorAction("POST", "/orders", "Buyers order.", self._buy, Bulk),
            OperatorAction("POST", "/orders/{id}/touch", "Something changes.", self._touch),
            OperatorAction("POST", "/expire", "Tokens expire.", self._expire),
            OperatorAction("POST", "/revoke", "Nobody may sign in any more.", self._revoke),
            OperatorAction("POST", "/agree", "The owner says yes.", self._agree),
            OperatorAction("GET", "/messages/{id}", "A signed message.", self._message),
            OperatorAction("POST", "/lose", "Buyers order, and nobody is told.", self._lose, Bulk),
        ]

    def credentials(self) -> Mapping[str, object]:
        return {"key": KEY, "refresh": FIRST_REFRESH}

    def rate_limited(self, retry_after_seconds: float | None) -> web.Response:
        wait = {} if retry_after_seconds is None else {"Retry-After": f"{retry_after_seconds:g}"}
        return web.json_response({"error": "slow_down"}, status=429, headers=wait)

    # --- what clients may do

    async def _token(self, request: web.Request) -> web.Response:
        asked = await request.json()
        grant = asked.get("refresh") or asked.get("code")
        if asked.get("key") != KEY or grant not in self.grants:
            return web.json_response({"error": "who_are_you"}, status=401)
        self.grants.remove(grant)
        token, refresh = self._secret("token"), self._secret("refresh")
        self.tokens[token] = self.world.clock.seconds() + 3600
        self.grants.add(refresh)
        return web.json_response({"token": token, "refresh": refresh})

    async def _list(self, request: web.Request) -> Answer:
        found = sorted(self.orders.values(), key=lambda order: (order["updated"], order["id"]))
        if "ids" in request.query:
            found = [order for order in found if order["id"] in request.query["ids"].split(",")]
        elif "ref" in request.query:
            found = [order for order in found if order["ref"] == request.query["ref"]]
        else:
            start = (int(request.query["since"]), request.query.get("after", ""))
            found = [order for order in found if (order["updated"], order["id"]) > start][:10]
        return 200, {"orders": found}

    async def _create(self, request: web.Request) -> Answer:
        asked = await request.json()
        order = self._new(asked["total"], asked["ref"], asked["currency"])
        self.world.oracle.record("create", asked["ref"])
        return 200, {"id": order["id"]}

    async def _cancel(self, request: web.Request) -> Answer:
        order = self.orders.get(request.match_info["id"])
        if order is None or order["status"] == "cancelled":
            return 409, {"error": "not_open"}
        order.update(status="cancelled", updated=self.world.clock.timestamp())
        self.world.oracle.record("cancel", order["id"])
        return 200, {}

    async def _set_stock(self, request: web.Request) -> Answer:
        sku, wanted = request.match_info["sku"], int((await request.json())["available"])
        if sku == "NO-SUCH-SKU":
            return 404, {"error": "unknown"}
        if self.stock.get(sku) != wanted:
            self.world.oracle.record("stock", sku)
        self.stock[sku] = wanted
        return 200, {}

    async def _take_listings(self, request: web.Request) -> Answer:
        states = {row["id"]: self._take(row) for row in (await request.json())["rows"]}
        return 200, {"states": states}

    def _take(self, row: Row) -> str:
        if not row["sku"]:
            return "bad"
        now = self.world.clock.seconds()
        known, since = self.listings.get(row["id"], ({}, now))
        if known != row:
            self.world.oracle.record("listing", row["id"])
            self.listings[row["id"]] = row, now
            return "working"
        return "working" if now - since < WORKS_SECONDS else "done"

    async def _show_lost(self, _request: web.Request) -> Answer:
        return 200, {"messages": self.lost[:100], "last": self.lost[-1]["number"] if self.lost else 0}

    async def _confirm(self, request: web.Request) -> Answer:
        up_to = int((await request.json())["up_to"])
        self.lost = [one for one in self.lost if one["number"] > up_to]
        return 200, {}

    # --- what people do

    async def _buy(self, body: Bulk, _path: dict[str, str]) -> object:
        return {"ids": [self._new(body.total)["id"] for _ in range(body.count)]}

    async def _touch(self, _body: None, path: dict[str, str]) -> object:
        self.orders[path["id"]]["updated"] = self.world.clock.timestamp()
        return {}

    async def _expire(self, _body: None, _path: dict[str, str]) -> object:
        self.tokens.clear()
        return {}

    async def _revoke(self, _body: None, _path: dict[str, str]) -> object:
        self.tokens.clear()
        self.grants.clear()
        return {}

    async def _agree(self, _body: None, _path: dict[str, str]) -> object:
        code = self._secret("code")
        self.grants.add(code)
        return {"code": code}

    async def _message(self, _body: None, path: dict[str, str]) -> object:
        body = self._about(path["id"])
        return {"body": body, "signature": hmac.new(KEY.encode(), body.encode(), hashlib.sha256).hexdigest()}

    async def _lose(self, body: Bulk, _path: dict[str, str]) -> object:
        made = [self._new(body.total)["id"] for _ in range(body.count)]
        self.lost += [{"number": next(self._numbers), "body": self._about(number)} for number in made]
        return {"ids": made}

    def _about(self, number: str, depot: str = "D1") -> str:
        return json.dumps({"message": next(self._numbers), "depot": depot, "order": number})

    def _secret(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers):06d}-{self.world.random.getrandbits(64):x}"

    def _signed(self, answer: Callable[[web.Request], Awaitable[Answer]]) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if self.tokens.get(token, 0) <= self.world.clock.seconds():
                return web.json_response({"error": "token"}, status=401)
            status, body = await answer(request)
            return web.json_response(body, status=status)

        return handle

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
