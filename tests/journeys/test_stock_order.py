"""Requests that overtake each other, and answers that are lost: an older level never stays on the channel."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from crossdock.runner import Engine
from crossdock.sandbox import Fault
from crossdock.sandbox.proxy import FaultProxy, Passing, proxying
from crossdock_shopee.sandbox.products.record import Item
from tests.journeys.hall import ROUTE, Hall, opened

STOCK = '[routes.sg.stock]\nunlisted = "leave"\nbrake_from = 1000\ndrift_every = "300d"\n'
_UNTIL_SETTLED_SECONDS = 4_000


class Road:
    """The way to the channel: holds one write back until it is told to let it go on."""

    def __init__(self) -> None:
        self.holds = False
        self.held = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.arrived_late = asyncio.Event()

    async def arrived(self, passing: Passing) -> bool:
        if self.holds and passing.path.endswith("update_stock"):
            self.holds = False
            self.held.set()
            await self.goes_on.wait()
        return True

    async def answered(self, passing: Passing, body: bytes) -> bytes | None:
        if self.goes_on.is_set() and passing.path.endswith("update_stock"):
            self.arrived_late.set()
        return body


async def pull(hall: Hall) -> None:
    await hall.attempt(lambda engine: engine.goods.pull_stock(ROUTE))


async def has(hall: Hall, level: int) -> None:
    """LS Central counts its mugs a moment later."""
    await hall.clock.sleep(1)
    await hall.central_desk.act("/items/{number}/stock", {"quantity": str(level)}, number="MUG")


def shown(hall: Hall) -> int:
    shop = hall.shopee.state.shops[int(str(hall.shopee.credentials()["shop_id"]))]
    item: Item = next(one for one in shop.catalogue if one.sku == "MUG")
    return item.models[0].total


def sent(hall: Hall) -> list[int]:
    """The levels of mugs that the channel accepted."""
    writes = hall.shopee.world.oracle.writes("update_stock")
    return [sum(write.facts["stock"].values()) for write in writes if write.facts["sku"] == "MUG"]


async def ended_while_sending(hall: Hall, road: Road) -> None:
    """Crossdock ends while its request is under way; nobody hears what becomes of it."""

    async def run(engine: Engine) -> None:
        await engine.goods.pull_stock(ROUTE)

    road.holds = True
    task = asyncio.ensure_future(hall.attempt(run))
    await road.held.wait()
    engine = await hall.engine()
    await engine.ledger.database.close()
    for client in engine.connections.clients.values():
        await client.aclose()
    task.cancel()
    with suppress(Exception, asyncio.CancelledError):
        await task
    await hall.close()


async def test_a_request_that_arrives_after_a_newer_one_is_corrected_also_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path / "hall", 1, f'first_look = "30d"\n{STOCK}') as hall:
        proxy, road = FaultProxy(hall.addresses[0]), Road()
        proxy.watcher = road
        async with asyncio.timeout(20), proxying(proxy):
            hall.addresses = (proxy.url, hall.addresses[1])
            await hall.central_desk.act("/items", {"number": "MUG", "stock": "12"})
            await pull(hall)

            await has(hall, 9)
            await ended_while_sending(hall, road)
            await has(hall, 4)
            await pull(hall)
            overtaken = shown(hall)
            road.goes_on.set()
            await road.arrived_late.wait()
            late = shown(hall)
            await hall.clock.sleep(_UNTIL_SETTLED_SECONDS)
            await pull(hall)

            assert (overtaken, late, shown(hall)) == (4, 9, 4)
            assert sent(hall) == [12, 4, 9, 4]


async def test_a_level_whose_answer_was_lost_is_replaced_after_a_restart_by_the_newest_and_by_no_other(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "hall", 1, f'first_look = "30d"\n{STOCK}') as hall:
        await hall.central_desk.act("/items", {"number": "MUG", "stock": "12"})
        await pull(hall)

        hall.trouble("shopee", Fault.model_validate({"kind": "lost_answer", "path": "update_stock", "times": 9}))
        await has(hall, 9)
        await pull(hall)
        hall.trouble("shopee")
        await hall.close()
        await has(hall, 12)  # what the channel had confirmed last: it must be sent all the same
        await pull(hall)
        after = len(sent(hall))
        await hall.clock.sleep(_UNTIL_SETTLED_SECONDS)
        await pull(hall)
        await pull(hall)

        assert 9 in sent(hall)
        assert set(sent(hall)[after:]) == {12}
        assert shown(hall) == 12
