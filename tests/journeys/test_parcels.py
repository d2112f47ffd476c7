"""How parcels leave, and where their tracking numbers go: each way that the shop offers, and each way to go wrong."""

from __future__ import annotations

from tests.journeys.hall import ROUTE
from tests.journeys.shift import AN_HOUR, TWO, Shift


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
    document = shift.document(number)
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
    document = shift.document(number)
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
    document = shift.document(number)
    await shift.at_central(number, "short-pick", lines=[{"line_no": document.lines[0].line_no, "quantity": "1"}])
    await shift.at_central(number, "post")
    await shift.pull()

    assert sum(line.cancelled for line in shift.order(number).lines) == 1
    assert "cancel on channel: done" in await shift.told(number)
    assert (len(shift.modes()), await shift.parked()) == (1, {})
