import asyncio
from collections import Counter

import pytest

from crossdock.contract import Outcome, Page, Route, Side, Unreadable, hookimpl, scope, verbs_of
from crossdock.errors import CannotTranslate, Refused, TryLater, Unclear
from crossdock.flows.products.take_over import TakeOver
from tests.core.flows.products.market import product


class Shop:
    def __init__(self, *listings: object) -> None:
        self.listings = listings

    @hookimpl
    async def pull_products(self):
        for one in self.listings:
            yield Page([one])


class Catalogue:
    """Takes products as `fates` say: a list of what becomes of each telling, by number; done without one."""

    def __init__(self, **fates: list[object]) -> None:
        self.fates = fates
        self.told: Counter[str] = Counter()
        self.trouble: list[Exception] = []

    @hookimpl
    async def push_listings(self, listings):
        if self.trouble:
            raise self.trouble.pop(0)
        self.told.update(one.id for one in listings)
        fates = {one.id: self.fates.get(f"n{one.id}") or [None] for one in listings}
        return [Outcome(number, fate.pop(0)) for number, fate in fates.items() if fate[0] != "silent"]


async def taken_over(clock, catalogue, *listings, shares=None):
    shop = Shop(*listings)
    both = scope({"shop": shop, "oms": catalogue})
    sides = (Side(name, scope({name: one}), verbs_of(one)) for name, one in (("shop", shop), ("oms", catalogue)))
    seen = [] if shares is None else shares
    work = TakeOver(Route("r", *sides, both, {}), clock, lambda report: seen.append(report.share))
    task = asyncio.ensure_future(work.run())
    while not task.done():
        await clock.advance(5)
    report = task.result()
    return {one.key: (one.state, one.text) for one in report.results}


async def test_f12_every_listing_is_told_and_how_far_it_is(world):
    shares: list[float | None] = []
    catalogue = Catalogue(n8=[TryLater("row 2 of 2", after=5)])
    ended = await taken_over(world.clock, catalogue, product("7"), product("8"), shares=shares)
    assert {key: state for key, (state, _) in ended.items()} == {"7": "done", "8": "done"}
    assert catalogue.told == {"7": 1, "8": 2}
    assert (shares[-1], 0.5 in shares) == (1, True)


async def test_f09_of_listings_with_one_sku_the_oldest_is_taken_over_and_the_others_are_named(world):
    catalogue = Catalogue()
    listings = product("100", "MUG", "CUP"), product("99", "MUG"), product("7", "HAT")
    ended = await taken_over(world.clock, catalogue, *listings)
    assert ended["100"] == ("duplicate", "SKU MUG is that of listing 99 too, and only that one is taken over")
    assert catalogue.told == {"99": 1, "7": 1}


async def test_f14_what_is_refused_or_cannot_be_read_is_named_and_the_others_are_told(world):
    catalogue = Catalogue(n7=[Refused("brand 'Ours' is not authorized for this store", code="brand_not_authorized")])
    broken = Unreadable("9", CannotTranslate("price", "an amount"))
    ended = await taken_over(world.clock, catalogue, product("7"), broken, product("8"))
    assert {key: state for key, (state, _) in ended.items()} == {"7": "refused", "8": "done", "9": "refused"}
    assert "'Ours' is not authorized" in ended["7"][1]


async def test_a_lost_answer_is_told_again(world):
    catalogue = Catalogue()
    catalogue.trouble = [Unclear("no answer"), TryLater("busy", after=1)]
    assert (await taken_over(world.clock, catalogue, product("7")))["7"][0] == "done"


async def test_a_backend_that_does_not_get_on_is_not_waited_for_for_ever(world):
    catalogue = Catalogue(n7=["silent"] * 1_000)
    with pytest.raises(TryLater, match="1 products are not through: no answer"):
        await taken_over(world.clock, catalogue, product("7"), product("8"))
