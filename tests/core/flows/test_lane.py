"""The lane, from a new order to its tracking number, and whatever comes between."""

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from crossdock.contract import Page, Receipt, Unreadable, Window, hookimpl
from crossdock.errors import CannotTranslate, ConfigError, Refused, SignInAgain, TryLater, Unclear
from crossdock.flows.options import OrdersOptions, StockOptions
from crossdock.flows.orders.lane import policy_of
from crossdock.flows.orders.plan import ACCEPTED
from crossdock.flows.orders.report import Report
from crossdock.model import Money, OrderStatus
from tests.core.doubles import Backend, Desk, FindingBackend, Late, Lost, Silent, order


class Held(FindingBackend):
    """Answers nobody before it may go on."""

    def __init__(self, world):
        super().__init__(world)
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    @hookimpl
    async def push_order(self, order):
        self.asked.set()
        await self.go_on.wait()
        return await super().push_order(order)


class TestTheStory:
    async def test_an_order_is_created_once(self, desk, world):
        desk.channel.put(order("24"), order("25"))
        report = await desk.run()
        assert report.count("create") == 2
        assert report.read >= report.changed >= 2
        for _ in range(3):
            assert not (await desk.later()).steps
        assert world.done == {("push_order", "24"): 1, ("push_order", "25"): 1}
        assert (await desk.pair()).document_id == "CO1"

    async def test_there_and_back(self, desk, world):
        desk.channel.put(order())
        await desk.run()
        desk.backend.person_posts("24")
        report = await desk.later()
        assert report.count("arrange") == 1
        assert desk.channel.now["24"].status is OrderStatus.ARRANGED
        desk.channel.person_ships("24", "SPX1")
        assert (await desk.later()).count("tracking") == 1
        assert desk.backend.document("24").shipments[0].tracking_number == "SPX1"
        for _ in range(3):
            assert not (await desk.later()).steps
        assert set(world.done.values()) == {1}
        assert [event.what for event in await desk.ledger.timeline("r", "24")].count("create:done") == 1

    async def test_an_order_that_came_in_processed_is_created_and_posted_in_one_run(self, ledger, world):
        desk = Desk(ledger, world, create_fulfilled_orders=True)
        desk.channel.put(order(status="shipped"))
        report = await desk.run()
        assert (report.count("create"), report.count("post")) == (1, 1)
        assert not (await desk.later()).steps

    async def test_an_order_cancelled_in_the_backend_is_cancelled_on_the_channel(self, desk, world):
        desk.channel.put(order())
        await desk.run()
        desk.backend.change("CO1", status=OrderStatus.CANCELLED)
        assert (await desk.later()).count("cancel_on_channel") == 1
        assert desk.channel.now["24"].status is OrderStatus.CANCELLED
        assert not (await desk.later()).steps

    async def test_an_order_cancelled_on_the_channel_is_cancelled_in_the_backend(self, desk):
        desk.channel.put(order())
        await desk.run()
        desk.channel.change("24", status=OrderStatus.CANCELLED)
        assert (await desk.later()).count("cancel_document") == 1
        assert desk.backend.document("24").status is OrderStatus.CANCELLED

    async def test_a_wish_is_answered_when_the_route_says_so(self, ledger, world):
        desk = Desk(ledger, world, buyer_cancellation="accept")
        desk.channel.put(order(status="cancelling"))
        assert (await desk.run()).count("answer_wish") == 1
        assert desk.channel.now["24"].status is OrderStatus.CANCELLED

    async def test_labels_are_kept_once(self, ledger, world):
        desk = Desk(ledger, world, labels=True)
        desk.channel.put(order())
        await desk.run()
        desk.backend.person_posts("24")
        await desk.later()
        desk.channel.person_ships("24", "SPX1")
        report = await desk.later()
        assert (report.count("tracking"), report.count("label")) == (1, 1)
        assert desk.labels == {"24": b"%PDF 24"}
        assert not (await desk.later()).steps

    async def test_an_extension_rewrites_what_is_created(self, desk):
        class Gift:
            @hookimpl
            async def rewrite_order(self, order):
                return order.model_copy(update={"note": "gift"})

        desk.extensions["gift"] = Gift()
        desk.channel.put(order())
        await desk.run()
        assert desk.backend.document("24").note == "gift"
        assert not (await desk.later()).steps, "a rewritten order is no changed order"


class TestPages:
    async def test_many_pages_share_commits(self, desk, world):
        desk.channel.put(*(order(f"{n:03}") for n in range(200)))
        before = desk.ledger.database.commits
        report = await desk.run()
        assert report.count("create") == 200
        assert (desk.ledger.database.commits - before) / 200 < 0.5
        assert world.most_at_once > 1

    async def test_no_more_steps_are_under_way_than_the_route_says(self, ledger, world):
        desk = Desk(ledger, world, in_flight=4)
        desk.channel.put(*(order(f"{n:03}") for n in range(30)))
        await desk.run()
        assert world.most_at_once == 4

    async def test_an_order_again_in_the_next_page_never_overlaps_itself(self, desk, world):
        class Repeats(type(desk.channel)):
            @hookimpl
            async def pull_orders(self, window):
                for page in ([order()], [order(note="again")], [order(note="and again"), order("25")]):
                    yield Page(page, None)

        class TakesItsTime(type(desk.backend)):
            @hookimpl
            async def push_order(self, order):
                for _ in range(500):
                    await asyncio.sleep(0)
                return await super().push_order(order)

        desk.channel, desk.backend = Repeats(world), TakesItsTime(world)
        desk.channel.put(order())
        await desk.run()
        assert world.overlapped == set()
        assert world.done == {("push_order", "24"): 1, ("push_order", "25"): 1}

    async def test_the_cursor_goes_on_where_the_last_page_ended(self, desk, world):
        desk.channel.page = 2
        desk.channel.put(*(order(str(n)) for n in range(5)))
        await desk.run()
        assert await desk.ledger.cursor("r/channel") == "5"
        before = world.calls["pull_orders", ""]
        await desk.later()
        assert world.calls["pull_orders", ""] == before

    async def test_a_slice_gives_way_and_goes_on_in_the_next_run(self, desk, world):
        desk.channel.page = 1
        desk.channel.put(*(order(str(n)) for n in range(6)))
        moves = iter(range(100))
        lane = desk.lane(slice_seconds=2)
        desk.clock.monotonic = lambda: next(moves)
        report = await lane.run()
        assert report.more
        assert 0 < report.count("create") < 6
        del desk.clock.monotonic
        for _ in range(3):
            await desk.run()
        assert all(world.done["push_order", str(n)] == 1 for n in range(6))

    async def test_what_is_due_is_looked_at_however_much_there_is_to_read(self, desk, world):
        desk.channel.page = 1
        desk.channel.put(*(order(str(n)) for n in range(6)))
        await desk.ledger.nudge("r", ["5"], "a push message")
        moves = iter(range(100))
        lane = desk.lane(slice_seconds=2)
        desk.clock.monotonic = lambda: next(moves)
        report = await lane.run()
        assert report.more
        assert world.done["push_order", "5"] == 1
        assert world.done["push_order", "4"] == 0

    async def test_both_sides_and_what_is_due_have_their_turn_before_a_long_list_is_read(self, desk, world):
        class BreaksOff(type(desk.channel)):
            @hookimpl
            async def pull_orders(self, window):
                async for page in self.pages(window):
                    yield page
                    if page.items[0].id == "3":
                        raise TryLater("the process might as well have died")

        desk.channel = BreaksOff(world, 1)
        desk.channel.put(order("24"))
        await desk.run()
        desk.channel.put(*(order(str(n)) for n in range(6)))
        desk.backend.person_posts("24")
        await desk.ledger.nudge("r", ["5"], "a push message")
        moves = iter(range(100))
        lane = desk.lane()
        desk.clock.monotonic = lambda: next(moves)
        with pytest.raises(TryLater):
            await lane.run()
        assert [world.done["push_order", number] for number in "0123456"] == [1, 1, 1, 1, 0, 1, 0]
        assert world.done["arrange_shipment", "24"] == 1

    async def test_however_short_a_slice_is_it_gets_past_what_the_backend_is_asked_again(self, desk, world):
        class ReadsAllAgain(FindingBackend):
            @hookimpl
            async def pull_orders(self, window):
                async for page in self.pages(replace(window, cursor=None)):
                    yield page

        desk.backend = ReadsAllAgain(world)
        desk.backend.page = 1
        desk.channel.put(*(order(str(n)) for n in range(6)))
        await desk.run()
        desk.channel.page = 1
        desk.channel.put(*(order(str(n), note="changed") for n in range(3)))
        desk.backend.person_posts("4")
        for _ in range(2):
            assert (await desk.lane(slice_seconds=-1).run()).more
        assert world.done["arrange_shipment", "4"] == 1

    async def test_documents_of_others_are_passed_over(self, desk):
        desk.backend.put(order("CO900", reference="somebody"), order("CO901"))
        assert (await desk.run()).changed == 0

    async def test_a_document_that_is_listed_before_its_creation_is_answered_is_looked_at_again(self, desk, world):
        class PostsAtOnce(type(desk.backend)):
            listed = asyncio.Event()

            @hookimpl
            async def push_order(self, order):
                receipt = await super().push_order(order)
                self.person_posts(order.id)  # and it never changes again
                await self.listed.wait()
                return receipt

            @hookimpl
            async def pull_orders(self, window):
                async for page in super().pull_orders(window):
                    yield page
                self.listed.set()

        desk.backend = PostsAtOnce(world)
        desk.channel.put(order())
        await desk.run()
        await desk.later()
        assert world.done["arrange_shipment", "24"] == 1


class TestOnlyAndPlan:
    async def test_only_looks_at_the_orders_that_are_named(self, desk, world):
        desk.channel.put(order("24"), order("25"))
        report = await desk.run("25")
        assert world.done == {("push_order", "25"): 1}
        assert report.read >= 1
        assert await desk.ledger.cursor("r/channel") is None

    async def test_more_orders_than_a_call_may_name_are_read_in_several(self, desk, world):
        numbers = [f"{n:03}" for n in range(250)]
        desk.channel.put(*(order(number) for number in numbers))
        await desk.run(*numbers)
        assert sum(world.done.values()) == 250

    async def test_a_number_that_the_channel_does_not_know_leads_to_nothing(self, desk, world):
        assert not (await desk.run("99")).steps
        await desk.ledger.nudge("r", ["98"], "push 3")
        assert not (await desk.run()).steps
        assert await desk.ledger.due("r", 10) == []

    async def test_plan_sends_nothing_and_leaves_orders_due(self, desk, world):
        desk.channel.put(order("24"), order("25", total=Money.parse("99.00 SGD")))
        planned = {pair.key: plan for pair, plan in await desk.lane().plan()}
        assert [step.kind for step in planned["24"].steps] == ["create"]
        assert planned["25"].conflict.cause == "totals"
        assert world.done == {}
        assert await desk.parked() == {}
        assert [pair.key for pair, _ in await desk.lane().plan(["24"])] == ["24"]
        assert len(await desk.lane().plan()) == 2
        assert (await desk.run()).count("create") == 1

    async def test_a_backfill_has_a_cursor_of_its_own(self, desk, world):
        desk.channel.put(order("24", status="completed"))
        window = Window(desk.clock.now() - timedelta(days=90), desk.clock.now())
        await desk.lane().run(backfill=window, historical=True)
        assert await desk.ledger.cursor("r/channel") is None
        assert (await desk.pair()).historical
        assert world.done == {}

    async def test_options_of_another_flow_are_a_mistake(self, desk):
        route = desk.route()
        route.flows["orders"] = StockOptions()
        with pytest.raises(TypeError, match="StockOptions, not OrdersOptions"):
            policy_of(route)
        del route.flows["orders"]
        assert policy_of(route).options == OrdersOptions()

    async def test_progress_is_told_after_each_step(self, desk):
        desk.channel.put(order("24"), order("25"))
        told = []
        report = Report("r", progress=lambda so_far: told.append(sum(so_far.steps.values())))
        await desk.lane().run(report=report)
        assert told == [1, 2]


class TestLaterAndRefused:
    async def test_what_cannot_be_done_now_is_tried_again_and_succeeds(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [TryLater("busy"), TryLater("busy")]
        report = await desk.run()
        assert report.count("create", "waiting") == 1
        assert (await desk.pair()).steps["create:24"].retry_at == desk.clock.now() + timedelta(seconds=30)
        assert not (await desk.later(29)).steps
        assert (await desk.later(1)).count("create", "waiting") == 1
        assert (await desk.pair()).steps["create:24"].retry_at == desk.clock.now() + timedelta(seconds=60)
        assert (await desk.later(60)).count("create") == 1
        assert world.done["push_order", "24"] == 1

    @pytest.mark.parametrize(("after", "wait"), [(5, 5), (100, 100), (31, 31)])
    async def test_a_time_that_they_name_is_kept(self, desk, world, after, wait):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [TryLater("busy", after=after)]
        await desk.run()
        assert (await desk.pair()).steps["create:24"].retry_at == desk.clock.now() + timedelta(seconds=wait)

    async def test_a_refusal_is_parked_and_the_others_pass(self, desk, world):
        desk.channel.put(order("24"), order("25"))
        world.trouble["push_order", "24"] = [
            Refused("unknown article", code="1603", facts={"sku": "TEE"}, hint="map it")
        ]
        report = await desk.run()
        assert (report.count("create"), report.count("create", "refused"), report.parked) == (1, 1, 1)
        (item,) = await desk.ledger.parked("r")
        assert (item.key, item.cause, item.step) == ("24", "create:1603", "create:24")
        assert item.facts["sku"] == "TEE"
        assert item.facts["channel"]["lines"] == ["2 x TEE = 20.00 SGD"]
        assert item.facts["choices"][0] == "map it"
        assert not (await desk.later()).steps

    async def test_a_refusal_that_was_released_is_tried_again(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Refused("unknown article")]
        await desk.run()
        await desk.ledger.release("r", ["24"], "mended")
        assert (await desk.run()).count("create") == 1
        assert await desk.parked() == {}

    async def test_a_refusal_that_was_dropped_stays(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Refused("unknown article")]
        await desk.run()
        await desk.ledger.drop("r", ["24"], "not worth it")
        desk.channel.change("24", note="changed")
        assert not (await desk.later()).steps
        assert await desk.parked() == {}

    async def test_a_refusal_stays_parked_while_the_order_changes(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Refused("unknown article")]
        await desk.run()
        desk.channel.change("24", note="changed")
        await desk.later()
        assert await desk.parked() == {"24": "create:refused"}

    async def test_what_our_model_cannot_say_is_parked_with_its_place(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [CannotTranslate("ship_to.country", "a country of two letters")]
        await desk.run()
        assert await desk.parked() == {"24": "create:cannot-translate:ship_to.country"}

    async def test_silence_is_no_success(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Silent()]
        await desk.run()
        (item,) = await desk.ledger.parked("r")
        assert "nobody on that side takes it" in item.reason

    async def test_a_veto_keeps_the_order_back(self, desk, world):
        class Veto:
            @hookimpl
            async def rewrite_order(self, order):
                raise Refused("the buyer is blocked")

        desk.extensions["veto"] = Veto()
        desk.channel.put(order())
        await desk.run()
        assert world.calls["push_order", "24"] == 0
        assert await desk.parked() == {"24": "create:refused"}

    async def test_a_plugins_bug_parks_one_order_and_the_others_pass(self, desk, world):
        desk.channel.put(order("24"), order("25"))
        world.trouble["push_order", "24"] = [ZeroDivisionError("division by zero")]
        report = await desk.run()
        assert report.count("create") == 1
        (item,) = await desk.ledger.parked("r")
        assert item.reason == "create: the plugin failed with ZeroDivisionError"
        assert not (await desk.later()).steps, "nobody knows what was sent, so a person looks first"
        await desk.ledger.release("r", ["24"], "mended")
        assert (await desk.later()).count("create") == 1
        assert world.done["push_order", "24"] == 1

    async def test_a_plugins_bug_that_was_dropped_is_never_sent_again(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [ZeroDivisionError("division by zero")]
        await desk.run()
        await desk.ledger.drop("r", ["24"], "made by hand")
        for _ in range(3):
            assert not (await desk.later()).steps
        assert world.done == {}


class TestConflicts:
    async def test_a_conflict_parks_both_sides_facts_and_clears_itself(self, desk):
        desk.channel.put(order(total=Money.parse("20.05 SGD")))
        report = await desk.run()
        assert (report.parked, dict(report.steps)) == (1, {})
        (item,) = await desk.ledger.parked("r")
        assert item.cause == "totals"
        assert item.facts["channel"]["total"] == "20.05 SGD"
        assert item.facts["choices"]
        desk.channel.change("24", total=Money.parse("20.00 SGD"))
        assert (await desk.later()).count("create") == 1
        assert await desk.parked() == {}

    async def test_both_sides_are_shown(self, desk):
        desk.channel.put(order())
        await desk.run()
        desk.backend.person_posts("24")
        desk.channel.change("24", status=OrderStatus.CANCELLED)
        await desk.later()
        (item,) = await desk.ledger.parked("r")
        assert item.cause == "cancelled-after-posting"
        assert item.facts["backend"] == {
            "id": "CO1",
            "status": "shipped (Posted)",
            "total": "20.00 SGD",
            "shipping": "0.00 SGD",
            "lines": ["2 x TEE = 20.00 SGD"],
            "shipments": ["SCO1 Posted"],
        }

    async def test_a_document_that_was_deleted_is_shown_as_deleted(self, desk):
        desk.channel.put(order())
        await desk.run()
        del desk.backend.now["CO1"]
        await desk.run("24")
        (item,) = await desk.ledger.parked("r")
        assert (item.cause, item.facts["backend"]) == ("document-deleted", {"id": "CO1", "status": "deleted"})

    async def test_a_conflict_that_a_person_accepted_is_not_raised_again(self, desk):
        desk.channel.put(order(total=Money.parse("20.05 SGD")))
        await desk.run()
        (item,) = await desk.ledger.parked("r")
        await desk.ledger.accept("r", ACCEPTED, [("24", item.facts["reference"])])
        await desk.ledger.drop("r", ["24"], "known")
        for _ in range(2):
            assert (await desk.later()).parked == 0
        assert await desk.parked() == {}

    async def test_a_buyers_data_is_in_no_parked_item(self, desk):
        bought = order(total=Money.parse("20.05 SGD"), buyer={"name": "Tan Ah Kow"}, ship_to={"line": "1 Orchard Road"})
        desk.channel.put(bought)
        await desk.run()
        said = repr(await desk.ledger.parked("r")) + repr(await desk.ledger.timeline("r", "24"))
        assert "Tan" not in said
        assert "Orchard" not in said


def unreadable(number="24"):
    return Unreadable(
        number, CannotTranslate("total_amount", "a decimal number", seen="ten"), b'{"total_amount": "ten"}'
    )


class TestUnreadable:
    async def test_what_cannot_be_read_is_parked_with_its_place_and_its_raw_text(self, desk, world):
        desk.channel.put(unreadable(), order("25"))
        report = await desk.run()
        assert (report.parked, report.count("create")) == (1, 1)
        (item,) = await desk.ledger.parked("r")
        assert (item.cause, item.raw) == ("cannot-translate:total_amount", b'{"total_amount": "ten"}')

    async def test_it_stays_parked_while_it_cannot_be_read(self, desk):
        desk.channel.put(unreadable())
        await desk.run()
        await desk.ledger.release("r", ["24"], "try again")
        await desk.run()
        assert await desk.parked() == {"24": "cannot-translate:total_amount"}

    async def test_it_is_taken_over_once_it_can_be_read(self, desk):
        desk.channel.put(unreadable())
        await desk.run()
        desk.channel.put(order())
        assert (await desk.later()).count("create") == 1
        assert await desk.parked() == {}

    async def test_a_document_that_cannot_be_read_is_not_taken_for_deleted(self, desk):
        desk.channel.put(order())
        await desk.run()
        desk.backend.now["CO1"] = unreadable("CO1")
        await desk.run("24")
        assert await desk.parked() == {"24": "cannot-translate:total_amount"}
        assert not (await desk.pair()).document_gone

    async def test_a_document_that_cannot_be_pulled_is_parked_under_its_order(self, desk):
        desk.channel.put(order())
        await desk.run()
        desk.backend.put(unreadable("CO1"), unreadable("CO2"))
        await desk.later()
        assert await desk.parked() == {"24": "cannot-translate:total_amount"}

    async def test_an_order_that_cannot_be_read_stays_parked_when_only_its_document_changes(self, desk, world):
        desk.channel.put(order())
        await desk.run()
        desk.channel.now["24"] = unreadable()
        await desk.run("24")
        desk.backend.person_posts("24")
        for _ in range(3):
            await desk.later()
            assert await desk.parked() == {"24": "cannot-translate:total_amount"}
        assert world.done["arrange", "24"] == 0


class TestSigningIn:
    async def test_a_lane_stops_cleanly_and_loses_nothing(self, desk, world):
        desk.channel.page = 2
        desk.channel.put(*(order(str(n)) for n in range(20)))
        for n in range(20):
            world.trouble["push_order", str(n)] = [SignInAgain("the token has expired")]
        with pytest.raises(SignInAgain, match="the token has expired"):
            await desk.run()
        assert sum(world.calls["push_order", str(n)] for n in range(20)) < 20
        world.trouble.clear()
        await desk.later(60)
        await desk.later(60)
        assert all(world.done["push_order", str(n)] == 1 for n in range(20))

    async def test_what_was_not_sent_when_the_lane_stopped_is_not_in_doubt(self, ledger, world):
        desk = Desk(ledger, world, in_flight=1)
        desk.channel.put(*(order(str(n)) for n in range(6)))
        for n in range(6):
            world.trouble["push_order", str(n)] = [SignInAgain("the token has expired")]
        with pytest.raises(SignInAgain):
            await desk.run()
        assert sum(world.calls["push_order", str(n)] for n in range(6)) == 1
        assert (await desk.ledger.status("r")).doubtful == 0
        texts = [event.text for n in range(6) for event in await desk.ledger.timeline("r", str(n))]
        assert "create: not sent, the run ended before its turn" in texts
        world.trouble.clear()
        assert (await desk.later(60)).count("create") == 6

    async def test_a_run_that_is_ended_by_hand_sends_nothing_more(self, ledger, world):
        backend = Held(world)
        desk = Desk(ledger, world, backend, in_flight=1)
        desk.channel.put(*(order(str(n)) for n in range(6)))
        running = asyncio.ensure_future(desk.run())
        await backend.asked.wait()
        running.cancel()
        backend.go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert sum(world.calls["push_order", str(n)] for n in range(6)) == 1
        assert (await desk.ledger.status("r")).doubtful == 0
        assert (await desk.later()).count("create") == 5

    async def test_the_same_lane_runs_again_after_it_was_stopped(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [SignInAgain("the token has expired")]
        lane = desk.lane()
        with pytest.raises(SignInAgain):
            await lane.run()
        await desk.clock.advance(60)
        assert (await lane.run()).count("create") == 1

    async def test_a_side_that_cannot_be_read_now_ends_the_run_and_keeps_what_was_read(self, desk, world):
        desk.channel.page = 1
        desk.channel.put(order("24"), order("25"))
        world.trouble["pull_orders", ""] = [None, TryLater("busy")]
        with pytest.raises(TryLater):
            await desk.run()
        assert await desk.ledger.cursor("r/channel") == "1"
        assert world.done["push_order", "24"] == 1
        await desk.run()
        assert world.done["push_order", "25"] == 1


class TestWaiting:
    async def test_a_tracking_number_is_looked_for_less_and_less_often(self, desk, world):
        desk.channel.put(order())
        await desk.run()
        desk.backend.person_posts("24")
        await desk.later()
        looks = []
        for _ in range(6 * 12):
            before = world.calls["read_orders", ""]
            await desk.later(300)
            looks.append(world.calls["read_orders", ""] > before)
        minutes = [5 * n for n, looked in enumerate(looks, 1) if looked]
        gaps = [b - a for a, b in itertools.pairwise(minutes)]
        assert minutes[0] == 5
        assert gaps[:3] == [10, 20, 40]
        assert set(gaps[3:]) == {60}
        desk.channel.now["24"] = desk.channel.now["24"].model_copy(
            update={
                "shipments": tuple(
                    p.model_copy(update={"tracking_number": "T"}) for p in desk.channel.now["24"].shipments
                )
            }
        )
        assert (await desk.later(3600)).count("tracking") == 1

    async def test_nothing_is_looked_at_again_when_both_sides_agree(self, desk, world):
        desk.channel.put(order(status="cancelled"))
        await desk.run()
        assert await desk.ledger.due("r", 10) == []

    async def test_an_effect_that_has_yet_to_show_is_not_caused_twice(self, desk, world):
        desk.channel.put(order())
        await desk.run()
        desk.backend.person_posts("24")
        before = desk.channel.now["24"]
        await desk.later()
        desk.channel.put(before)  # the channel's list lags behind
        for _ in range(3):
            await desk.later()
        assert world.calls["arrange_shipment", "24"] == 1


class TestDoubt:
    async def test_a_lost_answer_is_found_by_looking(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Lost()]
        report = await desk.run()
        assert (report.count("create", "doubtful"), report.settled) == (1, 1)
        pair = await desk.pair()
        assert (pair.document_id, pair.steps["create:24"].state) == ("CO1", "done")
        assert world.calls["push_order", "24"] == 1
        assert not (await desk.later()).steps

    async def test_not_found_counts_only_after_the_far_sides_time_limit(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Unclear("no answer")]
        await desk.run()
        assert world.calls["find_order", "24"] == 1
        await desk.later(60)
        assert (world.calls["find_order", "24"], world.calls["push_order", "24"]) == (1, 1)
        await desk.later(60)
        assert (world.calls["find_order", "24"], world.calls["push_order", "24"]) == (2, 2)
        assert world.done["push_order", "24"] == 1

    async def test_a_request_that_arrives_late_is_not_doubled(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Late(90)]
        await desk.run()
        for _ in range(4):
            await desk.later(60)
        assert world.done["push_order", "24"] == 1
        assert (await desk.pair()).document_id == "CO1"

    async def test_a_backend_that_refuses_duplicates_is_asked_again_at_once(self, desk, world):
        desk.refuses_duplicates = True
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Unclear("no answer")]
        report = await desk.run()
        assert report.count("create") == 1
        assert world.calls["push_order", "24"] == 2

    async def test_a_backend_that_cannot_be_asked_parks_the_order_in_doubt(self, ledger, world):
        desk = Desk(ledger, world, Backend(world))
        desk.channel.put(order("24"), order("25"))
        world.trouble["push_order", "24"] = [Lost()]
        await desk.run()
        assert await desk.parked() == {"24": "in-doubt"}
        for _ in range(3):
            await desk.later()
        assert world.calls["push_order", "24"] == 1
        await ledger.release("r", ["24"], "it is not there")
        await desk.later()
        assert world.calls["push_order", "24"] == 2

    async def test_a_creation_without_a_number_is_looked_up(self, desk, world):
        class Numberless(type(desk.backend)):
            @hookimpl
            async def push_order(self, order):
                await super().push_order(order)
                return Receipt()

        desk.backend = Numberless(world)
        desk.channel.put(order())
        await desk.run()
        assert (await desk.pair()).document_id == "CO1"

    @pytest.mark.parametrize("trouble", [TryLater("busy"), Unclear("no answer")])
    async def test_looking_that_fails_is_tried_again(self, desk, world, trouble):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Lost()]
        world.trouble["find_order", "24"] = [trouble]
        await desk.run()
        assert (await desk.steps())["create:24"] == "doubtful"
        await desk.later(30)
        assert (await desk.steps())["create:24"] == "done"
        assert world.calls["push_order", "24"] == 1

    async def test_looking_without_being_signed_in_waits(self, desk, world):
        desk.channel.put(order())
        world.trouble["push_order", "24"] = [Lost()]
        world.trouble["find_order", "24"] = [SignInAgain("expired"), SignInAgain("expired"), SignInAgain("expired")]
        await desk.run()
        assert (await desk.steps())["create:24"] == "doubtful"
        world.trouble.clear()
        await desk.later()
        assert (await desk.steps())["create:24"] == "done"

    @pytest.mark.parametrize("trouble", [ZeroDivisionError("oh"), Refused("two of them"), ConfigError("what")])
    async def test_one_order_that_cannot_be_looked_up_does_not_stop_the_others(self, desk, world, trouble):
        desk.channel.put(order("24"), order("25"))
        world.trouble["push_order", "24"] = [Lost()]
        world.trouble["push_order", "25"] = [Lost()]
        world.trouble["find_order", "24"] = [trouble]
        await desk.run()
        assert await desk.parked() == {"24": "look-up"}
        assert (await desk.pair("25")).document_id
        await desk.ledger.release("r", ["24"], "again")
        await desk.later()
        assert (await desk.pair()).document_id
        assert world.calls["push_order", "24"] == 1

    @pytest.mark.parametrize("trouble", [Lost(), Unclear("no answer"), Late(30)])
    async def test_arranging_in_doubt_is_settled_by_reading_both_sides(self, desk, world, trouble):
        desk.channel.put(order())
        await desk.run()
        desk.backend.person_posts("24")
        world.trouble["arrange_shipment", "24"] = [trouble]
        for _ in range(5):
            await desk.later(61)
        assert world.done["arrange_shipment", "24"] == 1
        assert (await desk.steps())["arrange:P24#1"] == "done"

    @pytest.mark.parametrize("trouble", [Lost(), Unclear("no answer")])
    async def test_posting_in_doubt_is_settled_by_reading_both_sides(self, ledger, world, trouble):
        desk = Desk(ledger, world, create_fulfilled_orders=True)
        desk.channel.put(order(status="shipped"))
        world.trouble["post_order", "24"] = [trouble]
        await desk.run()
        for _ in range(4):
            await desk.later(61)
        assert world.done["post_order", "24"] == 1
        assert (await desk.steps())["post:24"] == "done"


class TestWhatWasFoundByAsking:
    async def test_a_change_that_is_found_by_asking_tells_how_late_that_was(self, desk):
        desk.channel.put(order("24"))
        await desk.run()
        desk.channel.put(order("25", updated_at=desk.clock.now() + timedelta(seconds=500)))
        report = await desk.later(600)
        assert report.delays == [100.0]

    async def test_a_first_run_and_what_a_message_told_of_are_not_late(self, desk):
        desk.channel.put(order("24"))
        assert not (await desk.run()).delays
        desk.channel.put(order("25"))
        await desk.ledger.nudge("r", ["25"], "push 3")
        await desk.lane().run_marked()
        assert not (await desk.run()).delays


class TestStepsThatLoseTheirMeaning:
    async def test_a_step_to_be_tried_again_is_forgotten_when_it_is_not_missing_any_more(self, desk, world):
        world.trouble["push_order", "24"] = [TryLater("busy")]
        desk.channel.put(order())
        await desk.run()
        desk.channel.change("24", status=OrderStatus.CANCELLED)
        await desk.later(5)
        assert await desk.steps() == {}
        assert await desk.ledger.due("r", 10) == []
        assert "create:withdrawn" in [event.what for event in await desk.ledger.timeline("r", "24")]

    async def test_a_refused_step_that_is_missing_again_is_parked_again_and_not_sent(self, desk, world):
        world.trouble["push_order", "24"] = [Refused("no")]
        desk.channel.put(order())
        await desk.run()
        desk.channel.change("24", status=OrderStatus.CANCELLING)
        await desk.later()
        assert await desk.parked() == {"24": "cancellation-wish"}
        desk.channel.change("24", status=OrderStatus.HELD)
        await desk.later()
        assert await desk.parked() == {}
        desk.channel.change("24", status=OrderStatus.OPEN)
        await desk.later()
        assert await desk.parked() == {"24": "create:refused"}
        assert world.calls["push_order", "24"] == 1
        await desk.ledger.drop("r", ["24"], "a person")
        desk.channel.change("24", note="a change")
        await desk.later()
        assert (await desk.parked(), world.calls["push_order", "24"]) == ({}, 1)


class TestTimeline:
    async def test_a_change_that_tells_a_person_nothing_adds_no_line(self, desk):
        desk.channel.put(order())
        await desk.run()
        await desk.later()  # the document, too, was seen
        before = await desk.ledger.timeline("r", "24")
        desk.channel.change("24", note="please ring")
        desk.backend.change("CO1", can_cancel=True)
        await desk.later()
        assert await desk.ledger.timeline("r", "24") == before

    async def test_what_is_cancelled_of_a_line_is_told(self, desk):
        desk.channel.put(order())
        await desk.run()
        line = order().lines[0].model_copy(update={"cancelled_quantity": Decimal(1)})
        desk.channel.change("24", lines=(line,))
        await desk.later()
        assert any("1 of line 1 cancelled" in event.text for event in await desk.ledger.timeline("r", "24"))

    async def test_what_was_sent_is_compared_with_after_its_answer_was_lost(self, desk, world):
        world.trouble["push_order", "24"] = [Lost()]
        desk.channel.put(order())
        await desk.run()
        price = Money.parse("15.00 SGD")
        line = order().lines[0].model_copy(update={"list_price": price, "amount": price * 2})
        desk.channel.change("24", lines=(line,), total=price * 2)
        await desk.later()
        await desk.later()
        assert await desk.parked() == {"24": "changed-after-creation"}
        assert world.done["push_order", "24"] == 1
