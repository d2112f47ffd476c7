from hypothesis import given
from hypothesis import strategies as st

from crossdock.flows.products.match import Candidate, Found, Index
from tests.core.flows.products import product_page
from tests.core.flows.products.market import product


def test_every_example_is_decided_as_the_page_says():
    assert product_page.page().splitlines() == product_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {product_page.__name__}"
    )


def listing(number: str, *skus: str, barcodes: tuple[str, ...] = (), on_sale: bool = True) -> Candidate:
    return Candidate(number, frozenset(skus), frozenset(barcodes), on_sale)


def test_a_product_is_the_listing_that_carries_its_skus():
    match = Index([listing("1", "A", "B"), listing("2", "X")]).match(product("T", "A", "B", "C"))

    assert (match.found, match.listed_id, match.by) == (Found.LINKED, "1", "SKU")
    assert match.text == "listing 1 by SKU; it lacks C"


def test_without_a_sku_the_barcode_decides_and_a_sku_goes_before_a_barcode():
    listed = [listing("1", "other", barcodes=("b-A",)), listing("2", "B")]

    assert Index(listed).match(product("T", "A")).by == "barcode"
    assert Index(listed).match(product("T", "A", "B")).listed_id == "2"
    assert Index(listed).match(product("T", "C")).found is Found.MISSING


def test_of_duplicates_what_is_on_sale_wins_then_the_oldest_and_the_losers_are_named():
    listed = [listing("30", "A"), listing("4", "A", on_sale=False), listing("12", "A")]

    match = Index(listed).match(product("T", "A"))

    assert (match.found, match.listed_id, match.losers) == (Found.DUPLICATE, "12", ("30", "4"))
    assert "A is listed at 12, 30, 4: 12 is taken" in match.text


def test_variants_spread_over_listings_are_ambiguous_and_nothing_is_linked():
    match = Index([listing("1", "A"), listing("2", "B")]).match(product("T", "A", "B"))

    assert (match.found, match.listed_id, match.losers) == (Found.AMBIGUOUS, "", ("1", "2"))


@given(st.permutations([listing("1", "A"), listing("2", "A", "B"), listing("3", "B", "C"), listing("4", "A", "B")]))
def test_the_winner_does_not_depend_on_the_order_of_reading(listed):
    assert Index(listed).match(product("T", "A", "B")).listed_id == "2"
    assert Index(listed).match(product("T", "A", "C")).found is Found.AMBIGUOUS
