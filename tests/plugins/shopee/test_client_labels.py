"""Labels: printed when asked for, fetched when ready."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from crossdock.contract import ArrangeShipment
from crossdock.errors import Refused, TryLater
from crossdock.model import Shipment, ShipmentStatus
from crossdock_shopee.translate.orders import order
from tests.plugins.shopee.client_kit import Offline, bad, good, offline, online, route
from tests.plugins.shopee.order_bodies import seen

KIND, CREATE = "logistics/get_shipping_document_parameter", "logistics/create_shipping_document"
RESULT, FILE = "logistics/get_shipping_document_result", "logistics/download_shipping_document"
SUGGESTED = good({"result_list": [{"order_sn": "a", "suggest_shipping_document_type": "THERMAL_AIR_WAYBILL"}]})
NOT_ASKED = "logistics.shipping_document_should_print_first"


def row(**fields: Any) -> dict[str, Any]:
    return good({"result_list": [{"order_sn": "a", **fields}]})


def all_failed(**fields: Any) -> dict[str, Any]:
    return {**row(**fields), "error": "common.batch_api_all_failed", "message": "Failed, please check result_list"}


def pdf(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b"%PDF-1.7", headers={"Content-Type": "application/octet-stream"})


def parcel(tracking: str = "SG1") -> Shipment:
    return Shipment(
        id="P1", status=ShipmentStatus.ARRANGED, vendor_status="LOGISTICS_REQUEST_CREATED", tracking_number=tracking
    )


async def fetch(shop: Offline, tracking: str = "SG1", **options: Any) -> Any:
    return await shop.connection.fetch_label(order(seen()), parcel(tracking), route(**options))


async def test_a_label_that_is_ready_is_fetched():
    async with offline({KIND: SUGGESTED, RESULT: row(status="READY"), FILE: pdf}) as shop:
        found = await fetch(shop)
        assert (found.shipment_id, found.media_type, found.content) == ("P1", "application/pdf", b"%PDF-1.7")
        assert json.loads(shop.far.asked[-1].content) == {
            "order_list": [{"order_sn": "260910KJBHUJDM", "package_number": "P1"}],
            "shipping_document_type": "THERMAL_AIR_WAYBILL",
        }


@pytest.mark.parametrize("not_asked", [all_failed(fail_error=NOT_ASKED), bad(NOT_ASKED), row(status="FAILED")])
async def test_a_label_that_nobody_asked_for_is_printed_first(not_asked):
    answers = {KIND: SUGGESTED, RESULT: [not_asked, row(status="PROCESSING")], CREATE: row()}
    async with offline(answers) as shop:
        with pytest.raises(TryLater, match="being printed") as caught:
            await fetch(shop)
        assert caught.value.after == 10
        assert json.loads(shop.far.asked[2].content)["order_list"] == [
            {
                "order_sn": "260910KJBHUJDM",
                "package_number": "P1",
                "shipping_document_type": "THERMAL_AIR_WAYBILL",
                "tracking_number": "SG1",
            }
        ]


async def test_a_label_under_way_is_not_asked_for_again():
    async with offline({RESULT: row(status="PROCESSING")}) as shop:
        with pytest.raises(TryLater):
            await fetch(shop, label_type="NORMAL_AIR_WAYBILL")
        assert shop.far.paths() == [RESULT]


async def test_without_a_suggestion_shopee_decides():
    async with offline({KIND: row(), RESULT: row(status="READY"), FILE: pdf}) as shop:
        await fetch(shop)
        assert "shipping_document_type" not in json.loads(shop.far.asked[-1].content)


async def test_without_a_tracking_number_nothing_is_printed():
    async with offline({KIND: SUGGESTED, RESULT: bad(NOT_ASKED)}) as shop:
        with pytest.raises(TryLater, match="no tracking number yet"):
            await fetch(shop, tracking="")


@pytest.mark.parametrize(
    "answers",
    [
        {KIND: all_failed(fail_error="logistics.can_not_print_jit_order", fail_message="only in Seller Centre")},
        {KIND: SUGGESTED, RESULT: bad(NOT_ASKED), CREATE: all_failed(fail_error="logistics.package_can_not_print")},
        {KIND: SUGGESTED, RESULT: [bad(NOT_ASKED), row(status="FAILED")], CREATE: row()},
        {KIND: SUGGESTED, RESULT: [bad(NOT_ASKED), row(fail_error="logistics.x")], CREATE: row()},
        {KIND: good({"result_list": []})},
    ],
)
async def test_a_label_that_will_never_be_is_refused(answers):
    async with offline(answers) as shop:
        with pytest.raises(Refused):
            await fetch(shop)


async def test_a_download_that_is_not_ready_comes_later():
    answers = {KIND: SUGGESTED, RESULT: row(status="READY"), FILE: bad("logistics.download_later", "Processing")}
    async with offline(answers) as shop:
        with pytest.raises(TryLater):
            await fetch(shop)


@pytest.mark.parametrize(
    ("content", "said", "kind"),
    [
        (b"PK\x03\x04", "", "application/zip"),
        (b"<html>", "text/html; charset=utf-8", "text/html"),
        (b"^XA", "application/zpl", "application/zpl"),
        (b"^XA", "", "application/octet-stream"),
    ],
)
async def test_the_content_tells_the_kind_of_file(content, said, kind):
    headers = {"Content-Type": said} if said else {}
    answers = {RESULT: row(status="READY"), FILE: httpx.Response(200, content=content, headers=headers)}
    async with offline(answers) as shop:
        assert (await fetch(shop, label_type="X")).media_type == kind


async def test_a_label_of_the_sandbox_is_printed_and_fetched_over_http():
    async with online() as shop:
        number = (await shop.act("/orders"))["order_sn"]
        (found,) = await shop.connection.read_orders([number], route())
        await shop.connection.arrange_shipment(ArrangeShipment(found, found.shipments[0].id), route())
        await shop.act("/clock", {"advance_seconds": 600})
        (arranged,) = await shop.connection.read_orders([number], route())
        with pytest.raises(TryLater, match="being printed"):
            await shop.connection.fetch_label(arranged, arranged.shipments[0], route())
        await shop.act("/clock", {"advance_seconds": 60})
        label = await shop.connection.fetch_label(arranged, arranged.shipments[0], route())
        assert label.content.startswith(b"%PDF")
        assert label.media_type == "application/pdf"
