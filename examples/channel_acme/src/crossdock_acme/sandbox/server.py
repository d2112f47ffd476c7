"""The simulated market over HTTP: its own paths, and what its people do under ``/_sandbox/``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from aiohttp import web
from crossdock.sandbox import OperatorAction, OperatorError, World
from pydantic import BaseModel, ConfigDict, Field

from crossdock_acme.sandbox.market import Body, Market, Refusal
from crossdock_acme.sandbox.sign_in import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, WEBHOOK_SECRET, SignIn
from crossdock_acme.sandbox.webhooks import Webhooks

LARGEST_PAGE = 100
Answer = Callable[[web.Request], Awaitable[Any]]


class Placing(BaseModel):
    """Body of the operator's ``POST /orders``: SKUs piece by piece."""

    model_config = ConfigDict(extra="forbid")
    pieces: list[str] = Field(default=["10003", "40020-000", "10003"], min_length=1)
    parcels: int = Field(default=1, ge=1)
    delivery_minor: int = Field(default=350, ge=0)


class Receiver(BaseModel):
    """Body of the operator's ``PUT /webhook``."""

    model_config = ConfigDict(extra="forbid")
    url: str


class Article(BaseModel):
    """Body of the operator's ``POST /articles``."""

    model_config = ConfigDict(extra="forbid")
    sku: str


class AcmeSandbox:
    """A server that behaves like Acme Market.

    Args:
        world: clock, chance, oracle and faults.
        currency: of all money.
        token_seconds: how long an access token is good for.
    """

    name = "acme"

    def __init__(self, world: World, currency: str, token_seconds: int) -> None:
        self.world = world
        self.webhooks = Webhooks(world)
        self.market = Market(world, currency, self.webhooks.tell)
        self.sign_in = SignIn(world.clock, world.random, token_seconds)

    def routes(self) -> Iterable[web.RouteDef]:
        """The system's own paths."""
        return [
            web.get("/oauth/authorize", self._authorize),
            web.post("/oauth/token", self._answer(self._token, signed_in=False)),
            web.get("/v1/seller", self._answer(self._seller)),
            web.get("/v1/orders", self._answer(self._orders)),
            web.post("/v1/parcels/{parcel}/pack", self._answer(self._pack)),
            web.post("/v1/orders/{order}/cancel", self._answer(self._cancel)),
            web.post("/v1/inventory", self._answer(self._inventory)),
        ]

    def actions(self) -> Sequence[OperatorAction]:
        """What buyers, the market and its carrier do."""
        move = [
            OperatorAction("POST", f"/orders/{{order}}/{word}", text, self._moved(state))
            for word, state, text in (
                ("collect", "ON_ITS_WAY", "The carrier collects what is packed."),
                ("deliver", "ARRIVED", "It arrives."),
            )
        ]
        return [
            OperatorAction("POST", "/orders", "A buyer orders and pays.", self._place, Placing),
            OperatorAction("GET", "/orders/{order}", "An order as it is.", self._look),
            OperatorAction("POST", "/orders/{order}/cancel", "The buyer cancels.", self._buyer_cancels),
            OperatorAction("PUT", "/webhook", "Where messages are sent.", self._listen, Receiver),
            OperatorAction("POST", "/articles", "Acme lists one more article.", self._list, Article),
            OperatorAction("GET", "/stock", "What buyers are shown.", self._shelf),
            OperatorAction("POST", "/tokens/expire", "All access tokens end.", self._expire),
            OperatorAction("POST", "/tokens/revoke", "The seller takes the app's rights back.", self._revoke),
            *move,
        ]

    async def work(self) -> None:
        """Webhooks are sent while the server runs."""
        await self.webhooks.keep_sending()

    def credentials(self) -> Mapping[str, object]:
        """All that a stranger's client needs; fixed."""
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": REFRESH_TOKEN,
            "webhook_secret": WEBHOOK_SECRET,
        }

    def rate_limited(self, retry_after_seconds: float | None) -> web.Response:
        """How this system says "too many requests"."""
        headers = {} if retry_after_seconds is None else {"Retry-After": f"{retry_after_seconds:g}"}
        return _problem(429, "rate_limit", "slow down", headers)

    def _answer(self, answer: Answer, *, signed_in: bool = True) -> Answer:
        async def handle(request: web.Request) -> web.Response:
            if signed_in and not self.sign_in.admits(request.headers.get("Authorization", "")):
                return _problem(401, "token_expired", "the access token is not valid")
            try:
                return web.json_response(await answer(request))
            except Refusal as refusal:
                return _problem(refusal.status, refusal.code, str(refusal))

        return handle

    async def _authorize(self, request: web.Request) -> web.Response:
        """Stands for the page on which the seller says yes."""
        if request.query.get("client_id") != CLIENT_ID:
            return web.Response(status=400, text="the app is not known")
        back = request.query["redirect_uri"]
        raise web.HTTPFound(f"{back}{'&' if '?' in back else '?'}code={self.sign_in.code()}")

    async def _token(self, request: web.Request) -> Body:
        return self.sign_in.exchange(await _body(request))

    async def _seller(self, _request: web.Request) -> Body:
        return {"name": "Acme test seller", "currency": self.market.currency}

    async def _orders(self, request: web.Request) -> Body:
        query, known = request.query, self.market.orders
        if "ids" in query:
            found = [known[number] for number in query["ids"].split(",") if number in known]
            return {"data": found, "total": len(found)}
        first, last = _number(query, "updated_from"), _number(query, "updated_to", 0)
        offset, limit = _number(query, "offset", 0), _number(query, "limit", 50)
        if not 1 <= limit <= LARGEST_PAGE:
            raise Refusal(400, "bad_limit", f"limit must be 1 to {LARGEST_PAGE}, not {limit}")
        rows = self.market.between(first, last)
        return {"data": rows[offset : offset + limit], "total": len(rows)}

    async def _pack(self, request: web.Request) -> Body:
        return {"id": self.market.pack(request.match_info["parcel"])["id"]}

    async def _cancel(self, request: web.Request) -> Body:
        body = await _body(request)
        if "reason" not in body:
            raise Refusal(400, "no_reason", "reason is missing")
        number, pieces = request.match_info["order"], body.get("pieces", [])
        return {"id": self.market.cancel(number, str(body["reason"]), pieces)["id"]}

    async def _inventory(self, request: web.Request) -> Body:
        rows = [(str(row["sku"]), int(row["on_hand"])) for row in (await _body(request)).get("rows", [])]
        return {"rows": [{"sku": sku, "problem": self.market.set_on_hand(sku, count)} for sku, count in rows]}

    async def _place(self, body: Placing, _path: dict[str, str]) -> Body:
        return self.market.place(body.pieces, body.parcels, body.delivery_minor)

    async def _look(self, _body: None, path: dict[str, str]) -> Body:
        return _operated(lambda: self.market.find(path["order"]))

    async def _buyer_cancels(self, _body: None, path: dict[str, str]) -> Body:
        return _operated(lambda: self.market.cancel(path["order"], "BUYER"))

    async def _listen(self, body: Receiver, _path: dict[str, str]) -> Body:
        self.webhooks.url = body.url
        return {"url": body.url}

    async def _list(self, body: Article, _path: dict[str, str]) -> Body:
        return {"sku": body.sku, "on_hand": self.market.on_hand.setdefault(body.sku, 0)}

    async def _shelf(self, _body: None, _path: dict[str, str]) -> Body:
        return dict(self.market.on_hand)

    async def _expire(self, _body: None, _path: dict[str, str]) -> Body:
        self.sign_in.expire()
        return {}

    async def _revoke(self, _body: None, _path: dict[str, str]) -> Body:
        self.sign_in.revoke()
        return {}

    def _moved(self, state: str) -> Callable[[None, dict[str, str]], Awaitable[Body]]:
        async def move(_body: None, path: dict[str, str]) -> Body:
            return _operated(lambda: self.market.move(path["order"], state))

        return move


def _operated(act: Callable[[], Body]) -> Body:
    try:
        return act()
    except Refusal as refusal:
        raise OperatorError(str(refusal), missing=refusal.status == 404) from None


def _number(query: Mapping[str, str], name: str, otherwise: int | None = None) -> int:
    value = query.get(name, "" if otherwise is None else str(otherwise))
    if not value.isascii() or not value.isdigit():
        raise Refusal(400, "bad_number", f"{name} must be a whole number")
    return int(value)


async def _body(request: web.Request) -> Body:
    try:
        return msgspec.json.decode(await request.read(), type=dict[str, Any])
    except msgspec.DecodeError:
        raise Refusal(400, "bad_json", "the body is no JSON object") from None


def _problem(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response({"errors": [{"code": code, "detail": detail}]}, status=status, headers=headers)
