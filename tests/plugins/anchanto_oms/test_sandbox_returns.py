"""Returns: opened and moved by the channel, put away by people, never decided here."""

from typing import Any

import pytest

from tests.plugins.anchanto_oms.sandbox_client import LONG_AGO, STORE, Caller, oms


async def _shipped(caller: Caller, **changes: Any) -> Any:
    made = await caller.order(**changes)
    await caller.move(made, "READY_TO_SHIP")
    return await caller.move(made, "IN_TRANSIT")


def _body(reference: str = "RMA-1", quantity: int = 1, **changes: Any) -> dict[str, Any]:
    lines = [{"line_reference": "1", "quantity": quantity}]
    return {"return_reference": reference, "goods_expected": True, "lines": lines} | changes


async def _open(caller: Caller, order: Any, **changes: Any) -> Any:
    return await caller.done("POST", f"{STORE}/orders/{order['order_id']}/returns", _body(**changes))


async def _move(caller: Caller, returned: Any, to: str) -> Any:
    return await caller.done("POST", f"{STORE}/returns/{returned['return_id']}/moves", {"to": to})


async def test_a_return_goes_from_request_to_shelf() -> None:
    async with oms() as caller:
        order = await _shipped(caller)
        made = await _open(caller, order, quantity=2, refund_amount="24000")
        assert (made["state"], made["refund_amount"]) == ("RETURN_INITIATED", "24000")
        await _move(caller, made, "RETURN_APPROVED")
        await _move(caller, made, "RETURN_PUTAWAY")
        path = f"{STORE}/returns/{made['return_id']}"
        refused = await caller.refused("POST", path + "/moves", {"to": "RETURN_COMPLETED"})
        assert refused[:2] == (422, "goods_await_putaway")
        shelved = await caller.act("POST", f"/returns/{made['return_id']}/put-away", {"damaged": {"1": 1}})
        assert (shelved["put_away"], shelved["lines"][0]["sellable"], shelved["lines"][0]["damaged"]) == (True, 1, 1)
        level = await caller.stock("MUG")
        assert (level["sellable"], level["damaged"]) == (99, 1)
        assert (await _move(caller, made, "RETURN_COMPLETED"))["state"] == "RETURN_COMPLETED"
        assert (await caller.get(f"{STORE}/orders/{order['order_id']}"))["return_ids"] == [made["return_id"]]


async def test_a_return_of_a_kit_puts_its_components_on_the_shelf_once() -> None:
    async with oms() as caller:
        made = await _open(caller, await _shipped(caller, sku="GIFT-SET", quantity=2))
        await _move(caller, made, "RETURN_APPROVED")
        await caller.act("POST", f"/returns/{made['return_id']}/put-away")
        assert ((await caller.stock("MUG"))["sellable"], (await caller.stock("TEA"))["sellable"]) == (98, 99)
        assert "expects no goods" in await caller.act_refused("POST", f"/returns/{made['return_id']}/put-away")


async def test_money_only_completes_without_goods() -> None:
    async with oms() as caller:
        made = await _open(caller, await _shipped(caller), goods_expected=False)
        await _move(caller, made, "RETURN_APPROVED")
        refused = await caller.refused("POST", f"{STORE}/returns/{made['return_id']}/moves", {"to": "RETURN_PUTAWAY"})
        assert (refused[1], refused[2]["allowed"]) == ("illegal_move", ["RETURN_COMPLETED", "RETURN_REJECTED"])
        assert (await _move(caller, made, "RETURN_COMPLETED"))["state"] == "RETURN_COMPLETED"


@pytest.mark.parametrize("to", ["RETURN_PUTAWAY", "RETURN_COMPLETED", "RETURN_INITIATED", "COMPLETE"])
async def test_an_illegal_move_of_a_return_is_refused_with_both_states(to: str) -> None:
    async with oms() as caller:
        made = await _open(caller, await _shipped(caller))
        status, code, details = await caller.refused("POST", f"{STORE}/returns/{made['return_id']}/moves", {"to": to})
        assert (status, code, details["from"], details["to"]) == (422, "illegal_move", "RETURN_INITIATED", to)


async def test_only_what_has_left_can_come_back() -> None:
    async with oms() as caller:
        made = await caller.order()
        refused = await caller.refused("POST", f"{STORE}/orders/{made['order_id']}/returns", _body())
        assert refused[:2] == (422, "not_shipped")


async def test_not_more_comes_back_than_was_sent_over_all_returns_that_are_not_rejected() -> None:
    async with oms() as caller:
        order = await _shipped(caller)
        path = f"{STORE}/orders/{order['order_id']}/returns"
        first = await _open(caller, order, quantity=2)
        assert (await caller.refused("POST", path, _body("RMA-2")))[:2] == (422, "too_many_returned")
        await _move(caller, first, "RETURN_REJECTED")
        await _open(caller, order, reference="RMA-2")
        assert (await caller.refused("POST", path, _body("RMA-3", 2)))[:2] == (422, "too_many_returned")


async def test_a_return_reference_is_used_once_and_found_again() -> None:
    async with oms() as caller:
        order = await _shipped(caller)
        made = await _open(caller, order)
        path = f"{STORE}/orders/{order['order_id']}/returns"
        status, code, details = await caller.refused("POST", path, _body())
        assert (status, code, details["return_id"]) == (409, "duplicate_reference", made["return_id"])
        assert (await caller.get(f"{STORE}/returns", return_reference="RMA-1"))["items"] == [made]
        assert (await caller.get(f"{STORE}/returns", changed_since=LONG_AGO))["items"] == [made]


async def test_the_oms_cannot_decide_a_return_of_the_marketplace() -> None:
    async with oms() as caller:
        made = await _open(caller, await _shipped(caller))
        assert "cannot approve or reject" in await caller.act_refused("POST", f"/returns/{made['return_id']}/decide")


async def test_a_return_is_changed_and_told() -> None:
    async with oms() as caller:
        made = await _open(caller, await _shipped(caller))
        path = f"{STORE}/returns/{made['return_id']}"
        after = await caller.done("PATCH", path, {"sub_state": "JUDGING", "tracking_number": "BACK1"})
        assert (after["sub_state"], after["tracking_number"]) == ("JUDGING", "BACK1")
        assert after["version"] > made["version"]
        events = [each for each in (await caller.act("GET", "/events"))["events"] if each["event"] == "return_update"]
        assert [each["subject"]["version"] for each in events] == [made["version"], after["version"]]


async def test_a_refund_has_the_decimals_of_the_currency() -> None:
    async with oms() as caller:
        order = await _shipped(caller)
        path = f"{STORE}/orders/{order['order_id']}/returns"
        refused = await caller.refused("POST", path, _body(refund_amount="1.50"))
        assert refused[2]["fields"][0]["path"] == "refund_amount"
