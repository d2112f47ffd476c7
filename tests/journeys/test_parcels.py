"""How parcels leave, and where their tracking numbers go: each way that the shop offers, and each way to go wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crossdock_shopee.sandbox.orders.record import Order
from tests.journeys.hall import ROUTE, Hall, opened
from tests.journeys.stage import SKUS

AN_HOUR = 3_600
TWO = [
    {"model_sku": SKUS[0], "quantity": 1, "original_price": "20.00"},
    {"model_sku": SKUS[1], "quantity": 1, "original_price": "8.50"},
]


@dataclass
class Shift:
    """What a test says of a hall."""

    hall: Hall

    async def place(self, **order: object) -> str:
        """Place an order and take it over; its number."""
        number: str = (await self.hall.shop_desk.act("/orders", {"items": TWO[:1]} | order))["order_sn"]
        await self.pull()
        return number

    async def pull(self, later: float = 60) -> None:
        """Let so many seconds pass, then run the lane."""
        await self.hall.clock.sleep(later)
        await (await self.hall.engine()).pull(ROUTE)

    async def at_shop(self, number: str, what: str, **body: object) -> None:
        """A person at Shopee's side, or the carrier."""
        await self.hall.shop_desk.act(f"/orders/{{order_sn}}/{what}", body or None, order_sn=number)

    async def at_central(self, number: str, what: str, **body: object) -> dict[str, Any]:
        """A person in LS Central."""
        document: dict[str, Any] = await self.hall.central_desk.act(f"/orders/{{order}}/{what}", body, order=number)
        return document

    def order(self, number: str) -> Order:
        """The order as Shopee holds it."""
        found = self.hall.shopee.state.find_order(number)
        assert found is not None
        return found

    def numbers(self, number: str) -> dict[str, str]:
        """Posted shipment to Package Tracking No., as LS Central holds them."""
        [document] = self.hall.central.company.by_external_id(number)
        return {shipment.number: shipment.tracking_no for shipment in document.shipments}

    def modes(self) -> list[str]:
        """In which way each parcel was arranged through the API."""
        return [write.facts["mode"] for write in self.hall.shopee.world.oracle.writes("ship_order")]

    async def parked(self) -> dict[str, str]:
        """Order to the reason why it waits for a person."""
        return {item.key: f"{item.cause}: {item.reason}" for item in await (await self.hall.engine()).parked(ROUTE)}

    async def told(self, number: str) -> str:
        """What `crossdock explain` tells of the order."""
        [(_, pair, events, _)] = await (await self.hall.engine()).explain(number)
        verdict = (await self.hall.engine()).verdict(ROUTE, pair)
        return "\n".join([*(f"{event.what} {event.text}" for event in events), verdict.why])


@pytest.fixture
async def shift(tmp_path: Path) -> AsyncIterator[Shift]:
    """Both systems and crossdock in one process, over HTTP, in a time of their own."""
    async with opened(tmp_path / "hall", 7, "") as hall:
        yield Shift(hall)


async def test_a_parcel_leaves_in_the_first_way_that_the_shop_offers_for_it(shift: Shift) -> None:
    channels = {11007: "pickup", 11009: "dropoff", 19999: "non_integrated"}
    orders = [await shift.place(channel_id=channel) for channel in channels]
    for number in orders:
        await shift.at_central(number, "post", tracking_no="FLEET1" if number == orders[-1] else "")
    await shift.pull()
    await shift.pull(AN_HOUR)

    assert sorted(shift.modes()) == sorted(channels.values())
    assert [shift.order(number).status for number in orders] == ["PROCESSED", "PROCESSED", "SHIPPED"]
    for number in orders:
        [package] = shift.order(number).packages
        assert list(shift.numbers(number).values()) == [package.tracking_number]
    assert shift.order(orders[-1]).packages[0].tracking_number == "FLEET1"


async def test_the_sellers_own_fleet_without_a_number_is_parked_and_goes_on_once_a_person_gave_one(
    shift: Shift,
) -> None:
    number = await shift.place(channel_id=19999)
    document = await shift.at_central(number, "post")
    await shift.pull()
    assert "tracking_number" in (await shift.parked())[number]

    shipment = document["shipments"][0]["number"]
    await shift.hall.central_desk.act("/shipments/{shipment}/tracking", {"tracking_no": "F9"}, shipment=shipment)
    await (await shift.hall.engine()).retry(ROUTE, [number])
    await shift.pull()

    assert (shift.order(number).packages[0].tracking_number, await shift.parked()) == ("F9", {})


async def test_what_the_seller_arranged_in_seller_center_is_not_arranged_again(shift: Shift) -> None:
    number = await shift.place()
    await shift.at_shop(number, "arrange")
    await shift.at_central(number, "post")
    await shift.pull(AN_HOUR)

    assert shift.modes() == []
    assert list(shift.numbers(number).values()) == [shift.order(number).packages[0].tracking_number]


async def test_a_parcel_that_was_not_picked_up_is_arranged_again_and_keeps_its_order(shift: Shift) -> None:
    number = await shift.place(channel_id=11007)
    await shift.at_central(number, "post")
    await shift.pull()
    await shift.pull(AN_HOUR)
    await shift.at_shop(number, "miss-pickup")
    assert shift.order(number).status == "RETRY_SHIP"
    await shift.pull()
    await shift.pull(AN_HOUR)

    oracle = shift.hall.shopee.world.oracle
    assert (len(oracle.writes("ship_order")), len(oracle.writes("update_shipping_order"))) == (1, 1)
    assert shift.order(number).status == "PROCESSED"


async def test_several_parcels_posted_one_by_one_are_arranged_and_numbered_one_by_one(shift: Shift) -> None:
    number = await shift.place(items=TWO)
    await shift.at_shop(number, "split")
    [document] = shift.hall.central.company.by_external_id(number)
    await shift.at_central(number, "post", lines=[{"line_no": document.lines[0].line_no, "quantity": "1"}])
    await shift.pull()
    assert len(shift.modes()) == 1, "the other parcel waits for its goods"

    await shift.at_central(number, "post")
    await shift.pull()
    await shift.pull(AN_HOUR)
    packages = [package.tracking_number for package in shift.order(number).packages]
    assert (len(shift.modes()), list(shift.numbers(number).values())) == (2, packages)


async def test_several_parcels_in_one_posted_shipment_are_a_conflict_that_names_every_number(shift: Shift) -> None:
    number = await shift.place(items=TWO)
    await shift.at_shop(number, "split")
    await shift.at_central(number, "post")
    await shift.pull()
    await shift.pull(AN_HOUR)

    first, second = (package.tracking_number for package in shift.order(number).packages)
    reason = (await shift.parked())[number]
    assert reason.startswith("parcels-and-shipments")
    assert all(name in reason for name in (first, second, *shift.numbers(number)))

    await (await shift.hall.engine()).drop(ROUTE, [number], "both written by hand")
    await shift.pull()
    assert await shift.parked() == {}


async def test_one_parcel_of_several_postings_has_its_number_on_each(shift: Shift) -> None:
    number = await shift.place(items=TWO)
    [document] = shift.hall.central.company.by_external_id(number)
    await shift.at_central(number, "post", lines=[{"line_no": document.lines[0].line_no, "quantity": "1"}])
    await shift.pull()
    assert "waiting for the rest" in await shift.told(number)
    await shift.at_central(number, "post")
    await shift.pull()
    await shift.pull(AN_HOUR)

    [package] = shift.order(number).packages
    assert list(shift.numbers(number).values()) == [package.tracking_number] * 2


async def test_what_the_store_did_not_find_is_told_before_the_parcel_leaves(shift: Shift) -> None:
    number = await shift.place(items=TWO)
    [document] = shift.hall.central.company.by_external_id(number)
    await shift.at_central(number, "short-pick", lines=[{"line_no": document.lines[0].line_no, "quantity": "1"}])
    await shift.at_central(number, "post")
    await shift.pull()

    assert sum(line.cancelled for line in shift.order(number).lines) == 1
    assert "cancel on channel: done" in await shift.told(number)
    assert (len(shift.modes()), await shift.parked()) == (1, {})
