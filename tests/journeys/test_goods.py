"""Stock and products between both systems in one process: what goes wrong is one row with a reason, the others pass."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from crossdock.flows.orders.report import Report
from crossdock.flows.products.match import Found
from crossdock_ls_central.sandbox.pictures import picture
from crossdock_shopee.sandbox.products.record import Item
from tests.journeys.hall import ROUTE, Hall, opened

MUG, CAP, MUGS = "MUG", "CAP", 100300
STOCK = '[routes.sg.stock]\nunlisted = "leave"\n'
PRODUCTS = "[routes.sg.products]\ncreate = true\n"
MAPPED = f"[routes.sg.channel_options]\ncategories = {{ GENERAL = {MUGS}, CLOTHING = 100301 }}\n"


@asynccontextmanager
async def goods(folder: Path, more: str, **options: Any) -> AsyncIterator[Hall]:
    """A hall whose LS Central sells the mug and the cap that the shop lists."""
    async with opened(folder / "hall", 1, more, **options) as hall:
        for number, stock in ((MUG, "12"), (CAP, "40")):
            await hall.central_desk.act("/items", {"number": number, "unit_price": "9.5", "stock": stock})
        yield hall


async def sync(hall: Hall, flow: str = "stock") -> Report:
    engine = await hall.engine()
    pull = engine.goods.pull_stock if flow == "stock" else engine.goods.pull_products
    return await pull(ROUTE)


async def parked(hall: Hall) -> dict[str, str]:
    engine = await hall.engine()
    return {item.cause: item.reason for item in await engine.ledger.parked(ROUTE)}


def item(hall: Hall, sku: str) -> Item:
    """The shop's item that carries `sku`."""
    items = [one for shop in hall.shopee.state.shops.values() for one in shop.catalogue]
    return next(one for one in items if sku in {one.sku, *(model.sku for model in one.models)})


def shows(hall: Hall, sku: str) -> int:
    found = item(hall, sku)
    return next(model.total for model in found.models if model.sku in ("", sku))


def refused(report: Report) -> dict[str, str]:
    return {one.key: one.text for one in report.results if one.state == "refused"}


async def test_a_promotion_keeps_its_price_and_its_units_and_says_so(tmp_path: Path) -> None:
    async with goods(tmp_path, STOCK + PRODUCTS + MAPPED) as hall:
        mug = item(hall, MUG)
        offer = {"price": "5.00", "reserved": 20}
        await hall.shop_desk.act("/items/{item_id}/promotions", offer, item_id=str(mug.item_id))

        prices, levels = refused(await sync(hall, "products")), refused(await sync(hall))

        assert "promotion" in prices[MUG]
        assert "reserved" in levels[MUG]
        assert (item(hall, CAP).models[0].price, shows(hall, CAP)) == (9.5, 40)
        assert {"price"} < set(await parked(hall))
        (status,) = await (await hall.engine()).status()
        assert (status.levels > 2, status.products > 2, status.listed >= 2, status.parked) == (
            True,
            True,
            True,
            len(await parked(hall)),
        )


async def test_a_retired_category_is_one_product_and_the_others_are_listed(tmp_path: Path) -> None:
    async with goods(tmp_path, PRODUCTS + MAPPED) as hall:
        await hall.shop_desk.act("/categories/{category_id}/retire", category_id=str(MUGS))

        report = await sync(hall, "products")

        assert any("category" in text.lower() for text in refused(report).values())
        assert {MUG, CAP}.isdisjoint(refused(report))


async def test_a_brand_is_waited_for_and_assigned_once_it_is_approved(tmp_path: Path) -> None:
    async with goods(tmp_path, PRODUCTS + MAPPED.replace("]\n", ']\nunknown_brand = "register"\n')) as hall:
        first = await sync(hall, "products")
        brands = {one.name: one for one in hall.shopee.state.taxonomy.brands.values() if not one.approved}
        for brand in list(brands.values()):
            await hall.shop_desk.act("/brands/{brand_id}/decide", {"decision": "approve"}, brand_id=str(brand.id))
        await hall.clock.sleep(700)
        await sync(hall, "products")

        waiting = [one.text for one in first.results if one.state == "waiting"]
        assert any("waits for Shopee's approval" in text for text in waiting)
        listed = {
            one.brand["original_brand_name"] for shop in hall.shopee.state.shops.values() for one in shop.catalogue
        }
        assert set(brands) <= listed


async def test_whatever_is_wrong_is_a_row_with_a_reason_and_what_to_do_and_the_others_pass(tmp_path: Path) -> None:
    stock = '[routes.sg.stock]\nunits = { PCS = "1", CASE = "12" }\n'
    registering = MAPPED.replace("]\n", ']\nunknown_brand = "register"\n')
    async with goods(tmp_path, stock + PRODUCTS + registering) as hall:
        for number, more in (
            ("PHOTO", {}),
            ("FREE", {"unit_price": "0"}),
            ("ODD", {}),
            ("CRATE", {"units": {"TON": 1}}),
        ):
            await hall.central_desk.act("/items", {"number": number, "stock": "5", **more})
        for number, name, content in (("PHOTO", "NOTE", b"no picture"), ("FREE", "RED", picture(200, 0, 0))):
            image = {"image_id": name, "content": b64encode(content).decode()}
            await hall.central_desk.act("/items/{number}/images", image, number=number)
        hall.central.company.items["ODD"].category = "ODDITIES"

        await sync(hall, "products")
        waiting = [brand.id for brand in hall.shopee.state.taxonomy.brands.values() if not brand.approved]
        for brand in waiting:
            await hall.shop_desk.act("/brands/{brand_id}/decide", {"decision": "reject"}, brand_id=str(brand))
        await hall.clock.sleep(700)
        again = refused(await sync(hall, "products"))
        await sync(hall)

        told = await parked(hall)
        facts = {one.cause: one.facts for one in await (await hall.engine()).ledger.parked(ROUTE)}
        assert "Picture NOTE of 10 bytes cannot be used; Shopee takes JPEG and PNG" in facts["image"]["PHOTO"]
        assert "must be above 0" in facts["price"]["FREE"]
        assert "ODDITIES" in facts["category"]["ODD"]
        assert "did not approve brand" in told["brand"]
        assert "add another brand for it to brands of the route" in told["brand"]
        assert "Unit TON of SKU CRATE has no conversion; units has CASE, PCS" in told["source: unit TON"]
        assert "No listing of the shop carries SKU" in told["unknown_sku"]
        assert (waiting != [], shows(hall, MUG), item(hall, MUG).models[0].price, MUG in again) == (
            True,
            12,
            9.5,
            False,
        )


async def test_cases_are_counted_in_pieces_and_a_kit_is_as_many_as_its_parts_allow(tmp_path: Path) -> None:
    held = 'units = { PCS = "1", CASE = "12" }\nkits = { CAP = { MUG = "5" } }\n'
    async with goods(tmp_path, STOCK + held) as hall:
        await hall.shop_desk.act("/items-many", {"prefix": "BOX", "count": 1, "stock": 0})
        await hall.central_desk.act("/items", {"number": "BOX00001", "units": {"CASE": 1}, "stock": "3"})
        await sync(hall)
        first = shows(hall, "BOX00001"), shows(hall, CAP)
        await hall.central_desk.act("/items/{number}/sell", {"quantity": "3"}, number=MUG)
        await sync(hall)

        assert (first, shows(hall, MUG), shows(hall, CAP)) == ((36, 2), 9, 1)


async def test_of_two_listings_of_one_sku_the_older_is_linked_and_both_are_named(tmp_path: Path) -> None:
    async with goods(tmp_path, STOCK + "[routes.sg.products]\n" + MAPPED) as hall:
        older, younger = sorted((item(hall, MUG), item(hall, CAP)), key=lambda one: one.item_id)
        older.sku = younger.sku = MUG
        engine = await hall.engine()

        matches = {one.key: one for one in await engine.goods.match_products(ROUTE)}
        await sync(hall, "products")
        levels = refused(await sync(hall))

        linked = (await engine.ledger.listings(ROUTE).load([MUG]))[0].listed_id
        assert (matches[MUG].found, matches[CAP].found) == (Found.DUPLICATE, Found.MISSING)
        assert (matches[MUG].listed_id, list(matches[MUG].losers), linked) == (
            str(older.item_id),
            [str(younger.item_id)],
            str(older.item_id),
        )
        assert f"SKU MUG is listed at {older.item_id}/0, {younger.item_id}/0" in levels[MUG]


async def test_negative_stock_is_none_and_units_that_were_sold_are_not_shown_again(tmp_path: Path) -> None:
    async with goods(tmp_path, STOCK) as hall:
        await hall.central_desk.act("/items/{number}/stock", {"quantity": "-3"}, number=CAP)
        await sync(hall)
        assert (shows(hall, MUG), shows(hall, CAP)) == (12, 0)

        sold = {"items": [{"model_sku": MUG, "quantity": 2, "original_price": "8.00"}]}
        await hall.shop_desk.act("/orders", sold)
        await (await hall.engine()).ledger.flush()
        assert shows(hall, MUG) == 10
        await hall.central_desk.act("/items/{number}/stock", {"quantity": "15"}, number=MUG)
        unpaid = await (await hall.engine()).pull(ROUTE)
        await sync(hall)

        assert unpaid.count("create") == 1
        assert shows(hall, MUG) == 13


async def test_a_cross_border_shop_is_written_through_its_merchant_and_published_to(tmp_path: Path) -> None:
    factor = MAPPED.replace("]\n", ']\nlocal_price_factor = "0.001"\n')
    async with goods(tmp_path, STOCK + PRODUCTS + factor, cross_border=True) as hall:
        await hall.central_desk.act("/items/{number}/price", {"unit_price": "20000"}, number="40020")
        for _ in range(2):
            await sync(hall, "products")
            await hall.clock.sleep(120)
        await hall.central_desk.act("/items/{number}/price", {"unit_price": "21000", "variant": "001"}, number="40020")
        await sync(hall, "products")
        await sync(hall)

        (merchant,) = hall.shopee.state.merchants.values()
        (made,) = [one for one in merchant.items.values() if one.sku == "40020"]
        assert {model.sku: model.price for model in made.models}["40020-001"] == 21000
        writes = {write.kind for write in hall.shopee.world.oracle.writes()}
        assert {"add_global_item", "create_publish_task", "update_global_price", "update_global_stock"} <= writes
        assert shows(hall, "40020-001") == 600


async def test_a_price_for_some_days_is_shown_on_those_days_only(tmp_path: Path) -> None:
    async with goods(tmp_path, PRODUCTS + MAPPED, backend_options='prices = "sales_price"') as hall:
        for special in (
            {"price": "9", "starts": "2026-01-01"},
            {"price": "7.5", "starts": "2026-11-21", "ends": "2026-11-21"},
        ):
            await hall.central_desk.act("/items/{number}/special-prices", special, number=MUG)
        prices = []
        for _day in range(3):
            await sync(hall, "products")
            prices.append(item(hall, MUG).models[0].price)
            await hall.clock.sleep(86_400)

        assert prices == [9, 7.5, 9]


async def test_prices_in_another_currency_than_the_shops_are_refused_and_none_is_changed(tmp_path: Path) -> None:
    async with goods(tmp_path, PRODUCTS + MAPPED) as hall:
        before = {sku: item(hall, sku).models[0].price for sku in (MUG, CAP)}
        hall.currency = "MYR"

        rows = refused(await sync(hall, "products"))

        assert {sku: item(hall, sku).models[0].price for sku in (MUG, CAP)} == before
        assert all("MYR" in rows[sku] and "SGD" in rows[sku] for sku in (MUG, CAP))


async def test_each_place_of_the_shop_shows_what_its_own_store_has(tmp_path: Path) -> None:
    places = '[routes.sg.channel_options]\nlocations = { S0013 = "SGZ", W0001 = "SGW2" }\n'
    chosen = 'locations = ["S0013", "W0001"]\nstock_from = "each"'
    async with goods(tmp_path, STOCK + places, backend_options=chosen, multi_warehouse=True) as hall:
        await hall.central_desk.act("/items/{number}/stock", {"quantity": "7", "location": "W0001"}, number=MUG)
        await sync(hall)
        first = dict(item(hall, MUG).models[0].stock)
        await hall.central_desk.act("/items/{number}/sell", {"quantity": "2", "location": "W0001"}, number=MUG)
        await sync(hall)

        assert (first, item(hall, MUG).models[0].stock) == ({"SGZ": 12, "SGW2": 7}, {"SGZ": 12, "SGW2": 5})
