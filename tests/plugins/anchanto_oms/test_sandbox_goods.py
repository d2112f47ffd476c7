"""Products, stock and prices."""

from typing import Any

import pytest

from tests.plugins.anchanto_oms.sandbox_client import LONG_AGO, STORE, Caller, oms


async def _put_stock(caller: Caller, **row: Any) -> Any:
    rows = [{"isku": "MUG", "warehouse_code": "WH-1", "mode": "absolute", "quantity": 5} | row]
    return (await caller.done("PUT", "/api/v1/stock", {"rows": rows}))["results"][0]


async def test_a_single_is_created_then_changed_and_stays_a_single() -> None:
    async with oms() as caller:
        made = await caller.ask("PUT", "/api/v1/products/PEN", {"type": "single", "name": "Pen"})
        assert (made.status_code, made.json()["components"]) == (
            201,
            [{"isku": "PEN", "quantity": 1, "options": None}],
        )
        again = await caller.ask("PUT", "/api/v1/products/PEN", {"type": "single", "name": "Blue pen"})
        assert (again.status_code, again.json()["name"]) == (200, "Blue pen")
        refused = await caller.refused("PUT", "/api/v1/products/PEN", {"type": "kit", "name": "Pen"})
        assert refused[2]["fields"][0]["path"] == "type"


async def test_a_code_may_hold_what_a_path_must_escape() -> None:
    async with oms() as caller:
        made = await caller.done("PUT", "/api/v1/products/A%2FB%20C", {"type": "single", "name": "Odd"})
        assert made["csku"] == "A/B C"
        assert (await caller.get("/api/v1/products/A%2FB%20C"))["name"] == "Odd"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "kit", "components": [{"isku": "NOPE", "quantity": 1}]}, "missing_isku"),
        ({"type": "kit", "components": []}, "wrong_components"),
        ({"type": "kit", "components": [{"isku": "GIFT-SET", "quantity": 1}]}, "wrong_components"),
        ({"type": "kit", "components": [{"isku": "MUG"}, {"isku": "MUG"}]}, "wrong_components"),
        ({"type": "group", "components": [{"isku": "MUG", "quantity": 2}]}, "wrong_components"),
        ({"type": "single", "components": [{"isku": "MUG", "quantity": 1}]}, "wrong_components"),
        ({"type": "bundle"}, "validation_failed"),
        ({"type": "single", "cost_price": "1.00"}, "validation_failed"),
    ],
)
async def test_components_must_fit_the_type(body: dict[str, Any], code: str) -> None:
    async with oms() as caller:
        refused = await caller.refused("PUT", "/api/v1/products/X", {"name": "X"} | body)
        assert refused[:2] == (422, code)
        assert (await caller.refused("GET", "/api/v1/products/X"))[:2] == (404, "unknown_product")


async def test_a_group_creates_its_missing_variants() -> None:
    async with oms() as caller:
        variants = [{"isku": f"CAP-{size}", "options": {"Size": size}} for size in ("S", "M")]
        await caller.done("PUT", "/api/v1/products/CAP", {"type": "group", "name": "Cap", "components": variants})
        assert (await caller.get("/api/v1/products/CAP-S"))["name"] == "Cap S"
        rows = (await caller.get("/api/v1/products", changed_since=LONG_AGO))["items"]
        assert [row["csku"] for row in rows][-3:] == ["CAP-S", "CAP-M", "CAP"]


async def test_a_level_is_set_and_shifted_but_never_twice_by_one_reference() -> None:
    async with oms() as caller:
        assert (await _put_stock(caller))["status"] == "ACCEPTED"
        delta = {"mode": "delta", "quantity": 3, "reference": "D1"}
        first = await _put_stock(caller, **delta)
        second = await _put_stock(caller, **delta)
        assert (first["status"], second["status"], second["error"]) == ("ACCEPTED", "DUPLICATE", None)
        level = await caller.stock("MUG")
        assert (level["sellable"], level["version"]) == (8, first["version"])
        assert len(caller.world.oracle.writes("set_stock")) == 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"isku": "NOPE"}, "unknown_sku"),
        ({"isku": "GIFT-SET"}, "unknown_sku"),
        ({"isku": "SHIRT"}, "unknown_sku"),
        ({"warehouse_code": "WH-9"}, "unknown_warehouse"),
        ({"quantity": -1}, "negative_stock"),
        ({"mode": "delta", "quantity": -101, "reference": "D"}, "negative_stock"),
        ({"mode": "delta", "quantity": 1}, "reference_required"),
        ({"expected_version": 1_000_000}, "version_conflict"),
    ],
)
async def test_a_bad_row_is_refused_inside_a_200_and_changes_nothing(row: dict[str, Any], code: str) -> None:
    async with oms() as caller:
        result = await _put_stock(caller, **row)
        assert (result["status"], result["error"]["code"]) == ("REJECTED", code)
        assert (await caller.stock("MUG"))["sellable"] == 100


async def test_good_rows_beside_bad_ones_are_carried_out() -> None:
    async with oms() as caller:
        rows = [{"isku": isku, "warehouse_code": "WH-1", "mode": "absolute", "quantity": 7} for isku in ("NOPE", "TEA")]
        results = (await caller.done("PUT", "/api/v1/stock", {"rows": rows}))["results"]
        assert [each["status"] for each in results] == ["REJECTED", "ACCEPTED"]
        assert (await caller.refused("PUT", "/api/v1/stock", {"rows": rows * 51}))[:2] == (422, "validation_failed")


async def test_an_older_level_does_not_overwrite_a_newer_one_when_versions_are_given() -> None:
    async with oms() as caller:
        version = (await caller.stock("MUG"))["version"]
        assert (await _put_stock(caller, quantity=50, expected_version=version))["status"] == "ACCEPTED"
        assert (await _put_stock(caller, quantity=90, expected_version=version))["error"]["code"] == "version_conflict"
        assert (await caller.stock("MUG"))["sellable"] == 50


async def test_a_change_of_one_isku_shows_in_every_sku_that_contains_it() -> None:
    async with oms() as caller:
        await caller.later(100)
        since = (await caller.get("/api/v1/stock", changed_since=LONG_AGO))["server_time"]
        assert (await caller.get(f"{STORE}/stock", changed_since=since))["items"] == []
        await _put_stock(caller, quantity=5)
        rows = (await caller.get(f"{STORE}/stock", changed_since=since))["items"]
        assert [(row["sku"], row["available"]) for row in rows] == [("MUG", 5), ("GIFT-SET", 2)]


async def test_only_the_stores_warehouses_count_and_a_kit_is_made_within_one() -> None:
    async with oms(multi_warehouse=True) as caller:
        levels = [("MUG", "WH-1", 3), ("TEA", "WH-1", 9), ("MUG", "WH-2", 1), ("TEA", "WH-2", 9), ("MUG", "WH-3", 50)]
        rows = [{"isku": isku, "warehouse_code": code, "sellable": count} for isku, code, count in levels]
        await caller.act("PUT", "/stock", {"levels": rows})
        assert await caller.offer("MUG") == 4
        row = (await caller.get(f"{STORE}/stock", changed_since=LONG_AGO, sku="GIFT-SET"))["items"][0]
        assert row["available"] == 1
        assert row["warehouses"] == [
            {"warehouse_code": "WH-1", "available": 1},
            {"warehouse_code": "WH-2", "available": 0},
        ]


async def test_the_buffer_and_damaged_goods_are_not_offered() -> None:
    async with oms() as caller:
        level = {"isku": "MUG", "warehouse_code": "WH-1", "sellable": 10, "damaged": 4, "buffer": 3}
        await caller.act("PUT", "/stock", {"levels": [level]})
        await caller.order(quantity=2)
        shown = await caller.stock("MUG")
        assert (shown["total"], shown["reserved"], shown["available"]) == (14, 2, 5)
        assert await caller.offer("MUG") == 5


async def _put_price(caller: Caller, **row: Any) -> Any:
    body = {"rows": [{"sku": "MUG", "retail_price": "15000"} | row]}
    return (await caller.done("PUT", f"{STORE}/prices", body))["results"][0]


async def test_a_price_is_set_and_seen_in_the_list_of_changes() -> None:
    async with oms() as caller:
        await caller.later(100)
        result = await _put_price(caller, selling_price="13000")
        since = (await caller.get(STORE + "/prices", changed_since=LONG_AGO))["server_time"]
        rows = (await caller.get(STORE + "/prices", changed_since=since))["items"]
        assert [(row["sku"], row["retail_price"], row["selling_price"]) for row in rows] == [("MUG", "15000", "13000")]
        assert rows[0]["version"] == result["version"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"retail_price": "0"}, "invalid_price"),
        ({"retail_price": "-5"}, "invalid_price"),
        ({"retail_price": "15000.50"}, "invalid_price"),
        ({"selling_price": "0"}, "invalid_price"),
        ({"retail_price": "1e3"}, "invalid_price"),
        ({"sku": "SHIRT"}, "unknown_sku"),
    ],
)
async def test_a_price_that_cannot_be_is_refused_inside_a_200(row: dict[str, Any], code: str) -> None:
    async with oms() as caller:
        assert (await _put_price(caller, **row))["error"]["code"] == code
        assert caller.world.oracle.writes("set_price") == []


async def test_a_price_as_a_json_number_is_refused() -> None:
    async with oms() as caller:
        body = {"rows": [{"sku": "MUG", "retail_price": 15000}]}
        assert (await caller.refused("PUT", f"{STORE}/prices", body))[:2] == (422, "validation_failed")


async def test_sync_price_asks_the_connector_for_one_sku() -> None:
    async with oms() as caller:
        await caller.act("PUT", "/stores/KR-STORE-1/prices/TEA", {"retail_price": "9000"})
        await caller.act("POST", "/stores/KR-STORE-1/prices/TEA/sync")
        events = [each for each in (await caller.act("GET", "/events"))["events"] if each["event"] == "price_change"]
        assert [each["subject"] for each in events] == [{"skus": ["TEA"]}]
