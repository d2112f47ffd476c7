"""Parcels and labels: the marketplace's, pushed in, and those that the OMS books itself."""

import base64
import hashlib
import re
from typing import Any

import pytest

from tests.plugins.anchanto_oms.sandbox_client import LONG_AGO, STORE, Caller, oms

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def _body(number: str = "SLS123", label: bytes | None = PDF, carrier: str = "SPX") -> dict[str, Any]:
    coded = None if label is None else base64.b64encode(label).decode()
    shown = None if coded is None else {"media_type": "application/pdf", "content_base64": coded}
    return {"tracking_number": number, "carrier": carrier, "label": shown}


async def _ready(caller: Caller, **changes: Any) -> tuple[Any, str]:
    made = await caller.order(**changes)
    return await caller.move(made, "READY_TO_SHIP"), f"{STORE}/orders/{made['order_id']}/shipment"


async def test_tracking_and_label_of_the_marketplace_are_kept_byte_for_byte() -> None:
    async with oms() as caller:
        order, path = await _ready(caller)
        assert order["carrier_is_temporary"] is True
        attached = await caller.done("PUT", path, _body())
        assert (attached["source"], attached["label_sha256"]) == ("marketplace", hashlib.sha256(PDF).hexdigest())
        label = await caller.ask("GET", path + "/label")
        assert (label.headers["Content-Type"], label.content) == ("application/pdf", PDF)
        after = await caller.get(f"{STORE}/orders/{order['order_id']}")
        assert (after["carrier"], after["carrier_is_temporary"]) == ("SPX", False)
        assert after["shipment"] == attached


async def test_the_same_shipment_again_changes_nothing() -> None:
    async with oms() as caller:
        order, path = await _ready(caller)
        await caller.done("PUT", path, _body())
        version = (await caller.get(f"{STORE}/orders/{order['order_id']}"))["version"]
        await caller.done("PUT", path, _body())
        await caller.done("PUT", path, _body(label=None))
        assert (await caller.get(f"{STORE}/orders/{order['order_id']}"))["version"] == version
        assert len(caller.world.oracle.writes("attach_shipment")) == 1


async def test_a_label_may_follow_its_tracking_number() -> None:
    async with oms() as caller:
        _, path = await _ready(caller)
        assert (await caller.refused("GET", path))[:2] == (404, "no_shipment")
        await caller.done("PUT", path, _body(label=None))
        assert (await caller.refused("GET", path + "/label"))[:2] == (404, "label_not_ready")
        assert (await caller.done("PUT", path, _body()))["label_ready"] is True


async def test_another_tracking_number_does_not_keep_the_old_label() -> None:
    async with oms() as caller:
        _, path = await _ready(caller)
        await caller.done("PUT", path, _body())
        assert (await caller.done("PUT", path, _body("SLS456", label=None)))["label_ready"] is False


@pytest.mark.parametrize(
    "label", [b"<html></html>", b"", PDF[: len(PDF) // 2], b"%PDF-1.4 " + b"x" * (5 * 1024 * 1024)]
)
async def test_what_is_no_whole_pdf_of_allowed_size_is_refused(label: bytes) -> None:
    async with oms() as caller:
        _, path = await _ready(caller)
        status, code, details = await caller.refused("PUT", path, _body(label=label))
        assert (status, code) == (422, "validation_failed")
        assert details["fields"][0]["path"] == "label.content_base64"
        assert (await caller.refused("GET", path))[1] == "no_shipment"


async def test_a_shipment_is_taken_only_between_ready_and_transit() -> None:
    async with oms() as caller:
        made = await caller.order()
        path = f"{STORE}/orders/{made['order_id']}/shipment"
        assert (await caller.refused("PUT", path, _body()))[:2] == (422, "illegal_state")
        await caller.act("POST", f"/orders/{made['order_id']}/pack")
        assert (await caller.refused("PUT", path, _body()))[:2] == (422, "illegal_state")
        await caller.act("POST", f"/orders/{made['order_id']}/ready-to-ship")
        await caller.done("PUT", path, _body())
        await caller.move(made, "IN_TRANSIT")
        assert (await caller.refused("PUT", path, _body("OTHER")))[:2] == (422, "illegal_state")


async def test_an_unknown_carrier_is_refused_with_those_that_are_known() -> None:
    async with oms() as caller:
        _, path = await _ready(caller)
        status, code, details = await caller.refused("PUT", path, _body(carrier="PIGEON"))
        assert (status, code) == (422, "unknown_carrier")
        assert "SPX" in details["allowed"]


async def test_an_integrated_carrier_answers_some_seconds_after_ready_to_ship() -> None:
    async with oms() as caller:
        order, path = await _ready(caller, logistics_mode="oms_carrier")
        assert order["carrier"] == "CJ"
        assert (await caller.refused("PUT", path, _body()))[:2] == (422, "wrong_mode")
        assert (await caller.refused("GET", path))[:2] == (404, "no_shipment")
        assert "no label yet" in await caller.act_refused("POST", f"/orders/{order['order_id']}/dispatch")
        await caller.later(5)
        booked = await caller.get(path)
        assert (booked["source"], booked["carrier"], booked["label_ready"]) == ("oms", "CJ", True)
        events = [each["event"] for each in (await caller.act("GET", "/events"))["events"]]
        assert events.count("shipment_ready") == 1
        rows = await caller.get(f"{STORE}/orders", changed_since=LONG_AGO)
        assert rows["items"][0]["shipment"]["tracking_number"] == booked["tracking_number"]


async def test_the_label_of_an_integrated_carrier_is_a_pdf_with_its_numbers() -> None:
    async with oms() as caller:
        _, path = await _ready(caller, logistics_mode="oms_carrier")
        await caller.later(5)
        number = (await caller.get(path))["tracking_number"]
        pdf = (await caller.ask("GET", path + "/label")).content
        assert number.encode() in pdf
        assert b"241121AAA" in pdf
        start = int(re.findall(rb"startxref\n(\d+)\n%%EOF", pdf)[0])
        assert pdf[start : start + 4] == b"xref"
        offsets = [int(each) for each in re.findall(rb"(\d{10}) 00000 n", pdf[start:])]
        assert [pdf[each:].split(b"\n")[0] for each in offsets] == [b"%d 0 obj" % n for n in range(1, 6)]


async def test_a_cancelled_order_is_not_booked_and_a_withdrawn_cancellation_is() -> None:
    async with oms() as caller:
        order, path = await _ready(caller, logistics_mode="oms_carrier")
        other, other_path = await _ready(caller, logistics_mode="oms_carrier", reference="B")
        await caller.move(order, "CANCEL_IN_PROCESS")
        await caller.move(other, "CANCEL")
        await caller.later(5)
        assert (await caller.refused("GET", path))[1] == "no_shipment"
        await caller.move(order, "READY_TO_SHIP")
        assert (await caller.get(path))["source"] == "oms"
        assert (await caller.refused("GET", other_path))[1] == "no_shipment"


async def test_a_carrier_that_is_not_integrated_cannot_be_booked() -> None:
    async with oms(default_integrated_carrier=None) as caller:
        made = await caller.order(logistics_mode="oms_carrier", carrier="SPX")
        assert [each["code"] for each in made["problems"]] == ["UNKNOWN_CARRIER"]
        path = f"{STORE}/orders/{made['order_id']}"
        assert (await caller.refused("PATCH", path, {"carrier": "SLS"}))[1] == "unknown_carrier"
        assert (await caller.done("PATCH", path, {"carrier": "HANJIN"}))["problems"] == []
