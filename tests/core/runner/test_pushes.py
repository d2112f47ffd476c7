"""Push messages of an app with several shops, and those that got lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from crossdock.clock import FakeClock
from crossdock.config import ConnectionConfig
from crossdock.config.configuration import RouteConfig
from crossdock.contract import LostPush, LostPushes, Nudge, PushAnswer, PushMessage, hookimpl
from crossdock.errors import SignInAgain, TryLater
from crossdock.flows.options import OrdersOptions
from crossdock.ledger import Inbox
from crossdock.runner.board import Board
from crossdock.runner.engine import Engine
from crossdock.runner.pushes import PushDesk, recover_all
from tests.core.doubles import Channel


class App:
    """What several shops of one app share: the messages that did not arrive."""

    def __init__(self):
        self.lost: list[tuple[str, str]] = []
        self.asked: Counter[str] = Counter()
        self.confirmed: list[str] = []
        self.trouble: list[Exception] = []


class Shop(Channel):
    """A shop: a message reads ``SHOP:ORDER``; ``*`` is all shops."""

    def __init__(self, world, name, app):
        super().__init__(world)
        self.name, self.app = name, app

    def _answer(self, body):
        shop, _, number = body.decode().partition(":")
        nudges = (Nudge("orders", number, "push"),) if shop == self.name else ()
        return PushAnswer(nudges, message_id=body.decode(), account="" if shop == "*" else shop)

    @hookimpl
    def read_push(self, message):
        return self._answer(message.body)

    @hookimpl
    def read_relayed_push(self, body):
        self.app.asked[self.name] += 1
        return self._answer(body) if body.decode().partition(":")[0] in (self.name, "*") else None

    @hookimpl
    async def pull_lost_pushes(self):
        self.app.asked["lost"] += 1
        if self.app.trouble:
            raise self.app.trouble.pop()
        page = self.app.lost[:2]
        messages = tuple(LostPush(f"{shop}:{number}".encode(), shop) for shop, number in page)
        return LostPushes(messages, str(len(page)) if page else "", len(self.app.lost) > 2, "app 1")

    @hookimpl
    async def confirm_lost_pushes(self, up_to):
        self.app.confirmed.append(up_to)
        del self.app.lost[: int(up_to)]


class Desk:
    """A desk of two shops of one app on routes of their own, and the lanes that it woke."""

    def __init__(self, engine, app):
        self.engine, self.app = engine, app
        self.board = Board()
        self.woken = []
        self.inbox = Inbox(engine.ledger.database, FakeClock(), self._enlist)
        self.desk = PushDesk(engine, self.inbox, self.board, FakeClock())

    def _enlist(self, _connection, lane, _cause):
        self.woken.append(lane)

    async def push(self, to, body):
        return await self.desk.take(to, PushMessage("http://here", {}, body.encode()), "c1")

    async def marked(self):
        return {route: await self.engine.ledger.due(route, 10) for route in ("a", "b")}


@pytest.fixture
async def desk(setup):
    app = App()
    base = setup.configuration()
    shops = {name: Shop(setup.world, name, app) for name in ("a", "b")}
    connections = {
        name: ConnectionConfig(name, setup.plugin("shop", shop), base.connections["central"].settings, "httpx", 5.0, 4)
        for name, shop in shops.items()
    } | {"central": base.connections["central"]}
    flows = {"orders": OrdersOptions()}
    routes = {name: RouteConfig(name, name, "central", (), flows, None, None) for name in shops}
    configuration = replace(base, connections=connections, routes=routes, extensions={})
    async with Engine.open(configuration, FakeClock()) as engine:
        opened = Desk(engine, app)
        yield opened
        await opened.inbox.settle()


async def test_a_message_about_another_shop_of_the_app_reaches_that_shop(desk):
    await desk.push("a", "b:7")
    assert await desk.marked() == {"a": [], "b": ["7"]}
    assert desk.woken == ["b/orders"]


async def test_whom_an_account_concerns_is_looked_up_once(desk):
    for number in range(5):
        await desk.push("a", f"b:{number}")
        await desk.push("a", f"nobody:{number}")
    assert desk.app.asked["a"] == 2  # once for each account
    assert await desk.marked() == {"a": [], "b": list("01234")}


async def test_a_relayed_message_that_comes_again_is_ignored(desk):
    await desk.push("a", "b:7")
    await desk.push("a", "b:7")
    assert desk.woken == ["b/orders"]
    assert desk.board.pushes == {("a", "taken"): 1, ("a", "repeated"): 1}


async def test_a_message_for_its_own_shop_asks_nobody_else(desk):
    await desk.push("a", "a:7")
    assert not desk.app.asked
    assert desk.woken == ["a/orders"]


async def test_messages_that_got_lost_are_committed_and_then_confirmed_page_by_page(desk):
    desk.app.lost = [("a", "1"), ("b", "2"), ("b", "3")]
    assert await desk.desk.recover("a", "c1") == 3
    assert await desk.marked() == {"a": ["1"], "b": ["2", "3"]}
    assert desk.app.confirmed == ["2", "1"]
    assert desk.board.pushes == {("a", "recovered"): 3}


async def test_a_lost_message_that_did_arrive_leads_to_nothing(desk):
    await desk.push("a", "a:1")
    desk.app.lost = [("a", "1")]
    assert await desk.desk.recover("a", "c1") == 0
    assert desk.app.confirmed == ["1"]


async def test_the_shops_of_one_app_are_asked_through_one_of_them(desk):
    for _ in range(3):
        await recover_all(desk.desk, lambda: "c1")
    assert desk.app.asked["lost"] == 4  # both were asked until it was known


async def test_what_can_be_asked_for_lost_messages_is_looked_up_once_however_many_there_are(desk):
    looked_up, recoverable = [], desk.desk.recoverable

    class Counting:
        queue_of, recover = desk.desk.queue_of, desk.desk.recover

        def recoverable(self):
            looked_up.append(True)
            return recoverable()

    await recover_all(Counting(), lambda: "c1")
    assert len(looked_up) == 1


async def test_a_shop_that_has_to_sign_in_keeps_nobody_from_the_queue_of_its_app(desk):
    await recover_all(desk.desk, lambda: "c1")
    desk.app.trouble = [SignInAgain("expired")]
    desk.app.lost = [("b", "2")]
    await recover_all(desk.desk, lambda: "c1")
    assert await desk.marked() == {"a": [], "b": ["2"]}


async def test_an_app_that_cannot_be_asked_keeps_nobody_from_it(desk):
    desk.app.trouble = [TryLater("no answer")]
    desk.app.lost = [("b", "2")]
    await recover_all(desk.desk, lambda: "c1")
    assert await desk.marked() == {"a": [], "b": ["2"]}


async def test_lost_messages_are_fetched_when_it_is_time(setup, desk):
    from crossdock.runner.chores import Chores
    from crossdock.runner.duties import Duties

    async def wake(lane, _cause):
        raise AssertionError(f"nothing is to be repaired, but {lane} was woken")

    clock = FakeClock()
    duties = Duties(desk.engine, desk.desk, desk.board, None, clock)
    chores = Chores(duties.chores(), desk.engine.ledger, clock)
    desk.app.lost = [("a", "1")]
    chores.start()
    try:
        await clock.advance(299)
        assert not desk.app.asked
        await clock.advance(2)
        async with asyncio.timeout(20):
            while not desk.app.confirmed:  # noqa: ASYNC110 - the ledger's thread has no event to wait for
                await asyncio.sleep(0.005)
    finally:
        await chores.close()
