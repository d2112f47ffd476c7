"""Whatever is asked for in whatever order, goods are neither made nor lost, and states stay legal."""

import random
from typing import Any

import pytest

from crossdock.sandbox import VirtualClock, World
from crossdock_anchanto_oms.sandbox import orders, stock
from crossdock_anchanto_oms.sandbox.bodies import CreateOrder
from crossdock_anchanto_oms.sandbox.invariants import broken
from crossdock_anchanto_oms.sandbox.seed import seeded
from crossdock_anchanto_oms.sandbox.settings import Settings
from tests.plugins.anchanto_oms.sandbox_client import LONG_AGO, START, STORE, Caller, line, oms, order_body

STATES = ["NEW", "READY_TO_SHIP", "IN_TRANSIT", "COMPLETE", "CANCEL_IN_PROCESS", "CANCEL", "FAILED_DELIVERY_INITIATED"]
PEOPLE = ["CANCEL_BY_SELLER_IN_PROCESS", "CANCEL_BY_SELLER", "RFP", "APPROVAL_IN_PROCESS", "FAILED_DELIVERY_COMPLETE"]
ACTIONS = ["pick", "pack", "ready-to-ship", "dispatch", "put-away"]
OUTSIDE = {"IN_TRANSIT", "COMPLETE", "LOST_IN_TRANSIT", "FAILED_DELIVERY_INITIATED", "CANCEL_IN_PROCESS"}
HOLDING = {"NEW", "RFP", "PARTIAL", "PACKED", "READY_TO_SHIP", "APPROVAL_IN_PROCESS"}


class Walk:
    """Random requests of the channel and of people, repeatable by seed."""

    def __init__(self, caller: Caller, seed: int) -> None:
        self.caller = caller
        self.dice = random.Random(seed)
        self.orders: list[str] = []
        self.returns: list[str] = []

    async def step(self) -> None:
        choice = self.dice.random()
        if choice < 0.2 or not self.orders:
            await self._create()
        elif choice < 0.6:
            await self._post(f"{STORE}/orders/{self._order()}/moves", {"to": self.dice.choice(STATES)})
        elif choice < 0.7:
            await self._post(f"/_sandbox/orders/{self._order()}/moves", {"to": self.dice.choice(PEOPLE)})
        elif choice < 0.9:
            await self._post(f"/_sandbox/orders/{self._order()}/{self.dice.choice(ACTIONS)}", {})
        else:
            await self._return()

    def _order(self) -> str:
        return self.dice.choice(self.orders[-6:])

    async def _create(self) -> None:
        quantity = self.dice.randint(1, 9)
        made = await self.caller.order(
            reference=f"R{len(self.orders)}",
            lines=[line("MUG", quantity, "10"), line("GIFT-SET", 1, "10", "2")],
            total=str(10 * quantity + 10),
            state=self.dice.choice(["NEW", "NEW", "MP_UNPAID"]),
        )
        self.orders.append(made["order_id"])

    async def _return(self) -> None:
        reference = f"RMA{len(self.returns)}"
        body = {
            "return_reference": reference,
            "goods_expected": True,
            "lines": [{"line_reference": "1", "quantity": 1}],
        }
        made = await self._post(f"{STORE}/orders/{self._order()}/returns", body)
        if made is not None:
            self.returns.append(made["return_id"])
            await self._post(f"{STORE}/returns/{made['return_id']}/moves", {"to": "RETURN_APPROVED"})
            await self._post(f"/_sandbox/returns/{made['return_id']}/put-away", {"damaged": {"1": 1}})

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = await self.caller.ask("POST", path, body)
        assert answer.status_code in (200, 201, 404, 409, 422), answer.text
        return answer.json() if answer.status_code < 300 else None


def _mugs(order: Any) -> int:
    return sum(part["quantity"] for each in order["lines"] for part in each["components"] if part["isku"] == "MUG")


async def _check(walk: Walk) -> int:
    level = await walk.caller.stock("MUG")
    orders = [await walk.caller.get(f"{STORE}/orders/{order_id}") for order_id in walk.orders]
    rows = (await walk.caller.get(f"{STORE}/returns", changed_since=LONG_AGO, limit=100))["items"]
    outside = sum(_mugs(order) for order in orders if order["shipped_at"] and order["state"] in OUTSIDE)
    back = sum(each["damaged"] + each["sellable"] for row in rows for each in row["lines"])
    assert level["total"] + outside - back == 100
    assert min(level["sellable"], level["damaged"], level["reserved"]) >= 0
    assert level["reserved"] <= level["sellable"]
    assert (await walk.caller.act("GET", "/invariants"))["broken"] == []
    holding = [each for each in orders if each["state"] in HOLDING and not each["problems"]]
    assert level["reserved"] >= sum(_mugs(order) for order in holding)
    return len({order["state"] for order in orders})


_MORE = [pytest.param(seed, wms, marks=pytest.mark.long) for seed in (2, 3, 4, 5) for wms in (False, True)]


@pytest.mark.parametrize(("seed", "wms"), [(0, False), (1, True), *_MORE])
async def test_goods_are_conserved_on_any_walk(seed: int, wms: bool) -> None:
    async with oms(wms=wms, seed=seed) as caller:
        walk = Walk(caller, seed)
        states = 0
        for _ in range(6):
            for _ in range(25):
                await walk.step()
            states = max(states, await _check(walk))
        assert states >= 4


async def test_whatever_does_not_hold_is_named() -> None:
    world = World(seed=1, clock=VirtualClock(real=lambda: START))
    seller = seeded(world, Settings())
    order = orders.create(seller, "KR-STORE-1", CreateOrder.model_validate(order_body()))
    assert broken(seller) == []
    order.state, order.away, order.lines[0].picked = "ELSEWHERE", True, 99
    level = stock.level(seller, "MUG", "WH-1")
    level.reserved += 1
    level.damaged = -1
    seller.outbox.events[0].status = "waiting"
    found = broken(seller)
    assert len(found) == 7
    parts = ("ELSEWHERE", "set aside and gone", "99 of", "orders need", "below zero", "evt-000001 is lost")
    for part in (*parts, "MUG in WH-1: 99 pieces are there, but 98 should be"):
        assert part in " ".join(found)


async def test_the_wms_has_no_say_where_there_is_none_and_does_not_know_history() -> None:
    async with oms() as caller:
        made = await caller.order()
        assert "has no Anchanto WMS" in await caller.act_refused("GET", f"/wms/orders/{made['order_id']}")
    async with oms(wms=True) as caller:
        made = await caller.order(historical=True, state="COMPLETE")
        assert "never had it" in await caller.act_refused("POST", f"/wms/orders/{made['order_id']}/pick", {})


async def test_a_sandbox_in_which_something_does_not_hold_answers_only_that_and_tells_the_oracle() -> None:
    async with oms() as caller:
        made = await caller.order()
        await caller.act("GET", "/invariants")
        stock.level(caller.sandbox.seller, "MUG", "WH-1").sellable += 1
        path = f"{STORE}/orders/{made['order_id']}"
        answer = await caller.ask("POST", path + "/moves", {"to": "CANCEL_IN_PROCESS"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "invariant_broken")
        assert "MUG in WH-1: 101 pieces are there, but 100 should be" in answer.json()["error"]["message"]
        assert (await caller.ask("GET", path)).status_code == 500
        assert "101 pieces" in await caller.act_refused("POST", f"/orders/{made['order_id']}/pick", {})
        writes = (await caller.http.get("/_sandbox/writes")).json()["writes"]
        assert [each["kind"] for each in writes if "pieces are there" in each["key"]] == ["invariant_broken"]


async def test_what_happens_without_a_request_is_looked_at_too() -> None:
    async with oms() as caller:
        caller.sandbox.seller.outbox.emit("stock_change", "KR-STORE-1", {"skus": ["MUG"]})
        caller.sandbox.seller.outbox.events[-1].status = "waiting"  # and in no queue
        caller.sandbox.watch.look()
        assert (await caller.ask("GET", STORE)).json()["error"]["code"] == "invariant_broken"
