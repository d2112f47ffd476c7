from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crossdock.flows.options import StockOptions
from crossdock.flows.stock.show import in_sold_units, kits_of, to_show
from crossdock.ledger import Fault, Level
from crossdock.model import StockLevel
from tests.core.flows.stock import stock_page


def test_every_example_is_decided_as_the_page_says():
    assert stock_page.page().splitlines() == stock_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {stock_page.__name__}"
    )


options = st.builds(
    StockOptions,
    percentage=st.integers(1, 100),
    buffer=st.integers(0, 50),
    max_listed=st.none() | st.integers(1, 60),
    end_when_at_most=st.integers(0, 20),
)
amounts = st.decimals(0, 500, places=2)


@given(amounts, options)
def test_never_more_than_there_is_and_never_below_zero(available, chosen):
    assert 0 <= to_show(available, chosen) <= available


@given(amounts, amounts, options)
def test_more_stock_never_shows_less(one, other, chosen):
    low, high = sorted([one, other])
    assert to_show(low, chosen) <= to_show(high, chosen)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({}, 17),
        ({"buffer": 2}, 15),
        ({"percentage": 50}, 8),
        ({"percentage": 50, "buffer": 2}, 6),
        ({"max_listed": 10}, 10),
        ({"end_when_at_most": 17}, 0),
        ({"end_when_at_most": 16}, 17),
        ({"buffer": 30}, 0),
    ],
)
def test_seventeen_and_a_half_units(chosen, shown):
    assert to_show(Decimal("17.5"), StockOptions(**chosen)) == shown


def test_a_case_holds_twelve_and_an_unknown_unit_is_a_fault_that_names_what_is_known():
    chosen = StockOptions(units={"CASE": "12", "PCS": "1"})

    assert in_sold_units(StockLevel(sku="A", available=Decimal("2.5"), unit="CASE"), chosen) == 30
    assert in_sold_units(StockLevel(sku="A", available=Decimal(4)), chosen) == 4
    fault = in_sold_units(StockLevel(sku="A", available=Decimal(4), unit="BOX"), chosen)
    assert isinstance(fault, Fault)
    assert fault.problem == "Unit BOX of SKU A has no conversion; units has CASE, PCS."


def test_a_kit_is_as_many_as_its_scarcest_part_allows():
    chosen = StockOptions(kits={"SET": {"MUG": "2", "TEA": "1"}})
    mugs, tea = Level("MUG", Decimal(7), 7, version=3), Level("TEA", Decimal(9), 9, version=5)

    (kit,) = kits_of([mugs, tea], chosen)
    (without,) = kits_of([mugs], chosen)

    assert (kit.sku, kit.available, kit.version) == ("SET", 3, 5)
    assert without.available == 0
    assert list(kits_of([], chosen)) == []


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"units": {"CASE": "0"}}, "CASE holds nothing"),
        ({"kits": {"SET": {}}}, "SET holds nothing"),
        ({"kits": {"SET": {"A": "-1"}}}, "SET holds nothing"),
        ({"kits": {"SET": {"BOX": "1"}, "BOX": {"A": "1"}}}, "part BOX of kit SET is a kit itself"),
    ],
)
def test_units_and_kits_that_make_no_sense_are_refused(chosen, said):
    with pytest.raises(ValidationError, match=said):
        StockOptions(**chosen)
