"""The money of an order, laid out in lines to the smallest unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.errors import Refused
from crossdock.model import Charge, Discount, Money, Order, OrderLine, OrderStatus, Payer, exponent
from crossdock_ls_central.translate.amounts import lay_out, spread
from tests.plugins.ls_central.central import line, off, order, sgd


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=12), st.data())
def test_a_spread_adds_up_and_never_takes_more_than_there_is(weights, data):
    units = data.draw(st.integers(0, sum(weights)))
    parts = spread(units, weights)
    assert sum(parts) == units
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


def test_nothing_is_spread_over_nothing():
    assert spread(0, [0, 0]) == [0, 0]


def test_a_discount_of_the_whole_order_is_spread_by_what_each_line_costs():
    layout = lay_out(order(discounts=(off("5.00"),)), others_pay=False)
    assert [found.total_discount for found in layout.goods] == [431, 69]
    assert layout.charges[0][1].total_discount == 0
    assert layout.total == 16000 + 2550 + 380 - 500


def test_a_discount_on_shipping_lowers_the_shipping_line_first():
    layout = lay_out(order(discounts=(off("4.80", kind="shipping"),)), others_pay=False)
    assert layout.charges[0][1].left == 0
    assert sum(found.total_discount for found in layout.goods) == 100


def test_a_discount_larger_than_the_goods_goes_on_to_the_charges():
    layout = lay_out(order(lines=(line(price="5.00"),), discounts=(off("6.00"),)), others_pay=False)
    assert layout.goods[0].left == 0
    assert layout.charges[0][1].left == 280


def test_more_taken_off_than_there_is_is_refused():
    with pytest.raises(Refused, match="More is taken off") as caught:
        lay_out(order(lines=(line(price="1.00"),), charges=(), discounts=(off("1.01"),)), others_pay=False)
    assert caught.value.code == "totals"


def test_a_negative_charge_becomes_a_discount_and_never_a_negative_line():
    layout = lay_out(order(charges=(Charge(kind="shipping", amount=sgd("-3.00")),)), others_pay=False)
    assert layout.charges == []
    assert sum(found.total_discount for found in layout.goods) == 300


def test_a_total_that_nothing_explains_is_a_conflict_with_both_sums():
    with pytest.raises(Refused) as caught:
        lay_out(order(total=sgd("1.00")), others_pay=False)
    assert caught.value.code == "totals"
    assert caught.value.facts == {"paid": "1.00 SGD", "explained": "189.30 SGD", "rest": "-188.30 SGD"}


def test_what_others_bear_stays_in_the_total_when_they_pay_it():
    lines = (line(discounts=(off("3.00", Payer.MARKETPLACE), off("1.00"))),)
    given_order = order(lines=lines, discounts=(off("2.00", Payer.BANK),))
    layout = lay_out(given_order, others_pay=True)
    assert layout.goods[0].discount == 100
    assert layout.owed == 500
    assert layout.total == 7900 + 380


def test_an_unpaid_order_is_laid_out_by_its_parts():
    assert lay_out(order(total=None), others_pay=False).total == 18930


CURRENCIES = st.sampled_from(["SGD", "VND", "KWD"])
PAYERS = st.sampled_from(list(Payer))


@st.composite
def orders(draw):
    """Sound orders of any shape: discounts of lines and of the order, charges, three kinds of currency."""
    currency = draw(CURRENCIES)

    def money(units):
        return Money(Decimal(units).scaleb(-exponent(currency)), currency)

    lines = []
    for index in range(draw(st.integers(1, 5))):
        price, quantity = draw(st.integers(0, 100_000)), draw(st.integers(1, 9))
        taken = draw(st.integers(0, price * quantity))
        found = (Discount(kind="item", payer=draw(PAYERS), amount=money(taken)),) if taken else ()
        lines.append(
            OrderLine(
                id=str(index),
                sku=f"{index}",
                quantity=Decimal(quantity),
                list_price=money(price),
                discounts=found,
                amount=money(price * quantity - taken),
            )
        )
    charges = tuple(Charge(kind=kind, amount=money(draw(st.integers(0, 999)))) for kind in ("shipping", "service"))
    gross = sum((found.amount.amount for found in (*lines, *charges)), Decimal(0))
    room = int(gross.scaleb(exponent(currency)))
    discounts = (Discount(kind="voucher", payer=draw(PAYERS), amount=money(draw(st.integers(0, room)))),)
    made = Order(
        id="A1",
        status=OrderStatus.OPEN,
        vendor_status="X",
        currency=currency,
        lines=tuple(lines),
        charges=charges,
        discounts=discounts,
    )
    return made.model_copy(update={"total": made.explained_total})


@given(orders(), st.booleans())
def test_whatever_the_order_no_line_is_negative_and_all_add_up(given_order, others_pay):
    layout = lay_out(given_order, others_pay=others_pay)
    lines = [*layout.goods, *(found for _, found in layout.charges)]
    assert all(found.left >= 0 for found in lines)
    assert sum(found.left for found in lines) == layout.total
    assert layout.amount(layout.total - layout.owed) == given_order.total.amount
    assert layout.owed >= 0
    assert others_pay or layout.owed == 0
