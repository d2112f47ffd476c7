"""A backend with products and a market with listings in memory, with trouble on demand."""

import asyncio
from collections import Counter
from datetime import timedelta
from decimal import Decimal

from crossdock.clock import FakeClock
from crossdock.contract import Outcome, Page, Receipt, Route, Side, hookimpl, scope, verbs_of
from crossdock.errors import Refused, TryLater, Unclear
from crossdock.flows.options import ProductsOptions
from crossdock.flows.products.lane import ProductsLane
from crossdock.ledger import Ledger
from crossdock.model import Money, Product, Variant


class Killed(BaseException):
    """The process died here."""


def product(number: str = "TEE", *skus: str, price: str = "10.00 SGD", **more: object) -> Product:
    """A product with one variant a SKU; without SKUs its own number is one."""
    variants = [
        Variant(id=str(place), sku=sku, price=Money.parse(price), barcode=f"b-{sku}")
        for place, sku in enumerate(skus or [number])
    ]
    values = {"id": number, "sku": number, "name": f"Item {number}", "variants": tuple(variants)}
    return Product.model_validate(values | more)


class Backend:
    """Products by number, and the order in which they changed."""

    def __init__(self) -> None:
        self.now: dict[str, object] = {}
        self.changes: list[str] = []
        self.page = 1_000
        self.asked: list[str | None] = []
        self.trouble: list[BaseException] = []

    def put(self, *items: object) -> None:
        for item in items:
            self.now[item.id] = item
            self.changes.append(item.id)

    def change(self, number: str, **change: object) -> None:
        self.put(self.now[number].model_copy(update=change))

    @hookimpl
    async def pull_products(self, window):
        first = int(window.cursor or 0)
        numbers = list(dict.fromkeys(self.changes[first:]))
        self.asked.append(window.cursor)
        for at in range(0, max(len(numbers), 1), self.page):
            if self.trouble and at:
                raise self.trouble.pop()
            done = len(self.changes) if at + self.page >= len(numbers) else first + at + self.page
            yield Page([self.now[number] for number in numbers[at : at + self.page]], str(done))


class Market:
    """Listings. Trouble is the fate of the next pushes: ok, lost, late, later, refused, broken, silent, killed."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.now: dict[str, Product] = {}
        self.trouble: list[str] = []
        self.done: Counter[tuple[str, str]] = Counter()
        self.prices: list[tuple[str, str]] = []
        self.price_errors: dict[str, Exception] = {}
        self.says_what_is_hidden = True
        self.late: list[tuple[object, object]] = []

    def list(self, number: str, *skus: str, **more: object) -> None:
        self.now[number] = product(number, *skus, **more).model_copy(update={"sku": more.get("sku", "")})

    def carry_out_late(self) -> None:
        due = [one for one in self.late if one[0] <= self.clock.now()]
        self.late = [one for one in self.late if one not in due]
        for _, effect in due:
            effect()

    @hookimpl
    async def pull_products(self, window):
        self.carry_out_late()
        yield Page(list(self.now.values()))

    @hookimpl
    async def find_product(self, sku):
        await asyncio.sleep(0)
        self.carry_out_late()
        found = [one for one in self.now.values() if any(variant.sku == sku for variant in one.variants)]
        return found if self.says_what_is_hidden else [one.model_copy(update={"blocked": False}) for one in found]

    @hookimpl
    async def push_product(self, product, listed):
        await asyncio.sleep(0)
        number = listed.id if listed else f"{len(self.done) + 1}"

        def effect() -> None:
            self.done["update" if listed else "create", product.sku] += 1
            blocked = listed is not None and listed.blocked
            self.now[number] = product.model_copy(update={"id": number, "blocked": blocked})

        fate = self.trouble.pop(0) if self.trouble else "ok"
        if fate == "late":
            self.late.append((self.clock.now() + timedelta(seconds=100), effect))
        elif fate in ("ok", "lost", "killed"):
            effect()
        if fate == "killed":
            raise Killed
        errors = {"lost": Unclear("no answer"), "late": Unclear("no answer"), "later": TryLater("busy")}
        errors |= {"refused": Refused("no such category", code="category"), "broken": RuntimeError("a bug")}
        if fate in errors:
            raise errors[fate]
        return None if fate == "silent" else Receipt(number)

    @hookimpl
    async def delist_product(self, listed):
        self.done["delist", listed.id] += 1
        self.now[listed.id] = listed.model_copy(update={"blocked": True})
        return Receipt(listed.id)

    @hookimpl
    async def relist_product(self, listed):
        self.done["relist", listed.id] += 1
        self.now[listed.id] = self.now[listed.id].model_copy(update={"blocked": False})
        return Receipt(listed.id)

    @hookimpl
    async def delete_product(self, listed):
        self.done["delete", listed.id] += 1
        del self.now[listed.id]
        return Receipt(listed.id)

    @hookimpl
    async def push_stock(self, levels):
        for level in levels:
            self.done["zero", level.sku] += level.available == Decimal(0)
        return [Outcome(level.sku) for level in levels]

    @hookimpl
    async def push_prices(self, prices):
        outcomes = []
        for change in prices:
            error = self.price_errors.get(change.sku)
            self.prices.append((change.sku, str(change.price)))
            outcomes.append(Outcome(change.sku, error))
            if error is None:
                listed = self.now[change.product_id]
                variants = tuple(
                    one.model_copy(update={"price": change.price}) if one.sku == change.sku else one
                    for one in listed.variants
                )
                self.now[change.product_id] = listed.model_copy(update={"variants": variants})
        return outcomes


class Desk:
    """One route between them."""

    def __init__(self, ledger: Ledger, clock: FakeClock, **options: object) -> None:
        self.ledger = ledger
        self.clock = clock
        self.backend = Backend()
        self.market = Market(clock)
        self.options = ProductsOptions.model_validate({"create": True} | options)

    def lane(self, slice_seconds: float | None = None) -> ProductsLane:
        both = scope({"shop": self.market, "central": self.backend})
        channel = Side("shop", scope({"shop": self.market}), verbs_of(self.market))
        backend = Side("central", scope({"central": self.backend}), verbs_of(self.backend))
        return ProductsLane(
            Route("r", channel, backend, both, {"products": self.options}), self.ledger, self.clock, slice_seconds
        )

    async def run(self, *only: str, **more: object):
        return await self.lane().run(only, **more)

    async def later(self, seconds: float = 3_600, **more: object):
        await self.clock.advance(seconds)
        return await self.run(**more)

    async def parked(self) -> dict[str, str]:
        return {item.cause: item.reason for item in await self.ledger.parked("r")}

    async def listing(self, key: str = "TEE"):
        return (await self.ledger.listings("r").load([key]))[0]

    def acts(self) -> dict[str, int]:
        """What was done, by verb."""
        found: Counter[str] = Counter()
        for (verb, _), count in self.market.done.items():
            found[verb] += count
        return dict(found)
