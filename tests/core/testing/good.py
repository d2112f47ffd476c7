"""A plugin that keeps every rule, and its stage. The broken ones differ from it by one method each."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from pydantic import SecretStr

from crossdock.contract import (
    CancelOrder,
    CancelReason,
    LostPush,
    LostPushes,
    Nudge,
    Outcome,
    Page,
    Plugin,
    Probe,
    PushAnswer,
    PushMessage,
    Receipt,
    Route,
    Settings,
    Toolbox,
    Unreadable,
    Window,
    hookimpl,
)
from crossdock.errors import CannotTranslate, CrossdockError, Refused, SignInAgain, TryLater, Unclear
from crossdock.http import Request, Response, classify_status
from crossdock.log import register_secret
from crossdock.model import Address, Money, Order, OrderLine, OrderStatus, Product, StockLevel
from crossdock.testing import Act, Desk, Kit, SandboxStage, sandboxed
from tests.core.testing.depot import KEY, create

STATUSES = {"open": OrderStatus.OPEN, "cancelled": OrderStatus.CANCELLED}


class DepotSettings(Settings):
    """One depot."""

    base_url: str
    """Address of the depot."""
    key: SecretStr
    """Signs in, and signs messages."""
    refresh: SecretStr
    """Good for the first token; later ones are in the vault."""


class Good:
    """One depot, at either end of a route."""

    def __init__(self, settings: DepotSettings, toolbox: Toolbox) -> None:
        self.settings = settings
        self.http = toolbox.http(classify=self.judge)
        self.token = ""
        self.clock = toolbox.clock
        self.vault = toolbox.vault
        register_secret(settings.key.get_secret_value())

    # --- the wire

    def judge(self, request: Request, response: Response) -> Exception | None:
        if response.status in (401, 409):
            return None
        if 400 <= response.status < 500 and response.status != 429:
            return Refused(f"they answered HTTP {response.status}")
        return classify_status(request, response)

    async def log_in(self) -> None:
        async with self.vault.locked("tokens"):
            kept = json.loads(await self.vault.read("tokens") or "{}")
            if kept.get("token", self.token) != self.token:  # somebody was first
                self.token = kept["token"]
                return
            await self.exchange(refresh=kept.get("refresh") or self.settings.refresh.get_secret_value())

    async def exchange(self, **grant: str) -> None:
        body = {"key": self.settings.key.get_secret_value(), **grant}
        answer = await self.send("POST", "/token", body, effect=False, signed=False)
        if "token" not in answer:
            raise SignInAgain("They refuse the key.")
        for name in ("token", "refresh"):
            register_secret(answer[name])
        await self.keep({"token": answer["token"], "refresh": answer["refresh"]})
        self.token = answer["token"]

    async def keep(self, tokens: Mapping[str, str]) -> None:
        await self.vault.write("tokens", json.dumps(tokens))

    async def send(
        self, method: str, path: str, body: Any = None, *, effect: bool, signed: bool = True, again: bool = True
    ) -> dict[str, Any]:
        if signed and not self.token:
            await self.log_in()
        response = await self.http.send(self.request(method, path, body, effect))
        if response.status == 401 and signed and again:
            await self.log_in()
            return await self.send(method, path, body, effect=effect, again=False)
        return self.decoded(response, effect=effect)

    def request(self, method: str, path: str, body: Any, effect: bool) -> Request:
        sent = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return Request(method, self.settings.base_url + path, headers=headers, body=sent, effect=effect)

    def decoded(self, response: Response, *, effect: bool) -> dict[str, Any]:
        try:
            return {**json.loads(response.body), "http": response.status}
        except ValueError:
            text = f"HTTP {response.status} without JSON"
            raise (Unclear(text) if effect else TryLater(text)) from None

    # --- the words

    def order(self, row: Mapping[str, Any]) -> Order:
        paid = Money(self.amount(row), row["currency"])
        return Order(
            id=row["id"], reference=row["ref"], status=self.status(row["status"]), vendor_status=row["status"],
            currency=row["currency"], total=paid, ship_to=self.address(row),
            lines=(OrderLine(id="1", sku="MUG", quantity=Decimal(1), list_price=paid, amount=paid),),
            updated_at=datetime.fromtimestamp(row["updated"], UTC),
        )  # fmt: skip

    def amount(self, row: Mapping[str, Any]) -> Decimal:
        try:
            return Decimal(row["total"])
        except InvalidOperation:
            raise CannotTranslate("orders[].total", "a decimal number") from None

    def status(self, word: str) -> OrderStatus:
        return STATUSES.get(word, OrderStatus.UNKNOWN)

    def address(self, row: Mapping[str, Any]) -> Address:
        return Address(name=row["name"], phone=row["phone"], line=row["address"])

    def items(self, rows: Sequence[Mapping[str, Any]]) -> list[Order | Unreadable]:
        return [self.item(row) for row in rows]

    def item(self, row: Mapping[str, Any]) -> Order | Unreadable:
        try:
            return self.order(row)
        except CannotTranslate as error:
            return Unreadable(row["id"], error)

    # --- the verbs

    @hookimpl
    async def sign_in_link(self, redirect_url: str) -> str:
        return f"{self.settings.base_url}/agree?back={redirect_url}"

    @hookimpl
    async def sign_in(self, answer: Mapping[str, str]) -> Probe:
        if "code" not in answer:
            raise SignInAgain("The browser came back without a code.")
        await self.exchange(code=answer["code"])
        return await self.probe()

    @hookimpl
    async def probe(self) -> Probe:
        await self.send("GET", "/orders?since=9999999999", effect=False)
        return Probe("a depot")

    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        since, _, after = (window.cursor or f"{window.start.timestamp():.0f}:").partition(":")
        while True:
            rows = (await self.send("GET", f"/orders?since={since}&after={after}", effect=False))["orders"]
            if not rows:
                return
            since, after = rows[-1]["updated"], rows[-1]["id"]
            yield Page(self.items(rows), f"{since}:{after}")

    @hookimpl
    async def read_orders(self, ids: Sequence[str], route: Route) -> Sequence[Order | Unreadable]:
        return self.items((await self.send("GET", f"/orders?ids={','.join(ids)}", effect=False))["orders"])

    @hookimpl
    async def find_order(self, reference: str, route: Route) -> Order | None:
        rows = (await self.send("GET", f"/orders?ref={reference}", effect=False))["orders"]
        return self.order(rows[0]) if rows else None

    @hookimpl
    async def push_order(self, order: Order, route: Route) -> Receipt:
        body = {"ref": order.id, "total": str(self.paid(order)), "currency": order.currency}
        return Receipt((await self.send("POST", "/orders", body, effect=True))["id"])

    def paid(self, order: Order) -> Decimal:
        return order.explained_total.amount

    @hookimpl
    async def cancel_order(self, cancel: CancelOrder, route: Route) -> Receipt:
        answer = await self.send("POST", f"/orders/{cancel.order.id}/cancel", effect=True)
        return Receipt(cancel.order.id, already=answer["http"] == 409)

    @hookimpl
    async def push_stock(self, levels: Sequence[StockLevel], route: Route) -> Sequence[Outcome]:
        return [Outcome(level.sku, await self.set(level)) for level in levels]

    async def set(self, level: StockLevel) -> CrossdockError | None:
        try:
            await self.send("PUT", f"/stock/{level.sku}", {"available": int(level.available)}, effect=True)
        except CrossdockError as error:
            return error
        return None

    @hookimpl
    async def push_listings(self, listings: Sequence[Product], route: Route) -> Sequence[Outcome]:
        rows = [{"id": one.id, "sku": one.sku, "name": one.name} for one in listings]
        states = (await self.send("POST", "/listings", {"rows": rows}, effect=False))["states"]
        return [Outcome(one.id, self.fate(states.get(one.id, "working"))) for one in listings]

    def fate(self, state: str) -> CrossdockError | None:
        return {"working": TryLater("they work on it", after=5.0), "bad": Refused("it has no SKU")}.get(state)

    @hookimpl
    def read_push(self, message: PushMessage) -> PushAnswer:
        if not hmac.compare_digest(self.signature(message), message.headers.get("x-signature", "")):
            raise Refused("The signature is wrong.")
        return self.told(message.body) or PushAnswer()

    @hookimpl
    def read_relayed_push(self, body: bytes) -> PushAnswer | None:
        return self.told(body)

    def told(self, body: bytes) -> PushAnswer | None:
        try:
            found = json.loads(body)
        except ValueError:
            return None
        if not isinstance(found, dict) or not self.is_ours(found):
            return None
        return PushAnswer([Nudge("orders", found["order"], "message")], str(found["message"]))

    def is_ours(self, message: Mapping[str, Any]) -> bool:
        return message.get("depot") == "D1"

    @hookimpl
    async def pull_lost_pushes(self) -> LostPushes:
        answer = await self.send("GET", "/lost", effect=False)
        messages = [LostPush(one["body"].encode()) for one in answer["messages"]]
        return LostPushes(messages, str(answer["last"]) if messages else "")

    @hookimpl
    async def confirm_lost_pushes(self, up_to: str) -> None:
        await self.send("POST", "/lost/confirm", {"up_to": up_to}, effect=False)

    def signature(self, message: PushMessage) -> str:
        return hmac.new(self.settings.key.get_secret_value().encode(), message.body, hashlib.sha256).hexdigest()


def plugin_of(kind: type[Good], **changes: Any) -> Plugin:
    @asynccontextmanager
    async def connect(settings: DepotSettings, toolbox: Toolbox) -> AsyncIterator[Good]:
        yield kind(settings, toolbox)

    missing = ("answer_cancellation", "arrange_shipment", "fetch_label", "pull_returns", "push_prices", "push_product")
    missing += ("find_product", "delist_product", "delete_product", "pull_products", "pull_stock", "read_stock")
    missing += ("post_order", "update_order", "push_tracking", "push_label", "push_return", "fetch_image")
    made = Plugin(
        name="depot", title="Depot", contract=">=1,<2", settings=DepotSettings, connect=connect, connection=kind,
        sandbox="tests.core.testing.depot:create", cannot=dict.fromkeys(missing, "a depot keeps orders and stock only"),
    )  # fmt: skip
    return replace(made, **changes)


plugin = plugin_of(Good)


class DepotStage(SandboxStage):
    effect_kinds: ClassVar = {
        "push_order": "create", "cancel_order": "cancel", "push_stock": "stock", "push_listings": "listing",
    }  # fmt: skip
    _made = 0

    def page_size(self, verb: str) -> int:
        return 10

    def settings(self, url: str) -> Mapping[str, object]:
        return {"base_url": url, **self.credentials}

    def wrong_settings(self, url: str) -> Mapping[str, object]:
        return {**self.settings(url), "key": "not-the-key-0001"}

    async def add(self, verb: str, count: int, desk: Desk) -> Sequence[str]:
        total = "24000" if self.sandbox.currency == "KRW" else "12.50"  # type: ignore[attr-defined]
        found: list[str] = (await self.act("POST", "/orders", {"count": count, "total": total}))["ids"]
        return found

    async def change(self, verb: str, key: str, desk: Desk) -> None:
        await self.act("POST", f"/orders/{key}/touch")

    async def prepare(self, verb: str, desk: Desk) -> Act:
        self._made += 1
        if verb == "push_stock":
            sku = f"SKU-{self._made}"
            return Act(([StockLevel(sku=sku, available=Decimal(3))],), sku)
        if verb == "push_listings":
            number = f"L{self._made}"
            return Act(([Product(id=number, sku=f"SKU-{number}", name="Mug")],), number)
        if verb == "cancel_order":
            (key,) = await self.add("pull_orders", 1, desk)
            (order,) = await desk.ask.read_orders([key], desk.route)
            assert isinstance(order, Order)
            return Act((CancelOrder(order, CancelReason.OTHER),), key)
        currency = self.sandbox.currency  # type: ignore[attr-defined]
        paid = Money(Decimal("24000" if currency == "KRW" else "12.50"), currency)
        line = OrderLine(id="1", sku="MUG", quantity=Decimal(1), list_price=paid, amount=paid)
        number = f"R{self._made:06d}"
        order = Order(
            id=number, status=OrderStatus.OPEN, vendor_status="NEW", currency=currency, total=paid, lines=(line,)
        )
        return Act((order,), number)

    async def expire_sign_in(self) -> None:
        await self.act("POST", "/expire")

    async def revoke_sign_in(self) -> None:
        await self.act("POST", "/revoke")

    async def agree(self, link: str) -> Mapping[str, str]:
        assert "back=https://" in link
        found: Mapping[str, str] = await self.act("POST", "/agree")
        return found

    def bad_row(self, verb: str, row: Any) -> Any:
        if verb == "push_listings":
            return row.model_copy(update={"id": "BAD", "sku": ""})
        return super().bad_row(verb, row)

    async def lose_push_messages(self, count: int, desk: Desk) -> Sequence[str]:
        found: list[str] = (await self.act("POST", "/lose", {"count": count}))["ids"]
        return found

    async def foreign_push(self, desk: Desk) -> bytes:
        return self.sandbox._about("D00000001", "D2").encode()  # type: ignore[attr-defined]

    async def level(self, sku: str) -> Decimal:
        return Decimal(self.sandbox.stock[sku])  # type: ignore[attr-defined]

    async def total(self, key: str) -> Money:
        row = self.sandbox.orders[key]  # type: ignore[attr-defined]
        return Money(Decimal(row["total"]), row["currency"])

    async def push_messages(self, desk: Desk) -> Sequence[PushMessage]:
        made = [await self.act("GET", f"/messages/{key}") for key in await self.add("pull_orders", 2, desk)]
        return [PushMessage("", {"x-signature": one["signature"]}, one["body"].encode()) for one in made]

    def secrets(self) -> Sequence[str]:
        return ("Erika Musterfrau", *self.sandbox.tokens)  # type: ignore[attr-defined]

    def poisoned(self, verb: str, key: str, body: bytes) -> bytes:
        return self._with(body, key, total="12,50")

    def renamed_status(self, verb: str, key: str, body: bytes) -> bytes:
        return self._with(body, key, status="BRAND_NEW_STATUS")

    def masked(self, verb: str, key: str, body: bytes) -> bytes:
        return self._with(body, key, name="****", phone="****", address="****")

    def _with(self, body: bytes, key: str, **fields: str) -> bytes:
        answer = json.loads(body)
        rows = answer.get("orders", ())
        for row in rows:
            if row["id"] == key:
                row.update(fields)
        return json.dumps(answer).encode()


stage = sandboxed(DepotStage, create, zero_decimal={"currency": "KRW"})
kit = Kit({"channel": stage, "backend": stage})
assert KEY
