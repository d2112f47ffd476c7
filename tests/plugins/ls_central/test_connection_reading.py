"""Documents read and pulled, from the simulated system over real HTTP, and from installations made up here."""

import json
import re
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from crossdock.clock import FakeClock
from crossdock.contract import PushTracking, Window
from crossdock.errors import CannotTranslate
from crossdock.model import OrderStatus
from tests.plugins.ls_central.central import central, mocked, order, route
from tests.plugins.ls_central.test_client import table_answer

LONG_AGO = Window(start=datetime.now(UTC).replace(microsecond=0) - timedelta(days=3))
ROUTE = route()


async def pages(connection, window=LONG_AGO):
    return [page async for page in connection.pull_orders(window, ROUTE)]


async def test_many_documents_are_read_with_a_few_questions():
    async with central() as system:
        ids = [(await system.connection.push_order(order(f"ORDER{n}"), ROUTE)).id for n in range(25)]
        before = system.calls
        found = await system.connection.read_orders([*ids, "CO999999", ids[0]], ROUTE)
        assert sorted(one.id for one in found) == sorted(ids)
        assert system.calls - before <= 9
        assert {one.can_cancel for one in found} == {None}


async def test_a_document_goes_from_open_through_partly_shipped_to_posted():
    async with central() as system:
        await system.connection.push_order(order(), ROUTE)
        (found,) = await system.connection.read_orders(["CO000001"], ROUTE)
        assert (found.status, found.can_cancel) == (OrderStatus.OPEN, None)

        await system.act("/orders/CO000001/post", {"lines": [{"line_no": 10000, "quantity": "1"}]})
        (found,) = await system.connection.read_orders(["CO000001"], ROUTE)
        assert found.status is OrderStatus.PARTLY_SHIPPED
        assert [(one.line_id, one.quantity) for one in found.shipments[0].lines] == [("11", 1)]

        await system.act("/orders/CO000001/post", {})
        (found,) = await system.connection.read_orders(["CO000001"], ROUTE)
        assert (found.status, found.can_cancel, len(found.shipments)) == (OrderStatus.SHIPPED, False, 2)


async def test_an_order_cancelled_there_is_read_as_cancelled():
    async with central() as system:
        await system.connection.push_order(order(), ROUTE)
        await system.act("/orders/CO000001/cancel", {})
        found = await system.connection.find_order("2611210ABCDEFG", ROUTE)
        assert (found.status, found.shipments) == (OrderStatus.CANCELLED, ())


async def test_an_order_that_nobody_made_is_not_found():
    async with central() as system:
        assert await system.connection.find_order("NOBODY", ROUTE) is None


async def test_shipments_of_other_sales_orders_are_none_of_ours():
    def answer(request):
        return table_answer([{"LSC Customer Order ID": ""}] if b"Sales Shipment Header" in request.content else [])

    (page,) = await pages(mocked(answer))
    assert page.items == ()


async def test_a_document_without_anything_posted_has_no_shipments_in_its_own_words_either():
    def answer(request):
        if "ODataV4" in request.url.path:
            return httpx.Response(200, json={"value": json.dumps({"ResponseCode": "1000", "ErrorText": "nothing"})})
        if b"LSC Customer Order Header" in request.content:
            return table_answer([{"Document ID": "CO1"}])
        return table_answer([LINE | {"Amount": "1"}] if b"Customer Order Line" in request.content else [])

    (found,) = await mocked(answer, shipments_from="documents").read_orders(["CO1"], ROUTE)
    assert found.shipments == ()


@pytest.mark.parametrize("changes", ["modified_at", "list"])
async def test_documents_that_changed_are_pulled_with_a_cursor_of_their_clock(changes):
    async with central(changes=changes, overlap_seconds=0) as system:
        (nothing,) = await pages(system.connection)
        assert (nothing.items, nothing.cursor) == ((), f"{LONG_AGO.start:%Y-%m-%dT%H:%M:%SZ}")
        await system.connection.push_order(order("FIRST"), ROUTE)
        (first,) = await pages(system.connection)
        assert [one.reference for one in first.items] == ["FIRST"]
        await system.act("/clock", {"advance_seconds": 60})
        await system.connection.push_order(order("SECOND"), ROUTE)
        await system.act("/orders/CO000001/post", {})
        (second,) = await pages(system.connection, Window(start=LONG_AGO.start, cursor=first.cursor))
        assert sorted(one.reference for one in second.items) == ["FIRST", "SECOND"]


async def test_pages_are_of_the_size_that_was_set_and_each_has_a_cursor():
    async with central(page_size=2) as system:
        for number in range(5):
            await system.connection.push_order(order(f"ORDER{number}"), ROUTE)
            await system.act("/clock", {"advance_seconds": 10})
        found = await pages(system.connection)
        assert [len(page.items) for page in found] == [2, 2, 1]
        cursors = [page.cursor for page in found]
        assert cursors == sorted(set(cursors))


@pytest.mark.parametrize("changes", ["modified_at", "list"])
async def test_readings_that_give_way_after_each_page_end_and_bring_each_document_once(changes):
    async with central(changes=changes, page_size=2) as system:
        for number in range(7):
            await system.connection.push_order(order(f"ORDER{number}"), ROUTE)
            await system.act("/clock", {"advance_seconds": number % 2})
        cursor, brought, ends = None, [], False
        while not ends:
            async with aclosing(system.connection.pull_orders(Window(LONG_AGO.start, None, cursor), ROUTE)) as found:
                page = await anext(found)
            brought += [one.reference for one in page.items]
            cursor, ends = page.cursor, "/" not in page.cursor
            if len(brought) == 4:
                await system.connection.push_order(order("LATER"), ROUTE)
            await system.act("/clock", {"advance_seconds": 10})
        known = {f"ORDER{number}" for number in range(7)}
        assert set(brought) in (known, known | {"LATER"})
        assert len(brought) == len(set(brought))
        rest = await pages(system.connection, Window(LONG_AGO.start, None, cursor))
        assert "LATER" in {one.reference for page in rest for one in page.items}


async def test_a_long_time_is_read_in_slices_and_nothing_between_them_is_missed():
    asked = []

    def answer(request):
        if b"SystemModifiedAt</Field_Name><Filter>" in request.content.replace(b"&lt;", b"<").replace(b"&gt;", b">"):
            asked.append(re.search(rb"Filter&gt;(2\S*?)&lt;", request.content)[1].decode())
        return table_answer([])

    clock = FakeClock()  # the start of 2026
    window = Window(start=datetime(2025, 12, 10, 0, 5, tzinfo=UTC))
    (page,) = await pages(mocked(answer, clock), window)
    assert page.items == ()
    borders = [part.split("..") for part in dict.fromkeys(asked)]
    assert borders[0][0] == "2025-12-10T00:00:00Z"
    assert [later[0] for later in borders[1:]] == [earlier[1] for earlier in borders[:-1]]
    assert borders[-1] == ["2025-12-31T00:00:00Z", ""]


async def test_a_document_posted_between_two_questions_is_read_as_posted():
    questions = []

    def answer(request):
        table = next(name for name in TABLES if name in request.content)
        questions.append(table)
        moved = b"LSC Customer Order Line" in questions
        if table == b"LSC Customer Order Header":
            return table_answer([] if moved else [{"Document ID": "CO1"}])
        if table == b"LSC Posted CO Header":
            return table_answer([{"Document ID": "CO1"}])
        return table_answer([LINE | {"Amount": "1"}] if table == b"LSC Posted Customer Order Line" else [])

    (found,) = await mocked(answer).read_orders(["CO1"], ROUTE)
    assert (found.status, len(found.lines)) == (OrderStatus.SHIPPED, 1)


async def test_shipments_may_be_read_document_by_document():
    async with central(shipments_from="documents") as system:
        await system.connection.push_order(order("FIRST"), ROUTE)
        await system.connection.push_order(order("SECOND"), ROUTE)
        await system.act("/orders/CO000001/post", {"tracking_no": "TRK1"})
        found = {one.id: one async for page in system.connection.pull_orders(LONG_AGO, ROUTE) for one in page.items}
        assert [found[name].status for name in ("CO000001", "CO000002")] == [OrderStatus.SHIPPED, OrderStatus.OPEN]
        (shipment,) = found["CO000001"].shipments
        assert shipment.tracking_number == "TRK1"
        assert [(one.line_id, one.quantity) for one in shipment.lines] == [("11", 2), ("12", 1)]
        tracking = PushTracking(found["CO000001"], shipment.id, shipment.model_copy(update={"tracking_number": "TRK2"}))
        await system.connection.push_tracking(tracking, ROUTE)
        (shown,) = await system.connection.read_orders(["CO000001"], ROUTE)
        assert shown.shipments[0].tracking_number == "TRK2"


async def test_a_backfill_stops_at_its_end():
    async with central() as system:
        await system.connection.push_order(order(), ROUTE)
        window = Window(start=LONG_AGO.start, end=LONG_AGO.start + timedelta(days=1))
        assert [page.items for page in await pages(system.connection, window)] == [()]


LINE = {"Document ID": "CO1", "Line No.": "10000", "Number": "1", "Quantity": "1", "Price": "1", "Amount": "2"}


TABLES = (
    b"LSC Customer Order Header",
    b"LSC Posted CO Header",
    b"LSC Customer Order Line",
    b"LSC Posted Customer Order Line",
    b"Sales Shipment Header",
)


def unreadable_document(request):
    """An installation whose only document has a line that costs more than its price."""
    if b"Customer Order Line" in request.content:
        return table_answer([LINE])
    return table_answer([{"Document ID": "CO1"}] if b"LSC Customer Order Header" in request.content else [])


async def test_a_document_that_cannot_be_read_is_told_and_kept_in_its_page():
    connection = mocked(unreadable_document)
    (found,) = await connection.read_orders(["CO1"], ROUTE)
    assert (found.id, found.error.path) == ("CO1", "line 10000, Amount")
    with pytest.raises(CannotTranslate):
        await connection.find_order("X", ROUTE)


async def test_a_document_that_vanishes_between_two_questions_is_none():
    answers = iter([table_answer([{"Document ID": "CO1"}])])
    assert await mocked(lambda _: next(answers, table_answer([]))).find_order("X", ROUTE) is None


async def test_documents_without_external_id_are_left_out_of_a_pull():
    def answer(request):
        return table_answer([{"Document ID": "CO1"}] if b"LSC Customer Order Header" in request.content else [])

    (page,) = await pages(mocked(answer))
    assert page.items == []
