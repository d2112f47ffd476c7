"""How this plugin is put through crossdock's conformance rules: a sandbox company, its office and its store."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import ClassVar, cast

from crossdock.contract import CancelOrder, CancelReason, PushMessage, PushTracking
from crossdock.model import (
    Address,
    Buyer,
    Charge,
    Image,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Shipment,
    ShipmentStatus,
)
from crossdock.sandbox import RunningSandbox
from crossdock.testing import Act, Desk, Kit, NotStaged, SandboxStage, sandboxed
from crossdock_ls_central.sandbox import LsCentralSandbox, create

__all__ = ["kit"]

_SECRET = "sandbox-webhook-secret"  # noqa: S105 - of a simulation
_ITEM = "40020-000"


class LsStage(SandboxStage):
    """One company of the sandbox, as the backend of a route."""

    effect_kinds: ClassVar[Mapping[str, str]] = {
        "push_order": "create_order",
        "post_order": "post_order",
        "cancel_order": "cancel_order",
        "push_tracking": "set_tracking",
    }

    def __init__(self, server: RunningSandbox) -> None:
        super().__init__(server)
        self._central = cast("LsCentralSandbox", server.sandbox)
        self._company = self._central.company
        self._currency = self._company.switches.currency
        self._numbers = count(1)

    def settings(self, url: str) -> Mapping[str, object]:
        """Online, with OAuth; small pages."""
        names = ("tenant", "environment", "company", "store", "client_id", "client_secret")
        return {
            **{name: self.credentials[name] for name in names},
            "base_url": url + "/v2.0/{tenant}/{environment}",
            "token_url": url + "/{tenant}/oauth2/v2.0/token",
            "webhook_secret": _SECRET,
            "page_size": 10,
            "batch_size": 10,
        }

    def wrong_settings(self, url: str) -> Mapping[str, object]:
        """A secret that has expired."""
        return {**self.settings(url), "client_secret": "a-secret-that-has-expired"}

    def route_options(self) -> Mapping[str, object]:
        """Where shipping and payments go."""
        return {"shipping_item": "66010", "default_tender": "3", "shipping_agents": {"Ninja Van": "NINJA"}}

    def page_size(self, verb: str) -> int:
        """As `settings` says."""
        return 10

    async def add(self, verb: str, count: int, desk: Desk) -> Sequence[str]:
        """The office makes items; documents are made of a channel's orders."""
        if verb == "pull_orders":
            return await self._documents(count, desk)
        numbers = [f"KIT{next(self._numbers):05}" for _ in range(count)]
        for number in numbers:
            await self.act("POST", "/items", {"number": number, "stock": "5"})
        return numbers

    async def change(self, verb: str, key: str, desk: Desk) -> None:
        """A document is put on hold, an item gets another price or another stock."""
        match verb:
            case "pull_orders":
                await self.act("POST", f"/orders/{key}/hold", {"on_hold": True})
            case "pull_stock":
                await self.act("POST", f"/items/{key}/stock", {"quantity": "7"})
            case _:
                await self.act("POST", f"/items/{key}/price", {"unit_price": "81"})

    async def prepare(self, verb: str, desk: Desk) -> Act:
        """A new order or a new document for each call."""
        if verb == "fetch_image":
            (item,) = await self.add("pull_products", 1, desk)
            await self.act("POST", f"/items/{item}/images", {"image_id": f"PIC{item}", "content": "aGVsbG8="})
            return Act((Image(id=f"PIC{item}"),), item)
        if verb == "push_order":
            order = self._order()
            return Act((order,), order.id)
        order = self._order()
        made = await desk.ask.push_order(order, desk.route)
        number = made.id if made else ""
        if verb == "push_tracking":
            await self.act("POST", f"/orders/{number}/post", {})
        (found,) = await desk.ask.read_orders([number], desk.route)
        document = cast("Order", found)
        match verb:
            case "cancel_order":
                return Act((CancelOrder(document, CancelReason.BUYER_ASKED),), order.id)
            case "post_order":
                return Act((document,), order.id)
            case "push_tracking":
                return Act((PushTracking(document, document.shipments[0].id, _parcel()),), order.id)
            case _:
                raise NotStaged(f"prepare({verb!r}): what the verb is called with")

    async def effects(self, verb: str, key: str) -> int:
        """Of tracking numbers, how often another one was written."""
        if verb != "push_tracking":
            return await super().effects(verb, key)
        writes = [write for write in self.world.oracle.writes("set_tracking") if write.key == key]
        return len({write.facts["tracking_no"] for write in writes})

    async def total(self, key: str) -> Money:
        """What the document's lines add up to."""
        order = self._company.order(key)
        if order is None:
            raise LookupError(f"the sandbox has no document {key}")
        return Money(order.amount, self._currency)

    async def expire_sign_in(self) -> None:
        """Every access token ends now."""
        self._central.expire_tokens()

    async def push_messages(self, desk: Desk) -> Sequence[PushMessage]:
        """A change of an item as Business Central tells it, and an order message of LS Central."""
        change = {"clientState": _SECRET, "resource": "api/v2.0/companies(1)/items(2)", "changeType": "updated"}
        headers = {"content-type": "application/json"}
        message = json.dumps({"OrderId": "CO000001"}).encode()
        return [
            PushMessage("http://127.0.0.1/push/tested", headers, json.dumps({"value": [change]}).encode()),
            PushMessage("http://127.0.0.1/push/tested", {**headers, "x-crossdock-secret": _SECRET}, message),
        ]

    def forgeries(self, message: PushMessage) -> Iterator[tuple[str, PushMessage]]:
        """Both carry a secret, and no signature over the body."""
        wrong = {**message.headers, **({"x-crossdock-secret": "x"} if "x-crossdock-secret" in message.headers else {})}
        yield "another secret", replace(message, headers=wrong, body=message.body.replace(_SECRET.encode(), b"x"))
        bare = {"content-type": "application/json"}
        yield "no secret", replace(message, headers=bare, body=message.body.replace(_SECRET.encode(), b""))

    def secrets(self) -> Sequence[str]:
        """The buyer of every order."""
        return ("Erika Mustermann", "erika@example.org", "1 Some Street")

    def poisoned(self, verb: str, key: str, body: bytes) -> bytes:
        """A quantity that is no number, in the rows of the document's lines."""
        row = rb"(&lt;Document_ID&gt;" + key.encode() + rb"&lt;/Document_ID&gt;.*?&lt;Quantity&gt;)[^&]*"
        return re.sub(row, rb"\g<1>one", body, count=1, flags=re.DOTALL)

    async def _documents(self, count: int, desk: Desk) -> list[str]:
        made = [await desk.ask.push_order(self._order(), desk.route) for _ in range(count)]
        return [receipt.id for receipt in made if receipt]

    def _order(self) -> Order:
        price = Money(Decimal("24000" if self._currency in ("KRW", "VND") else "80.00"), self._currency)
        fee = Money(Decimal("3000" if self._currency in ("KRW", "VND") else "3.80"), self._currency)
        return Order(
            id=f"261122KIT{next(self._numbers):05}",
            status=OrderStatus.OPEN,
            vendor_status="READY_TO_SHIP",
            currency=self._currency,
            lines=(OrderLine(id="11", sku=_ITEM, quantity=Decimal(1), list_price=price, amount=price),),
            charges=(Charge(kind="shipping", amount=fee),),
            total=price + fee,
            payment=Payment(method="Credit Card"),
            buyer=Buyer(id="7", name="buyer", email="erika@example.org"),
            ship_to=Address(name="Erika Mustermann", line="1 Some Street", city="Singapore", country="SG"),
            placed_at=self.clock.now(),
        )


def _parcel() -> Shipment:
    status = ShipmentStatus.ARRANGED
    return Shipment(id="PKG1", status=status, vendor_status="X", carrier="Ninja Van", tracking_number="SPXSG0001")


kit = Kit({"backend": sandboxed(LsStage, create, zero_decimal={"currency": "KRW"})})
