"""Orders: statuses, people, times, lines and parcels."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crossdock.errors import CannotTranslate
from crossdock.model import Cancellation, OrderStatus, Payment, ShipmentLine, ShipmentStatus
from crossdock_shopee.config import SkuFallback
from crossdock_shopee.translate.lines import named_by
from crossdock_shopee.translate.orders import order
from crossdock_shopee.translate.parcels import may_be_arranged, status_of, wants_number
from crossdock_shopee.translate.statuses import ORDER, PACKAGE, RETURN, order_status, package_status, return_status
from crossdock_shopee.wire.orders import Package
from tests.plugins.shopee import order_page
from tests.plugins.shopee.order_bodies import detail, item, package, seen


def test_every_example_is_read_as_the_page_says():
    assert order_page.page().splitlines() == order_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {order_page.__name__}"
    )


def test_the_order_of_the_documentation_is_read_field_by_field():
    found = order(seen())
    assert (found.id, found.reference, found.vendor_status) == ("260910KJBHUJDM", "", "READY_TO_SHIP")
    assert found.status is OrderStatus.OPEN
    assert str(found.total) == "31.99 SGD"
    assert str(found.imbalance) == "0.00 SGD"
    assert str(found.shipping_fee) == "1.99 SGD"
    assert found.payment == Payment(method="Apple Pay")
    assert (found.buyer.id, found.buyer.name) == ("7001", "****")
    assert found.ship_to.is_masked
    assert (found.ship_to.line, found.ship_to.postcode, found.ship_to.country) == ("10 Collyer Quay", "049315", "SG")
    assert found.shipping_method == "Standard Express"
    assert found.note == "Please ring"
    assert found.can_cancel is True
    assert found.can_cancel_partly is False
    assert found.placed_at == datetime.fromtimestamp(1788973351, UTC)
    assert found.paid_at == datetime.fromtimestamp(1788973353, UTC)
    assert found.ship_by == datetime.fromtimestamp(1789405354, UTC)
    assert found.updated_at == datetime.fromtimestamp(1788973354, UTC)
    (line,) = found.lines
    assert (line.id, line.sku, line.name) == ("846056136-12984093", "123002002", "Cotton T-shirt, Black,02")
    assert (line.product_id, line.variant_id, line.location) == ("846056136", "12984093", "SGZ")
    assert (line.quantity, str(line.list_price), str(line.amount)) == (2, "15.00 SGD", "30.00 SGD")


def test_what_they_leave_out_or_send_as_null_is_empty():
    found = order(
        seen(
            item_list=None, package_list=None, recipient_address=None, buyer_user_id=None, buyer_username=None,
            payment_method=None, shipping_carrier=None, message_to_seller=None, pay_time=None, ship_by_date=0,
            total_amount=1.99, can_full_cancel_order=None,
        )
    )  # fmt: skip
    assert (found.lines, found.shipments, found.payment, found.cancellation) == ((), (), None, None)
    assert (found.buyer.id, found.ship_to.line, found.paid_at, found.ship_by) == ("", "", None, None)
    assert found.can_cancel is None


@pytest.mark.parametrize(
    ("invoice", "word", "shown"),
    [
        ({"status": "pending"}, "READY_TO_SHIP", "INVOICE_PENDING"),
        ({"status": "pending"}, "CANCELLED", "CANCELLED"),
        ({"status": "valid"}, "READY_TO_SHIP", "READY_TO_SHIP"),
        (None, "READY_TO_SHIP", "READY_TO_SHIP"),
    ],
)
def test_f13_an_order_that_waits_for_its_invoice_is_open_and_says_so(invoice, word, shown):
    found = order(seen(invoice_data=invoice, order_status=word))
    assert found.vendor_status == shown
    assert found.status is ORDER[word]


@pytest.mark.parametrize("word", ORDER)
def test_each_documented_order_status_has_ours_beside_it(word):
    found = order(seen(order_status=word))
    assert found.status is ORDER[word]
    assert found.status is not OrderStatus.UNKNOWN
    assert found.vendor_status == word


def test_a_status_that_nobody_knows_is_shown_and_not_guessed():
    found = order(seen(order_status="TELEPORTED"))
    assert (found.status, found.vendor_status) == (OrderStatus.UNKNOWN, "TELEPORTED")
    assert order_status("") is OrderStatus.UNKNOWN
    assert package_status("?") is ShipmentStatus.UNKNOWN
    assert return_status("?").value == "unknown"


@pytest.mark.parametrize(("word", "status"), [*PACKAGE.items(), *RETURN.items()])
def test_packages_and_returns_are_known_by_every_documented_word(word, status):
    found = package_status(word) if word in PACKAGE else return_status(word)
    assert found is status


def test_a_ready_package_that_is_arranged_already_is_arranged():
    assert package_status("LOGISTICS_READY", arranged=True) is ShipmentStatus.ARRANGED
    assert package_status("LOGISTICS_PICKUP_RETRY", arranged=True) is ShipmentStatus.RETRY
    (parcel,) = order(seen(), packages={"OFG242672552205937": detail(is_shipment_arranged=True)}).shipments
    assert parcel.is_arranged
    assert parcel.vendor_status == "LOGISTICS_READY"


def test_a_parcel_gets_its_tracking_number_and_its_day_from_the_package():
    known = {"OFG242672552205937": detail(tracking_number="SG200448", pickup_done_time=1789000000)}
    picked = seen(order_status="SHIPPED", package_list=[package(logistics_status="LOGISTICS_PICKUP_DONE")])
    (parcel,) = order(picked, packages=known).shipments
    assert (parcel.id, parcel.tracking_number, parcel.carrier) == ("OFG242672552205937", "SG200448", "Standard Express")
    assert parcel.shipped_at == datetime.fromtimestamp(1789000000, UTC)
    assert parcel.lines == ()


def test_a_parcel_without_details_has_no_number_and_takes_the_orders_day():
    shipped = seen(pickup_done_time=1789000001, package_list=[package(logistics_status="LOGISTICS_DELIVERY_DONE")])
    (parcel,) = order(shipped).shipments
    assert (parcel.tracking_number, parcel.shipped_at) == ("", datetime.fromtimestamp(1789000001, UTC))


def test_a_parcel_without_a_status_or_carrier_takes_what_the_order_says():
    (parcel,) = order(seen(package_list=[package(logistics_status=None, shipping_carrier=None)])).shipments
    assert (parcel.status, parcel.carrier, parcel.shipped_at) == (ShipmentStatus.UNKNOWN, "Standard Express", None)


def test_a_split_order_says_what_is_in_each_parcel():
    one, two = item(item_id=1, model_id=0, order_item_id=1), item(item_id=2, model_id=5, order_item_id=2)
    inside = [
        {"item_id": number, "model_id": model, "model_quantity": 2, "order_item_id": number, "promotion_group_id": 0}
        for number, model in ((2, 5), (1, 0))
    ]
    split = seen(
        item_list=[one, two],
        total_amount=61.99,
        package_list=[
            package(package_number="P1", item_list=inside[:1]),
            package(package_number="P2", item_list=inside[1:]),
            package(package_number="P3", item_list=None),
        ],
    )
    first, second, third = order(split).shipments
    assert first.lines == (ShipmentLine(line_id="2-5", quantity=Decimal(2)),)
    assert second.lines == (ShipmentLine(line_id="1-0", quantity=Decimal(2)),)
    assert third.lines == ()


def test_a_parcel_with_goods_that_nobody_ordered_cannot_be_read():
    foreign = {"item_id": 9, "model_id": 9, "model_quantity": 1}
    with pytest.raises(CannotTranslate, match=r"package_list\[P1\].item_list must be goods of the order's lines"):
        order(seen(package_list=[package(package_number="P1", item_list=[foreign]), package()]))


def test_the_same_goods_twice_are_two_lines_and_fill_parcels_in_turn():
    twice = seen(
        item_list=[item(model_quantity_purchased=1), item(model_quantity_purchased=2)],
        total_amount=46.99,
        package_list=[
            package(package_number="P1", item_list=[{**package()["item_list"][0], "model_quantity": 3}]),
            package(package_number="P2", item_list=[]),
        ],
    )
    found = order(twice)
    assert [line.id for line in found.lines] == ["846056136-12984093", "846056136-12984093.2"]
    assert [(part.line_id, part.quantity) for part in found.shipments[0].lines] == [
        ("846056136-12984093", 1),
        ("846056136-12984093.2", 2),
    ]


def test_goods_that_a_parcel_names_twice_fill_one_line_after_the_other():
    part = {**package()["item_list"][0], "model_quantity": 1}
    pieces = [item(model_quantity_purchased=1), item(model_quantity_purchased=2)]
    packages = [package(package_number="P1", item_list=[part] * 3), package(package_number="P2", item_list=[])]
    found = order(seen(item_list=pieces, total_amount=46.99, package_list=packages))
    assert [part.line_id.partition(".")[2] for part in found.shipments[0].lines] == ["", "2", "2"]


def test_a_second_line_of_the_same_goods_is_named_to_shopee_like_the_first():
    assert named_by("7-8.2") == named_by("7-8") == (7, 8, 7, 0)
    assert named_by("7-8-1-3.12") == (7, 8, 1, 3)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"fulfillment_status": "LOGISTICS_READY"}, ShipmentStatus.READY),
        ({"fulfillment_status": "LOGISTICS_READY", "is_shipment_arranged": True}, ShipmentStatus.ARRANGED),
        ({"fulfillment_status": "LOGISTICS_PICKUP_DONE"}, ShipmentStatus.SHIPPED),
        ({}, ShipmentStatus.UNKNOWN),
    ],
)
def test_a_package_says_itself_where_it_is(fields, status):
    assert status_of(detail(**fields)) is status


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (846056136, 12984093, 846056136, 0)),
        ({"model_id": 0}, (846056136, 0, 846056136, 0)),
        ({"order_item_id": 1, "promotion_group_id": 3}, (846056136, 12984093, 1, 3)),
        ({"order_item_id": None, "promotion_group_id": None, "model_id": None}, (846056136, 0, 846056136, 0)),
    ],
)
def test_a_line_id_names_the_line_to_shopee_again(fields, expected):
    (line,) = order(seen(item_list=[item(**fields)])).lines
    assert named_by(line.id) == expected


@pytest.mark.parametrize(
    ("fields", "fallback", "sku"),
    [
        ({}, "none", "123002002"),
        ({"model_id": 0, "model_sku": ""}, "none", "TSHIRT"),
        ({"model_id": 0, "model_sku": "M", "item_sku": ""}, "none", "M"),
        ({"model_sku": ""}, "none", ""),
        ({"model_sku": None}, "item", "TSHIRT"),
        ({"model_sku": "", "item_sku": None}, "item", ""),
        ({"model_sku": ""}, "ids", "846056136-12984093"),
        ({"model_id": None, "item_sku": "", "model_sku": ""}, "ids", "846056136-0"),
    ],
)
def test_the_sku_is_the_variations_then_what_the_route_says(fields, fallback, sku):
    (line,) = order(seen(item_list=[item(**fields)]), fallback=SkuFallback(fallback)).lines
    assert line.sku == sku


@pytest.mark.parametrize(("wire", "ours"), [(["SGZ", "X"], "SGZ"), ("SGZ", "SGZ"), ([], ""), (None, "")])
def test_a_location_comes_as_text_or_as_a_list(wire, ours):
    (line,) = order(seen(item_list=[item(product_location_id=wire, model_name="", item_name=None)])).lines
    assert (line.location, line.name) == (ours, "")


def test_cancelled_and_returned_quantities_are_kept():
    (line,) = order(seen(item_list=[item(cancelled_qty=1, returned_qty=None)])).lines
    assert (line.cancelled_quantity, line.returned_quantity) == (1, 0)
    (line,) = order(seen(item_list=[item(cancelled_qty=None, returned_qty=1)])).lines
    assert (line.cancelled_quantity, line.returned_quantity) == (0, 1)


def test_a_line_of_nothing_cannot_be_read():
    with pytest.raises(CannotTranslate, match=r"item_list\[1\].model_quantity_purchased must be above 0, not '0'"):
        order(seen(item_list=[item(), item(model_quantity_purchased=0)]))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"order_status": "IN_CANCEL", "buyer_cancel_reason": "Changed my mind"}, ("buyer", "Changed my mind")),
        ({"order_status": "IN_CANCEL", "cancel_by": "system"}, ("system", "")),
        ({"order_status": "CANCELLED", "cancel_by": "seller", "cancel_reason": "Gone"}, ("seller", "Gone")),
        ({"order_status": "CANCELLED", "cancel_by": None, "cancel_reason": "Unpaid Order"}, ("", "Unpaid Order")),
    ],
)  # fmt: skip
def test_who_cancels_and_why_is_kept(fields, expected):
    found = order(seen(**fields)).cancellation
    assert found == Cancellation(by=expected[0], reason=expected[1])


def test_cash_on_delivery_and_the_transaction_are_kept():
    found = order(seen(cod=True, payment_info=[{"transaction_id": "tx-1"}])).payment
    assert found == Payment(method="Apple Pay", cash_on_delivery=True, transaction_id="tx-1")
    assert order(seen(cod=True, payment_method="", payment_info=[{"transaction_id": None}])).payment == Payment(
        method="", cash_on_delivery=True
    )


@pytest.mark.parametrize(
    ("status", "ready", "numbered"),
    [
        ("LOGISTICS_READY", True, False),
        ("LOGISTICS_REQUEST_CREATED", False, True),
        ("LOGISTICS_DELIVERY_DONE", False, True),
        ("LOGISTICS_PICKUP_RETRY", False, False),
        (None, False, False),
    ],
)
def test_only_some_packages_are_worth_another_question(status, ready, numbered):
    found = Package("P1", logistics_status=status)
    assert (may_be_arranged(found), wants_number(found)) == (ready, numbered)
