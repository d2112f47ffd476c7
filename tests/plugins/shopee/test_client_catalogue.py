"""What a shop lists is read once, kept beyond the process, and kept up by what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crossdock.contract import Window
from crossdock.model import StockLevel
from tests.plugins.shopee.client_kit import NOW, MemoryVault, good, offline, route
from tests.plugins.shopee.listing_bodies import BASE, LIST, MODELS, Shop, item, shirts
from tests.plugins.shopee.test_client_products import STOCK, all_done, level

_MOMENT = datetime.fromtimestamp(NOW, UTC)
EVER = Window(_MOMENT)
AN_HOUR = Window(_MOMENT, known_since=_MOMENT - timedelta(hours=1))
KEPT = "catalogue/product/600000"


async def seen(connection, window: Window, **options: object) -> dict[str, int]:
    pages = connection.pull_stock(window, route(**options))
    found = [one async for page in pages for one in page.items]
    return {one.sku: int(one.available) for one in found if isinstance(one, StockLevel)}


async def connected_before(shop: Shop) -> MemoryVault:
    """The vault that a process left behind which read all listings."""
    async with offline(shop.answers) as far:
        assert [page async for page in far.connection.pull_products(EVER, route())]
        return far.vault


async def test_the_next_process_knows_what_was_listed_and_asks_for_changes_only():
    shop = shirts()
    vault = await connected_before(shop)
    async with offline(shop.answers | {STOCK: all_done}, vault) as far:
        outcomes = await far.connection.push_stock([level("SHIRT-S"), level("SHIRT-M")], route())
        assert [one.error for one in outcomes] == [None, None]
        assert far.far.paths() == [LIST, STOCK]


async def test_before_anything_is_sent_what_was_read_lately_is_told_again_without_reading_it():
    shop = shirts()
    vault = await connected_before(shop)
    async with offline(shop.answers, vault) as far:
        assert await seen(far.connection, AN_HOUR) == {"SHIRT-S": 4, "SHIRT-M": 4, "CAP": 9, "KIT": 9}
        assert far.far.paths() == [LIST]


async def test_what_was_read_long_ago_is_read_again_but_for_variations_which_are_as_dear_to_read_as_to_write():
    shop = shirts()
    vault = await connected_before(shop)
    async with offline(shop.answers, vault) as far:
        far.clock.seconds += 7_200
        later = Window(far.clock.now(), known_since=far.clock.now() - timedelta(hours=1))
        assert await seen(far.connection, later) == {"CAP": 9, "KIT": 9}
        assert far.far.paths() == [LIST, BASE]


async def test_what_was_written_since_is_not_told_as_it_was():
    shop = shirts()
    async with offline(shop.answers | {STOCK: all_done}) as far:
        await seen(far.connection, EVER)
        await far.connection.push_stock([level("SHIRT-S"), level("CAP")], route())
        assert (await seen(far.connection, AN_HOUR)).keys() == {"CAP", "KIT"}
        assert far.far.paths().count(BASE) == 2


async def test_a_shop_that_was_never_read_or_has_locations_is_read_as_it_is_now():
    shop = shirts()
    async with offline(shop.answers) as far:
        assert len(await seen(far.connection, AN_HOUR)) == 4
        assert far.far.paths().count(MODELS) == 1
        assert len(await seen(far.connection, AN_HOUR, locations={"S1": "SGZ"})) == 4
        assert far.far.paths().count(MODELS) == 2


async def test_what_was_kept_over_a_month_ago_or_cannot_be_read_is_read_again():
    shop = shirts()
    vault = await connected_before(shop)
    _, since, listings = vault.kept[KEPT].split(" ")
    old, other = f"1 {int(since) - 31 * 86_400} {listings}", f"0 {since} {listings}"
    for kept in (old, other, f"1 {since} {listings[:20]}", f"1 then {listings}"):
        vault.kept[KEPT] = kept
        async with offline(shop.answers | {STOCK: all_done}, vault) as far:
            await far.connection.push_stock([level("CAP")], route())
            assert far.far.paths().count(MODELS) == 1


async def test_what_a_reading_that_was_broken_off_found_is_known_and_the_rest_is_looked_for():
    shop = Shop(*(item(number, f"S{number}", update_time=NOW - 90_000 + number * 300) for number in range(1, 250)))
    async with offline(shop.answers | {STOCK: all_done}) as far:
        async for page in far.connection.pull_products(EVER, route()):
            if page.items:
                break
        far.clock.seconds += 100
        outcomes = await far.connection.push_stock([level("S1"), level("S249")], route())
        assert [one.error for one in outcomes] == [None, None]


async def test_a_listing_that_is_no_longer_listed_is_forgotten_once_all_are_read():
    shop = shirts()
    async with offline(shop.answers | {STOCK: all_done}) as far:
        await seen(far.connection, EVER)
        del shop.items[2]
        far.clock.seconds += 10
        await seen(far.connection, EVER)
        (gone,) = await far.connection.push_stock([level("CAP")], route())
        assert gone.error.code == "unknown_sku"


async def test_a_listing_that_cannot_be_read_any_more_is_known_as_it_was():
    shop = shirts()
    async with offline(shop.answers | {STOCK: all_done}) as far:
        await seen(far.connection, EVER)
        shop.items[2]["weight"] = "heavy"
        far.clock.seconds += 10
        await seen(far.connection, EVER)
        (outcome,) = await far.connection.push_stock([level("CAP")], route())
        assert outcome.error is None
        assert "CAP" not in await seen(far.connection, AN_HOUR)


async def test_a_reading_of_levels_that_was_broken_off_goes_on_behind_the_page():
    shop = Shop(*(item(number, f"S{number}", update_time=NOW - 90_000 + number * 300) for number in range(1, 250)))
    async with offline(shop.answers) as far:
        pages = [page async for page in far.connection.pull_stock(EVER, route())]
        cursor = next(page.cursor for page in pages if page.cursor)
        before = {one.sku for page in pages[: [page.cursor for page in pages].index(cursor) + 1] for one in page.items}
        rest = await seen(far.connection, Window(EVER.start, None, cursor))
    assert before | rest.keys() == {f"S{number}" for number in range(1, 250)}
    assert (len(before) < 249, len(rest) < 249) == (True, True)


async def test_an_answer_that_says_no_moment_of_a_change_is_read():
    shop = shirts()
    async with offline(shop.answers | {STOCK: all_done}) as far:
        await seen(far.connection, EVER)
        far.far.answers[LIST] = good({"item": [{"item_id": 2}], "has_next_page": False, "next": ""})
        shop.items[2]["item_sku"] = "HAT"
        far.clock.seconds += 400
        (outcome,) = await far.connection.push_stock([level("HAT")], route())
        assert outcome.error is None
