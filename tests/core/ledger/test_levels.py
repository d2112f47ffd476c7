from decimal import Decimal

from crossdock.ledger import Fault, Level, Listing, ListingEnd, Override, Parking, Published
from crossdock.model import Product, Variant
from tests.core.flows.stock.orders import Desk


def level(sku: str, wanted: int, version: int = 1, **more) -> Level:
    return Level(sku, Decimal(wanted), wanted, version=version, **more)


async def test_levels_are_due_until_they_are_shown_and_older_ones_are_passed_over(ledger):
    levels = ledger.levels("r")
    await levels.record([level("A", 5, 3), level("B", 0)], cursor=("r/stock", "1"))
    due = await levels.due(10)

    await levels.intend(due, 100.0)
    await levels.conclude([Published(one) for one in due])
    await levels.record([level("A", 9, 2)])
    settled = await levels.due(10)
    await levels.record([level("A", 4, 3), level("B", 0, 2)])

    assert [(one.sku, one.wanted, one.shown) for one in due] == [("A", 5, None), ("B", 0, None)]
    assert settled == []
    assert [(one.sku, one.wanted, one.shown) for one in await levels.due(10)] == [("A", 4, 5)]
    assert await ledger.cursor("r/stock") == "1"
    assert await levels.counts() == (2, 1, 0)


async def test_a_call_without_an_answer_keeps_a_level_in_doubt(ledger, clock):
    levels = ledger.levels("r")
    await levels.record([level("A", 5)])
    (sent,) = await levels.due(1)
    await levels.intend([sent], clock.now().timestamp() + 60)
    (again,) = await levels.due(1)

    await levels.conclude([Published(again, doubt_until=again.doubt_until)])
    before = await levels.due(1)
    await clock.advance(61)
    (late,) = await levels.due(1)
    await levels.conclude([Published(late)])

    assert (before, late.shown) == ([], 5)
    assert await levels.due(1) == []


async def test_what_is_refused_is_one_trouble_a_cause_and_can_be_retried_or_dropped(ledger):
    levels = ledger.levels("r")
    await levels.record([level("A", 5), level("B", 5)], [Fault("C", "unit BOX", "no conversion")])
    refused = [Published(one, cause="unlisted", problem=f"no {one.sku}") for one in await levels.due(10)]
    await levels.conclude(refused)

    found = await levels.troubles()
    await levels.drop(["unlisted"])
    left = await levels.troubles()

    assert [(one.cause, one.count) for one in found] == [("source: unit BOX", 1), ("unlisted", 2)]
    assert list(found[1].examples) == [("A", "no A"), ("B", "no B")]
    assert [one.cause for one in left] == ["source: unit BOX"]
    assert await levels.retry(["unlisted"]) == 2
    assert len(await levels.due(10)) == 2
    await levels.look_again("unlisted")
    await levels.mistrust([("A", "")])


async def test_what_a_full_reading_did_not_name_is_wanted_no_more_and_drops_are_counted(ledger, clock):
    levels = ledger.levels("r")
    await levels.record([level("A", 5), level("B", 5)])
    await levels.conclude([Published(one) for one in await levels.due(10)])
    await clock.advance(10)
    await levels.record([level("A", 5)])

    gone = await levels.gone(clock.now().timestamp() - 5)

    assert gone == 1
    assert await levels.drops() == (1, 2)
    assert await levels.due(10, zeros=False) == []
    assert [one.sku for one in await levels.due(10, raises=False)] == ["B"]
    assert await levels.due(10, only=["A"]) == []


async def test_products_are_due_until_their_listing_is_as_they_say(ledger):
    listings = ledger.listings("r")
    tee = Product(id="TEE", sku="TEE", name="Shirt", variants=(Variant(sku="TEE"),))
    await listings.record(
        [Listing("TEE", tee, "a:b"), Listing("X", cause="source: x", problem="no")], ("r/products", "1")
    )
    (due,) = await listings.due(10)
    await listings.intend("TEE", "create", 60.0)
    (begun,) = await listings.load(["TEE"])

    await listings.conclude([ListingEnd(due, "7", "a", {"TEE": "1.00 SGD"})])
    await listings.record([Listing("TEE", tee, "a:b")])
    settled = await listings.due(10)
    await listings.override([Override("TEE", {"name": "Tee"}, "8")], {"TEE": 2, "OLD": None})
    (wished,) = await listings.due(10)

    assert (due.product, begun.kind, begun.doubt_until) == (tee, "create", 60.0)
    assert settled == []
    assert (wished.listed_id, wished.overrides, wished.prices) == ("8", {"name": "Tee"}, {"TEE": "1.00 SGD"})
    assert await listings.taken(["8", ""]) == {"8": "TEE"}
    assert await listings.buffers() == {"TEE": 2}
    assert [one.cause for one in await listings.troubles()] == ["source: x"]
    await listings.drop(["source: x"])
    await listings.retry(["source: x", "dropped: source: x"])
    await listings.look_at_all()
    assert [one.key for one in await listings.page("", 10)] == ["TEE", "X"]


async def test_open_orders_are_sold_until_a_level_is_newer_than_their_document(ledger, clock):
    levels, desk = ledger.levels("r"), Desk(ledger)
    for number, status in (("1", "unpaid"), ("2", "open"), ("3", "shipped"), ("4", "open")):
        await desk.see(number, f"S{number}", 2, status)
    began = clock.now().timestamp()
    await clock.advance(10)
    await desk.create("2")
    await desk.create("4")
    await desk.document("4", "cancelled")

    async def sold(since: float, *, until_shipped: bool = False) -> dict[str, float | None]:
        return {one.sku: one.settled_at for one in await levels.sold(["r"], since, until_shipped=until_shipped)}

    assert await sold(began) == {"S1": None, "S2": began + 10, "S4": None}
    assert await sold(began + 11) == {"S1": None, "S4": None}
    assert await levels.sold(["other"], 0.0, until_shipped=False) == []
    await desk.document("2", "shipped")
    assert await sold(began, until_shipped=True) == {"S1": None, "S2": began + 10, "S4": None}


async def test_what_was_held_back_is_due_again_and_what_is_sold_from_a_part_is_filled_up(ledger, clock):
    levels = ledger.levels("r")
    await levels.record([level("A", 9), Level("B", Decimal(50), 5, version=1)])
    await levels.conclude([Published(one, held=int(one.sku == "A")) for one in await levels.due(9)])
    await clock.advance(301)
    held = await levels.held(9)
    await levels.record([Level("B", Decimal(48), 5, version=2)])

    due = {one.sku: (one.shown, one.held, one.doubt_until is None) for one in await levels.due(9)}

    assert held == ["A"]
    assert due == {"A": (9, 1, True), "B": (5, 0, False)}


async def test_a_status_counts_stock_products_and_what_is_parked_of_them(ledger):
    await ledger.levels("r").record([level("A", 5), level("B", 0)])
    await ledger.listings("r").record([Listing("P", None, "print", "7")])
    await ledger.keep_items("r/stock", [Parking("refused", "refused", "no")])

    found = await ledger.status("r")

    assert (found.levels, found.levels_due, found.products, found.listed, found.parked) == (2, 2, 1, 1, 1)
