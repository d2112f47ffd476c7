"""How this plugin is put through crossdock's conformance rules: a sandbox account, at either end of a route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count, pairwise
from typing import Any, ClassVar, cast

from crossdock.contract import (
    ArrangeShipment,
    CancelOrder,
    CancelReason,
    ListingOutcome,
    PushMessage,
    PushTracking,
    Trouble,
    TroubleKind,
)
from crossdock.model import (
    Address,
    Buyer,
    Charge,
    Label,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    PriceChange,
    Product,
    Return,
    ReturnLine,
    ReturnStatus,
    Shipment,
    ShipmentStatus,
    StockLevel,
    Variant,
)
from crossdock.sandbox import RunningSandbox
from crossdock.testing import Act, Desk, Kit, NotStaged, SandboxStage, mailbox, sandboxed, with_field
from crossdock_anchanto_oms.sandbox import AnchantoSandbox, create, returns

__all__ = ["kit"]

_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
_STORE = "KR-STORE-1"
_MOVES = {"update_order": "READY_TO_SHIP", "arrange_shipment": "READY_TO_SHIP", "cancel_order": "CANCEL"}
_WITHHELD = {"name": "****", "phone": "****", "line1": "****", "country": "KR"}


class AnchantoStage(SandboxStage):
    """One store of the sandbox."""

    effect_kinds: ClassVar[Mapping[str, str]] = {"push_order": "create_order", "push_return": "open_return"}

    def __init__(self, server: RunningSandbox) -> None:
        super().__init__(server)
        self._seller = cast("AnchantoSandbox", server.sandbox).seller
        self._shop = self._seller.shops[_STORE]
        self._currency = self._shop.store.currency
        self._numbers = count(1)

    def settings(self, url: str) -> Mapping[str, object]:
        """One store, with small pages."""
        names = ("client_id", "client_secret", "store_code", "event_secret")
        known = {name: self.credentials[name] for name in names}
        return {**known, "base_url": url, "country": "KR", "currency": self._currency, "page_size": 10}

    def wrong_settings(self, url: str) -> Mapping[str, object]:
        """A secret that has expired."""
        return {**self.settings(url), "client_secret": "a-secret-that-has-expired"}

    def route_options(self) -> Mapping[str, object]:
        """The whole catalogue, so that nobody needs to list a product first."""
        return {"products": "catalogue"}

    def page_size(self, verb: str) -> int:
        """As `settings` says."""
        return 10

    async def add(self, verb: str, count: int, desk: Desk) -> Sequence[str]:
        """People enter orders and products; returns come from the marketplace."""
        match verb:
            case "pull_orders":
                return [await self._entered(self._reference()) for _ in range(count)]
            case "pull_returns":
                return [await self._opened() for _ in range(count)]
            case _:
                return [await self._made() for _ in range(count)]

    async def change(self, verb: str, key: str, desk: Desk) -> None:
        """An order is held, a return gets a tracking number, a level is counted, a product renamed."""
        match verb:
            case "pull_orders":
                await self.act("PUT", f"/orders/{key}/hold", {"hold": "address check"})
            case "pull_returns":
                sent_back = next(one for one in self._shop.return_by_reference.values() if one.return_id == key)
                returns.change(self._seller, sent_back, returns.ChangeReturn(tracking_number="RT-TRK"))
            case "pull_stock":
                await self._count(key, 7)
            case _:
                await self._put(key, "Another name")

    async def prepare(self, verb: str, desk: Desk) -> Act:
        """A new order or a new product for each call."""
        match verb:
            case "push_stock":
                sku = await self._made()
                return Act(([StockLevel(sku=sku, available=Decimal(7))],), sku)
            case "push_prices":
                sku = await self._made()
                return Act(([PriceChange(sku=sku, price=self._money("15000"))],), sku)
            case "push_product":
                sku = self._reference()
                return Act((Product(id=sku, sku=sku, name="A lamp", variants=(Variant(sku=sku),)), None), sku)
            case "push_order":
                order = self._order()
                return Act((order,), order.id)
            case "push_listings":
                sku = self._reference()
                listing = Product(id=sku, sku=sku, name="A lamp", variants=(Variant(sku=sku),))
                return Act(([listing],), sku)
            case "push_listing_outcome":
                sku = await self._made()
                await self.act("POST", f"/stores/{_STORE}/listings", {"cskus": [sku]})
                product = Product(id=sku, sku=sku, name="A lamp", variants=(Variant(sku=sku),))
                return Act((ListingOutcome(product, "7001"),), sku)
            case "push_return":
                document = await self._document(desk, state="COMPLETE", historical=True)
                returned = self._return(document)
                return Act((returned, document), returned.id)
            case _:
                return await self._about_a_document(verb, desk)

    async def effects(self, verb: str, key: str) -> int:
        """Moves to the state that the verb leads to; changes of levels, prices and parcels; else the oracle's count."""
        oracle = self.world.oracle
        if verb in _MOVES:
            moves = [write for write in oracle.writes("move_order") if write.key == key]
            return sum(write.facts["after"] == _MOVES[verb] for write in moves)
        if verb == "push_product":
            return int(key in {product.csku for product in self._seller.products.values()})
        if verb == "push_listings":
            return int(self._shop.listings.get(key) is not None)
        kind, fact = {
            "push_stock": ("set_stock", "sellable"),
            "push_prices": ("set_price", "retail_price"),
            "push_tracking": ("attach_shipment", "tracking_number"),
            "push_label": ("attach_shipment", "with_label"),
            "push_trouble": ("report_problem", "code"),
            "push_listing_outcome": ("answer_listing", "result"),
        }.get(verb, ("", ""))
        if not kind:
            return await super().effects(verb, key)
        first = "False" if verb == "push_label" else ""
        values = [str(write.facts[fact]) for write in oracle.writes(kind) if write.key == key]
        return sum(before != after for before, after in pairwise([first, *values]))

    def bad_row(self, verb: str, row: Any) -> Any:
        """A listing without a SKU."""
        if verb == "push_listings":
            return row.model_copy(update={"id": self._reference(), "sku": "", "variants": (Variant(sku=""),)})
        return super().bad_row(verb, row)

    async def level(self, sku: str) -> Decimal:
        """What can be sold of it, in all warehouses."""
        return Decimal(sum(level.sellable for level in self._seller.stock.values() if level.isku == sku))

    async def total(self, key: str) -> Money:
        """What the order was entered with."""
        return Money(Decimal((await self.act("GET", f"/orders/{key}"))["total"]), self._currency)

    async def expire_sign_in(self) -> None:
        """All access tokens end now."""
        await self.act("POST", "/tokens/revoke")

    async def push_messages(self, desk: Desk) -> Sequence[PushMessage]:
        """Two orders that become ready to ship."""
        numbers = await self.add("pull_orders", 2, desk)
        async with mailbox() as (address, came):
            await self.act("PUT", "/events/target", {"url": address})
            for number in numbers:
                await self._ready(number)
            await self.act("POST", "/events/deliver")
            await self.act("PUT", "/events/target", {"url": None})
            return list(came)

    def redelivered(self, message: PushMessage) -> PushMessage:
        """Each attempt has a delivery number of its own, over which the signature does not go."""
        headers = {**message.headers, "x-oms-delivery-id": f"again-{next(self._numbers)}"}
        return replace(message, headers=headers)

    def secrets(self) -> Sequence[str]:
        """The buyer of every order."""
        return ("Hong Gildong", "010-1234-5678", "1 Example Street")

    def poisoned(self, verb: str, key: str, body: bytes) -> bytes:
        """An amount with a comma."""
        return with_field(body, key, "refund_amount" if verb == "pull_returns" else "total", "12,50")

    def renamed_status(self, verb: str, key: str, body: bytes) -> bytes:
        """A state of tomorrow."""
        return with_field(body, key, "state", "BRAND_NEW_STATUS")

    def masked(self, verb: str, key: str, body: bytes) -> bytes:
        """As the marketplace withholds the recipient."""
        return with_field(body, key, "ship_to", _WITHHELD)

    async def _about_a_document(self, verb: str, desk: Desk) -> Act:
        carrier = "oms_carrier" if verb == "fetch_label" else "marketplace_carrier"
        document = await self._document(desk, logistics_mode=carrier)
        match verb:
            case "update_order":
                parcels = (_parcel(),)
                changes = {"id": document.reference, "status": OrderStatus.ARRANGED, "shipments": parcels}
                shown = self._order().model_copy(update={**changes, "vendor_status": "PROCESSED"})
                return Act((shown, document), document.id)
            case "cancel_order":
                return Act((CancelOrder(document, CancelReason.BUYER_ASKED),), document.id)
            case "push_trouble":
                return Act((Trouble(document, TroubleKind.LABEL, "the label is being printed"),), document.id)
            case "arrange_shipment":
                await self.act("POST", f"/orders/{document.id}/pick", {})
                return Act((ArrangeShipment(document, ""),), document.id)
            case "push_tracking" | "push_label" | "fetch_label":
                return await self._about_a_parcel(verb, document.id, desk)
            case _:
                raise NotStaged(f"prepare({verb!r}): what the verb is called with")

    async def _about_a_parcel(self, verb: str, number: str, desk: Desk) -> Act:
        await self._ready(number)
        await self.clock.sleep(60)
        document = await self._read(number, desk)
        if verb == "fetch_label":
            return Act((document, document.shipments[0]), number)
        tracking = PushTracking(document, number, _parcel())
        if verb == "push_tracking":
            return Act((tracking,), number)
        await desk.ask.push_tracking(tracking, desk.route)
        label = Label(shipment_id="PKG1", media_type="application/pdf", content=_PDF)
        return Act((await self._read(number, desk), label), number)

    async def _document(self, desk: Desk, **fields: object) -> Order:
        return await self._read(await self._entered(self._reference(), **fields), desk)

    async def _read(self, number: str, desk: Desk) -> Order:
        (found,) = await desk.ask.read_orders([number], desk.route)
        return cast("Order", found)

    async def _ready(self, number: str) -> None:
        await self.act("POST", f"/orders/{number}/pick", {})
        await self.act("POST", f"/orders/{number}/ready-to-ship")

    async def _entered(self, reference: str, **fields: object) -> str:
        line = {"line_reference": "1", "sku": "MUG", "name": "Mug", "quantity": 1, "unit_price": "12000"}
        body: dict[str, Any] = {
            "channel_reference": reference,
            "ordered_at": f"{self.clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "currency": self._currency,
            "logistics_mode": "marketplace_carrier",
            "buyer": {"name": "Hong Gildong", "phone": "010-1234-5678"},
            "ship_to": {"name": "Hong Gildong", "line1": "1 Example Street", "country": "KR"},
            "lines": [line],
            "total": "12000",
            **fields,
        }
        return str((await self.act("POST", f"/stores/{_STORE}/orders", body))["order_id"])

    async def _opened(self) -> str:
        """As the marketplace reports it, by thousands: so without a call."""
        number = await self._entered(self._reference(), state="COMPLETE", historical=True)
        line = returns.ReturnLineBody(line_reference="1", quantity=1)
        wanted = returns.OpenReturn(return_reference=self._reference(), goods_expected=True, lines=[line])
        return returns.open_return(self._seller, self._seller.order(_STORE, number), wanted).return_id

    async def _made(self) -> str:
        sku = self._reference()
        await self._put(sku, "A lamp")
        await self._count(sku, 100)
        return sku

    async def _put(self, sku: str, name: str) -> None:
        await self.act("POST", "/products", {"products": [{"csku": sku, "type": "single", "name": name}]})

    async def _count(self, sku: str, pieces: int) -> None:
        level = {"isku": sku, "warehouse_code": "WH-1", "sellable": pieces}
        await self.act("PUT", "/stock", {"levels": [level]})

    def _reference(self) -> str:
        return f"KIT-{next(self._numbers):06}"

    def _return(self, document: Order) -> Return:
        number = self._reference()
        lines = (ReturnLine(line_id="1", sku="MUG", quantity=Decimal(1)),)
        status = ReturnStatus.REQUESTED
        return Return(id=number, order_id=document.reference, status=status, vendor_status="REQUESTED", lines=lines)

    def _order(self) -> Order:
        now, price, fee = self.clock.now(), self._money("12000"), self._money("3000")
        return Order(
            id=self._reference(),
            status=OrderStatus.OPEN,
            vendor_status="READY_TO_SHIP",
            currency=self._currency,
            lines=(OrderLine(id="1", sku="MUG", name="Mug", quantity=Decimal(1), list_price=price, amount=price),),
            charges=(Charge(kind="shipping", amount=fee),),
            total=price + fee,
            buyer=Buyer(name="Hong Gildong"),
            ship_to=Address(name="Hong Gildong", line="1 Example Street", country="KR"),
            shipping_method="SLS",
            placed_at=now,
            paid_at=now,
        )

    def _money(self, amount: str) -> Money:
        return Money(Decimal(amount), self._currency)


def _parcel() -> Shipment:
    status = ShipmentStatus.ARRANGED
    return Shipment(id="PKG1", status=status, vendor_status="X", carrier="SLS", tracking_number="TRK1")


_start = sandboxed(AnchantoStage, create, zero_decimal={"currency": "KRW"})

kit = Kit({"backend": _start, "channel": _start})
