"""From bytes as Acme Market sends them."""

import json

import pytest
from crossdock.contract import Unreadable
from crossdock.model import OrderStatus

from crossdock_acme import translate


def piece(number, sku="10003", price=1250, parcel="P1", **more):
    return {"id": f"AC-1-{number}", "sku": sku, "title": sku, "price_minor": price, "parcel": parcel, **more}


def raw(**changes):
    order = {
        "id": "AC-1",
        "state": "NEW",
        "currency": "SGD",
        "pieces": [piece(1), piece(2, "40020", 2400, "P2"), piece(3, parcel="P2"), piece(4, parcel="P2")],
        "parcels": [{"id": "P1", "state": "PACKED", "tracking": "AX1"}, {"id": "P2", "state": "OPEN"}],
        "delivery_minor": 350,
        "paid_minor": 3 * 1250 + 2400 + 350,
        "recipient": "Ada Tan",
        "street": "1 Cross Street",
        "created_ms": 1_795_600_000_123,
        "updated_ms": 1_795_600_000_999,
    }
    return json.dumps(order | changes).encode()


def test_pieces_are_gathered_into_lines_with_quantities():
    order = translate.order(raw())
    assert [(line.id, line.sku, line.quantity, str(line.amount)) for line in order.lines] == [
        ("AC-1-1", "10003", 3, "37.50 SGD"),
        ("AC-1-2", "40020", 1, "24.00 SGD"),
    ]
    assert (str(order.total), order.imbalance.amount) == ("65.00 SGD", 0)


def test_a_line_may_be_split_over_parcels():
    first, second = translate.order(raw()).shipments
    assert [(line.line_id, line.quantity) for line in first.lines] == [("AC-1-1", 1)]
    assert [(line.line_id, line.quantity) for line in second.lines] == [("AC-1-1", 2), ("AC-1-2", 1)]
    assert (first.tracking_number, second.tracking_number) == ("AX1", "")


def test_pieces_at_another_price_are_a_line_of_their_own_and_cancelled_ones_are_counted():
    pieces = [piece(1), piece(2, price=1000), piece(3, cancelled=True)]
    lines = translate.order(raw(pieces=pieces, paid_minor=3850)).lines
    assert [(line.quantity, line.cancelled_quantity) for line in lines] == [(2, 1), (1, 0)]


@pytest.mark.parametrize(("currency", "text"), [("SGD", "65.00 SGD"), ("JPY", "6500 JPY"), ("KWD", "6.500 KWD")])
def test_the_smallest_unit_is_the_currencys_own(currency, text):
    assert str(translate.order(raw(currency=currency)).total) == text


def test_moments_keep_their_milliseconds():
    assert translate.order(raw()).updated_at.isoformat() == "2026-11-25T09:46:40.999000+00:00"


@pytest.mark.parametrize("word", [*translate.ORDER_STATUS, "BRAND_NEW"])
def test_every_state_is_translated_and_a_new_one_is_shown_never_guessed(word):
    order = translate.order(raw(state=word))
    assert order.vendor_status == word
    assert (order.status is OrderStatus.UNKNOWN) == (word == "BRAND_NEW")


def test_what_cannot_be_read_says_where_and_which_order():
    poison = translate.order(raw(paid_minor="much"))
    assert isinstance(poison, Unreadable)
    assert poison.id == "AC-1"
    assert "paid_minor must be right" in str(poison.error)
