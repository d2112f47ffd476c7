from typing import Any

import pytest

from tests.plugins.shopee.sandbox_client import Client, connected

SHIRT, BLACK, WHITE, CAP, MUG = 846056136, 12984093, 12984094, 846056137, 846056138


async def set_stock(client: Client, item_id: int, *rows: dict[str, Any]) -> Any:
    return await client.post("product/update_stock", {"item_id": item_id, "stock_list": list(rows)})


async def available(client: Client, item_id: int, model_id: int = 0) -> int:
    if not model_id:
        item = (await client.get("product/get_item_base_info", item_id_list=item_id)).response["item_list"][0]
        return int(item["stock_info_v2"]["summary_info"]["total_available_stock"])
    models = (await client.get("product/get_model_list", item_id=item_id)).response["model"]
    found = next(model for model in models if model["model_id"] == model_id)
    return int(found["stock_info_v2"]["summary_info"]["total_available_stock"])


def row(stock: int, model_id: int = 0, **location: str) -> dict[str, Any]:
    return {"model_id": model_id, "seller_stock": [{"stock": stock, **location}]}


async def test_stock_is_set_for_an_item_and_for_variations() -> None:
    async with connected() as client:
        answer = (await set_stock(client, CAP, row(7))).response
        assert answer["success_list"] == [{"model_id": 0, "location_id": "", "stock": 7}]
        assert await available(client, CAP) == 7
        await set_stock(client, SHIRT, row(3, BLACK), row(4, WHITE))
        assert [await available(client, SHIRT, model) for model in (BLACK, WHITE)] == [3, 4]
        [first, *_rest] = client.sandbox.world.oracle.writes("update_stock")
        assert (first.key, first.facts["sku"], first.facts["stock"]) == (f"{CAP}:0", "CAP", {"SGZ": 7})


@pytest.mark.parametrize(
    ("item_id", "rows", "error"),
    [
        (SHIRT, [row(1)], "product.error_edit_item_stock_for_item_has_model"),
        (SHIRT, [row(1, 5)], "product.error_param"),
        (SHIRT, [row(1, BLACK), row(2, BLACK)], "product.error_param"),
        (5, [row(1)], "product.error_item_not_found"),
        (CAP, [row(-1)], "product.error_param"),
        (CAP, [row(1_000_000)], "product.error_param"),
        (CAP, [row(1, 0, location_id="SGZ")], "product.error_auth"),
        (CAP, [], "product.error_param"),
        (CAP, [row(1)] * 51, "product.error_param"),
        (CAP, [{"normal_stock": 5}], "product.error_param"),
    ],
)
async def test_stock_that_cannot_be_set_is_refused(item_id: int, rows: list[dict[str, Any]], error: str) -> None:
    async with connected() as client:
        assert (await set_stock(client, item_id, *rows)).error == error
        assert client.sandbox.world.oracle.writes("update_stock") == []


async def test_a_row_below_the_reserved_stock_fails_alone_and_taints_the_answer() -> None:
    async with connected() as client:
        promotion = {"model_id": BLACK, "price": 10, "reserved": 50}
        await client.operate("POST", f"/items/{SHIRT}/promotions", promotion)
        answer = await set_stock(client, SHIRT, row(10, BLACK), row(20, WHITE))
        assert answer.error == "product.error_busi_update_stock_failed"
        assert answer.body["response"]["failure_list"] == [
            {"model_id": BLACK, "failed_reason": "Total stock must be more than reserved stock."}
        ]
        assert answer.body["response"]["success_list"][0]["model_id"] == WHITE
        assert await available(client, SHIRT, WHITE) == 20


async def test_a_shop_with_several_warehouses_must_name_the_location() -> None:
    async with connected(multi_warehouse=True) as client:
        assert (await set_stock(client, CAP, row(1))).error == "product.error_busi"
        assert (await set_stock(client, CAP, row(1, location_id="XXX"))).error == "product.error_auth"
        both = {"seller_stock": [{"location_id": "SGZ", "stock": 2}, {"location_id": "SGW2", "stock": 3}]}
        assert len((await set_stock(client, CAP, both)).response["success_list"]) == 2
        assert await available(client, CAP) == 5
        await set_stock(client, CAP, row(9, location_id="SGW2"))
        assert await available(client, CAP) == 11


async def test_an_order_takes_stock_and_a_cancellation_gives_it_back() -> None:
    async with connected() as client:
        await set_stock(client, CAP, row(3))
        order_sn = await client.order(items=[{"sku": "CAP", "quantity": 2}])
        assert await available(client, CAP) == 1
        refused = await client.http.post("/_sandbox/orders", json={"items": [{"sku": "CAP", "quantity": 2}]})
        assert refused.status_code == 409
        await client.operate("POST", f"/orders/{order_sn}/cancel", {})
        assert await available(client, CAP) == 3


async def test_sales_can_leave_the_stock_alone() -> None:
    async with connected(stock_after_sale=False) as client:
        await set_stock(client, CAP, row(1))
        await client.order(items=[{"sku": "CAP", "quantity": 5}])
        assert await available(client, CAP) == 1


async def test_an_order_of_a_listed_sku_has_the_listings_ids_and_price() -> None:
    async with connected() as client:
        order = await client.detail(await client.order(items=[{"model_sku": "TSHIRT-WHITE-M"}]))
        item = order["item_list"][0]
        assert (item["item_id"], item["model_id"], item["model_name"]) == (SHIRT, WHITE, "White,M")
        assert item["model_original_price"] == 15


async def test_prices_are_set_row_by_row() -> None:
    async with connected() as client:
        rows = [{"model_id": BLACK, "original_price": 16.5}, {"model_id": WHITE, "original_price": 1.005}]
        answer = (await client.post("product/update_price", {"item_id": SHIRT, "price_list": rows[:1]})).response
        assert answer["success_list"][0]["model_id"] == BLACK
        ratio = [{"model_id": BLACK, "original_price": 100}]
        far = await client.post("product/update_price", {"item_id": SHIRT, "price_list": ratio})
        assert far.error == "product.error_price_out_of_range"
        whole = await client.post("product/update_price", {"item_id": SHIRT, "price_list": [{"original_price": 9}]})
        assert whole.error == "product.error_edit_item_price_for_item_has_model"
        bad = await client.post("product/update_price", {"item_id": CAP, "price_list": [{"original_price": 1.005}]})
        assert bad.error == "product.error_busi"


async def test_a_kit_has_the_stock_of_its_scarcest_component_and_none_of_its_own() -> None:
    async with connected() as client:
        components = [
            {"component_item_id": CAP, "quantity": 2, "main_component": True},
            {"component_item_id": SHIRT, "component_model_id": BLACK, "quantity": 1, "main_component": False},
        ]
        setting = {
            "item_name": "Cap and shirt",
            "image": {"image_id_list": ["sg-11134201-sandbox-sample-image-0001"]},
            "logistic_info": [{"logistic_id": 11006, "enabled": True}],
            "weight": 1.2,
            "item_sku": "KIT",
            "model_list": [
                {"tier_index": [0], "model_sku": "KIT-1", "original_price": 45, "component_list": components}
            ],
            "tier_variation_list": [{"name": "Kit", "option_list": [{"option": "One"}]}],
        }
        empty = await client.post("product/add_kit_item", {})
        assert empty.body["message"] == "parameter invalid : virtual sku setting is empty"
        lone = {**setting, "model_list": [{**setting["model_list"][0], "component_list": components[:1]}]}
        assert (await client.post("product/add_kit_item", {"item_setting": lone})).error == "product.error_param"
        kit = (await client.post("product/add_kit_item", {"item_setting": setting})).response["item_id"]
        await set_stock(client, CAP, row(7))
        model = (await client.get("product/get_model_list", item_id=kit)).response["model"][0]
        assert model["stock_info_v2"]["summary_info"]["total_available_stock"] == 3
        refused = await set_stock(client, kit, row(5, model["model_id"]))
        assert (refused.error, refused.body["message"]) == (
            "product.error_busi",
            "Invalid product setting. Please verify.",
        )
        await client.order(items=[{"model_sku": "KIT-1"}])
        assert await available(client, CAP) == 5
        info = (await client.get("product/get_kit_item_info", item_id=kit)).response["product_info"]
        assert [part["component_item_or_model_sku"] for part in info["model_list"][0]["component_list"]] == [
            "CAP",
            "TSHIRT-BLACK-M",
        ]
        assert (await client.get("product/get_kit_item_info", item_id=CAP)).error == "."
