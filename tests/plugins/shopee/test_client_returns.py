"""Returns: read like orders, from the list alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from crossdock.contract import Unreadable, Window
from crossdock.model import Return, ReturnLine, ReturnStatus
from tests.plugins.shopee.client_kit import NOW, good, offline, online, route

LIST = "returns/get_return_list"


def wire(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "return_sn": number,
        "order_sn": "260910KJBHUJDM",
        "status": "REQUESTED",
        "currency": "SGD",
        "create_time": NOW - 500,
        "update_time": NOW - 400,
        "refund_amount": 15.5,
        "reason": "ITEM_DAMAGED",
        "tracking_number": "RT1",
        "due_date": NOW + 100,
        "return_seller_due_date": NOW + 50,
        "item": [{"item_id": 7, "model_id": 8, "amount": 2, "variation_sku": "V", "item_sku": "I"}],
        **changes,
    }


def window(cursor: str | None = None, days: float = 0.1) -> Window:
    return Window(datetime.fromtimestamp(NOW, UTC) - timedelta(days=days), None, cursor)


async def pull(shop: Any, look: Window) -> tuple[list[Any], str | None]:
    items, cursor = [], look.cursor
    async for page in shop.connection.pull_returns(look, route()):
        items += page.items
        cursor = page.cursor
    return items, cursor


async def test_a_return_is_read_field_by_field():
    async with offline({LIST: good({"return": [wire("R1")], "more": False})}) as shop:
        (found,), cursor = await pull(shop, window())
        assert isinstance(found, Return)
        assert (found.id, found.order_id, found.status) == ("R1", "260910KJBHUJDM", ReturnStatus.REQUESTED)
        assert (found.reason, str(found.refund), found.tracking_number) == ("ITEM_DAMAGED", "15.50 SGD", "RT1")
        assert found.lines == (ReturnLine(line_id="7-8", sku="V", quantity=Decimal(2)),)
        assert found.due_at == datetime.fromtimestamp(NOW + 50, UTC)
        assert found.requested_at == datetime.fromtimestamp(NOW - 500, UTC)
        assert found.updated_at == datetime.fromtimestamp(NOW - 400, UTC)
        assert cursor == str(NOW - 700)
        query = shop.far.asked[0].url.params
        assert (query["page_no"], query["page_size"]) == ("0", "100")
        assert int(query["update_time_to"]) == NOW + 1


async def test_what_a_return_leaves_out_is_empty():
    bare = wire(
        "R1", refund_amount=None, reason=None, tracking_number=None, item=None, return_seller_due_date=0, status="NEW"
    )
    goods = wire("R2", item=[{"item_id": 7, "amount": 1, "item_sku": "I", "variation_sku": ""}])
    nameless = wire("R3", item=[{"item_id": 7, "amount": 1, "item_sku": None, "variation_sku": None}])
    async with offline({LIST: good({"return": [bare, goods, nameless]})}) as shop:
        (found, other, last), _ = await pull(shop, window())
        assert last.lines == (ReturnLine(line_id="7-0", sku="", quantity=Decimal(1)),)
        assert (found.refund, found.reason, found.tracking_number, found.lines) == (None, "", "", ())
        assert (found.status, found.vendor_status) == (ReturnStatus.UNKNOWN, "NEW")
        assert found.due_at == datetime.fromtimestamp(NOW + 100, UTC)
        assert other.lines == (ReturnLine(line_id="7-0", sku="I", quantity=Decimal(1)),)


async def test_a_return_that_cannot_be_read_is_parked_alone():
    rows = [wire("R1", item=5), wire("R2", refund_amount=1.555), wire(7), wire("R3")]
    async with offline({LIST: good({"return": rows})}) as shop:
        (one, two, three, four), _ = await pull(shop, window())
        assert isinstance(one, Unreadable)
        assert (one.id, one.error.path) == ("R1", "item")
        assert (two.id, two.error.path) == ("R2", "refund_amount")
        assert three.error.path == "return_sn"
        assert four.id == "R3"


async def test_no_returns_cost_one_call():
    async with offline({LIST: good({"return": None, "more": False})}) as shop:
        assert await pull(shop, window()) == ([], None)
        assert shop.far.paths() == [LIST]


@pytest.mark.parametrize("first_page", [0, 1])
async def test_a_crowded_second_is_read_page_by_page(first_page):
    rows = [wire(f"R{number:03}", update_time=NOW - 1000) for number in range(150)]

    def listing(request: httpx.Request) -> dict[str, Any]:
        query = request.url.params
        held = int(query["update_time_from"]) <= NOW - 1000 <= int(query["update_time_to"])
        at = (int(query["page_no"]) - first_page) * 100
        found = rows[at : at + 100] if held else []
        return good({"return": found, "more": held and at + 100 < len(rows)})

    async with offline({LIST: listing}, returns_first_page=first_page) as shop:
        items, _ = await pull(shop, window())
        assert len(items) == 150


async def test_returns_of_the_sandbox_are_read_over_http():
    async with online() as shop:
        number = (await shop.act("/orders"))["order_sn"]
        await shop.act(f"/orders/{number}/arrange")
        await shop.act("/clock", {"advance_seconds": 600})
        await shop.act(f"/orders/{number}/pickup")
        await shop.act(f"/orders/{number}/deliver")
        await shop.act(f"/orders/{number}/return")
        start = shop.world.clock.now() - timedelta(hours=1)
        found = [one async for page in shop.connection.pull_returns(Window(start), route()) for one in page.items]
        assert [one.order_id for one in found] == [number]
