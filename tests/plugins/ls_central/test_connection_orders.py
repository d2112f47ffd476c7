"""The orders verbs against the simulated system, over real HTTP."""

import json
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from crossdock.clock import FakeClock, SystemClock
from crossdock.contract import PushTracking, Window, scope, verbs_of
from crossdock.errors import CannotTranslate, Refused, SignInAgain, TryLater, Unclear
from crossdock.http import transport
from crossdock.model import Charge, OrderStatus, Payer
from crossdock_ls_central import plugin
from tests.plugins.ls_central.central import basic, central, line, mocked, off, order, route, sgd, toolbox
from tests.plugins.ls_central.test_client import result, wsdl
from tests.plugins.ls_central.test_replica import block

LONG_AGO = Window(start=datetime.now(UTC).replace(microsecond=0) - timedelta(days=3))
ROUTE = route()


async def pages(connection, window=LONG_AGO):
    return [page async for page in connection.pull_orders(window, ROUTE)]


async def test_the_connection_keeps_the_contract():
    async with central() as system:
        assert scope({"central": system.connection})
        assert verbs_of(plugin.connection) >= {"probe", "pull_orders", "read_orders", "find_order", "push_order"}


async def test_connecting_sends_nothing():
    opened = []
    async with plugin.connect(basic(), toolbox(transport, SystemClock(), opened)) as connection:
        assert isinstance(connection, plugin.connection)
    assert [client.stats.calls for client in opened] == [0]
    await opened[0].aclose()


async def test_a_probe_tells_company_store_currency_and_the_version_of_create():
    async with central() as system:
        found = await system.connection.probe()
        assert found.facts["currency"] == "SGD"
        assert found.facts["create"] == "V6 V5"
        assert "CRONUS - LS Central, store S0013" in found.summary
        assert found.warnings == []


@pytest.mark.parametrize(
    ("settings", "error", "hint"),
    [
        ({"company": "Nobody"}, Refused, "company"),
        ({"store": "S9999"}, Refused, "`store`"),
        ({"client_secret": "a-wrong-secret"}, SignInAgain, "client_secret"),
    ],
)
async def test_a_probe_says_which_setting_is_wrong(settings, error, hint):
    async with central(**settings) as system:
        with pytest.raises(error) as caught:
            await system.connection.probe()
        assert hint in caught.value.hint


async def test_a_probe_works_on_premises_with_a_web_service_key():
    async with central() as online:
        credentials = online.credentials
    settings = {"auth": "basic", "username": credentials["username"], "key": credentials["password"]}
    async with central(on_premises=True, **settings) as system:
        assert (await system.connection.probe()).facts["store"] == "S0013"


async def test_an_order_becomes_a_customer_order_that_is_found_by_its_external_id():
    async with central() as system:
        receipt = await system.connection.push_order(order(), ROUTE)
        assert receipt.id == "CO000001"
        assert not receipt.already
        found = await system.connection.find_order("2611210ABCDEFG", ROUTE)
        assert (found.id, found.reference, found.status) == ("CO000001", "2611210ABCDEFG", OrderStatus.OPEN)
        assert [(one.id, one.sku, one.quantity) for one in found.lines] == [("11", "40020-000", 2), ("12", "30030", 1)]
        assert found.shipping_fee == sgd("3.80")
        assert found.total == sgd("189.30")


async def test_an_order_that_is_sent_again_is_there_already():
    async with central() as system:
        await system.connection.push_order(order(), ROUTE)
        again = await system.connection.push_order(order(), ROUTE)
        assert (again.id, again.already) == ("CO000001", True)


async def test_an_order_that_was_posted_meanwhile_is_there_already_too():
    async with central() as system:
        await system.connection.push_order(order(), ROUTE)
        await system.act("/orders/CO000001/post", {})
        again = await system.connection.push_order(order(), ROUTE)
        assert (again.id, again.already) == ("CO000001", True)


async def test_v5_makes_the_same_document():
    async with central(create_version="V5") as system:
        assert (await system.connection.push_order(order(), ROUTE)).id == "CO000001"
        assert (await system.connection.find_order("2611210ABCDEFG", ROUTE)).total == sgd("189.30")


async def test_discounts_of_every_kind_are_booked_to_the_last_cent():
    lines = (line("1", quantity="3", price="9.99", discounts=(off("1.00"), off("0.97", Payer.MARKETPLACE))),)
    charges = (Charge(kind="shipping", amount=sgd("2.49")), Charge(kind="service", amount=sgd("0.33")))
    sent = order(lines=lines, charges=charges, discounts=(off("3.33", Payer.BUYER, "coins"),))
    async with central() as system:
        await system.connection.push_order(sent, ROUTE)
        booked = await system.act("/orders/CO000001", method="GET")
        assert sgd(booked["totals"]["amount"]) == sent.total
        assert sgd(booked["totals"]["payments"]) == sent.total


@pytest.mark.parametrize(
    ("change", "options", "code"),
    [
        ({"lines": (line(sku="99999"),)}, {}, "1603"),
        ({"lines": (line(sku="40020-XXL"),)}, {}, "1607"),
        ({"lines": (line(unit="MILE"),)}, {}, "1605"),
        ({}, {"default_tender": "99"}, "1613"),
        ({"total": sgd("1.00")}, {}, "totals"),
    ],
)
async def test_what_cannot_be_booked_is_refused_and_nothing_is_made(change, options, code):
    async with central() as system:
        with pytest.raises(Refused) as caught:
            await system.connection.push_order(order(**change), route(**options))
        assert caught.value.code == code
        assert (await system.act("/orders", method="GET"))["orders"] == []


async def test_a_blocked_item_is_refused():
    async with central() as system:
        await system.act("/items/30030/block", {"blocked": True})
        with pytest.raises(Refused) as caught:
            await system.connection.push_order(order(), ROUTE)
        assert caught.value.code == "1606"


@pytest.mark.parametrize("kind", ["lost_answer", "truncated"])
async def test_an_answer_that_is_lost_is_unclear_and_the_document_is_found(kind):
    async with central() as system:
        await system.connection.probe()
        await system.connection.push_order(order("FIRST"), ROUTE)
        await system.act("/faults", {"rules": [{"kind": kind, "path": "OmniWrapper", "times": 1}]}, "PUT")
        with pytest.raises(Unclear):
            await system.connection.push_order(order(), ROUTE)
        assert (await system.connection.find_order("2611210ABCDEFG", ROUTE)).id == "CO000002"


async def test_a_system_that_is_down_or_busy_makes_nothing():
    async with central() as system:
        await system.connection.push_order(order("FIRST"), ROUTE)
        for kind in ("unavailable", "rate_limited"):
            await system.act("/faults", {"rules": [{"kind": kind, "path": "OmniWrapper", "times": 1}]}, "PUT")
            with pytest.raises(TryLater):
                await system.connection.push_order(order(), ROUTE)
        assert await system.connection.find_order("2611210ABCDEFG", ROUTE) is None


async def test_an_expired_token_is_renewed_without_anybody_noticing():
    async with central() as system:
        await system.connection.push_order(order("FIRST"), ROUTE)
        await system.act("/clock", {"advance_seconds": 7200})
        assert (await system.connection.push_order(order(), ROUTE)).id == "CO000002"


async def test_many_documents_are_read_with_a_few_questions():
    async with central(cancel_check_up_to=0) as system:
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
        assert (found.status, found.can_cancel) == (OrderStatus.OPEN, True)

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


async def test_a_long_time_is_read_in_slices_and_nothing_between_them_is_missed():
    asked = []

    def answer(request):
        if b"SystemModifiedAt</Field_Name><Filter>" in request.content.replace(b"&lt;", b"<").replace(b"&gt;", b">"):
            asked.append(re.search(rb"Filter&gt;(2\S*?)&lt;", request.content)[1].decode())
        return named([])

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
            return named([] if moved else [{"Document_ID": "CO1"}])
        if table == b"LSC Posted CO Header":
            return named([{"Document_ID": "CO1"}])
        return named([LINE | {"Amount": "1"}] if table == b"LSC Posted Customer Order Line" else [])

    (found,) = await mocked(answer).read_orders(["CO1"], ROUTE)
    assert (found.status, len(found.lines)) == (OrderStatus.SHIPPED, 1)


async def test_a_document_that_is_finished_while_it_is_asked_about_says_nothing_of_cancelling():
    def answer(request):
        if b"CustomerOrderStatusV2" in request.content:
            return result("2202")
        if b"LSC Customer Order Header" in request.content:
            return named([{"Document_ID": "CO1"}])
        return named([LINE | {"Amount": "1"}] if b"Customer Order Line" in request.content else [])

    (found,) = await mocked(answer, cancel_check_up_to=5).read_orders(["CO1"], ROUTE)
    assert found.can_cancel is None


async def test_a_question_about_cancelling_that_is_refused_otherwise_is_told():
    def answer(request):
        if b"CustomerOrderStatusV2" in request.content:
            return result("0099")
        return named([{"Document_ID": "CO1"}] if b"LSC Customer Order Header" in request.content else [])

    with pytest.raises(Refused, match="0099"):
        await mocked(answer, cancel_check_up_to=5).read_orders(["CO1"], ROUTE)


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


LINE = {"Document_ID": "CO1", "Line_No": "10000", "Number": "1", "Quantity": "1", "Price": "1", "Amount": "2"}
NAMES = {"Document_ID": "Document ID", "Line_No": "Line No."}


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
        return named([LINE])
    return named([{"Document_ID": "CO1"}] if b"LSC Customer Order Header" in request.content else [])


def named(rows):
    """Rows whose nodes are told to stand for fields with other names."""
    fields = "".join(
        f"<WS_Table_Field_Buffer><Field_Name>{name}</Field_Name><Node_Name>{node}</Node_Name></WS_Table_Field_Buffer>"
        for node, name in NAMES.items()
    )
    data = "".join(
        "<Table_Data>" + "".join(f"<{k}>{v}</{k}>" for k, v in row.items()) + "</Table_Data>" for row in rows
    )
    inner = f"<Response><Response_Code>0000</Response_Code><Response_Body>{fields}{data}</Response_Body></Response>"
    return result(pxmlResponse=inner)


async def test_a_document_that_cannot_be_read_is_told_and_kept_in_its_page():
    connection = mocked(unreadable_document)
    (found,) = await connection.read_orders(["CO1"], ROUTE)
    assert (found.id, found.error.path) == ("CO1", "line 10000, Amount")
    with pytest.raises(CannotTranslate):
        await connection.find_order("X", ROUTE)


async def test_a_document_that_vanishes_between_two_questions_is_none():
    answers = iter([named([{"Document_ID": "CO1"}])])
    assert await mocked(lambda _: next(answers, named([]))).find_order("X", ROUTE) is None


async def test_documents_without_external_id_are_left_out_of_a_pull():
    def answer(request):
        return named([{"Document_ID": "CO1"}] if b"LSC Customer Order Header" in request.content else [])

    (page,) = await pages(mocked(answer))
    assert page.items == []


@pytest.mark.parametrize(("offered", "warned"), [("V5", "created with V5"), ("", "cannot be created")])
async def test_a_probe_warns_when_create_is_not_what_it_should_be(offered, warned):
    def answer(request):
        path = request.url.path
        if path.endswith("GetStoreBuffer"):
            table = {"TableDataUpd": block([("S0013",)], ("No.",))}
            return httpx.Response(200, json={"value": json.dumps({"EndOfTable": True, "TableData": table})})
        return wsdl(*filter(None, [offered])) if request.method == "GET" else result()

    (warning,) = (await mocked(answer).probe()).warnings
    assert warned in warning
