"""Units that the channel sold are not shown again before the backend knows of them."""

import asyncio
from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossdock.clock import FakeClock
from crossdock.flows.stock.allowance import SoldUnits
from crossdock.ledger import Database, Ledger, Sold
from tests.core.doubles import KEYS
from tests.core.flows.stock.orders import Desk
from tests.core.flows.stock.shop import Hall


@pytest.mark.parametrize("status", ["unpaid", "held", "open", "cancelling", "arranged"])
async def test_a_sale_that_the_backend_does_not_know_is_not_shown_again(hall, status):
    await Desk(hall.ledger).see("1", quantity=2, status=status)
    hall.source.put("A", 10)

    report = await hall.run()

    assert hall.shop.shows == {"A": 8}
    assert "2 less than there is: sold, and not in the backend yet" in report.results[0].text


@pytest.mark.parametrize("status", ["cancelled", "shipped", "completed"])
async def test_an_order_that_is_over_holds_nothing(hall, status):
    await Desk(hall.ledger).see("1", status=status)
    hall.source.put("A", 10)

    await hall.run()

    assert hall.shop.shows == {"A": 10}


async def test_a_cancelled_part_and_history_hold_nothing(hall):
    await Desk(hall.ledger).see("1", quantity=3, cancelled_quantity=Decimal(2))
    await hall.run()
    hall.source.put("A", 10)

    await hall.run()

    assert hall.shop.shows == {"A": 9}


async def test_a_sale_alone_sends_nothing_since_the_channel_counts_it_itself(hall):
    hall.source.put("A", 10)
    await hall.run()

    await Desk(hall.ledger).see("1")
    hall.shop.shows["A"] -= 1
    await hall.run()

    assert hall.shop.pushed == [("A", 10)]


async def test_a_level_read_before_the_document_was_made_is_lowered_and_one_read_after_it_is_not(hall):
    desk = Desk(hall.ledger)
    await desk.see("1")
    hall.source.put("A", 10)
    await hall.run()
    first = dict(hall.shop.shows)
    await hall.clock.advance(10)
    await desk.create("1")
    await hall.clock.advance(10)
    hall.source.put("A", 9)

    await hall.run()

    assert (first, hall.shop.shows) == ({"A": 9}, {"A": 9})


async def test_what_was_held_back_is_shown_once_it_turns_out_that_it_was_in_the_level(hall):
    desk = Desk(hall.ledger)
    await desk.see("1")
    hall.source.put("A", 9)  # the document is there already, and its answer is on its way
    await hall.run()
    await hall.clock.advance(1)
    await desk.create("1")
    before = dict(hall.shop.shows)

    await hall.later(300)

    assert (before, hall.shop.shows) == ({"A": 8}, {"A": 9})
    assert (await hall.level("A")).held == 0


async def test_what_stays_unpaid_is_looked_at_again_and_again_but_sent_once(hall):
    await Desk(hall.ledger).see("1", status="unpaid")
    hall.source.put("A", 10)

    for _ in range(4):
        await hall.later(300)

    assert hall.shop.pushed == [("A", 9)]


async def test_units_of_a_cancelled_document_come_back_only_when_the_channel_gives_them_back(hall):
    desk = Desk(hall.ledger)
    await desk.see("1")
    await desk.create("1")
    await hall.clock.advance(1)
    hall.source.put("A", 9)
    await hall.run()
    await desk.document("1", "cancelled")
    hall.source.put("A", 10)
    await hall.run()
    held = dict(hall.shop.shows)

    await desk.see("1", status="cancelled")
    hall.shop.shows["A"] += 1
    await hall.later(300)

    assert (held, hall.shop.shows) == ({"A": 9}, {"A": 10})


async def test_a_backend_that_reserves_nothing_is_followed_until_it_has_shipped(ledger, world):
    hall = Hall(ledger, world.clock, hold_sold="until_shipped")
    desk = Desk(ledger)
    await desk.see("1")
    await desk.create("1")
    await hall.clock.advance(5)
    hall.source.put("A", 10)
    await hall.run()
    held = dict(hall.shop.shows)
    await desk.document("1", "shipped")
    await hall.clock.advance(5)
    hall.source.put("A", 9)

    await hall.run()

    assert (held, hall.shop.shows) == ({"A": 9}, {"A": 9})


async def test_holding_back_can_be_switched_off(ledger, world):
    hall = Hall(ledger, world.clock, hold_sold="never")
    await Desk(ledger).see("1")
    hall.source.put("A", 10)

    await hall.run()

    assert hall.shop.shows == {"A": 10}


async def test_sales_of_another_channel_count_where_both_sell_one_stock(ledger, world):
    hall = Hall(ledger, world.clock, percentage=50)
    hall.neighbours = {"other": hall.options}
    await Desk(ledger, "other").see("1", quantity=4)
    hall.source.put("A", 10)

    await hall.run()

    assert hall.shop.shows == {"A": 3}


async def test_a_kit_holds_its_parts_and_a_part_its_kit(ledger, world):
    hall = Hall(ledger, world.clock, kits={"SET": {"MUG": "2", "TEA": "1"}})
    await Desk(ledger).see("1", "SET")
    await Desk(ledger).see("2", "MUG")
    hall.source.put("MUG", 9)
    hall.source.put("TEA", 9)

    await hall.run()

    assert hall.shop.shows == {"MUG": 6, "TEA": 8, "SET": 2}  # 4 sets less 1.5 of them


def test_units_are_held_until_a_level_is_newer_than_their_document():
    sold = SoldUnits([Sold("A", Decimal(1), None), Sold("A", Decimal(2), 50.0), Sold("B", Decimal(4), 10.0)])

    assert [sold.of("A", 49.0), sold.of("A", 50.0), sold.of("B", 10.0), sold.of("C", 0.0)] == [3, 1, 0, 0]


SKUS = st.sampled_from(["A", "B"])
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("receipt"), SKUS, st.integers(1, 5)),
        st.tuples(st.just("sale"), SKUS, st.integers(1, 3)),
        st.tuples(st.just("document"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("cancel"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("run"), st.sampled_from(["ok", "lost", "later", "killed"]), st.just(0)),
        st.tuples(st.just("wait"), st.sampled_from([1, 130, 400]), st.just(0)),
    ),
    max_size=14,
)


class Business:
    """A backend that reserves what has a document, a channel that counts its sales, and every order is read at once."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.desk = Desk(hall.ledger)
        self.levels: Counter[str] = Counter()
        self.waiting: dict[str, tuple[str, int]] = {}
        self.count = 0

    def free(self, sku: str) -> int:
        return self.levels[sku] - sum(units for of, units in self.waiting.values() if of == sku)

    async def play(self, what: str, which: object, units: int) -> None:
        pushed = len(self.hall.shop.pushed)
        await getattr(self, what)(which, units)
        for sku, level in self.hall.shop.pushed[pushed:]:
            assert level <= max(self.free(sku), 0), f"{what} showed {level} of {sku}, {self.free(sku)} are free"

    async def receipt(self, sku: str, units: int) -> None:
        self.levels[sku] += units
        self.hall.source.put(sku, self.levels[sku])

    async def sale(self, sku: str, units: int) -> None:
        if self.hall.shop.shows.get(sku, 0) >= units:
            self.hall.shop.shows[sku] -= units
            self.count += 1
            self.waiting[str(self.count)] = (sku, units)
            await self.desk.see(str(self.count), sku, units)

    async def document(self, which: int, _units: int) -> None:
        for number in list(self.waiting)[which : which + 1]:
            sku, units = self.waiting.pop(number)
            self.levels[sku] -= units
            self.hall.source.put(sku, self.levels[sku])
            await self.desk.create(number)
            await self.hall.clock.advance(0.001)

    async def cancel(self, which: int, _units: int) -> None:
        for number in list(self.waiting)[which : which + 1]:
            sku, units = self.waiting.pop(number)
            self.hall.shop.shows[sku] += units
            await self.desk.see(number, sku, units, "cancelled")

    async def run(self, fate: str, _units: int) -> None:
        self.hall.shop.trouble = [fate]
        with self.hall.survives():
            await self.hall.run()
        self.hall.shop.trouble = []

    async def wait(self, seconds: int, _units: int) -> None:
        await self.hall.clock.advance(seconds)


async def tell(story: list[tuple[str, object, int]]) -> None:
    clock = FakeClock()
    with TemporaryDirectory() as folder:
        async with Ledger(Database("sqlite://"), clock, Path(folder), KEYS) as ledger:
            business = Business(Hall(ledger, clock, brake_from=1_000))
            for event in story:
                await business.play(*event)
            for _ in range(3):
                await business.play("wait", 400, 0)
                await business.play("run", "ok", 0)
            shows = business.hall.shop.shows
            assert {sku: shows.get(sku, 0) for sku in business.levels} == {
                sku: business.free(sku) for sku in business.levels
            }


@settings(max_examples=30)
@given(EVENTS)
def test_whatever_happens_no_more_is_shown_than_is_free_and_in_the_end_all_of_it(story):
    asyncio.run(tell(story))


@pytest.mark.long
@settings(max_examples=600)
@given(EVENTS)
def test_in_many_stories_too(story):
    asyncio.run(tell(story))
