"""The order machine: legal moves only, and what each does to stock."""

from typing import Any

import pytest

from tests.plugins.anchanto_oms.sandbox_client import STORE, Caller, oms


async def _bring(caller: Caller, state: str) -> Any:
    """An order in `state`, by the shortest way through the channel and people."""
    first = "MP_UNPAID" if state == "MP_UNPAID" else "NEW"
    made = await caller.order(state=first)
    ways: dict[str, list[str]] = {
        "RFP": ["RFP"],
        "APPROVAL_IN_PROCESS": ["APPROVAL_IN_PROCESS"],
        "REJECTION_IN_PROCESS": ["APPROVAL_IN_PROCESS", "REJECTION_IN_PROCESS"],
        "REJECT": ["APPROVAL_IN_PROCESS", "REJECTION_IN_PROCESS", "REJECT"],
        "READY_TO_SHIP": ["/ready-to-ship"],
        "PACKED": ["/pack"],
        "IN_TRANSIT": ["/ready-to-ship", "/dispatch"],
        "COMPLETE": ["/ready-to-ship", "/dispatch", "COMPLETE"],
        "LOST_IN_TRANSIT": ["/ready-to-ship", "/dispatch", "LOST_IN_TRANSIT"],
        "FAILED_DELIVERY_INITIATED": ["/ready-to-ship", "/dispatch", "FAILED_DELIVERY_INITIATED"],
        "CANCEL_IN_PROCESS": ["CANCEL_IN_PROCESS"],
        "CANCEL_BY_SELLER_IN_PROCESS": ["CANCEL_BY_SELLER_IN_PROCESS"],
        "CANCEL": ["CANCEL"],
    }
    for step in ways.get(state, []):
        path = f"/orders/{made['order_id']}"
        if step.startswith("/"):
            made = await caller.act("POST", path + step)
        else:
            made = await caller.act("POST", path + "/moves", {"to": step})
    assert made["state"] == state
    return made


LEGAL_FOR_THE_CHANNEL = {
    "MP_UNPAID": {"NEW", "CANCEL"},
    "NEW": {"READY_TO_SHIP", "CANCEL_IN_PROCESS", "CANCEL"},
    "RFP": {"READY_TO_SHIP", "CANCEL_IN_PROCESS", "CANCEL"},
    "PACKED": {"READY_TO_SHIP", "CANCEL_IN_PROCESS", "CANCEL"},
    "READY_TO_SHIP": {"IN_TRANSIT", "CANCEL_IN_PROCESS", "CANCEL"},
    "IN_TRANSIT": {"COMPLETE", "LOST_IN_TRANSIT", "FAILED_DELIVERY_INITIATED", "CANCEL_IN_PROCESS"},
    "CANCEL_IN_PROCESS": {"CANCEL", "NEW"},
    "CANCEL_BY_SELLER_IN_PROCESS": {"CANCEL_BY_SELLER", "NEW"},
    "APPROVAL_IN_PROCESS": {"CANCEL_IN_PROCESS", "CANCEL"},
    "REJECTION_IN_PROCESS": set[str](),
    "FAILED_DELIVERY_INITIATED": set[str](),
    "COMPLETE": set[str](),
    "CANCEL": set[str](),
    "REJECT": set[str](),
    "LOST_IN_TRANSIT": set[str](),
}
ALL_STATES = {*LEGAL_FOR_THE_CHANNEL, "PARTIAL", "CANCEL_BY_SELLER", "FAILED_DELIVERY_PUTAWAY", "RETURNED", "new"}


@pytest.mark.parametrize("state", sorted(LEGAL_FOR_THE_CHANNEL))
async def test_the_channel_makes_no_move_but_the_legal_ones(state: str) -> None:
    async with oms() as caller:
        made = await _bring(caller, state)
        path = f"{STORE}/orders/{made['order_id']}"
        for target in sorted(ALL_STATES - LEGAL_FOR_THE_CHANNEL[state]):
            status, code, details = await caller.refused("POST", f"{path}/moves", {"to": target})
            assert (status, code, details["from"], details["to"]) == (422, "illegal_move", state, target)
            assert set(details["allowed"]) == LEGAL_FOR_THE_CHANNEL[state]
        assert (await caller.get(path))["version"] == made["version"]


@pytest.mark.parametrize(
    ("state", "target"),
    [(state, target) for state, targets in LEGAL_FOR_THE_CHANNEL.items() for target in sorted(targets)],
)
async def test_a_legal_move_of_the_channel_is_made(state: str, target: str) -> None:
    async with oms() as caller:
        made = await _bring(caller, state)
        if target == "CANCEL" and state in ("READY_TO_SHIP", "PACKED"):
            refused = await caller.refused("POST", f"{STORE}/orders/{made['order_id']}/moves", {"to": target})
            assert refused[:2] == (422, "goods_await_putaway")
            return
        moved = await caller.move(made, target)
        assert (moved["state"], moved["previous_state"]) == (target, state)


async def test_a_move_from_an_unexpected_state_is_a_conflict() -> None:
    async with oms() as caller:
        path = f"{STORE}/orders/{(await caller.order())['order_id']}/moves"
        refused = await caller.refused("POST", path, {"to": "CANCEL", "expected_state": "RFP"})
        assert refused == (409, "state_conflict", {"expected": "RFP", "state": "NEW"})


async def test_an_order_on_hold_is_not_made_ready() -> None:
    async with oms() as caller:
        made = await caller.order(hold="INVOICE_PENDING")
        path = f"{STORE}/orders/{made['order_id']}"
        assert (await caller.refused("POST", f"{path}/moves", {"to": "READY_TO_SHIP"}))[:2] == (422, "order_on_hold")
        assert "on hold" in await caller.act_refused("POST", f"/orders/{made['order_id']}/pick")
        await caller.done("PATCH", path, {"hold": None})
        assert (await caller.move(made, "READY_TO_SHIP"))["state"] == "READY_TO_SHIP"


async def test_with_wms_a_picked_order_becomes_ready_by_itself() -> None:
    async with oms(wms=True) as caller:
        made = await caller.order()
        path = f"/orders/{made['order_id']}"
        assert "nobody does it by hand" in await caller.act_refused("POST", path + "/ready-to-ship")
        assert (await caller.act("POST", path + "/pick", {"lines": {"1": 1}}))["state"] == "PARTIAL"
        assert (await caller.act("POST", path + "/pick"))["state"] == "READY_TO_SHIP"
        packed = await caller.act("POST", path + "/pack")
        assert packed["state"] == "PACKED"
        assert (await caller.act("POST", path + "/dispatch"))["state"] == "IN_TRANSIT"


async def test_without_wms_picking_does_not_make_ready_and_a_part_cannot_be() -> None:
    async with oms() as caller:
        made = await caller.order()
        path = f"/orders/{made['order_id']}"
        await caller.act("POST", path + "/pick", {"lines": {"1": 1}})
        assert "in part" in await caller.act_refused("POST", path + "/ready-to-ship")
        assert (await caller.act("POST", path + "/pick"))["state"] == "PARTIAL"
        assert (await caller.act("POST", path + "/ready-to-ship"))["state"] == "READY_TO_SHIP"


async def test_without_wms_an_order_is_packed_first_and_only_once() -> None:
    async with oms() as caller:
        made = await _bring(caller, "PACKED")
        refused = await caller.refused("POST", f"{STORE}/orders/{made['order_id']}/moves", {"to": "IN_TRANSIT"})
        assert refused[1] == "illegal_move"
        await caller.act("POST", f"/orders/{made['order_id']}/ready-to-ship")
        assert "cannot move" in await caller.act_refused("POST", f"/orders/{made['order_id']}/pack")


async def test_stock_is_reserved_taken_and_given_back() -> None:
    async with oms() as caller:
        unpaid = await caller.order(state="MP_UNPAID")
        assert (await caller.stock("MUG"))["reserved"] == 0
        await caller.move(unpaid, "NEW")
        assert (await caller.stock("MUG"))["reserved"] == 2
        await caller.move(unpaid, "READY_TO_SHIP")
        await caller.move(unpaid, "IN_TRANSIT")
        level = await caller.stock("MUG")
        assert (level["sellable"], level["reserved"]) == (98, 0)
        other = await caller.order(reference="B")
        await caller.move(other, "CANCEL")
        assert (await caller.stock("MUG"))["available"] == 98


async def test_a_kit_takes_its_components() -> None:
    async with oms() as caller:
        made = await caller.order(sku="GIFT-SET", quantity=3)
        assert made["lines"][0]["components"] == [{"isku": "MUG", "quantity": 6}, {"isku": "TEA", "quantity": 3}]
        assert (await caller.stock("MUG"))["reserved"] == 6
        assert (await caller.stock("TEA"))["reserved"] == 3
        assert await caller.offer("GIFT-SET") == 47


async def test_a_withdrawn_cancellation_goes_back_where_it_came_from() -> None:
    async with oms() as caller:
        made = await _bring(caller, "READY_TO_SHIP")
        await caller.move(made, "CANCEL_IN_PROCESS", sub_state="BUYER_ASKED")
        refused = await caller.refused("POST", f"{STORE}/orders/{made['order_id']}/moves", {"to": "NEW"})
        assert refused[2]["allowed"] == ["CANCEL", "READY_TO_SHIP"]
        back = await caller.move(made, "READY_TO_SHIP")
        assert (back["state"], back["sub_state"]) == ("READY_TO_SHIP", None)
        assert (await caller.stock("MUG"))["reserved"] == 2


async def test_a_cancellation_of_picked_goods_ends_at_putaway() -> None:
    async with oms() as caller:
        made = await _bring(caller, "READY_TO_SHIP")
        await caller.move(made, "CANCEL_IN_PROCESS")
        refused = await caller.refused("POST", f"{STORE}/orders/{made['order_id']}/moves", {"to": "CANCEL"})
        assert refused[1] == "goods_await_putaway"
        ended = await caller.act("POST", f"/orders/{made['order_id']}/put-away", {"damaged": {"1": 1}})
        assert ended["state"] == "CANCEL"
        level = await caller.stock("MUG")
        assert (level["sellable"], level["damaged"], level["reserved"], level["total"]) == (99, 1, 0, 100)


async def test_a_failed_delivery_comes_back_to_the_shelf() -> None:
    async with oms() as caller:
        made = await _bring(caller, "FAILED_DELIVERY_INITIATED")
        path = f"/orders/{made['order_id']}"
        assert "more damaged" in await caller.act_refused("POST", path + "/put-away", {"damaged": {"1": 3}})
        shelved = await caller.act("POST", path + "/put-away", {"damaged": {"1": 1}})
        assert shelved["state"] == "FAILED_DELIVERY_PUTAWAY"
        level = await caller.stock("MUG")
        assert (level["sellable"], level["damaged"], level["total"]) == (99, 1, 100)
        assert (await caller.act("POST", path + "/moves", {"to": "FAILED_DELIVERY_COMPLETE"}))["state"].endswith(
            "COMPLETE"
        )


async def test_a_sellers_cancellation_with_goods_put_back_cannot_be_refused_any_more() -> None:
    async with oms() as caller:
        made = await _bring(caller, "READY_TO_SHIP")
        path = f"/orders/{made['order_id']}"
        await caller.act("POST", path + "/moves", {"to": "CANCEL_BY_SELLER_IN_PROCESS"})
        assert (await caller.refused("POST", f"{STORE}{path}/moves", {"to": "CANCEL_BY_SELLER"}))[1] == (
            "goods_await_putaway"
        )
        assert (await caller.act("POST", path + "/put-away"))["state"] == "CANCEL_BY_SELLER_IN_PROCESS"
        assert (await caller.refused("POST", f"{STORE}{path}/moves", {"to": "READY_TO_SHIP"}))[1] == "illegal_move"
        assert (await caller.move(made, "CANCEL_BY_SELLER"))["state"] == "CANCEL_BY_SELLER"
        assert (await caller.stock("MUG"))["available"] == 100


async def test_the_oracle_knows_who_made_each_move() -> None:
    async with oms() as caller:
        made = await _bring(caller, "READY_TO_SHIP")
        await caller.move(made, "IN_TRANSIT")
        facts = [write.facts for write in caller.world.oracle.writes("move_order")]
        assert [(each["after"], each["by"]) for each in facts] == [
            ("READY_TO_SHIP", "person"),
            ("IN_TRANSIT", "channel"),
        ]
