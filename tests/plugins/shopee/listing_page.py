"""What listings are read as, what makes and changes them, and how parcels leave, as the page `listings.txt`.

After a change that is meant, `python -m tests.plugins.shopee.listing_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec

from crossdock.model import Image, Money, Part, Product, StockLevel, Variant
from crossdock_shopee.config import Brand, Region, ShopeeRoute
from crossdock_shopee.translate.drafts import Tiers, changes, details, first_stock, models_of
from crossdock_shopee.translate.kits import kit
from crossdock_shopee.translate.offers import choose
from crossdock_shopee.translate.products import levels, listed
from crossdock_shopee.translate.variations import differ, moves
from crossdock_shopee.translate.writing import (
    currency_of,
    in_shops_currency,
    local_price,
    merchant_price,
    price_number,
    require_price,
    seller_stock,
    shop_price,
)
from crossdock_shopee.wire.items import Item, Models
from crossdock_shopee.wire.shipping import Offer
from tests import pages
from tests.plugins.shopee.listing_bodies import item, model, stock, tiers

PAGE = Path(__file__).with_name("listings.txt")
NOTHING = {"item_id": 1, "item_name": "Cap", "item_status": "NORMAL"}
TWO = {
    "tier_variation": tiers(Colour=["Black", "White"], Size=["S", "M"]),
    "model": [
        model(11, "A", [0, 1], gtin_code="885", stock_info_v2=stock(("SGZ", 4), ("MYZ", 3))),
        model(12, "B", [1, 0], model_status="MODEL_UNAVAILABLE", price_info=None, stock_info_v2=None),
        {"model_id": 13, "tier_index": [0, 0], "model_status": "MODEL_NORMAL"},
    ],
}
RICH = item(
    1,
    "CAP",
    gtin_code="400",
    brand={"brand_id": 7, "original_brand_name": "Acme"},
    attribute_list=[
        {
            "attribute_id": 1,
            "original_attribute_name": "Weight",
            "attribute_value_list": [
                {"original_value_name": "12", "value_unit": "g"},
                {"original_value_name": None, "value_unit": None},
            ],
        },
        {"attribute_id": 2, "attribute_value_list": None},
    ],
    image={"image_id_list": ["a", "b"], "image_url_list": ["https://cf/a"]},
    stock_info_v2=stock(("SGZ", 5), ("", -9), ("MYZ", 2)),
    tag={"kit": True},
)


def _seen(body: dict[str, Any], models: dict[str, Any] | None = None) -> Any:
    read = msgspec.json.decode(json.dumps(body), type=Item)
    return listed(read, msgspec.json.decode(json.dumps(models), type=Models) if models is not None else None)


def _read(body: dict[str, Any], models: dict[str, Any] | None = None) -> Callable[[], object]:
    def make() -> object:
        found = _seen(body, models)
        places = {"nowhere": {}, "SGZ": {"SGZ": "SHOP"}, "all": {"": "WH"}}
        told = {
            name: "; ".join(
                f"{one.sku}/{one.variant_id} {one.available} at {one.location!r}" for one in levels(found, p)
            )
            for name, p in places.items()
        }
        return pages.plain(found.product) | {"is_kit": found.is_kit} | {f"levels by {n}": t for n, t in told.items()}

    return make


def _variant(sku: str, *chosen: str, price: str | None = "20 SGD", **more: Any) -> Variant:
    return Variant(sku=sku, options=chosen, price=Money.parse(price) if price else None, **more)


def _product(**changed: Any) -> Product:
    known: dict[str, Any] = {
        "id": "1000", "sku": "CAP", "name": "A cap", "description": "Keeps dry", "category": "HATS",
        "weight_grams": 300, "length_mm": 101, "width_mm": 120, "height_mm": 9, "days_to_ship": 4,
        "attributes": {"Unknown": "x", "Material": "Linen", "Length": "12", "Season": "", "Odd": "x"},
        "variants": (_variant("CAP"),),
    }  # fmt: skip
    return Product(**{**known, **changed})


ROUTE: dict[str, Any] = {
    "categories": {"HATS": 100300},
    "attributes": {
        "Material": {"id": 5, "values": {"Linen": 55}},
        "Length": {"id": 6, "unit": "cm"},
        "Season": {"id": 7},
    },
    "condition": "USED",
}
ACME, NO_BRAND = Brand(id=7, name="Acme"), Brand()
LISTED = _product(
    brand="Acme", category="100300", attributes={"Stoff": "Linen", "Laenge": "12cm"},
    images=(Image(id="a"), Image(id="b", position=1)),
)  # fmt: skip


def _draft(brand: Brand = ACME, images: tuple[str, ...] = ("a", "b"), route: Any = None, **changed: Any) -> Any:
    options = ShopeeRoute.model_validate(ROUTE if route is None else route)
    return details(_product(**changed), options, images, brand)


def _drafted(*given: Any, **changed: Any) -> Callable[[], object]:
    return lambda: _draft(*given, **changed)


def _changed(there: dict[str, Any], *given: Any, **changed: Any) -> Callable[[], object]:
    options = ShopeeRoute.model_validate(ROUTE)
    return lambda: changes(_draft(*given, **changed), _product(**changed), LISTED.model_copy(update=there), options)


class Place(NamedTuple):
    """Where a part is listed."""

    item_id: int
    model_id: int


PARTS = (Part(sku="CUP", quantity=Decimal(2)), Part(sku="POT", quantity=Decimal(1)))
PLACES = {"CUP": [Place(1, 0)], "POT": [Place(2, 22)], "TEA": [Place(3, 0), Place(4, 0)]}


def _kit(*parts: Part, **route: Any) -> Callable[[], object]:
    def make() -> object:
        options = ShopeeRoute.model_validate(ROUTE | route)
        made = _product(parts=parts)
        return kit(made, _draft(), PLACES, Decimal("9.90"), [{"logistic_id": 1, "enabled": True}], options)

    return make


def _chosen(offer: dict[str, Any], number: str = "", **route: Any) -> Callable[[], object]:
    def make() -> object:
        read = msgspec.json.decode(json.dumps(offer), type=Offer)
        way, fields = choose(read, ShopeeRoute.model_validate(route), number)
        return {"by": way.value, "with": fields}

    return make


def _pickup(*addresses: dict[str, Any], needs: tuple[str, ...] = ("address_id", "pickup_time_id")) -> dict[str, Any]:
    return {"info_needed": {"pickup": list(needs)}, "pickup": {"address_list": list(addresses)}}


SLOTS = {"time_slot_list": [{"pickup_time_id": "early"}, {"pickup_time_id": "noon"}, {"pickup_time_id": "late"}]}
DROP = {
    "info_needed": {"dropoff": ["branch_id", "sender_real_name", "tracking_no", "slug"]},
    "dropoff": {"branch_list": [{"branch_id": 8}, {"branch_id": 9}], "slug_list": [{"slug": "x"}, {"slug": "y"}]},
}
S, M, XL = _variant("A", "S"), _variant("B", "M"), _variant("C", "XL")
SIZES = _product(options=("Size",), variants=(S, M))


def _moved(wanted: Product, there: Product = SIZES, *, delete: bool = False) -> Callable[[], object]:
    before = [list(dict.fromkeys(one.options[n] for one in there.variants)) for n in range(len(there.options))]
    prices = [Decimal(number) for number, _ in enumerate(wanted.variants, 1)]

    def make() -> object:
        found = moves(wanted, there, prices, before, delete_missing=delete)
        return {
            "differ": differ(wanted, there),
            "gone": [one.sku for one in found.gone],
            "places": found.places and [f"{one.sku} {place}" for one, place in found.places],
            "new": [f"{one.sku} {price}" for one, price in found.new],
            "tiers": found.tiers.body(),
        }

    return make


def _levels(*places: str, **route: Any) -> Callable[[], object]:
    rows = [StockLevel(sku="CAP", available=Decimal("7.9"), location=place) for place in places]
    return lambda: seller_stock(rows, ShopeeRoute.model_validate(route))


def _tiers(names: tuple[str, ...], *variants: Variant) -> Callable[[], object]:
    return lambda: models_of(variants, Tiers(names, variants), [Decimal(1)] * len(variants), "SGZ")


def _priced(price: str, region: Any = "SG") -> Callable[[], object]:
    return lambda: price_number(Money.parse(price), currency_of(region), region)


def _local(region: Region) -> str:
    half = Decimal("0.5")
    return (
        f"{currency_of(region)} {local_price(Decimal(9), half, region)} {local_price(Decimal('10.01'), half, region)}"
    )


MERCHANTS = _product(
    variants=(_variant("CAP", price="29500 KRW"), _variant("HAT", price=None), _variant("BAG", price="1005 KRW"))
)
MANY = tuple(_variant(f"V{number}", f"{number}") for number in range(51))
EXAMPLES: dict[str, Callable[[], object]] = {
    "an item": _read(RICH),
    "an item of which nothing is told": _read(NOTHING),
    "an item with empty parts": _read(
        NOTHING
        | {"image": {}, "dimension": {}, "pre_order": {}, "tag": {}, "brand": {"brand_id": 7}, "stock_info_v2": {}}
        | {"price_info": [{"original_price": 1}], "weight": "0.0009"},
        {},
    ),
    "an item without a brand": _read(NOTHING | {"brand": {"brand_id": 0, "original_brand_name": "NoBrand"}}),
    "an item that is not for sale": _read(item(1, "CAP", item_status="UNLIST"), TWO),
    "variations": _read(RICH, TWO),
    "a price finer than money": _read(NOTHING | {"price_info": [{"original_price": 1.005, "currency": "SGD"}]}),
    "variations without tiers": _read(NOTHING, {"model": [model(11, "A", [])]}),
    "tiers without variations": _read(NOTHING, {"tier_variation": tiers(Size=["S"])}),
    "an option that there is not": _read(
        NOTHING, {"tier_variation": tiers(Size=["S"]), "model": [model(11, "A", [4])]}
    ),
    "a draft": _drafted(),
    "a draft of a product of which little is told": _drafted(
        NO_BRAND, (), description="", attributes={}, category="77", length_mm=None, days_to_ship=None
    ),
    "a draft that ships in time": _drafted(days_to_ship=3),
    "a draft without a counterpart of its category": _drafted(route={}),
    "a draft without a weight": _drafted(weight_grams=None),
    "no change": _changed({}),
    "all changed": _changed(
        {"name": "x", "description": "x", "sku": "x", "category": "", "weight_grams": 1, "brand": "", "attributes": {}}
        | {"length_mm": 1, "days_to_ship": 1, "images": ()}
    ),
    "no weight there": _changed({"weight_grams": None}),
    "no brand here": _changed({"brand": "Other"}, NO_BRAND),
    "no pictures here, and none there": _changed({"images": ()}, ACME, ()),
    "sizes that round alike": _changed({"length_mm": 110}),
    "no sizes here": _changed({}, length_mm=None),
    "a kit": _kit(*PARTS),
    "a kit that is not shown": _kit(*PARTS, list_as="UNLIST"),
    "a kit of one part": _kit(PARTS[0]),
    "a kit of eleven parts": _kit(*[PARTS[0]] * 11),
    "a kit of ten parts": lambda: str(_kit(*[PARTS[0]] * 10)()).count("component_item_id"),
    "a kit of a part that is listed twice": _kit(PARTS[0], Part(sku="TEA", quantity=Decimal(1))),
    "a kit of a part that is not listed": _kit(PARTS[0], Part(sku="MILK", quantity=Decimal(1))),
    "a kit of half a part": _kit(PARTS[0], Part(sku="POT", quantity=Decimal("0.5"))),
    "picked up": _chosen(_pickup({"address_id": 1}, {"address_id": 2, "address_flag": ["pickup_address"]} | SLOTS)),
    "picked up at the last moment": _chosen(_pickup({"address_id": 1} | SLOTS), pickup_slot="last"),
    "picked up at the default address": _chosen(
        _pickup({"address_id": 1} | SLOTS, {"address_id": 2, "address_flag": ["default_address"]} | SLOTS)
    ),
    "picked up where the route says": _chosen(
        _pickup({"address_id": 1} | SLOTS, {"address_id": 2} | SLOTS), pickup_address_id=2
    ),
    "picked up where the route says, and nobody does": _chosen(_pickup({"address_id": 1} | SLOTS), pickup_address_id=3),
    "picked up, without a slot yet": _chosen(_pickup({"address_id": 1})),
    "picked up, without an address": _chosen({"info_needed": {"pickup": ["address_id"]}}),
    "picked up, and nothing is needed": _chosen({"info_needed": {"pickup": []}}),
    "brought": _chosen(DROP, "T1", sender_name="A Sender"),
    "brought to the route's branch": _chosen(DROP, "T1", sender_name="A Sender", dropoff_branch_id=5),
    "brought, and little is needed": _chosen(DROP | {"info_needed": {"dropoff": ["slug"]}}, "T1"),
    "brought, without choices": _chosen({"info_needed": {"dropoff": ["branch_id", "slug"]}}),
    "brought, without a number and a name": _chosen(DROP),
    "by the seller's own carrier": _chosen({"info_needed": {"non_integrated": ["tracking_no"]}}, "T1"),
    "by the seller's own carrier, without a number": _chosen({"info_needed": {"non_integrated": ["tracking_no"]}}),
    "the second way": _chosen({"info_needed": {"pickup": ["address_id"], "non_integrated": []}}),
    "a way that the route does not take": _chosen(DROP, ship_by=["pickup", "non_integrated"]),
    "two ways, and none can be met": _chosen(
        {"info_needed": {"pickup": ["address_id"], "non_integrated": ["tracking_no"]}},
        ship_by=["pickup", "non_integrated"],
    ),
    "two ways that the route does not take": _chosen(
        {"info_needed": {"pickup": [], "dropoff": []}}, ship_by=["non_integrated"]
    ),
    "no way": _chosen({"info_needed": {}}),
    "the same variations": _moved(SIZES),
    "another order": _moved(SIZES.model_copy(update={"variants": (M, S)})),
    "a new one": _moved(SIZES.model_copy(update={"variants": (XL, S, M)})),
    "one less": _moved(SIZES.model_copy(update={"variants": (M,)})),
    "one less, to be taken away": _moved(SIZES.model_copy(update={"variants": (M,)}), delete=True),
    "another option": _moved(SIZES.model_copy(update={"variants": (_variant("A", "L"), M)})),
    "two that changed places": _moved(SIZES.model_copy(update={"variants": (_variant("A", "M"), _variant("B", "S"))})),
    "another name": _moved(SIZES.model_copy(update={"options": ("Width",)})),
    "an option more": lambda: differ(_product(options=("Size", "Colour")), SIZES),
    "an option less": lambda: differ(_product(options=()), _product(options=("Size", "Colour"))),
    "rows of variations": _tiers(("Size",), S, _variant("B", "M", stock=Decimal("3.9"))),
    "three options": _tiers(("A", "B", "C"), _variant("V", "1", "2", "3")),
    "two options": _tiers(("A", "B"), _variant("V", "1", "2")),
    "too many variations": _tiers(("Size",), *MANY),
    "just as many variations": lambda: len(Tiers(("Size",), MANY[:50]).options[0]),
    "too few options": _tiers(("Size", "Colour"), S),
    "first stock": lambda: [first_stock(None, ""), first_stock(Decimal("2.9"), ""), first_stock(Decimal(2), "SGZ")],
    "currencies": lambda: {region: _local(region) for region in get_args(Region)},
    "a merchant's item in a shop": lambda: in_shops_currency(MERCHANTS, "SG", Decimal("0.001")),
    "a merchant's item without a rate": lambda: in_shops_currency(MERCHANTS, "SG", None),
    "a merchant's item in its own currency": lambda: in_shops_currency(
        _product(variants=(_variant("CAP"), _variant("HAT", price=None))), "SG", Decimal("0.001")
    ),
    "merchants' prices": lambda: [
        str(merchant_price(Money.parse(price), "KRW", "SG", Decimal("0.00098"))) for price in ("29.50 SGD", "30000 KRW")
    ],
    "shops' prices": lambda: [
        str(shop_price(Money.parse(price), "KRW", "SG", Decimal("0.00098"))) for price in ("29.50 SGD", "30000 KRW")
    ],
    "a merchant's price without a rate": lambda: merchant_price(Money.parse("1 SGD"), "KRW", "SG", None),
    "a merchant's price in a third currency": lambda: merchant_price(Money.parse("1 EUR"), "KRW", "SG", Decimal(1)),
    "a price": _priced("9.90 SGD"),
    "a whole price": _priced("9.00 TWD", "TW"),
    "the smallest price": _priced("0.01 SGD"),
    "a price in another currency": _priced("9 MYR"),
    "a price of nothing": _priced("0 SGD"),
    "a price below nothing": _priced("-1 SGD"),
    "a price with decimals where there are none": _priced("9.50 TWD", "TW"),
    "a first price": lambda: str(require_price(S)),
    "no first price": lambda: require_price(_variant("A", price=None)),
    "a level": _levels(""),
    "a level of a location": _levels("WH", locations={"WH": "SGZ"}),
    "two levels": _levels("WH", "EU", locations={"WH": "SGZ", "EU": "MYZ"}),
    "two levels for one place": _levels("WH", "EU", locations={"WH": "SGZ", "EU": ""}),
    "a level of a place that nobody knows": _levels("WH"),
    "a level of no place where there are places": _levels("", locations={"EU": "MYZ", "AS": "SGZ"}),
}


def page() -> str:
    """All examples."""
    return pages.page(EXAMPLES)


if __name__ == "__main__":
    PAGE.write_text(page())
