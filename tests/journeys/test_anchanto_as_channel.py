"""Anchanto OMS in front of LS Central, between real processes."""

from __future__ import annotations

import signal
from pathlib import Path

import aiohttp

from tests.journeys.stage import _central, _serve
from tests.journeys.stage_anchanto import OmsStage, _connection

ORDER = {
    "channel_reference": "HAND-1", "ordered_at": "2026-11-21T10:00:00Z", "currency": "SGD", "total": "9.90",
    "logistics_mode": "oms_carrier", "carrier": "CJ", "buyer": {"name": "Test Buyer"},
    "ship_to": {"name": "Test Buyer", "line1": "1 Example Street", "country": "SG"},
    "lines": [{"line_reference": "1", "sku": "MUG", "name": "Mug", "quantity": 1, "unit_price": "9.90"}],
}  # fmt: skip


async def test_posting_in_ls_central_makes_it_ready_to_ship_and_the_carriers_number_goes_back(tmp_path: Path) -> None:
    stage = OmsStage(tmp_path)
    async with aiohttp.ClientSession() as http:
        try:
            stage.systems["anchanto_oms"] = await _serve("anchanto_oms", http, ("country=SG", "currency=SGD"))
            stage.systems["ls_central"] = await _serve("ls_central", http, ())
            await _there_and_back(stage)
        finally:
            for system in stage.systems.values():
                system.process.send_signal(signal.SIGTERM)
                await system.process.wait()


async def _there_and_back(stage: OmsStage) -> None:
    options = '[routes.krsc.backend_options]\nshipping_item = "66010"\ndefault_tender = "1"'
    route = '[routes.krsc]\nchannel = "oms"\nbackend = "central"\n[routes.krsc.orders]'
    lines = ["allow_plain_secrets = true", *_connection(stage.oms), *_central(stage.central), route, options]
    (stage.folder / "crossdock.toml").write_text("\n".join(lines))
    await stage.central.act("POST", "/items", {"number": "MUG", "description": "Mug", "unit_price": "9.90"})
    placed = await stage.oms.act("POST", "/stores/KR-STORE-1/orders", ORDER)
    number = placed["order_id"]

    await stage.pull()
    document = await stage.document(number)
    assert document["external_id"] == number

    await stage.central.act("POST", f"/orders/{number}/post", {})
    await stage.pull()
    assert (await stage.oms.act("GET", f"/orders/{number}"))["state"] == "READY_TO_SHIP"

    await stage.wait(30)
    await stage.pull("--only", number)
    parcel = (await stage.oms.act("GET", f"/orders/{number}"))["shipment"]
    (shipped,) = (await stage.document(number))["shipments"]
    assert parcel["tracking_number"] in str(shipped)
