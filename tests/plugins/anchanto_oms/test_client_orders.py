"""Orders over real HTTP: the OMS as a backend behind a marketplace, and as a channel in front of an ERP."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime, timedelta
from hashlib import sha256

import httpx
import pytest

from crossdock.contract import (
    ArrangeShipment,
    CancelOrder,
    CancelReason,
    PushTracking,
    Trouble,
    TroubleKind,
    Unreadable,
    Window,
)
from crossdock.errors import Refused, SignInAgain, TryLater, Unclear
from crossdock.model import Label, Order, OrderStatus, Shipment, ShipmentStatus
from crossdock.sandbox import Fault, FaultKind
from tests.plugins.anchanto_oms.client_kit import (
    LONG_AGO,
    Oms,
    backend,
    channel,
    line,
    offline,
    online,
    parcel,
    shopee,
)

St = OrderStatus
STORE = "/api/v1/stores/KR-STORE-1"
LABEL = f"GET {STORE}/orders/241121AAA/shipment/label"
PDF = b"%PDF-1.4\\n1 0 obj<<>>endobj\\ntrailer<<>>\\n%%EOF"


def processed(number: str = "TRK1") -> Order:
    return shopee(St.ARRANGED, "PROCESSED", shipments=(parcel(ShipmentStatus.ARRANGED, number),))


async def pulled(oms: Oms, window: Window = LONG_AGO) -> tuple[list[Order], str]:
    found: list[Order] = []
    cursor = ""
    async for page in oms.connection.pull_orders(window, backend()):
        found += [item for item in page.items if isinstance(item, Order)]
        cursor = page.cursor or cursor
    return found, cursor


async def test_an_order_is_created_once_and_found_by_its_reference() -> None:
    async with online() as oms:
        made = await oms.connection.push_order(shopee(), backend())
        again = await oms.connection.push_order(shopee(), backend())
        assert (again.id, again.already, made.already) == (made.id, True, False)
        found = await oms.connection.find_order("241121AAA", backend())
        assert found is not None
        assert (found.id, found.total, found.status) == (made.id, shopee().total, St.OPEN)
        assert await oms.connection.find_order("NONE", backend()) is None


async def test_a_lost_answer_is_unclear_and_the_order_is_found() -> None:
    async with online(Fault(kind=FaultKind.LOST_ANSWER, path="/orders$", times=1)) as oms:
        with pytest.raises(Unclear):
            await oms.connection.push_order(shopee(), backend())
        found = await oms.connection.find_order("241121AAA", backend())
        assert found is not None
        assert [write["kind"] for write in await oms.writes()] == ["create_order"]


async def test_a_move_whose_answer_was_lost_is_asked_for_again_and_made_once() -> None:
    fault = Fault(kind=FaultKind.LOST_ANSWER, path="/moves$", times=1)
    async with online(fault) as oms:
        await oms.taken()
        document = await oms.follow(processed())
        assert document.status is St.ARRANGED
        moves = [write for write in await oms.writes() if write["kind"] == "move_order"]
        assert len(moves) == 1


async def test_f07_another_currency_never_reaches_the_oms() -> None:
    async with offline({}, currency="SGD") as oms:
        with pytest.raises(Refused, match="sells in SGD"):
            await oms.connection.push_order(shopee(), backend())
        assert oms.far.asked == []


async def test_an_unknown_sku_is_taken_with_a_problem_and_goes_on_once_the_product_is_there() -> None:
    async with online() as oms:
        receipt = await oms.connection.push_order(shopee(lines=(line(sku="NEW-SKU"),)), backend())
        assert receipt.note == "NEW: UNKNOWN_SKU in line 1"
        with pytest.raises(Refused) as caught:
            await oms.follow(processed())
        assert caught.value.code == "order_has_problems"


async def test_f13_an_order_that_has_left_comes_in_as_history_and_moves_no_stock() -> None:
    async with online() as oms:
        before = await oms.act("GET", "/stock")
        document = await oms.taken(shopee(St.COMPLETED, "COMPLETED"))
        assert document.status is St.COMPLETED
        assert await oms.act("GET", "/stock") == before


@pytest.mark.parametrize(
    ("status", "word", "state"),
    [
        (St.UNPAID, "UNPAID", "NEW"),
        (St.HELD, "INVOICE_PENDING", "NEW"),
        (St.OPEN, "READY_TO_SHIP", "NEW"),
        (St.ARRANGED, "PROCESSED", "READY_TO_SHIP"),
        (St.SHIPPED, "SHIPPED", "IN_TRANSIT"),
        (St.DELIVERED, "TO_CONFIRM_RECEIVE", "IN_TRANSIT"),
        (St.COMPLETED, "COMPLETED", "COMPLETE"),
        (St.RETURNING, "TO_RETURN", "NEW"),  # only its return moves
        (St.CANCELLING, "IN_CANCEL", "CANCEL_IN_PROCESS"),
        (St.CANCELLED, "CANCELLED", "CANCEL"),
    ],
)
async def test_f26_each_status_of_the_channel_is_followed_from_the_beginning(
    status: OrderStatus, word: str, state: str
) -> None:
    async with online() as oms:
        await oms.taken()
        document = await oms.follow(shopee(status, word))
        assert await oms.state(document.id) == state
        wrote = len(await oms.writes())
        again = await oms.connection.update_order(shopee(status, word), document, backend())
        assert again.already
        assert len(await oms.writes()) == wrote


async def test_f37_a_withdrawn_cancellation_brings_the_order_back_to_where_it_was() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.act("POST", f"/orders/{document.id}/moves", {"to": "RFP"})
        await oms.follow(shopee(St.CANCELLING, "IN_CANCEL"))
        assert (await oms.follow(shopee())).vendor_status == "RFP"


async def test_a_cancelled_order_waits_for_its_goods_and_then_cancels_itself() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.act("POST", f"/orders/{document.id}/pick", {})
        assert (await oms.follow(shopee(St.CANCELLED, "CANCELLED"))).status is St.CANCELLING
        cancel = CancelOrder(document, CancelReason.BUYER_ASKED)
        waiting = await oms.connection.cancel_order(cancel, backend())
        assert (waiting.already, waiting.note) == (True, "CANCEL_IN_PROCESS: the goods have to be put away first")
        await oms.act("POST", f"/orders/{document.id}/put-away", {})
        assert (await oms.document(document.id)).status is St.CANCELLED
        assert (await oms.connection.cancel_order(cancel, backend())).already


async def test_an_order_is_cancelled_at_once_while_nothing_is_picked() -> None:
    async with online() as oms:
        document = await oms.taken()
        done = await oms.connection.cancel_order(CancelOrder(document, CancelReason.OUT_OF_STOCK), backend())
        assert (done.already, done.note) == (False, "CANCEL")


async def test_cancelling_picked_goods_asks_for_them_to_be_put_away() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.act("POST", f"/orders/{document.id}/pick", {})
        done = await oms.connection.cancel_order(CancelOrder(document, CancelReason.OTHER), backend())
        assert done.note.startswith("CANCEL_IN_PROCESS")


async def test_only_whole_orders_are_cancelled() -> None:
    async with online() as oms:
        document = await oms.taken()
        with pytest.raises(Refused, match="whole orders"):
            await oms.connection.cancel_order(CancelOrder(document, CancelReason.OTHER, {"1": 1}), backend())


async def test_the_end_of_a_cancellation_by_the_seller_is_the_sellers() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.act("POST", f"/orders/{document.id}/moves", {"to": "CANCEL_BY_SELLER_IN_PROCESS"})
        begun = await oms.document(document.id)
        assert begun.status is St.CANCELLED
        await oms.follow(shopee(St.CANCELLED, "CANCELLED"))
        assert await oms.state(document.id) == "CANCEL_BY_SELLER"


async def test_f31_f32_ready_to_ship_in_the_oms_releases_the_goods() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.act("POST", f"/orders/{document.id}/pick", {})
        await oms.act("POST", f"/orders/{document.id}/ready-to-ship", {})
        document = await oms.document(document.id)
        assert document.status is St.ARRANGED
        assert len(document.shipments) == 1


async def test_f30_with_a_carrier_of_the_oms_its_tracking_number_releases_the_goods() -> None:
    async with online() as oms:
        document = await oms.taken(logistics_mode="oms_carrier", carriers={"SLS": "CJ"})
        await oms.act("POST", f"/orders/{document.id}/pick", {})
        await oms.act("POST", f"/orders/{document.id}/ready-to-ship", {})
        assert (await oms.document(document.id)).status is St.OPEN
        await oms.act("POST", "/clock", {"advance_seconds": 60})
        document = await oms.document(document.id)
        assert document.status is St.ARRANGED
        assert document.shipments[0].tracking_number
        assert document.shipments[0].carrier == "CJ"
        followed = await oms.follow(shopee(St.SHIPPED, "SHIPPED"))
        assert followed.vendor_status == "READY_TO_SHIP"
        label = await oms.connection.fetch_label(document, document.shipments[0], channel())
        assert label.content.startswith(b"%PDF")
        other = PushTracking(document, document.id, parcel(ShipmentStatus.ARRANGED, "ELSE"))
        with pytest.raises(Refused, match="another tracking number"):
            await oms.connection.push_tracking(other, backend())


async def test_f33_tracking_number_and_label_of_the_marketplace_reach_the_oms() -> None:
    async with online() as oms:
        document = await oms.taken()
        tracking = PushTracking(document, document.id, parcel(ShipmentStatus.ARRANGED, "TRK1"))
        label = Label(shipment_id="PKG1", media_type="application/pdf", content=PDF)
        with pytest.raises(TryLater, match="once it is ready"):
            await oms.connection.push_tracking(tracking, backend())
        with pytest.raises(TryLater, match="no tracking number"):
            await oms.connection.push_label(document, label, backend())
        await oms.follow(processed(""))
        assert not (await oms.connection.push_tracking(tracking, backend())).already
        assert (await oms.connection.push_tracking(tracking, backend())).already
        assert not (await oms.connection.push_label(document, label, backend())).already
        assert (await oms.connection.push_label(document, label, backend())).already
        assert (await oms.document(document.id)).shipments[0].tracking_number == "TRK1"


async def test_f34_the_wms_gets_shopees_waybill_and_number_for_what_it_picked() -> None:
    async with online(wms=True) as oms:
        document = await oms.taken()
        at_wms = f"/wms/orders/{document.id}"
        picked = await oms.act("POST", f"{at_wms}/pick", {})
        assert (set(picked["to_pick"].values()), picked["waybill"]) == ({0}, None)
        assert (await oms.document(document.id)).vendor_status == "READY_TO_SHIP"
        tracking = PushTracking(document, document.id, parcel(ShipmentStatus.ARRANGED, "TRK1"))
        await oms.connection.push_tracking(tracking, backend())
        label = Label(shipment_id="PKG1", media_type="application/pdf", content=PDF)
        await oms.connection.push_label(document, label, backend())
        waybill = (await oms.act("GET", at_wms))["waybill"]
        assert waybill["tracking_number"] == "TRK1"
        assert waybill["label"] == {"bytes": len(PDF), "sha256": sha256(PDF).hexdigest()}
        there = await oms.connection.fetch_label(document, parcel(ShipmentStatus.ARRANGED, "TRK1"), backend())
        assert there.content == PDF
        assert (await oms.act("POST", f"/orders/{document.id}/pack"))["state"] == "PACKED"


async def _labelled(oms: Oms) -> Order:
    document = await oms.taken()
    await oms.follow(processed(""))
    await oms.connection.push_tracking(PushTracking(document, "", parcel(ShipmentStatus.ARRANGED, "T1")), backend())
    label = Label(shipment_id="PKG1", media_type="application/pdf", content=PDF)
    await oms.connection.push_label(document, label, backend())
    return document


async def test_a_label_that_is_answered_as_a_link_is_fetched_at_once_without_the_token() -> None:
    async with online() as oms:
        document = await _labelled(oms)
        await oms.act("PUT", "/oddities", {"label_link_seconds": 60})
        label = await oms.connection.fetch_label(document, parcel(ShipmentStatus.ARRANGED, "T1"), backend())
        assert label.content == PDF
        assert (await oms.act("GET", "/requests"))["requests"][-1]["path"].startswith("/label-links/")


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_link_that_has_ended_is_asked_for_again_once_and_then_later(status: int) -> None:
    links = [{"label_url": f"https://files.test/label?n={number}&sig=a%2Fb"} for number in range(3)]
    gone = httpx.Response(status, content=b"<Error/>")
    answers = {LABEL: list(links), "GET /label": [gone, gone, httpx.Response(200, content=PDF)]}
    async with offline(answers) as far:
        order, shipment = shopee(), parcel(ShipmentStatus.ARRANGED, "T1")
        with pytest.raises(TryLater, match=f"HTTP {status}"):
            await far.connection.fetch_label(order, shipment, backend())
        assert (await far.connection.fetch_label(order, shipment, backend())).content == PDF
        fetched = [request for request in far.far.asked if request.url.host == "files.test"]
        assert [str(request.url) for request in fetched] == [link["label_url"] for link in links]
        assert not any("Authorization" in request.headers for request in fetched)


async def test_a_link_that_leads_out_without_encryption_is_not_followed() -> None:
    async with offline({LABEL: {"label_url": "http://files.test/label"}}) as far:
        with pytest.raises(Refused, match="not safe"):
            await far.connection.fetch_label(shopee(), parcel(ShipmentStatus.ARRANGED, "T1"), backend())


async def test_a_list_whose_end_is_answered_404_is_read_to_it() -> None:
    async with online(known={"page_size": 2}) as oms:
        for number in range(4):
            await oms.taken(shopee(id=f"R{number}"))
        await oms.act("PUT", "/oddities", {"lists_end_in_404": True})
        pages = [page async for page in oms.connection.pull_orders(LONG_AGO, channel())]
        assert [len(page.items) for page in pages] == [2, 2]
        assert 404 in [each["status"] for each in (await oms.act("GET", "/requests"))["requests"]]


async def test_a_label_that_is_no_pdf_is_refused() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.follow(processed(""))
        await oms.connection.push_tracking(PushTracking(document, "", parcel(ShipmentStatus.ARRANGED, "T1")), backend())
        with pytest.raises(Refused, match="application/pdf"):
            await oms.connection.push_label(
                document, Label(shipment_id="PKG1", media_type="text/html", content=b"<p>"), backend()
            )


async def test_f29_a_carrier_that_the_oms_does_not_know_leaves_the_one_that_it_has() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.follow(processed(""))
        strange = Shipment(
            id="PKG1", status=ShipmentStatus.ARRANGED, vendor_status="x", carrier="Unheard Of", tracking_number="T1"
        )
        receipt = await oms.connection.push_tracking(PushTracking(document, "", strange), backend())
        assert receipt.note == "T1; the OMS does not know carrier 'Unheard Of', SLS stays"


async def test_the_tracking_number_is_not_lost_when_the_parcel_has_left_meanwhile() -> None:
    async with online() as oms:
        await oms.taken()
        order = shopee(St.SHIPPED, "SHIPPED", shipments=(parcel(ShipmentStatus.SHIPPED, "TRK1"),))
        document = await oms.follow(order)
        assert (document.status, document.shipments[0].tracking_number) == (St.SHIPPED, "TRK1")


async def test_f26_a_failed_pick_up_is_shown_to_the_seller() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.follow(shopee(word="RETRY_SHIP", shipments=(parcel(ShipmentStatus.RETRY),)))
        shown = await oms.act("GET", f"/orders/{document.id}")
        assert [problem["code"] for problem in shown["problems"]] == ["PICKUP_RETRY"]
        await oms.follow(processed())
        assert (await oms.act("GET", f"/orders/{document.id}"))["problems"] == []


async def test_an_order_moved_by_others_between_reading_and_moving_is_read_again() -> None:
    known = {
        "order_id": "OMS-1", "channel_reference": "241121AAA", "currency": "KRW", "total": "24000", "version": 1,
        "logistics_mode": "marketplace_carrier", "changed_at": "2026-11-21T10:00:00Z",
        "lines": [{"line_reference": "1", "sku": "MUG", "quantity": 2, "unit_price": "12000"}],
    }  # fmt: skip
    conflict = {"error": {"code": "state_conflict", "message": "it is RFP", "details": {}}}
    answers = {
        f"GET {STORE}/orders/OMS-1": [known | {"state": "NEW"}, known | {"state": "RFP"}],
        f"POST {STORE}/orders/OMS-1/moves": [
            conflict,
            known | {"state": "READY_TO_SHIP", "ready_at": "2026-11-21T10:00:00Z"},
        ],
    }
    order = processed().model_copy(update={"ship_by": None, "paid_at": None})
    async with offline(answers) as oms:
        document = order.model_copy(update={"id": "OMS-1"})
        receipt = await oms.connection.update_order(order, document, backend())
        assert receipt.note == "NEW → RFP → READY_TO_SHIP (row 5)"


async def test_an_order_that_never_stands_still_is_tried_again_later() -> None:
    known = {
        "order_id": "OMS-1", "channel_reference": "R", "currency": "KRW", "total": "0", "version": 1, "lines": [],
        "state": "NEW", "logistics_mode": "marketplace_carrier", "changed_at": "2026-11-21T10:00:00Z",
    }  # fmt: skip
    conflict = {"error": {"code": "state_conflict", "message": "no", "details": {}}}
    answers = {f"GET {STORE}/orders/OMS-1": known, f"POST {STORE}/orders/OMS-1/moves": conflict}
    order = processed().model_copy(update={"ship_by": None, "paid_at": None})
    async with offline(answers) as oms:
        with pytest.raises(TryLater, match="moved by others"):
            await oms.connection.update_order(order, order.model_copy(update={"id": "OMS-1"}), backend())


async def test_f26_changed_documents_are_read_from_a_cursor_that_overlaps() -> None:
    async with online() as oms:
        for number in range(5):
            await oms.connection.push_order(shopee(id=f"R{number}"), backend())
        found, cursor = await pulled(oms)
        assert [order.reference for order in found] == [f"R{number}" for number in range(5)]
        now = oms.world.clock.now()
        assert datetime.fromisoformat(cursor) == now - timedelta(seconds=120)
        again, later = await pulled(oms, Window(LONG_AGO.start, None, cursor))
        assert len(again) == 5
        await oms.act("POST", "/clock", {"advance_seconds": 600})
        assert (await pulled(oms, Window(LONG_AGO.start, None, later)))[0] != []
        none, _ = await pulled(oms, Window(oms.world.clock.now() - timedelta(seconds=60)))
        assert none == []


async def test_many_pages_are_read_to_their_end_each_with_a_cursor() -> None:
    async with online(known={"page_size": 2}) as oms:
        for number in range(5):
            await oms.connection.push_order(shopee(id=f"R{number}"), backend())
        pages = [page async for page in oms.connection.pull_orders(LONG_AGO, backend())]
        assert [len(page.items) for page in pages] == [2, 2, 1]
        assert all(page.cursor for page in pages)


async def test_scans_that_give_way_after_each_page_end_and_the_next_one_begins_an_overlap_before_them() -> None:
    async with online(known={"page_size": 2}) as oms:
        for number in range(9):
            await oms.connection.push_order(shopee(id=f"R{number}"), backend())
            await oms.act("POST", "/clock", {"advance_seconds": 5})
        began, cursor, brought = oms.world.clock.now(), None, list[str]()
        for _ in range(20):
            async with aclosing(oms.connection.pull_orders(Window(LONG_AGO.start, None, cursor), backend())) as pages:
                page = await anext(pages)
            brought += [item.reference for item in page.items if isinstance(item, Order)]
            cursor = page.cursor
            await oms.act("POST", "/clock", {"advance_seconds": 10})
            if cursor is not None and "/" not in cursor:
                break
        assert set(brought) == {f"R{number}" for number in range(9)}
        assert len(brought) < 20  # neighbours share a moment
        assert cursor is not None
        assert abs(datetime.fromisoformat(cursor) - (began - timedelta(seconds=120))) < timedelta(seconds=2)


async def test_f13_a_stretch_of_history_ends_where_it_should() -> None:
    async with online() as oms:
        await oms.connection.push_order(shopee(id="OLD"), backend())
        end = oms.world.clock.now() + timedelta(seconds=1)
        await oms.act("POST", "/clock", {"advance_seconds": 3600})
        await oms.connection.push_order(shopee(id="NEW"), backend())
        found, _ = await pulled(oms, Window(LONG_AGO.start, end))
        assert [order.reference for order in found] == ["OLD"]


async def test_an_order_that_cannot_be_read_stands_for_itself_alone() -> None:
    good = {
        "order_id": "OMS-1", "channel_reference": "R1", "currency": "KRW", "total": "12000", "version": 1,
        "lines": [{"line_reference": "1", "sku": "MUG", "quantity": 1, "unit_price": "12000"}],
        "state": "NEW", "logistics_mode": "marketplace_carrier", "changed_at": "2026-11-21T10:00:00Z",
    }  # fmt: skip
    rows = [good, good | {"order_id": "OMS-2", "version": "x"}, good | {"order_id": "OMS-3", "total": "0.5"}]
    async with offline({f"GET {STORE}/orders": {"items": rows, "next_cursor": None}}) as oms:
        pages = [page async for page in oms.connection.pull_orders(LONG_AGO, backend())]
        kinds = {item.id: type(item) for page in pages for item in page.items}
        assert kinds == {"OMS-1": Order, "OMS-2": Unreadable, "OMS-3": Unreadable}


async def test_orders_are_read_by_number_and_unknown_ones_are_left_out() -> None:
    async with online() as oms:
        document = await oms.taken()
        found = await oms.connection.read_orders([document.id, "OMS-99999999", document.id], backend())
        assert [order.id for order in found] == [document.id]


async def test_an_expired_token_is_renewed_and_nothing_is_lost() -> None:
    async with online(token_seconds=60) as oms:
        await oms.taken()
        await oms.act("POST", "/tokens/revoke", {})
        assert len((await pulled(oms))[0]) == 1


async def test_wrong_credentials_ask_for_a_person_once() -> None:
    async with online(known={"client_secret": "wrong-secret"}) as oms:
        with pytest.raises(SignInAgain, match="refuses the client"):
            await oms.connection.push_order(shopee(), backend())


async def test_a_sign_in_without_a_token_is_tried_again() -> None:
    async with offline({"POST /oauth/token": {"hello": 1}}) as oms:
        with pytest.raises(TryLater, match="without a token"):
            await oms.connection.probe()


async def test_f30_as_a_channel_goods_released_by_the_backend_become_ready_to_ship() -> None:
    async with online() as oms:
        made = await oms.connection.push_order(shopee(), backend())
        order = (await oms.connection.read_orders([made.id], channel()))[0]
        assert isinstance(order, Order)
        assert (order.status, order.buyer.name) == (St.OPEN, "Test Buyer")
        arrange = ArrangeShipment(order, order.shipments[0].id)
        assert (await oms.connection.arrange_shipment(arrange, channel())).note == "READY_TO_SHIP"
        assert (await oms.connection.arrange_shipment(arrange, channel())).already
        ready = (await oms.connection.read_orders([made.id], channel()))[0]
        assert isinstance(ready, Order)
        assert ready.status is St.ARRANGED


async def test_f32_as_a_channel_an_order_that_is_picked_in_part_waits() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.act("POST", f"/orders/{document.id}/pick", {"lines": {"1": 1}})
        with pytest.raises(TryLater, match="only in part"):
            await oms.connection.arrange_shipment(ArrangeShipment(document, ""), channel())


async def test_as_a_channel_a_cancelled_order_cannot_become_ready() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.connection.cancel_order(CancelOrder(document, CancelReason.OTHER), channel())
        with pytest.raises(Refused, match="is CANCEL"):
            await oms.connection.arrange_shipment(ArrangeShipment(document, ""), channel())


async def test_a_rejection_by_people_is_waited_for() -> None:
    async with online() as oms:
        document = await oms.taken()
        for to in ("APPROVAL_IN_PROCESS", "REJECTION_IN_PROCESS"):
            await oms.act("POST", f"/orders/{document.id}/moves", {"to": to})
        with pytest.raises(TryLater, match="being rejected"):
            await oms.connection.cancel_order(CancelOrder(document, CancelReason.OTHER), backend())


async def test_refusals_inside_of_http_200_are_refusals() -> None:
    async with online() as oms:
        await oms.taken()
        await oms.act("PUT", "/oddities", {"refusals_as_200": True})
        assert (await oms.connection.push_order(shopee(), backend())).already


async def test_writes_that_were_not_done_are_done_again() -> None:
    async with online() as oms:
        await oms.act("PUT", "/oddities", {"failing_writes": 1})
        assert not (await oms.connection.push_order(shopee(), backend())).already
        assert [write["kind"] for write in await oms.writes()] == ["create_order"]


async def test_a_refusal_that_no_second_look_helps_is_told_as_it_is() -> None:
    async with online() as oms:
        document = await oms.taken()
        await oms.act("PUT", f"/orders/{document.id}/hold", {"hold": "fraud check"})
        with pytest.raises(Refused) as caught:
            await oms.follow(processed())
        assert caught.value.code == "order_on_hold"
        assert caught.value.hint == "let the order go in the OMS, then parked retry"


async def test_a_new_order_that_the_oms_does_not_take_is_refused_with_its_reason() -> None:
    async with online() as oms:
        with pytest.raises(Refused) as caught:
            await oms.connection.push_order(shopee(), backend(warehouse="WH-9"))
        assert caught.value.code == "unknown_warehouse"


async def test_the_same_parcel_of_the_oms_needs_no_second_number() -> None:
    async with online() as oms:
        document = await oms.taken(logistics_mode="oms_carrier", carriers={"SLS": "CJ"})
        await oms.follow(processed(""))
        await oms.act("POST", "/clock", {"advance_seconds": 60})
        number = (await oms.document(document.id)).shipments[0].tracking_number
        same = PushTracking(document, document.id, parcel(ShipmentStatus.ARRANGED, number))
        assert (await oms.connection.push_tracking(same, backend())).already


@pytest.mark.parametrize(
    ("kind", "code"), [(TroubleKind.LABEL, "AWB_PENDING"), (TroubleKind.ARRANGE, "ARRANGE_FAILED")]
)
async def test_f29_f33_trouble_on_the_channel_is_a_problem_of_the_order_until_it_is_over(
    kind: TroubleKind, code: str
) -> None:
    async with online() as oms:
        document = await oms.taken()
        trouble = Trouble(document, kind, "the waybill is still being printed")
        for _ in range(2):
            await oms.connection.push_trouble(trouble, backend())
        shown = (await oms.act("GET", f"/orders/{document.id}"))["problems"]
        assert [(one["code"], one["message"], one["blocking"]) for one in shown] == [
            (code, "the waybill is still being printed", False)
        ]
        over = Trouble(document, kind, "it came", over=True)
        assert not (await oms.connection.push_trouble(over, backend())).already
        assert (await oms.connection.push_trouble(over, backend())).already
        assert (await oms.act("GET", f"/orders/{document.id}"))["problems"] == []
