from decimal import Decimal
from typing import Any

import pytest

from tests.plugins.shopee.sandbox_client import START, Client, connected

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
SHIRT, BLACK, WHITE, CAP, MUG = 846056136, 12984093, 12984094, 846056137, 846056138


async def uploaded(client: Client) -> str:
    path = "/api/v2/media_space/upload_image"
    answer = await client.http.post(path, params=client.common(path, {}), files={"image": ("a.png", PNG)})
    assert answer.json()["error"] == ""
    return str(answer.json()["response"]["image_info"]["image_id"])


async def draft(client: Client, **changes: Any) -> dict[str, Any]:
    body = {
        "item_name": "Enamel mug",
        "description": "A mug that survives the campsite.",
        "original_price": 12.5,
        "weight": 0.4,
        "category_id": 100300,
        "image": {"image_id_list": [await uploaded(client)]},
        "logistic_info": [{"logistic_id": 11006, "enabled": True}],
        "brand": {"brand_id": 0, "original_brand_name": "NoBrand"},
        "item_sku": "ENAMEL",
        "seller_stock": [{"stock": 10}],
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


async def added(client: Client, **changes: Any) -> int:
    answer = await client.post("product/add_item", await draft(client, **changes))
    return int(answer.response["item_id"])


async def read(client: Client, item_id: int) -> Any:
    answer = await client.get("product/get_item_base_info", item_id_list=item_id)
    return answer.response["item_list"][0]


async def test_a_shops_items_are_listed_by_status_and_page() -> None:
    async with connected() as client:
        ask = {"offset": 0, "page_size": 2, "item_status": ["NORMAL", "BANNED"]}
        first = (await client.get("product/get_item_list", **ask)).response
        assert (len(first["item"]), first["has_next_page"], first["next_offset"]) == (2, True, 2)
        last = (await client.get("product/get_item_list", **{**ask, "offset": 2})).response
        assert (last["total_count"], last["has_next_page"], last["next"]) == (3, False, "")
        assert "next_offset" not in last
        refused = await client.get("product/get_item_list", offset=0, page_size=2)
        assert refused.error == "product.error_param"
        large = await client.get("product/get_item_list", **{**ask, "page_size": 101})
        assert large.body["message"] == "invalid field PageSize: value '101' must be less than '101'"


@pytest.mark.parametrize("ids", ["846056137,846056138", "[846056137,846056138]", ["846056137", "846056138"]])
async def test_ids_are_understood_in_every_way_that_clients_write_them(ids: Any) -> None:
    async with connected() as client:
        found = (await client.get("product/get_item_base_info", item_id_list=ids)).response["item_list"]
        assert [item["item_id"] for item in found] == [CAP, MUG]


async def test_price_and_stock_stand_at_the_item_only_when_it_has_no_variations() -> None:
    async with connected() as client:
        cap, shirt = await read(client, CAP), await read(client, SHIRT)
        assert (cap["has_model"], cap["price_info"][0]["original_price"]) == (False, 12)
        assert cap["stock_info_v2"]["seller_stock"] == [{"location_id": "SGZ", "stock": 100000, "if_saleable": True}]
        assert (cap["weight"], cap["deboost"]) == ("1", "FALSE")
        assert shirt["has_model"] is True
        assert not {"price_info", "stock_info_v2"} & set(shirt)
        assert shirt["attribute_list"][0]["original_attribute_name"] == "Material"
        models = (await client.get("product/get_model_list", item_id=SHIRT)).response
        assert [model["model_sku"] for model in models["model"]] == ["TSHIRT-BLACK-M", "TSHIRT-WHITE-M"]
        assert models["tier_variation"][0]["option_list"][0]["option"] == "Black"
        none = (await client.get("product/get_model_list", item_id=CAP)).response
        assert none == {"tier_variation": [], "model": [], "standardise_tier_variation": []}


async def test_an_item_is_added_and_read_back() -> None:
    async with connected() as client:
        item_id = await added(client)
        item = await read(client, item_id)
        assert (item["item_name"], item["item_sku"], item["item_status"]) == ("Enamel mug", "ENAMEL", "NORMAL")
        assert item["price_info"][0]["original_price"] == Decimal("12.5")
        assert item["stock_info_v2"]["summary_info"]["total_available_stock"] == 10
        found = (await client.get("product/search_item", page_size=10, item_name="enamel")).response
        assert found["item_id_list"] == [item_id]
        assert client.sandbox.world.oracle.counts("add_item") == {str(item_id): 1}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"category_id": 100011}, "product.error_invalid_category"),
        ({"category_id": 1}, "product.error_invalid_category"),
        ({"item_name": "Mug"}, "product.error_item_name_is_too_short"),
        ({"item_name": None}, "product.error_param"),
        ({"description": "short"}, "product.error_desc_length_min_limit"),
        ({"original_price": 1.005}, "product.error_invalid_price"),
        ({"original_price": 0}, "product.error_price_exceed_min_limitt"),
        ({"original_price": "12.5"}, "product.error_param"),
        ({"weight": 0}, "product.error_param"),
        ({"image": {"image_id_list": ["unknown"]}}, "product.error_param"),
        ({"image": {"image_id_list": []}}, "product.error_image_num_min"),
        ({"logistic_info": []}, "product.error_invalid_logistic_info"),
        ({"logistic_info": [{"logistic_id": 1, "enabled": True}]}, "product.error_invalid_logistic_info"),
        ({"brand": {"brand_id": 7}}, "product.error_invalid_brand"),
        ({"brand": {"brand_id": 1002}}, "product.error_invalid_brand"),
        ({"seller_stock": [{"stock": 1, "location_id": "SGZ"}]}, "product.error_auth"),
        ({"seller_stock": [{"stock": -1}]}, "product.error_param"),
        ({"item_status": "BANNED"}, "product.error_param"),
        ({"pre_order": {"is_pre_order": True, "days_to_ship": 3}}, "product.error_invalid_days_to_ship"),
        ({"attribute_list": [{"attribute_id": 4990}]}, "product.error_invalid_category_attribute"),
        ({"category_id": 100200}, "product.error_invalid_attribute"),
        (
            {
                "category_id": 100200,
                "attribute_list": [{"attribute_id": 4990, "attribute_value_list": [{"value_id": 999}]}],
            },
            "product.error_invalid_attribute_value",
        ),
        (
            {
                "category_id": 100200,
                "attribute_list": [
                    {"attribute_id": 4990, "attribute_value_list": [{"value_id": 0, "original_value_name": "Silk"}]}
                ],
            },
            "product.error_invalid_attribute_value",
        ),
    ],
)
async def test_an_item_that_breaks_a_rule_is_not_added(changes: dict[str, Any], error: str) -> None:
    async with connected() as client:
        answer = await client.post("product/add_item", await draft(client, **changes))
        assert answer.error == error
        assert client.sandbox.world.oracle.writes("add_item") == []


async def test_a_mandatory_attribute_is_satisfied_by_one_of_its_values() -> None:
    async with connected() as client:
        attribute = {"attribute_id": 4990, "attribute_value_list": [{"value_id": 101}]}
        item_id = await added(client, category_id=100200, attribute_list=[attribute])
        row = (await read(client, item_id))["attribute_list"][0]
        assert (row["is_mandatory"], row["attribute_value_list"][0]["original_value_name"]) == (True, "Cotton")


async def test_an_update_changes_what_is_named_and_replaces_lists_whole() -> None:
    async with connected() as client:
        item_id = await added(client)
        channels = [{"logistic_id": 11006, "enabled": False}, {"logistic_id": 11007, "enabled": True}]
        body = {"item_id": item_id, "item_name": "Enamel mug, blue", "logistic_info": channels}
        assert (await client.post("product/update_item", body)).error == ""
        item = await read(client, item_id)
        assert (item["item_name"], item["item_sku"]) == ("Enamel mug, blue", "ENAMEL")
        assert [row["logistic_id"] for row in item["logistic_info"]] == [11006, 11007]
        unknown = await client.post("product/update_item", {"item_id": 5, "item_name": "Enamel mug, blue"})
        assert unknown.error == "product.error_item_not_found"
        missing = await client.post("product/update_item", {"item_name": "Enamel mug, blue"})
        assert missing.body["message"] == "invalid field ItemId: value must  Not Null"
        assert missing.body["warning"] == ""


async def test_a_deleted_item_can_be_read_but_not_written() -> None:
    async with connected() as client:
        assert (await client.post("product/delete_item", {"item_id": MUG})).error == ""
        assert (await read(client, MUG))["item_status"] == "SELLER_DELETE"
        assert (await client.post("product/delete_item", {"item_id": MUG})).error == "product.error_item_not_found"


async def test_items_are_hidden_and_shown_each_for_itself() -> None:
    async with connected() as client:
        rows = [{"item_id": CAP, "unlist": True}, {"item_id": 5, "unlist": True}]
        answer = (await client.post("product/unlist_item", {"item_list": rows})).response
        assert answer["success_list"] == [{"item_id": CAP, "unlist": True}]
        assert answer["failure_list"][0]["item_id"] == 5
        assert (await read(client, CAP))["item_status"] == "UNLIST"
        none = await client.post("product/unlist_item", {"item_list": rows[1:]})
        assert none.error == "product.error_unlist_item_all_failed"


async def test_a_promotion_locks_price_name_listing_and_reserved_stock() -> None:
    async with connected() as client:
        await client.operate("POST", f"/items/{CAP}/promotions", {"price": 9, "reserved": 100})
        item = await read(client, CAP)
        assert (item["has_promotion"], item["price_info"][0]["current_price"]) == (True, 9)
        assert item["stock_info_v2"]["summary_info"]["total_reserved_stock"] == 100
        price = await client.post("product/update_price", {"item_id": CAP, "price_list": [{"original_price": 13}]})
        assert price.body["response"]["failure_list"][0]["failed_reason"].startswith("Price cannot be changed")
        name = await client.post("product/update_item", {"item_id": CAP, "item_name": "Another cap"})
        assert name.error == "product.error_in_item_promotion_name_item_lock"
        gone = await client.post("product/delete_item", {"item_id": CAP})
        assert gone.error == "product.error_in_item_promotion_delete_lock"
        found = (await client.get("product/get_item_promotion", item_id_list=CAP)).response["success_list"]
        assert found[0]["promotion"][0]["promotion_stock_info_v2"]["summary_info"]["total_reserved_stock"] == 100
        low = {"item_id": CAP, "stock_list": [{"seller_stock": [{"stock": 99}]}]}
        stock = await client.post("product/update_stock", low)
        assert (stock.error, stock.body["response"]["success_list"]) == ("product.error_busi", [])
        await client.advance(3600)
        assert (await client.post("product/update_stock", low)).error == ""


async def test_categories_form_a_tree_and_retired_ones_take_no_items() -> None:
    async with connected() as client:
        tree = (await client.get("product/get_category")).response["category_list"]
        by_id = {row["category_id"]: row for row in tree}
        assert (by_id[100001]["parent_category_id"], by_id[100001]["has_children"]) == (0, True)
        assert by_id[100300]["has_children"] is False
        await client.operate("POST", "/categories/100300/retire")
        answer = await client.post("product/add_item", await draft(client))
        assert answer.error == "product.error_invalid_category"


async def test_attributes_brands_and_limits_can_be_read() -> None:
    async with connected() as client:
        tree = (await client.get("product/get_attribute_tree", category_id_list=100200)).response["list"][0]
        assert tree["attribute_tree"][0]["mandatory"] is True
        parent = await client.get("product/get_attribute_tree", category_id_list=100001)
        assert parent.error == "product.error_invalid_category"
        ask = {"offset": 0, "page_size": 2, "category_id": 100200, "status": 1}
        brands = (await client.get("product/get_brand_list", **ask)).response
        assert [row["brand_id"] for row in brands["brand_list"]] == [0, 1001]
        assert (brands["has_next_page"], brands["next_offset"]) == (True, 2)
        limit = (await client.get("product/get_item_limit", category_id=100200)).response
        assert limit["price_limit"]["min_limit"] == Decimal("0.01")


async def test_a_new_brand_can_be_used_once_it_is_approved() -> None:
    async with connected() as client:
        body = {
            "original_brand_name": "Fabrikam",
            "category_list": [100300],
            "product_image": {"image_id_list": [await uploaded(client)]},
            "brand_region": "SG",
        }
        brand_id = (await client.post("product/register_brand", body)).response["brand_id"]
        again = await client.post("product/register_brand", body)
        assert again.error == "product.error_busi_pending_qc"
        brand = {"brand_id": brand_id, "original_brand_name": "Fabrikam"}
        early = await client.post("product/add_item", await draft(client, brand=brand))
        assert early.error == "product.error_invalid_brand"
        await client.operate("POST", f"/brands/{brand_id}/decide", {"decision": "approve"})
        assert (await client.post("product/add_item", await draft(client, brand=brand))).error == ""


async def test_images_must_be_pictures_and_may_be_signed_publicly_or_for_a_shop() -> None:
    async with connected() as client:
        path = "/api/v2/media_space/upload_image"
        for who in ({}, client.as_shop()):
            answer = await client.http.post(path, params=client.common(path, who), files={"image": ("a.png", PNG)})
            assert answer.json()["response"]["image_info_list"][0]["error"] == ""
        text = await client.http.post(path, params=client.common(path, {}), files={"image": ("a.png", b"GIF89a")})
        assert text.json()["error"] == "product.error_param"
        bare = await client.http.post(path, params=client.common(path, {}), json={})
        assert bare.json()["error"] == "error_param"


async def test_warehouses_are_told_only_to_shops_that_have_several() -> None:
    async with connected() as client:
        assert (await client.get("shop/get_warehouse_detail")).error == "warehouse.error_not_in_whitelist"
    async with connected(multi_warehouse=True) as client:
        rows = (await client.get("shop/get_warehouse_detail")).response
        assert [row["location_id"] for row in rows] == ["SGZ", "SGW2"]


async def test_a_banned_item_cannot_be_edited() -> None:
    async with connected() as client:
        await client.operate("PUT", f"/items/{CAP}/status", {"status": "BANNED"})
        answer = await client.post("product/update_item", {"item_id": CAP, "item_name": "Another cap"})
        assert answer.error == "product.error_item_uneditable"


async def test_cross_border_shops_cannot_edit_items_at_shop_level() -> None:
    async with connected() as client:
        who = {"access_token": client.credentials["merchant_access_token"], "shop_id": 600001}
        item_id = CAP + 1_000_000
        assert (await client.post("product/add_item", await draft(client), who)).error == "product.error_auth"
        stock = {"item_id": item_id, "stock_list": [{"seller_stock": [{"stock": 1}]}]}
        assert (await client.post("product/update_stock", stock, who)).error == "product.error_auth"
        price = {"item_id": item_id, "price_list": [{"original_price": 13}]}
        assert (await client.post("product/update_price", price, who)).error == ""


async def test_an_edit_in_seller_center_moves_the_update_time() -> None:
    async with connected() as client:
        await client.advance(60)
        await client.operate("PUT", f"/items/{CAP}/stock", {"stock": 5})
        ask = {"offset": 0, "page_size": 10, "item_status": "NORMAL", "update_time_from": START + 1}
        found = (await client.get("product/get_item_list", **ask)).response["item"]
        assert [(row["item_id"], row["update_time"]) for row in found] == [(CAP, START + 60)]


async def test_many_items_are_listed_at_once_with_some_skus_in_each() -> None:
    async with connected() as client:
        made = await client.operate("POST", "/items-many", {"prefix": "M", "count": 5, "variations": 2, "stock": 3})
        assert made == {"items": 3, "skus": 5}
        rows = (await client.operate("GET", "/items"))["items"]
        models = [model for row in rows for model in row["models"] if model["sku"].startswith("M0")]
        assert {model["sku"]: model["available"] for model in models} == {f"M0000{number}": 3 for number in range(1, 6)}
