"""A shift: lanes that run, push messages that wake them, and a ledger of its own."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from crossdock.config import LedgerConfig
from crossdock.contract import Nudge, PushAnswer, PushMessage, hookimpl
from crossdock.errors import ConfigError, Refused, SignInAgain
from crossdock.runner.board import Board
from tests.core.doubles import Channel, order
from tests.core.runner.shifts import at_work


class PushingChannel(Channel):
    """A marketplace that sends push messages: the body names an order, or a flow with a colon."""

    @hookimpl
    def read_push(self, message):
        text = message.body.decode()
        if message.headers.get("sign") != "good":
            raise Refused("not signed")
        flow, colon, key = text.partition(":")
        nudge = Nudge(flow, key, "push") if colon else Nudge("orders", text, "push")
        return PushAnswer((nudge,), message_id=message.headers.get("id", ""))


@pytest.fixture
def shop(setup):
    setup.channel = PushingChannel(setup.world)
    configuration = setup.configuration()
    return replace(configuration, routes={"sg": replace(configuration.routes["sg"], extensions=())})


async def until(look):
    async with asyncio.timeout(60):
        while not look():  # noqa: ASYNC110 - the ledger's thread has no event to wait for
            await asyncio.sleep(0.005)


def message(body, **headers):
    return PushMessage("http://here/push/shop-sg", {"sign": "good", **headers}, body.encode())


async def test_a_push_message_has_its_order_made_without_asking_for_all_changes(setup, shop):
    board = Board()
    async with at_work(shop, board) as shift:
        await until(lambda: board.lanes["sg/orders"].runs["done"] == 1)
        asked = setup.world.calls["pull_orders", ""]
        setup.channel.put(order("24"))
        await shift.push("shop-sg", message("24"), "c1")
        await until(lambda: board.lanes["sg/orders"].runs["done"] == 2)
    assert setup.world.done["push_order", "24"] == 1
    assert setup.world.calls["pull_orders", ""] == asked


async def test_a_message_about_a_flow_has_all_of_it_looked_at(setup, shop):
    board = Board()
    async with at_work(shop, board) as shift:
        await until(lambda: board.lanes["sg/orders"].runs["done"] == 1)
        setup.channel.put(order("24"))
        await shift.push("shop-sg", message("orders:"), "c1")
        await until(lambda: setup.world.done["push_order", "24"] == 1)


async def test_a_message_that_comes_again_wakes_nobody(setup, shop):
    board = Board()
    async with at_work(shop, board) as shift:
        await until(lambda: board.lanes["sg/orders"].runs["done"] == 1)
        for _ in range(3):
            await shift.push("shop-sg", message("24", id="m1"), "c1")
        await until(lambda: board.lanes["sg/orders"].runs["done"] == 2)
    assert board.pushes == {("shop-sg", "taken"): 1, ("shop-sg", "repeated"): 2}
    assert board.lanes["sg/orders"].runs["done"] == 2


async def test_a_message_that_is_not_signed_leads_to_nothing(setup, shop):
    board = Board()
    async with at_work(shop, board) as shift:
        with pytest.raises(Refused):
            await shift.push("shop-sg", message("24", sign="bad"), "c1")
        assert await shift.engine.ledger.due("sg", 10) == []


async def test_who_has_to_sign_in_rests_and_the_shift_goes_on(setup, shop):
    setup.channel.put(order("24"))
    setup.world.trouble["pull_orders", ""] = [SignInAgain("expired", connection="shop-sg")]
    board = Board()
    async with at_work(shop, board) as shift:
        await until(lambda: board.lanes["sg/orders"].error)
        await shift.refresh()
        assert list(board.paused) == ["shop-sg"]
        assert board.lanes["sg/orders"].runs == {"paused": 1}


async def test_two_shifts_never_work_on_one_ledger(setup, shop):
    async with at_work(shop, Board()):
        with pytest.raises(ConfigError, match="another `crossdock run`"):
            async with at_work(shop, Board()):
                pass
    async with at_work(shop, Board()) as shift:
        assert shift.takes_pushes("shop-sg")
        assert not shift.takes_pushes("central")
        assert not shift.takes_pushes("nobody")


async def test_a_ledger_in_a_folder_that_is_not_there_is_a_clear_error(shop, tmp_path):
    nowhere = LedgerConfig(f"sqlite:///{tmp_path}/no/such/folder/ledger.db", tmp_path)
    with pytest.raises(ConfigError, match="there is no folder"):
        async with at_work(replace(shop, ledger=nowhere), Board()):
            pass
