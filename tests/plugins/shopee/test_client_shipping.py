"""Arranging shipments: the way the route prefers, once, and seen to be done."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from crossdock.contract import ArrangeShipment, Receipt
from crossdock.errors import Refused, TryLater, Unclear
from crossdock.model import Order, Shipment, ShipmentStatus
from crossdock_shopee.translate.orders import order
from tests.plugins.shopee.client_kit import Offline, bad, good, offline, online, route
from tests.plugins.shopee.order_bodies import package, seen

PACKAGES, OFFER = "order/get_package_detail", "logistics/get_shipping_parameter"
SHIP, UPDATE = "logistics/ship_order", "logistics/update_shipping_order"
NUMBER = "OFG242672552205937"
SLOTS = [{"pickup_time_id": "early", "date": 1}, {"pickup_time_id": "late", "date": 2}]
ADDRESSES = [
    {"address_id": 1, "address_flag": ["default_address"], "time_slot_list": SLOTS},
    {"address_id": 2, "address_flag": ["pickup_address"], "time_slot_list": SLOTS},
    {"address_id": 3, "address_flag": None, "time_slot_list": SLOTS},
]
PICKUP = {"info_needed": {"pickup": ["address_id", "pickup_time_id"]}, "pickup": {"address_list": ADDRESSES}}


def parcel(status: str = "LOGISTICS_READY", **more: Any) -> dict[str, Any]:
    return good({"package_list": [{"package_number": NUMBER, "fulfillment_status": status, **more}]})


def ready_then_arranged() -> list[dict[str, Any]]:
    return [parcel(), parcel(is_shipment_arranged=True)]


def wanted(number: str = NUMBER, tracking: str = "", **changes: Any) -> ArrangeShipment:
    posted = Shipment(id="102042", status=ShipmentStatus.SHIPPED, vendor_status="posted", tracking_number=tracking)
    return ArrangeShipment(order(seen(**changes)), number, posted if tracking else None)


def sent(shop: Offline, path: str) -> list[dict[str, Any]]:
    return [json.loads(one.content) for one in shop.far.asked if one.url.path.endswith(path)]


async def arrange(offer: dict[str, Any], what: ArrangeShipment | None = None, **options: Any) -> dict[str, Any]:
    answers = {PACKAGES: ready_then_arranged(), OFFER: good(offer), SHIP: good()}
    async with offline(answers) as shop:
        receipt = await shop.connection.arrange_shipment(what or wanted(), route(**options))
        assert receipt.id == NUMBER
        assert not receipt.already
        (body,) = sent(shop, SHIP)
        assert body.pop("order_sn") == "260910KJBHUJDM"
        return body


async def test_a_pickup_takes_the_pickup_address_and_the_first_slot():
    assert await arrange(PICKUP) == {"pickup": {"address_id": 2, "pickup_time_id": "early"}}


async def test_the_route_chooses_address_and_slot():
    found = await arrange(PICKUP, pickup_address_id=3, pickup_slot="last")
    assert found == {"pickup": {"address_id": 3, "pickup_time_id": "late"}}


@pytest.mark.parametrize(("addresses", "expected"), [(ADDRESSES[:1], 1), (ADDRESSES[2:], 3)])
async def test_without_a_pickup_address_the_default_then_any_is_taken(addresses, expected):
    found = await arrange({**PICKUP, "pickup": {"address_list": addresses}})
    assert found["pickup"]["address_id"] == expected


async def test_the_first_way_of_the_route_that_is_offered_is_taken():
    both = {**PICKUP, "info_needed": {**PICKUP["info_needed"], "dropoff": []}, "dropoff": None}
    assert await arrange(both, ship_by=["dropoff", "pickup"]) == {"dropoff": {}}
    assert "pickup" in await arrange(both, ship_by=["non_integrated", "pickup"])


async def test_a_drop_off_says_only_what_is_asked_for():
    offer = {
        "info_needed": {"dropoff": ["branch_id", "sender_real_name", "slug"]},
        "dropoff": {"branch_list": [{"branch_id": 5}, {"branch_id": 6}], "slug_list": [{"slug": "seven"}]},
    }
    found = await arrange(offer, wanted(tracking="TN1"), sender_name="Tan")
    assert found == {"dropoff": {"branch_id": 5, "sender_real_name": "Tan", "slug": "seven"}}
    found = await arrange(offer, sender_name="Tan", dropoff_branch_id=6)
    assert found["dropoff"]["branch_id"] == 6


@pytest.mark.parametrize("spelling", ["tracking_no", "tracking_number"])
async def test_the_sellers_own_tracking_number_is_handed_in(spelling):
    offer = {"info_needed": {"non_integrated": [spelling]}}
    assert await arrange(offer, wanted(tracking="TN1")) == {"non_integrated": {"tracking_number": "TN1"}}
    dropped = {"info_needed": {"dropoff": [spelling]}}
    assert await arrange(dropped, wanted(tracking="TN1")) == {"dropoff": {"tracking_number": "TN1"}}


async def test_a_way_whose_needs_cannot_be_met_gives_way_to_the_next():
    offer = {**PICKUP, "info_needed": {"pickup": ["address_id"], "non_integrated": ["tracking_no"]}}
    assert "pickup" in await arrange(offer, ship_by=["non_integrated", "pickup"])


@pytest.mark.parametrize(
    ("offer", "options", "says"),
    [
        ({"info_needed": {"non_integrated": ["tracking_number"]}}, {}, "non_integrated needs tracking_number"),
        ({"info_needed": {"dropoff": ["branch_id", "slug"]}}, {}, "dropoff needs branch_id, dropoff needs slug"),
        ({"info_needed": {"dropoff": ["sender_real_name"]}, "dropoff": {}}, {}, "dropoff needs sender_real_name"),
        ({"info_needed": {"pickup": ["address_id"]}}, {}, "pickup needs address_id"),
        (PICKUP, {"pickup_address_id": 9}, "pickup needs address_id"),
        ({"info_needed": {"dropoff": []}}, {"ship_by": ["pickup"]}, "offers dropoff, but the route ships by pickup"),
        ({"info_needed": {}}, {}, "offers nothing"),
    ],
)
async def test_what_cannot_leave_as_the_route_wants_is_refused(offer, options, says):
    async with offline({PACKAGES: parcel(), OFFER: good(offer)}) as shop:
        with pytest.raises(Refused, match=says):
            await shop.connection.arrange_shipment(wanted(), route(**options))


async def test_a_pickup_without_time_slots_is_tried_later():
    offer = {**PICKUP, "pickup": {"address_list": [{"address_id": 1, "time_slot_list": None}]}}
    async with offline({PACKAGES: parcel(), OFFER: good(offer)}) as shop:
        with pytest.raises(TryLater, match="no time slot yet"):
            await shop.connection.arrange_shipment(wanted(), route())


@pytest.mark.parametrize(
    "state",
    [
        parcel(is_shipment_arranged=True),
        parcel("LOGISTICS_REQUEST_CREATED"),
        parcel("LOGISTICS_PICKUP_DONE"),
        parcel("LOGISTICS_DELIVERY_DONE"),
    ],
)
async def test_what_is_arranged_already_is_not_arranged_again(state):
    async with offline({PACKAGES: state}) as shop:
        receipt = await shop.connection.arrange_shipment(wanted(), route())
        assert receipt.already
        assert shop.far.paths() == [PACKAGES]


async def test_somebody_who_was_faster_makes_it_already():
    answers = {PACKAGES: parcel(), OFFER: good(PICKUP), SHIP: bad("logistics.package_already_shipped")}
    async with offline(answers) as shop:
        assert await shop.connection.arrange_shipment(wanted(), route()) == Receipt(NUMBER, already=True)


@pytest.mark.parametrize("status", ["LOGISTICS_INVALID", "LOGISTICS_LOST", "LOGISTICS_DELIVERY_FAILED"])
async def test_a_package_that_is_gone_is_refused(status):
    async with offline({PACKAGES: parcel(status)}) as shop:
        with pytest.raises(Refused, match=status):
            await shop.connection.arrange_shipment(wanted(), route())


async def test_a_package_that_is_not_ready_is_tried_later():
    async with offline({PACKAGES: parcel("LOGISTICS_NOT_START")}) as shop:
        with pytest.raises(TryLater, match="LOGISTICS_NOT_START"):
            await shop.connection.arrange_shipment(wanted(), route())


async def test_an_order_that_is_being_allocated_is_tried_later():
    answers = {PACKAGES: parcel(), OFFER: bad("logistics.error_param", "The order is being allocated, please wait")}
    async with offline(answers) as shop:
        with pytest.raises(TryLater):
            await shop.connection.arrange_shipment(wanted(), route())


async def test_a_failed_pickup_is_arranged_again_by_its_own_call():
    retry = parcel("LOGISTICS_PICKUP_RETRY")
    answers = {PACKAGES: [retry, parcel("LOGISTICS_REQUEST_CREATED")], OFFER: good(PICKUP), UPDATE: good()}
    async with offline(answers) as shop:
        await shop.connection.arrange_shipment(wanted(), route(ship_by=["dropoff"]))
        assert sent(shop, UPDATE) == [
            {"order_sn": "260910KJBHUJDM", "pickup": {"address_id": 2, "pickup_time_id": "early"}}
        ]


@pytest.mark.parametrize(("preferred", "tried"), [("first", ["early", "late"]), ("last", ["late", "early"])])
async def test_a_slot_that_was_missed_and_is_offered_again_is_changed_for_another(preferred: str, tried: list[str]):
    same = bad("logistics.update_shipping_order_no_param_change", "You can't update with the same parameters.")
    packages = [parcel("LOGISTICS_PICKUP_RETRY"), parcel("LOGISTICS_REQUEST_CREATED")]
    async with offline({PACKAGES: packages, OFFER: good(PICKUP), UPDATE: [same, good()]}) as shop:
        await shop.connection.arrange_shipment(wanted(), route(pickup_slot=preferred))
        assert [body["pickup"]["pickup_time_id"] for body in sent(shop, UPDATE)] == tried


async def test_a_missed_pickup_for_which_nothing_else_is_offered_is_refused():
    same = bad("logistics.update_shipping_order_no_param_change", "You can't update with the same parameters.")
    async with offline({PACKAGES: parcel("LOGISTICS_PICKUP_RETRY"), OFFER: good(PICKUP), UPDATE: same}) as shop:
        with pytest.raises(Refused, match="same parameters"):
            await shop.connection.arrange_shipment(wanted(), route())


async def test_only_packages_of_a_split_order_are_named():
    answers = {PACKAGES: ready_then_arranged(), OFFER: good(PICKUP), SHIP: good()}
    async with offline(answers) as shop:
        both = [package(item_list=[]), package(package_number="P2", item_list=[])]
        await shop.connection.arrange_shipment(wanted(package_list=both), route())
        assert sent(shop, SHIP)[0]["package_number"] == NUMBER
        assert shop.far.asked[1].url.params["package_number"] == NUMBER


@pytest.mark.parametrize(
    ("split", "code"),
    [
        (False, "logistics.ship_order_need_pacakge_number"),
        (True, "logistics.ship_order_not_need_pacakge_number"),
    ],
)
async def test_shopee_knows_better_whether_an_order_is_split(split, code):
    answers = {
        PACKAGES: [parcel(is_split_up=split), parcel(is_shipment_arranged=True)],
        OFFER: good(PICKUP),
        SHIP: [bad(code), good()],
    }
    async with offline(answers) as shop:
        await shop.connection.arrange_shipment(wanted(), route())
        assert ["package_number" in body for body in sent(shop, SHIP)] == [split, not split]


async def test_another_refusal_is_handed_on_with_its_code():
    answers = {PACKAGES: parcel(), OFFER: good(PICKUP), SHIP: bad("logistics.ship_order_pff_init", "warehouse order")}
    async with offline(answers) as shop:
        with pytest.raises(Refused) as caught:
            await shop.connection.arrange_shipment(wanted(), route())
        assert caught.value.code == "logistics.ship_order_pff_init"


async def test_a_yes_that_does_not_show_is_unclear():
    async with offline({PACKAGES: parcel(), OFFER: good(PICKUP), SHIP: good()}) as shop:
        with pytest.raises(Unclear, match="still says LOGISTICS_READY"):
            await shop.connection.arrange_shipment(wanted(), route())


async def test_a_lost_answer_is_unclear_and_nothing_is_sent_twice():
    def lost(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("cut")

    async with offline({PACKAGES: parcel(), OFFER: good(PICKUP), SHIP: lost}) as shop:
        with pytest.raises(Unclear):
            await shop.connection.arrange_shipment(wanted(), route())
        assert len(sent(shop, SHIP)) == 1


async def test_the_only_package_needs_no_name():
    async with offline({PACKAGES: parcel(is_shipment_arranged=True)}) as shop:
        assert (await shop.connection.arrange_shipment(wanted(""), route())).already
        with pytest.raises(Refused, match="has 0 packages"):
            await shop.connection.arrange_shipment(wanted("", package_list=[]), route())


async def test_a_package_that_shopee_does_not_know_is_refused():
    async with offline({PACKAGES: good({"package_list": []})}) as shop:
        with pytest.raises(Refused, match="knows no package"):
            await shop.connection.arrange_shipment(wanted(), route())


async def test_an_order_of_the_sandbox_is_arranged_once_over_http():
    async with online() as shop:
        number = (await shop.act("/orders"))["order_sn"]
        (open_order,) = await shop.connection.read_orders([number], route())
        assert isinstance(open_order, Order)
        asked = ArrangeShipment(open_order, open_order.shipments[0].id)
        assert not (await shop.connection.arrange_shipment(asked, route())).already
        (again,) = await shop.connection.read_orders([number], route())
        assert again.shipments[0].is_arranged
        assert (await shop.connection.arrange_shipment(asked, route())).already
        await shop.act("/clock", {"advance_seconds": 600})
        (processed,) = await shop.connection.read_orders([number], route())
        assert processed.vendor_status == "PROCESSED"
        assert processed.shipments[0].tracking_number


async def test_a_missed_pickup_of_the_sandbox_is_arranged_again_over_http():
    async with online() as shop:
        number = (await shop.act("/orders"))["order_sn"]
        await shop.act(f"/orders/{number}/arrange")
        await shop.act("/clock", {"advance_seconds": 600})
        await shop.act(f"/orders/{number}/miss-pickup")
        (missed,) = await shop.connection.read_orders([number], route())
        assert missed.shipments[0].status is ShipmentStatus.RETRY
        asked = ArrangeShipment(missed, missed.shipments[0].id)
        assert not (await shop.connection.arrange_shipment(asked, route())).already
        await shop.act("/clock", {"advance_seconds": 60})
        (again,) = await shop.connection.read_orders([number], route())
        assert again.shipments[0].is_arranged
