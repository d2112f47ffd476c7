"""The config files of examples/, as they stand, against the systems that their pages say."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from crossdock.cli.sandbox import default_port
from tests.journeys.stage import Stage, _serve
from tests.journeys.stage_anchanto import OmsStage

pytestmark = pytest.mark.asyncio(loop_scope="module")
EXAMPLES = Path(__file__).parents[2] / "examples"
IN_SINGAPORE = ("country=SG", "currency=SGD", "channel_shop_id='600001'")
ABROAD = 600001
MUG = {"model_sku": "MUG", "quantity": 1, "original_price": "9.90"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def systems() -> AsyncIterator[dict[str, Any]]:
    """All three systems, running, with an item that each of them knows."""
    found: dict[str, Any] = {}
    async with aiohttp.ClientSession() as http:
        try:
            for name in ("shopee", "ls_central", "anchanto_oms"):
                found[name] = await _serve(name, http, IN_SINGAPORE if name == "anchanto_oms" else ())
            await found["ls_central"].act("POST", "/items", {"number": "MUG", "unit_price": "9.90", "stock": "20"})
            yield found
        finally:
            for system in found.values():
                system.process.send_signal(signal.SIGTERM)
                await system.process.wait()


async def example(name: str, systems: dict[str, Any], folder: Path) -> OmsStage:
    """An example that `crossdock check` is content with; only the ports are others."""
    text = (EXAMPLES / name / "crossdock.toml").read_text()
    for system in systems.values():
        text = text.replace(f"http://127.0.0.1:{default_port(system.name)}", system.url)
    (folder / "crossdock.toml").write_text(text)
    stage = OmsStage(folder, systems=systems)
    checked = await stage.crossdock("check", "--json")
    assert all(connection["ok"] for connection in checked.json["connections"]), checked.out
    return stage


async def orders_of(stage: Stage, route: str) -> None:
    await stage.crossdock("pull", route, "--json", code=None)


async def test_every_example_is_run_here() -> None:
    tested = {"shopee-ls-central", "shopee-krsc-anchanto", "anchanto-ls-central", "shopee-both"}
    configured = {folder for folder in EXAMPLES.iterdir() if (folder / "crossdock.toml").exists()}
    plugins = {folder for folder in configured if (folder / "pyproject.toml").exists()}  # have tests of their own
    assert {folder.name for folder in configured - plugins} == tested


async def test_shopee_ls_central(systems: dict[str, Any], tmp_path: Path) -> None:
    stage = await example("shopee-ls-central", systems, tmp_path)
    number = await Stage.place(stage, items=[MUG])
    await orders_of(stage, "sg")
    assert (await stage.document(number))["external_id"] == number


async def test_shopee_krsc_anchanto(systems: dict[str, Any], tmp_path: Path) -> None:
    stage = await example("shopee-krsc-anchanto", systems, tmp_path)
    number = await stage.place()
    await orders_of(stage, "krsc")
    assert (await stage.order(number))["state"] == "NEW"


async def test_anchanto_ls_central(systems: dict[str, Any], tmp_path: Path) -> None:
    stage = await example("anchanto-ls-central", systems, tmp_path)
    placed = await stage.oms.act("POST", "/stores/KR-STORE-1/orders", BY_HAND)
    await orders_of(stage, "oms-central")
    assert (await stage.document(placed["order_id"]))["external_id"] == placed["order_id"]


async def test_one_shop_feeds_both_and_a_cancellation_in_one_reaches_the_other(
    systems: dict[str, Any], tmp_path: Path
) -> None:
    stage = await example("shopee-both", systems, tmp_path)
    kept, dropped = [await stage.place(items=[MUG]) for _ in range(2)]
    for route in ("shop-oms", "shop-central"):
        await orders_of(stage, route)
    for number in (kept, dropped):
        assert (await stage.order(number))["state"] == "NEW"
        assert (await stage.document(number))["state"] == "open"

    await stage.ready(kept)
    await stage.central.act("POST", f"/orders/{dropped}/cancel", {})
    for route in ("shop-central", "shop-oms", "shop-central"):
        await orders_of(stage, route)

    assert (await stage.at_shopee(kept))["packages"][0]["arranged"]
    assert (await stage.at_shopee(dropped))["order_status"] == "CANCELLED"
    assert (await stage.order(dropped))["state"] == "CANCEL"
    assert (await stage.document(kept))["state"] == "open"


BY_HAND = {
    "channel_reference": "HAND-1", "ordered_at": "2026-11-21T10:00:00Z", "currency": "SGD", "total": "9.90",
    "logistics_mode": "oms_carrier", "carrier": "CJ", "buyer": {"name": "Test Buyer"},
    "ship_to": {"name": "Test Buyer", "line1": "1 Example Street", "country": "SG"},
    "lines": [{"line_reference": "1", "sku": "MUG", "name": "Mug", "quantity": 1, "unit_price": "9.90"}],
}  # fmt: skip
