"""Cancelling, posting and tracking against the simulated system, over real HTTP."""

from decimal import Decimal

import httpx
import pytest

from crossdock.contract import CancelOrder, CancelReason, PushTracking
from crossdock.errors import Refused, TryLater, Unclear
from crossdock.model import OrderStatus, Shipment, ShipmentStatus
from tests.plugins.ls_central.central import central, mocked, order, route
from tests.plugins.ls_central.test_client import Network, result, table_answer

ROUTE = route(shipping_agents={"Ninja Van": "NINJA"}, shipping_services={"Ninja Van": "STD"})


async def made(system, number="2611210ABCDEFG"):
    """A document of two lines, read back."""
    receipt = await system.connection.push_order(order(number), ROUTE)
    (document,) = await system.connection.read_orders([receipt.id], ROUTE)
    return document


async def again(system, document):
    (found,) = await system.connection.read_orders([document.id], ROUTE)
    return found


def cancel(document, **quantities):
    wanted = {line: Decimal(quantity) for line, quantity in quantities.items()}
    return CancelOrder(document, CancelReason.BUYER_ASKED, {key.removeprefix("l"): wanted[key] for key in wanted})


def parcel(tracking="SPXSG0001", carrier="Ninja Van"):
    return Shipment(
        id="PKG1", status=ShipmentStatus.ARRANGED, vendor_status="X", carrier=carrier, tracking_number=tracking
    )


async def test_a_cancelled_document_stands_among_the_posted_ones_as_cancelled():
    async with central() as system:
        document = await made(system)
        receipt = await system.connection.cancel_order(cancel(document), ROUTE)
        assert (receipt.id, receipt.already) == (document.id, False)
        assert (await again(system, document)).status is OrderStatus.CANCELLED


async def test_cancelling_again_is_done_already():
    async with central() as system:
        document = await made(system)
        await system.connection.cancel_order(cancel(document), ROUTE)
        assert (await system.connection.cancel_order(cancel(document), ROUTE)).already


async def test_some_of_a_line_is_cancelled_by_the_channels_own_line_id():
    async with central() as system:
        document = await made(system)
        await system.connection.cancel_order(cancel(document, l11="1"), ROUTE)
        booked = await system.act(f"/orders/{document.id}", method="GET")
        assert [line["cancelled"] for line in booked["lines"]] == ["1", "0", "0"]
        assert (await again(system, document)).status is OrderStatus.OPEN


async def test_a_line_that_the_document_does_not_have_is_refused():
    async with central() as system:
        with pytest.raises(Refused, match="has no line 77"):
            await system.connection.cancel_order(cancel(await made(system), l77="1"), ROUTE)


async def test_a_posted_document_is_not_cancelled():
    async with central() as system:
        document = await made(system)
        await system.act(f"/orders/{document.id}/post", {})
        with pytest.raises(Refused, match="is posted and can no longer be cancelled"):
            await system.connection.cancel_order(cancel(document), ROUTE)
        assert (await again(system, document)).status is OrderStatus.SHIPPED


async def test_a_document_whose_status_forbids_it_is_not_cancelled():
    async with central() as system:
        document = await made(system)
        await system.act(f"/orders/{document.id}/pick", {})
        with pytest.raises(Refused) as caught:
            await system.connection.cancel_order(cancel(document), ROUTE)
        assert caught.value.code == "not-cancellable"
        assert (await again(system, document)).status is OrderStatus.OPEN


async def test_a_document_that_never_was_is_refused():
    async with central() as system:
        document = (await made(system)).model_copy(update={"id": "CO999999"})
        with pytest.raises(Refused) as caught:
            await system.connection.cancel_order(cancel(document), ROUTE)
        assert caught.value.code == "2202"


async def test_a_lost_answer_to_a_cancellation_is_unclear_and_the_next_look_shows_it():
    async with central() as system:
        document = await made(system)
        rule = {"kind": "lost_answer", "path": "OmniWrapper", "times": 1, "skip": 1}
        await system.act("/faults", {"rules": [rule]}, "PUT")
        with pytest.raises(Unclear):
            await system.connection.cancel_order(cancel(document), ROUTE)
        assert (await again(system, document)).status is OrderStatus.CANCELLED


async def test_posting_ships_and_invoices_the_sales_order():
    async with central() as system:
        document = await made(system)
        receipt = await system.connection.post_order(document, ROUTE)
        assert receipt.note == "posted by sales order 101001"
        shown = await again(system, document)
        assert (shown.status, len(shown.shipments)) == (OrderStatus.SHIPPED, 1)
        assert (await system.connection.post_order(shown, ROUTE)).already


async def test_a_cancelled_document_is_not_posted():
    async with central() as system:
        document = await made(system)
        await system.connection.cancel_order(cancel(document), ROUTE)
        with pytest.raises(Refused, match="cancelled"):
            await system.connection.post_order(await again(system, document), ROUTE)


async def test_a_document_without_sales_order_is_posted_later():
    async with central() as system:
        document = (await made(system)).model_copy(update={"id": "CO999999", "reference": "NOBODY'S"})
        with pytest.raises(TryLater, match="no sales order yet"):
            await system.connection.post_order(document, ROUTE)


async def test_a_lost_answer_to_a_posting_is_unclear_and_the_next_look_shows_it():
    async with central() as system:
        document = await made(system)
        await system.act("/faults", {"rules": [{"kind": "lost_answer", "path": "shipAndInvoice", "times": 1}]}, "PUT")
        with pytest.raises(Unclear):
            await system.connection.post_order(document, ROUTE)
        assert (await again(system, document)).status is OrderStatus.SHIPPED


async def test_a_route_may_post_with_an_action_of_its_own():
    network = Network(httpx.Response(204))
    connection = mocked(network, custom_posting="Crossdock_PostOrder")
    receipt = await connection.post_order(order("CO000001"), route(posting="custom"))
    assert receipt.note == "posted by Crossdock_PostOrder"
    assert network.sent[0].url.path.endswith("/ODataV4/Crossdock_PostOrder")
    with pytest.raises(Refused, match="names none"):
        await mocked(network).post_order(order("CO000001"), route(posting="custom"))


async def test_a_tracking_number_is_written_to_the_posted_shipment_with_agent_and_service():
    async with central() as system:
        document = await made(system)
        await system.connection.post_order(document, ROUTE)
        posted = await again(system, document)
        tracking = PushTracking(posted, posted.shipments[0].id, parcel())
        assert not (await system.connection.push_tracking(tracking, ROUTE)).already
        shown = (await again(system, document)).shipments[0]
        assert (shown.tracking_number, shown.carrier, shown.service) == ("SPXSG0001", "NINJA", "STD")
        assert (await system.connection.push_tracking(tracking, ROUTE)).already


async def test_a_carrier_that_is_not_mapped_leaves_the_agent_as_it_is():
    async with central() as system:
        document = await made(system)
        await system.connection.post_order(document, ROUTE)
        shipment = (await again(system, document)).shipments[0].id
        await system.connection.push_tracking(PushTracking(document, shipment, parcel()), ROUTE)
        await system.connection.push_tracking(PushTracking(document, shipment, parcel("OTHER2", "J&T")), ROUTE)
        shown = (await again(system, document)).shipments[0]
        assert (shown.tracking_number, shown.carrier) == ("OTHER2", "NINJA")


async def test_the_only_shipment_of_a_document_need_not_be_named():
    async with central() as system:
        document = await made(system)
        with pytest.raises(Refused, match="has 0 shipments"):
            await system.connection.push_tracking(PushTracking(document, "", parcel()), ROUTE)
        await system.connection.post_order(document, ROUTE)
        await system.connection.push_tracking(PushTracking(document, "", parcel()), ROUTE)
        assert (await again(system, document)).shipments[0].tracking_number == "SPXSG0001"


async def test_a_number_that_was_taken_and_does_not_show_is_told():
    row = {"No.": "102042", "LSC Customer Order ID": "CO1"}
    network = Network(table_answer([row]), result(), table_answer([row]))
    with pytest.raises(Refused, match="does not show it") as caught:
        await mocked(network).push_tracking(PushTracking(order("CO1"), "102042", parcel()), ROUTE)
    assert "tracking_key" in caught.value.hint
    assert b"<documentId>102042</documentId>" in network.sent[1].content


async def test_the_update_may_be_told_the_documents_number_instead():
    network = Network(table_answer([{"No.": "102042"}]), result(), table_answer([{"No.": "102042"}]))
    with pytest.raises(Refused):
        await mocked(network, tracking_key="order").push_tracking(PushTracking(order("CO1"), "102042", parcel()), ROUTE)
    assert b"<documentId>CO1</documentId>" in network.sent[1].content


@pytest.mark.parametrize(
    ("companies", "orders", "error", "said"),
    [
        ([], [], Refused, "There is no company"),
        ([{"id": "1", "name": "CRONUS - LS Central"}], [{"id": "1"}, {"id": "2"}], Refused, "2 sales orders"),
    ],
)
async def test_a_posting_that_does_not_know_what_to_post_is_refused(companies, orders, error, said):
    def answer(request):
        return httpx.Response(200, json={"value": companies if request.url.path.endswith("companies") else orders})

    with pytest.raises(error, match=said):
        await mocked(answer).post_order(order("CO1", reference="A'1"), ROUTE)


async def test_the_company_is_looked_up_once():
    network = Network(
        httpx.Response(200, json={"value": [{"id": "1", "name": "CRONUS - LS Central"}]}),
        httpx.Response(200, json={"value": [{"id": "2", "number": "101001"}]}),
        httpx.Response(204),
        httpx.Response(200, json={"value": [{"id": "3", "number": "101002"}]}),
        httpx.Response(204),
    )
    connection = mocked(network)
    await connection.post_order(order("CO1"), ROUTE)
    await connection.post_order(order("CO2"), ROUTE)
    assert [sent.method for sent in network.sent] == ["GET", "GET", "POST", "GET", "POST"]
    assert network.sent[-1].url.path.endswith("/companies(1)/salesOrders(3)/Microsoft.NAV.shipAndInvoice")
