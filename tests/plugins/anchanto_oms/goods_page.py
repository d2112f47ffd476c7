"""What products, prices and stock become on their way to the OMS and back, as the page `goods.txt`.

After a change that is meant, `python -m tests.plugins.anchanto_oms.goods_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from crossdock.contract import ListingOutcome
from crossdock.model import Image, Money, Part, PriceChange, Product, StockLevel, Variant
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.goods_records import Component, Offer, OfferPart, OmsPrice, OmsProduct, Shelf
from crossdock_anchanto_oms.translate.products import (
    as_product,
    feed_row,
    new_product,
    price_row,
    report_of,
    sku_of,
    without_duplicates,
)
from crossdock_anchanto_oms.translate.stock import levels_of, orderable, reckoned, row_of
from tests import pages
from tests.plugins.anchanto_oms.client_kit import won

PAGE = Path(__file__).with_name("goods.txt")
AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
LONG = "x" * 600
SIZES = (
    Component("MUG-S", 1, {"Size": "S", "Colour": "Blue"}),
    Component("MUG-M", 1, {"Size": "M"}),
    Component("MUG-X", 1, None),
)
KNOWN = OmsProduct(
    "MUG", "single", "A mug", 1, AT, "Holds tea.", "Nordic", ("https://a.test/1", "https://a.test/2"), "885", 300
)


def _price(sku: str, retail: str | None = "1000", selling: str | None = None, currency: str = "KRW") -> OmsPrice:
    return OmsPrice(sku, currency, AT, 1, Decimal(retail) if retail else None, Decimal(selling) if selling else None)


def _read(*prices: OmsPrice, word: str = "", **changes: Any) -> Callable[[], object]:
    return lambda: as_product(replace(KNOWN, **changes), {one.sku: one for one in prices}, "KRW", word)


def _product(*variants: Variant, **changes: Any) -> Product:
    known = {"id": "900", "sku": "MUG", "name": "A mug", "description": "Holds tea.", "brand": "Nordic"}
    images = tuple(Image(id=str(n), url=f"https://a.test/{n}" if n else "") for n in range(12))
    return Product.model_validate(known | {"images": images, "weight_grams": 300, "variants": variants} | changes)


def _variant(sku: str, *options: str, **more: Any) -> Variant:
    return Variant(id=f"v-{sku}", sku=sku, options=options, **more)


ONE = _product(_variant("MUG-1", barcode="885", price=won("1000"), stock=Decimal("7.9")))
TWO = _product(
    _variant("MUG-S", "S", price=won("1000"), stock=Decimal(7)), _variant("MUG-M", "M"), options=("Size", "Colour")
)
KIT = _product(parts=(Part(sku="CUP", quantity=Decimal(2)), Part(sku="p" * 70, quantity=Decimal(1))))
BARE = Product(id="900", sku="", name="n" * 300)
PRODUCTS = {
    "one variant": ONE,
    "two variants": TWO,
    "two variants without options": _product(_variant("A"), _variant("B")),
    "one variant with options": _product(_variant("A", "S"), options=("Size",)),
    "a kit": KIT,
    "a kit of half a piece": _product(parts=(Part(sku="CUP", quantity=Decimal("1.5")),)),
    "a kit of nothing": _product(parts=(Part(sku="CUP", quantity=Decimal("0.5")),)),
    "a kit without a SKU": _product(parts=(Part(sku="CUP", quantity=Decimal(1)),), sku=""),
    "no variant": _product(),
    "a variant without a SKU": _product(_variant("")),
    "no SKU anywhere": _product(_variant(""), sku=""),
    "a variant without a SKU beside another": _product(_variant("A"), _variant("")),
    "nothing is told": BARE,
    "a long SKU": _product(_variant("s" * 70), sku="own"),
}


def _each(make: Callable[[Product], object]) -> Callable[[], object]:
    return lambda: {name: pages.shown(partial(make, one)).replace("\n", "; ") for name, one in PRODUCTS.items()}


def _offer(*parts: tuple[str, int]) -> Offer:
    return Offer("MUG", sum(count for _, count in parts) + 1, AT, 5, tuple(OfferPart(*part) for part in parts))


def _levels(offer: Offer, warehouses: tuple[str, ...] = (), **options: Any) -> Callable[[], object]:
    return lambda: list(levels_of(offer, warehouses, AnchantoRoute.model_validate(options)))


def _shelf(isku: str, code: str, available: int, version: int = 1, hour: int = 10) -> tuple[tuple[str, str], Shelf]:
    return (isku, code), Shelf(isku, code, available, AT.replace(hour=hour), version)


SHELVES = dict(
    [
        _shelf("CUP", "W2", 9, 3, 11),
        _shelf("CUP", "W1", 5, 4),
        _shelf("POT", "W1", 3, 5),
        _shelf("POT", "W3", 3),
        _shelf("TEA", "W4", 1, 99, 23),
    ]
)
THREE = _offer(("W1", 5), ("W2", -2), ("W3", 4))
DUPLICATES = [replaced for number in ("10", "9", "2x") for replaced in (_product(id=number, sku="MUG"),)]


def _row(location: str, available: str = "3.9", **options: Any) -> Callable[[], object]:
    level = StockLevel(sku="MUG", available=Decimal(available), location=location, version=1)
    return lambda: row_of(level, "W1", AnchantoRoute.model_validate(options))


def _duplicates() -> object:
    kept, lost = without_duplicates([*DUPLICATES, _product(id="1", sku="OTHER")])
    return {"kept": [one.id for one in kept], "lost": [f"{one.id} beside {first.id}" for one, first in lost]}


EXAMPLES: dict[str, Callable[[], object]] = {
    "a single": _read(_price("MUG", selling="900"), word="LISTED"),
    "a single of which nothing is told": lambda: as_product(OmsProduct("MUG", "single", "", 1, AT), {}, "KRW"),
    "a group": _read(_price("MUG-S"), _price("MUG-M", None), type="group", components=SIZES),
    "a kit, and a price in another currency": _read(
        _price("MUG", currency="SGD"), type="kit", components=(Component("CUP", 2), Component("POT"))
    ),
    "new products": _each(new_product),
    "rows of a feed": _each(lambda one: feed_row(one, "KRW")),
    "SKUs": _each(sku_of),
    "what is ordered": lambda: {
        kind: {sku: list(parts) for sku, parts in orderable(replace(KNOWN, type=kind, components=SIZES)).items()}
        for kind in ("single", "group", "kit", "new")
    },
    "duplicates": _duplicates,
    "a price": lambda: price_row(PriceChange(sku="MUG", price=won("1"), product_id="1", variant_id="2"), "KRW"),
    "a price of nothing": lambda: price_row(
        PriceChange(sku="MUG", price=won("0"), product_id="1", variant_id="2"), "KRW"
    ),
    "a price in another currency": lambda: price_row(
        PriceChange(sku="MUG", price=Money(Decimal(1), "SGD"), product_id="1", variant_id="2"), "KRW"
    ),
    "a listing": lambda: report_of(ListingOutcome(ONE, listed_id="77"), "q", listed="LISTED", failed="FAILED"),
    "a listing that failed": lambda: report_of(
        ListingOutcome(ONE, listed_id="77", problem=LONG), "q", listed="LISTED", failed="FAILED"
    ),
    "the sum of all": _levels(THREE),
    "the sum of some": _levels(THREE, ("W1", "W2")),
    "the sum of those with a location": _levels(THREE, locations={"W1": "SGZ", "W2": "SGY"}),
    "the sum of less than nothing": _levels(_offer(("W2", -2)), ("W2",)),
    "by warehouse": _levels(THREE, stock_by="warehouse"),
    "by warehouse, with locations": _levels(THREE, ("W1", "W3"), stock_by="warehouse", locations={"W1": "SGZ"}),
    "reckoned": lambda: reckoned("SET", [Component("CUP", 2), Component("POT")], SHELVES),
    "reckoned of a part alone": lambda: reckoned("CUP", [Component("CUP")], SHELVES),
    "reckoned without a part": lambda: reckoned("SET", [Component("CUP"), Component("MILK")], SHELVES),
    "a level": _row("W9"),
    "a level of no place": _row("", "0"),
    "a level of a location": _row("SGZ", locations={"W7": "SGZ"}),
}


def page() -> str:
    """All examples."""
    return pages.page(EXAMPLES)


if __name__ == "__main__":
    PAGE.write_text(page())
