"""Replicated rows as products and prices."""

import base64
from datetime import date, timedelta
from decimal import Decimal

import pytest

from crossdock.errors import CannotTranslate
from crossdock_ls_central.options import LsRouteOptions, Prices
from crossdock_ls_central.translate.prices import Asked, price_of, turns
from crossdock_ls_central.translate.product import (
    ItemRows,
    is_blocked,
    is_sellable,
    is_variant_blocked,
    plain,
    to_deleted,
    to_product,
    unit_of,
)
from tests.plugins.ls_central import goods_page

TODAY = date(2026, 11, 21)
ITEM = {
    "No.": "40020",
    "Description": "Linen shirt",
    "Base Unit of Measure": "PCS",
    "Sales Unit of Measure": "PCS",
    "Gross Weight": "0.25",
    "Item Category Code": "CLOTHING",
    "Season Code": "SUMMER",
}
VARIANTS = [{"Code": "001", "Description": "Small"}, {"Code": "002", "Description": ""}]


def web(price, unit="PCS", variant="", **more):
    given = {"Store No.": "S0013", "Variant Code": variant, "Unit of Measure Code": unit, "Unit Price": price}
    return given | more


def product(options=None, item=None, **rows):
    chosen = LsRouteOptions(**(options or {}))
    return to_product(ItemRows(ITEM | (item or {}), **rows), chosen, "S0013", "SGD", TODAY)


def test_every_example_is_read_as_the_page_says():
    assert goods_page.page().splitlines() == goods_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {goods_page.__name__}"
    )


def test_an_item_without_variants_has_exactly_one_under_its_own_number():
    found = product(
        prices=[web("80")], barcodes=[{"Barcode No.": "885", "Unit of Measure Code": "PCS"}], brand="Nordic"
    )
    assert (found.id, found.sku, found.name, found.brand, found.category) == (
        "40020",
        "40020",
        "Linen shirt",
        "Nordic",
        "CLOTHING",
    )
    assert found.attributes == {"season": "SUMMER"}
    assert found.weight_grams == 250
    (only,) = found.variants
    assert (only.sku, only.id, only.options, only.barcode, str(only.price)) == ("40020", "", (), "885", "80.00 SGD")


def test_variants_are_told_by_their_registered_dimensions():
    dimensions = [
        {"Variant": "001", "Framework Code": "MEN", "Variant Dimension 1": "Blue", "Variant Dimension 2": "S"},
        {"Variant": "002", "Framework Code": "MEN", "Variant Dimension 1": "Blue", "Variant Dimension 2": "M"},
    ]
    found = product(variants=VARIANTS, dimensions=dimensions)
    assert found.options == ("Dimension 1", "Dimension 2")
    assert [variant.options for variant in found.variants] == [("Blue", "S"), ("Blue", "M")]
    assert [variant.sku for variant in found.variants] == ["40020-001", "40020-002"]


def test_a_single_dimension_has_the_name_of_its_framework():
    dimensions = [{"Variant": code, "Framework Code": "SIZE", "Variant Dimension 1": code} for code in ("001", "002")]
    assert product(variants=VARIANTS, dimensions=dimensions).options == ("SIZE",)


def test_variants_that_are_not_all_registered_are_told_by_their_description():
    found = product(variants=VARIANTS, dimensions=[{"Variant": "001", "Variant Dimension 1": "S"}])
    assert found.options == ("Variant",)
    assert [variant.options for variant in found.variants] == [("Small",), ("002",)]


def test_blocked_items_and_variants_are_marked_and_stay():
    found = product(item={"Blocked on eCommerce": "true"}, variants=[VARIANTS[0] | {"Sales Blocked": "1"}, VARIANTS[1]])
    assert found.blocked
    assert [variant.blocked for variant in found.variants] == [True, False]
    assert is_blocked({"Blocked": "true"})
    assert not is_blocked({})
    assert is_variant_blocked({}, {"Blocked on eCommerce": "true"})


def test_what_is_gone_is_said_by_its_number_only():
    found = to_deleted("40020")
    assert (found.id, found.blocked, found.vendor_status, found.variants) == ("40020", True, "deleted", ())


@pytest.mark.parametrize(("kind", "expected"), [("Inventory", True), ("", True), ("0", True), ("Service", False)])
def test_services_are_no_goods(kind, expected):
    assert is_sellable({"Type": kind}) is expected


def test_pictures_come_in_their_order():
    images = [{"Image Id": "B", "Display Order": "2"}, {"Image Id": "A", "Display Order": "1"}]
    assert [image.id for image in product(images=images).images] == ["A", "B"]


def test_a_barcode_is_of_the_unit_that_is_sold_or_of_none():
    rows = [
        {"Barcode No.": "1", "Unit of Measure Code": "BOX"},
        {"Barcode No.": "2"},
        {"Barcode No.": "3", "Variant Code": "001"},
    ]
    assert product(barcodes=rows).variants[0].barcode == "2"
    assert product(barcodes=rows[:1]).variants[0].barcode == ""


def html(text):
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (html("<p>Soft &amp; light.</p><ul><li>Blue</li><li>Red\n one</li></ul>"), "Soft & light.\nBlue\nRed one"),
        (html("no <b>markup</b>"), "no markup"),
        (html("a<br>b"), "a\nb"),
        ("", ""),
        ("not base64!", ""),
        (base64.b64encode(b"\xff\xfe").decode(), ""),
    ],
)
def test_a_description_is_the_text_of_its_html(markup, expected):
    assert plain(markup) == expected


def test_the_text_of_the_item_itself_serves_where_there_is_no_other():
    assert product(item={"Item Html": html("<p>Own</p>")}).description == "Own"
    assert product(item={"Item Html": html("<p>Own</p>")}, html=html("<p>Other</p>")).description == "Other"


UNITS = [{"Code": "PCS", "Qty. per Unit of Measure": "1"}, {"Code": "BOX", "Qty. per Unit of Measure": "24"}]


@pytest.mark.parametrize(
    ("sales", "options", "expected"),
    [
        ("BOX", {}, ("BOX", Decimal(24))),
        ("BOX", {"sales_unit": False}, ("PCS", Decimal(1))),
        ("", {}, ("PCS", Decimal(1))),
        ("PALLET", {}, ("PCS", Decimal(1))),
    ],
)
def test_goods_are_sold_in_their_sales_unit_unless_the_route_says_otherwise(sales, options, expected):
    assert unit_of(ITEM | {"Sales Unit of Measure": sales}, UNITS, LsRouteOptions(**options)) == expected


def test_a_weight_that_is_no_number_is_told():
    with pytest.raises(CannotTranslate, match="Gross Weight"):
        product(item={"Gross Weight": "heavy"})


def asked(variant="", unit="PCS", factor="1"):
    return Asked(variant, unit, "PCS", Decimal(factor), "S0013", "SGD", TODAY)


def told(rows, of=None, **options):
    found = price_of(rows, of or asked(), LsRouteOptions(**options))
    return None if found is None else str(found.amount)


@pytest.mark.parametrize(
    ("rows", "of", "expected"),
    [
        ([web("80"), web("85", variant="002")], asked("002"), "85.00"),
        ([web("80"), web("85", variant="002")], asked("001"), "80.00"),
        ([web("1.5"), web("30", "BOX")], asked(unit="BOX", factor="24"), "30.00"),
        ([web("1.5")], asked(unit="BOX", factor="24"), "36.00"),
        ([web("1.5", "PALLET")], asked(), None),
        ([web("80", **{"Store No.": "S0001"})], asked(), None),
        ([web("80", **{"Customer Disc. Group": "VIP"})], asked(), None),
        ([web("80", **{"Loyalty Scheme Code": "GOLD"})], asked(), None),
        ([web("80", **{"Currency Code": "USD"})], asked(), None),
        ([web("80", **{"Currency Code": "SGD"})], asked(), "80.00"),
        ([web("9.999")], asked(), "10.00"),
        ([], asked(), None),
    ],
)
def test_the_web_price_is_the_one_nearest_to_variant_and_unit(rows, of, expected):
    assert told(rows, of) == expected


def test_web_prices_of_a_discount_group_count_when_the_route_asks_for_it():
    assert told([web("80", **{"Customer Disc. Group": "VIP"})], customer_discount_group="VIP") == "80.00"


def sales(gross="70", **more):
    return {"#1": "40020", "#99001450": gross, "#4": "2026-11-01", "#15": "2026-11-30"} | more


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([sales(), sales("65")], "65.00"),
        ([sales(**{"#15": "2026-11-20"})], None),
        ([sales(**{"#4": "2026-11-22"})], None),
        ([sales(**{"#4": "0001-01-01", "#15": ""})], "70.00"),
        ([sales(**{"#14": "10"})], None),
        ([sales(**{"#2": "VIP"})], None),
        ([sales(**{"#3": "USD"})], None),
        ([sales(**{"#5700": "002"})], None),
        ([sales(**{"#5400": "BOX"})], None),
        ([sales("0", **{"#5": "60", "#6": "true"})], "60.00"),
        ([sales("0", **{"#5": "60", "#6": "false"})], None),
    ],
)
def test_the_lowest_sales_price_that_is_valid_today_counts(rows, expected):
    assert told(rows, prices="sales_price") == expected


@pytest.mark.parametrize(
    ("first", "last", "turned"),
    [
        ("2026-11-21", "2026-12-24", True),  # begins today
        ("2026-11-20", "2026-12-24", False),
        ("2026-11-22", "2026-12-24", False),
        ("2026-11-01", "2026-11-20", True),  # ended yesterday
        ("2026-11-01", "2026-11-21", False),
        ("0001-01-01", "", False),
    ],
)
def test_a_price_turns_on_the_day_it_begins_and_on_the_day_after_it_ended(first, last, turned):
    row = sales(**{"#4": first, "#15": last})
    assert turns([row], Prices.SALES_PRICE, TODAY - timedelta(days=1), TODAY) is turned
    assert not turns([row], Prices.WEB, TODAY - timedelta(days=1), TODAY)


def test_sales_prices_of_a_price_group_count_when_the_route_names_it():
    assert told([sales(**{"#2": "WEB"})], prices="sales_price", price_groups=["WEB"]) == "70.00"


@pytest.mark.parametrize(("status", "expected"), [("Active", "50.00"), ("1", "50.00"), ("Draft", None), ("", None)])
def test_only_an_active_price_list_counts(status, expected):
    assert told([{"#8": "40020", "#41": "50", "#30": status}], prices="price_list") == expected
