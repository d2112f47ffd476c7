"""Products, prices, stock and returns, both ways."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from crossdock.errors import CannotTranslate, Refused
from crossdock.model import (
    Image,
    Money,
    Part,
    PriceChange,
    Product,
    Return,
    ReturnLine,
    ReturnStatus,
    StockLevel,
    Variant,
)
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.goods_records import (
    Component,
    Offer,
    OfferPart,
    OmsPrice,
    OmsProduct,
    OmsReturn,
    ReturnChange,
    ReturnItem,
    ReturnMove,
    Shelf,
)
from crossdock_anchanto_oms.translate.products import (
    as_product,
    feed_row,
    new_product,
    price_row,
    shown_price,
    sku_of,
    without_duplicates,
)
from crossdock_anchanto_oms.translate.returns import as_return, new_return, next_return_act
from crossdock_anchanto_oms.translate.stock import levels_of, orderable, reckoned, row_of
from tests.plugins.anchanto_oms import goods_page
from tests.plugins.anchanto_oms.client_kit import line, shopee, won

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
ROUTE = AnchantoRoute()


def test_every_example_is_translated_as_the_page_says() -> None:
    assert goods_page.page().splitlines() == goods_page.PAGE.read_text().splitlines(), (
        f"meant? python -m {goods_page.__name__}"
    )


def price(sku: str, retail: str | None = "1000", selling: str | None = None, currency: str = "KRW") -> OmsPrice:
    return OmsPrice(sku, currency, AT, 1, Decimal(retail) if retail else None, Decimal(selling) if selling else None)


def cataloged(kind: str, *parts: Component, **changes: Any) -> OmsProduct:
    return msgspec.structs.replace(OmsProduct("SKU", kind, "A mug", 1, AT, components=parts), **changes)


def product(*variants: Variant, **changes: Any) -> Product:
    return Product(**{"id": "900", "sku": "MUG", "name": "A mug", "variants": variants, **changes})


def offer(*parts: tuple[str, int]) -> Offer:
    made = tuple(OfferPart(code, available) for code, available in parts)
    return Offer("MUG", sum(part.available for part in made), AT, 7, made)


def test_f25_the_selling_price_wins_and_the_retail_price_is_ignored() -> None:
    assert shown_price(price("A", "1000", "900")) == Decimal(900)
    assert shown_price(price("A", "1000")) == Decimal(1000)
    assert shown_price(price("A", None)) is None


@pytest.mark.parametrize("wrong", ["0 KRW", "-1 KRW", "5.00 SGD"])
def test_f11_f25_a_price_of_nothing_or_in_another_currency_is_refused(wrong: str) -> None:
    with pytest.raises(Refused, match="must be above zero and in KRW"):
        price_row(PriceChange(sku="A", price=Money.parse(wrong)), "KRW")


def test_f24_a_price_leaves_no_selling_price_beside_it() -> None:
    row = price_row(PriceChange(sku="A", price=won("1500")), "KRW")
    assert (row.retail_price, row.selling_price) == (Decimal(1500), None)


def test_f17_a_single_has_one_variant_under_its_own_code() -> None:
    oms = cataloged("single", images=("http://x/1.jpg",), barcode="880", weight_grams=300)
    made = as_product(oms, {"SKU": price("SKU")}, "KRW", "REQUESTED")
    assert [(v.sku, v.barcode, v.price) for v in made.variants] == [("SKU", "880", won("1000"))]
    assert (made.images[0].url, made.weight_grams, made.vendor_status) == ("http://x/1.jpg", 300, "REQUESTED")
    assert as_product(oms, {"SKU": price("SKU", currency="SGD")}, "KRW").variants[0].price is None


def test_f16_f17_a_group_has_its_variants_and_cannot_be_ordered_itself() -> None:
    red = Component("RED", 1, {"Colour": "Red"})
    plain = Component("PLAIN", 1)
    oms = cataloged("group", red, plain)
    made = as_product(oms, {}, "KRW")
    assert made.options == ("Colour",)
    assert [(v.sku, v.options) for v in made.variants] == [("RED", ("Red",)), ("PLAIN", ("",))]
    assert set(orderable(oms)) == {"RED", "PLAIN"}


def test_f17_a_kit_is_ordered_by_its_own_code_and_made_of_parts() -> None:
    oms = cataloged("kit", Component("MUG", 2), Component("TEA", 1))
    made = as_product(oms, {}, "KRW")
    assert [(part.sku, part.quantity) for part in made.parts] == [("MUG", 2), ("TEA", 1)]
    assert [variant.sku for variant in made.variants] == ["SKU"]
    assert orderable(oms) == {"SKU": (Component("MUG", 2), Component("TEA", 1))}


def test_f10_products_of_ours_become_singles_groups_and_kits() -> None:
    single = new_product(
        product(Variant(sku="MUG", barcode="880"), images=(Image(id="1", url="http://x"), Image(id="2")))
    )
    assert (single.type, single.barcode, single.components, single.images) == ("single", "880", UNSET, ("http://x",))
    group = new_product(
        product(Variant(sku="R", options=("Red",)), Variant(sku="B", options=("Blue",)), options=("Colour",))
    )
    assert group.type == "group"
    assert group.components == (Component("R", 1, {"Colour": "Red"}), Component("B", 1, {"Colour": "Blue"}))
    kit = new_product(product(parts=(Part(sku="MUG", quantity=Decimal(2)),)))
    assert (kit.type, kit.components) == ("kit", (Component("MUG", 2),))


def test_f10_what_is_not_complete_is_refused_with_its_reason() -> None:
    with pytest.raises(Refused, match=r"takes 0\.5 of MUG"):
        new_product(product(parts=(Part(sku="MUG", quantity=Decimal("0.5")),)))
    with pytest.raises(Refused, match="A variant of product 900 has no SKU"):
        new_product(product(Variant(sku=""), Variant(sku="B")))
    with pytest.raises(Refused, match="Product 900 has no SKU"):
        sku_of(product(Variant(sku=""), sku=""))


def test_a_parent_without_a_code_is_known_by_its_number() -> None:
    assert sku_of(product(Variant(sku="R"), Variant(sku="B"), sku="")) == "900"
    assert sku_of(product(Variant(sku="V1"))) == "V1"
    assert sku_of(product()) == "MUG"


def test_f12_name_sku_price_stock_and_images_are_told_of_the_channels_products() -> None:
    row = feed_row(
        product(Variant(sku="MUG", price=won("1000"), stock=Decimal(5)), images=(Image(id="1", url="u"),)), "KRW"
    )
    assert (row.csku, row.name, row.retail_price, row.stock, row.images) == ("MUG", "A mug", Decimal(1000), 5, ("u",))
    bare = feed_row(product(Variant(sku="MUG")), "KRW")
    assert (bare.retail_price, bare.stock) == (UNSET, UNSET)
    group = feed_row(product(Variant(sku="R", price=won("1")), Variant(sku="B")), "KRW")
    assert (group.type, group.retail_price) == ("group", UNSET)
    foreign = feed_row(product(Variant(sku="MUG", price=won("1000"), stock=Decimal(5))), "SGD")
    assert (foreign.retail_price, foreign.stock) == (UNSET, 5), "a row's price is in the store's currency"


def test_f09_of_duplicates_the_lowest_number_stays_and_the_others_are_named() -> None:
    first, second, other = product(id="99"), product(id="100"), product(id="5", sku="TEA")
    kept, lost = without_duplicates([second, first, other])
    assert [one.id for one in kept] == ["5", "99"]
    assert lost == [(second, first)]


def test_f21_a_level_is_what_the_oms_says_may_be_sold() -> None:
    (level,) = levels_of(offer(("WH-1", 5), ("WH-2", 3)), (), ROUTE)
    assert (level.available, level.location, level.version) == (8, "", 7)


def test_f22_warehouses_are_mapped_and_those_that_are_not_are_not_shown() -> None:
    both = offer(("WH-1", 5), ("WH-2", 3))
    (level,) = levels_of(both, ("WH-2",), ROUTE)
    assert level.available == 3
    mapped = AnchantoRoute(stock_by="warehouse", locations={"WH-1": "SGZ"})
    assert [(lv.location, lv.available) for lv in levels_of(both, (), mapped)] == [("SGZ", 5)]
    each = AnchantoRoute(stock_by="warehouse")
    assert [(lv.location, lv.available) for lv in levels_of(both, (), each)] == [("WH-1", 5), ("WH-2", 3)]
    (summed,) = levels_of(both, (), AnchantoRoute(locations={"WH-1": "SGZ"}))
    assert summed.available == 5


def test_a_level_is_never_below_zero() -> None:
    (level,) = levels_of(Offer("MUG", -3, AT, 1), (), ROUTE)
    assert level.available == 0


def test_f17_a_kit_is_the_least_that_its_parts_allow_in_each_warehouse() -> None:
    shelves = {
        ("MUG", "WH-1"): Shelf("MUG", "WH-1", 5, AT, 2),
        ("TEA", "WH-1"): Shelf("TEA", "WH-1", 9, AT, 3),
        ("MUG", "WH-2"): Shelf("MUG", "WH-2", 8, AT, 1),
    }
    made = reckoned("SET", (Component("MUG", 2), Component("TEA", 1)), shelves)
    assert made is not None
    assert [(part.warehouse_code, part.available) for part in made.warehouses] == [("WH-1", 2), ("WH-2", 0)]
    assert (made.available, made.version) == (2, 6)
    assert reckoned("SET", (Component("UNSEEN", 1),), shelves) is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5)), min_size=1, max_size=5))
def test_a_kit_never_promises_more_than_any_part_can_give(parts: list[tuple[int, int]]) -> None:
    shelves = {(f"I{n}", "W"): Shelf(f"I{n}", "W", there, AT, 1) for n, (there, _) in enumerate(parts)}
    made = reckoned("SET", [Component(f"I{n}", needed) for n, (_, needed) in enumerate(parts)], shelves)
    assert made is not None
    assert all(made.available * needed <= there for there, needed in parts)
    assert any((made.available + 1) * needed > there for there, needed in parts)


def test_a_level_of_ours_is_written_to_the_warehouse_that_its_location_means() -> None:
    level = StockLevel(sku="MUG", available=Decimal("4.5"))
    assert (row_of(level, "WH-1", ROUTE).warehouse_code, row_of(level, "WH-1", ROUTE).quantity) == ("WH-1", 4)
    there = level.model_copy(update={"location": "EAST"})
    assert row_of(there, "WH-1", AnchantoRoute(locations={"WH-2": "EAST"})).warehouse_code == "WH-2"
    assert row_of(there, "WH-1", ROUTE).warehouse_code == "EAST"


def returned(status: ReturnStatus = ReturnStatus.REQUESTED, word: str = "REQUESTED", **changes: Any) -> Return:
    known: dict[str, Any] = {"id": "R-1", "order_id": "241121AAA", "status": status, "vendor_status": word}
    lines = (ReturnLine(line_id="1", sku="MUG", quantity=Decimal(1)),)
    return Return(**known | {"lines": lines} | changes)


def oms_return(state: str = "RETURN_INITIATED", **changes: Any) -> OmsReturn:
    return msgspec.structs.replace(OmsReturn("RET-1", "R-1", "OMS-1", state, 1, AT, goods_expected=True), **changes)


def test_a_return_is_opened_for_the_lines_that_it_names() -> None:
    document = shopee(lines=(line(), line(sku="TEA", number="2")))
    new = new_return(returned(refund=won("500"), reason="broken"), document, ROUTE)
    assert (new.lines, new.refund_amount, new.goods_expected) == ((ReturnItem("1", 1),), Decimal(500), True)
    by_sku = returned(lines=(ReturnLine(line_id="other", sku="TEA", quantity=Decimal(2)),))
    assert new_return(by_sku, document, ROUTE).lines == (ReturnItem("2", 2),)
    assert new_return(returned(lines=()), document, ROUTE).lines == (ReturnItem("1", 2), ReturnItem("2", 2))


@pytest.mark.parametrize(
    ("mode", "number", "expected"),
    [("always", "", True), ("never", "T1", False), ("tracking", "T1", True), ("tracking", "", False)],
)
def test_whether_goods_come_back_is_a_setting(mode: str, number: str, expected: bool) -> None:
    options = AnchantoRoute.model_validate({"return_goods": mode})
    assert new_return(returned(tracking_number=number), shopee(), options).goods_expected is expected


def test_a_return_of_what_was_not_ordered_is_refused() -> None:
    strange = returned(lines=(ReturnLine(line_id="9", sku="NONE", quantity=Decimal(1)),))
    with pytest.raises(Refused, match="does not have in whole pieces"):
        new_return(strange, shopee(), ROUTE)
    half = returned(lines=(ReturnLine(line_id="1", sku="MUG", quantity=Decimal("0.5")),))
    with pytest.raises(Refused):
        new_return(half, shopee(), ROUTE)


def test_f36_a_return_follows_the_channel_one_move_at_a_time() -> None:
    accepted = returned(ReturnStatus.ACCEPTED, "ACCEPTED")
    assert next_return_act(accepted, oms_return()) == ReturnMove(
        "RETURN_APPROVED", "RETURN_INITIATED", "", "the channel shows ACCEPTED"
    )
    withdrawn = next_return_act(returned(ReturnStatus.CANCELLED, "CANCELLED"), oms_return())
    assert isinstance(withdrawn, ReturnMove)
    assert (withdrawn.to, withdrawn.sub_state) == ("RETURN_REJECTED", "WITHDRAWN_OR_REJECTED")
    assert next_return_act(accepted, oms_return("RETURN_COMPLETED")) is None
    assert next_return_act(accepted, oms_return("FROM_THE_FUTURE")) is None


def test_what_changes_beside_the_state_is_written() -> None:
    judged = returned(ReturnStatus.DISPUTED, "JUDGING")
    assert next_return_act(judged, oms_return()) == ReturnChange(sub_state="JUDGING")
    assert next_return_act(judged, oms_return(sub_state="JUDGING")) is None
    assert next_return_act(returned(tracking_number="T1"), oms_return()) == ReturnChange(tracking_number="T1")
    assert next_return_act(returned(refund=won("5")), oms_return()) == ReturnChange(refund_amount=Decimal(5))
    assert next_return_act(returned(refund=won("5")), oms_return(refund_amount=Decimal(5))) is None


def test_as_a_channel_its_returns_are_shown() -> None:
    shown = as_return(
        oms_return("RETURN_APPROVED", refund_amount=Decimal(5), lines=(ReturnItem("1", 2),), sub_state="X"), "KRW"
    )
    assert (shown.status, shown.refund, shown.vendor_status) == (ReturnStatus.ACCEPTED, won("5"), "RETURN_APPROVED X")
    assert as_return(oms_return("FROM_THE_FUTURE"), "KRW").status is ReturnStatus.UNKNOWN
    with pytest.raises(CannotTranslate, match="RET-1"):
        as_return(oms_return(refund_amount=Decimal("0.5")), "KRW")
