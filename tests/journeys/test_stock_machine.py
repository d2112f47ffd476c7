"""Stock at random, with both systems: sales on the channel, receipts and sales in LS Central, lost answers, kills.

After each step: what was sent was never more than LS Central had at some time since the send before. When all is quiet:
the channel shows what LS Central has, less what is sold and not there yet.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crossdock.runner import Engine
from crossdock.sandbox import Fault, OperatorError
from crossdock_ls_central.sandbox.replicated.stock import available
from crossdock_shopee.sandbox.orders.record import OrderStatus
from crossdock_shopee.sandbox.products.record import Item
from tests.journeys.hall import ROUTE, Hall, opened
from tests.journeys.plain_chance import PLAIN

pytestmark = pytest.mark.no_cover  # it would take twice as long, and others show the same lines

SKUS = ("MUG", "CAP")
OPTIONS = '[routes.sg.stock]\nunlisted = "leave"\nbrake_from = 1000\nheal = true\ndrift_every = "300d"\n'
_FAST = "/dev/shm" if Path("/dev/shm").is_dir() else None
_NOT_SIGN_IN = r"^(?!/api/v2/auth/|.*/oauth2/)"
_TROUBLES = ("lost_answer", "lost_answer", "rate_limited", "server_error", "truncated", "lost_request")

sku = st.sampled_from(SKUS)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("buys"), sku, st.integers(1, 3), st.sampled_from(["paid", "paid", "unpaid"])),
        st.tuples(st.just("changes_mind"), st.integers(0, 9)),
        st.tuples(st.just("receives"), sku, st.integers(1, 9)),
        st.tuples(st.just("sells_in_store"), sku, st.integers(1, 4)),
        st.tuples(st.just("office_cancels"), st.integers(0, 9)),
        st.tuples(st.just("pulls_orders")),
        st.tuples(st.just("pulls_stock")),
        st.tuples(st.just("pulls_stock")),
        st.tuples(st.just("pulls_all_stock")),
        st.tuples(st.just("dies"), st.integers(1, 25)),
        st.tuples(st.just("suffers"), st.sampled_from(["shopee", "central"]), st.sampled_from(_TROUBLES)),
        st.tuples(st.just("waits"), st.sampled_from([5, 200, 4_000])),
    ),
    min_size=6,
    max_size=30,
)


class Story:
    """Plays events, and watches every level that the channel accepts."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.had: defaultdict[str, list[int]] = defaultdict(list)
        """What LS Central had of a SKU since it was sent last."""
        self.sent = 0

    async def begin(self) -> None:
        for number in SKUS:
            await self.hall.central_desk.act("/items", {"number": number, "stock": "8"})
        self.watch("begin")
        await self.pulls_stock()

    async def play(self, event: tuple[Any, ...]) -> None:
        name, *more = event
        await getattr(self, name)(*more)
        await self.hall.clock.sleep(1)
        self.watch(name)

    def watch(self, event: str) -> None:
        for one in SKUS:
            self.had[one].append(self.level(one))
        writes = self.hall.shopee.world.oracle.writes("update_stock")
        for write in writes[self.sent :]:
            name, stock = write.facts["sku"], sum(write.facts["stock"].values())
            if name in SKUS:
                assert stock <= max(self.had[name]), f"{event} showed {stock} of {name}, of which there were {self.had}"
                self.had[name] = self.had[name][-2:]
        self.sent = len(writes)

    def level(self, number: str) -> int:
        company = self.hall.central.company
        return max(int(available(company, company.items[number], "", "S0013")), 0)

    async def act(self, work: Coroutine[Any, Any, object]) -> None:
        """What a person wants and the system may refuse."""
        try:
            await work
        except OperatorError:
            return

    async def ask(self, work: Callable[[Engine], Coroutine[Any, Any, object]]) -> None:
        await self.hall.attempt(work)

    async def buys(self, number: str, units: int, state: str) -> None:
        item = {"model_sku": number, "quantity": units, "original_price": "8.00"}
        await self.act(self.hall.shop_desk.act("/orders", {"items": [item], "paid": state == "paid"}))

    async def changes_mind(self, which: int) -> None:
        for order in self.orders(OrderStatus.UNPAID, OrderStatus.READY_TO_SHIP)[which : which + 1]:
            await self.act(
                self.hall.shop_desk.act("/orders/{order_sn}/cancel", {"by": "buyer"}, order_sn=order.order_sn)
            )

    async def receives(self, number: str, units: int) -> None:
        await self._restock(number, units)

    async def sells_in_store(self, number: str, units: int) -> None:
        await self._restock(number, -units)

    async def _restock(self, number: str, units: int) -> None:
        company = self.hall.central.company
        there = int(company.items[number].stock["", "S0013"])
        body = {"quantity": str(max(there + units, 0))}
        await self.act(self.hall.central_desk.act("/items/{number}/stock", body, number=number))

    async def office_cancels(self, which: int) -> None:
        documents = [one for one in self.hall.central.company.orders.values() if not one.posted]
        for one in documents[which : which + 1]:
            await self.act(self.hall.central_desk.act("/orders/{order}/cancel", order=one.document_id))

    async def pulls_orders(self) -> None:
        await self.ask(lambda engine: engine.pull(ROUTE))

    async def pulls_stock(self) -> None:
        await self.ask(lambda engine: engine.goods.pull_stock(ROUTE))

    async def pulls_all_stock(self) -> None:
        await self.ask(lambda engine: engine.goods.pull_stock(ROUTE, full=True))

    async def dies(self, effects: int) -> None:
        await self.hall.kill(lambda engine: engine.goods.pull_stock(ROUTE, full=True), effects)

    async def suffers(self, side: str, kind: str) -> None:
        self.hall.trouble(
            side, Fault.model_validate({"kind": kind, "path": _NOT_SIGN_IN, "probability": 0.5, "times": 2})
        )

    async def waits(self, seconds: int) -> None:
        await self.hall.clock.sleep(seconds)

    def orders(self, *statuses: OrderStatus) -> list[Any]:
        self.hall.shopee.state.agenda.settle()
        found = [order for shop in self.hall.shopee.state.shops.values() for order in shop.orders]
        return [order for order in found if order.status in statuses]

    async def end(self) -> None:
        """Calm down, and compare."""
        for side in ("shopee", "central"):
            self.hall.trouble(side)
        for _ in range(3):
            await self.hall.clock.sleep(4_000)
            await self.pulls_orders()
            await self.pulls_stock()
            self.watch("the end")
        for _ in range(2):
            await self.ask(lambda engine: engine.goods.drift(ROUTE))
        for number in SKUS:
            assert self.shown(number) == max(self.level(number) - self.unknown(number), 0), number

    def unknown(self, number: str) -> int:
        """Units that are sold and that LS Central does not know of."""
        known = {one.external_id for one in self.hall.central.company.orders.values()}
        open_ones = self.orders(OrderStatus.UNPAID, OrderStatus.READY_TO_SHIP)
        missing = [order for order in open_ones if order.order_sn not in known]
        return sum(
            line.quantity for order in missing for line in order.lines if number in (line.item_sku, line.model_sku)
        )

    def shown(self, number: str) -> int:
        shop = self.hall.shopee.state.shops[int(str(self.hall.shopee.credentials()["shop_id"]))]
        item: Item = next(one for one in shop.catalogue if one.sku == number)
        return item.models[0].total


async def tell(story: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory(dir=_FAST) as folder:
        async with opened(Path(folder) / "hall", 1, f'first_look = "30d"\n{OPTIONS}') as hall:
            told = Story(hall)
            await told.begin()
            for event in story:
                await told.play(event)
            await told.end()


_PLAIN = {"backend": PLAIN, "deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=4, derandomize=True, phases=[Phase.generate], **_PLAIN)
@given(EVENTS)
def test_no_more_is_shown_than_there_was_and_in_the_end_all_that_is_left(story: list[tuple[Any, ...]]) -> None:
    asyncio.run(tell(story))


@pytest.mark.long
@settings(max_examples=int(os.environ.get("CROSSDOCK_STOCK_STORIES", "300")), phases=[Phase.generate], **_PLAIN)
@given(EVENTS)
def test_in_many_stories_too(story: list[tuple[Any, ...]]) -> None:
    asyncio.run(tell(story))
