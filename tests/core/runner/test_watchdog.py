"""The watchdog, with plugins that hold the loop until it barks."""

import asyncio
import sys
import threading
from types import ModuleType

import pytest
import structlog

from crossdock.clock import FakeClock
from crossdock.contract import Plugin, Settings
from crossdock.ledger import Standings
from crossdock.runner import metrics
from crossdock.runner.board import Board
from crossdock.runner.watchdog import Culprit, Watchdog, telling

SOURCE = """
from crossdock.contract import hookimpl

class Shop:
    def __init__(self, wait):
        self.wait = wait
    @hookimpl
    async def read_orders(self, ids):
        return self.reckon()
    def reckon(self):
        self.wait()
        return []
    async def by_itself(self):
        self.wait()

def connect(settings, toolbox): ...
"""


class Barks:
    """What the watchdog tells, and what the plugin waits for."""

    def __init__(self):
        self.told: list[Culprit] = []
        self.heard = threading.Event()

    def __call__(self, found: Culprit) -> None:
        self.told.append(found)
        self.heard.set()

    def wait(self) -> None:
        assert self.heard.wait(30), "the watchdog slept"


@pytest.fixture
def shop():
    module = ModuleType("fake_acme.connection")
    sys.modules["fake_acme.connection"] = module
    exec(compile(SOURCE, "fake_acme/connection.py", "exec"), module.__dict__)
    yield module
    del sys.modules["fake_acme.connection"]


def watched(shop, barks):
    plugin = Plugin("acme", "Acme", Settings, ">=1,<2", connection=shop.Shop, connect=shop.connect)
    return Watchdog([plugin], barks, limit_seconds=0.01, every_seconds=0.001)


async def test_a_verb_that_holds_the_loop_is_named_with_its_plugin_and_place(shop):
    barks = Barks()
    async with watched(shop, barks):
        await shop.Shop(barks.wait).read_orders([])
    assert {(one.plugin, one.verb) for one in barks.told} == {("acme", "read_orders")}
    assert barks.told[0].place == "fake_acme/connection.py:11 in reckon"


async def test_a_plugins_own_task_that_holds_the_loop_is_named_without_a_verb(shop):
    barks = Barks()
    async with watched(shop, barks):
        await asyncio.create_task(shop.Shop(barks.wait).by_itself())
    assert {(one.plugin, one.verb) for one in barks.told} == {("acme", "")}


async def test_what_is_no_plugins_doing_is_told_without_one(shop):
    barks = Barks()
    async with watched(shop, barks):
        barks.wait()
    assert barks.told[0].plugin == ""
    assert "test_watchdog.py" in barks.told[0].place or "threading.py" in barks.told[0].place


async def test_a_standstill_is_told_once_however_long_it_lasts(shop):
    barks = Barks()

    def long():
        barks.wait()
        threading.Event().wait(0.05)

    async with watched(shop, barks):
        await shop.Shop(long).read_orders([])
    assert len(barks.told) == 1


async def test_a_loop_that_turns_is_left_alone(shop):
    barks = Barks()
    async with Watchdog([], barks, limit_seconds=30, every_seconds=0.0005):
        for _ in range(100):
            await asyncio.sleep(0.0001)
    assert barks.told == []


def test_the_service_logs_who_holds_the_loop_and_counts_it():
    board = Board()
    with structlog.testing.capture_logs() as logs:
        telling(board)(Culprit("acme", "push_order", "acme.py:7 in push_order"))
        telling(board)(Culprit("", "", "somewhere.py:1 in f"))
    assert logs[0]["reason"] == (
        "plugin acme: push_order has held the event loop for more than a second, and everything waits for it"
    )
    assert logs[1]["reason"].startswith("code of no plugin has held the event loop")
    assert board.blocked == {("acme", "push_order"): 1, ("", ""): 1}
    assert b'crossdock_loop_blocked_total{plugin="acme",verb="push_order"} 1.0' in metrics.exposition(
        board, {}, Standings(), FakeClock()
    )


def test_the_distribution_of_the_plugin_that_holds_the_loop_is_named():
    with structlog.testing.capture_logs() as logs:
        telling(Board())(Culprit("shopee", "pull_orders", "orders.py:7 in pull"))
    assert logs[0]["reason"].startswith("plugin shopee (from crossdock-shopee ")
