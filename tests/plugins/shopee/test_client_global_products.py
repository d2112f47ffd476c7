"""Cross-border sellers: products, prices and stock belong to the merchant, and are published to the shop."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from crossdock.contract import Unreadable, Window
from crossdock.errors import Refused, TryLater, Unclear
from crossdock.model import Image, Money, PriceChange, Product, StockLevel, Variant
from tests.plugins.shopee.client_kit import NOW, bad, good, offline, online, route
from tests.plugins.shopee.listing_bodies import PNG, sent, tiers

LIST, INFO = "global_product/get_global_item_list", "global_product/get_global_item_info"
MODELS, MERCHANT = "global_product/get_global_model_list", "merchant/get_merchant_info"
ADD, START, UPDATE = (
    f"global_product/{name}" for name in ("add_global_item", "init_tier_variation", "update_global_item")
)
STOCK, PRICE, DELETE = (f"global_product/{name}" for name in ("update_stock", "update_price", "delete_global_item"))
PUBLISHED, HIDE = "global_product/get_published_list", "product/unlist_item"
LOCAL_PRICE = "product/update_price"
SHOPS, PUBLISH = "global_product/get_publishable_shop", "global_product/create_publish_task"
TASK, UPLOAD, CHANNELS = (
    "global_product/get_publish_task_result",
    "media_space/upload_image",
    "logistics/get_channel_list",
)
SELLER: dict[str, Any] = {"merchant_id": 1000000}
EVER = Window(datetime.fromtimestamp(NOW, UTC))


def global_item(number: int, sku: str, **changes: Any) -> dict[str, Any]:
    return {
        "global_item_id": number,
        "global_item_name": "Product",
        "global_item_status": "NORMAL",
        "global_item_sku": sku,
        "category_id": 100300,
        "description": "Described",
        "update_time": NOW - 5000,
        "price_info": [{"currency": "KRW", "original_price": 20000}],
        "stock_info": [{"stock_type": 2, "stock_location_id": "", "normal_stock": 9, "reserved_stock": 0}],
        "image": {"image_id_list": ["im-9"], "image_url_list": []},
        "weight": "0.3",
        "pre_order": {"days_to_ship": 3},
        "has_model": False,
        **changes,
    }


def shirt() -> dict[str, Any]:
    model = {
        "global_model_id": 11,
        "global_model_sku": "P-S",
        "tier_index": [0],
        "price_info": {"original_price": 20000},
    }
    other = {"global_model_id": 12, "global_model_sku": "P-M", "tier_index": [1]}
    return good({"tier_variation": tiers(Size=["S", "M"]), "global_model": [model, other]})


def merchant(*items: dict[str, Any]) -> dict[str, Any]:
    def listing(request: httpx.Request) -> dict[str, Any]:
        query = request.url.params
        assert "merchant_id" in query
        assert "shop_id" not in query
        first, last, at = int(query["update_time_from"]), int(query["update_time_to"]), int(query.get("offset", "0"))
        found = [{"global_item_id": one["global_item_id"]} for one in items if first <= one["update_time"] <= last]
        page = found[at : at + 50]
        return good({"global_item_list": page, "has_next_page": at + 50 < len(found), "offset": str(at + 50)})

    def info(request: httpx.Request) -> dict[str, Any]:
        asked = request.url.params["global_item_id_list"].split(",")
        assert len(asked) <= 20
        return good({"global_item_list": [one for one in items if str(one["global_item_id"]) in asked]})

    return {
        LIST: listing,
        INFO: info,
        MODELS: shirt(),
        MERCHANT: good(merchant_name="Company", merchant_currency="KRW"),
        ADD: good({"global_item_id": 50}),
        SHOPS: good({"publishable_shop": [{"shop_id": 600000, "shop_region": "SG"}]}),
        PUBLISH: good({"publish_task_id": 7}),
        TASK: good({"publish_status": "success", "success": {"item_id": "99", "shop_id": "600000"}, "failed": None}),
        UPLOAD: good({"image_info": {"image_id": "im-9"}}),
        CHANNELS: good({"logistics_channel_list": [{"logistics_channel_id": 80101, "enabled": True}]}),
        DELETE: good({"failure_delete_item": []}),
        **{path: good() for path in (START, UPDATE, STOCK, PRICE)},
    }


def wanted(*sizes: str, **fields: Any) -> Product:
    variants = tuple(Variant(sku=f"P-{one}", options=(one,), price=Money.parse("20000 KRW")) for one in sizes)
    alone = (Variant(sku="P", price=Money.parse("20000 KRW"), stock=Decimal(3)),)
    known = {
        "id": "1000", "sku": "P", "name": "Product", "description": "Described", "category": "100300",
        "weight_grams": 300, "options": ("Size",) if sizes else (), "variants": variants or alone,
        "images": (Image(id="front", url=PNG),),
    }  # fmt: skip
    return Product(**{**known, **fields})


async def test_global_items_are_read_as_products_in_the_merchants_currency():
    items = [global_item(number, f"S{number}") for number in range(1, 60)]
    items += [global_item(90, "P", has_model=True), global_item(91, "BAD", weight="heavy")]
    async with offline(merchant(*items), **SELLER) as far:
        found = [one async for page in far.connection.pull_products(EVER, route()) for one in page.items]
        assert len(found) == 61
        varied = next(one for one in found if one.id == "90")
        assert [(one.id, one.sku, str(one.price)) for one in varied.variants] == [
            ("11", "P-S", "20000 KRW"),
            ("12", "P-M", "None"),
        ]
        assert [(one.id, one.error.path) for one in found if isinstance(one, Unreadable)] == [("91", "weight")]
        simple = next(one for one in found if one.id == "1")
        assert (str(simple.variants[0].price), simple.variants[0].stock) == ("20000 KRW", 9)


async def test_stock_and_prices_are_written_to_the_global_item():
    async with offline(merchant(global_item(1, "CAP"), global_item(90, "P", has_model=True)), **SELLER) as far:
        levels = [StockLevel(sku=sku, available=Decimal(5)) for sku in ("CAP", "P-S", "NOPE")]
        outcomes = await far.connection.push_stock(levels, route())
        assert [one.error is None for one in outcomes] == [True, True, False]
        assert sent(far.far.asked, STOCK) == [
            {"global_item_id": 1, "stock_list": [{"seller_stock": [{"stock": 5}]}]},
            {"global_item_id": 90, "stock_list": [{"global_model_id": 11, "seller_stock": [{"stock": 5}]}]},
        ]
        changes = [PriceChange(sku="P-M", price=Money.parse(text)) for text in ("21000 KRW",)]
        assert not (await far.connection.push_prices(changes, route()))[0].error
        assert sent(far.far.asked, PRICE)[0]["price_list"] == [{"global_model_id": 12, "original_price": 21000}]
        (wrong,) = await far.connection.push_prices([PriceChange(sku="P-M", price=Money.parse("9 EUR"))], route())
        assert "the listing is in KRW" in str(wrong.error)


async def test_prices_in_the_shops_currency_are_set_on_what_was_published_to_it_with_its_token():
    models = good({"model": [{"model_id": 71, "model_sku": "P-S", "tier_index": [0]}], "tier_variation": []})
    shown = good({"success_list": [{"model_id": 71}], "failure_list": []})
    answers = {PUBLISHED: published(1), "product/get_model_list": models, LOCAL_PRICE: shown}
    async with offline(merchant(global_item(90, "P", has_model=True)) | answers, **SELLER) as far:
        prices = {"P-S": "27.90 SGD", "P-M": "28 SGD", "NOPE": "1 SGD"}
        changes = [PriceChange(sku=sku, price=Money.parse(text)) for sku, text in prices.items()]
        chosen = route(price_currency="shop", local_price_factor="0.001")
        outcomes = await far.connection.push_prices(changes, chosen)
        assert [row["price_list"] for row in sent(far.far.asked, PRICE)] == [
            [{"global_model_id": 11, "original_price": 27900}, {"global_model_id": 12, "original_price": 28000}]
        ]
        assert [(one.key, getattr(one.error, "code", one.error)) for one in outcomes] == [
            ("P-S", None), ("P-M", "unknown_sku"), ("NOPE", "unknown_sku")
        ]  # fmt: skip
        row = {"model_id": 71, "original_price": 27.9}
        assert [one for one in sent(far.far.asked, LOCAL_PRICE) if "item_id" in one] == [
            {"item_id": 99, "price_list": [row]}
        ]
        far.far.answers[LOCAL_PRICE] = good(
            {"success_list": [], "failure_list": [{"model_id": 71, "failed_reason": "locked"}]}
        )
        assert "locked" in str((await far.connection.push_prices(changes[:1], chosen))[0].error)
        far.far.answers[LOCAL_PRICE] = good({"success_list": [], "failure_list": []})
        assert isinstance((await far.connection.push_prices(changes[:1], chosen))[0].error, Unclear)
        far.far.answers[LOCAL_PRICE] = bad("error_auth", "cnsc shop can not edit item through shop APIs")
        (refused,) = await far.connection.push_prices(changes[:1], chosen)
        assert "prices_follow_merchant" in str(refused.error.hint)
        far.far.answers[PUBLISHED] = published(4)
        (gone,) = await far.connection.push_prices(changes[:1], chosen)
        assert "not listed in shop 600000" in str(gone.error)
        follows = route(prices_follow_merchant=True, price_currency="shop", local_price_factor="0.001")
        assert (await far.connection.push_prices(changes[:1], follows))[0].error is None
        (read,) = await far.connection.find_product("P-S", chosen)
        assert {str(one.price) for one in read.variants if one.price} == {"20.00 SGD"}


async def test_a_stock_that_is_refused_is_told_for_each_level():
    async with offline(
        merchant(global_item(1, "CAP")) | {STOCK: bad("error_param", "no such location")}, **SELLER
    ) as far:
        (outcome,) = await far.connection.push_stock([StockLevel(sku="CAP", available=Decimal(5))], route())
        assert isinstance(outcome.error, Refused)


async def test_a_product_is_made_with_the_merchant_and_published_to_the_shop():
    async with offline(merchant(global_item(50, "P", has_model=True)), **SELLER) as far:
        receipt = await far.connection.push_product(wanted("S", "M"), None, route())
        assert receipt.id == "50"
        (made,), (varied,), (published,) = (sent(far.far.asked, path) for path in (ADD, START, PUBLISH))
        assert (made["global_item_name"], made["global_item_sku"], made["original_price"]) == ("Product", "P", 20000)
        assert made["pre_order"] == {"days_to_ship": 3}
        assert made["seller_stock"] == [{"stock": 0}]
        assert "item_name" not in made
        assert [row["global_model_sku"] for row in varied["global_model"]] == ["P-S", "P-M"]
        assert (published["shop_id"], published["shop_region"]) == (600000, "SG")
        assert published["item"] == {"item_status": "NORMAL", "logistic": [{"logistic_id": 80101, "enabled": True}]}


async def test_local_prices_follow_the_factor_of_the_route():
    async with offline(merchant(global_item(50, "P")), **SELLER) as far:
        await far.connection.push_product(wanted("S", "M"), None, route(local_price_factor="0.001"))
        await far.connection.push_product(wanted(days_to_ship=9), None, route(local_price_factor="0.002"))
        varied, simple = (body["item"] for body in sent(far.far.asked, PUBLISH))
        assert varied["original_price"] == 20
        assert varied["model"][1] == {"tier_index": [1], "original_price": 20}
        assert simple["original_price"] == 40
        assert "model" not in simple
        assert sent(far.far.asked, ADD)[1]["seller_stock"] == [{"stock": 3}]
        assert sent(far.far.asked, ADD)[1]["pre_order"] == {"days_to_ship": 9}


async def test_what_is_listed_and_published_costs_no_write():
    there = global_item(50, "P", dimension=None)
    async with offline(merchant(there) | {SHOPS: good({"publishable_shop": None})}, **SELLER) as far:
        (listed,) = await far.connection.find_product("P", route())
        receipt = await far.connection.push_product(wanted(), listed, route())
        assert receipt.already
        renamed = await far.connection.push_product(wanted(name="New", days_to_ship=4), listed, route())
        assert renamed.note == "global_item_name, pre_order"
        (body,) = sent(far.far.asked, UPDATE)
        assert body == {"global_item_id": 50, "global_item_name": "New", "pre_order": {"days_to_ship": 4}}


async def test_publishing_goes_on_where_it_stopped():
    async with offline(merchant(global_item(50, "P")), **SELLER) as far:
        (listed,) = await far.connection.find_product("P", route())
        assert (await far.connection.push_product(wanted(), listed, route())).note == "published"
        assert ADD not in far.far.paths()
        assert (await far.connection.push_product(wanted("S"), listed, route())).note == "variations, published"
        assert len(sent(far.far.asked, START)) == 1


async def test_publishing_is_waited_for_and_its_failure_told():
    working = good({"publish_status": "processing", "success": {"item_id": None}, "failed": {"failed_reason": ""}})
    failed = good({"publish_status": "failed", "failed": {"failed_reason": "item name length exceed upper limit"}})
    async with offline(merchant(global_item(50, "P")) | {TASK: working}, **SELLER) as far:
        with pytest.raises(TryLater, match="takes longer"):
            await far.connection.push_product(wanted(), None, route())
        assert far.clock.seconds > NOW + 5
        far.far.answers[TASK] = [working, failed]
        with pytest.raises(Refused, match="item name length exceed upper limit"):
            await far.connection.push_product(wanted(), None, route())


async def test_what_this_plugin_does_not_do_with_global_items_is_refused():
    async with offline(merchant(global_item(50, "P", has_model=True)), **SELLER) as far:
        (listed,) = await far.connection.find_product("P", route())
        with pytest.raises(Refused, match="Variations of global item 50 differ"):
            await far.connection.push_product(wanted("S", "L"), listed, route())


def published(status: int, shop_id: int = 600000) -> dict[str, Any]:
    return good({"published_item": [{"shop_id": shop_id, "item_id": 99, "item_status": status}]})


@pytest.mark.parametrize(("status", "calls"), [(1, 1), (8, 0), (0, 0), (4, 0)])
async def test_taking_a_global_item_off_sale_hides_it_in_this_shop_with_the_shops_token(status: int, calls: int):
    answers = {PUBLISHED: published(status), HIDE: good({"failure_list": [], "success_list": []})}
    async with offline(merchant(global_item(50, "P")) | answers, **SELLER) as far:
        (listed,) = await far.connection.find_product("P", route())
        receipt = await far.connection.delist_product(listed, route())
        assert receipt.already is not bool(calls)
        assert sent(far.far.asked, HIDE) == [{"item_list": [{"item_id": 99, "unlist": True}]}] * calls
        levels = {one.url.path: one.url.params for one in far.far.asked}
        assert all("shop_id" in query for path, query in levels.items() if path.endswith(HIDE))


async def test_what_was_hidden_is_shown_again_unless_it_is_gone_from_the_shop():
    answers = {PUBLISHED: published(8), HIDE: good({"failure_list": [], "success_list": []})}
    async with offline(merchant(global_item(50, "P")) | answers, **SELLER) as far:
        (listed,) = await far.connection.find_product("P", route())
        assert not (await far.connection.relist_product(listed, route())).already
        assert sent(far.far.asked, HIDE) == [{"item_list": [{"item_id": 99, "unlist": False}]}]
        far.far.answers[PUBLISHED] = published(1, shop_id=7)
        with pytest.raises(Refused, match="not listed in shop 600000"):
            await far.connection.relist_product(listed, route())


async def test_a_shop_that_may_not_hide_its_items_hears_what_to_do_by_hand():
    answers = {PUBLISHED: published(1), HIDE: bad("error_auth", "cnsc shop not upgraded, can not edit item.")}
    async with offline(merchant(global_item(50, "P")) | answers, **SELLER) as far:
        (listed,) = await far.connection.find_product("P", route())
        with pytest.raises(Refused, match="not upgraded") as caught:
            await far.connection.delist_product(listed, route())
        assert "Seller Centre" in str(caught.value.hint)


async def test_a_global_item_is_deleted_unless_a_shop_keeps_it():
    async with offline(merchant(global_item(50, "P")), **SELLER) as far:
        (listed,) = await far.connection.find_product("P", route())
        assert (await far.connection.delete_product(listed, route())).id == "50"
        assert sent(far.far.asked, DELETE) == [{"global_item_id": 50}]
        far.far.answers[DELETE] = good({"failure_delete_item": [{"shop_id": 1, "item_id": 2}]})
        with pytest.raises(Refused, match="still listed in 1 shops"):
            await far.connection.delete_product(listed, route())


async def test_a_merchant_of_the_sandbox_lists_prices_and_stocks_over_http():
    async with online() as shop:
        known = shop.sandbox.credentials()
    company = {
        "shop_id": known["merchant_shop_ids"][0],
        "merchant_id": known["merchant_id"],
        "access_token": known["merchant_access_token"],
        "refresh_token": known["merchant_refresh_token"],
    }
    async with online(company) as shop:
        connection, chosen = shop.connection, route(local_price_factor="0.001")
        product = wanted("S", "M", description="Described at such length that it may be listed")
        made = await connection.push_product(product, None, chosen)
        (listed,) = await connection.find_product("P-M", chosen)
        assert listed.id == made.id
        assert (await connection.push_product(product, listed, chosen)).already
        outcomes = await connection.push_stock([StockLevel(sku="P-S", available=Decimal(9))], chosen)
        outcomes += await connection.push_prices([PriceChange(sku="P-S", price=Money.parse("21000 KRW"))], chosen)
        assert not any(one.error for one in outcomes)
        (listed,) = await connection.find_product("P-S", chosen)
        assert [(str(one.price), one.stock) for one in listed.variants if one.sku == "P-S"] == [("21000 KRW", 9)]
        for _ in range(2):
            await connection.delist_product(listed, chosen)
        await connection.relist_product(listed, chosen)
        writes = [json.dumps(one) for one in (await shop.operator.get("/_sandbox/writes")).json()["writes"]]
        assert any(made.id in one for one in writes)
        assert sum("unlist_item" in one for one in writes) == 2
