"""Events out: signed, at least once, and as bad as an operator wishes."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.plugins.anchanto_oms.sandbox_client import Caller, oms

SECRET = b"sandbox-event-secret-0001"


@dataclass
class Receiver:
    """The seller's URL: remembers what came and answers `status`."""

    url: str = ""
    status: int = 204
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    first: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.Response:
        self.came.append((dict(request.headers), await request.read()))
        self.first.set()
        return web.Response(status=self.status)

    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.came]

    def names(self) -> list[str]:
        return [body["event"] for body in self.bodies()]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@asynccontextmanager
async def told(**target: Any) -> AsyncIterator[tuple[Caller, Receiver]]:
    async with receiving() as receiver, oms() as caller:
        await caller.act("PUT", "/events/target", {"url": receiver.url} | target)
        yield caller, receiver


async def _deliver(caller: Caller) -> None:
    await caller.act("POST", "/events/deliver")


async def _only(caller: Caller, name: str) -> Any:
    found = [each for each in (await caller.act("GET", "/events"))["events"] if each["event"] == name]
    assert len(found) == 1
    return found[0]


async def test_an_order_is_told_thinly_and_signed_over_the_raw_body() -> None:
    async with told() as (caller, receiver):
        made = await caller.order()
        await _deliver(caller)
        headers, body = next(each for each in receiver.came if each[0]["X-Oms-Event"] == "order_creation")
        signed = headers["X-Oms-Timestamp"].encode() + b"." + body
        assert headers["X-Oms-Signature"] == "v1=" + hmac.new(SECRET, signed, hashlib.sha256).hexdigest()
        assert int(headers["X-Oms-Timestamp"]) == caller.world.clock.timestamp()
        assert json.loads(body)["subject"] == {
            "order_id": made["order_id"],
            "channel_reference": "241121AAA",
            "state": "NEW",
            "previous_state": None,
            "version": made["version"],
        }
        assert b"Test Buyer" not in body


async def test_events_are_sent_without_being_asked_for() -> None:
    async with told() as (caller, receiver):
        await caller.order()
        await asyncio.wait_for(receiver.first.wait(), 5)
        assert receiver.names()[0] == "order_creation"


async def test_another_secret_signs_after_the_operator_changed_it() -> None:
    async with told(secret="other") as (caller, receiver):
        await caller.order()
        await _deliver(caller)
        headers, body = receiver.came[0]
        signed = headers["X-Oms-Timestamp"].encode() + b"." + body
        assert headers["X-Oms-Signature"] == "v1=" + hmac.new(b"other", signed, hashlib.sha256).hexdigest()


async def test_states_are_told_by_their_own_events() -> None:
    async with told() as (caller, receiver):
        made = await caller.order()
        await caller.move(made, "READY_TO_SHIP")
        await caller.move(made, "IN_TRANSIT")
        await _deliver(caller)
        orders = [each for each in receiver.bodies() if "order_id" in each["subject"]]
        assert [(each["event"], each["subject"]["state"]) for each in orders] == [
            ("order_creation", "NEW"),
            ("ready_to_ship", "READY_TO_SHIP"),
            ("status_update", "IN_TRANSIT"),
        ]


async def test_stock_is_told_per_sku_and_kits_are_among_them() -> None:
    async with told() as (caller, receiver):
        await caller.order(sku="MUG")
        await _deliver(caller)
        stock = [each for each in receiver.bodies() if each["event"] == "stock_change"]
        assert [each["subject"]["skus"] for each in stock] == [["MUG", "GIFT-SET"]]


async def test_what_is_not_acknowledged_comes_again_with_the_same_event_id() -> None:
    async with told() as (caller, receiver):
        receiver.status = 500
        await caller.order()
        await _deliver(caller)
        failed = len(receiver.came)
        receiver.status = 200
        await _deliver(caller)
        assert len(receiver.came) == failed
        await caller.later(10)
        await _deliver(caller)
        ids = [body["event_id"] for body in receiver.bodies() if body["event"] == "order_creation"]
        deliveries = [headers["X-Oms-Delivery-Id"] for headers, _ in receiver.came]
        assert len(ids) == 2
        assert len(set(ids)) == 1
        assert len(set(deliveries)) == len(deliveries)
        assert (await _only(caller, "order_creation"))["status"] == "delivered"


async def test_after_six_attempts_an_event_is_dead_until_someone_retries_it() -> None:
    async with told() as (caller, receiver):
        receiver.status = 500
        await caller.order()
        for wait in (0, 10, 60, 300, 1800, 7200, 100_000):
            await caller.later(wait)
            await _deliver(caller)
        dead = await _only(caller, "order_creation")
        assert (dead["status"], len(dead["attempts"])) == ("dead", 6)
        receiver.status = 200
        assert (await caller.act("POST", "/events/retry-dead"))["retried"] >= 1
        await _deliver(caller)
        assert (await _only(caller, "order_creation"))["status"] == "delivered"


@pytest.mark.parametrize(("odd", "times"), [({"lose": 1}, 0), ({"double": 1}, 2), ({}, 1)])
async def test_events_are_lost_or_doubled_when_asked_for(odd: dict[str, float], times: int) -> None:
    async with told(**odd) as (caller, receiver):
        await caller.order()
        await _deliver(caller)
        assert receiver.names().count("order_creation") == times


@pytest.mark.parametrize(
    ("reorder", "names"), [(0, ["order_creation", "stock_change"]), (1, ["stock_change", "order_creation"])]
)
async def test_events_overtake_each_other_when_asked_for(reorder: int, names: list[str]) -> None:
    async with told(reorder=reorder) as (caller, receiver):
        await caller.order()
        await _deliver(caller)
        assert receiver.names() == names


async def test_a_receiver_that_is_gone_is_tried_again_later() -> None:
    async with oms() as caller:
        await caller.act("PUT", "/events/target", {"url": "http://127.0.0.1:9/hook"})
        await caller.order()
        await _deliver(caller)
        found = await _only(caller, "order_creation")
        assert found["status"] == "waiting"
        assert len(found["attempts"]) == 1


async def test_without_a_url_events_are_only_listed() -> None:
    async with oms() as caller:
        await caller.order()
        assert (await _only(caller, "order_creation"))["status"] == "no_url"


async def test_the_sync_buttons_ask_the_connector() -> None:
    async with told() as (caller, receiver):
        await caller.act("POST", "/stores/KR-STORE-1/sync", {"what": "stock"})
        await _deliver(caller)
        asked = [each["subject"] for each in receiver.bodies() if each["event"] == "sync_request"]
        stock = [set(each["subject"]["skus"]) for each in receiver.bodies() if each["event"] == "stock_change"]
        assert asked == [{"what": "stock"}]
        assert stock == [{"MUG", "TEA", "SHIRT-RED", "SHIRT-BLUE", "GIFT-SET"}]
