"""Rows of the tables as orders."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crossdock.errors import CannotTranslate
from crossdock.model import OrderStatus
from crossdock_ls_central.translate.found import DocumentRows, charge_kinds, to_order
from tests.plugins.ls_central import document_page

HEADER = {
    "Document ID": "CO000001",
    "External ID": "2611210ABCDEFG",
    "Created": "2026-11-21T09:00:00Z",
    "Status": "NEW",
    "SystemModifiedAt": "2026-11-21T10:00:00.5Z",
}
CHARGES = {"66010": "shipping"}


def row(line_no="10000", number="40020", variant="002", quantity="2", price="80", amount="160", **more):
    return {
        "Document ID": "CO000001",
        "Line No.": line_no,
        "Line Type": "0",
        "Number": number,
        "Variant Code": variant,
        "Quantity": quantity,
        "Price": price,
        "Amount": amount,
    } | more


def shipment(number="102042", tracking="", **more):
    return {"No.": number, "Posting Date": "2026-11-21", "Package Tracking No.": tracking} | more


def read(posted=False, header=None, lines=(), **more):
    rows = DocumentRows(HEADER | (header or {}), posted, list(lines), **more)
    return to_order(rows, "SGD", "-", CHARGES)


@pytest.mark.parametrize(
    ("posted", "cancelled", "shipped", "expected"),
    [
        (False, "", False, OrderStatus.OPEN),
        (False, "", True, OrderStatus.PARTLY_SHIPPED),
        (True, "0", True, OrderStatus.SHIPPED),
        (True, "false", False, OrderStatus.SHIPPED),
        (True, "1", False, OrderStatus.CANCELLED),
        (True, "true", True, OrderStatus.CANCELLED),
    ],
)
def test_where_a_document_is_and_what_it_shipped_tell_its_status(posted, cancelled, shipped, expected):
    found = read(posted, {"CancelledOrder": cancelled}, shipments=[shipment()] if shipped else [])
    assert found.status is expected
    assert len(found.shipments) == shipped


def test_a_posted_document_can_no_longer_be_cancelled_and_an_open_one_is_as_it_was_asked():
    assert read(posted=True).can_cancel is False
    assert read().can_cancel is None


def test_a_line_that_was_cancelled_shows_it_by_its_status():
    found = read(lines=[row(Status="CANCELED"), row("20000", Status="NEW")])
    assert [line.cancelled_quantity for line in found.lines] == [2, 0]


def test_numbers_reference_and_times_are_theirs():
    found = read(header={"Processing Status": "Picking"})
    assert (found.id, found.reference, found.vendor_status) == ("CO000001", "2611210ABCDEFG", "Picking")
    assert found.placed_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 11, 21, 10, 0, 0, 500_000, tzinfo=UTC)


def test_a_later_change_of_a_shipment_is_a_change_of_its_document():
    found = read(shipments=[shipment(SystemModifiedAt="2026-11-22T00:00:00Z")])
    assert found.updated_at == datetime(2026, 11, 22, tzinfo=UTC)


def test_goods_are_lines_and_service_lines_are_charges():
    fee = row("20000", "66010", "", "1", "3.80", "3.80")
    extra = row("30000", "66099", "", "1", "1", "1", **{"Service Item": "true"})
    found = read(lines=[row(), fee, extra])
    assert [(line.sku, line.amount.amount) for line in found.lines] == [("40020-002", Decimal("160.00"))]
    assert [(charge.kind, charge.amount.amount) for charge in found.charges] == [
        ("shipping", Decimal("3.80")),
        ("shipping", Decimal("1.00")),
    ]
    assert found.total.amount == Decimal("164.80")
    assert not found.imbalance


def test_lines_that_are_no_goods_are_left_out():
    assert read(lines=[row(quantity="0"), row(**{"Line Type": "5"})]).lines == ()


def test_a_line_is_known_by_the_channels_own_id_where_it_is_the_only_one():
    lines = [
        row("10000", **{"External ID": "11"}),
        row("20000", **{"External ID": "12"}),
        row("30000", **{"External ID": "12"}),
    ]
    assert [line.id for line in read(lines=lines).lines] == ["11", "20000", "30000"]


def test_a_discount_is_what_price_and_amount_differ_by():
    line = read(lines=[row(amount="144")]).lines[0]
    assert line.discount.amount == Decimal("16.00")


def test_a_price_finer_than_the_smallest_unit_is_rounded_up_and_the_rest_is_discount():
    line = read(lines=[row(quantity="3", price="3.33333", amount="10")]).lines[0]
    assert line.list_price.amount == Decimal("3.34")
    assert line.discount.amount == Decimal("0.02")


@pytest.mark.parametrize(("quantity", "price", "amount"), [("1", "80", "81"), ("0.3333", "80", "20")])
def test_a_line_that_our_model_cannot_say_is_told_with_its_place(quantity, price, amount):
    with pytest.raises(CannotTranslate, match="line 10000, Amount"):
        read(lines=[row(quantity=quantity, price=price, amount=amount)])


def test_a_number_that_is_none_is_told_with_its_place():
    with pytest.raises(CannotTranslate, match="line 10000, Price must be a decimal number, not 'abc'"):
        read(lines=[row(price="abc")])


def test_shipments_come_with_carrier_and_tracking_number_in_the_order_of_their_numbers():
    agent = {"Shipping Agent Code": "SPX", "Shipping Agent Service Code": "STD"}
    found = read(True, shipments=[shipment("102043"), shipment("102042", "TRK1", **agent)]).shipments
    assert [one.id for one in found] == ["102042", "102043"]
    assert (found[0].carrier, found[0].service, found[0].tracking_number) == ("SPX", "STD", "TRK1")
    assert found[0].shipped_at == datetime(2026, 11, 21, tzinfo=UTC)


def test_a_shipment_knows_its_goods_by_line_number_or_else_by_item():
    lines = [row("10000", **{"External ID": "11"}), row("20000", "30030", ""), row("30000", "66010", "")]
    shipped = [
        {"Document No.": "102042", "Line No.": "10000", "No.": "40020", "Quantity": "1"},
        {"Document No.": "102042", "Line No.": "15000", "No.": "30030", "Quantity": "2"},
        {"Document No.": "102042", "Line No.": "30000", "No.": "66010", "Quantity": "1"},
        {"Document No.": "102042", "Line No.": "40000", "No.": "40020", "Variant Code": "002", "Quantity": "0"},
        {"Document No.": "102099", "Line No.": "10000", "No.": "40020", "Quantity": "1"},
    ]
    found = read(True, lines=lines, shipments=[shipment()], shipment_lines=shipped).shipments[0]
    assert [(line.line_id, line.quantity) for line in found.lines] == [("11", 1), ("20000", 2)]


def test_every_example_is_read_as_the_page_says():
    assert document_page.page().splitlines() == document_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {document_page.__name__}"
    )


def test_items_of_charges_are_known_by_the_routes_options():
    assert charge_kinds("66010", {"service": "66020"}) == {"66010": "shipping", "66020": "service"}
    assert charge_kinds("", {}) == {}
