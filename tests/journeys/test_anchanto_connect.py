"""Connecting a shop of a Korean seller to Anchanto OMS: its products and its history come in, and nothing goes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.stage_anchanto import OmsStage, staged_with_oms

DAY = 86_400
STATES = ("MP_UNPAID", "NEW", "READY_TO_SHIP", "IN_TRANSIT", "COMPLETE", "CANCEL_IN_PROCESS", "CANCEL")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[OmsStage]:
    """A shop, an OMS, and a config file that joins them as route ``krsc``."""
    async with staged_with_oms(tmp_path) as ready:
        ready.join(orders='labels = true\nbuyer_cancellation = "accept"', flows="[routes.krsc.products]\ncreate = true")
        yield ready


async def one_of_each(stage: OmsStage) -> dict[str, str]:
    """An order in each status of the last 90 days: what the OMS has to make of it, to its number."""
    placed = {state: await stage.place(paid=state != "MP_UNPAID", age_seconds=DAY // 2) for state in STATES}
    for state in ("READY_TO_SHIP", "IN_TRANSIT", "COMPLETE"):
        await stage.shopee.act("POST", f"/orders/{placed[state]}/arrange", {})
    await stage.wait(600)
    acts = {"IN_TRANSIT": ("pickup",), "COMPLETE": ("pickup", "deliver", "complete")}
    acts |= {"CANCEL_IN_PROCESS": ("buyer-cancel-request",), "CANCEL": ("cancel",)}
    for state, todo in acts.items():
        for act in todo:
            await stage.shopee.act("POST", f"/orders/{placed[state]}/{act}", {})
    await stage.wait(600)
    return placed


async def shelves(stage: OmsStage) -> Any:
    return await stage.oms.act("GET", "/stock")


async def writes(stage: OmsStage) -> list[dict[str, Any]]:
    """What anybody changed in Shopee, by its own account."""
    found: list[dict[str, Any]] = (await stage.shopee.act("GET", "/writes"))["writes"]
    return found


async def test_f13_ninety_days_of_orders_come_in_as_history_without_any_side_effect(stage: OmsStage) -> None:
    placed = await one_of_each(stage)
    waits = await stage.place(invoice_pending=True, age_seconds=80 * DAY)
    stock, accepted = await shelves(stage), await writes(stage)

    done = (await stage.crossdock("backfill", "krsc", "--json", code=1)).json

    (asked,) = (await stage.crossdock("parked", "list", "--json")).json
    assert asked["reason"] == "the buyer asked to cancel before the order was first seen"
    assert {step["step"]: step["count"] for step in done["steps"] if step["state"] == "done"}["create"] == len(
        placed
    ) + 1
    taken = {state: await stage.order(number) for state, number in placed.items()}
    assert {state: order["state"] for state, order in taken.items()} == {state: state for state in placed}
    assert all(order["historical"] for order in taken.values())
    held = await stage.order(waits)
    assert (held["state"], held["hold"], held["historical"]) == ("NEW", "channel:INVOICE_PENDING", True)
    assert all(taken[state]["shipment"]["tracking_number"] for state in ("READY_TO_SHIP", "IN_TRANSIT", "COMPLETE"))
    assert await shelves(stage) == stock, "no stock moved"
    assert await writes(stage) == accepted, "nothing was pushed back"
    made = len(await stage.oms.writes("create_order"))

    await stage.crossdock("backfill", "krsc", "--json")
    await stage.pull()

    assert len(await stage.oms.writes("create_order")) == made, "nothing comes twice"
    assert await writes(stage) == accepted


async def test_f09_f12_f16_products_of_the_shop_come_in_once_with_name_sku_price_and_stock(stage: OmsStage) -> None:
    before = await shelves(stage)

    first = (await stage.crossdock("products", "take-over", "krsc", "--json")).json

    ended = {result["key"]: result["state"] for result in first["results"]}
    assert list(ended.values()) == ["done"] * 3
    known = await shelves(stage)
    assert known != before
    assert "TSHIRT-BLACK-M" in str(known)
    again = (await stage.crossdock("products", "take-over", "krsc", "--json")).json
    assert {result["key"]: result["state"] for result in again["results"]} == ended
    assert await shelves(stage) == known
