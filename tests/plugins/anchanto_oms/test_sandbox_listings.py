"""Listings: feeds from the channel, and requests to it."""

from typing import Any

import pytest

from tests.plugins.anchanto_oms.sandbox_client import LONG_AGO, STORE, Caller, oms


def _row(csku: str = "PEN", **changes: Any) -> dict[str, Any]:
    return {"csku": csku, "type": "single", "name": csku, "channel_item_id": f"item-{csku}"} | changes


async def _feed(caller: Caller, *rows: dict[str, Any], wait: float = 2) -> Any:
    sent = await caller.done("POST", f"{STORE}/listing-feeds", {"feed_reference": "F1", "rows": list(rows)})
    await caller.later(wait)
    return await caller.get(f"{STORE}/listing-feeds/{sent['feed_id']}")


async def test_a_feed_is_queued_then_done_with_a_result_per_row() -> None:
    async with oms() as caller:
        sent = await caller.done("POST", f"{STORE}/listing-feeds", {"feed_reference": "F1", "rows": [_row()]})
        assert (sent["status"], sent["results"]) == ("QUEUED", [])
        await caller.later(2)
        done = await caller.get(f"{STORE}/listing-feeds/{sent['feed_id']}")
        assert (done["status"], done["accepted"], done["rejected"]) == ("DONE", 1, 0)
        assert done["results"] == [{"row": 0, "csku": "PEN", "status": "ACCEPTED", "error": None}]


async def test_a_listed_single_comes_with_price_and_first_stock() -> None:
    async with oms() as caller:
        await _feed(caller, _row(retail_price="2000", selling_price="1500", stock=12))
        listing = await caller.get(f"{STORE}/listings/PEN")
        assert (listing["state"], listing["channel_item_id"]) == ("LISTED", "item-PEN")
        assert listing["prices"] == [{"sku": "PEN", "retail_price": "2000", "selling_price": "1500"}]
        assert await caller.offer("PEN") == 12


async def test_the_stock_of_a_known_product_is_not_overwritten_by_a_feed() -> None:
    async with oms() as caller:
        await _feed(caller, _row("MUG", stock=1))
        assert await caller.offer("MUG") == 100


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (_row("KIT", type="kit", components=[{"isku": "NOPE"}]), "missing_isku"),
        (_row("KIT", type="kit"), "wrong_components"),
        (_row(brand="Unknown"), "brand_not_authorized"),
        (_row(retail_price="1.50"), "validation_failed"),
        (_row(selling_price="1"), "validation_failed"),
        (_row(surprise=1), "validation_failed"),
        (_row(name=""), "validation_failed"),
        (_row("MUG", type="kit", components=[{"isku": "TEA"}]), "validation_failed"),
    ],
)
async def test_a_bad_row_is_rejected_and_leaves_nothing_behind(row: dict[str, Any], code: str) -> None:
    async with oms(authorized_brands=("Known",)) as caller:
        done = await _feed(caller, row, _row("GOOD", brand="Known"))
        assert [each["status"] for each in done["results"]] == ["REJECTED", "ACCEPTED"]
        assert done["results"][0]["error"]["code"] == code
        assert (await caller.refused("GET", f"{STORE}/listings/{row['csku']}"))[:2] == (404, "unknown_listing")
        if row["csku"] != "MUG":
            assert (await caller.refused("GET", f"/api/v1/products/{row['csku']}"))[1] == "unknown_product"


async def test_of_a_duplicate_sku_only_the_first_syncs() -> None:
    async with oms() as caller:
        done = await _feed(caller, _row(), _row(channel_item_id="other"))
        assert done["results"][1]["error"]["code"] == "duplicate_sku"
        body = {"feed_reference": "F2", "rows": [_row(channel_item_id="other"), _row("PEN2")]}
        again = await caller.done("POST", f"{STORE}/listing-feeds", body)
        await caller.later(2)
        results = (await caller.get(f"{STORE}/listing-feeds/{again['feed_id']}"))["results"]
        assert results[0]["error"]["code"] == "duplicate_sku"
        assert (await caller.get(f"{STORE}/listings/PEN"))["channel_item_id"] == "item-PEN"


async def test_a_feed_reference_is_used_once() -> None:
    async with oms() as caller:
        done = await _feed(caller, _row())
        body = {"feed_reference": "F1", "rows": [_row("B")]}
        status, code, details = await caller.refused("POST", f"{STORE}/listing-feeds", body)
        assert (status, code, details["feed_id"]) == (409, "duplicate_reference", done["feed_id"])


async def test_a_thousand_skus_take_a_quarter_of_an_hour() -> None:
    async with oms() as caller:
        await _feed(caller, *[_row(f"A{number}") for number in range(1000)])
        body = {"feed_reference": "F2", "rows": [_row(f"B{number}") for number in range(1000)]}
        sent = await caller.done("POST", f"{STORE}/listing-feeds", body)
        await caller.later(450)
        path = f"{STORE}/listing-feeds/{sent['feed_id']}"
        half = await caller.get(path)
        assert half["status"] == "PROCESSING"
        assert 500 <= half["accepted"] <= 505
        await caller.later(450)
        assert (await caller.get(path))["status"] == "DONE"


async def test_a_person_lists_products_and_the_connector_answers() -> None:
    async with oms() as caller:
        asked = await caller.act("POST", "/stores/KR-STORE-1/listings", {"cskus": ["SHIRT", "GIFT-SET"]})
        request = asked["listings"][0]["request_id"]
        rows = (await caller.get(f"{STORE}/listings", changed_since=LONG_AGO, state="REQUESTED"))["items"]
        assert [row["csku"] for row in rows] == ["SHIRT", "GIFT-SET"]
        assert [price["sku"] for price in rows[0]["prices"]] == ["SHIRT-RED", "SHIRT-BLUE"]
        answer = {
            "request_id": request,
            "result": "LISTED",
            "channel_item_id": "77",
            "channel_models": [{"isku": "SHIRT-RED", "channel_model_id": "771"}],
        }
        told = await caller.done("POST", f"{STORE}/listings/SHIRT/outcome", answer)
        assert (told["state"], told["channel_item_id"]) == ("LISTED", "77")
        again = await caller.done("POST", f"{STORE}/listings/SHIRT/outcome", answer)
        assert again["version"] == told["version"]
        other = answer | {"channel_item_id": "78"}
        assert (await caller.refused("POST", f"{STORE}/listings/SHIRT/outcome", other))[1] == "stale_request"


async def test_a_failed_listing_keeps_its_error_and_a_new_request_supersedes_the_old() -> None:
    async with oms() as caller:
        first = (await caller.act("POST", "/stores/KR-STORE-1/listings", {"cskus": ["TEA"]}))["listings"][0]
        failed = {"request_id": first["request_id"], "result": "FAILED", "error": "category is missing"}
        told = await caller.done("POST", f"{STORE}/listings/TEA/outcome", failed)
        assert (told["state"], told["error"]) == ("FAILED", "category is missing")
        await caller.act("POST", "/stores/KR-STORE-1/listings", {"cskus": ["TEA"]})
        assert (await caller.refused("POST", f"{STORE}/listings/TEA/outcome", failed))[:2] == (422, "stale_request")


@pytest.mark.parametrize("answer", [{"result": "LISTED"}, {"result": "FAILED"}, {"result": "MAYBE"}])
async def test_an_answer_must_say_what_it_is_about(answer: dict[str, str]) -> None:
    async with oms() as caller:
        asked = (await caller.act("POST", "/stores/KR-STORE-1/listings", {"cskus": ["TEA"]}))["listings"][0]
        body = {"request_id": asked["request_id"]} | answer
        assert (await caller.refused("POST", f"{STORE}/listings/TEA/outcome", body))[:2] == (422, "validation_failed")
        assert (await caller.get(f"{STORE}/listings/TEA"))["state"] == "REQUESTED"


async def test_an_unauthorized_brand_cannot_be_listed_by_hand() -> None:
    async with oms(authorized_brands=("Known",)) as caller:
        pen = {"csku": "PEN", "type": "single", "name": "Pen", "brand": "Other"}
        await caller.act("POST", "/products", {"products": [pen]})
        assert "not authorized" in await caller.act_refused("POST", "/stores/KR-STORE-1/listings", {"cskus": ["PEN"]})


async def test_nobody_deletes_or_deactivates_a_listing_from_here() -> None:
    async with oms() as caller:
        await _feed(caller, _row())
        path = "/stores/KR-STORE-1/listings/PEN"
        assert "cannot delete" in await caller.act_refused("DELETE", path)
        assert "cannot activate or deactivate" in await caller.act_refused("POST", path + "/deactivate")
