"""Several processes on one ledger in PostgreSQL: what one of them meets, does or finds out, all of them know."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from sqlalchemy import text
from structlog.testing import capture_logs

from crossdock.clock import SystemClock
from crossdock.config import AlertsTable, LedgerConfig, RunnerTable
from crossdock.contract import Probe, hookimpl
from crossdock.errors import SignInAgain
from crossdock.runner.board import Board
from tests import postgres
from tests.core.doubles import Channel, order
from tests.core.runner.shifts import at_work

SOON = timedelta(seconds=0.2)
ENDS = SystemClock().now() + timedelta(days=3)


_DONE_AT = text("SELECT done_at FROM lanes WHERE name = 'sg/orders'")


class Shop(Channel):
    """A marketplace whose authorisation may have expired."""

    expired = False

    @hookimpl
    async def pull_orders(self, window):
        self._sign_in()
        async for page in self.pages(window):
            yield page

    @hookimpl
    async def probe(self):
        self._sign_in()
        return Probe("a shop", sign_in_expires=ENDS)

    def _sign_in(self):
        if self.expired:
            raise SignInAgain("the token has expired", connection="shop-sg")


@pytest.fixture(scope="module")
def postgres_address(tmp_path_factory):
    with postgres.server(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture
def shop(setup, postgres_address):
    setup.channel = Shop(setup.world)
    found = setup.configuration()
    with postgres.schema(postgres_address) as url:
        yield replace(
            found,
            routes={"sg": replace(found.routes["sg"], extensions=())},
            ledger=LedgerConfig(url, found.ledger.folder),
            runner=RunnerTable(dispatcher="procrastinate").model_copy(update={"probe_every": SOON}),
        )


async def until(look):
    async with asyncio.timeout(60):
        while not await look():  # noqa: ASYNC110 - PostgreSQL has no event to wait for
            await asyncio.sleep(0.01)


async def test_a_sign_in_pauses_all_processes_is_said_once_and_ends_by_itself(setup, shop):
    boards = [Board(), Board()]
    with capture_logs() as logs:
        async with at_work(shop, boards[0]) as one, at_work(shop, boards[1]) as other:

            async def runs(outcome, count):
                return sum(board.lanes["sg/orders"].runs[outcome] for board in boards) >= count

            async def through():
                """When a run last ended well, for all processes."""
                return await one.engine.ledger.database.read(lambda found: found.execute(_DONE_AT).scalar())

            await until(through)
            done_at = await through()
            setup.channel.put(order("24"))
            setup.channel.expired = True
            await one.wake("sg/orders", "somebody asks", "c1")

            async def all_know():
                await asyncio.gather(one.refresh(), other.refresh())
                return all(board.paused and board.lanes["sg/orders"].error for board in boards)

            await until(all_know)
            asked = setup.world.calls["pull_orders", ""]
            await one.wake("sg/orders", "somebody asks", "c1")
            await until(lambda: runs("paused", 2))
            await other.refresh()
            assert boards[1].lanes["sg/orders"].error == "shop-sg: the token has expired"
            assert await through() == done_at  # to rest is no good run
            assert setup.world.calls["pull_orders", ""] == asked  # whoever takes it, the lane does not ask the shop
            assert setup.world.done["push_order", "24"] == 0
            setup.channel.expired = False

            async def made():
                await asyncio.gather(one.refresh(), other.refresh())
                return setup.world.done["push_order", "24"] == 1 and not boards[0].lanes["sg/orders"].error

            await until(made)
            assert [board.paused for board in boards] == [{}, {}]
    told = [entry["event"] for entry in logs]
    assert [told.count(f"connection.{what}") for what in ("paused", "resumed")] == [1, 1]
    assert "lane.backs_off" not in told


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
async def test_people_are_told_once_however_many_processes_there_are(setup, shop):
    setup.channel.expired = True
    came = []

    async def take(request):
        came.append((await request.json())["message"])
        return web.Response()

    app = web.Application()
    app.router.add_post("/{key}", take)
    async with TestServer(app) as server:
        rules = AlertsTable(to=[SecretStr(f"json://127.0.0.1:{server.port}/key")], sign_in_ends=timedelta())
        telling = replace(shop, alerts=rules.model_copy(update={"check_every": timedelta(seconds=0.1)}))
        async with at_work(telling, Board()), at_work(telling, Board()), at_work(telling, Board()):

            async def told(count):
                return len(came) >= count

            await until(lambda: told(1))
            await asyncio.sleep(0.5)
            assert [one.partition(" since")[0] for one in came] == ["shop-sg: has to sign in"]
            setup.channel.expired = False
            await until(lambda: told(2))
            await asyncio.sleep(0.3)
    assert [one.partition(" since")[0] for one in came[1:]] == ["over: shop-sg: has to sign in"]


async def test_what_one_process_finds_out_is_shown_by_the_others(setup, shop):
    setup.channel.put(order("24"))
    boards = [Board(), Board()]
    async with at_work(shop, boards[0]) as one, at_work(shop, boards[1]) as other:
        duties = one.duties
        await duties.look_at_authorisations()
        await duties.reconcile()
        await other.refresh()
        assert boards[1].sign_in_ends == {"shop-sg": ENDS}
        assert boards[1].reconciled["sg"].at <= SystemClock().now()
