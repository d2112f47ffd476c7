"""Reading orders: nothing is lost, nothing is read twice, and one bad order does not stop the others."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from crossdock.contract import Unreadable, Window
from crossdock.errors import TryLater
from crossdock.model import Order
from tests.plugins.shopee.client_kit import NOW, Offline, bad, good, offline, online, route
from tests.plugins.shopee.order_bodies import body, item, package

LIST, DETAIL, PACKAGES = "order/get_order_list", "order/get_order_detail", "order/get_package_detail"
BATCH, SINGLE = "payment/get_escrow_detail_batch", "payment/get_escrow_detail"
HOUR = 3600


class Shop:
    """A list over orders whose changes can be scripted between two calls."""

    def __init__(self, changed: dict[str, int], page_size: int = 100) -> None:
        self.changed = dict(changed)
        self.page_size = page_size
        self.between: list[Any] = []
        self.oldest_first = True
        self.more: dict[str, dict[str, Any]] = {}

    def listing(self, request: httpx.Request) -> dict[str, Any]:
        query = request.url.params
        first, last = int(query["time_from"]), int(query["time_to"])
        assert 0 < last - first <= 15 * 86_400
        rows = sorted(
            (number for number, at in self.changed.items() if first <= at <= last),
            key=lambda number: (self.changed[number], number),
            reverse=not self.oldest_first,
        )
        at = int(query["cursor"] or 0)
        more = len(rows) > at + self.page_size
        found = [{"order_sn": number} for number in rows[at : at + self.page_size]]
        if self.between:
            self.between.pop(0)()
        return good({"order_list": found, "more": more, "next_cursor": str(at + self.page_size) if more else ""})

    def details(self, request: httpx.Request) -> dict[str, Any]:
        numbers = request.url.params["order_sn_list"].split(",")
        assert len(numbers) <= 50
        return good({"order_list": [self.body(number) for number in numbers if number in self.changed]})

    def body(self, number: str) -> dict[str, Any]:
        at = self.changed[number]
        known = {"order_sn": number, "update_time": at, "create_time": at, "pay_time": at}
        return body(**{**known, **self.more.get(number, {})})

    @property
    def answers(self) -> dict[str, Any]:
        return {LIST: self.listing, DETAIL: self.details, PACKAGES: good({"package_list": []})}


def window(seconds: int, cursor: str | None = None, end: int | None = None) -> Window:
    start = datetime.fromtimestamp(NOW - seconds, UTC)
    return Window(start, datetime.fromtimestamp(end, UTC) if end else None, cursor)


async def pull(shop: Offline, look: Window, pages: int = 10_000, **options: Any) -> tuple[list[Any], str | None]:
    """Look; broken off after so many pages, as by a run that gives way."""
    items, cursor = [], look.cursor
    async with aclosing(shop.connection.pull_orders(look, route(**options))) as found:
        async for page in found:
            items += page.items
            cursor = page.cursor
            pages -= 1
            if not pages:
                break
    return items, cursor


def numbers(items: list[Any]) -> list[str]:
    return sorted(item.id for item in items)


def calls(shop: Offline, path: str) -> int:
    return shop.far.paths().count(path)


async def test_an_idle_look_costs_one_call_of_the_list():
    far = Shop({})
    async with offline(far.answers) as shop:
        assert await pull(shop, window(HOUR)) == ([], None)
        assert shop.far.paths() == [LIST]


async def test_a_look_at_what_was_seen_before_costs_at_most_one_call_more():
    far = Shop({"a": NOW - 100, "b": NOW - 90})
    far.more = {"b": {"total_amount": 20, "order_status": "PROCESSED",
                      "package_list": [package(logistics_status="LOGISTICS_REQUEST_CREATED")]}}  # fmt: skip
    found = {"package_number": "OFG242672552205937", "tracking_number": "SG1"}
    escrow = {"order_sn": "b", "order_income": {"items": []}, "buyer_payment_info": None}
    answers = far.answers | {PACKAGES: good({"package_list": [found]}), BATCH: good([{"escrow_detail": escrow}])}
    async with offline(answers) as shop:
        _, cursor = await pull(shop, window(HOUR))
        assert sorted(shop.far.paths()) == sorted([LIST, DETAIL, PACKAGES, BATCH])
        shop.far.asked.clear()
        shop.clock.seconds += 60
        items, again = await pull(shop, window(HOUR, cursor))
        assert shop.far.paths() == [LIST, DETAIL]
        assert numbers(items) == ["a", "b"]
        assert again == cursor
        assert [parcel.tracking_number for one in items if one.id == "b" for parcel in one.shipments] == ["SG1"]


def start_of(cursor):
    """Where the next look through the whole overlap begins."""
    return int(cursor.split("/")[0])


async def test_a_look_soon_after_another_one_leaves_the_overlap_out():
    far = Shop({"a": NOW - 100, "b": NOW - 90})
    async with offline(far.answers) as shop:
        _, first = await pull(shop, window(HOUR))
        shop.clock.seconds += 30
        far.changed |= {"c": NOW + 20, "b": NOW + 25}
        items, second = await pull(shop, window(HOUR, first))
        assert numbers(items) == ["b", "c"]
        items, third = await pull(shop, window(HOUR, second))
        assert (numbers(items), third) == (["b", "c"], second)
        assert start_of(second) == start_of(first)


async def test_what_is_listed_late_is_found_whatever_looks_came_in_between():
    far = Shop({"a": NOW - 10})
    async with offline(far.answers) as shop:
        _, cursor = await pull(shop, window(HOUR))
        for passed in (20, 40, 60):
            far.changed[f"n{passed}"] = NOW + passed - 5
            if passed == 20:
                far.changed["late"] = NOW - 300
            shop.clock.seconds += 20
            items, cursor = await pull(shop, window(HOUR, cursor))
            assert ("late" in numbers(items)) == (passed == 60)
            assert f"n{passed}" in numbers(items)


async def test_the_cursor_is_their_newest_moment_less_the_overlap():
    far = Shop({"a": NOW - 2000, "b": NOW - 1000})
    async with offline(far.answers, order_overlap_seconds=60) as shop:
        items, cursor = await pull(shop, window(HOUR))
        assert numbers(items) == ["a", "b"]
        assert start_of(cursor) == NOW - 1060


async def test_a_clock_ahead_of_ours_does_not_carry_the_cursor_past_what_was_listed():
    far = Shop({"a": NOW - 10})
    far.more = {"a": {"update_time": NOW + 250}}  # changed again between list and details
    async with offline(far.answers, order_overlap_seconds=300) as shop:
        _, cursor = await pull(shop, window(HOUR))
        assert start_of(cursor) == NOW + 1 - 300


async def test_the_cursor_never_goes_back():
    far = Shop({"a": NOW - 100})
    async with offline(far.answers, order_overlap_seconds=300) as shop:
        _, cursor = await pull(shop, window(HOUR, cursor=str(NOW - 150)))
        assert start_of(cursor) == NOW - 150


async def test_months_are_read_in_windows_of_fifteen_days():
    far = Shop({f"o{day}": NOW - day * 86_400 for day in range(1, 80)})
    async with offline(far.answers) as shop:
        items, _ = await pull(shop, window(80 * 86_400))
        assert len(items) == 79


async def test_a_backfill_stops_at_its_end():
    far = Shop({"old": NOW - 40 * 86_400, "new": NOW - 10})
    async with offline(far.answers) as shop:
        items, _ = await pull(shop, window(50 * 86_400, end=NOW - 20 * 86_400))
        assert numbers(items) == ["old"]


async def test_empty_months_move_the_cursor_once_they_are_certainly_past():
    async with offline(Shop({}).answers) as shop:
        _, cursor = await pull(shop, window(40 * 86_400))
        assert cursor == str(NOW - 10 * 86_400 - 300)


@pytest.mark.parametrize("oldest_first", [True, False])
async def test_more_than_a_page_is_read_in_steps_that_fit_on_one(oldest_first):
    far = Shop({f"o{number:03}": NOW - 3000 + number for number in range(900)})
    far.oldest_first = oldest_first
    async with offline(far.answers) as shop:
        items, _ = await pull(shop, window(HOUR))
        assert numbers(items) == sorted(far.changed)
        assert all(request.url.params["cursor"] == "" for request in shop.far.asked if LIST in str(request.url))


@pytest.mark.parametrize("oldest_first", [True, False])
async def test_a_page_that_shifts_while_it_is_read_loses_nothing(oldest_first):
    far = Shop({f"o{number:03}": NOW - 3000 + number // 2 for number in range(600)})
    far.oldest_first = oldest_first
    before = dict(far.changed)

    def touch(number: str) -> None:
        far.changed[number] = NOW - 1

    far.between = [lambda number=number: touch(f"o{number:03}") for number in range(0, 600, 7)]
    async with offline(far.answers) as shop:
        items, cursor = await pull(shop, window(HOUR))
        seen = {one.id: one.updated_at for one in items}
        far.between.clear()
        later, _ = await pull(shop, window(HOUR, cursor))
        seen |= {one.id: one.updated_at for one in later}
    assert seen.keys() == before.keys()
    assert {number: at.timestamp() for number, at in seen.items()} == far.changed


@settings_of(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), oldest_first=st.booleans(), ours_ahead=st.integers(-290, 290))
def test_whatever_changes_while_it_is_read_is_seen_in_its_last_state(seed, oldest_first, ours_ahead):
    """Orders come and change between any two calls, often several in one second; our clock is wrong by minutes."""
    chance = Random(seed)
    far = Shop({f"o{number:03}": NOW - chance.randrange(900) for number in range(70)}, page_size=8)
    far.oldest_first = oldest_first
    seen: dict[str, float] = {}

    async def watch() -> None:
        async with offline(far.answers, page_size=8) as shop:
            theirs = NOW
            cursor = None

            def change() -> None:
                nonlocal theirs
                theirs += chance.randrange(4)
                shop.clock.seconds = theirs + ours_ahead
                for _ in range(chance.randrange(4)):
                    far.changed[f"o{chance.randrange(90):03}"] = theirs

            change()
            for busy in (True, True, True, True, False, False):
                far.between = [change] * 400 if busy else []
                shop.clock.seconds += 0 if busy else 400
                items, cursor = await pull(shop, window(2 * HOUR, cursor), chance.randrange(1, 40) if busy else 10_000)
                seen.update({one.id: one.updated_at.timestamp() for one in items})

    asyncio.run(watch())
    assert seen == far.changed


async def test_looks_that_are_broken_off_come_past_an_overlap_that_none_of_them_can_read_as_a_whole():
    far = Shop({f"o{number:04}": NOW - 290 + number // 4 for number in range(1_160)}, page_size=8)
    async with offline(far.answers, page_size=8) as shop:
        seen, cursor, looks = set(), str(NOW - 290), 0
        while looks < 40 and len(seen) < len(far.changed):
            items, cursor = await pull(shop, window(HOUR, cursor), pages=20)
            seen.update(one.id for one in items)
            looks += 1
        assert seen == set(far.changed)
        assert cursor.split("/")[0] == str(NOW - 290), "the overlap is read again by the look after this one"


async def test_a_look_that_was_broken_off_is_ended_and_what_changed_since_is_found_by_the_same_run():
    far = Shop({f"o{number:02}": NOW - 280 + number * 10 for number in range(20)}, page_size=8)
    async with offline(far.answers, page_size=8) as shop:
        _, cursor = await pull(shop, window(HOUR, str(NOW - 290)), pages=1)
        assert cursor is not None
        assert cursor.split("/")[::2] == [str(NOW - 290), str(NOW + 1)]
        shop.clock.seconds += 120
        far.changed["new"] = NOW + 100

        items, cursor = await pull(shop, window(HOUR, cursor))

        assert "new" in numbers(items)
        assert start_of(cursor) == NOW + 100 - 300


async def test_the_rest_of_a_look_that_holds_nothing_ends_it():
    far = Shop({}, page_size=8)
    async with offline(far.answers) as shop:
        broken_off = f"{NOW - 290}/{NOW - 100}/{NOW + 1}"

        items, cursor = await pull(shop, window(HOUR, broken_off))

        assert (items, cursor) == ([], str(NOW - 290))


async def test_history_that_was_broken_off_is_read_to_its_end_and_no_further():
    far = Shop({"old": NOW - 5_000, "new": NOW - 5})
    async with offline(far.answers) as shop:
        broken_off = f"{NOW - 9_000}/{NOW - 6_000}/{NOW - 4_000}"

        items, _ = await pull(shop, window(9_000, broken_off, end=NOW - 4_000))

        assert numbers(items) == ["old"]


async def test_more_than_a_page_within_one_second_is_read_until_nothing_new_turns_up():
    far = Shop({f"o{number:03}": NOW - 1000 for number in range(230)})
    leave = iter([f"o{number:03}" for number in range(5)])

    def move_on() -> None:
        far.changed[next(leave)] = NOW - 5

    async with offline(far.answers) as shop:
        far.between = [lambda: None] * 11 + [move_on, move_on]
        items, _ = await pull(shop, window(HOUR))
        assert set(numbers(items)) == set(far.changed)
        assert calls(shop, LIST) < 40


async def test_a_second_that_never_holds_still_is_looked_at_later():
    far = Shop({f"o{number:04}": NOW - 1000 for number in range(300)})
    fresh = iter(range(300, 10_000))

    def grow() -> None:
        far.changed[f"a{next(fresh):04}"] = NOW - 1000

    async with offline(far.answers) as shop:
        far.between = [grow] * 500
        with pytest.raises(TryLater, match="changed while it was read"):
            await pull(shop, window(HOUR))


async def test_an_order_at_the_border_of_two_steps_comes_once():
    far = Shop({f"o{number:03}": NOW - 1800 + number // 60 for number in range(240)})
    async with offline(far.answers) as shop:
        items, _ = await pull(shop, window(HOUR))
        assert numbers(items) == sorted(far.changed)


async def test_one_order_that_cannot_be_read_does_not_stop_the_others():
    far = Shop({"good": NOW - 50, "odd": NOW - 40, "finer": NOW - 30, "nameless": NOW - 20})
    far.more = {
        "odd": {"item_list": [item(model_original_price="many")], "recipient_address": {"name": "Tan Mei Ling"}},
        "finer": {"total_amount": 31.999},
        "nameless": {"order_sn": 5},
    }
    async with offline(far.answers | {BATCH: good([])}) as shop:
        items, cursor = await pull(shop, window(HOUR), sku_fallback="ids")
        assert start_of(cursor) == NOW - 330
        good_one, odd, finer, nameless = items
        assert isinstance(good_one, Order)
        assert isinstance(odd, Unreadable)
        assert (odd.id, odd.error.path) == ("odd", "item_list[0].model_original_price")
        assert b"Tan Mei Ling" not in odd.raw
        assert b"many" in odd.raw
        assert (finer.id, finer.error.path, finer.error.seen) == ("finer", "total_amount", "31.999")
        assert (nameless.id, nameless.error.path) == ("", "order_sn")


async def test_only_the_fields_that_are_read_are_asked_for():
    far = Shop({"a": NOW - 50})
    async with offline(far.answers) as shop:
        await pull(shop, window(HOUR))
        listing, details = (request.url.params for request in shop.far.asked)
        assert listing["response_optional_fields"] == "order_status"
        assert listing["page_size"] == "100"
        assert listing["request_order_status_pending"] == "true"
        assert set(details["response_optional_fields"].split(",")) == {
            "buyer_user_id", "buyer_username", "cancel_by", "cancel_reason", "buyer_cancel_reason",
            "estimated_shipping_fee", "invoice_data", "item_list", "package_list", "pay_time", "payment_info",
            "payment_method", "pickup_done_time", "recipient_address", "shipping_carrier", "total_amount",
        }  # fmt: skip


async def test_pending_orders_can_be_left_as_older_versions_show_them():
    async with offline(Shop({"a": NOW - 50}).answers, pending_orders=False) as shop:
        await pull(shop, window(HOUR))
        assert all("request_order_status_pending" not in request.url.params for request in shop.far.asked)


async def test_unknown_numbers_are_left_out_even_when_they_spoil_the_batch():
    far = Shop({f"o{number}": NOW - 50 for number in range(6)})

    def details(request: httpx.Request) -> dict[str, Any]:
        asked = request.url.params["order_sn_list"].split(",")
        if not set(asked) <= far.changed.keys():
            return bad("error_not_found", "Wrong parameters, detail: the order is not found.")
        return far.details(request)

    async with offline(far.answers | {DETAIL: details}) as shop:
        found = await shop.connection.read_orders([*far.changed, "x", "o1", "y"], route())
        assert numbers(list(found)) == sorted(far.changed)
        assert await shop.connection.read_orders([], route()) == []


async def test_another_refusal_is_not_taken_for_an_unknown_number():
    async with offline({DETAIL: bad("error_permission", "no")}) as shop:
        with pytest.raises(Exception, match="no"):
            await shop.connection.read_orders(["a", "b"], route())


async def test_escrow_is_asked_only_for_what_does_not_explain_itself():
    far = Shop({f"o{number:02}": NOW - 50 for number in range(45)})
    far.more = {number: {"total_amount": 29.99} for number in list(far.changed)[:25]}

    def batch(request: httpx.Request) -> dict[str, Any]:
        asked = re.findall(r"o\d\d", request.content.decode())
        assert request.method == "POST"
        assert len(asked) <= 20
        buyer = {"merchant_subtotal": 30, "shipping_fee": 1.99, "seller_voucher": -2}
        return good(
            [
                {"escrow_detail": {"order_sn": one, "order_income": {"items": []}, "buyer_payment_info": buyer}}
                for one in asked
            ]
        )

    async with offline(far.answers | {BATCH: batch}) as shop:
        items, _ = await pull(shop, window(HOUR))
        assert len(items) == 45
        assert not any(one.imbalance for one in items)
        assert calls(shop, BATCH) == 2


async def test_escrow_can_be_asked_one_by_one_or_not_at_all():
    far = Shop({"a": NOW - 50, "b": NOW - 40})
    far.more = {"a": {"total_amount": 29.99}, "b": {"total_amount": 29.99}}

    def single(request: httpx.Request) -> dict[str, Any]:
        number = request.url.params["order_sn"]
        if number == "b":
            return good({"order_sn": "b", "order_income": {"coins": []}})
        return good({"order_sn": number, "order_income": {"buyer_paid_shipping_fee": 1.99, "voucher_from_seller": 2}})

    async with offline(far.answers | {SINGLE: single}, escrow="single") as shop:
        items, _ = await pull(shop, window(HOUR))
        first = next(one for one in items if one.id == "a")
        assert isinstance(first, Order)
        assert not first.imbalance
        second = next(one for one in items if one.id == "b")
        assert second.error.path == "response.order_income.coins"
    async with offline(far.answers, escrow="never") as shop:
        items, _ = await pull(shop, window(HOUR))
        assert [str(one.imbalance) for one in items] == ["-2.00 SGD", "-2.00 SGD"]


async def test_an_escrow_that_is_malformed_or_missing_is_not_hidden():
    far = Shop({"a": NOW - 50, "b": NOW - 40})
    far.more = {"a": {"total_amount": 29.99}, "b": {"total_amount": 29.99}}
    entries = [{"escrow_detail": {"order_sn": "a", "order_income": {"coins": "gold"}}}]
    async with offline(far.answers | {BATCH: good(entries)}) as shop:
        items, _ = await pull(shop, window(HOUR))
        first, second = items
        assert (first.id, first.error.path) == ("a", "escrow_detail.order_income.coins")
        assert str(second.imbalance) == "-2.00 SGD"


@pytest.mark.parametrize("entry", [5, {}, {"escrow_detail": 7}, {"escrow_detail": {"order_sn": "of-another-shop"}}])
async def test_an_escrow_of_nobody_spoils_no_order(entry):
    far = Shop({"a": NOW - 50})
    far.more = {"a": {"total_amount": 29.99}}
    async with offline(far.answers | {BATCH: good([entry])}) as shop:
        (item,), _ = await pull(shop, window(HOUR))
        assert str(item.imbalance) == "-2.00 SGD"


async def test_a_fresh_order_costs_no_question_about_its_package():
    async with offline(Shop({"a": NOW - 50}).answers) as shop:
        await pull(shop, window(HOUR))
        assert shop.far.paths() == [LIST, DETAIL]


async def test_an_order_that_changed_after_payment_may_be_arranged_already():
    far = Shop({"a": NOW - 50})
    far.more = {"a": {"pay_time": NOW - 500}}
    found = {"package_number": "OFG242672552205937", "is_shipment_arranged": True}
    async with offline(far.answers | {PACKAGES: good({"package_list": [found]})}) as shop:
        for _ in range(2):
            (one,), _cursor = await pull(shop, window(HOUR))
            assert one.shipments[0].is_arranged
        assert calls(shop, PACKAGES) == 1


async def test_reading_by_number_always_asks_about_ready_packages():
    found = {"package_number": "OFG242672552205937", "is_shipment_arranged": True}
    far = Shop({"a": NOW - 50})
    async with offline(far.answers | {PACKAGES: good({"package_list": [found]})}) as shop:
        for _ in range(2):
            (one,) = await shop.connection.read_orders(["a"], route())
            assert one.shipments[0].is_arranged
        assert calls(shop, PACKAGES) == 2


async def test_a_missing_tracking_number_is_asked_for_every_five_minutes():
    far = Shop({"a": NOW - 50})
    far.more = {
        "a": {"order_status": "PROCESSED", "package_list": [package(logistics_status="LOGISTICS_REQUEST_CREATED")]}
    }
    blank, known = ({"package_number": "OFG242672552205937", "tracking_number": text} for text in ("", "SG1"))
    answers = far.answers | {PACKAGES: [good({"package_list": [blank]}), good({"package_list": [known]})]}
    async with offline(answers) as shop:
        await pull(shop, window(HOUR))
        await pull(shop, window(HOUR))
        assert calls(shop, PACKAGES) == 1
        shop.clock.seconds += 300
        (one,), _cursor = await pull(shop, window(HOUR))
        assert one.shipments[0].tracking_number == "SG1"
        await pull(shop, window(HOUR))
        await shop.connection.read_orders(["a"], route())
        assert calls(shop, PACKAGES) == 2


async def test_a_tracking_number_of_a_parcel_that_left_is_final():
    far = Shop({"a": NOW - 50})
    done = [package(logistics_status="LOGISTICS_PICKUP_DONE")]
    far.more = {"a": {"order_status": "SHIPPED", "package_list": done}}
    found = {"package_number": "OFG242672552205937", "tracking_number": "SG1", "pickup_done_time": NOW - 60}
    async with offline(far.answers | {PACKAGES: good({"package_list": [found]})}) as shop:
        await pull(shop, window(HOUR))
        far.changed["a"] = NOW - 10
        (one,), _cursor = await pull(shop, window(HOUR))
        assert one.shipments[0].tracking_number == "SG1"
        assert calls(shop, PACKAGES) == 1


async def test_an_answer_that_ends_in_the_middle_is_asked_for_again_later():
    async with offline({LIST: httpx.Response(200, content=b'{"error":"","response":{"order_')}) as shop:
        with pytest.raises(TryLater, match="ends in the middle"):
            await pull(shop, window(HOUR))


async def test_stopping_in_the_middle_stops_the_calls_under_way():
    far = Shop({f"o{number:03}": NOW - 3000 + number for number in range(300)})
    async with offline(far.answers) as shop:
        pages = shop.connection.pull_orders(window(HOUR), route())
        async for _page in pages:
            break
        await pages.aclose()
        asked = len(shop.far.asked)
        await shop.clock.sleep(5)
        assert len(shop.far.asked) == asked


async def test_orders_of_the_sandbox_are_read_over_http():
    async with online() as shop:
        await shop.act("/orders/bulk", {"count": 130})
        number = (await shop.act("/orders"))["order_sn"]
        start = shop.world.clock.now() - timedelta(hours=1)
        found = [one async for page in shop.connection.pull_orders(Window(start), route()) for one in page.items]
        assert len(found) == 131
        assert not any(one.imbalance for one in found)
        (again,) = await shop.connection.read_orders([number], route())
        assert again == next(one for one in found if one.id == number)


async def test_a_malformed_order_of_the_sandbox_is_parked_alone():
    async with online() as shop:
        one, two = [(await shop.act("/orders"))["order_sn"] for _ in range(2)]
        await shop.act(f"/orders/{one}/corrupt", {"path": "item_list", "value": "none"})
        found = {item.id: item for item in await shop.connection.read_orders([one, two], route())}
        assert isinstance(found[one], Unreadable)
        assert found[one].error.path == "item_list"
        assert isinstance(found[two], Order)


@pytest.mark.parametrize("region", ["SG", "ID", "VN", "TW"])
async def test_every_total_of_the_sandbox_is_explained_to_the_smallest_unit(region):
    async with online(region=region) as shop:
        discounts = [
            {"seller_voucher": "3", "seller_voucher_code": "SAVE3"},
            {"shopee_voucher": "2", "coins": "1"},
            {"items": [{"quantity": 2, "promotion_group": 1}, {"quantity": 1, "promotion_group": 1}]},
            {"shipping_fee": "7", "shipping_rebate": "2"},
            {"cod": True, "coins": "4"},
            {"paid": False},
        ]
        made = [(await shop.act("/orders", draft))["order_sn"] for draft in discounts]
        found = {one.id: one for one in await shop.connection.read_orders(made, route())}
        assert not any(found[number].imbalance for number in made)
        assert found[made[0]].discounts[0].code == "SAVE3"
        assert found[made[-1]].total is None
