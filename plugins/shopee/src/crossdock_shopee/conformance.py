"""How this plugin is put through crossdock's conformance rules: a sandbox shop, its buyers and its seller."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count, pairwise
from typing import ClassVar, cast

from crossdock.contract import ArrangeShipment, CancelOrder, CancelReason, PushMessage
from crossdock.errors import TryLater
from crossdock.model import Image, Money, Order, PriceChange, Product, StockLevel, Variant
from crossdock.sandbox import RunningSandbox
from crossdock.testing import Act, Desk, Kit, NotStaged, SandboxStage, consent, mailbox, sandboxed, with_field
from crossdock_shopee.sandbox import ShopeeSandbox, create
from crossdock_shopee.sandbox.orders.amounts import buyer_total
from crossdock_shopee.sandbox.products.record import Item, ItemStatus, Model
from crossdock_shopee.sandbox.settings import MERCHANT_SHOP_IDS, SHOP_ID

__all__ = ["kit"]

_ORDER_STATUS = 3
_FIRST_ITEM = 7_000_000_001
_PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"
    "Jggg=="
)


class ShopeeStage(SandboxStage):
    """One shop of the sandbox."""

    effect_kinds: ClassVar[Mapping[str, str]] = {
        "cancel_order": "cancel_order",
        "answer_cancellation": "handle_buyer_cancellation",
        "arrange_shipment": "ship_order",
        "delete_product": "delete_item",
    }

    def __init__(self, server: RunningSandbox) -> None:
        super().__init__(server)
        self._state = cast("ShopeeSandbox", server.sandbox).state
        self._shop = self._state.shops[SHOP_ID]
        self._numbers = count(_FIRST_ITEM)

    def settings(self, url: str) -> Mapping[str, object]:
        """The first tokens are those that the sandbox starts with; later ones are in the vault."""
        names = ("region", "shop_id", "partner_id", "partner_key", "access_token", "refresh_token")
        return {**{name: self.credentials[name] for name in names}, "base_url": url, "page_size": 10}

    def wrong_settings(self, url: str) -> Mapping[str, object]:
        """Another key: every signature is wrong."""
        return {**self.settings(url), "partner_key": "not-the-key-of-this-partner"}

    def route_options(self) -> Mapping[str, object]:
        """Where new listings go."""
        return {"categories": {"MUGS": 100300}}

    def page_size(self, verb: str) -> int:
        """Only that of the order list can be chosen."""
        return 10 if verb == "pull_orders" else 100

    async def add(self, verb: str, count: int, desk: Desk) -> Sequence[str]:
        """Buyers order, or ask to return what they ordered; the seller lists mugs."""
        match verb:
            case "pull_orders":
                return cast("list[str]", (await self.act("POST", "/orders/bulk", {"count": count}))["order_sns"])
            case "pull_returns":
                return await self._returned(await self.add("pull_orders", count, desk))
            case "pull_products":
                return [str(self._list().item_id) for _ in range(count)]
            case _:
                return [self._list().sku for _ in range(count)]

    async def change(self, verb: str, key: str, desk: Desk) -> None:
        """The buyer asks to cancel, a return is looked into, the seller sets stock."""
        match verb:
            case "pull_orders":
                await self.act("POST", f"/orders/{key}/buyer-cancel-request")
            case "pull_returns":
                await self.act("POST", f"/returns/{key}/move", {"status": "PROCESSING"})
            case _:
                item = self._item(key)
                await self.act("PUT", f"/items/{item.item_id}/stock", {"stock": 7})

    async def prepare(self, verb: str, desk: Desk) -> Act:
        """A new order or a new listing for each call."""
        match verb:
            case "push_stock":
                item = self._list()
                return Act(([StockLevel(sku=item.sku, available=Decimal(7))],), item.sku)
            case "push_prices":
                item = self._list()
                return Act(([PriceChange(sku=item.sku, price=self._money("9"))],), item.sku)
            case "push_product":
                product = self._product()
                return Act((product, None), product.sku)
            case "delist_product" | "delete_product":
                item = self._list()
                await self.clock.sleep(60)
                (listed,) = await desk.ask.find_product(item.sku, desk.route)
                return Act((listed,), listed.id)
            case "relist_product":
                item = self._list()
                item.status = ItemStatus.UNLIST
                await self.clock.sleep(60)
                (listed,) = await desk.ask.find_product(item.sku, desk.route)
                return Act((listed,), listed.id)
            case _:
                return await self._about_an_order(verb, desk)

    async def effects(self, verb: str, key: str) -> int:
        """Listings that carry the SKU; changes of a level or price; else what the oracle counts."""
        if verb == "push_product":
            return sum(item.sku == key for item in self._shop.catalogue)
        if verb == "delist_product":
            return int(self._item(key).status is ItemStatus.UNLIST)
        if verb == "relist_product":
            return int(self._item(key).status is ItemStatus.NORMAL)
        if verb in ("push_stock", "push_prices"):
            kind, fact = ("update_stock", "stock") if verb == "push_stock" else ("update_price", "price")
            place = f"{self._item(key).item_id}:0"
            values = [str(write.facts[fact]) for write in self.world.oracle.writes(kind) if write.key == place]
            return sum(before != after for before, after in pairwise(["", *values]))
        return await super().effects(verb, key)

    async def level(self, sku: str) -> Decimal:
        """What the catalogue has."""
        return Decimal(self._item(sku).models[0].total)

    async def total(self, key: str) -> Money:
        """What the buyer paid."""
        order = self._state.find_order(key)
        if order is None:
            raise LookupError(f"the sandbox has no order {key}")
        return Money(Decimal(buyer_total(order)), order.currency)

    async def expire_sign_in(self) -> None:
        """All access tokens of the shop end now."""
        await self.act("POST", f"/tokens/shop/{SHOP_ID}/expire")

    async def revoke_sign_in(self) -> None:
        """The seller withdraws the grant."""
        await self.act("DELETE", f"/authorizations/shop/{SHOP_ID}")

    async def agree(self, link: str) -> Mapping[str, str]:
        """This seller has logged in, and always consents."""
        return await consent(link)

    async def lose_push_messages(self, count: int, desk: Desk) -> Sequence[str]:
        """Orders of which the callback address never hears."""
        await self.act("PUT", "/push", {"url": "http://127.0.0.1:9/", "lose": 1, "codes": [_ORDER_STATUS]})
        numbers = await self.add("pull_orders", count, desk)
        await self.act("PUT", "/push", {"url": ""})
        return numbers

    async def foreign_push(self, desk: Desk) -> bytes:
        """About another shop of the app."""
        (message, *_) = await self.push_messages(desk)
        return json.dumps({**json.loads(message.body), "shop_id": MERCHANT_SHOP_IDS[0]}).encode()

    async def push_messages(self, desk: Desk) -> Sequence[PushMessage]:
        """Two orders, as the callback address hears of them."""
        async with mailbox() as (address, came):
            await self.act("PUT", "/push", {"url": address})
            await self.add("pull_orders", 2, desk)
            await self.act("POST", "/push/deliver")
            await self.act("PUT", "/push", {"url": ""})
            return list(came)

    def secrets(self) -> Sequence[str]:
        """The buyer of every test order."""
        return ("Tan Mei Ling", "6581234567", "10 Collyer Quay, #05-01")

    def poisoned(self, verb: str, key: str, body: bytes) -> bytes:
        """An amount with a comma."""
        field = "refund_amount" if verb == "pull_returns" else "total_amount"
        return with_field(body, key, field, "12,50")

    def renamed_status(self, verb: str, key: str, body: bytes) -> bytes:
        """A status of tomorrow."""
        field = "status" if verb == "pull_returns" else "order_status"
        return with_field(body, key, field, "BRAND_NEW_STATUS")

    def masked(self, verb: str, key: str, body: bytes) -> bytes:
        """As Shopee shows the recipient of most orders."""
        withheld = {"name": "****", "phone": "****", "full_address": "****", "zipcode": "****"}
        return with_field(body, key, "recipient_address", withheld)

    async def _about_an_order(self, verb: str, desk: Desk) -> Act:
        (number,) = await self.add("pull_orders", 1, desk)
        if verb == "answer_cancellation":
            await self.act("POST", f"/orders/{number}/buyer-cancel-request")
        order = await self._read(number, desk)
        match verb:
            case "cancel_order":
                return Act((CancelOrder(order, CancelReason.OUT_OF_STOCK),), number)
            case "answer_cancellation":
                return Act((order, False), number)
            case "arrange_shipment":
                return Act((ArrangeShipment(order, order.shipments[0].id),), number)
            case "fetch_label":
                return await self._labelled(order, desk)
            case _:
                raise NotStaged(f"prepare({verb!r}): what the verb is called with")

    async def _labelled(self, order: Order, desk: Desk) -> Act:
        """A parcel that is arranged, and whose label is printed."""
        await self.act("POST", f"/orders/{order.id}/arrange", {})
        await self.clock.sleep(600)
        seen = await self._read(order.id, desk)
        try:
            await desk.ask.fetch_label(seen, seen.shipments[0], desk.route)
        except TryLater:
            await self.clock.sleep(60)
        return Act((seen, seen.shipments[0]), order.id)

    async def _read(self, number: str, desk: Desk) -> Order:
        (found,) = await desk.ask.read_orders([number], desk.route)
        return cast("Order", found)

    async def _returned(self, numbers: Sequence[str]) -> list[str]:
        """Parcels that came, and go back."""
        for step in ("arrange", "pickup", "deliver"):
            for number in numbers:
                await self.act("POST", f"/orders/{number}/{step}")
            await self.clock.sleep(60)
        return [(await self.act("POST", f"/orders/{number}/return"))["return_sn"] for number in numbers]

    def _list(self) -> Item:
        """A mug of its own, as the seller lists it by hand."""
        number, now = next(self._numbers), self.world.clock.timestamp()
        location = self._shop.catalogue.locations[0]
        sample = next(iter(self._shop.catalogue))
        item = Item(
            item_id=number,
            category_id=100300,
            name=f"Mug {number}",
            description="A mug, as every sandbox shop sells it.",
            sku=f"MUG-{number}",
            create_time=now,
            update_time=now,
            image_ids=list(sample.image_ids),
            weight=Decimal(1),
            logistics=list(sample.logistics),
            models=[Model(0, "", Decimal(8), {location: 100})],
        )
        self._shop.catalogue.add(item)
        return item

    def _item(self, key: str) -> Item:
        return next(item for item in self._shop.catalogue if key in (item.sku, str(item.item_id)))

    def _product(self) -> Product:
        sku = f"NEW-{next(self._numbers)}"
        return Product(
            id=sku,
            sku=sku,
            name="A new mug",
            description="Described at such length that it may be listed",
            category="MUGS",
            weight_grams=300,
            variants=(Variant(sku=sku, price=self._money("20"), stock=Decimal(3)),),
            images=(Image(id="front", url=_PICTURE),),
        )

    def _money(self, amount: str) -> Money:
        return Money(Decimal(amount), self._shop.region.currency)


kit = Kit({"channel": sandboxed(ShopeeStage, create, zero_decimal={"region": "VN"})})
