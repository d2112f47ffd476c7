"""Shopee KRSC to Anchanto OMS and back, between real processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from tests.journeys.stage_anchanto import OmsStage, staged_with_oms

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWN_FLEET = 19999
"""A channel of Shopee's for which the seller brings the carrier."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def systems(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OmsStage]:
    """A shop and an OMS for all tests of this file."""
    async with staged_with_oms(tmp_path_factory.mktemp("anchanto")) as ready:
        yield ready


@pytest.fixture
def stage(systems: OmsStage) -> OmsStage:
    """Both, and a config file that joins them as route ``krsc``, as if no test had changed it."""
    systems.join()
    return systems


async def test_f30_to_f33_ready_to_ship_in_the_oms_ships_it_in_shopee_and_the_number_comes_back(
    stage: OmsStage,
) -> None:
    order = await stage.place(shipping_fee="1.99", seller_voucher="3.00")
    await stage.pull()
    taken = await stage.order(order)
    assert (taken["state"], taken["total"]) == ("NEW", "18.99")

    await stage.ready(order)
    await stage.pull()
    await stage.wait(200)
    await stage.pull("--only", order)

    assert (await stage.at_shopee(order))["order_status"] == "PROCESSED"
    taken = await stage.order(order)
    assert taken["state"] == "READY_TO_SHIP"
    assert taken["shipment"]["tracking_number"]
    assert len([write for write in await stage.oms.writes("create_order") if write["key"] == order]) == 1


async def test_an_unpaid_order_comes_in_where_the_route_says_so_and_becomes_new_once_it_is_paid(
    stage: OmsStage,
) -> None:
    stage.join(orders="create_unpaid = true")
    order = await stage.place(paid=False)
    await stage.pull()
    assert (await stage.order(order))["state"] == "MP_UNPAID"

    await stage.shopee.act("POST", f"/orders/{order}/pay")
    await stage.pull()

    assert (await stage.order(order))["state"] == "NEW"
    assert (await stage.crossdock("parked", "list", "--json")).json == []


async def test_a_wish_to_cancel_stops_the_oms_and_its_rejection_sets_it_going_again(stage: OmsStage) -> None:
    stage.join(orders='buyer_cancellation = "reject"')
    order = await stage.place()
    await stage.pull()
    await stage.shopee.act("POST", f"/orders/{order}/buyer-cancel-request", {})

    await stage.pull()

    number = (await stage.order(order))["order_id"]
    moves = [write["facts"]["after"] for write in await stage.oms.writes("move_order") if write["key"] == number]
    assert moves == ["CANCEL_IN_PROCESS", "NEW"]
    assert (await stage.order(order))["state"] == "NEW"


async def test_a_cancellation_by_the_seller_in_the_oms_is_carried_out_in_shopee_and_confirmed(
    stage: OmsStage,
) -> None:
    order = await stage.place()
    await stage.pull()
    order_id = (await stage.order(order))["order_id"]
    await stage.oms.act("POST", f"/orders/{order_id}/moves", {"to": "CANCEL_BY_SELLER_IN_PROCESS"})

    await stage.pull()

    assert (await stage.at_shopee(order))["order_status"] == "CANCELLED"
    assert (await stage.order(order))["state"] == "CANCEL_BY_SELLER"


async def test_f36_a_return_on_shopee_is_opened_in_the_oms_shown_with_its_due_date_and_decided_only_by_shopee(
    stage: OmsStage,
) -> None:
    order = await stage.place()
    await stage.pull()
    await stage.ready(order)
    await stage.pull()
    await stage.wait(200)
    for what in ("pickup", "deliver"):
        await stage.shopee.act("POST", f"/orders/{order}/{what}", {})
    await stage.pull("--only", order)
    assert (await stage.order(order))["sub_state"] == "DELIVERED"

    await stage.shopee.act("POST", f"/orders/{order}/return", {})
    await stage.pull()

    (return_id,) = (await stage.order(order))["return_ids"]
    assert (await stage.oms.act("GET", f"/returns/{return_id}"))["state"] == "RETURN_INITIATED"
    (shown,) = (await stage.crossdock("returns", "list", "krsc", "--json")).json
    assert (shown["order"], shown["their_status"]) == (order, "REQUESTED")
    assert datetime.fromisoformat(shown["answer_by"]) > datetime.now(UTC)


async def test_f29_f30_with_an_integrated_carrier_ready_to_ship_gives_shopee_its_number_and_shopee_shows_shipped(
    stage: OmsStage,
) -> None:
    stage.join(options='logistics_mode = "oms_carrier"')
    order = await stage.place(channel_id=OWN_FLEET)
    await stage.pull()
    await stage.ready(order)
    await stage.pull()
    assert (await stage.at_shopee(order))["order_status"] == "READY_TO_SHIP", "the carrier has given no number yet"

    await stage.wait(60)
    await stage.pull()

    shown, taken = await stage.at_shopee(order), await stage.order(order)
    assert shown["order_status"] == "SHIPPED"
    assert (taken["state"], taken["shipment"]["source"], taken["shipment"]["label_ready"]) == (
        "READY_TO_SHIP",
        "oms",
        True,
    )
    assert shown["packages"][0]["tracking_number"] == taken["shipment"]["tracking_number"]
