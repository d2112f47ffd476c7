"""An extension that keeps every rule, and some with one defect each."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from decimal import Decimal

from crossdock.contract import Plugin, Receipt, Settings, hookimpl
from crossdock.errors import Refused, TryLater
from crossdock.model import Money, Order, OrderStatus, Product, StockLevel
from crossdock.testing import Act, Example, Kit, Rehearsal


class TidySettings(Settings):
    """What is tidied."""

    note: str = "CHECKED"
    """Written on every order."""


class Tidy:
    """Notes that it has seen an order, keeps one piece, trims names, and holds back what is cancelled."""

    def __init__(self, settings: TidySettings) -> None:
        self.settings = settings

    @hookimpl
    async def rewrite_order(self, order: Order) -> Order:
        if order.status is OrderStatus.CANCELLED:
            raise Refused(f"order {order.id} is cancelled already")
        return order.model_copy(update={"note": self.settings.note})

    @hookimpl
    async def rewrite_stock(self, level: StockLevel) -> StockLevel:
        return level.model_copy(update={"available": max(level.available - 1, Decimal(0))})

    @hookimpl
    async def rewrite_product(self, product: Product) -> Product:
        return product.model_copy(update={"name": product.name.strip()})

    @hookimpl(wrapper=True)
    def push_order(self, order: Order) -> Generator[None, Receipt | None, Receipt | None]:
        return (yield)


class DoesNothing(Tidy):
    @hookimpl
    async def rewrite_order(self, order: Order) -> Order:
        return order


class LetsPassWhatIsCancelled(Tidy):
    @hookimpl
    async def rewrite_order(self, order: Order) -> Order:
        return order.model_copy(update={"note": self.settings.note})


class GivesANumberOfItsOwn(Tidy):
    @hookimpl
    async def rewrite_stock(self, level: StockLevel) -> StockLevel:
        return level.model_copy(update={"sku": level.sku.lower()})


class Counts(Tidy):
    seen = 0

    @hookimpl
    async def rewrite_product(self, product: Product) -> Product:
        self.seen += 1
        return product.model_copy(update={"name": f"{product.name} {self.seen}"})


class SharesItsNote(Tidy):
    last = ""

    @hookimpl
    async def rewrite_product(self, product: Product) -> Product:
        self.last = product.id
        await asyncio.sleep(0)
        return product.model_copy(update={"description": self.last})


class NeedsATotal(Tidy):
    @hookimpl
    async def rewrite_order(self, order: Order) -> Order:
        assert order.total is not None
        return await super().rewrite_order(order)


class WaitsForBetterDays(Tidy):
    @hookimpl
    async def rewrite_order(self, order: Order) -> Order:
        if order.status is OrderStatus.UNKNOWN:
            raise TryLater("nobody knows that status")
        return await super().rewrite_order(order)


class TellsOfTheBuyer(Tidy):
    @hookimpl
    async def rewrite_order(self, order: Order) -> Order:
        raise Refused(f"{order.buyer.name} must be called first")


class SaysNothing(Tidy):
    @hookimpl
    async def rewrite_order(self, order: Order) -> Order:
        raise Refused("")


class SwallowsTheEnd(Tidy):
    @hookimpl(wrapper=True)
    def push_order(self, order: Order) -> Generator[None, Receipt | None, Receipt | None]:
        try:
            return (yield)
        except asyncio.CancelledError:
            return None


class SwallowsErrors(Tidy):
    @hookimpl(wrapper=True)
    def push_order(self, order: Order) -> Generator[None, Receipt | None, Receipt | None]:
        try:
            return (yield)
        except TryLater:
            return Receipt("D1")


def extension_of(kind: type[Tidy]) -> Plugin:
    return Plugin(name="tidy", title="Tidy", contract=">=1,<2", settings=TidySettings, extension=kind)


_ORDER = Order(
    id="7", status=OrderStatus.OPEN, vendor_status="PAID", currency="EUR", total=Money(Decimal(5), "EUR")
)  # fmt: skip
_CANCELLED = _ORDER.model_copy(update={"status": OrderStatus.CANCELLED})
_LEVEL = StockLevel(sku="MUG", available=Decimal(3))
_PRODUCT = Product(id="1", sku="MUG", name=" Mug ")
rehearsed = Kit(
    rehearsal=Rehearsal(
        {},
        [
            Example(_ORDER, _ORDER.model_copy(update={"note": "CHECKED"})),
            Example(_CANCELLED, None),
            Example(_LEVEL, _LEVEL.model_copy(update={"available": Decimal(2)})),
            Example(_PRODUCT, _PRODUCT.model_copy(update={"name": "Mug"})),
        ],
        {"push_order": Act((_ORDER,), "7")},
    )
)

DEFECTS: list[tuple[type[Tidy], str, str, str]] = [
    (DoesNothing, "rewrites-as-said", "rewrite_order", "Order 7 came out with another note than its example says"),
    (
        LetsPassWhatIsCancelled, "rewrites-as-said", "rewrite_order",
        "Order 7 is to be held back, and ended with the answer Order 7",
    ),
    (GivesANumberOfItsOwn, "keeps-identity", "rewrite_stock", "came out with another sku"),
    (Counts, "rewrites-alike", "rewrite_product", "Product 1, rewritten twice, came out differently"),
    (
        SharesItsNote, "rewrites-alike", "rewrite_product",
        "Product 1, rewritten beside others, came out differently than alone",
    ),
    (
        NeedsATotal, "takes-what-comes", "rewrite_order",
        "AssertionError was raised, which is no error of the contract",
    ),
    (WaitsForBetterDays, "takes-what-comes", "rewrite_order", "Order UNKNOWN ended with TryLater, not Refused"),
    (TellsOfTheBuyer, "vetoes-with-a-reason", "rewrite_order", "the reason for Order PLAIN tells of its buyer"),
    (SaysNothing, "vetoes-with-a-reason", "rewrite_order", "Order 7 is held back without a reason"),
    (SwallowsTheEnd, "wrappers-let-go", "", "around push_order, the end of the service did not pass: None came out"),
    (SwallowsErrors, "wrappers-let-go", "", "around push_order, TryLater('they are busy') did not pass: Receipt("),
]  # fmt: skip
