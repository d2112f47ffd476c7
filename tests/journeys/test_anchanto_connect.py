"""Connecting a shop of a Korean seller to Anchanto OMS: its products and its history come in, and nothing goes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.journeys.stage_anchanto import OmsStage, staged_with_oms

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY = 86_400
STATES = ("MP_UNPAID", "NEW", "READY_TO_SHIP", "IN_TRANSIT", "COMPLETE", "CANCEL_IN_PROCESS", "CANCEL")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OmsStage]:
    """A shop, an OMS, and a config file that joins them as route ``krsc``."""
    async with staged_with_oms(tmp_path_factory.mktemp("connect")) as ready:
        ready.join(
            orders='labels = true\nbuyer_cancellation = "accept"',
            flows="[routes.krsc.products]\ncreate = true",
            channel='price_currency = "shop"\nlocal_price_factor = "0.001"',
        )
        yield ready


async def listings(stage: OmsStage) -> dict[str, dict[str, Any]]:
    """What the OMS has of the store's listings, by their code."""
    known = stage.oms.credentials
    asked = {
        "grant_type": "client_credentials",
        "client_id": known["client_id"],
        "client_secret": known["client_secret"],
    }
    async with aiohttp.ClientSession(stage.oms.url) as http:
        async with http.post("/oauth/token", data=asked) as answer:
            token = (await answer.json())["access_token"]
        path = f"/api/v1/stores/{known['store_code']}/listings"
        headers, query = {"Authorization": f"Bearer {token}"}, {"changed_since": "2020-01-01T00:00:00Z"}
        async with http.get(path, params=query, headers=headers) as answer:
            return {row["csku"]: row for row in (await answer.json())["items"]}


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


async def test_f09_f12_f16_products_of_the_shop_come_in_once_with_name_sku_price_stock_and_images(
    stage: OmsStage,
) -> None:
    before = await shelves(stage)

    first = (await stage.crossdock("products", "take-over", "krsc", "--json")).json

    ended = {result["key"]: result["state"] for result in first["results"]}
    assert list(ended.values()) == ["done"] * 3
    items = (await stage.shopee.act("GET", "/items"))["items"]
    theirs = {model["sku"]: model for item in items if item["shop_id"] == stage.shop_id for model in item["models"]}
    ours, known = await listings(stage), await shelves(stage)
    assert known != before
    assert {shown["type"] for shown in ours.values()} == {"single", "group"}
    assert all(shown["name"] and shown["images"] and shown["state"] == "LISTED" for shown in ours.values())
    prices = {row["sku"]: row["retail_price"] for shown in ours.values() for row in shown["prices"]}
    levels = {level["isku"]: level["sellable"] for level in known["levels"]}
    there = {sku: (float(one["price"]), sum(one["stock"].values())) for sku, one in theirs.items()}
    there["MUG"] = (there["MUG"][0], 100)  # which the OMS had before: its own stock counts
    assert {sku: (float(prices[sku]), levels[sku]) for sku in theirs} == there
    again = (await stage.crossdock("products", "take-over", "krsc", "--json")).json
    assert {result["key"]: result["state"] for result in again["results"]} == ended
    assert await shelves(stage) == known
