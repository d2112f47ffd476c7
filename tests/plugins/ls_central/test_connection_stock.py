"""The stock verbs against the simulated system, over real HTTP."""

from datetime import UTC, datetime

import httpx
import pytest

from crossdock.contract import Window
from crossdock.errors import Refused, TryLater
from tests.plugins.ls_central.central import central, mocked, order, route
from tests.plugins.ls_central.test_client import Network, envelope
from tests.plugins.ls_central.test_replica import page as replicated

FULL = Window(start=datetime(2026, 1, 1, tzinfo=UTC))
ROUTE = route()


async def pulled(connection, cursor=None, here=ROUTE):
    """All levels of a pull by SKU, and the last cursor."""
    pages = [page async for page in connection.pull_stock(Window(start=FULL.start, cursor=cursor), here)]
    return {level.sku: level.available for page in pages for level in page.items}, pages[-1].cursor


async def test_a_full_pull_reads_every_level_and_ends_with_a_cursor():
    async with central() as system:
        levels, cursor = await pulled(system.connection)
        assert levels["40020-002"] == 600
        assert levels["30010"] == 600
        assert cursor


async def test_only_what_changed_comes_again_and_nothing_costs_a_few_calls():
    async with central() as system:
        _, cursor = await pulled(system.connection)
        before = system.calls
        levels, cursor = await pulled(system.connection, cursor)
        assert levels == {}
        assert system.calls - before == 5
        await system.act("/items/40020/stock", {"quantity": "7", "variant": "002"})
        levels, cursor = await pulled(system.connection, cursor)
        assert levels == {"40020-002": 507}
        assert (await pulled(system.connection, cursor))[0] == {}


async def test_an_order_lowers_what_may_be_sold():
    async with central() as system:
        _, cursor = await pulled(system.connection)
        await system.connection.push_order(order(), ROUTE)
        await system.act("/orders/CO000001/post", {})
        levels, _ = await pulled(system.connection, cursor)
        assert levels["40020-000"] == 598


async def test_a_full_pull_that_was_broken_off_goes_on_behind_the_last_page_in_another_process():
    async with central(batch_size=10) as system:
        pages = [page async for page in system.connection.pull_stock(FULL, ROUTE)]
        assert [len(page.items) for page in pages] == [10, 10, 4]
        await system.act("/items/40020/stock", {"quantity": "7", "variant": "002"})
        async with system.again() as other:
            there = Window(start=FULL.start, cursor=pages[0].cursor)
            rest = [page async for page in other.pull_stock(there, ROUTE)]
            assert [[one.sku for one in page.items] for page in rest] == [
                [one.sku for one in page.items] for page in pages[1:]
            ]
            assert "40020-002" in (await pulled(other, rest[-1].cursor))[0]


async def test_many_changes_come_in_pages_of_which_the_last_has_the_cursor():
    async with central(batch_size=10) as system:
        _, cursor = await pulled(system.connection)
        every = [page async for page in system.connection.pull_stock(FULL, ROUTE)]
        changed = sorted(one.product_id for page in every for one in page.items)[:12]
        for item in dict.fromkeys(changed):
            await system.act(f"/items/{item}/block", {"blocked_on_ecommerce": True})
        pages = [page async for page in system.connection.pull_stock(Window(start=FULL.start, cursor=cursor), ROUTE)]
        assert len(pages) > 1
        assert [page.cursor is None for page in pages] == [True] * (len(pages) - 1) + [False]


async def test_a_cursor_outlives_the_process():
    async with central() as system:
        _, cursor = await pulled(system.connection)
        await system.act("/items/30010/stock", {"quantity": "1"})
        async with system.again() as other:
            assert (await pulled(other, cursor))[0] == {"30010": 501}


async def test_what_becomes_blocked_is_sold_out_at_once():
    async with central() as system:
        _, cursor = await pulled(system.connection)
        await system.act("/items/30010/block", {"blocked_on_ecommerce": True})
        await system.act("/items/40020/block", {"blocked_on_ecommerce": True, "variant": "002"})
        levels, _ = await pulled(system.connection, cursor)
        assert levels["30010"] == 0
        assert levels["40020-002"] == 0
        assert levels.get("40020-000", 600) == 600


async def test_locations_are_chosen_by_the_route():
    async with central() as system:
        own, _ = await pulled(system.connection, here=route(sourcing="store"))
        single, _ = await pulled(system.connection, here=route(stock_from="single", locations=["W0001"]))
        assert own["30010"] == 100
        assert single["30010"] == 500


async def test_a_location_that_the_store_does_not_have_is_told_before_all_its_stock_is_taken_for_none():
    async with central() as system:
        with pytest.raises(Refused, match=r"Store S0013 has no location NOWHERE; it has S0013, W0001\."):
            await pulled(system.connection, here=route(locations=["S0013", "NOWHERE"]))


async def test_levels_are_read_by_sku_and_unknown_ones_are_left_out():
    async with central() as system:
        found = await system.connection.read_stock(["40020-002", "40020", "30010", "nobody", "40020-zzz"], ROUTE)
        assert {level.sku: level.available for level in found} == {"40020-002": 600, "30010": 600}


async def test_more_skus_than_one_question_holds_are_asked_in_several():
    async with central(page_size=2) as system:
        skus = [f"1000{number}" for number in range(1, 8)]
        assert sorted(level.sku for level in await system.connection.read_stock(skus, ROUTE)) == skus


def answers(request):
    """An installation with one item `AB-100`, whose number holds the delimiter."""
    if "ODataV4" in request.url.path:
        return replicated(entry=1)
    row = "<x:Row><x:Number>AB-100</x:Number><x:Location>S0013</x:Location><x:Inventory>3</x:Inventory></x:Row>"
    inside = f'<out xmlns:x="p">{row.replace("Row", "InventoryBufferOut")}</out>'
    return envelope(f"<R><responseCode>0000</responseCode>{inside}</R>")


async def test_an_item_number_that_holds_the_delimiter_is_found():
    (level,) = await mocked(answers).read_stock(["ab-100"], ROUTE)
    assert (level.sku, level.available, level.product_id) == ("ab-100", 3, "AB-100")


async def test_what_is_deleted_there_is_sold_out():
    def gone(request):
        if "GetInventoryStatus" in request.url.path:
            return replicated(deleted=[("30010", "")], entry=9)
        if "ODataV4" in request.url.path:
            return replicated(entry=1)
        return envelope("<R><responseCode>0000</responseCode></R>")

    levels, _ = await pulled(mocked(gone), '{"at":{"GetInventoryStatus":1}}')
    assert levels == {"30010": 0}


async def test_an_empty_answer_is_not_taken_for_no_stock():
    with pytest.raises(TryLater):
        await pulled(mocked(Network(httpx.Response(200, json={"value": ""}))))
