"""What is read from replicated rows of items, as the page `goods.txt`.

After a change that is meant, `python -m tests.plugins.ls_central.goods_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.translate.levels import by_key, to_levels
from crossdock_ls_central.translate.prices import Asked, price_of, turns
from crossdock_ls_central.translate.product import (
    ItemRows,
    is_blocked,
    is_sellable,
    is_variant_blocked,
    to_deleted,
    to_product,
    unit_of,
)
from tests import pages

PAGE = Path(__file__).with_name("goods.txt")
TODAY = date(2026, 11, 21)
HTML = base64.b64encode(b"<h1>Linen</h1><p>Soft &amp;\n light.</p><ul><li>Blue</li><li>Red</li></ul>").decode()
ITEM = {
    "No.": "40020",
    "Description": "Linen shirt",
    "Base Unit of Measure": "PCS",
    "Sales Unit of Measure": "BOX",
    "Gross Weight": "0.25",
    "Item Category Code": "CLOTHING",
    "Retail Product Code": "SHIRT",
    "Season Code": "SUMMER",
    "Item Family Code": "MEN",
    "Item Html": HTML,
}
UNITS = [
    {},
    {"Code": "PACK", "Qty. per Unit of Measure": "6"},
    {"Code": "BOX", "Qty. per Unit of Measure": "0"},
    {"Code": "BOX", "Qty. per Unit of Measure": "1"},
]
BARCODES = [
    {"Barcode No.": "1", "Unit of Measure Code": "PCS"},
    {"Barcode No.": "2", "Unit of Measure Code": "BOX", "Variant Code": "001"},
    {"Barcode No.": "3", "Variant Code": "002"},
    {"Barcode No.": "4"},
    {},
]
VARIANTS = [
    {"Code": "001", "Description": "Small", "Blocked": "true"},
    {"Code": "002"},
    {"Code": "003", "Sales Blocked": "1"},
]
SIX = [
    {"Variant": code, "Framework Code": "MEN"} | {f"Variant Dimension {n}": f"{code}.{n}" for n in (1, 6)}
    for code in ("001", "002", "003")
]
ONE = [{"Variant": code, "Framework Code": "SIZE", "Variant Dimension 2": code} for code in ("001", "002", "003")]
WEB = {
    "Store No.": "S0013",
    "Unit of Measure Code": "PCS",
    "Unit Price": "80.005",
}


def _product(
    item: dict[str, str] | None = None, options: dict[str, Any] | None = None, **rows: Any
) -> Callable[[], object]:
    chosen = LsRouteOptions(**(options or {}))
    return lambda: to_product(ItemRows(ITEM if item is None else item, **rows), chosen, "S0013", "SGD", TODAY)


def _price(*rows: dict[str, str], variant: str = "", unit: str = "PCS", **options: Any) -> Callable[[], object]:
    asked = Asked(variant, unit, "PCS", Decimal(6), "S0013", "SGD", TODAY)
    return lambda: str(price_of(rows, asked, LsRouteOptions(**options)))


def _dated(**fields: str) -> dict[str, str]:
    """A row of sales prices, by the words of their fields."""
    numbers = {"group": "#2", "currency": "#3", "first": "#4", "net": "#5", "flag": "#6", "least": "#14", "last": "#15"}
    numbers |= {"unit": "#5400", "variant": "#5700", "gross": "#99001450"}
    return {numbers[name]: value for name, value in ({"gross": "70"} | fields).items()}


def _listed(**fields: str) -> dict[str, str]:
    """A row of price lists, by the words of their fields."""
    numbers = {"group": "#4", "variant": "#9", "currency": "#10", "first": "#12", "last": "#13", "least": "#14"}
    numbers |= {"unit": "#15", "net": "#17", "flag": "#23", "gross": "#41", "status": "#30"}
    return {numbers[name]: value for name, value in ({"gross": "50", "status": "ACTIVE"} | fields).items()}


def _verdicts() -> object:
    facts = ({}, {"Blocked": "true"}, {"Sales Blocked": "true"}, {"Blocked on eCommerce": "true"})
    return {
        "item": [is_blocked(fact) for fact in facts],
        "variant": [is_variant_blocked(fact, {}) for fact in facts],
        "dimension": [is_variant_blocked({}, fact) for fact in facts],
        "sellable": [is_sellable(fact) for fact in ({}, {"Type": "0"}, {"Type": "Inventory"}, {"Type": "Service"})],
    }


def _turned() -> object:
    days = ("", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22")
    since = date(2026, 11, 20)
    made = {"sales_price": _dated, "price_list": _listed, "web": _dated}
    return {
        f"{kind} from {first or 'ever'}": ", ".join(
            last or "no end"
            for last in days
            if turns([{}, row(first=first, last=last)], LsRouteOptions(prices=kind).prices, since, TODAY)
        )
        for kind, row in made.items()
        for first in days
    }


def _levels() -> object:
    rows = [{"Number": "1", "Inventory": "1"}, {"Inventory": "2"}, {"Number": "1", "Variant": "A", "Inventory": "4"}]
    return {str(key): places for key, places in by_key([*rows, *rows]).items()}


def _level() -> object:
    at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    return to_levels(("1", "A"), {"S": Decimal("1.5")}, LsRouteOptions(sku_delimiter="/"), ("BOX", Decimal("0.5")), at)


EXAMPLES: dict[str, Callable[[], object]] = {
    "an item": _product(units=UNITS, barcodes=BARCODES, brand="Nordic", prices=[WEB | {"Unit of Measure Code": "BOX"}]),
    "nothing is told of it": _product({}),
    "rows that tell nothing": _product(
        units=[{}], variants=[{"Code": "001"}], dimensions=[{}], barcodes=[{}], images=[{}], prices=[{}]
    ),
    "a box of two dozen at the price of a piece": _product(
        units=[{"Code": "BOX", "Qty. per Unit of Measure": "24"}], prices=[WEB]
    ),
    "a variant at a price of its own": _product(
        ITEM | {"Sales Unit of Measure": "PCS"},
        variants=VARIANTS[:2],
        prices=[WEB, WEB | {"Variant Code": "002", "Unit Price": "85"}],
    ),
    "a price from today, and one from tomorrow": _product(
        ITEM | {"Sales Unit of Measure": ""},
        {"prices": "sales_price"},
        prices=[_dated(first="2026-11-21"), _dated(first="2026-11-22", gross="60")],
    ),
    "no unit at all": _product({"No.": "1"}, prices=[{"Store No.": "S0013", "Unit Price": "1"}]),
    "a barcode of nothing": _product(barcodes=[{}]),
    "a variant without a code": _product(variants=[{"Description": "Small"}]),
    "its own text, and another": _product(html=base64.b64encode(b"Other").decode()),
    "in base units": _product(options={"sales_unit": False}, units=UNITS, barcodes=BARCODES),
    "in packs": _product(ITEM | {"Sales Unit of Measure": "PACK"}, units=UNITS),
    "without a sales unit": _product({"No.": "1", "Base Unit of Measure": "PACK", "Gross Weight": "1"}, units=UNITS),
    "blocked": _product(ITEM | {"Blocked": "true"}),
    "variants of no dimension": _product(variants=VARIANTS, barcodes=BARCODES),
    "variants of two dimensions": _product(variants=VARIANTS, dimensions=SIX, options={"sku_delimiter": "/"}),
    "variants of one dimension": _product(variants=VARIANTS, dimensions=ONE),
    "variants of one dimension in two frameworks": _product(
        variants=VARIANTS, dimensions=[*ONE[:2], ONE[2] | {"Framework Code": "WIDTH"}]
    ),
    "variants of one dimension in no framework": _product(
        variants=VARIANTS, dimensions=[{"Variant": row["Variant"], "Variant Dimension 2": "x"} for row in ONE]
    ),
    "variants that are told in part": _product(variants=VARIANTS, dimensions=[*ONE[:2], {"Variant": "003"}]),
    "a variant that is not sold online": _product(
        variants=VARIANTS[1:2], dimensions=[ONE[1] | {"Blocked on eCommerce": "true"}]
    ),
    "pictures": _product(
        images=[{"Image Id": "C"}, {"Image Id": "B", "Display Order": "2"}, {"Image Id": "A", "Display Order": "2"}]
    ),
    "a weight that is none": _product(ITEM | {"Gross Weight": "heavy"}),
    "a factor that is none": _product(units=[{"Code": "BOX", "Qty. per Unit of Measure": "many"}]),
    "a place among pictures that is none": _product(images=[{"Display Order": "first"}]),
    "a web price that is none": _product(prices=[WEB | {"Unit Price": "dear"}]),
    "an item that is gone": lambda: to_deleted("40020"),
    "the unit of an item of which nothing is told": lambda: unit_of({}, UNITS, LsRouteOptions()),
    "what is blocked or sold": _verdicts,
    "when a price turns": _turned,
    "levels": _levels,
    "a level": _level,
    "a level of the first place that has any": lambda: to_levels(
        ("1", ""),
        {"A": Decimal(0), "B": Decimal(1), "C": Decimal(5)},
        LsRouteOptions.model_validate({"locations": ["A", "B", "C"], "stock_from": "priority"}),
        ("PCS", Decimal(1)),
        datetime(2026, 11, 21, tzinfo=UTC),
    ),
    "a level of the places that count": lambda: to_levels(
        ("1", ""),
        {"A": Decimal("3.5"), "B": Decimal(1), "C": Decimal(5)},
        LsRouteOptions(locations=["A", "B"]),
        ("PCS", Decimal(1)),
        datetime(2026, 11, 21, tzinfo=UTC),
    ),
    "a level of each place that is named, and of no other": lambda: to_levels(
        ("1", ""),
        {"A": Decimal("3.5"), "B": Decimal(-1), "C": Decimal(5)},
        LsRouteOptions.model_validate({"locations": ["A", "B", "D"], "stock_from": "each"}),
        ("PCS", Decimal(1)),
        datetime(2026, 11, 21, tzinfo=UTC),
    ),
    "an inventory that is none": lambda: by_key([{"Number": "1", "Inventory": "many"}]),
    "an inventory that is not told": lambda: list(by_key([{"Number": "1"}]).values()),
    "a web price": _price(WEB),
    "a web price of everything": _price({"Store No.": "S0013", "Unit Price": "1"}, variant="001", unit="BOX"),
    "no store, no price": _price({}),
    "web prices, the nearest by variant": _price(
        WEB | {"Variant Code": "001", "Unit of Measure Code": "", "Unit Price": "3"}, WEB, variant="001"
    ),
    "web prices, the nearest by unit": _price(
        WEB, WEB | {"Unit of Measure Code": "BOX", "Unit Price": "3"}, unit="BOX"
    ),
    "a web price of another variant": _price(WEB | {"Variant Code": "002"}, variant="001"),
    "a web price of members": _price(WEB | {"Loyalty Scheme Code": "GOLD"}),
    "a web price of another discount group": _price(WEB | {"Customer Disc. Group": "VIP"}),
    "a web price in another currency": _price(WEB | {"Currency Code": "USD"}),
}
for kind, row in {"sales_price": _dated, "price_list": _listed}.items():
    EXAMPLES |= {
        f"{kind}: {name}": _price(row(**fields), variant="001", prices=kind, price_groups=["WEB"])
        for name, fields in {
            "for everybody": {},
            "for a group of the route": {"group": "WEB"},
            "for another group": {"group": "VIP"},
            "of the variant": {"variant": "001"},
            "of another variant": {"variant": "002"},
            "in the store's currency": {"currency": "SGD"},
            "in another currency": {"currency": "USD"},
            "from today": {"first": "2026-11-21"},
            "from tomorrow": {"first": "2026-11-22"},
            "until today": {"last": "2026-11-21"},
            "until yesterday": {"last": "2026-11-20"},
            "from one": {"least": "1"},
            "from two": {"least": "2"},
            "of the unit": {"unit": "PCS"},
            "of another unit": {"unit": "BOX"},
            "net, with tax in it": {"gross": "", "net": "60", "flag": "true"},
            "net": {"gross": "0", "net": "60"},
            "both": {"net": "60", "flag": "true"},
            "nothing": {"gross": ""},
            "a gross price that is none": {"gross": "dear"},
            "a net price that is none": {"gross": "", "net": "dear", "flag": "true"},
            "a least quantity that is none": {"least": "many"},
        }.items()
    }
EXAMPLES |= {
    f"price_list: {status or 'no status'}": _price(_listed(status=status), prices="price_list")
    for status in ("Active", "1", "Draft", "")
}
EXAMPLES["price_list: nothing is told"] = _price({"#41": "1"}, prices="price_list")
EXAMPLES["sales_price: the lowest"] = _price(_dated(gross="71"), _dated(), {}, prices="sales_price")


def page() -> str:
    """All examples."""
    return pages.page(EXAMPLES)


if __name__ == "__main__":
    PAGE.write_text(page())
