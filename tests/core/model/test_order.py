from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crossdock.model import (
    MASKED,
    Address,
    Charge,
    Discount,
    Money,
    Order,
    OrderLine,
    Payer,
    Shipment,
    ShipmentStatus,
    StockLevel,
)
from tests.strategies import order_lines, orders, shipments


def sgd(text):
    return Money.parse(text, "SGD")


def line(**given):
    values = {"id": "1", "sku": "TEE-S", "quantity": Decimal(2), "list_price": sgd("10.00"), "amount": sgd("20.00")}
    return OrderLine(**values | given)


def order(**given):
    values = {"id": "24", "status": "open", "vendor_status": "READY", "currency": "SGD", "lines": (line(),)}
    return Order(**values | given)


def off(amount, kind="voucher"):
    return Discount(kind=kind, payer=Payer.SELLER, amount=sgd(amount))


def test_a_line_is_price_times_quantity_less_its_discounts():
    reduced = line(discounts=(off("1.50"), off("0.50")), amount=sgd("18.00"))
    assert reduced.discount == sgd("2.00")
    assert reduced.paid_price == Decimal(9)


def test_a_line_that_does_not_add_up_is_refused_with_the_sum():
    with pytest.raises(ValidationError, match=r"line 1 does not add up: 2 x 10.00 SGD - 0.00 SGD is not 19.99 SGD"):
        line(amount=sgd("19.99"))


def test_a_line_weighed_in_fractions_adds_up_to_the_smallest_unit():
    weighed = line(quantity=Decimal("0.335"), list_price=sgd("9.99"), amount=sgd("3.35"))
    assert weighed.amount == sgd("3.35")
    with pytest.raises(ValidationError, match="does not add up"):
        line(quantity=Decimal("0.335"), list_price=sgd("9.99"), amount=sgd("3.34"))


def test_half_of_the_smallest_unit_counts_as_a_whole_one():
    assert line(quantity=Decimal("0.5"), list_price=sgd("0.05"), amount=sgd("0.03"))


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_a_line_without_goods_is_refused(quantity):
    with pytest.raises(ValidationError, match=rf"the quantity of line 1 is {quantity}, not above 0"):
        line(quantity=Decimal(quantity))


def test_a_line_in_two_currencies_is_refused():
    with pytest.raises(ValidationError, match="does not add up"):
        line(amount=Money.parse("20.00 MYR"))


def test_a_negative_discount_is_refused():
    with pytest.raises(ValidationError, match=r"-1.00 SGD is negative; a surcharge is a charge"):
        off("-1.00")


def test_an_order_is_explained_by_lines_charges_and_discounts():
    bought = order(
        lines=(line(quantity=Decimal(1), amount=sgd("10.00")), line(quantity=Decimal(1), amount=sgd("10.00"))),
        charges=(Charge(kind="shipping", amount=sgd("3.00")), Charge(kind="service", amount=sgd("0.50"))),
        discounts=(off("1.00"),),
        total=sgd("22.50"),
    )
    assert bought.goods_total == sgd("20.00")
    assert bought.shipping_fee == sgd("3.00")
    assert bought.explained_total == sgd("22.50")
    assert not bought.imbalance


def test_an_order_that_does_not_add_up_is_kept_and_shows_the_rest():
    assert order(total=sgd("20.05")).imbalance == sgd("0.05")
    assert order(total=None).imbalance == sgd("0.00")


@pytest.mark.parametrize(
    "foreign",
    [
        {"total": Money.parse("20.00 MYR")},
        {"charges": (Charge(kind="shipping", amount=Money.parse("1.00 MYR")),)},
        {"discounts": (Discount(kind="voucher", payer=Payer.SELLER, amount=Money.parse("1.00 MYR")),)},
        {"lines": (line(list_price=Money.parse("10.00 MYR"), amount=Money.parse("20.00 MYR")),)},
    ],
)
def test_all_money_of_an_order_is_in_its_currency(foreign):
    with pytest.raises(ValidationError, match="order 24 is in SGD, but some of its money is in MYR"):
        order(**foreign)


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValidationError, match="timezone"):
        order(updated_at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    assert order(updated_at=datetime(2026, 1, 1, tzinfo=UTC)).updated_at is not None


def test_a_noun_is_closed_and_never_changes():
    with pytest.raises(ValidationError, match="Extra inputs"):
        order(colour="red")
    with pytest.raises(ValidationError, match="frozen"):
        order().id = "25"


def test_what_a_system_withholds_is_known_as_masked():
    assert Address(name=MASKED).is_masked
    assert not Address(name="Tan").is_masked


@pytest.mark.parametrize("status", ShipmentStatus)
def test_a_parcel_that_the_carrier_knows_of_is_arranged(status):
    known = {"arranged", "shipped", "delivered", "failed", "lost"}
    assert Shipment(id="P", status=status, vendor_status="X").is_arranged == (status in known)


def test_a_stock_level_is_never_below_zero():
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        StockLevel(sku="TEE", available=Decimal(-1))


@given(orders())
def test_an_order_survives_the_ledgers_json(bought):
    body = bought.model_dump_json(exclude_defaults=True)
    assert Order.model_validate_json(body) == bought
    assert Order.model_validate_json(body).model_dump_json(exclude_defaults=True) == body


@given(orders())
def test_drawn_orders_balance(bought):
    assert not bought.imbalance


@given(order_lines(), st.sampled_from(["0.01", "-0.01"]))
def test_a_smallest_unit_too_much_or_too_little_is_noticed(sound, difference):
    with pytest.raises(ValidationError, match="does not add up"):
        OrderLine(**dict(sound) | {"amount": sound.amount + sgd(difference)})


@given(shipments())
def test_a_parcel_survives_json(parcel):
    assert Shipment.model_validate_json(parcel.model_dump_json(exclude_defaults=True)) == parcel
