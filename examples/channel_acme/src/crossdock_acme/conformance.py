"""How the conformance kit works this plugin: ``crossdock plugins test acme``. Knows the sandbox, never the client."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from crossdock.contract import ArrangeShipment, CancelOrder, CancelReason, PushMessage
from crossdock.model import MASKED, Money, Order, StockLevel, exponent
from crossdock.testing import Act, Desk, Kit, NotStaged, SandboxStage, consent, sandboxed

from crossdock_acme.sandbox import AcmeSandbox, create

ORDERS = frozenset({"pull_orders", "read_orders"})


class AcmeStage(SandboxStage):
    """A running market, its buyers and its carrier."""

    effect_kinds: ClassVar[Mapping[str, str]] = {
        "arrange_shipment": "pack",
        "cancel_order": "cancel",
        "push_stock": "inventory",
    }

    def settings(self, url: str) -> Mapping[str, object]:
        """As under ``[connections.NAME]``."""
        return {"base_url": url, "page_size": 3, **self.credentials}

    def wrong_settings(self, url: str) -> Mapping[str, object]:
        """An app that is not known."""
        return {**self.settings(url), "client_id": "no-such-app"}

    async def add(self, verb: str, count: int, desk: Desk) -> Sequence[str]:
        """Buyers order."""
        if verb != "pull_orders":
            return await super().add(verb, count, desk)
        return [(await self.act("POST", "/orders", {"parcels": 2}))["id"] for _ in range(count)]

    async def change(self, verb: str, key: str, desk: Desk) -> None:
        """A parcel arrives."""
        await self.act("POST", f"/orders/{key}/deliver")

    async def prepare(self, verb: str, desk: Desk) -> Act:
        """What each verb is called with."""
        if verb == "push_stock":
            sku = f"TEST-{self.world.random.getrandbits(48)}"
            await self.act("POST", "/articles", {"sku": sku})
            return Act(([StockLevel(sku=sku, available=Decimal(7))],), sku)
        (number,) = await self.add("pull_orders", 1, desk)
        if verb == "read_orders":
            return Act(([number],), number)
        (order,) = await desk.ask.read_orders([number], desk.route)
        if not isinstance(order, Order):
            raise NotStaged("an order that can be read")
        if verb == "arrange_shipment":
            return Act((ArrangeShipment(order, order.shipments[0].id),), number)
        if verb == "cancel_order":
            return Act((CancelOrder(order, CancelReason.OUT_OF_STOCK),), number)
        raise NotStaged(f"prepare({verb!r}): what the verb is called with")

    async def level(self, sku: str) -> Decimal:
        """What buyers are shown."""
        return Decimal((await self.act("GET", "/stock"))[sku])

    async def total(self, key: str) -> Money:
        """What the buyer paid."""
        order = await self.act("GET", f"/orders/{key}")
        return Money(Decimal(order["paid_minor"]).scaleb(-exponent(order["currency"])), order["currency"])

    async def expire_sign_in(self) -> None:
        """All access tokens end."""
        await self.act("POST", "/tokens/expire")

    async def revoke_sign_in(self) -> None:
        """The seller takes the app's rights back."""
        await self.act("POST", "/tokens/revoke")

    async def agree(self, link: str) -> Mapping[str, str]:
        """The seller says yes."""
        return await consent(link)

    async def push_messages(self, desk: Desk) -> Sequence[PushMessage]:
        """Two orders change."""
        market = self.sandbox
        if not isinstance(market, AcmeSandbox):
            raise NotStaged("a market of our own")
        found = []
        for number in await self.add("pull_orders", 2, desk):
            body, signature = market.webhooks.signed("order.created", market.market.orders[number])
            found.append(PushMessage("https://here/push/tested", {"acme-signature": signature}, body))
        return found

    def poisoned(self, verb: str, key: str, body: bytes) -> bytes:
        """A price that is a word."""
        return _edited(verb, key, body, lambda order: order["pieces"][0].update(price_minor="a lot"))

    def renamed_status(self, verb: str, key: str, body: bytes) -> bytes:
        """A state that nobody knows."""
        return _edited(verb, key, body, lambda order: order.update(state="BRAND_NEW_STATUS"))

    def masked(self, verb: str, key: str, body: bytes) -> bytes:
        """A buyer who is withheld."""
        return _edited(verb, key, body, lambda order: order.update(recipient=MASKED, street=MASKED))

    def secrets(self) -> Sequence[str]:
        """What must never be seen."""
        return ["Ada Tan", "1 Cross Street"]


def _edited(verb: str, key: str, body: bytes, edit: Callable[[dict[str, Any]], object]) -> bytes:
    if verb not in ORDERS:
        return body
    answer = json.loads(body)
    for order in answer.get("data", ()):
        if order["id"] == key:
            edit(order)
    return json.dumps(answer).encode()


kit = Kit({"channel": sandboxed(AcmeStage, create, token_seconds=10**9, zero_decimal={"currency": "JPY"})})
