"""Inventory rows as stock levels."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crossdock_ls_central.options import LsRouteOptions, StockFrom
from crossdock_ls_central.translate.levels import by_key, to_levels, together

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
PLACES = {"S0013": Decimal(4), "W0001": Decimal(30), "W0002": Decimal(-7)}


def row(item="40020", variant="002", location="S0013", inventory="4", store="S0013"):
    return {"Number": item, "Variant": variant, "Store": store, "Location": location, "Inventory": inventory}


def test_rows_are_gathered_by_item_and_variant_and_a_repeated_row_counts_once():
    rows = [row(), row(location="W0001", inventory="30"), row(), row(variant="003", inventory="1")]
    assert by_key(rows) == {
        ("40020", "002"): {"S0013": Decimal(4), "W0001": Decimal(30)},
        ("40020", "003"): {"S0013": Decimal(1)},
    }


def test_stores_that_share_a_location_add_up():
    assert by_key([row(), row(store="S0014", inventory="3")]) == {("40020", "002"): {"S0013": Decimal(7)}}


@pytest.mark.parametrize(
    ("locations", "how", "expected"),
    [
        ([], "sum", 27),
        (["S0013", "W0001"], "sum", 34),
        (["W0002"], "sum", 0),
        (["W0002", "W0001", "S0013"], "priority", 30),
        (["W0002", "W0009"], "priority", 0),
        (["S0013", "W0001"], "single", 4),
        (["W0002", "W0001"], "single", 0),
        (["W0009"], "single", 0),
    ],
)
def test_several_locations_become_one_level(locations, how, expected):
    assert together(PLACES, locations, StockFrom(how)) == expected


@given(st.dictionaries(st.text("AB", min_size=1), st.decimals(-100, 100, places=2)), st.sampled_from(StockFrom))
def test_a_level_is_never_below_zero(places, how):
    assert together(places, ["A", "B"], how) >= 0


def test_only_whole_sales_units_count():
    [level] = to_levels(("30010", ""), {"S0013": Decimal(35)}, LsRouteOptions(), ("PACK6", Decimal(6)), AT)
    assert (level.sku, level.available, level.unit) == ("30010", 5, "PACK6")


def test_levels_that_are_kept_apart_are_one_for_each_place_that_is_named():
    options = LsRouteOptions.model_validate({"locations": ["W0001", "W0009"], "stock_from": "each"})
    levels = to_levels(("30010", ""), {"S0013": Decimal(4), "W0001": Decimal(13)}, options, ("PACK6", Decimal(6)), AT)
    assert [(level.location, level.available) for level in levels] == [("W0001", 2), ("W0009", 0)]


def test_a_level_knows_its_item_and_variant_and_a_later_one_is_newer():
    [first] = to_levels(("40020", "002"), {}, LsRouteOptions(), ("PCS", Decimal(1)), AT)
    [later] = to_levels(("40020", "002"), {}, LsRouteOptions(), ("PCS", Decimal(1)), AT.replace(microsecond=1))
    assert (first.sku, first.product_id, first.variant_id, first.available) == ("40020-002", "40020", "002", 0)
    assert later.version > first.version


@pytest.mark.parametrize("how", ["priority", "single", "each"])
def test_a_choice_between_locations_needs_their_names(how):
    with pytest.raises(ValidationError, match="needs locations"):
        LsRouteOptions(stock_from=how)
