"""Against the sandbox over HTTP, with faults: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from crossdock.contract import ArrangeShipment, CancelOrder, CancelReason, PushMessage, Window
from crossdock.errors import TryLater, Unclear
from crossdock.model import Order
from tests.plugins.shopee.client_kit import Online, online, route


async def fault(shop: Online, *rules: dict[str, Any]) -> None:
    await shop.act("/faults", {"rules": list(rules)}, method="PUT")


async def pull(shop: Online) -> list[Any]:
    window = Window(shop.world.clock.now() - timedelta(hours=1))
    return [one async for page in shop.connection.pull_orders(window, route()) for one in page.items]


@pytest.mark.parametrize(
    "kind", ["lost_answer", "lost_request", "rate_limited", "server_error", "unavailable", "truncated"]
)
async def test_reading_goes_on_after_a_fault(kind):
    async with online() as shop:
        await shop.act("/orders/bulk", {"count": 60, "spread_seconds": 600})
        await fault(shop, {"kind": kind, "path": "/order/", "probability": 0.4, "times": 4, "seconds": 1})
        found = await pull(shop)
        assert len(found) == 60
        assert all(isinstance(one, Order) for one in found)


async def test_a_page_instead_of_json_is_told_as_such():
    async with online() as shop:
        await fault(shop, {"kind": "not_json", "path": "get_order_list"})
        with pytest.raises(TryLater, match="no answer of the API") as caught:
            await pull(shop)
        assert "IP address" in (caught.value.hint or "")


@pytest.mark.parametrize("kind", ["lost_answer", "truncated"])
async def test_a_shipment_whose_answer_was_lost_is_arranged_once(kind):
    async with online() as shop:
        number = (await shop.act("/orders"))["order_sn"]
        (order,) = await shop.connection.read_orders([number], route())
        asked = ArrangeShipment(order, order.shipments[0].id)
        await fault(shop, {"kind": kind, "path": "ship_order", "times": 1})
        with pytest.raises(Unclear):
            await shop.connection.arrange_shipment(asked, route())
        (seen,) = await shop.connection.read_orders([number], route())
        assert seen.shipments[0].is_arranged
        assert (await shop.connection.arrange_shipment(asked, route())).already
        assert len(await writes(shop, number)) == 1


async def test_a_cancellation_whose_answer_was_lost_is_done_once():
    async with online() as shop:
        number = (await shop.act("/orders"))["order_sn"]
        (order,) = await shop.connection.read_orders([number], route())
        await fault(shop, {"kind": "lost_answer", "path": "cancel_order", "times": 1})
        with pytest.raises(Unclear):
            await shop.connection.cancel_order(CancelOrder(order, CancelReason.OUT_OF_STOCK), route())
        (seen,) = await shop.connection.read_orders([number], route())
        assert (await shop.connection.cancel_order(CancelOrder(seen, CancelReason.OUT_OF_STOCK), route())).already
        assert len(await writes(shop, number)) == 1


async def writes(shop: Online, number: str) -> list[Any]:
    found = (await shop.operator.get("/_sandbox/writes")).json()["writes"]
    return [one for one in found if number in str(one)]


@asynccontextmanager
async def mailbox() -> AsyncIterator[tuple[str, list[PushMessage]]]:
    """A server of ours that push messages come to."""
    came: list[PushMessage] = []

    async def take(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        came.append(PushMessage(str(request.url), headers, await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/push/shop", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/push/shop", came
    finally:
        await runner.cleanup()


async def test_push_messages_of_the_sandbox_are_verified_and_say_where_to_look():
    async with online() as shop, mailbox() as (address, came):
        await shop.act("/push", {"url": address}, method="PUT")
        number = (await shop.act("/orders"))["order_sn"]
        await shop.act("/push/deliver")
        nudges = [nudge for message in came for nudge in shop.connection.read_push(message).nudges]
        assert ("orders", number) in {(nudge.flow, nudge.key) for nudge in nudges}


async def test_push_messages_that_got_lost_are_fetched_and_confirmed_once():
    async with online() as shop, mailbox() as (address, _came):
        await shop.act("/push", {"url": address, "lose": 1}, method="PUT")
        number = (await shop.act("/orders"))["order_sn"]
        await shop.act("/push/deliver")
        for _ in range(4):
            await shop.act("/clock", {"advance_seconds": 11_000})
            await shop.act("/push/deliver")
        found = await shop.connection.pull_lost_pushes()
        answers = [shop.connection.read_relayed_push(lost.body) for lost in found.messages]
        assert number in {nudge.key for answer in answers if answer for nudge in answer.nudges}
        await shop.connection.confirm_lost_pushes(found.up_to)
        assert (await shop.connection.pull_lost_pushes()).messages == ()
