import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from crossdock.clock import SystemClock
from crossdock.config import RunnerTable
from crossdock.errors import ConfigError, PluginError, Refused, TryLater
from crossdock.model import Money, OrderStatus
from crossdock.runner import Engine
from tests.core.doubles import order


@pytest.fixture
async def engine(setup):
    async with Engine.open(setup.configuration(), setup.world.clock) as opened:
        yield opened


class TestConnections:
    async def test_connections_are_opened_when_they_are_needed_and_closed_together(self, setup):
        async with Engine.open(setup.configuration(), setup.world.clock) as engine:
            assert setup.events == []
            await engine.pull("sg")
            await engine.pull("sg")
            assert setup.events == ["open shop-sg", "open central"]
        assert setup.events[2:] == ["close central", "close shop-sg"]

    async def test_a_connection_that_two_ask_for_at_once_is_opened_once(self, setup, engine):
        both = await asyncio.gather(*(engine.connections.connection("shop-sg") for _ in range(2)))
        assert both[0] is both[1]
        assert setup.events == ["open shop-sg"]

    async def test_a_connection_gets_a_vault_a_folder_and_a_client_of_its_own(self, setup, engine):
        await engine.connections.connection("shop-sg")
        toolbox = setup.toolboxes["shop-sg"]
        await toolbox.vault.write("tokens", "sesame")
        assert await engine.ledger.vault("shop-sg").read("tokens") == "sesame"
        assert (toolbox.connection, toolbox.folder, toolbox.clock) == ("shop-sg", setup.folder, setup.world.clock)
        client = toolbox.http()
        assert engine.connections.clients == {"shop-sg": client}

    async def test_whoever_asks_the_same_connections_shares_what_asks_them(self, engine):
        alone = await engine.connections.ask("shop-sg")
        assert (await engine.connections.route("bare")).channel.ask is alone
        assert (await engine.connections.route("sg")).channel.ask is not alone  # an extension comes first there

    async def test_a_connection_can_be_asked_alone(self, setup, engine):
        setup.channel.put(order())
        ask = await engine.connections.ask("shop-sg")
        assert [each.id for each in await ask.read_orders(["24"], None)] == ["24"]

    @pytest.mark.parametrize(
        ("work", "error", "words"),
        [
            (lambda c: c.connection("shop"), ConfigError, "there is no connection 'shop'"),
            (lambda c: c.connection("odd"), PluginError, "it is an extension, no system"),
            (lambda c: c.route("my"), ConfigError, "there is no route 'my'"),
            (lambda c: c.route("wrong"), PluginError, "it is no extension"),
        ],
    )
    async def test_what_is_not_there_is_named(self, engine, work, error, words):
        with pytest.raises(error, match=words):
            await work(engine.connections)

    async def test_a_route_carries_what_its_sides_need_to_know(self, setup, engine):
        route = await engine.connections.route("sg")
        assert (route.channel.connection, route.backend.connection) == ("shop-sg", "central")
        assert route.channel.options.shop_id == 1
        assert route.backend.refuses_duplicates
        assert route.channel.can("arrange_shipment")
        assert not route.backend.can("rewrite_order")
        assert (await route.both.rewrite_order(order(), route)).note == "gift"


class TestOrders:
    async def test_a_pull_runs_the_lane_once(self, setup, engine):
        setup.channel.put(order("24"), order("25"))
        told = []
        report = await engine.pull("sg", progress=lambda so_far: told.append(so_far.count("create")))
        assert (report.count("create"), told) == (2, [1, 2])
        assert setup.backend.document("24").note == "gift"
        assert (await engine.status())[0].linked == 2

    async def test_only_some_orders_may_be_pulled(self, setup, engine):
        setup.channel.put(order("24"), order("25"))
        assert (await engine.pull("sg", ["25"])).count("create") == 1

    async def test_a_plan_sends_nothing(self, setup, engine):
        setup.channel.put(order())
        ((pair, planned),) = await engine.plan("sg")
        assert (pair.key, [step.kind for step in planned.steps]) == ("24", ["create"])
        assert not setup.world.done

    async def test_a_lane_that_is_busy_is_left_alone_and_free_again_afterwards(self, setup, engine):
        lock = await engine.ledger.lane("sg/orders")
        for work in (engine.pull("sg"), engine.plan("sg")):
            with pytest.raises(TryLater, match="sg/orders is being worked on by another process"):
                await work
        await lock.release()
        await engine.pull("sg")
        await engine.plan("sg")

    async def test_a_backfill_leaves_the_live_cursor_alone(self, setup, engine):
        setup.channel.put(order(status="completed"))
        now = setup.world.clock.now()
        report = await engine.backfill("sg", now - timedelta(days=90), now)
        assert report.read == 1
        assert await engine.ledger.cursor("sg/channel") is None

    async def test_f13_history_that_was_interrupted_goes_on_in_the_stretch_in_which_it_began(self, setup, engine):
        setup.channel.put(order(status="completed"))
        begun = await engine.history_window("sg", 90)
        setup.world.trouble["pull_orders", ""] = [TryLater("the shop is closed")]
        with pytest.raises(TryLater):
            await engine.history("sg", 90)
        await setup.world.clock.advance(3_600)
        assert await engine.history_window("sg", 90) == begun
        assert (await engine.history("sg", 90)).read == 1
        assert (await engine.history_window("sg", 90)).start > begun.start
        ((_, pair, _, _),) = await engine.explain("24")
        assert pair.historical

    async def test_what_is_new_waits_for_no_history(self, setup):
        setup.channel.page = 1
        setup.channel.put(*(order(str(number), status="completed") for number in range(4)))
        slices = RunnerTable().model_copy(update={"slice": timedelta(microseconds=1)})
        async with Engine.open(replace(setup.configuration(), runner=slices), SystemClock()) as engine:
            history = asyncio.create_task(engine.history("sg", 90))
            while not setup.world.calls["pull_orders", ""]:  # noqa: ASYNC110 - nothing tells of a call
                await asyncio.sleep(0)
            await engine.follow_nudges("sg", 1.0)
            assert not history.done()
            assert ((await history).read, (await engine.status())[0].pairs) == (4, 4)

    async def test_reading_since_a_moment_is_no_history(self, setup, engine):
        setup.channel.put(order())
        now = setup.world.clock.now()
        await engine.backfill("sg", now - timedelta(days=9), now)
        ((_, pair, _, _),) = await engine.explain("24")
        assert not pair.historical

    async def test_a_route_without_the_flow_says_how_to_add_it(self, engine):
        with pytest.raises(ConfigError, match="route bare has no flow orders") as refusal:
            await engine.pull("bare")
        assert refusal.value.hint == "add [routes.bare.orders] to the config"


class TestPeople:
    async def test_an_order_is_explained_by_either_number(self, setup, engine):
        setup.channel.put(order())
        await engine.pull("sg")
        for number in ("24", "CO1"):
            ((route, pair, events, waiting),) = await engine.explain(number)
            assert (route, pair.key, waiting) == ("sg", "24", [])
            assert "create:done" in [event.what for event in events]
            assert engine.verdict(route, pair).why.startswith("open on both sides")
        assert await engine.explain("99") == []

    async def test_a_verdict_on_a_route_that_is_gone_is_refused(self, setup, engine):
        setup.channel.put(order())
        await engine.pull("sg")
        ((_, pair, _, _),) = await engine.explain("24")
        for route in ("gone", "bare"):
            with pytest.raises(ConfigError, match=f"route {route} is not configured for orders any more"):
                engine.verdict(route, pair)

    async def test_a_refusal_is_retried_on_demand(self, setup, engine):
        setup.channel.put(order())
        setup.world.trouble["push_order", "24"] = [Refused("unknown article")]
        await engine.pull("sg")
        assert [item.key for item in await engine.parked("sg")] == ["24"]
        assert [item.key for *_, items in await engine.explain("24") for item in items] == ["24"]
        assert await engine.retry("sg", ["24"]) == 1
        assert (await engine.pull("sg")).count("create") == 1
        assert await engine.parked() == []

    async def test_a_conflict_that_was_dropped_is_not_raised_again(self, setup, engine):
        setup.channel.put(order("24", total=Money.parse("99.00 SGD")), order("25", total=Money.parse("98.00 SGD")))
        await engine.pull("sg")
        assert await engine.drop("sg", ["24"], "known") == 1
        await engine.pull("sg")
        assert [item.key for item in await engine.parked()] == ["25"]

    async def test_a_dropped_refusal_is_not_tried_again(self, setup, engine):
        setup.channel.put(order())
        setup.world.trouble["push_order", "24"] = [Refused("unknown article")]
        await engine.pull("sg")
        await engine.drop("sg", ["24"], "by hand")
        setup.channel.change("24", status=OrderStatus.ARRANGED)
        assert not (await engine.pull("sg")).steps

    async def test_there_are_no_returns_until_some_were_seen(self, engine):
        assert await engine.returns("sg") == []


async def test_a_folder_that_cannot_be_made_is_one_sentence(setup, tmp_path):
    (tmp_path / "file").touch()
    configuration = setup.configuration()
    ledger = replace(configuration.ledger, folder=tmp_path / "file" / "crossdock")
    with pytest.raises(ConfigError, match="cannot be made: Not a directory") as refusal:
        async with Engine.open(replace(configuration, ledger=ledger), setup.world.clock):
            pass
    assert refusal.value.key == "ledger.folder"


async def test_without_a_clock_the_time_of_the_machine_counts(setup):
    async with Engine.open(setup.configuration()) as engine:
        assert await engine.status()
