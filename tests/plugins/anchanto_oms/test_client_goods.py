"""Stock, products, prices and returns over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, TypeVar

import httpx
import pytest
from structlog.testing import capture_logs

from crossdock.contract import ListingOutcome, Outcome, Page, Window
from crossdock.errors import Refused, TryLater
from crossdock.model import (
    OrderStatus,
    Part,
    PriceChange,
    Product,
    Return,
    ReturnLine,
    ReturnStatus,
    StockLevel,
    Variant,
)
from tests.plugins.anchanto_oms.client_kit import LONG_AGO, Oms, backend, channel, offline, online, shopee, won

STORE = "/api/v1/stores/KR-STORE-1"
T = TypeVar("T")


async def everything(pages: AsyncIterator[Page[T]]) -> tuple[list[T], str]:
    found: list[Any] = []
    cursor = ""
    async for page in pages:
        found += page.items
        cursor = page.cursor or cursor
    return found, cursor


async def levels(oms: Oms, cursor: str | None = None, **options: Any) -> tuple[dict[str, int], str]:
    window = Window(LONG_AGO.start, None, cursor)
    found, after = await everything(oms.connection.pull_stock(window, backend(**options)))
    return {level.sku: int(level.available) for level in found}, after


async def count(oms: Oms, isku: str, warehouse: str, pieces: int) -> None:
    level = {"isku": isku, "warehouse_code": warehouse, "sellable": pieces}
    await oms.act("PUT", "/stock", {"levels": [level]})


def errors(outcomes: Any) -> dict[str, str]:
    return {one.key: getattr(one.error, "code", None) or type(one.error).__name__ for one in outcomes if one.error}


@pytest.mark.parametrize("stock_from", ["offers", "shelves"])
async def test_f21_every_sku_that_can_be_ordered_has_a_level(stock_from: str) -> None:
    async with online() as oms:
        found, _ = await levels(oms, stock_from=stock_from)
        assert found == {"MUG": 100, "TEA": 100, "SHIRT-RED": 100, "SHIRT-BLUE": 100, "GIFT-SET": 50}


@pytest.mark.parametrize("stock_from", ["offers", "shelves"])
async def test_f21_a_change_of_one_isku_shows_in_every_sku_that_contains_it(stock_from: str) -> None:
    async with online() as oms:
        _, cursor = await levels(oms, stock_from=stock_from)
        await oms.act("POST", "/clock", {"advance_seconds": 600})
        await count(oms, "MUG", "WH-1", 9)
        found, after = await levels(oms, cursor, stock_from=stock_from)
        assert {sku: found[sku] for sku in ("MUG", "GIFT-SET")} == {"MUG": 9, "GIFT-SET": 4}
        assert after > cursor


@pytest.mark.parametrize("stock_from", ["offers", "shelves"])
async def test_f23_levels_are_read_by_sku_and_unknown_ones_are_left_out(stock_from: str) -> None:
    async with online() as oms:
        await oms.taken()
        asked = ["MUG", "GIFT-SET", "UNHEARD"]
        found = await oms.connection.read_stock(asked, backend(stock_from=stock_from))
        assert {level.sku: int(level.available) for level in found} == {"MUG": 98, "GIFT-SET": 49}


@pytest.mark.parametrize("stock_from", ["offers", "shelves"])
async def test_f22_only_the_warehouses_of_the_settings_count(stock_from: str) -> None:
    async with online(known={"warehouses": ["WH-2"]}, multi_warehouse=True) as oms:
        await count(oms, "MUG", "WH-2", 7)
        found, _ = await levels(oms, stock_from=stock_from)
        assert found["MUG"] == 7


async def test_f22_a_warehouse_that_is_not_mapped_is_not_shown_and_told_once() -> None:
    async with online(multi_warehouse=True) as oms:
        await count(oms, "MUG", "WH-2", 7)
        with capture_logs() as logs:
            for _ in range(2):
                found, _ = await levels(oms, locations={"WH-1": "SGZ"})
        told = [entry["warehouse"] for entry in logs if entry["event"] == "warehouse.not_mapped"]
        assert (found["MUG"], told) == (100, ["WH-2"])


async def test_our_reckoning_of_kits_is_the_oms_own() -> None:
    async with online(multi_warehouse=True) as oms:
        for isku, code, pieces in (("MUG", "WH-1", 5), ("MUG", "WH-2", 4), ("TEA", "WH-1", 1), ("TEA", "WH-2", 9)):
            await count(oms, isku, code, pieces)
        known = {"locations": {"WH-1": "1", "WH-2": "2"}, "stock_by": "warehouse"}
        theirs, _ = await everything(oms.connection.pull_stock(LONG_AGO, backend(**known)))
        ours, _ = await everything(oms.connection.pull_stock(LONG_AGO, backend(**known, stock_from="shelves")))
        shown = {(level.sku, level.location): level.available for level in theirs}
        assert shown["GIFT-SET", "2"] == 2
        assert {(level.sku, level.location): level.available for level in ours} == shown


async def test_as_a_channel_levels_are_set_row_by_row() -> None:
    async with online() as oms:
        pushed = [
            StockLevel(sku="MUG", available=Decimal(12)),
            StockLevel(sku="GIFT-SET", available=Decimal(3)),
            StockLevel(sku="TEA", available=Decimal(4), location="WH-9"),
        ]
        outcomes = await oms.connection.push_stock(pushed, channel())
        assert errors(outcomes) == {"GIFT-SET": "unknown_sku", "TEA": "unknown_warehouse"}
        assert (await levels(oms))[0]["MUG"] == 12
        again = await oms.connection.push_stock(pushed[:1], channel())
        assert errors(again) == {}


async def test_a_batch_that_fails_as_a_whole_fails_each_of_its_rows() -> None:
    store = {"store_code": "KR-STORE-1", "name": "A", "country": "KR", "currency": "KRW", "warehouse_codes": ["WH-1"]}
    answers = {f"GET {STORE}": store, "PUT /api/v1/stock": httpx.Response(503)}
    async with offline(answers) as oms:
        outcomes = await oms.connection.push_stock([StockLevel(sku="A", available=Decimal(1))], channel())
        assert errors(outcomes) == {"A": "TryLater"}
    async with offline(answers | {"PUT /api/v1/stock": {"results": []}}) as oms:
        outcomes = await oms.connection.push_stock([StockLevel(sku="A", available=Decimal(1))], channel())
        assert errors(outcomes) == {"A": "unknown"}


async def test_f24_f25_prices_are_set_as_the_one_that_is_shown() -> None:
    async with online() as oms:
        wanted = [
            PriceChange(sku="MUG", price=won("15000")),
            PriceChange(sku="UNHEARD", price=won("1")),
            PriceChange(sku="TEA", price=won("0")),
        ]
        outcomes = await oms.connection.push_prices(wanted, channel())
        assert [one.key for one in outcomes] == ["MUG", "UNHEARD", "TEA"]
        assert errors(outcomes) == {"UNHEARD": "unknown_sku", "TEA": "invalid_price"}
        found, _ = await everything(oms.connection.pull_products(LONG_AGO, backend(products="catalogue")))
        prices = {variant.sku: variant.price for one in found for variant in one.variants}
        assert prices["MUG"] == won("15000")


async def test_f17_products_are_for_the_channel_once_people_list_them() -> None:
    async with online() as oms:
        assert (await everything(oms.connection.pull_products(LONG_AGO, backend())))[0] == []
        await oms.act("POST", "/stores/KR-STORE-1/listings", {"cskus": ["GIFT-SET", "SHIRT"]})
        found, cursor = await everything(oms.connection.pull_products(LONG_AGO, backend()))
        assert {one.sku: [variant.sku for variant in one.variants] for one in found} == {
            "GIFT-SET": ["GIFT-SET"],
            "SHIRT": ["SHIRT-RED", "SHIRT-BLUE"],
        }
        assert {one.vendor_status.split()[0] for one in found} == {"REQUESTED"}
        await oms.act("POST", "/clock", {"advance_seconds": 600})
        later = Window(LONG_AGO.start, None, cursor)
        _, cursor = await everything(oms.connection.pull_products(later, backend()))
        await oms.act("PUT", "/stores/KR-STORE-1/prices/SHIRT-RED", {"retail_price": "50000", "selling_price": "45000"})
        later = Window(LONG_AGO.start, None, cursor)
        found, _ = await everything(oms.connection.pull_products(later, backend()))
        assert [one.sku for one in found] == ["SHIRT"]
        assert found[0].variants[0].price == won("45000")


async def test_f17_who_asked_for_a_listing_hears_what_became_of_it_once() -> None:
    async with online() as oms:
        asked = await oms.act("POST", "/stores/KR-STORE-1/listings", {"cskus": ["MUG", "TEA"]})
        assert asked
        found, cursor = await everything(oms.connection.pull_products(LONG_AGO, backend()))
        mug, tea = sorted(found, key=lambda one: one.sku)
        tell = oms.connection.push_listing_outcome
        assert not (await tell(ListingOutcome(mug, "4711"), backend())).already
        assert not (await tell(ListingOutcome(tea, "", "brand pending approval"), backend())).already
        told = {w["key"]: w["facts"]["result"] for w in await oms.writes() if w["kind"] == "answer_listing"}
        assert told == {"MUG": "LISTED", "TEA": "FAILED"}
        later = Window(LONG_AGO.start, None, cursor)
        words = {
            one.sku: one.vendor_status.split()[0]
            for one in (await everything(oms.connection.pull_products(later, backend())))[0]
        }
        assert words == told
        assert (await tell(ListingOutcome(mug, "4711"), backend())).already
        unasked = mug.model_copy(update={"sku": "GIFT-SET"})
        assert (await tell(ListingOutcome(unasked, "4712"), backend())).already


async def test_f17_a_request_that_was_superseded_is_left_to_the_new_one() -> None:
    async with online() as oms:
        await oms.act("POST", "/stores/KR-STORE-1/listings", {"cskus": ["MUG"]})
        (mug,), cursor = await everything(oms.connection.pull_products(LONG_AGO, backend()))
        await oms.act("POST", "/stores/KR-STORE-1/listings", {"cskus": ["MUG"]})
        stale = await oms.connection.push_listing_outcome(ListingOutcome(mug, "4711"), backend())
        assert (stale.already, stale.note) == (True, "somebody has asked for it anew meanwhile")
        later = Window(LONG_AGO.start, None, cursor)
        (again,), _ = await everything(oms.connection.pull_products(later, backend()))
        assert again.vendor_status != mug.vendor_status
        assert not (await oms.connection.push_listing_outcome(ListingOutcome(again, "4711"), backend())).already


async def test_as_a_channel_products_are_written_and_found() -> None:
    async with online() as oms:
        made = Product(id="I1", sku="LAMP", name="A lamp", variants=(Variant(sku="LAMP"),))
        assert (await oms.connection.push_product(made, None, channel())).id == "LAMP"
        (found,) = await oms.connection.find_product("LAMP", channel())
        assert (found.name, found.sku) == ("A lamp", "LAMP")
        assert await oms.connection.find_product("UNHEARD", channel()) == []
        kit = Product(id="I2", sku="SET", name="A set", parts=(Part(sku="UNHEARD", quantity=Decimal(1)),))
        with pytest.raises(Refused) as caught:
            await oms.connection.push_product(kit, None, channel())
        assert caught.value.code == "missing_isku"


async def take_over(oms: Oms, *products: Product) -> dict[str, str]:
    return errors(await oms.connection.push_listings(products, backend()))


async def test_f09_f12_f16_products_of_the_channel_are_taken_over_and_duplicates_are_told() -> None:
    async with online() as oms:
        shop = [
            Product(id="11", sku="CUP", name="Cup", variants=(Variant(sku="CUP", price=won("900"), stock=Decimal(4)),)),
            Product(id="12", sku="CUP", name="Cup again", variants=(Variant(sku="CUP"),)),
            Product(id="13", sku="", name="Nameless", variants=(Variant(sku=""),)),
            Product(id="14", sku="HAT", name="Hat", options=("Size",), variants=(
                Variant(sku="HAT-S", options=("S",), price=won("700"), stock=Decimal(3)),
                Variant(sku="HAT-L", options=("L",), price=won("800"), stock=Decimal(5)),
            )),
        ]  # fmt: skip
        first = await take_over(oms, *shop)
        assert first == {"11": "TryLater", "12": "duplicate_sku", "13": "missing_isku", "14": "TryLater"}
        await oms.act("POST", "/clock", {"advance_seconds": 900})
        assert await take_over(oms, *shop) == {"12": "duplicate_sku", "13": "missing_isku"}
        taken, _ = await levels(oms)
        assert {sku: taken[sku] for sku in ("CUP", "HAT-S", "HAT-L")} == {"CUP": 4, "HAT-S": 3, "HAT-L": 5}
        found, _ = await everything(oms.connection.pull_products(LONG_AGO, backend()))
        prices = {variant.sku: variant.price for one in found for variant in one.variants}
        assert prices == {"CUP": won("900"), "HAT-S": won("700"), "HAT-L": won("800")}
        feeds = [write for write in await oms.writes() if "feed" in write["kind"]]
        assert len(feeds) == 1


async def test_f14_a_brand_that_is_not_authorized_is_refused_with_its_reason() -> None:
    async with online(authorized_brands=["Known"]) as oms:
        lamp = Product(id="1", sku="LAMP", name="Lamp", brand="Unknown", variants=(Variant(sku="LAMP"),))
        await take_over(oms, lamp)
        await oms.act("POST", "/clock", {"advance_seconds": 900})
        assert await take_over(oms, lamp) == {"1": "brand_not_authorized"}


async def test_f15_a_thousand_skus_take_a_quarter_of_an_hour() -> None:
    async with online() as oms:
        shop = [
            Product(id=str(n), sku=f"S{n:04}", name="Thing", variants=(Variant(sku=f"S{n:04}"),)) for n in range(1200)
        ]
        assert len(await take_over(oms, *shop)) == 1200
        await oms.act("POST", "/clock", {"advance_seconds": 905})
        left = await take_over(oms, *shop)
        assert 0 < len(left) <= 200
        await oms.act("POST", "/clock", {"advance_seconds": 900})
        assert await take_over(oms, *(one for one in shop if one.id in left)) == {}
        assert len([write for write in await oms.writes() if "feed" in write["kind"]]) == 2


def back(status: ReturnStatus, word: str, **changes: Any) -> Return:
    lines = (ReturnLine(line_id="1", sku="MUG", quantity=Decimal(1)),)
    return Return(id="RT1", order_id="241121AAA", status=status, vendor_status=word, lines=lines, **changes)


async def test_f36_a_return_is_opened_once_and_follows_the_decision_of_the_marketplace() -> None:
    async with online() as oms:
        document = await oms.taken()
        with pytest.raises(TryLater, match="not in transit yet"):
            await oms.connection.push_return(back(ReturnStatus.REQUESTED, "REQUESTED"), document, backend())
        document = await oms.follow(shopee(OrderStatus.COMPLETED, "COMPLETED"))
        opened = await oms.connection.push_return(back(ReturnStatus.REQUESTED, "REQUESTED"), document, backend())
        assert opened.note == "RETURN_INITIATED (rows 11, 35)"
        judged = back(ReturnStatus.DISPUTED, "JUDGING", tracking_number="RT-TRK", refund=won("12000"))
        assert (await oms.connection.push_return(judged, document, backend())).id == opened.id
        closed = await oms.connection.push_return(back(ReturnStatus.CLOSED, "CLOSED"), document, backend())
        assert closed.note == "RETURN_INITIATED → RETURN_APPROVED → RETURN_PUTAWAY (no row of the mapping)"
        again = await oms.connection.push_return(back(ReturnStatus.CLOSED, "CLOSED"), document, backend())
        assert again.already
        await oms.act("POST", f"/returns/{opened.id}/put-away", {})
        done = await oms.connection.push_return(back(ReturnStatus.CLOSED, "CLOSED"), document, backend())
        assert done.note == "RETURN_PUTAWAY → RETURN_COMPLETED (rows 14, 38)"
        shown, _ = await everything(oms.connection.pull_returns(LONG_AGO, channel()))
        assert [(one.id, one.status, one.refund) for one in shown] == [(opened.id, ReturnStatus.CLOSED, won("12000"))]


async def test_more_than_was_ordered_does_not_come_back() -> None:
    async with online() as oms:
        await oms.taken()
        document = await oms.follow(shopee(OrderStatus.COMPLETED, "COMPLETED"))
        many = back(ReturnStatus.REQUESTED, "REQUESTED").model_copy(
            update={"lines": (ReturnLine(line_id="1", sku="MUG", quantity=Decimal(9)),)}
        )
        with pytest.raises(Refused) as caught:
            await oms.connection.push_return(many, document, backend())
        assert caught.value.code == "too_many_returned"


async def test_an_outcome_without_error_is_done() -> None:
    assert errors([Outcome("A")]) == {}
