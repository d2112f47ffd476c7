"""Orders: creating, reading, listing, changing, problems."""

from typing import Any

import pytest

from crossdock.sandbox import Fault, FaultKind
from tests.plugins.anchanto_oms.sandbox_client import LONG_AGO, STORE, Caller, line, oms, order_body


async def test_a_new_order_is_answered_as_it_will_be_read() -> None:
    async with oms() as caller:
        made = await caller.order(note="gift", shipping_fee="3000", total="27000")
        read = await caller.get(f"{STORE}/orders/{made['order_id']}")
        assert made == read
        assert (read["state"], read["total"], read["shipping_fee"]) == ("NEW", "27000", "3000")
        assert read["lines"][0]["components"] == [{"isku": "MUG", "quantity": 2}]
        assert read["problems"] == []


async def test_a_reference_is_used_once_and_the_refusal_names_the_order() -> None:
    async with oms() as caller:
        made = await caller.order()
        status, code, details = await caller.refused("POST", f"{STORE}/orders", order_body(quantity=1))
        assert (status, code) == (409, "duplicate_reference")
        assert details["order_id"] == made["order_id"]
        assert caller.world.oracle.counts("create_order") == {"241121AAA": 1}


async def test_an_order_whose_answer_was_lost_is_found_by_its_reference() -> None:
    async with oms(Fault(kind=FaultKind.LOST_ANSWER, path="/orders$", times=1)) as caller:
        with pytest.raises(Exception, match="disconnected"):
            await caller.order()
        rows = (await caller.get(f"{STORE}/orders", channel_reference="241121AAA"))["items"]
        assert [row["channel_reference"] for row in rows] == ["241121AAA"]
        assert (await caller.get(f"{STORE}/orders", channel_reference="OTHER"))["items"] == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"surprise": 1}, "surprise"),
        ({"lines": []}, "lines"),
        ({"lines": [line() | {"quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [line() | {"quantity": "2"}]}, "lines.0.quantity"),
        ({"lines": [line() | {"unit_price": 12000}]}, "lines.0.unit_price"),
        ({"lines": [line() | {"unit_price": "-1"}]}, "lines.0.unit_price"),
        ({"lines": [line(price="0.50")], "total": "1"}, "lines.0.unit_price"),
        ({"ordered_at": "2026-11-21 10:00"}, "ordered_at"),
        ({"ordered_at": 1795600000}, "ordered_at"),
        ({"channel_reference": ""}, "channel_reference"),
        ({"channel_reference": "x" * 65}, "channel_reference"),
        ({"state": "COMPLETE"}, "body"),
        ({"lines": [line(quantity=1), line(quantity=1)]}, "body"),
        ({"logistics_mode": "pigeon"}, "logistics_mode"),
        ({"ship_to": {"name": "A", "line1": "B", "country": "Korea"}}, "ship_to.country"),
    ],
)
async def test_a_body_that_is_not_as_documented_is_refused(changes: dict[str, Any], path: str) -> None:
    async with oms() as caller:
        status, code, details = await caller.refused("POST", f"{STORE}/orders", order_body(**changes))
        assert (status, code) == (422, "validation_failed")
        assert path in [each["path"] for each in details["fields"]]
        assert caller.world.oracle.writes("create_order") == []


async def test_a_total_that_does_not_balance_is_refused_with_both_figures() -> None:
    async with oms() as caller:
        status, code, details = await caller.refused("POST", f"{STORE}/orders", order_body(total="23999"))
        assert (status, code, details) == (422, "total_mismatch", {"expected": "24000", "given": "23999"})


async def test_an_order_in_another_currency_is_refused() -> None:
    async with oms() as caller:
        answer = await caller.refused("POST", f"{STORE}/orders", order_body(currency="SGD"))
        assert answer == (422, "wrong_currency", {"expected": "KRW", "given": "SGD"})


async def test_money_has_the_decimals_of_its_currency() -> None:
    async with oms(currency="SGD") as caller:
        made = await caller.order(currency="SGD", lines=[line(quantity=3, price="0.1")], total="0.30")
        assert (made["total"], made["lines"][0]["unit_price"]) == ("0.30", "0.10")


async def test_an_unknown_sku_is_kept_as_a_problem_until_the_product_exists() -> None:
    async with oms() as caller:
        made = await caller.order(sku="NEW-THING")
        assert [(each["code"], each["line_reference"]) for each in made["problems"]] == [("UNKNOWN_SKU", "1")]
        refused = await caller.refused("POST", f"{STORE}/orders/{made['order_id']}/moves", {"to": "READY_TO_SHIP"})
        assert refused[:2] == (422, "order_has_problems")
        await caller.act("POST", "/products", {"products": [{"csku": "NEW-THING", "type": "single", "name": "New"}]})
        stocked = {"isku": "NEW-THING", "warehouse_code": "WH-1", "sellable": 5}
        await caller.act("PUT", "/stock", {"levels": [stocked]})
        after = await caller.get(f"{STORE}/orders/{made['order_id']}")
        assert after["problems"] == []
        assert (await caller.stock("NEW-THING"))["reserved"] == 2


async def test_the_parent_of_variants_cannot_be_ordered() -> None:
    async with oms() as caller:
        assert (await caller.order(sku="SHIRT"))["problems"][0]["code"] == "UNKNOWN_SKU"


async def test_a_carrier_that_is_not_named_is_the_default_for_now() -> None:
    async with oms() as caller:
        made = await caller.order()
        assert (made["carrier"], made["carrier_is_temporary"]) == ("SLS", True)
        other = await caller.order(reference="B", carrier="SPX")
        assert (other["carrier"], other["carrier_is_temporary"]) == ("SPX", False)


async def test_without_a_default_an_unknown_carrier_is_a_problem_until_one_is_set() -> None:
    async with oms(default_carrier=None) as caller:
        made = await caller.order(carrier="PIGEON")
        assert [each["code"] for each in made["problems"]] == ["UNKNOWN_CARRIER"]
        path = f"{STORE}/orders/{made['order_id']}"
        assert (await caller.refused("PATCH", path, {"carrier": "OWL"}))[:2] == (422, "unknown_carrier")
        assert (await caller.done("PATCH", path, {"carrier": "SPX"}))["problems"] == []


async def test_setting_a_carrier_up_releases_the_orders_that_waited_for_it() -> None:
    async with oms(default_carrier=None) as caller:
        made = await caller.order(carrier="PIGEON")
        await caller.act("POST", "/carriers", {"carrier_code": "PIGEON", "name": "Pigeon", "kind": "marketplace"})
        assert (await caller.get(f"{STORE}/orders/{made['order_id']}"))["problems"] == []


async def test_an_order_that_cannot_be_served_waits_for_stock() -> None:
    async with oms() as caller:
        made = await caller.order(quantity=101)
        assert made["problems"][0]["code"] == "OUT_OF_STOCK"
        assert await caller.offer("MUG") == 100
        await caller.act("PUT", "/stock", {"levels": [{"isku": "MUG", "warehouse_code": "WH-1", "sellable": 101}]})
        assert (await caller.get(f"{STORE}/orders/{made['order_id']}"))["problems"] == []
        assert await caller.offer("MUG") == 0


async def test_a_seller_who_lets_more_be_sold_than_there_is_has_no_problem_and_a_level_below_zero() -> None:
    async with oms(oversell=True) as caller:
        made = await caller.order(quantity=101)
        assert made["problems"] == []
        assert await caller.offer("MUG") <= 0
        for state in ("READY_TO_SHIP", "IN_TRANSIT"):
            await caller.move(made, state)
        level = await caller.stock("MUG")
        assert (level["sellable"], level["reserved"]) == (-1, 0)
        assert (await caller.act("GET", "/invariants"))["broken"] == []


async def test_history_moves_no_stock_sends_no_events_and_teaches_carriers() -> None:
    async with oms() as caller:
        await caller.order(historical=True, state="COMPLETE", carrier="OLD-POST")
        assert (await caller.stock("MUG"))["reserved"] == 0
        assert (await caller.act("GET", "/events"))["events"] == []
        assert "OLD-POST" in [each["carrier_code"] for each in (await caller.get("/api/v1/carriers"))["items"]]


async def test_an_order_goes_to_the_first_warehouse_that_has_everything() -> None:
    async with oms(multi_warehouse=True) as caller:
        level = {"warehouse_code": "WH-2", "sellable": 300}
        await caller.act("PUT", "/stock", {"levels": [{"isku": "MUG"} | level]})
        assert (await caller.order(quantity=150))["warehouse_code"] == "WH-2"
        assert (await caller.order(reference="B", quantity=1))["warehouse_code"] == "WH-1"
        status, code, details = await caller.refused(
            "POST", f"{STORE}/orders", order_body(reference="C", warehouse_code="WH-3")
        )
        assert (status, code, details["allowed"]) == (422, "unknown_warehouse", ["WH-1", "WH-2"])


async def test_reported_problems_are_shown_replaced_and_cleared() -> None:
    async with oms() as caller:
        path = f"{STORE}/orders/{(await caller.order())['order_id']}/problems"
        await caller.done("POST", path, {"code": "AWB_PENDING", "message": "first"})
        again = await caller.done("POST", path, {"code": "AWB_PENDING", "message": "second"})
        assert [(each["message"], each["blocking"]) for each in again["problems"]] == [("second", False)]
        assert (await caller.refused("POST", path, {"code": "UNKNOWN_SKU", "message": "x"}))[0] == 422
        assert (await caller.done("DELETE", f"{path}/AWB_PENDING"))["problems"] == []
        assert (await caller.refused("DELETE", f"{path}/AWB_PENDING"))[:2] == (404, "unknown_problem")


async def test_a_change_that_changes_nothing_makes_no_new_version() -> None:
    async with oms() as caller:
        made = await caller.order(note="as it is")
        path = f"{STORE}/orders/{made['order_id']}"
        assert (await caller.done("PATCH", path, {"note": "as it is"}))["version"] == made["version"]
        assert (await caller.done("PATCH", path, {"note": "other"}))["version"] > made["version"]


async def test_a_change_of_an_ended_order_is_refused() -> None:
    async with oms() as caller:
        made = await caller.order()
        await caller.done("PATCH", f"{STORE}/orders/{made['order_id']}", {"sub_state": "DELIVERED"})
        await caller.move(made, "CANCEL")
        refused = await caller.refused("PATCH", f"{STORE}/orders/{made['order_id']}", {"note": "late"})
        assert refused[:2] == (422, "illegal_state")


async def _scan(caller: Caller, **query: Any) -> list[str]:
    seen: list[str] = []
    page = await caller.get(f"{STORE}/orders", changed_since=LONG_AGO, **query)
    while True:
        seen += [row["channel_reference"] for row in page["items"]]
        if page["next_cursor"] is None:
            return seen
        page = await caller.get(f"{STORE}/orders", cursor=page["next_cursor"], **query)


async def test_orders_of_one_second_are_each_listed_once_across_pages() -> None:
    async with oms() as caller:
        for number in range(7):
            await caller.order(reference=f"R{number}", quantity=1)
        assert await _scan(caller, limit=3) == [f"R{number}" for number in range(7)]
        assert await _scan(caller, limit=7) == [f"R{number}" for number in range(7)]


async def test_an_order_that_changes_during_a_scan_is_seen_again_at_the_end() -> None:
    async with oms() as caller:
        made = [await caller.order(reference=f"R{number}", quantity=1) for number in range(4)]
        page = await caller.get(f"{STORE}/orders", changed_since=LONG_AGO, limit=2)
        await caller.move(made[0], "READY_TO_SHIP")
        rest = await caller.get(f"{STORE}/orders", cursor=page["next_cursor"], limit=10)
        assert [row["channel_reference"] for row in rest["items"]] == ["R2", "R3", "R0"]
        assert rest["items"][-1]["version"] > page["items"][0]["version"]


async def test_changed_since_includes_its_own_second_and_filters_by_present_state() -> None:
    async with oms() as caller:
        await caller.order(reference="OLD")
        await caller.later(60)
        made = await caller.order(reference="YOUNG")
        rows = await caller.get(f"{STORE}/orders", changed_since=made["changed_at"])
        assert [row["channel_reference"] for row in rows["items"]] == ["YOUNG"]
        await caller.move(made, "CANCEL")
        assert await _scan(caller, state="NEW") == ["OLD"]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({}, "changed_since"),
        ({"changed_since": "yesterday"}, "changed_since"),
        ({"changed_since": LONG_AGO, "limit": 101}, "limit"),
        ({"changed_since": LONG_AGO, "limit": "ten"}, "limit"),
        ({"changed_since": LONG_AGO, "state": "SHIPPED"}, "state"),
        ({"changed_since": LONG_AGO, "page": 2}, "page"),
        ({"channel_reference": "A", "limit": 2}, "limit"),
    ],
)
async def test_a_list_asked_for_wrongly_is_refused(query: dict[str, Any], path: str) -> None:
    async with oms() as caller:
        status, code, details = await caller.refused("GET", f"{STORE}/orders", **query)
        assert (status, code, details["fields"][0]["path"]) == (422, "validation_failed", path)


async def test_a_cursor_belongs_to_its_list_and_filters() -> None:
    async with oms() as caller:
        for number in range(3):
            await caller.order(reference=f"R{number}")
        cursor = (await caller.get(f"{STORE}/orders", changed_since=LONG_AGO, limit=1))["next_cursor"]
        other = await caller.refused("GET", f"{STORE}/orders", cursor=cursor, state="NEW")
        mangled = await caller.refused("GET", f"{STORE}/orders", cursor="abc")
        assert other[:2] == mangled[:2] == (422, "invalid_cursor")


async def test_a_list_may_lag_but_a_lookup_does_not() -> None:
    async with oms(list_lag_seconds=60) as caller:
        made = await caller.order()
        assert await _scan(caller) == []
        assert len((await caller.get(f"{STORE}/orders", channel_reference="241121AAA"))["items"]) == 1
        await caller.get(f"{STORE}/orders/{made['order_id']}")
        await caller.later(60)
        assert await _scan(caller) == ["241121AAA"]


@pytest.mark.parametrize("text", ["\uff12\uff14000", "24000 ", "2.4e4", "24,000", "+24000", "NaN", ""])
async def test_a_total_in_another_spelling_is_refused(text: str) -> None:
    async with oms() as caller:
        status, code, _ = await caller.refused("POST", f"{STORE}/orders", order_body(total=text))
        assert (status, code) == (422, "validation_failed")
