from typing import Any

from tests.plugins.shopee.sandbox_client import Answer, Client, connected

SAMPLE_IMAGE = "sg-11134201-sandbox-sample-image-0001"
FIRST_SHOP = 600001


async def get(client: Client, name: str, **params: Any) -> Answer:
    return await client.get(f"global_product/{name}", client.as_merchant(), **params)


async def post(client: Client, name: str, body: dict[str, Any]) -> Answer:
    return await client.post(f"global_product/{name}", body, client.as_merchant())


def as_abroad(client: Client) -> dict[str, Any]:
    return {"access_token": client.credentials["merchant_access_token"], "shop_id": FIRST_SHOP}


async def shop_item(client: Client, item_id: int) -> Any:
    answer = await client.get("product/get_item_base_info", as_abroad(client), item_id_list=item_id)
    return answer.response["item_list"][0]


async def added(client: Client, **changes: Any) -> Answer:
    body = {
        "category_id": 100300,
        "global_item_name": "Enamel mug",
        "description": "A mug that survives the campsite.",
        "global_item_sku": "G-ENAMEL",
        "image": {"image_id_list": [SAMPLE_IMAGE]},
        "original_price": 12000,
        "weight": 0.4,
        "pre_order": {"days_to_ship": 3},
        "seller_stock": [{"stock": 8}],
    }
    return await post(client, "add_global_item", {**body, **changes})


def publication(global_item_id: int, **item: Any) -> dict[str, Any]:
    logistic = [{"logistic_id": 11006, "enabled": True}]
    parts = {"item_status": "NORMAL", "original_price": 15.5, "logistic": logistic, **item}
    return {"global_item_id": global_item_id, "shop_id": FIRST_SHOP, "shop_region": "SG", "item": parts}


async def published(client: Client, global_item_id: int, **item: Any) -> Any:
    task = (await post(client, "create_publish_task", publication(global_item_id, **item))).response
    pending = await get(client, "get_publish_task_result", **task)
    assert pending.response == {"publish_status": "processing"}
    await client.advance(10)
    return (await get(client, "get_publish_task_result", **task)).response


async def sku_ids(client: Client) -> dict[str, int]:
    listed = (await get(client, "get_global_item_list", page_size=50)).response["global_item_list"]
    ids = ",".join(str(row["global_item_id"]) for row in listed)
    found = (await get(client, "get_global_item_info", global_item_id_list=ids)).response["global_item_list"]
    return {item["global_item_sku"]: item["global_item_id"] for item in found}


async def test_global_products_need_the_merchants_sign() -> None:
    async with connected() as client:
        answer = await client.get("global_product/get_global_item_list", page_size=50)
        assert answer.body["message"] == "There is no merchant_id in query."


async def test_the_list_pages_by_an_opaque_offset() -> None:
    async with connected() as client:
        first = (await get(client, "get_global_item_list", page_size=2)).response
        assert (first["total_count"], first["has_next_page"]) == (3, True)
        rest = (await get(client, "get_global_item_list", page_size=2, offset=first["offset"])).response
        assert (len(rest["global_item_list"]), rest["has_next_page"], rest["offset"]) == (1, False, "")
        large = await get(client, "get_global_item_list", page_size=100)
        assert large.body["message"] == "invalid field PageSize: value '100' must be less than '51'"
        assert (await get(client, "get_global_item_list", page_size=2, offset="!")).error == "product.error_param"


async def test_a_product_is_added_and_published_to_a_shop_after_a_while() -> None:
    async with connected() as client:
        number = (await added(client)).response["global_item_id"]
        shops = (await get(client, "get_publishable_shop", global_item_id=number)).response["publishable_shop"]
        assert [row["shop_id"] for row in shops] == [600001, 600002]
        result = await published(client, number)
        assert (result["publish_status"], result["success"]["region"]) == ("success", "SG")
        item = await shop_item(client, result["success"]["item_id"])
        assert (item["item_sku"], item["price_info"][0]["currency"]) == ("G-ENAMEL", "SGD")
        assert item["stock_info_v2"]["summary_info"]["total_available_stock"] == 8
        rows = (await get(client, "get_published_list", global_item_id=number)).response["published_item"]
        assert [(row["shop_id"], row["item_status"]) for row in rows] == [(FIRST_SHOP, 1)]
        ids = {"shop_id": FIRST_SHOP, "item_id_list": result["success"]["item_id"]}
        assert (await get(client, "get_global_item_id", **ids)).response["item_id_map"][0]["global_item_id"] == number


async def test_a_second_publication_and_a_bad_price_fail_in_the_task() -> None:
    async with connected() as client:
        number = (await added(client)).response["global_item_id"]
        bad = await published(client, number, original_price=1.005)
        assert (bad["publish_status"], "success" in bad) == ("failed", False)
        await published(client, number)
        again = await published(client, number)
        assert "already published" in again["failed"]["failed_reason"]


async def test_a_shop_of_somebody_else_is_not_published_to() -> None:
    async with connected() as client:
        number = (await added(client)).response["global_item_id"]
        body = {**publication(number), "shop_id": 600000}
        assert (await post(client, "create_publish_task", body)).error == "product.error_auth"
        assert (await post(client, "create_publish_task", {**publication(number), "shop_region": "MY"})).error != ""


async def test_global_stock_reaches_every_shop() -> None:
    async with connected() as client:
        number = (await sku_ids(client))["TSHIRT"]
        models = (await get(client, "get_global_model_list", global_item_id=number)).response["global_model"]
        black = next(model for model in models if model["global_model_sku"] == "TSHIRT-BLACK-M")
        row = {"global_model_id": black["global_model_id"], "seller_stock": [{"stock": 4}]}
        assert (await post(client, "update_stock", {"global_item_id": number, "stock_list": [row]})).error == ""
        items = (await client.operate("GET", "/items"))["items"]
        levels = [
            model["available"]
            for item in items
            for model in item["models"]
            if item["shop_id"] != 600000 and model["sku"] == "TSHIRT-BLACK-M"
        ]
        assert levels == [4, 4]


async def test_stock_of_an_unknown_variation_is_refused_as_a_whole() -> None:
    async with connected() as client:
        number = (await sku_ids(client))["CAP"]
        rows = [{"seller_stock": [{"stock": 4}]}, {"global_model_id": 5, "seller_stock": [{"stock": 4}]}]
        answer = await post(client, "update_stock", {"global_item_id": number, "stock_list": rows})
        assert answer.error == "product.error_busi_global_item_model_stock_no_match"
        assert client.sandbox.world.oracle.writes("update_global_stock") == []


async def test_prices_follow_only_where_the_shop_follows() -> None:
    async with connected() as client:
        number = (await sku_ids(client))["CAP"]
        price = {"global_item_id": number, "price_list": [{"original_price": 24000}]}
        flags = ("name_and_description", "media_information", "tier_variation_name_and_option", "days_to_ship")
        sync = {"shop_id": FIRST_SHOP, "shop_region": "SG", "price": True, **dict.fromkeys(flags, False)}
        assert (await post(client, "set_sync_field", {"shop_sync_list": [sync]})).error == ""
        assert (await post(client, "update_price", price)).error == ""
        items = (await client.operate("GET", "/items"))["items"]
        prices = {item["shop_id"]: item["models"][0]["price"] for item in items if item["models"][0]["sku"] == "CAP"}
        assert (prices[600001], prices[600002]) == ("24.00", "12")
        own = {"item_id": 847056137, "price_list": [{"original_price": 13}]}
        blocked = await client.post("product/update_price", own, as_abroad(client))
        assert blocked.error == "product.error_auth"


async def test_variations_of_a_product_are_made_and_published_at_their_own_prices() -> None:
    async with connected() as client:
        number = (await added(client)).response["global_item_id"]
        options = [{"variation_option_id": 0, "variation_option_name": name} for name in ("Red", "Blue")]
        tiers = [{"variation_id": 0, "variation_name": "Colour", "variation_option_list": options}]
        models = [
            {"tier_index": [place], "original_price": 12000, "global_model_sku": sku, "seller_stock": [{"stock": 2}]}
            for place, sku in enumerate(("G-RED", "G-BLUE"))
        ]
        body = {"global_item_id": number, "standardise_tier_variation": tiers, "global_model": models}
        assert (await post(client, "init_tier_variation", body)).error != ""
        await client.advance(5)
        assert (await post(client, "init_tier_variation", body)).error == ""
        prices = [{"tier_index": [0], "original_price": 15}, {"tier_index": [1], "original_price": 16}]
        result = await published(client, number, model=prices)
        item_id = result["success"]["item_id"]
        found = (await client.get("product/get_model_list", as_abroad(client), item_id=item_id)).response["model"]
        assert [(each["model_sku"], each["price_info"][0]["original_price"]) for each in found] == [
            ("G-RED", 15),
            ("G-BLUE", 16),
        ]


async def test_rules_hold_for_global_products_too() -> None:
    async with connected() as client:
        assert (await added(client, category_id=100001)).error == "product.error_invalid_category"
        assert (await added(client, original_price=1.5)).error == "product.error_invalid_price"
        assert (await added(client, global_item_name="Mug")).error == "product.error_item_name_is_too_short"
        update = await post(client, "update_global_item", {"global_item_id": 5, "global_item_name": "Enamel mug"})
        assert update.error == "product.error_busi_global_item_not_found"


async def test_a_deleted_product_leaves_the_shops() -> None:
    async with connected() as client:
        number = (await sku_ids(client))["MUG"]
        answer = await post(client, "delete_global_item", {"global_item_id": number})
        assert answer.response == {"failure_delete_item": []}
        assert (await shop_item(client, 847056138))["item_status"] == "SELLER_DELETE"
        assert "MUG" not in await sku_ids(client)
