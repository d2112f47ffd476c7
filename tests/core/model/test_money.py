import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from crossdock.model import Money, exponent
from tests.strategies import CURRENCIES, moneys


class Priced(BaseModel):
    price: Money


def money(text):
    return Money.parse(text)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("SGD", 2), ("MYR", 2), ("TWD", 2), ("IDR", 2), ("JPY", 0), ("VND", 0), ("KRW", 0), ("KWD", 3), ("CLF", 4)],
)
def test_the_smallest_unit_follows_iso_4217(currency, decimals):
    assert exponent(currency) == decimals
    assert str(Money.zero(currency)) == f"{Decimal(0).scaleb(-decimals):f} {currency}"


@pytest.mark.parametrize(
    ("text", "currency", "written"),
    [
        ("12.30 SGD", None, "12.30 SGD"),
        ("12.3", "SGD", "12.30 SGD"),
        (" 12 SGD ", None, "12.00 SGD"),
        ("1E+2", "SGD", "100.00 SGD"),
        ("-0.00", "SGD", "0.00 SGD"),
        ("-4.5 SGD", None, "-4.50 SGD"),
        ("12.000", "SGD", "12.00 SGD"),
        ("90000", "VND", "90000 VND"),
        ("12.30 SGD", "SGD", "12.30 SGD"),
    ],
)
def test_money_is_read_from_text(text, currency, written):
    assert str(Money.parse(text, currency)) == written


@pytest.mark.parametrize(
    ("text", "currency", "words"),
    [
        ("", "SGD", "'' is no amount of money"),
        ("ten", "SGD", "'ten' is no amount of money such as '12.30 SGD'"),
        ("1,50", "SGD", "'1,50' is no amount"),
        ("1_000.00", "SGD", "'1_000.00' is no amount"),
        ("NaN", "SGD", "NaN is no amount of money"),
        ("sNaN", "SGD", "sNaN is no amount of money"),
        ("Infinity", "SGD", "Infinity is no amount of money"),
        ("1.001", "SGD", "1.001 is finer than the smallest unit of SGD"),
        ("0.5", "JPY", "finer than the smallest unit of JPY"),
        ("1", None, "'' is no ISO 4217 currency code"),
        ("1 sgd", None, "'sgd' is no ISO 4217"),
        ("1 S1D", None, "'S1D' is no ISO 4217"),
        ("1 SGDX", None, "'SGDX' is no ISO 4217"),
        ("1 ÄÖÜ", None, "'ÄÖÜ' is no ISO 4217"),
        ("1.00 SGD", "MYR", "'1.00 SGD' is not in MYR"),
        ("1E+40", "SGD", "1E+40 has more digits than any amount of money"),
    ],
)
def test_text_that_is_no_money_is_refused_with_the_value(text, currency, words):
    with pytest.raises(ValueError) as refusal:
        Money.parse(text, currency)
    assert words in str(refusal.value)


@pytest.mark.parametrize("amount", [1.5, 1, "1.50", None])
def test_only_a_decimal_makes_money(amount):
    with pytest.raises(TypeError, match=type(amount).__name__):
        Money(amount, "SGD")


def test_a_number_in_json_is_refused_since_it_would_pass_through_a_float():
    with pytest.raises(ValidationError, match=r"error, money is written as text, such as '12\.30 SGD' \["):
        Priced.model_validate_json('{"price": 12.3}')
    with pytest.raises(ValidationError, match="money is written as text"):
        Priced.model_validate({"price": 12.3})


def test_an_amount_beyond_all_reason_is_refused_and_never_rounded():
    with pytest.raises(ValueError, match="more digits than any"):
        Money(Decimal("1E+40"), "SGD")


def test_money_is_text_in_json_and_in_the_schema():
    assert Priced(price=money("12.30 SGD")).model_dump_json() == '{"price":"12.30 SGD"}'
    assert Priced.model_json_schema()["properties"]["price"] == {
        "title": "Price",
        "type": "string",
        "pattern": r"^-?\d+(\.\d+)? [A-Z]{3}$",
        "examples": ["12.30 SGD"],
    }
    assert Priced(price=money("1.00 SGD")).price == money("1.00 SGD")


@given(st.sampled_from(CURRENCIES).flatmap(lambda currency: moneys(currency, -(10**15), 10**15)))
def test_money_survives_text_and_json(amount):
    assert Money.parse(str(amount)) == amount
    assert Priced.model_validate_json(Priced(price=amount).model_dump_json()).price == amount
    assert json.loads(Priced(price=amount).model_dump_json()) == {"price": str(amount)}


def test_money_calculates_exactly():
    a, b = money("0.10 SGD"), money("0.20 SGD")
    assert a + b == money("0.30 SGD")
    assert a - b == money("-0.10 SGD")
    assert -a == money("-0.10 SGD")
    assert a * 3 == money("0.30 SGD")
    assert a * Decimal("1.5") == money("0.15 SGD")
    assert Money.sum([a, b], "SGD") == money("0.30 SGD")
    assert Money.sum([], "SGD") == Money.zero("SGD")
    assert a < b
    assert a <= b
    assert b > a
    assert b >= a
    assert a <= a + Money.zero("SGD") >= a
    assert not a < a + Money.zero("SGD")
    assert not a > a + Money.zero("SGD")
    assert a
    assert not Money.zero("SGD")
    assert hash(money("1.0 SGD")) == hash(money("1.00 SGD"))


def test_a_product_finer_than_the_smallest_unit_is_refused_and_not_rounded():
    with pytest.raises(ValueError, match="finer than"):
        money("0.01 SGD") * Decimal("0.5")


def test_a_float_is_no_factor():
    with pytest.raises(TypeError):
        money("1.00 SGD") * 0.5


def test_rounding_is_half_up_and_asked_for_by_name():
    assert Money.rounded(Decimal("0.125"), "SGD") == money("0.13 SGD")
    assert Money.rounded(Decimal("-0.125"), "SGD") == money("-0.13 SGD")
    assert Money.rounded(Decimal("0.5"), "JPY") == money("1 JPY")


@pytest.mark.parametrize(
    "mix",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
        lambda a, b: Money.sum([a, b], "SGD"),
    ],
)
def test_two_currencies_never_meet(mix):
    with pytest.raises(ValueError, match=r"1.00 SGD and 1.00 MYR|in different currencies"):
        mix(money("1.00 SGD"), money("1.00 MYR"))
    assert money("1.00 SGD") != money("1.00 MYR")


weights = st.lists(st.integers(0, 1000).map(lambda n: Decimal(n) / 10), min_size=1, max_size=12).filter(any)


@given(moneys("SGD", -100_000, 100_000), weights)
def test_allocated_parts_add_up_exactly(amount, weights):
    parts = amount.allocate(weights)
    assert Money.sum(parts, "SGD") == amount
    assert len(parts) == len(weights)


@given(moneys("SGD", 0, 1_000), weights)
def test_no_allocated_part_is_negative_or_off_by_a_smallest_unit(amount, weights):
    unit = Decimal("0.01")
    for part, weight in zip(amount.allocate(weights), weights, strict=True):
        assert part.amount >= 0
        assert abs(part.amount - amount.amount * weight / sum(weights)) < unit


def test_the_rest_of_an_allocation_goes_to_the_first_of_equal_weights():
    ones = [Decimal(1)] * 3
    assert [str(part) for part in money("10.00 SGD").allocate(ones)] == ["3.34 SGD", "3.33 SGD", "3.33 SGD"]
    assert [str(part) for part in money("0.02 SGD").allocate([Decimal(1)] * 4)][:2] == ["0.01 SGD", "0.01 SGD"]


def test_the_rest_of_an_allocation_goes_to_those_that_lost_most_by_rounding_down():
    weights = [Decimal(7), Decimal(2), Decimal(1)]  # shares 0.021, 0.006 and 0.003 of 0.03
    assert [str(part) for part in money("0.03 SGD").allocate(weights)] == ["0.02 SGD", "0.01 SGD", "0.00 SGD"]
    assert [str(part) for part in money("-0.03 SGD").allocate(weights)] == ["-0.02 SGD", "-0.01 SGD", "0.00 SGD"]


def test_weights_may_be_shares_of_one():
    halves = [Decimal("0.5"), Decimal("0.5")]
    assert [str(part) for part in money("1.00 SGD").allocate(halves)] == ["0.50 SGD", "0.50 SGD"]


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(2), Decimal(-1)]])
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(ValueError, match=r"cannot split 1.00 SGD by the weights \["):
        money("1.00 SGD").allocate(weights)
