from typing import Any

import pytest

from tests.plugins.shopee.sandbox_client import Client, connected

SHIRT, BLACK, WHITE, CAP = 846056136, 12984093, 12984094, 846056137


def tier(name: str, *options: str, image: str = "") -> dict[str, Any]:
    rows = [{"variation_option_id": 0, "variation_option_name": option, "image_id": image} for option in options]
    return {"variation_id": 0, "variation_name": name, "variation_option_list": rows}


def model(*index: int, price: float = 12, stock: int = 5, sku: str = "") -> dict[str, Any]:
    return {
        "tier_index": list(index),
        "original_price": price,
        "model_sku": sku or f"NEW-{index}",
        "seller_stock": [{"stock": stock}],
    }


async def models(client: Client, item_id: int) -> dict[str, int]:
    found = (await client.get("product/get_model_list", item_id=item_id)).response
    return {each["model_name"]: each["model_id"] for each in found["model"]}


async def init(client: Client, item_id: int, tiers: list[Any], drafts: list[Any]) -> Any:
    body = {"item_id": item_id, "standardise_tier_variation": tiers, "model": drafts}
    return await client.post("product/init_tier_variation", body)


async def test_an_item_gets_variations_five_seconds_after_it_was_made() -> None:
    async with connected() as client:
        tiers, drafts = [tier("Colour", "Red", "Blue")], [model(0), model(1)]
        early = await init(client, CAP, tiers, drafts)
        assert early.error == "product.error_item_not_found"
        await client.advance(5)
        made = (await init(client, CAP, tiers, drafts)).response
        assert [each["tier_index"] for each in made["model"]] == [[0], [1]]
        assert list(await models(client, CAP)) == ["Red", "Blue"]
        item = (await client.get("product/get_item_base_info", item_id_list=CAP)).response["item_list"][0]
        assert item["has_model"] is True


async def test_the_older_form_is_understood_too() -> None:
    async with connected(init_tier_seconds=0) as client:
        old = [{"name": "Colour", "option_list": [{"option": "Red"}, {"option": "Blue"}]}]
        body = {"item_id": CAP, "tier_variation": old, "model": [model(0), model(1)]}
        assert (await client.post("product/init_tier_variation", body)).error == ""
        assert list(await models(client, CAP)) == ["Red", "Blue"]


async def test_another_number_of_dimensions_destroys_all_ids() -> None:
    async with connected(init_tier_seconds=0) as client:
        before = set((await models(client, SHIRT)).values())
        two = await init(client, SHIRT, [tier("A", "1"), tier("B", "1")], [model(0, 0)])
        assert two.body["message"] == "The level of tier-variation not change."
        assert (await init(client, SHIRT, [tier("Colour", "Red")], [model(0)])).error == ""
        assert not before & set((await models(client, SHIRT)).values())


@pytest.mark.parametrize(
    ("tiers", "drafts"),
    [
        ([], [model(0)]),
        ([tier("A", "1"), tier("B", "1"), tier("C", "1")], [model(0, 0, 0)]),
        ([tier("A", "1")], [model(1)]),
        ([tier("A", "1")], [model(0, 0)]),
        ([tier("A", "1", "2")], [model(0), model(0)]),
        ([tier("A", "1", "1")], [model(0)]),
        ([tier("A")], [model(0)]),
        ([tier("", "1")], [model(0)]),
        ([tier("A", "x" * 31)], [model(0)]),
        ([tier("A", *map(str, range(51)))], [model(0)]),
        ([tier("A", "1", image="unknown")], [model(0)]),
        ([tier("A", "1", "2")], [model(0, price=1), model(1, price=6)]),
        ([tier("A", "1")], [model(0, price=0)]),
        ([tier("A", "1")], [{**model(0), "seller_stock": [{"stock": 1, "location_id": "SGZ"}]}]),
        ([tier("A", "1")], []),
    ],
)
async def test_variations_that_cannot_be_are_refused(tiers: list[Any], drafts: list[Any]) -> None:
    async with connected(init_tier_seconds=0) as client:
        assert (await init(client, CAP, tiers, drafts)).error.startswith("product.error_")
        assert client.sandbox.world.oracle.writes("init_tier_variation") == []


async def test_models_are_added_at_free_places() -> None:
    async with connected() as client:
        body = {"item_id": SHIRT, "model_list": [model(0, 0)]}
        assert (await client.post("product/add_model", body)).body["message"] == "Model tier_index error."
        tiers = [tier("Colour", "Black", "White", "Red"), tier("Size", "M")]
        kept = [{"model_id": BLACK, "tier_index": [0, 0]}, {"model_id": WHITE, "tier_index": [1, 0]}]
        update = {"item_id": SHIRT, "standardise_tier_variation": tiers, "model_list": kept}
        assert (await client.post("product/update_tier_variation", update)).error == ""
        assert (await client.post("product/add_model", {"item_id": SHIRT, "model_list": [model(2, 0)]})).error == ""
        found = await models(client, SHIRT)
        assert list(found) == ["Black,M", "White,M", "Red,M"]
        assert (found["Black,M"], found["White,M"]) == (BLACK, WHITE)


async def test_a_variation_that_is_not_named_is_deleted() -> None:
    async with connected() as client:
        update = {"item_id": SHIRT, "model_list": [{"model_id": WHITE, "tier_index": [1, 0]}]}
        assert (await client.post("product/update_tier_variation", update)).error == ""
        assert await models(client, SHIRT) == {"White,M": WHITE}


@pytest.mark.parametrize(
    ("kept", "error"),
    [
        ([], "product.error_busi_cannot_delete_all_model"),
        ([{"model_id": 5, "tier_index": [0, 0]}], "product.error_wrong_modelid"),
        ([{"model_id": BLACK, "tier_index": [0, 0]}] * 2, "product.error_duplicate_modelid"),
        ([{"model_id": BLACK, "tier_index": [7, 0]}], "product.error_param"),
        (
            [{"model_id": BLACK, "tier_index": [0, 0]}, {"model_id": WHITE, "tier_index": [0, 0]}],
            "product.error_param",
        ),
    ],
)
async def test_places_that_do_not_fit_are_refused(kept: list[Any], error: str) -> None:
    async with connected() as client:
        answer = await client.post("product/update_tier_variation", {"item_id": SHIRT, "model_list": kept})
        assert answer.error == error
        assert set((await models(client, SHIRT)).values()) == {BLACK, WHITE}


async def test_an_item_without_variations_cannot_get_them_by_an_update() -> None:
    async with connected() as client:
        update = {"item_id": CAP, "standardise_tier_variation": [tier("A", "1")], "model_list": []}
        assert (await client.post("product/update_tier_variation", update)).error == "product.error_tier_var_is_"
        added = await client.post("product/add_model", {"item_id": CAP, "model_list": [model(0)]})
        assert added.error == "product.error_param"


async def test_a_variations_sku_can_be_changed_but_not_its_status_by_a_local_shop() -> None:
    async with connected() as client:
        change = {"item_id": SHIRT, "model": [{"model_id": BLACK, "model_sku": "B-2"}]}
        assert (await client.post("product/update_model", change)).error == ""
        found = (await client.get("product/get_model_list", item_id=SHIRT)).response["model"]
        assert found[0]["model_sku"] == "B-2"
        order = await client.detail(await client.order(items=[{"model_sku": "B-2"}]))
        assert order["item_list"][0]["model_id"] == BLACK
        status = {"item_id": SHIRT, "model": [{"model_id": BLACK, "model_status": "MODEL_UNAVAILABLE"}]}
        assert (await client.post("product/update_model", status)).error == "product.error_param"


async def test_the_last_variation_stays() -> None:
    async with connected() as client:
        assert (await client.post("product/delete_model", {"item_id": SHIRT, "model_id": BLACK})).error == ""
        last = await client.post("product/delete_model", {"item_id": SHIRT, "model_id": WHITE})
        assert last.error == "product.error_busi_cannot_delete_default_model"
        gone = await client.post("product/delete_model", {"item_id": SHIRT, "model_id": BLACK})
        assert gone.error == "product.error_model_invalid_model_id"
