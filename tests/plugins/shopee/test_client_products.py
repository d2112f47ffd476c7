"""Listings, stock and prices: found by SKU, written item by item, made only once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from crossdock.contract import Unreadable, Window
from crossdock.errors import Refused, SignInAgain, TryLater, Unclear
from crossdock.model import Image, Money, PriceChange, Product, StockLevel, Variant
from tests.plugins.shopee.client_kit import NOW, bad, good, offline, online, route
from tests.plugins.shopee.listing_bodies import BASE, LIST, MODELS, PNG, Shop, item, model, sent, shirts, stock, tiers

STOCK, PRICE = "product/update_stock", "product/update_price"
ADD, UPDATE, UNLIST, DELETE = "product/add_item", "product/update_item", "product/unlist_item", "product/delete_item"
START, RETIER = "product/init_tier_variation", "product/update_tier_variation"
GROW, SHRINK = "product/add_model", "product/delete_model"
UPLOAD, CHANNELS = "media_space/upload_image", "logistics/get_channel_list"
LONG_ENOUGH = "Described at such length that it may be listed"
EVER = Window(datetime.fromtimestamp(NOW, UTC))


def level(sku: str, available: int = 7, **fields: Any) -> StockLevel:
    return StockLevel(sku=sku, available=Decimal(available), **fields)


def all_done(request: httpx.Request) -> dict[str, Any]:
    body = json.loads(request.content)
    rows = body.get("stock_list") or body.get("price_list")
    return good({"success_list": [{"model_id": row["model_id"]} for row in rows], "failure_list": []})


def price(sku: str, text: str = "20 SGD") -> PriceChange:
    return PriceChange(sku=sku, price=Money.parse(text))


async def test_all_listings_are_read_without_a_cursor_and_changed_ones_with_it():
    shop = shirts()
    async with offline(shop.answers) as far:
        pages = [page async for page in far.connection.pull_products(EVER, route())]
        assert [one.id for page in pages for one in page.items] == ["1", "2", "3"]
        cursor = pages[-1].cursor
        assert cursor == str(NOW - 5300)
        shop.items[2]["update_time"] = NOW - 10
        window = Window(EVER.start, None, str(NOW - 4000))
        pages = [page async for page in far.connection.pull_products(window, route())]
        assert [one.id for page in pages for one in page.items] == ["2"]
        assert pages[-1].cursor == str(NOW - 310)


async def test_more_listings_than_a_page_are_all_read():
    shop = Shop(*(item(number, f"S{number}", update_time=NOW - 5000 - number // 90) for number in range(1, 250)))
    async with offline(shop.answers) as far:
        found = [one.id async for page in far.connection.pull_products(EVER, route()) for one in page.items]
        assert sorted(map(int, found)) == list(range(1, 250))
    crowd = Shop(*(item(number, f"S{number}") for number in range(1, 150)))
    async with offline(crowd.answers) as far:
        found = [one.id async for page in far.connection.pull_products(EVER, route()) for one in page.items]
        assert len(found) == 149


async def test_a_listing_that_cannot_be_read_is_parked_alone():
    shop = Shop(item(1, "A", weight="heavy"), item(2, "B"), item(3, "C"), item(4, "D"))
    shop.models[3] = {"tier_variation": [], "model": [model(31, "C1", [0])]}
    shop.items[3]["has_model"] = True
    shop.items[4]["item_id"] = "four"
    answers = shop.answers | {BASE: good({"item_list": list(shop.items.values())})}
    async with offline(answers) as far:
        window = Window(EVER.start, None, str(NOW - 6000))
        answers[LIST] = far.far.answers[LIST] = good({"item": [{"item_id": n} for n in (1, 2, 3, 4)]})
        (page,) = [page async for page in far.connection.pull_products(window, route())]
        first, second, third, fourth = page.items
        assert isinstance(first, Unreadable)
        assert (first.id, first.error.path) == ("1", "weight")
        assert isinstance(second, Product)
        assert (third.id, third.error.path) == ("3", "item[3].model[31].tier_index")
        assert (fourth.id, fourth.error.path) == ("", "item_id")


async def test_levels_are_read_as_buyers_see_them():
    shop = shirts()
    shop.items[4] = item(4, "GONE", item_status="SELLER_DELETE")
    shop.items[5] = item(5, "")
    shop.items[6] = item(6, "BAD", weight="heavy")
    async with offline(shop.answers) as far:
        found = [one async for page in far.connection.pull_stock(EVER, route()) for one in page.items]
        assert [(one.sku, one.available) for one in found if isinstance(one, StockLevel)] == [
            ("SHIRT-S", 4), ("SHIRT-M", 4), ("CAP", 9), ("KIT", 9)
        ]  # fmt: skip
        assert [one.id for one in found if isinstance(one, Unreadable)] == ["6"]
    async with offline(Shop().answers) as far:
        assert [page async for page in far.connection.pull_stock(EVER, route())] == []


async def test_levels_are_read_by_our_names_of_locations():
    shop = Shop(item(1, "A", stock_info_v2=stock(("SGZ", 5))))
    async with offline(shop.answers) as far:
        mapped = route(locations={"S1": "SGZ"})
        (page,) = [page async for page in far.connection.pull_stock(EVER, mapped)]
        assert [(one.location, one.available) for one in page.items] == [("S1", 5)]


async def test_stock_is_written_item_by_item_with_an_outcome_each():
    shop = shirts()
    async with offline(shop.answers | {STOCK: all_done}) as far:
        skus = ["SHIRT-S", "CAP", "SHIRT-M", "NOPE", "KIT"]
        outcomes = await far.connection.push_stock([level(sku) for sku in skus], route())
        assert [one.key for one in outcomes] == skus
        assert [one.error is None for one in outcomes] == [True, True, True, False, False]
        assert outcomes[3].error.code == "unknown_sku"
        assert "is a kit" in str(outcomes[4].error)
        bodies = sorted(sent(far.far.asked, STOCK), key=lambda body: body["item_id"])
        assert bodies == [
            {
                "item_id": 1,
                "stock_list": [
                    {"model_id": 11, "seller_stock": [{"stock": 7}]},
                    {"model_id": 12, "seller_stock": [{"stock": 7}]},
                ],
            },
            {"item_id": 2, "stock_list": [{"model_id": 0, "seller_stock": [{"stock": 7}]}]},
        ]


async def test_levels_of_several_locations_are_one_row():
    async with offline(shirts().answers | {STOCK: all_done}) as far:
        mapped = route(locations={"S1": "SGZ", "S2": "MYZ"})
        levels = [level("CAP", 1, location="S1"), level("CAP", 2, location="S2"), level("SHIRT-S", 1, location="S9")]
        outcomes = await far.connection.push_stock(levels, mapped)
        assert [one.error is None for one in outcomes] == [True, True, False]
        (body,) = sent(far.far.asked, STOCK)
        assert body["stock_list"][0]["seller_stock"] == [
            {"location_id": "SGZ", "stock": 1},
            {"location_id": "MYZ", "stock": 2},
        ]


@pytest.mark.parametrize("top", [{}, {"error": "product.error_busi", "message": "Update stock failed"}])
async def test_a_row_that_failed_does_not_fail_the_others(top):
    answer = good(
        {
            "success_list": [{"model_id": 12}],
            "failure_list": [{"model_id": 11, "failed_reason": "Stock should be larger than reserved stock."}],
        }
    )
    async with offline(shirts().answers | {STOCK: answer | top}) as far:
        refused, fine = await far.connection.push_stock([level("SHIRT-S"), level("SHIRT-M")], route())
        assert isinstance(refused.error, Refused)
        assert refused.error.reason == "Stock should be larger than reserved stock."
        assert fine.error is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (good({"success_list": [], "failure_list": []}), Unclear),
        (good({"failure_list": [{"model_id": 0, "failed_reason": "Please try later."}]}), TryLater),
        (good({"failure_list": [{"model_id": 0, "failed_reason": None}]}), Refused),
        (bad("error_auth", "Total stock must be more than reserved stock."), Refused),
        (httpx.Response(500), TryLater),
    ],
)
async def test_what_became_of_a_level_is_never_guessed(answer, kind):
    async with offline(shirts().answers | {STOCK: answer}) as far:
        (outcome,) = await far.connection.push_stock([level("CAP")], route())
        assert type(outcome.error) is kind


async def test_a_withdrawn_authorisation_is_no_outcome():
    async with offline(shirts().answers | {STOCK: bad("shop_no_linked")}) as far:
        with pytest.raises(SignInAgain):
            await far.connection.push_stock([level("CAP")], route())


async def test_more_than_fifty_variations_are_two_calls():
    models = {
        "tier_variation": tiers(A=[f"a{number}" for number in range(60)]),
        "model": [model(100 + number, f"V{number}", [number]) for number in range(60)],
    }
    async with offline(Shop(item(1, "P"), models={1: models}).answers | {STOCK: all_done}) as far:
        outcomes = await far.connection.push_stock([level(f"V{number}") for number in range(60)], route())
        assert not any(one.error for one in outcomes)
        assert sorted(len(body["stock_list"]) for body in sent(far.far.asked, STOCK)) == [10, 50]


async def test_an_sku_of_two_listings_is_refused_or_written_to_both():
    shop = Shop(item(1, "CAP"), item(2, "CAP"))
    async with offline(shop.answers | {STOCK: all_done}) as far:
        (outcome,) = await far.connection.push_stock([level("CAP")], route())
        assert "SKU CAP is listed at 1/0, 2/0" in str(outcome.error)
        (outcome,) = await far.connection.push_stock([level("CAP")], route(duplicate_skus="all"))
        assert outcome.error is None
        assert sorted(body["item_id"] for body in sent(far.far.asked, STOCK)) == [1, 2]
        assert [one.id for one in await far.connection.find_product("CAP", route())] == ["1", "2"]


async def test_the_listings_are_read_once_and_then_only_what_changed():
    shop = shirts()
    async with offline(shop.answers | {STOCK: all_done}) as far:
        for _ in range(3):
            await far.connection.push_stock([level("CAP")], route())
        assert far.far.paths().count(LIST) == 1
        await far.connection.push_stock([level("NEW")], route())
        assert far.far.paths().count(LIST) == 1  # asked a moment ago
        shop.items[9] = item(9, "NEW", update_time=NOW + 20)
        shop.items[2]["item_sku"] = "CAP-2"
        shop.items[2]["update_time"] = NOW + 20
        far.clock.seconds += 31
        new, old = await far.connection.push_stock([level("NEW"), level("CAP")], route())
        assert new.error is None
        assert old.error is not None
        assert far.far.paths().count(LIST) == 2
        assert int(far.far.asked[-3].url.params.get("update_time_from", NOW - 300)) == NOW - 300
        far.clock.seconds += 301
        shop.items[9]["item_status"] = "SELLER_DELETE"
        shop.items[9]["update_time"] = NOW + 300
        (gone,) = await far.connection.push_stock([level("NEW")], route())
        assert gone.error.code == "unknown_sku"


async def test_many_changed_listings_are_looked_at_a_few_at_a_time_so_that_levels_do_not_wait():
    """A look takes a tenth of the time at most, here at ten seconds for fifty listings, and goes on where it was."""
    shop = Shop(*(item(number, f"S{number}", update_time=NOW - 9_000 + number * 10) for number in range(1, 600)))
    async with offline(shop.answers | {STOCK: all_done}) as far:
        await far.connection.push_stock([level("S1")], route())
        for number in range(1, 600):
            shop.items[number]["update_time"] = NOW + number
        answer = far.far.answers[BASE]

        def slowly(request):
            far.clock.seconds += 10
            return answer(request)

        far.far.answers[BASE] = slowly
        looks = []
        far.clock.seconds += 1_000
        for _ in range(6):
            before = far.far.paths().count(BASE)
            await far.connection.push_stock([level("S1")], route())
            looks.append(far.far.paths().count(BASE) - before)
            far.clock.seconds += 600
        assert max(looks) <= 5  # of the 16 that all of them take
        assert (sum(looks) >= 12, looks[-1]) == (True, 0)


async def test_prices_are_written_with_an_outcome_each():
    async with offline(shirts().answers | {PRICE: all_done}) as far:
        changes = [price("SHIRT-S", "19.90 SGD"), price("KIT"), price("CAP", "5 MYR"), price("NOPE")]
        outcomes = await far.connection.push_prices(changes, route())
        assert [one.error is None for one in outcomes] == [True, True, False, False]
        texts = [one.content.decode() for one in far.far.asked if one.url.path.endswith(PRICE)]
        assert '{"item_id":1,"price_list":[{"model_id":11,"original_price":19.90}]}' in texts


async def test_a_product_is_found_by_the_sku_of_item_or_variation():
    shop = shirts()
    async with offline(shop.answers) as far:
        for sku in ("SHIRT", "SHIRT-M"):
            assert [one.id for one in await far.connection.find_product(sku, route())] == ["1"]
        shop.items[2]["item_status"] = "SELLER_DELETE"
        assert await far.connection.find_product("CAP", route()) == []
        assert await far.connection.find_product("NOPE", route()) == []


def wanted(*sizes: str, **fields: Any) -> Product:
    variants = tuple(
        Variant(sku=f"P-{size}", options=(size,), price=Money.parse("20 SGD"), stock=Decimal(3)) for size in sizes
    )
    alone = (Variant(sku="P", price=Money.parse("20 SGD"), stock=Decimal(3)),)
    known = {
        "id": "1000", "sku": "P", "name": "Product", "description": LONG_ENOUGH, "category": "100300",
        "weight_grams": 300, "options": ("Size",) if sizes else (), "variants": variants or alone,
        "images": (Image(id="front", url=PNG),),
    }  # fmt: skip
    return Product(**{**known, **fields})


class Maker(Shop):
    """A shop in which listings can be made."""

    def add(self, request: httpx.Request) -> dict[str, Any]:
        body = json.loads(request.content)
        self.items[50] = item(
            50, body["item_sku"], item_name=body["item_name"], description=body["description"], update_time=NOW,
            item_status=body["item_status"], image=body["image"], dimension=None,
        )  # fmt: skip
        return good({"item_id": 50})

    def vary(self, request: httpx.Request) -> dict[str, Any]:
        body = json.loads(request.content)
        (tier,) = body["standardise_tier_variation"]
        names = [one["variation_option_name"] for one in tier["variation_option_list"]]
        rows = [model(500 + place, row["model_sku"], row["tier_index"]) for place, row in enumerate(body["model"])]
        self.models[50] = {"tier_variation": tiers(**{tier["variation_name"]: names}), "model": rows}
        self.items[50]["has_model"] = True
        return good({"item_id": 50})

    @property
    def answers(self) -> dict[str, Any]:
        channel = {"logistics_channel_id": 80101, "enabled": True, "mask_channel_id": 0, "fee_type": "SIZE_INPUT"}
        others = [{**channel, "logistics_channel_id": 5, **one} for one in (
            {"enabled": False}, {"mask_channel_id": 3}, {"fee_type": "SIZE_SELECTION"})]  # fmt: skip
        done = good({"success_list": [{"item_id": 50}], "failure_list": []})
        return super().answers | {
            UPLOAD: good({"image_info": {"image_id": "im-9"}}),
            CHANNELS: good({"logistics_channel_list": [channel, *others]}),
            ADD: self.add,
            START: self.vary,
            UNLIST: done,
            **{path: good() for path in (UPDATE, RETIER, GROW, SHRINK, DELETE)},
        }


async def test_a_product_without_variations_is_listed_by_one_call():
    async with offline(Maker().answers) as far:
        receipt = await far.connection.push_product(wanted(), None, route())
        assert (receipt.id, receipt.already) == ("50", False)
        (body,) = sent(far.far.asked, ADD)
        assert body["image"] == {"image_id_list": ["im-9"]}
        assert body["logistic_info"] == [{"logistic_id": 80101, "enabled": True}]
        assert (body["original_price"], body["seller_stock"], body["item_status"]) == (20.0, [{"stock": 3}], "NORMAL")
        assert START not in far.far.paths()


async def test_a_product_with_variations_is_shown_only_when_it_is_whole():
    shop = Maker()
    async with offline(shop.answers) as far:
        began = far.clock.seconds
        receipt = await far.connection.push_product(wanted("S", "M"), None, route(locations={"S1": "SGZ"}))
        assert receipt.id == "50"
        assert far.clock.seconds - began >= 5
        (made,), (varied,), (shown,) = (sent(far.far.asked, path) for path in (ADD, START, UNLIST))
        assert made["item_status"] == "UNLIST"
        assert made["seller_stock"] == [{"location_id": "SGZ", "stock": 0}]
        assert [row["model_sku"] for row in varied["model"]] == ["P-S", "P-M"]
        assert varied["model"][0]["seller_stock"] == [{"location_id": "SGZ", "stock": 3}]
        assert shown == {"item_list": [{"item_id": 50, "unlist": False}]}
        assert [one.id for one in await far.connection.find_product("P-M", route())] == ["50"]


async def test_a_listing_can_stay_invisible_and_name_its_channels():
    async with offline(Maker().answers) as far:
        chosen = route(list_as="UNLIST", logistics=[{"id": 7, "free": True}, {"id": 8, "size_id": 2}])
        await far.connection.push_product(wanted("S"), None, chosen)
        (body,) = sent(far.far.asked, ADD)
        assert body["logistic_info"] == [
            {"logistic_id": 7, "enabled": True, "is_free": True},
            {"logistic_id": 8, "enabled": True, "is_free": False, "size_id": 2},
        ]
        assert UNLIST not in far.far.paths()


async def test_a_half_made_listing_is_finished_and_not_made_twice():
    shop = Maker()
    async with offline(shop.answers | {START: [bad("error_server", "sorry"), shop.vary]}) as far:
        with pytest.raises(Unclear):
            await far.connection.push_product(wanted("S"), None, route())
        (half,) = await far.connection.find_product("P", route())
        assert half.vendor_status == "UNLIST"
        receipt = await far.connection.push_product(wanted("S"), half, route())
        assert receipt.note == "variations"
        assert len(sent(far.far.asked, ADD)) == 1
        assert sent(far.far.asked, UNLIST) == [{"item_list": [{"item_id": 50, "unlist": False}]}]


async def test_variations_that_do_not_show_yet_are_waited_for():
    async with offline(Maker().answers | {START: good()}) as far:
        with pytest.raises(TryLater, match="does not show variation P-S yet"):
            await far.connection.push_product(wanted("S"), None, route())


async def test_what_is_listed_as_wanted_costs_no_write():
    async with offline(Maker().answers) as far:
        product = wanted("S", "M")
        await far.connection.push_product(product, None, route())
        (listed,) = await far.connection.find_product("P", route())
        far.far.asked.clear()
        assert (await far.connection.push_product(product, listed, route())).already
        assert far.far.paths() == []


async def test_what_differs_is_changed_and_new_variations_are_added():
    async with offline(Maker().answers) as far:
        await far.connection.push_product(wanted("S", "M"), None, route())
        (listed,) = await far.connection.find_product("P", route())
        after = wanted("S", "L", name="Another name")
        receipt = await far.connection.push_product(after, listed, route(missing_variants="delete"))
        assert receipt.note == "item_name, without P-M, options, with P-L"
        assert sent(far.far.asked, UPDATE) == [{"item_id": 50, "item_name": "Another name"}]
        assert sent(far.far.asked, SHRINK) == [{"item_id": 50, "model_id": 501}]
        (retier,) = sent(far.far.asked, RETIER)
        assert retier["model_list"] == [{"model_id": 500, "tier_index": [0]}]
        (grown,) = sent(far.far.asked, GROW)
        assert [(row["model_sku"], row["tier_index"]) for row in grown["model_list"]] == [("P-L", [1])]


async def test_missing_variations_stay_unless_the_route_says_otherwise():
    async with offline(Maker().answers) as far:
        await far.connection.push_product(wanted("S", "M"), None, route())
        (listed,) = await far.connection.find_product("P", route())
        assert (await far.connection.push_product(wanted("S"), listed, route())).already
        assert SHRINK not in far.far.paths()


async def test_a_picture_is_uploaded_once_by_its_content():
    async with offline(Maker().answers) as far:
        twice = wanted(images=(Image(id="a", url=PNG, position=1), Image(id="b", url=PNG)))
        await far.connection.push_product(twice, None, route())
        uploads = [one for one in far.far.asked if one.url.path.endswith(UPLOAD)]
        assert len(uploads) == 1
        assert b'name="image"; filename="image.png"' in uploads[0].content
        assert uploads[0].headers["Content-Type"].startswith("multipart/form-data; boundary=")
        assert sent(far.far.asked, ADD)[0]["image"] == {"image_id_list": ["im-9", "im-9"]}


async def test_a_picture_at_an_address_is_fetched_without_our_signature():
    jpeg = httpx.Response(200, content=b"\xff\xd8 a picture")
    async with offline(Maker().answers | {"/front.jpg": jpeg}) as far:
        await far.connection.push_product(
            wanted(images=(Image(id="a", url="https://erp.test/front.jpg"),)), None, route()
        )
        (fetched,) = [one for one in far.far.asked if one.url.host == "erp.test"]
        assert not fetched.url.params
        assert any(b"image/jpeg" in one.content for one in far.far.asked)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "has no picture that can be fetched"),
        ("https://erp.test/gone.jpg", "cannot be fetched: HTTP 404"),
        ("data:image/gif;base64,R0lGODlhAQ==", "cannot be used"),
    ],
)
async def test_a_picture_that_cannot_be_used_is_refused(url, says):
    async with offline(Maker().answers | {"/gone.jpg": httpx.Response(404)}) as far:
        with pytest.raises(Refused, match=says):
            await far.connection.push_product(wanted(images=(Image(id="a", url=url),)), None, route())


async def test_what_cannot_be_listed_is_refused_before_anything_is_made():
    answers = Maker().answers | {CHANNELS: good({"logistics_channel_list": []})}
    async with offline(answers) as far:
        with pytest.raises(Refused, match="no shipping channel"):
            await far.connection.push_product(wanted(), None, route())
        assert ADD not in far.far.paths()


async def test_an_attribute_that_is_missing_is_told_with_where_to_add_it():
    refused = bad("error_param", "Mandatory attribute information required")
    async with offline(Maker().answers | {ADD: refused}) as far:
        with pytest.raises(Refused, match="Mandatory attribute") as caught:
            await far.connection.push_product(wanted(), None, route())
        assert caught.value.hint == "category 100300 wants more: add them to attributes of the route"


def kit(*parts: tuple[str, str], **fields: Any) -> Product:
    return wanted(parts=tuple({"sku": sku, "quantity": quantity} for sku, quantity in parts), **fields)


async def test_a_kit_is_made_of_listed_parts_and_then_left_alone():
    shop = Maker(item(1, "SHIRT"), item(2, "CAP"), models=shirts().models)
    shop.items[50] = item(50, "P", tag={"kit": True})
    async with offline(shop.answers | {"product/add_kit_item": good({"item_id": 50})}) as far:
        receipt = await far.connection.push_product(kit(("CAP", "2"), ("SHIRT-M", "1")), None, route())
        assert receipt.id == "50"
        (body,) = sent(far.far.asked, "product/add_kit_item")
        setting = body["item_setting"]
        assert (setting["item_name"], setting["item_sku"], setting["unlisted"]) == ("Product", "P", False)
        assert setting["images"] == {"image_id_list": ["im-9"]}
        assert setting["model_list"] == [
            {
                "tier_index": [0],
                "model_sku": "P",
                "original_price": 20,
                "component_list": [
                    {"component_item_id": 2, "quantity": 2, "main_component": True},
                    {"component_item_id": 1, "component_model_id": 12, "quantity": 1, "main_component": False},
                ],
            }
        ]
        (listed,) = await far.connection.find_product("P", route())
        assert (await far.connection.push_product(kit(("CAP", "3")), listed, route())).already


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([("CAP", "1")], "has 1 parts; Shopee takes 2 to 10"),
        ([("CAP", "1"), ("NOPE", "1")], "Part NOPE of kit P is listed 0 times"),
        ([("CAP", "1"), ("SHIRT-S", "0.5")], "holds 0.5 of SHIRT-S"),
    ],
)
async def test_a_kit_that_shopee_does_not_take_is_refused(parts, says):
    shop = Maker(item(1, "SHIRT"), item(2, "CAP"), models=shirts().models)
    async with offline(shop.answers) as far:
        with pytest.raises(Refused, match=says):
            await far.connection.push_product(kit(*parts), None, route())


async def test_a_kit_of_the_sandbox_is_made_over_http():
    async with online() as shop:
        made = await shop.connection.push_product(kit(("CAP", "2"), ("MUG", "1"), sku="SET"), None, route())
        (listed,) = await shop.connection.find_product("SET", route())
        assert listed.id == made.id
        (outcome,) = await shop.connection.push_stock([level(listed.variants[0].sku, 5)], route())
        assert "is a kit" in str(outcome.error)


async def test_a_lost_answer_to_making_a_listing_is_unclear():
    def lost(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("cut")

    async with offline(Maker().answers | {ADD: lost}) as far:
        with pytest.raises(Unclear):
            await far.connection.push_product(wanted(), None, route())
        assert far.far.paths().count(ADD) == 1


async def test_a_listing_is_taken_off_sale_and_deleted_once():
    async with offline(Maker().answers) as far:
        listed = wanted(id="50", vendor_status="NORMAL")
        assert not (await far.connection.delist_product(listed, route())).already
        assert sent(far.far.asked, UNLIST) == [{"item_list": [{"item_id": 50, "unlist": True}]}]
        assert not (await far.connection.delete_product(listed, route())).already
        assert sent(far.far.asked, DELETE) == [{"item_id": 50}]
        for status in ("UNLIST", "SELLER_DELETE"):
            off = wanted(id="50", vendor_status=status)
            assert (await far.connection.delist_product(off, route())).already
        assert (await far.connection.delete_product(off, route())).already


async def test_a_listing_is_put_on_sale_again_unless_it_is():
    async with offline(Maker().answers) as far:
        assert (await far.connection.relist_product(wanted(id="50", vendor_status="NORMAL"), route())).already
        assert not (await far.connection.relist_product(wanted(id="50", vendor_status="UNLIST"), route())).already
        assert sent(far.far.asked, UNLIST) == [{"item_list": [{"item_id": 50, "unlist": False}]}]


async def test_a_promotion_that_keeps_a_listing_on_sale_is_told():
    failed = good(
        {"failure_list": [{"item_id": 50, "failed_reason": "Can't unlist item when item is under promotion"}]}
    )
    async with offline(Maker().answers | {UNLIST: failed}) as far:
        with pytest.raises(Refused, match="under promotion"):
            await far.connection.delist_product(wanted(id="50", vendor_status="NORMAL"), route())


def test_scripted_paths_are_those_of_the_documentation():
    assert {MODELS, BASE, LIST} <= Maker().answers.keys()


async def test_listings_of_the_sandbox_are_made_changed_and_deleted_over_http():
    async with online() as shop:
        chosen, connection = route(), shop.connection
        made = await connection.push_product(wanted("S", "M"), None, chosen)
        (listed,) = await connection.find_product("P-M", chosen)
        assert (listed.id, listed.vendor_status) == (made.id, "NORMAL")
        assert (await connection.push_product(wanted("S", "M"), listed, chosen)).already
        await connection.push_product(wanted("S", "M", "L", name="Another product name"), listed, chosen)
        (listed,) = await connection.find_product("P", chosen)
        assert listed.name == "Another product name"
        assert {one.options for one in listed.variants} == {("S",), ("M",), ("L",)}
        outcomes = await connection.push_stock([level("P-L", 5), level("CAP", 6)], chosen)
        assert not any(one.error for one in outcomes)
        outcomes = await connection.push_prices([price("P-L", "19.90 SGD")], chosen)
        assert not any(one.error for one in outcomes)
        (listed,) = await connection.find_product("P", chosen)
        assert [(str(one.price), one.stock) for one in listed.variants if one.sku == "P-L"] == [("19.90 SGD", 5)]
        await connection.delist_product(listed, chosen)
        (listed,) = await connection.find_product("P", chosen)
        assert listed.vendor_status == "UNLIST"
        await connection.delete_product(listed, chosen)
        assert await connection.find_product("P", chosen) == []


async def test_a_price_too_far_from_the_others_is_refused_alone_and_the_others_pass():
    async with online() as shop:
        changes = [
            PriceChange(sku=sku, price=Money.parse(price))
            for sku, price in (("TSHIRT-WHITE-M", "16.50 SGD"), ("TSHIRT-BLACK-M", "100 SGD"))
        ]
        fitting, far_off = await shop.connection.push_prices(changes, route())
        assert fitting.error is None
        assert isinstance(far_off.error, Refused)
        assert "the dearest may cost only so many times the cheapest" in far_off.error.reason
        (listed,) = await shop.connection.find_product("TSHIRT-WHITE-M", route())
        assert {one.sku: str(one.price) for one in listed.variants}["TSHIRT-WHITE-M"] == "16.50 SGD"
