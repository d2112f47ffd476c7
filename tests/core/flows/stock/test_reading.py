"""A reading of everything that is broken off goes on where it was; nothing that it did not name yet goes off sale."""

import pytest

from crossdock.errors import TryLater
from crossdock.flows.stock import items
from tests.core.flows.stock.shop import Hall, Killed

SKUS = ["A", "B", "C", "D", "E"]


@pytest.fixture
def broken_off(hall):
    """Something that kills a reading of everything after so many pages of one SKU."""
    hall.source.page = 1
    for number, sku in enumerate(SKUS, 1):
        hall.source.put(sku, number)

    async def kill(after: int, **more: object) -> None:
        hall.source.dies_after = len(hall.source.pages) + after
        with pytest.raises(Killed):
            await hall.run(**more)
        hall.source.dies_after = None
        hall.source.pages.clear()

    return kill


async def test_pages_that_were_kept_before_a_kill_are_not_read_again(hall, broken_off):
    await broken_off(3)

    await hall.run()

    assert hall.source.pages == [["D"], ["E"]]
    assert hall.shop.shows == {"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}


async def test_what_is_gone_is_taken_off_sale_by_the_run_that_ends_the_reading(hall, broken_off):
    await hall.run()
    hall.source.changes = [sku for sku in hall.source.changes if sku != "B"]
    await hall.clock.advance(60)
    hall.source.pages.clear()
    await broken_off(3, full=True)
    assert hall.shop.shows["B"] == 2

    await hall.run()

    assert hall.source.pages == [["E"]]
    assert hall.shop.shows == {"A": 1, "B": 0, "C": 3, "D": 4, "E": 5}


async def test_a_kill_before_the_first_page_does_not_make_changes_out_of_everything(hall, broken_off):
    await hall.run()
    await hall.clock.advance(60)
    hall.source.trouble = [Killed()]
    with pytest.raises(Killed):
        await hall.run(full=True)
    hall.source.pages.clear()

    await hall.run()

    assert [sku for page in hall.source.pages for sku in page] == SKUS
    assert hall.shop.shows == {"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}


async def test_what_changes_while_a_reading_is_broken_off_is_found_afterwards(hall, broken_off):
    await broken_off(3)
    hall.source.put("A", 9)
    await hall.run()
    assert hall.shop.shows["A"] == 1

    await hall.run()

    assert hall.shop.shows == {"A": 9, "B": 2, "C": 3, "D": 4, "E": 5}


async def test_a_source_that_fails_in_the_middle_is_not_read_from_the_beginning(hall, broken_off):
    await broken_off(3)
    hall.source.trouble = [TryLater("busy")]
    with pytest.raises(TryLater):
        await hall.run()

    await hall.run()

    assert hall.source.pages == [["D"], ["E"]]


async def test_other_options_and_a_retry_of_the_source_begin_the_reading_anew(ledger, world, hall, broken_off):
    await broken_off(3)
    other = Hall(ledger, world.clock, buffer=1)
    other.source, other.shop = hall.source, hall.shop
    await other.run()
    assert [sku for page in hall.source.pages for sku in page] == SKUS
    assert hall.shop.shows == {"A": 0, "B": 1, "C": 2, "D": 3, "E": 4}

    hall.source.pages.clear()
    await hall.clock.advance(60)
    hall.source.dies_after = 2
    with pytest.raises(Killed):
        await other.run(full=True)
    hall.source.dies_after = None
    hall.source.pages.clear()
    await items.retry(ledger, "r", ["source: unit BOX"])
    await other.run()
    assert [sku for page in hall.source.pages for sku in page] == SKUS


async def test_a_reading_that_was_broken_off_long_ago_begins_anew(hall, broken_off):
    await broken_off(3)

    await hall.later(hall.options.full_every.total_seconds() + 1)

    assert [sku for page in hall.source.pages for sku in page] == SKUS
