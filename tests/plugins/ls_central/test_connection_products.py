"""The products verb against the simulated system, over real HTTP."""

import json
from datetime import UTC, datetime

import httpx
import pytest

from crossdock.contract import Unreadable, Window
from tests.plugins.ls_central.central import central, mocked, route
from tests.plugins.ls_central.test_replica import block, page

START = datetime(2026, 1, 1, tzinfo=UTC)
ROUTE = route()


async def pages(connection, cursor=None, here=ROUTE):
    return [page async for page in connection.pull_products(Window(start=START, cursor=cursor), here)]


def by_sku(found):
    return {product.sku: product for one in found for product in one.items}


async def test_a_full_pull_reads_every_item_that_is_goods():
    async with central() as system:
        found = by_sku(await pages(system.connection))
        assert len(found) == 19
        assert "66010" not in found
        shirt = found["40020"]
        assert (shirt.name, shirt.brand, shirt.options) == ("Linen shirt", "Nordic Textiles", ("SIZE",))
        assert [variant.sku for variant in shirt.variants] == ["40020-000", "40020-001", "40020-002", "40020-003"]
        assert str(shirt.variants[0].price) == "80.00 SGD"
        assert shirt.variants[0].barcode == "885400200000"
        assert [image.id for image in shirt.images] == ["LS40020"]
        assert shirt.description == "Linen shirt, made to last."
        assert found["10090"].blocked


async def test_a_full_pull_goes_on_behind_the_page_that_was_kept():
    async with central(page_size=8) as system:
        first, *_ = await pages(system.connection)
        async with system.again() as other:
            rest = await pages(other, first.cursor)
        assert [len(page.items) for page in (first, *rest)] == [8, 8, 3]
        assert not {product.id for product in first.items} & set(by_sku(rest))


@pytest.mark.parametrize(
    ("act", "body", "changed"),
    [
        ("/items/30010/price", {"unit_price": "7.70"}, "30010"),
        ("/items/40020/price", {"unit_price": "85", "variant": "002"}, "40020"),
        ("/items/40030/block", {"blocked_on_ecommerce": True}, "40030"),
        ("/items", {"number": "50001", "description": "Candle", "unit_price": "4.20"}, "50001"),
    ],
)
async def test_only_products_that_changed_come_again(act, body, changed):
    async with central() as system:
        cursor = (await pages(system.connection))[-1].cursor
        assert by_sku(await pages(system.connection, cursor)) == {}
        await system.act(act, body)
        found = await pages(system.connection, cursor)
        assert set(by_sku(found)) == {changed}
        assert by_sku(await pages(system.connection, found[-1].cursor)) == {}


async def test_a_price_that_begins_or_ends_with_the_day_comes_again_though_no_row_changed():
    dated = route(prices="sales_price")
    async with central() as system:
        special = {"price": "70", "starts": "2024-12-01", "ends": "2024-12-24", "unit": "PCS"}
        await system.act("/items/40020/special-prices", special)
        cursor = (await pages(system.connection, here=dated))[-1].cursor
        months_ago = json.dumps(json.loads(cursor) | {"day": "2024-11-30"})
        assert by_sku(await pages(system.connection, cursor, dated)) == {}
        assert set(by_sku(await pages(system.connection, months_ago, dated))) == {"40020"}


async def test_a_change_reaches_the_product():
    async with central() as system:
        cursor = (await pages(system.connection))[-1].cursor
        await system.act("/items/40020/price", {"unit_price": "85", "variant": "002"})
        shirt = by_sku(await pages(system.connection, cursor))["40020"]
        assert [str(variant.price.amount) for variant in shirt.variants] == ["80.00", "80.00", "85.00", "80.00"]


async def test_what_stock_has_read_is_not_lost_to_products():
    async with central() as system:
        cursor = (await pages(system.connection))[-1].cursor
        stock = [page async for page in system.connection.pull_stock(Window(start=START), ROUTE)]
        await system.act("/items/30010/price", {"unit_price": "7.70"})
        later = Window(start=START, cursor=stock[-1].cursor)
        assert [page async for page in system.connection.pull_stock(later, ROUTE)]
        assert set(by_sku(await pages(system.connection, cursor))) == {"30010"}


async def test_many_changes_come_in_pages_and_only_the_last_moves_the_cursor():
    async with central(page_size=2) as system:
        cursor = (await pages(system.connection))[-1].cursor
        for number in ("10001", "10002", "10003"):
            await system.act(f"/items/{number}/price", {"unit_price": "1.00"})
        first, last = await pages(system.connection, cursor)
        assert first.cursor == cursor
        assert last.cursor != cursor
        assert len(first.items) + len(last.items) == 3


def installation(items, deleted=()):
    """One that has these rows in its item table and nothing else."""

    def answer(request):
        if "GetWIItemBuffer" in request.url.path:
            names = ("No.", "Gross Weight")
            body = {"TableDataUpd": block(items, names), "TableDataDel": block(deleted, names[:1])}
            inner = {"LastEntryNo": 3, "EndOfTable": True, "TableData": body}
            return httpx.Response(200, json={"value": json.dumps(inner)})
        return page(entry=1)

    return answer


async def test_an_item_that_cannot_be_read_is_told_and_the_others_pass():
    (found,) = await pages(mocked(installation([("1", "heavy"), ("2", "1")])))
    assert [type(item).__name__ for item in found.items] == ["Unreadable", "Product"]
    assert isinstance(found.items[0], Unreadable)
    assert found.items[0].id == "1"


async def test_an_item_that_was_deleted_is_said_to_be_gone():
    cursor = '{"at":{"items":2}}'
    (found,) = await pages(mocked(installation([], [("40020",)])), cursor)
    assert [(product.id, product.vendor_status, product.blocked) for product in found.items] == [
        ("40020", "deleted", True)
    ]
