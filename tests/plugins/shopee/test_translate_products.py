"""Listings, levels, prices and drafts."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from crossdock.errors import CannotTranslate, Refused
from crossdock.model import Image, Money, Product, StockLevel, Variant
from crossdock_shopee.config import Brand, ShopeeRoute
from crossdock_shopee.translate.drafts import Tiers, changes, details, first_stock, models_of, require_complete
from crossdock_shopee.translate.products import levels, listed
from crossdock_shopee.translate.variations import differ, moves
from crossdock_shopee.translate.writing import (
    local_price,
    merchant_price,
    price_number,
    require_price,
    seller_stock,
    shop_price,
)
from crossdock_shopee.wire.items import Item, Models
from tests.plugins.shopee import listing_page
from tests.plugins.shopee.client_kit import NOW
from tests.plugins.shopee.listing_bodies import item, model, stock, tiers


def seen(models: dict[str, Any] | None = None, **changes: Any) -> Any:
    body = msgspec.json.decode(json.dumps(item(1, "CAP", **changes)), type=Item)
    return listed(body, msgspec.json.decode(json.dumps(models), type=Models) if models else None)


def options(**fields: Any) -> ShopeeRoute:
    return ShopeeRoute.model_validate(fields)


def variant(sku: str, *chosen: str, price: str | None = "20 SGD", **fields: Any) -> Variant:
    return Variant(sku=sku, options=chosen, price=Money.parse(price) if price else None, **fields)


def product(**fields: Any) -> Product:
    known: dict[str, Any] = {
        "id": "1000", "sku": "CAP", "name": "Item 1", "description": "Described at length", "category": "100300",
        "weight_grams": 300, "variants": (variant("CAP"),),
    }  # fmt: skip
    return Product(**{**known, **fields})


def test_every_example_is_as_the_page_says():
    assert listing_page.page().splitlines() == listing_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {listing_page.__name__}"
    )


def test_an_item_without_variations_has_one_variant():
    found = seen(gtin_code="4006381333931").product
    assert (found.id, found.sku, found.name, found.category, found.brand) == ("1", "CAP", "Item 1", "100300", "")
    assert (found.weight_grams, found.length_mm, found.width_mm, found.height_mm) == (300, 110, 120, 130)
    assert (found.days_to_ship, found.blocked, found.vendor_status) == (3, False, "NORMAL")
    assert found.updated_at.timestamp() == NOW - 5000
    assert found.images == (Image(id="im-1", url="https://cf/im-1"),)
    (only,) = found.variants
    assert (only.id, only.sku, only.barcode, str(only.price), only.stock) == (
        "",
        "CAP",
        "4006381333931",
        "12.50 SGD",
        9,
    )


def test_what_an_item_leaves_out_is_empty():
    bare = seen(
        item_sku=None, description=None, category_id=None, weight=None, dimension=None, pre_order=None, image=None,
        price_info=None, stock_info_v2=None, brand=None, tag=None, update_time=None, attribute_list=None,
    )  # fmt: skip
    found = bare.product
    assert (found.sku, found.description, found.category, found.images, found.attributes) == ("", "", "", (), {})
    assert (found.weight_grams, found.length_mm, found.days_to_ship, found.updated_at) == (None, None, None, None)
    assert (found.variants[0].price, found.variants[0].stock, bare.is_kit) == (None, 0, False)
    assert seen(price_info=[{"original_price": 1, "currency": None}]).product.variants[0].price is None


def test_an_items_brand_attributes_and_pictures_are_read():
    found = seen(
        brand={"brand_id": 7, "original_brand_name": "Acme"},
        attribute_list=[
            {"attribute_id": 1, "original_attribute_name": "Weight", "attribute_value_list": [
                {"original_value_name": "12", "value_unit": "g"}, {"original_value_name": "13", "value_unit": None}]},
            {"attribute_id": 2, "attribute_value_list": None},
        ],
        image={"image_id_list": ["a", "b"], "image_url_list": ["https://cf/a"]},
    ).product  # fmt: skip
    assert (found.brand, found.attributes) == ("Acme", {"Weight": "12g, 13", "2": ""})
    assert found.images == (Image(id="a", url="https://cf/a"), Image(id="b", position=1))


@pytest.mark.parametrize("status", ["UNLIST", "BANNED", "REVIEWING", "SELLER_DELETE"])
def test_an_item_that_cannot_be_bought_is_blocked(status):
    found = seen(item_status=status).product
    assert found.blocked
    assert found.variants[0].blocked
    assert found.vendor_status == status


def test_variations_have_their_options_prices_and_stock():
    found = seen(
        {
            "tier_variation": tiers(Colour=["Black", "White"], Size=["S", "M"]),
            "model": [
                model(11, "A", [0, 1]),
                model(12, "B", [1, 0], model_status="MODEL_UNAVAILABLE", price_info=None, stock_info_v2=None),
            ],
        }
    ).product
    first, second = found.variants
    assert found.options == ("Colour", "Size")
    assert (first.id, first.options, str(first.price), first.stock) == ("11", ("Black", "M"), "15.00 SGD", 4)
    assert (second.options, second.price, second.stock, second.blocked) == (("White", "S"), None, 0, True)


def test_an_option_that_does_not_exist_cannot_be_read():
    with pytest.raises(CannotTranslate, match=r"item\[1\].model\[11\].tier_index"):
        seen({"tier_variation": tiers(Size=["S"]), "model": [model(11, "A", [4])]})


def test_levels_are_summed_unless_the_route_knows_the_locations():
    found = seen(stock_info_v2=stock(("SGZ", 5), ("MYZ", 2), ("", -9)))
    assert [(one.location, one.available) for one in levels(found, {})] == [("", 0)]
    apart = levels(found, {"SGZ": "SHOP"})
    assert [(one.location, one.available, one.product_id) for one in apart] == [
        ("SHOP", 5, "1"),
        ("MYZ", 2, "1"),
        ("", 0, "1"),
    ]


def test_one_place_for_all_stock_can_have_a_name_of_ours():
    named = options(locations={"WH": ""})
    assert seller_stock([level("WH")], named) == [{"stock": 7}]
    found = seen(stock_info_v2=stock(("SGZ", 5), ("MYZ", 2)))
    assert [(one.location, one.available) for one in levels(found, {"": "WH"})] == [("WH", 7)]


def test_levels_without_stock_are_nothing():
    assert [one.available for one in levels(seen(stock_info_v2=None), {})] == [0]


def level(location: str = "", available: str = "7.9") -> StockLevel:
    return StockLevel(sku="CAP", available=Decimal(available), location=location)


def test_stock_is_sent_in_whole_pieces_that_are_certainly_there():
    assert seller_stock([level()], options()) == [{"stock": 7}]


def test_locations_are_sent_by_their_name_for_them():
    mapped = options(locations={"S1": "SGZ", "S2": "MYZ"})
    assert seller_stock([level("S1"), level("S2", "1")], mapped) == [
        {"location_id": "SGZ", "stock": 7},
        {"location_id": "MYZ", "stock": 1},
    ]


def test_locations_that_nobody_can_tell_apart_are_refused():
    with pytest.raises(Refused, match="levels of 2 locations"):
        seller_stock([level("S1"), level("S2")], options(locations={"S1": "", "S2": ""}))
    with pytest.raises(Refused, match="Location 'S1' of SKU CAP has no counterpart in Shopee; known are none"):
        seller_stock([level("S1")], options())
    with pytest.raises(Refused, match="Location 'S9' of SKU CAP has no counterpart in Shopee; known are S1"):
        seller_stock([level("S9")], options(locations={"S1": "SGZ"}))


@pytest.mark.parametrize(
    ("price", "currency", "region", "number"),
    [
        ("12.30 SGD", "SGD", "SG", "12.30"),
        ("99 THB", "THB", "TH", "99"),
        ("15000 IDR", "IDR", "ID", "15000"),
        ("9 USD", "USD", "SG", "9.00"),
    ],
)
def test_a_price_is_sent_as_the_market_takes_it(price, currency, region, number):
    assert str(price_number(Money.parse(price), currency, region)) == number


@pytest.mark.parametrize(
    ("price", "says"),
    [("12 USD", "the listing is in THB"), ("0 THB", "must be above 0"), ("12.50 THB", "whole THB only")],
)
def test_a_price_that_the_market_does_not_take_is_refused(price, says):
    with pytest.raises(Refused, match=says):
        price_number(Money.parse(price), "THB", "TH")


def test_a_merchants_price_becomes_a_local_one():
    assert local_price(Decimal(20_555), Decimal("0.001"), "SG") == Decimal("20.56")
    assert local_price(Decimal(20_555), Decimal("0.025"), "TH") == Decimal(514)


def test_a_listing_needs_a_price():
    with pytest.raises(Refused, match="SKU X has no price"):
        require_price(variant("X", price=None))


def draft(product, route, images):
    return details(product, route, images, route.brands.get(product.brand, Brand()))


def test_a_draft_says_all_that_a_product_says():
    route = options(
        categories={"Hats": 100201}, brands={"Acme": {"id": 7, "name": "Acme Inc"}}, condition="USED",
        attributes={"Material": {"id": 4990, "values": {"Cotton": 101}}, "Width": {"id": 5, "unit": "cm"}},
    )  # fmt: skip
    wanted = product(
        category="Hats", brand="Acme", length_mm=101, width_mm=110, height_mm=9, days_to_ship=7,
        attributes={"Material": "Cotton", "Width": "12", "Season": "Summer"},
    )  # fmt: skip
    assert draft(wanted, route, ["im-1"]) == {
        "item_name": "Item 1",
        "description": "Described at length",
        "item_sku": "CAP",
        "category_id": 100201,
        "brand": {"brand_id": 7, "original_brand_name": "Acme Inc"},
        "attribute_list": [
            {"attribute_id": 4990, "attribute_value_list": [{"value_id": 101}]},
            {
                "attribute_id": 5,
                "attribute_value_list": [{"value_id": 0, "original_value_name": "12", "value_unit": "cm"}],
            },
        ],
        "weight": Decimal("0.3"),
        "condition": "USED",
        "dimension": {"package_length": 11, "package_width": 11, "package_height": 1},
        "pre_order": {"is_pre_order": True, "days_to_ship": 7},
        "image": {"image_id_list": ["im-1"]},
    }


def test_a_bare_product_makes_a_bare_draft():
    found = draft(product(description="", attributes={"Material": ""}, days_to_ship=2), options(), [])
    assert found["description"] == "Item 1"
    assert found["brand"] == {"brand_id": 0, "original_brand_name": "NoBrand"}
    assert found["pre_order"] == {"is_pre_order": False, "days_to_ship": 2}
    assert found["attribute_list"] == []
    assert found.keys().isdisjoint({"dimension", "image"})


def test_what_shopee_cannot_do_without_is_refused():
    with pytest.raises(Refused, match="Category 'Hats' of product CAP has no counterpart"):
        draft(product(category="Hats"), options(), [])
    with pytest.raises(Refused, match="Product CAP has no weight"):
        draft(product(weight_grams=None), options(), [])


def test_f10_all_that_a_new_listing_lacks_is_told_at_once_with_what_to_do():
    bare = product(
        category="Hats",
        weight_grams=None,
        variants=(variant("A", "S"), variant("B", "M", price=None)),
        options=("Size",),
    )
    with pytest.raises(Refused) as caught:
        require_complete(bare, options())
    assert caught.value.reason == (
        "Category 'Hats' of product CAP has no counterpart in Shopee. Product CAP has no weight, and Shopee wants one. "
        "SKU B has no price, and a listing needs one."
    )
    assert caught.value.code == "category"
    assert str(caught.value.hint).split("; ")[1:] == ["maintain the weight of the product", "maintain its price"]
    require_complete(product(), options())


def test_a_listing_that_says_the_same_needs_no_change():
    there = seen().product
    assert changes(draft(product(), options(), []), product(), there, options()) == {}
    assert changes(draft(there, options(), ["im-1"]), there, there, options()) == {}


@pytest.mark.parametrize(
    ("fields", "images", "names"),
    [
        ({"name": "New"}, [], {"item_name"}),
        ({"description": "New"}, [], {"description"}),
        ({"sku": "NEW"}, [], {"item_sku"}),
        ({"category": "5"}, [], {"category_id"}),
        ({"weight_grams": 301}, [], {"weight"}),
        ({"brand": "Acme"}, [], {"brand"}),
        ({"length_mm": 1, "width_mm": 1, "height_mm": 1}, [], {"dimension"}),
        ({"days_to_ship": 5}, [], {"pre_order"}),
        ({"attributes": {"Material": "Wool"}}, [], {"attribute_list"}),
        ({}, ["im-2"], {"image"}),
    ],
)
def test_only_what_differs_is_changed(fields, images, names):
    route = options(brands={"Acme": {"id": 7, "name": "Acme"}}, attributes={"Material": {"id": 4990}})
    wanted = product(**fields)
    assert changes(draft(wanted, route, images), wanted, seen().product, route).keys() == names


def test_attributes_are_compared_by_their_words():
    there = seen(
        attribute_list=[{"attribute_id": 5, "original_attribute_name": "Lebar",
                         "attribute_value_list": [{"original_value_name": "12", "value_unit": "cm"}]}]
    ).product  # fmt: skip
    route = options(attributes={"Width": {"id": 5, "unit": "cm"}})
    wanted = product(attributes={"Width": "12"})
    assert changes(draft(wanted, route, []), wanted, there, route) == {}


def test_a_listing_without_weight_gets_one():
    assert changes(draft(product(), options(), []), product(), seen(weight=None).product, options()).keys() == {
        "weight"
    }


def test_tiers_keep_the_order_that_a_listing_has():
    made = Tiers(("Size",), [variant("L", "L"), variant("S", "S")], [["S", "M"]])
    assert made.options == (("S", "L"),)
    assert made.index(variant("x", "L")) == [1]
    assert made.body() == [
        {
            "variation_id": 0,
            "variation_name": "Size",
            "variation_group_id": 0,
            "variation_option_list": [
                {"variation_option_id": 0, "variation_option_name": "S"},
                {"variation_option_id": 0, "variation_option_name": "L"},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("names", "variants", "says"),
    [
        (("A", "B", "C"), [], "at most 2 options"),
        (("A",), [variant(f"v{number}", str(number)) for number in range(51)], "at most 50 variations"),
        (("A", "B"), [variant("X", "only")], "Variation X has 1 options, not 2"),
    ],
)
def test_tiers_that_shopee_does_not_take_are_refused(names, variants, says):
    with pytest.raises(Refused, match=says):
        Tiers(names, variants)


def test_new_variations_say_place_price_and_stock():
    made = variant("S", "S", stock=Decimal(3))
    rows = models_of([made], Tiers(("Size",), [made]), [Decimal(20)], "SGZ")
    assert rows == [
        {
            "tier_index": [0],
            "original_price": Decimal(20),
            "model_sku": "S",
            "seller_stock": [{"location_id": "SGZ", "stock": 3}],
        }
    ]
    assert first_stock(None, "") == {"stock": 0}


def shirt(*sizes: str, **skus: str) -> Product:
    return product(
        options=("Size",), variants=tuple(variant(skus.get(size, f"SHIRT-{size}"), size, id="1") for size in sizes)
    )


PRICES = [Decimal(1), Decimal(2), Decimal(3)]


def test_products_that_say_the_same_do_not_differ():
    assert not differ(shirt("S", "M"), shirt("M", "S"))
    assert differ(shirt("S", "L"), shirt("S", "M"))
    assert differ(shirt("S").model_copy(update={"options": ("Fit",)}), shirt("S"))
    with pytest.raises(Refused, match="differs in nothing, its listing 1000 in Size"):
        differ(product(), shirt("S"))


def test_a_new_variation_brings_its_option():
    planned = moves(shirt("S", "M", "L"), shirt("S", "M"), PRICES, [["M", "S"]], delete_missing=False)
    assert [(one.sku, price) for one, price in planned.new] == [("SHIRT-L", 3)]
    assert planned.tiers.options == (("M", "S", "L"),)
    assert [(one.sku, index) for one, index in planned.places] == [("SHIRT-S", [1]), ("SHIRT-M", [0])]
    assert planned.gone == []


def test_a_new_variation_of_known_options_moves_nothing():
    before = product(options=("A", "B"), variants=(variant("1", "x", "p"), variant("2", "y", "q")))
    after = before.model_copy(update={"variants": (*before.variants, variant("3", "x", "q"))})
    planned = moves(after, before, PRICES, [["x", "y"], ["p", "q"]], delete_missing=False)
    assert planned.places is None
    assert [one.sku for one, _ in planned.new] == ["3"]


def test_a_missing_variation_is_kept_or_taken_away_as_the_route_says():
    kept = moves(shirt("S"), shirt("S", "M"), PRICES[:1], [["S", "M"]], delete_missing=False)
    assert (kept.gone, kept.places, kept.new) == ([], None, [])
    gone = moves(shirt("S"), shirt("S", "M"), PRICES[:1], [["S", "M"]], delete_missing=True)
    assert [one.sku for one in gone.gone] == ["SHIRT-M"]
    assert [(one.sku, index) for one, index in gone.places] == [("SHIRT-S", [0])]


def test_a_renamed_option_keeps_its_variation():
    planned = moves(shirt("Small", Small="SHIRT-S"), shirt("S"), PRICES[:1], [["S"]], delete_missing=False)
    assert planned.tiers.options == (("Small",),)
    assert [(one.sku, index) for one, index in planned.places] == [("SHIRT-S", [0])]
    assert planned.new == []


def test_a_price_in_the_shops_currency_becomes_the_merchants_by_the_factor_and_stays_as_it_is_in_the_shop() -> None:
    factor = Decimal("0.00098")
    assert merchant_price(Money.parse("29.50 SGD"), "KRW", "SG", factor) == Decimal(30_102)
    assert shop_price(Money.parse("29.50 SGD"), "KRW", "SG", factor) == Decimal("29.50")
    assert merchant_price(Money.parse("700 THB"), "USD", "TH", Decimal(35)) == Decimal("20.00")
    assert merchant_price(Money.parse("30000 KRW"), "KRW", "SG", factor) == Decimal(30_000)
    assert shop_price(Money.parse("30000 KRW"), "KRW", "SG", factor) == Decimal("29.40")
    with pytest.raises(Refused, match="the listing is in KRW") as refused:
        merchant_price(Money.parse("29.50 SGD"), "KRW", "SG", None)
    assert "local_price_factor" in str(refused.value.hint)
    with pytest.raises(Refused, match="is in KRW"):
        merchant_price(Money.parse("29.50 EUR"), "KRW", "SG", factor)
    with pytest.raises(Refused, match="above 0"):
        merchant_price(Money.parse("0 SGD"), "KRW", "SG", factor)
