from contextlib import suppress
from decimal import Decimal

import pytest

from crossdock.contract import Receipt, Unreadable, hookimpl
from crossdock.errors import CannotTranslate, Refused, TryLater
from crossdock.flows.products import items
from crossdock.flows.products.match import Found
from crossdock.ledger import Level, Override, Published
from crossdock.model import Money
from tests.core.flows.products.market import Backend, Desk, Killed, product


async def test_what_is_not_listed_is_listed_once(desk):
    desk.backend.put(product("TEE", "TEE-S", "TEE-M"), product("CAP"))

    await desk.run()
    await desk.run()
    await desk.run(full=True)

    assert desk.acts() == {"create": 2}
    assert {(await desk.listing("TEE")).listed_id, (await desk.listing("CAP")).listed_id} == set(desk.market.now)


async def test_nothing_is_listed_while_create_is_off_and_it_is_once_it_is_on(ledger, world):
    desk = Desk(ledger, world.clock, create=False)
    desk.backend.put(product())
    await desk.run()
    before = desk.acts()
    desk.options = desk.options.model_copy(update={"create": True})

    await desk.run()

    assert (before, desk.acts()) == ({}, {"create": 1})


async def test_what_is_there_already_is_linked_and_left_as_it_is_until_it_changes(desk):
    desk.market.list("77", "TEE", name="Our best shirt")
    desk.backend.put(product())

    await desk.run()
    first = desk.market.now["77"].name
    desk.backend.change("TEE", name="Shirt")
    await desk.run()

    assert (first, desk.market.now["77"].name) == ("Our best shirt", "Shirt")
    assert desk.acts() == {"update": 1}
    assert list(desk.market.now) == ["77"]


async def test_what_is_there_already_is_brought_in_line_at_once_if_the_route_says_so(ledger, world):
    desk = Desk(ledger, world.clock, adopt="overwrite")
    desk.market.list("77", "TEE", name="Our best shirt")
    desk.backend.put(product())

    await desk.run()

    assert desk.market.now["77"].name == "Item TEE"


async def test_a_listing_is_linked_by_barcode_where_its_sku_differs(desk):
    desk.market.list("77", "TEE")
    listed = desk.market.now["77"]
    other = tuple(variant.model_copy(update={"sku": "old-code"}) for variant in listed.variants)
    desk.market.now["77"] = listed.model_copy(update={"variants": other})
    desk.backend.put(product())

    await desk.run()

    assert desk.acts().get("create") is None
    assert list(desk.market.now) == ["77"]


@pytest.mark.parametrize("fate", ["lost", "late", "later", "killed", "silent"])
async def test_whatever_becomes_of_making_a_listing_there_is_one_in_the_end(desk, fate):
    desk.backend.put(product())
    desk.market.trouble = [fate]
    with suppress(Killed):
        await desk.run()

    for _ in range(4):
        await desk.later(60)
    await desk.later()

    assert desk.acts()["create"] == 1
    assert (await desk.listing()).listed_id in desk.market.now
    assert (await desk.listing()).kind == ""
    assert await desk.parked() == {}


async def test_a_change_that_got_no_answer_is_made_again(desk):
    desk.backend.put(product())
    await desk.run()
    desk.backend.change("TEE", name="Shirt")
    desk.market.trouble = ["later", "late"]

    for _ in range(4):
        await desk.later()

    assert {one.name for one in desk.market.now.values()} == {"Shirt"}


@pytest.mark.parametrize("fate", ["lost", "killed"])
async def test_a_change_that_is_taken_back_before_its_answer_is_known_is_taken_back_on_the_channel(desk, fate):
    desk.backend.put(product(name="Tee"))
    await desk.run()
    desk.backend.change("TEE", name="Shirt")
    desk.market.trouble = [fate]
    with suppress(Killed):
        await desk.run()
    assert {one.name for one in desk.market.now.values()} == {"Shirt"}

    desk.backend.change("TEE", name="Tee")
    for _ in range(3):
        await desk.later()

    assert {one.name for one in desk.market.now.values()} == {"Tee"}
    assert (await desk.listing()).kind == ""


async def test_a_refused_product_is_one_item_and_the_others_pass(desk):
    desk.backend.put(product("A"), product("B"), product("C"))
    desk.market.trouble = ["refused", "refused"]

    report = await desk.run()
    again = await desk.run()
    parked = await desk.parked()
    released = await items.retry(desk.ledger, "r", ["category"])
    await desk.run()

    assert parked == {"category": "A: no such category (and 1 more)."}
    assert (report.parked, again.parked, released) == (1, 0, 1)
    assert desk.acts() == {"create": 3}
    assert await desk.parked() == {}


async def test_a_dropped_product_stays_as_it_is_until_it_changes(desk):
    desk.backend.put(product())
    desk.market.trouble = ["refused"]
    await desk.run()

    await items.drop(desk.ledger, "r", ["category"], "not ours")
    await desk.run(full=True)
    before = desk.acts()
    desk.backend.change("TEE", category="shirts")
    await desk.run()

    assert (before, desk.acts()) == ({}, {"create": 1})
    assert await desk.parked() == {}


async def test_a_bug_of_a_plugin_stops_one_product_only(desk):
    desk.backend.put(product("A"), product("B"))
    desk.market.trouble = ["broken"]

    await desk.run()

    assert desk.acts() == {"create": 1}
    assert await desk.parked() == {"broken": "A: the plugin failed with RuntimeError"}


async def test_variants_spread_over_listings_are_parked_and_nothing_is_made(desk):
    desk.market.list("1", "TEE-S")
    desk.market.list("2", "TEE-M")
    desk.backend.put(product("TEE", "TEE-S", "TEE-M"))

    await desk.run()

    assert desk.acts() == {}
    assert await desk.parked() == {"ambiguous": "TEE: its SKUs are spread over listings 1, 2"}


async def test_two_products_are_never_linked_to_one_listing(desk):
    desk.market.list("1", "A", "B")
    desk.backend.put(product("ONE", "A"), product("TWO", "B"))

    await desk.run()

    assert (await desk.listing("ONE")).listed_id == "1"
    assert await desk.parked() == {"linked-twice": "TWO: listing 1 is linked to product ONE already"}


async def test_a_duplicate_is_linked_to_the_same_winner_every_time_and_reported(desk):
    desk.market.list("20", "TEE")
    desk.market.list("3", "TEE")
    desk.backend.put(product())

    report = await desk.run()

    assert (await desk.listing()).listed_id == "3"
    assert [(one.kind, one.state) for one in report.results] == [("link", "duplicate")]


async def test_a_blocked_product_is_taken_off_sale_once_and_never_deleted(desk):
    desk.market.list("7", "TEE")
    desk.backend.put(product())
    await desk.run()
    desk.backend.change("TEE", blocked=True)

    await desk.run()
    await desk.run(full=True)
    desk.backend.change("TEE", variants=())
    await desk.run()

    assert desk.acts() == {"delist": 2}
    assert "7" in desk.market.now


async def test_a_blocked_product_may_show_no_stock_instead(ledger, world):
    desk = Desk(ledger, world.clock, blocked="zero")
    desk.market.list("7", "TEE-S", "TEE-M")
    desk.backend.put(product("TEE", "TEE-S", "TEE-M", blocked=True))

    await desk.run()

    assert desk.acts() == {"zero": 2}


async def test_a_product_that_may_be_sold_again_is_shown_again_if_crossdock_had_taken_it_off(desk):
    desk.market.list("7", "TEE")
    desk.backend.put(product())
    await desk.run()
    desk.backend.change("TEE", blocked=True)
    await desk.run()
    desk.backend.change("TEE", blocked=False, name="New shirt")

    await desk.run()
    await desk.run(full=True)

    assert desk.acts() == {"delist": 1, "update": 1, "relist": 1}
    assert (desk.market.now["7"].blocked, desk.market.now["7"].name) == (False, "New shirt")


async def test_it_is_shown_again_also_where_the_channel_does_not_say_what_is_hidden(desk):
    desk.market.list("7", "TEE")
    desk.market.says_what_is_hidden = False
    desk.backend.put(product())
    await desk.run()
    desk.backend.change("TEE", blocked=True)
    await desk.run()
    assert desk.market.now["7"].blocked
    desk.backend.change("TEE", blocked=False)

    await desk.run()

    assert not desk.market.now["7"].blocked


async def test_what_a_person_took_off_sale_stays_off_and_that_is_said(desk):
    desk.market.list("7", "TEE", blocked=True)
    desk.backend.put(product())
    await desk.run()
    desk.backend.change("TEE", name="New shirt")

    report = await desk.run()

    assert desk.acts() == {"update": 1}
    assert "it is off sale on the channel, and stays so until somebody shows it there" in report.results[0].text


async def test_stock_that_was_zeroed_is_sent_again_once_the_product_may_be_sold(ledger, world):
    desk = Desk(ledger, world.clock, blocked="zero")
    desk.market.list("7", "TEE")
    desk.backend.put(product(blocked=True))
    await ledger.levels("r").record([Level("TEE", Decimal(5), 5)])
    (level,) = await ledger.levels("r").due(9)
    await ledger.levels("r").conclude([Published(level)])
    await desk.run()
    before = await ledger.levels("r").due(9)
    desk.backend.change("TEE", blocked=False)

    await desk.run()

    assert before == []
    assert [one.sku for one in await ledger.levels("r").due(9)] == ["TEE"]


async def test_a_first_reading_that_was_broken_off_goes_on_where_it_was(desk):
    desk.backend.page = 2
    desk.backend.put(*(product(f"P{number}") for number in range(5)))
    desk.backend.trouble = [Killed()]
    with suppress(Killed):
        await desk.run()

    await desk.run()
    await desk.run(full=True)

    assert desk.backend.asked == [None, "2", None]
    assert desk.acts() == {"create": 5}


async def test_what_the_backend_deleted_is_deleted_only_where_that_is_allowed(ledger, world):
    desk = Desk(ledger, world.clock, allow_delete=True)
    desk.market.list("7", "TEE")
    desk.backend.put(product())
    await desk.run()
    desk.backend.change("TEE", blocked=True, variants=())

    await desk.run()
    await desk.run(full=True)

    assert desk.acts() == {"delete": 1}


async def test_a_listing_that_vanished_is_asked_about_and_made_anew_when_a_person_says_so(desk):
    desk.backend.put(product())
    await desk.run()
    desk.market.now.clear()
    desk.backend.change("TEE", name="Shirt")

    await desk.run()
    parked = list(await desk.parked())
    await items.retry(desk.ledger, "r", parked)
    await desk.run()

    assert parked == ["listing-gone"]
    assert desk.acts() == {"create": 2}


async def test_a_changed_price_is_one_row_with_one_outcome(desk):
    desk.market.list("7", "TEE-S", "TEE-M")
    desk.backend.put(product("TEE", "TEE-S", "TEE-M", price="12.00 SGD"))
    desk.market.price_errors = {"TEE-M": Refused("a promotion locks the price", code="locked")}

    await desk.run()
    await desk.run(full=True)
    parked = await desk.parked()
    desk.market.price_errors = {}
    await items.retry(desk.ledger, "r", ["price"])
    await desk.run()

    assert desk.market.prices == [("TEE-S", "12.00 SGD"), ("TEE-M", "12.00 SGD"), ("TEE-M", "12.00 SGD")]
    assert parked == {"price": "SKU TEE-M: a promotion locks the price"}
    assert await desk.parked() == {}


@pytest.mark.parametrize(
    ("price", "said"),
    [("0.00 SGD", "it must be above 0"), ("9.00 USD", "the listing is in SGD")],
)
async def test_a_price_that_cannot_be_is_parked_and_not_sent(desk, price, said):
    desk.market.list("7", "TEE")
    desk.backend.put(product(price=price))

    await desk.run()

    assert desk.market.prices == []
    assert said in (await desk.parked())["price"]


async def test_a_price_that_changes_later_is_sent_and_a_busy_channel_is_asked_again(desk):
    desk.backend.put(product())
    await desk.run()
    desk.backend.put(product(price="11.00 SGD"))
    desk.market.price_errors = {"TEE": TryLater("busy")}
    await desk.run()
    desk.market.price_errors = {}

    await desk.later()

    assert desk.market.prices == [("TEE", "11.00 SGD")] * 2
    assert desk.acts() == {"create": 1}
    assert {one.variants[0].price for one in desk.market.now.values()} == {Money.parse("11.00 SGD")}


async def test_an_unreadable_product_is_parked_and_read_once_it_is_mended(desk):
    desk.backend.put(product("A"), Unreadable("B", CannotTranslate("item.weight", "a number", seen="x")))
    await desk.run()
    parked = list(await desk.parked())
    desk.backend.put(product("B"))

    await desk.run()

    assert parked == ["source: cannot read item.weight"]
    assert await desk.parked() == {}
    assert desk.acts() == {"create": 2}


async def test_a_product_that_is_held_back_is_parked_with_its_reason_and_the_others_go_on(desk):
    class Fussy(Backend):
        @hookimpl
        async def rewrite_product(self, product):
            if not product.description:
                raise Refused("it has no description")
            return product

    desk.backend = Fussy()
    desk.backend.put(product("A"), product("B", description="Blue."))
    await desk.run()
    parked, acts = await desk.parked(), desk.acts()
    desk.backend.change("A", description="Red.")
    await desk.run()

    assert (parked, acts) == ({"source: held back by an extension": "A: it has no description"}, {"create": 1})
    assert (await desk.parked(), desk.acts()) == ({}, {"create": 2})


async def test_the_match_report_names_everything_on_both_sides_and_changes_nothing(desk):
    desk.market.list("1", "A")
    desk.market.list("2", "B")
    desk.market.list("3", "B")
    desk.market.list("4", "stranger")
    desk.backend.put(product("A"), product("B"), product("C"))

    found = {match.key or match.listed_id: match.found async for match in desk.lane().match()}

    assert found == {"A": Found.LINKED, "B": Found.DUPLICATE, "C": Found.MISSING, "4": Found.STRANGER}
    assert await desk.ledger.listings("r").page("", 10) == []


async def test_a_plan_tells_what_would_be_done(desk):
    desk.market.list("1", "A")
    desk.backend.put(product("A"), product("C"))

    planned = {listing.key: act for listing, act, _ in await desk.lane().plan()}

    assert planned == {"A": "nothing", "C": "create"}
    assert desk.acts() == {}


async def test_a_run_gives_way_after_its_slice_and_goes_on(desk):
    desk.backend.put(*(product(f"P{number}") for number in range(150)))

    report = await desk.lane(slice_seconds=-1).run()
    first = desk.acts()
    await desk.run()

    assert (report.more, first, desk.acts()) == (True, {"create": 100}, {"create": 150})


async def test_what_a_person_wants_goes_before_what_the_backend_says(desk):
    desk.backend.put(product())
    await desk.run()
    wishes = [Override("TEE", {"name": "Our shirt", "price:TEE": "8.00 SGD"})]
    await desk.ledger.listings("r").override(wishes, {"TEE": 3})

    await desk.run()
    desk.backend.change("TEE", description="soft")
    await desk.run()

    (listed,) = desk.market.now.values()
    assert (listed.name, listed.description, listed.variants[0].price) == ("Our shirt", "soft", Money.parse("8.00 SGD"))
    assert await desk.ledger.listings("r").buffers() == {"TEE": 3}
    await desk.ledger.listings("r").override([], {"TEE": None})
    assert await desk.ledger.listings("r").buffers() == {}


async def test_an_unreadable_product_is_read_again_when_a_person_says_so(desk):
    desk.backend.put(Unreadable("B", CannotTranslate("item.weight", "a number", seen="x")))
    await desk.run()
    desk.backend.now["B"] = product("B")

    await items.retry(desk.ledger, "r", ["source: cannot read item.weight"])
    await desk.run()

    assert desk.acts() == {"create": 1}
    assert await desk.parked() == {}


class AskingBackend(Backend):
    """People ask for listings in it, and hear how they fared; trouble is the fate of the next tellings."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str, str]] = []
        self.trouble: list[Exception] = []

    @hookimpl
    async def push_listing_outcome(self, outcome):
        if self.trouble:
            raise self.trouble.pop(0)
        self.heard.append((outcome.product.sku, outcome.listed_id, outcome.problem))
        return Receipt(outcome.listed_id, already=len(self.heard) > 1, note="LISTED")


async def test_f17_a_backend_hears_what_became_of_a_listing_and_again_once_somebody_asks_anew(desk):
    desk.backend = AskingBackend()
    desk.backend.put(product("TEE", vendor_status="REQUESTED 1"), product("CAP", vendor_status="REQUESTED 2"))
    desk.market.trouble = ["ok", "refused"]

    report = await desk.run()
    desk.backend.change("CAP", vendor_status="LISTED 2")
    await desk.run()

    told = {sku: (bool(number), problem) for sku, number, problem in desk.backend.heard}
    assert told == {"CAP": (True, ""), "TEE": (False, "no such category")}
    assert [sku for sku, _, _ in desk.backend.heard].count("CAP") == 2
    assert report.count("outcome") == 1
    assert desk.acts() == {"create": 1}


async def test_what_a_backend_cannot_hear_now_is_told_later_and_what_it_refuses_is_shown(desk):
    desk.backend = AskingBackend()
    desk.backend.trouble = [TryLater("busy"), Refused("no such listing")]
    desk.backend.put(product())

    await desk.run()
    report = await desk.later()

    assert report.count("outcome", "refused") == 1
    assert desk.backend.heard == []
    assert desk.acts() == {"create": 1}
