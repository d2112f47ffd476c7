"""Orders, both ways: what the OMS is told, and what is read out of what it shows."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from crossdock.errors import CannotTranslate, Refused
from crossdock.model import (
    Address,
    Buyer,
    Charge,
    Discount,
    Money,
    OrderStatus,
    Payer,
    ShipmentStatus,
)
from crossdock_anchanto_oms.config import AnchantoRoute, Mode
from crossdock_anchanto_oms.order_records import (
    Change,
    Move,
    OmsLine,
    OmsOrder,
    OmsProblem,
    OmsShipment,
    Parcel,
    Person,
    Place,
    Trouble,
)
from crossdock_anchanto_oms.statuses import OmsState
from crossdock_anchanto_oms.translate.documents import as_channel_order, as_document
from crossdock_anchanto_oms.translate.mirroring import Clear, next_act
from crossdock_anchanto_oms.translate.placing import carrier_of, new_order
from tests.plugins.anchanto_oms import order_page
from tests.plugins.anchanto_oms.client_kit import line, parcel, settings, shopee, won

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
OPTIONS = AnchantoRoute()
St = OrderStatus


def oms(state: str = "NEW", **changes: Any) -> OmsOrder:
    known = OmsOrder(
        "OMS-1", "241121AAA", state, "KRW", Mode.MARKETPLACE.value,
        (OmsLine("1", "MUG", 2, Decimal(12000), "Mug"),), Decimal(24000), 1, AT, carrier="SLS",
    )  # fmt: skip
    return msgspec.structs.replace(known, **changes)


def mirrored(**changes: Any) -> OmsOrder:
    """An order that has everything that `shopee()` says beside its state."""
    order = shopee()
    return oms(ship_by=order.ship_by, paid_at=order.paid_at, **changes)


def test_every_example_is_decided_as_the_page_says() -> None:
    assert order_page.page().splitlines() == order_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {order_page.__name__}"
    )


def test_the_figures_of_a_new_order_add_up_to_its_total() -> None:
    order = shopee(
        lines=(line(discounts=(Discount(kind="item", payer=Payer.SELLER, amount=won("500")),), amount=won("23500")),),
        charges=(Charge(kind="shipping", amount=won("3000")), Charge(kind="service", amount=won("100"))),
        discounts=(Discount(kind="voucher", payer=Payer.MARKETPLACE, amount=won("1000")),),
        note="ring twice",
    )
    new = new_order(order, settings(), OPTIONS)
    assert (new.total, new.shipping_fee, new.discount) == (Decimal(25600), Decimal(3100), Decimal(1000))
    assert new.lines[0].discount == Decimal(500)
    assert new.note == "ring twice; the shipping fee contains service 100 KRW"
    assert order.total == won("25600")


def test_f07_an_order_in_another_currency_is_refused() -> None:
    with pytest.raises(Refused, match="in KRW, and store KR-STORE-1 sells in SGD") as caught:
        new_order(shopee(), settings(currency="SGD"), OPTIONS)
    assert caught.value.code == "wrong_currency"


def test_f35_an_order_of_several_parcels_is_refused_for_the_oms_does_not_split() -> None:
    with pytest.raises(Refused, match="does not split orders") as caught:
        new_order(shopee(shipments=(parcel(), parcel(ident="PKG2"))), settings(), OPTIONS)
    assert caught.value.code == "order_split"
    gone = parcel(ShipmentStatus.CANCELLED, ident="PKG2")
    assert new_order(shopee(shipments=(parcel(), gone)), settings(), OPTIONS).channel_reference == "241121AAA"


def test_half_a_piece_is_refused() -> None:
    half = line().model_copy(update={"quantity": Decimal("0.5")})
    with pytest.raises(Refused, match="whole pieces"):
        new_order(shopee(total=won("27000")).model_copy(update={"lines": (half,)}), settings(), OPTIONS)


def test_a_line_without_sku_is_refused() -> None:
    with pytest.raises(Refused, match="has no SKU"):
        new_order(shopee(lines=(line(sku=""),)), settings(), OPTIONS)


def test_only_what_is_not_cancelled_is_ordered_at_its_share_of_the_price() -> None:
    part = line(
        quantity=3,
        price="1000",
        cancelled_quantity=Decimal(1),
        amount=won("2900"),
        discounts=(Discount(kind="item", payer=Payer.SELLER, amount=won("100")),),
    )
    none = line(sku="TEA", number="2", cancelled_quantity=Decimal(2))
    new = new_order(shopee(lines=(part, none)), settings(), OPTIONS)
    assert [(one.sku, one.quantity, one.discount) for one in new.lines] == [("MUG", 2, Decimal(67))]
    assert new.total == Decimal(2000 - 67 + 3000)
    with pytest.raises(Refused, match="nothing to ship"):
        new_order(shopee(lines=(none,)), settings(), OPTIONS)


def test_f13_what_left_before_it_came_in_is_history_in_its_own_state() -> None:
    states = {
        St.SHIPPED: "IN_TRANSIT",
        St.DELIVERED: "IN_TRANSIT",
        St.COMPLETED: "COMPLETE",
        St.CANCELLED: "CANCEL",
        St.RETURNING: "IN_TRANSIT",
    }
    for status in OrderStatus:
        new = new_order(shopee(status, status.value.upper()), settings(), OPTIONS)
        assert new.historical is (status in states)
        assert new.state == states.get(status, "MP_UNPAID" if status is St.UNPAID else "NEW")
    plain = new_order(shopee(St.COMPLETED), settings(), AnchantoRoute(historical=False))
    assert (plain.historical, plain.state) == (False, "NEW")


def test_f13_every_status_of_a_backfill_is_history_in_its_own_state() -> None:
    states = {
        St.UNPAID: "MP_UNPAID",
        St.OPEN: "NEW",
        St.HELD: "NEW",
        St.ARRANGED: "READY_TO_SHIP",
        St.SHIPPED: "IN_TRANSIT",
        St.COMPLETED: "COMPLETE",
        St.CANCELLING: "CANCEL_IN_PROCESS",
        St.CANCELLED: "CANCEL",
    }
    for status, state in states.items():
        new = new_order(shopee(status, historical=True), settings(), OPTIONS)
        assert (new.historical, new.state) == (True, state)
    shipments = (parcel(number="TRK-1"),)
    numbers = {
        status: new_order(shopee(status, historical=True, shipments=shipments), settings(), OPTIONS).tracking_number
        for status in states
    }
    assert {status for status, number in numbers.items() if number} == {St.ARRANGED, St.SHIPPED, St.COMPLETED}
    gone = line(cancelled_quantity=Decimal(2))
    kept = line(sku="TEA", number="2")
    assert [one.sku for one in new_order(shopee(lines=(gone, kept), historical=True), settings(), OPTIONS).lines] == [
        "TEA"
    ]


def test_an_order_that_the_channel_holds_is_created_on_hold() -> None:
    for status in (St.HELD, St.OPEN):
        assert new_order(shopee(status, "INVOICE_PENDING"), settings(), OPTIONS).hold == "channel:INVOICE_PENDING"
    assert new_order(shopee(), settings(), OPTIONS).hold == ""


def test_withheld_data_of_the_buyer_has_a_placeholder_where_the_oms_wants_some() -> None:
    new = new_order(shopee(buyer=Buyer(), ship_to=Address(), placed_at=None), settings(), OPTIONS)
    assert (new.buyer.name, new.ship_to.line1, new.ship_to.country) == ("(withheld)", "(withheld)", "KR")
    assert new.ordered_at == shopee().updated_at
    unknown = new_order(shopee(placed_at=None, updated_at=None), settings(), OPTIONS)
    assert unknown.ordered_at == datetime.fromtimestamp(0, UTC)


def test_a_long_street_goes_on_in_the_second_line() -> None:
    new = new_order(shopee(ship_to=Address(line="x" * 300, line2="flat 2", country="KR")), settings(), OPTIONS)
    assert len(new.ship_to.line1) == 255
    assert new.ship_to.line2 == "x" * 45 + ", flat 2"


def test_the_logistics_mode_follows_what_the_buyer_chose() -> None:
    options = AnchantoRoute(oms_carrier_methods=("SLS",), carriers={"SLS": "CJ"})
    new = new_order(shopee(), settings(), options)
    assert (new.logistics_mode, new.carrier) == ("oms_carrier", "CJ")
    assert carrier_of(shopee(shipments=()), OPTIONS) == "SLS"


@pytest.mark.parametrize(
    ("state", "changes", "status"),
    [
        ("MP_UNPAID", {}, St.UNPAID),
        ("NEW", {}, St.OPEN),
        ("NEW", {"hold": "INVOICE_PENDING"}, St.HELD),
        ("RFP", {}, St.OPEN),
        ("PARTIAL", {}, St.OPEN),
        ("PACKED", {}, St.OPEN),
        ("PACKED", {"ready_at": AT}, St.ARRANGED),
        ("READY_TO_SHIP", {"ready_at": AT}, St.ARRANGED),
        ("READY_TO_SHIP", {"logistics_mode": "oms_carrier"}, St.OPEN),
        ("IN_TRANSIT", {}, St.SHIPPED),
        ("IN_TRANSIT", {"sub_state": "DELIVERED"}, St.DELIVERED),
        ("COMPLETE", {}, St.COMPLETED),
        ("CANCEL_IN_PROCESS", {}, St.CANCELLING),
        ("CANCEL", {}, St.CANCELLED),
        ("CANCEL_BY_SELLER_IN_PROCESS", {}, St.CANCELLED),
        ("CANCEL_BY_SELLER", {}, St.CANCELLED),
        ("APPROVAL_IN_PROCESS", {}, St.HELD),
        ("REJECT", {}, St.CANCELLED),
        ("LOST_IN_TRANSIT", {}, St.SHIPPED),
        ("FROM_THE_FUTURE", {}, St.UNKNOWN),
    ],
)
def test_a_document_says_in_our_words_where_it_is(state: str, changes: dict[str, Any], status: OrderStatus) -> None:
    document = as_document(oms(state, **changes))
    assert document.status is status
    assert document.vendor_status.startswith(state)


def test_f31_f32_ready_to_ship_releases_one_parcel_without_a_number_yet() -> None:
    document = as_document(oms("READY_TO_SHIP", ready_at=AT))
    assert [(p.id, p.status, p.tracking_number, p.carrier) for p in document.shipments] == [
        ("OMS-1", ShipmentStatus.ARRANGED, "", "")
    ]
    assert as_document(oms("NEW")).shipments == ()


def test_f30_with_a_carrier_of_the_oms_goods_are_released_once_the_parcel_has_its_number() -> None:
    own = {"logistics_mode": "oms_carrier", "ready_at": AT}
    assert as_document(oms("READY_TO_SHIP", **own)).shipments == ()
    done = as_document(oms("READY_TO_SHIP", shipment=OmsShipment("CJ123", "CJ", "oms"), **own))
    assert done.status is St.ARRANGED
    assert [(p.tracking_number, p.carrier) for p in done.shipments] == [("CJ123", "CJ")]


def test_a_document_says_what_can_no_longer_be_cancelled_and_keeps_no_personal_data() -> None:
    person, place = Person("Test Buyer"), Place("Test Buyer", "1 Example Street", "KR")
    document = as_document(oms("COMPLETE", buyer=person, ship_to=place))
    assert document.can_cancel is False
    assert (document.buyer, document.ship_to) == (Buyer(), Address())
    assert as_document(oms("NEW")).can_cancel is None


def test_money_of_a_document_adds_up_or_is_refused() -> None:
    document = as_document(
        oms(shipping_fee=Decimal(3000), discount=Decimal(1000), total=Decimal(26000), lines=(
            OmsLine("1", "MUG", 2, Decimal(12000), discount=Decimal(0)),
        ))
    )  # fmt: skip
    assert document.total == Money.parse("26000 KRW")
    assert not document.imbalance
    with pytest.raises(CannotTranslate, match="OMS-1"):
        as_document(oms(lines=(OmsLine("1", "MUG", 0, Decimal(12000)),)))


def test_as_a_channel_it_shows_buyer_address_and_a_parcel_to_be_arranged() -> None:
    person, place = Person("Test Buyer"), Place("Test Buyer", "1 Example Street", "KR")
    order = as_channel_order(oms(buyer=person, ship_to=place, note="ring"))
    assert (order.buyer.name, order.ship_to.line, order.note) == ("Test Buyer", "1 Example Street", "ring")
    assert order.shipments[0].status is ShipmentStatus.READY
    assert as_channel_order(oms()).buyer == Buyer()
    assert as_channel_order(oms("CANCEL")).shipments == ()


@pytest.mark.parametrize(
    ("state", "changes", "status"),
    [
        ("NEW", {"hold": "x"}, ShipmentStatus.WAITING),
        ("NEW", {"problems": (OmsProblem("UNKNOWN_SKU", blocking=True),)}, ShipmentStatus.WAITING),
        ("NEW", {"problems": (OmsProblem("NOTE"),)}, ShipmentStatus.READY),
        ("PACKED", {"ready_at": AT}, ShipmentStatus.ARRANGED),
        ("IN_TRANSIT", {}, ShipmentStatus.SHIPPED),
        ("IN_TRANSIT", {"sub_state": "DELIVERED"}, ShipmentStatus.DELIVERED),
        ("LOST_IN_TRANSIT", {}, ShipmentStatus.LOST),
    ],
)
def test_a_parcel_waits_for_what_keeps_its_order(state: str, changes: dict[str, Any], status: ShipmentStatus) -> None:
    assert as_channel_order(oms(state, **changes)).shipments[0].status is status


def test_a_cancellation_by_the_seller_is_carried_to_the_channel_and_asks_nothing_of_a_backend() -> None:
    word = "CANCEL_BY_SELLER_IN_PROCESS"
    assert as_document(oms(word)).status is St.CANCELLED
    order = as_channel_order(oms(word))
    assert order.status is St.CANCELLING
    assert order.cancellation is not None
    assert order.cancellation.by == "seller"


def test_nothing_is_done_where_both_sides_agree() -> None:
    assert next_act(shopee(), mirrored(), OPTIONS) is None
    assert next_act(shopee(), mirrored(state="COMPLETE"), OPTIONS) is None


def test_times_that_the_channel_learned_are_written() -> None:
    order = shopee()
    assert next_act(order, oms(), OPTIONS) == Change(paid_at=order.paid_at)
    assert next_act(order, oms(paid_at=order.paid_at), OPTIONS) == Change(ship_by=order.ship_by)
    assert next_act(shopee(ship_by=None, paid_at=None), oms(), OPTIONS) is None


@pytest.mark.parametrize("status", [St.HELD, St.OPEN])
def test_a_hold_of_the_channel_is_set_and_let_go_and_one_of_people_is_left_alone(status: OrderStatus) -> None:
    held = shopee(status, "INVOICE_PENDING")
    assert next_act(held, mirrored(), OPTIONS) == Change(hold="channel:INVOICE_PENDING")
    assert next_act(held, mirrored(hold="channel:INVOICE_PENDING"), OPTIONS) is None
    assert next_act(shopee(), mirrored(hold="channel:INVOICE_PENDING"), OPTIONS) == Change(hold=None)
    assert next_act(shopee(), mirrored(hold="fraud check"), OPTIONS) is None
    assert next_act(held, mirrored(state="RFP", hold="channel:INVOICE_PENDING"), OPTIONS) is None


def test_each_move_names_the_state_that_it_starts_from() -> None:
    move = next_act(shopee(St.COMPLETED, "COMPLETED"), mirrored(state="NEW"), OPTIONS)
    assert move == Move("READY_TO_SHIP", "NEW", reason="the channel shows COMPLETED")


def test_the_tracking_number_is_written_before_the_parcel_is_in_transit() -> None:
    order = shopee(St.SHIPPED, "SHIPPED", shipments=(parcel(ShipmentStatus.SHIPPED, "TRK1"),))
    ready = mirrored(state="READY_TO_SHIP", ready_at=AT)
    assert next_act(order, ready, OPTIONS) == Parcel("TRK1", "SLS")
    tracked = msgspec.structs.replace(ready, shipment=OmsShipment("TRK1", "SLS", "marketplace"))
    assert next_act(order, tracked, OPTIONS) == Move("IN_TRANSIT", "READY_TO_SHIP", reason="the channel shows SHIPPED")
    bare = order.model_copy(update={"shipments": ()})
    assert next_act(bare, ready, OPTIONS) == Move("IN_TRANSIT", "READY_TO_SHIP", reason="the channel shows SHIPPED")


def test_delivered_is_written_with_the_move_or_after_it() -> None:
    order = shopee(St.DELIVERED, "TO_CONFIRM_RECEIVE")
    tracked = mirrored(state="READY_TO_SHIP", ready_at=AT, shipment=OmsShipment("TRK1", "SLS", "marketplace"))
    moved = next_act(order, tracked, OPTIONS)
    assert moved == Move("IN_TRANSIT", "READY_TO_SHIP", "DELIVERED", "the channel shows TO_CONFIRM_RECEIVE")
    assert next_act(order, mirrored(state="IN_TRANSIT"), OPTIONS) == Change(sub_state="DELIVERED")
    assert next_act(order, mirrored(state="IN_TRANSIT", sub_state="DELIVERED"), OPTIONS) is None


def test_a_failed_pick_up_is_reported_once_and_taken_back() -> None:
    failed = shopee(shipments=(parcel(ShipmentStatus.RETRY),), word="RETRY_SHIP")
    ready = mirrored(state="READY_TO_SHIP", ready_at=AT)
    act = next_act(failed, ready, OPTIONS)
    assert isinstance(act, Trouble)
    assert act.code == "PICKUP_RETRY"
    told = msgspec.structs.replace(ready, problems=(OmsProblem("PICKUP_RETRY"),))
    assert next_act(failed, told, OPTIONS) is None
    assert next_act(shopee(St.ARRANGED, "PROCESSED"), told, OPTIONS) == Clear("PICKUP_RETRY")


def test_what_the_oms_cannot_follow_is_refused_with_both_states() -> None:
    with pytest.raises(Refused, match="is APPROVAL_IN_PROCESS and cannot follow the channel's SHIPPED") as caught:
        next_act(shopee(St.SHIPPED, "SHIPPED"), oms("APPROVAL_IN_PROCESS"), OPTIONS)
    assert caught.value.facts == {"oms_state": "APPROVAL_IN_PROCESS", "channel_status": "SHIPPED"}


def test_lost_and_undeliverable_parcels_are_followed_only_where_the_route_says_so() -> None:
    options = AnchantoRoute(follow_parcels=True)
    lost = shopee(St.SHIPPED, "SHIPPED", shipments=(parcel(ShipmentStatus.LOST, "TRK1"),))
    failed = shopee(St.SHIPPED, "SHIPPED", shipments=(parcel(ShipmentStatus.FAILED, "TRK1"),))
    there = mirrored(state="IN_TRANSIT", ready_at=AT)
    assert next_act(lost, there, OPTIONS) is None
    for order, state in ((lost, OmsState.LOST_IN_TRANSIT), (failed, OmsState.FAILED_DELIVERY_INITIATED)):
        act = next_act(order, there, options)
        assert isinstance(act, Move)
        assert act.to == state.value
    on_its_way = shopee(St.SHIPPED, "SHIPPED", shipments=(parcel(ShipmentStatus.SHIPPED, "TRK1"),))
    assert next_act(on_its_way, there, options) is None
