from contextlib import suppress
from decimal import Decimal

import pytest

from crossdock.contract import Page, Unreadable, hookimpl
from crossdock.errors import CannotTranslate, Refused, SignInAgain, TryLater
from crossdock.flows.stock import items
from crossdock.flows.stock.guard import BRAKE, STALE
from crossdock.model import StockLevel
from tests.core.flows.stock.shop import Hall, Killed, Shop


async def test_what_there_is_is_shown_and_nothing_is_sent_twice(hall):
    hall.source.put("A", 5)
    hall.source.put("B", 0)

    await hall.run()
    await hall.run()

    assert hall.shop.shows == {"A": 5, "B": 0}
    assert hall.shop.calls == [["A", "B"]]


async def test_a_sku_that_changed_often_is_sent_once_with_its_last_value(hall):
    for stock in range(50):
        hall.source.put("A", stock)

    await hall.run()

    assert hall.shop.pushed == [("A", 49)]


async def test_an_older_level_never_replaces_a_newer_one(hall):
    hall.source.put("A", 9)
    old = hall.source.now["A"]
    hall.source.put("A", 2)
    await hall.run()
    hall.source.stale["A"] = old

    await hall.run(full=True)

    assert hall.shop.shows == {"A": 2}
    assert hall.shop.pushed == [("A", 2)]


@pytest.mark.parametrize("fate", ["lost", "late", "later", "broken", "silent"])
async def test_whatever_becomes_of_a_call_the_newest_level_is_shown_in_the_end(hall, fate):
    hall.source.put("A", 5)
    hall.shop.trouble = [fate]
    await hall.run()
    hall.source.put("A", 3)
    await hall.run()

    await hall.later(200)
    await hall.later(200)

    assert hall.shop.shows == {"A": 3}
    assert (await hall.level("A")).doubt_until is None


@pytest.mark.parametrize("error", [TryLater("no whole answer"), SignInAgain("the token is refused")])
async def test_what_may_have_been_carried_out_is_sent_again_though_the_level_is_what_was_shown_before(hall, error):
    hall.source.put("A", 3)
    await hall.run()
    hall.source.put("A", 8)
    hall.shop.trouble = ["lost"]
    hall.shop.errors = {"lost": error}
    with suppress(SignInAgain):
        await hall.run()
    assert hall.shop.shows == {"A": 8}
    hall.source.put("A", 3)

    await hall.later(200)

    assert hall.shop.shows == {"A": 3}


async def test_a_call_of_which_nothing_was_done_is_not_sent_twice(hall):
    hall.source.put("A", 3)
    hall.shop.trouble = ["nothing"]
    await hall.run()
    for _ in range(3):
        await hall.later(200)

    assert hall.shop.calls == [["A"], ["A"]]


async def test_a_request_that_is_carried_out_late_is_overwritten_once_it_can_be_no_more(hall):
    hall.source.put("A", 5)
    await hall.run()
    hall.source.put("A", 1)
    hall.shop.trouble = ["late"]
    await hall.run()
    hall.source.put("A", 5)
    await hall.run()
    await hall.clock.advance(101)
    hall.shop.carry_out_late()
    assert hall.shop.shows == {"A": 1}

    await hall.later(100)

    assert hall.shop.shows == {"A": 5}
    before = list(hall.shop.pushed)
    await hall.later(100)
    assert hall.shop.pushed == before


async def test_after_a_kill_the_newest_level_is_sent_even_if_it_is_what_was_shown_before(hall):
    hall.source.put("A", 3)
    await hall.run()
    hall.source.put("A", 8)
    hall.shop.trouble = ["killed"]
    with pytest.raises(Killed):
        await hall.run()
    hall.source.put("A", 3)

    await hall.run()

    assert hall.shop.shows == {"A": 3}


async def test_a_refused_sku_is_one_item_and_the_others_pass(hall):
    for sku in ("A", "B", "C"):
        hall.source.put(sku, 5)
    hall.shop.refuses = {
        sku: Refused(f"No listing has {sku}.", code="unknown_sku", hint="list it") for sku in ("A", "B")
    }

    report = await hall.run()
    again = await hall.run()

    assert hall.shop.shows == {"C": 5}
    assert await hall.parked() == {"unknown_sku": "No listing has A; list it (and 1 more)."}
    assert (report.parked, again.parked, len(hall.shop.calls)) == (1, 0, 1)


async def test_a_retried_item_is_sent_again_and_closed_when_it_passes(hall):
    hall.source.put("A", 5)
    hall.shop.refuses = {"A": Refused("promotion is running", code="locked")}
    await hall.run()
    hall.shop.refuses = {}

    released = await items.retry(hall.ledger, "r", ["locked"])
    await hall.run()

    assert released == 1
    assert hall.shop.shows == {"A": 5}
    assert await hall.parked() == {}


async def test_a_dropped_item_stays_closed_until_its_level_changes_to_what_is_accepted(hall):
    hall.source.put("A", 5)
    hall.shop.refuses = {"A": Refused("not listed", code="unknown_sku")}
    await hall.run()

    await items.drop(hall.ledger, "r", ["unknown_sku"], "we do not sell it")
    await hall.run(full=True)
    hall.source.put("A", 6)
    await hall.run()
    assert await hall.parked() == {}
    hall.shop.refuses = {}
    hall.source.put("A", 7)
    await hall.run()

    assert hall.shop.shows == {"A": 7}


async def test_what_is_not_listed_can_be_left_out(ledger, world):
    hall = Hall(ledger, world.clock, unlisted="leave")
    hall.source.put("A", 5)
    hall.shop.refuses = {"A": Refused("not listed", code="unknown_sku")}

    report = await hall.run()
    hall.shop.refuses = {}
    await hall.run(full=True)

    assert (report.parked, report.results) == (0, [])
    assert hall.shop.shows == {"A": 5}


async def test_what_was_left_out_is_asked_about_once_the_options_say_so(ledger, world):
    leaving = Hall(ledger, world.clock, unlisted="leave")
    leaving.source.put("A", 5)
    leaving.shop.refuses = {"A": Refused("A is not listed", code="unknown_sku")}
    await leaving.run()
    asking = Hall(ledger, world.clock, unlisted="park")
    asking.source, asking.shop = leaving.source, leaving.shop

    report = await asking.run(full=True)

    assert (report.parked, await asking.parked()) == (1, {"unknown_sku": "A is not listed"})


async def test_an_item_closes_by_itself_when_what_it_waits_for_is_wanted_no_more(hall):
    hall.source.put("A", 5)
    await hall.run()
    hall.shop.refuses = {"A": Refused("locked", code="locked")}
    hall.source.put("A", 4)
    await hall.run()
    assert list(await hall.parked()) == ["locked"]

    hall.source.put("A", 5)
    await hall.run()

    assert await hall.parked() == {}


async def test_what_the_source_does_not_name_in_a_full_reading_is_taken_off_sale(hall):
    hall.source.put("A", 5)
    hall.source.put("B", 5)
    await hall.run()
    hall.source.changes.remove("B")

    await hall.later(60, full=True)

    assert hall.shop.shows == {"A": 5, "B": 0}


async def test_a_unit_without_conversion_and_an_unreadable_row_are_parked_and_the_others_pass(ledger, world):
    hall = Hall(ledger, world.clock, units={"PCS": "1"})
    hall.source.put("A", 5, unit="BOX")
    hall.source.put("B", 5, unit="PCS")
    hall.source.put("C", 5)
    hall.source.now["C"] = Unreadable("C", CannotTranslate("rows[2].quantity", "a number", seen="x"))

    await hall.run()

    assert hall.shop.shows == {"B": 5}
    assert list(await hall.parked()) == ["source: cannot read rows[2].quantity", "source: unit BOX"]
    hall.source.put("A", 0, unit="PCS")
    hall.source.put("C", 1)
    await hall.run()
    assert hall.shop.shows == {"A": 0, "B": 5, "C": 1}
    assert await hall.parked() == {}


async def test_kits_follow_their_parts(ledger, world):
    hall = Hall(ledger, world.clock, kits={"SET": {"MUG": "2", "TEA": "1"}}, buffer=1)
    hall.source.put("MUG", 9)
    hall.source.put("TEA", 3)
    hall.source.put("SET", 77)
    await hall.run()
    first = dict(hall.shop.shows)
    hall.source.put("MUG", 4)

    await hall.run("SET")

    assert first == {"MUG": 8, "TEA": 2, "SET": 2}
    assert hall.shop.shows == {"MUG": 8, "TEA": 2, "SET": 1}


async def test_a_changed_option_shows_at_the_next_run(ledger, world):
    hall = Hall(ledger, world.clock)
    hall.source.put("A", 5)
    await hall.run()
    hall.options = hall.options.model_copy(update={"buffer": 2})

    await hall.run()

    assert hall.shop.shows == {"A": 3}


async def test_an_extension_has_the_last_word_but_nothing_goes_below_zero(hall):
    class Campaign:
        @hookimpl
        async def rewrite_stock(self, level):
            return level.model_copy(update={"available": level.available - 3})

    hall.extensions = {"campaign": Campaign()}
    hall.source.put("A", 5)
    hall.source.put("B", 1)

    await hall.run()

    assert hall.shop.shows == {"A": 2, "B": 0}


async def test_a_level_that_an_extension_holds_back_is_parked_with_its_reason_and_the_others_go_on(hall):
    class Veto:
        @hookimpl
        async def rewrite_stock(self, level):
            if level.sku == "A" and level.available > 5:
                raise Refused("more than five is a typing mistake")
            return level

    hall.extensions = {"veto": Veto()}
    hall.source.put("A", 50)
    hall.source.put("B", 7)
    await hall.run()
    parked, shows = await hall.parked(), dict(hall.shop.shows)
    hall.source.put("A", 4)
    await hall.run()

    assert (parked, shows) == (
        {"source: held back by an extension": "A: more than five is a typing mistake"},
        {"B": 7},
    )
    assert (await hall.parked(), hall.shop.shows) == ({}, {"A": 4, "B": 7})


@pytest.mark.parametrize("kind", [TryLater, SignInAgain, Refused])
async def test_while_the_source_is_silent_levels_are_lowered_and_not_raised(hall, kind):
    hall.source.put("A", 5)
    hall.source.put("B", 5)
    await hall.run()
    hall.source.put("A", 9)
    hall.source.put("B", 2)
    hall.shop.trouble = ["later"]
    await hall.run()
    hall.source.trouble = [kind("down")] * 2

    await hall.clock.advance(3_600)
    with pytest.raises(kind, match="down"):
        await hall.run()
    held = dict(hall.shop.shows), list(await hall.parked())
    with pytest.raises(kind, match="down"):
        await hall.run()
    await hall.run()

    assert held == ({"A": 5, "B": 2}, [STALE])
    assert hall.shop.shows == {"A": 9, "B": 2}
    assert await hall.parked() == {}


async def test_a_run_that_would_empty_the_shop_stops_and_asks_once(hall):
    for number in range(20):
        hall.source.put(f"S{number}", 5)
    await hall.run()
    for number in range(12):
        hall.source.put(f"S{number}", 0)
    hall.source.put("S19", 4)

    await hall.run()
    await hall.run()
    held = dict(hall.shop.shows)
    reasons = await hall.parked()
    await items.retry(hall.ledger, "r", [BRAKE])
    await hall.run()

    assert sum(shown == 0 for shown in held.values()) == 0
    assert held["S19"] == 4
    assert list(reasons) == [BRAKE]
    assert reasons[BRAKE].startswith("12 of 20 SKUs on sale would drop to zero in one run, more than 30 %")
    assert sum(shown == 0 for shown in hall.shop.shows.values()) == 12
    assert await hall.parked() == {}


async def test_what_a_person_allowed_once_is_not_allowed_for_ever(hall):
    for number in range(40):
        hall.source.put(f"S{number:02}", 5)
    await hall.run()
    for number in range(20):
        hall.source.put(f"S{number:02}", 0)
    await hall.run()
    await items.retry(hall.ledger, "r", [BRAKE])
    await hall.run()
    await hall.run()
    for number in range(20, 40):
        hall.source.put(f"S{number:02}", 0)

    await hall.run()

    assert list(await hall.parked()) == [BRAKE]


async def test_a_source_that_comes_back_to_reason_needs_no_person(hall):
    for stock in (5, 0, 5):
        for number in range(20):
            hall.source.put(f"S{number}", stock)
        await hall.run()

    assert await hall.parked() == {}
    assert hall.shop.pushed == [(f"S{number}", 5) for number in sorted(range(20), key=str)]


async def test_drift_is_reported_or_healed(hall):
    hall.source.put("A", 5)
    hall.source.put("B", 5)
    await hall.run()
    hall.shop.shows |= {"A": 7, "B": 1, "X": 3}

    reported = await hall.lane().drift()
    shown = dict(hall.shop.shows)
    await hall.lane().drift(heal=True)

    assert [(one.key, one.state) for one in reported.results] == [("A", "found"), ("B", "found")]
    assert "7 instead of 5, too much" in reported.results[0].text
    assert shown == {"A": 7, "B": 1, "X": 3}
    assert hall.shop.shows == {"A": 5, "B": 5, "X": 3}


async def test_too_little_is_raised_only_when_it_is_found_twice_since_it_may_be_a_sale(ledger, world):
    hall = Hall(ledger, world.clock, heal=True)
    hall.source.put("A", 5)
    await hall.run()
    hall.shop.shows["A"] = 3

    first = await hall.lane().drift()
    held = dict(hall.shop.shows)
    hall.shop.shows["A"] = 2
    await hall.lane().drift()
    changed = dict(hall.shop.shows)
    await hall.lane().drift()

    assert [(one.state, one.text) for one in first.results] == [
        (
            "watched",
            "the channel shows 3 instead of 5, too little: sent again if the next comparison finds the same, as it may"
            " have been sold a moment ago",
        )
    ]
    assert (held, changed, hall.shop.shows) == ({"A": 3}, {"A": 2}, {"A": 5})


async def test_a_channel_that_shows_a_part_is_filled_up_as_it_sells(ledger, world):
    hall = Hall(ledger, world.clock, max_listed=10)
    hall.source.put("A", 100)
    await hall.run()
    hall.shop.shows["A"] = 7
    hall.source.put("A", 97)

    await hall.run()
    await hall.run(full=True)

    assert hall.shop.shows == {"A": 10}
    assert hall.shop.pushed == [("A", 10), ("A", 10)]


async def test_routes_are_served_by_priority_and_never_show_more_than_there_is_together(ledger, world):
    first = Hall(ledger, world.clock, priority=1, max_listed=6)
    second = Hall(ledger, world.clock, priority=2)
    second.neighbours, second.source = {"first": first.options}, first.source
    first.neighbours = {"r": second.options}
    for stock in (9, 4):
        first.source.put("A", stock)
        await first.lane("first").run()
        await second.run()
        first.source.put("B", 1)

    assert first.shop.pushed == [("A", 6), ("A", 4), ("B", 1)]
    assert second.shop.pushed == [("A", 3), ("A", 0), ("B", 0)]


async def test_drift_is_looked_for_when_it_is_time(ledger, world):
    hall = Hall(ledger, world.clock, heal=True, drift_every="1h")
    hall.source.put("A", 5)
    await hall.run()
    hall.shop.shows["A"] = 7
    await hall.run()
    before = hall.shop.shows["A"]

    await hall.later(3_600)

    assert (before, hall.shop.shows["A"]) == (7, 5)


class SlowShop(Shop):
    """Its levels take ten seconds to read, each; reading goes on with the one before the break."""

    def __init__(self, clock) -> None:
        super().__init__(clock)
        self.read: list[str] = []

    @hookimpl
    async def pull_stock(self, window):
        at = int(window.cursor or 0)
        for number, sku in enumerate(sorted(self.shows)[at:], at):
            await self.clock.advance(10)
            part = [sku] if number > at or not at else [sorted(self.shows)[at - 1], sku]
            self.read += part
            yield Page([StockLevel(sku=one, available=Decimal(self.shows[one])) for one in part], str(number + 1))


async def test_comparing_gives_way_to_changed_levels_and_goes_on_where_it_was(ledger, world):
    hall = Hall(ledger, world.clock, heal=True, drift_every="1h")
    hall.shop = SlowShop(world.clock)
    for sku in "ABC":
        hall.source.put(sku, 5)
    await hall.run()
    hall.shop.read.clear()
    hall.shop.shows |= {"A": 3, "C": 9}
    await world.clock.advance(3_600)

    first = await hall.lane(slice_seconds=5).run()
    hall.source.put("B", 6)
    second = await hall.lane(slice_seconds=5).run()
    sent = hall.shop.pushed[3:]
    while (await hall.lane(slice_seconds=5).run()).more:
        pass

    assert (first.more, second.more) == (True, True)
    assert sent == [("B", 6)]  # before all was compared; A may be a sale, and being read twice is no second comparison
    assert hall.shop.shows == {"A": 3, "B": 6, "C": 5}
    assert hall.shop.read == ["A", "A", "B", "B", "C"]


async def test_credentials_that_are_refused_end_the_run_and_lose_nothing(hall):
    hall.source.put("A", 5)
    hall.shop.refuses = {"A": SignInAgain("expired")}
    with pytest.raises(SignInAgain):
        await hall.run()
    hall.shop.refuses = {}

    await hall.later(60)

    assert hall.shop.shows == {"A": 5}


async def test_a_run_gives_way_after_its_slice_and_goes_on_where_it_was(hall):
    for number in range(1_500):
        hall.source.put(f"S{number}", 5)

    report = await hall.lane(slice_seconds=-1).run()
    first = len(hall.shop.shows)
    await hall.run()

    assert (report.more, first, len(hall.shop.shows)) == (True, 100, 1_500)
    assert len(hall.shop.pushed) == 1_500


async def test_a_long_run_tells_how_far_it_is_and_one_that_was_killed_sends_only_the_rest(hall):
    for number in range(2_500):
        hall.source.put(f"S{number:04}", 5)
    hall.shop.trouble = ["ok", "killed"]
    with hall.survives():
        await hall.run()
    shares = []

    await hall.run(progress=lambda report: shares.append(report.share))

    assert len(hall.shop.shows) == 2_500
    assert [len(call) for call in hall.shop.calls] == [100, 400, 100, 400, 1_000, 900]
    assert max(filter(None, shares)) > 0.6


async def test_only_one_sku_is_read_and_sent_and_an_unknown_one_is_told(hall):
    hall.source.put("A", 5)
    hall.source.put("B", 5)

    report = await hall.run("A", "NOWHERE")

    assert hall.shop.shows == {"A": 5}
    assert [(one.key, one.state) for one in report.results] == [("NOWHERE", "refused"), ("A", "done")]


async def test_a_plan_tells_what_would_be_sent_and_sends_nothing(hall):
    hall.source.put("A", 5)

    (planned,) = await hall.lane().plan()

    assert (planned.level.sku, planned.level.available, planned.level.shown, planned.stock) == (
        "A",
        Decimal(5),
        None,
        5,
    )
    assert hall.shop.calls == []


async def test_a_buffer_of_one_sku_goes_before_that_of_the_route(ledger, world):
    hall = Hall(ledger, world.clock, buffer=1)
    hall.source.put("A", 9)
    hall.source.put("B", 9)
    await hall.run()

    await ledger.listings("r").override([], {"A": 4})
    await hall.run()

    assert hall.shop.shows == {"A": 5, "B": 8}


async def test_an_unreadable_level_is_read_again_when_a_person_says_so_and_nothing_is_sent_meanwhile(ledger, world):
    hall = Hall(ledger, world.clock, units={"PCS": "1"})
    hall.source.put("A", 5, unit="PCS")
    await hall.run()
    hall.source.put("A", 9, unit="BOX")
    await hall.run()
    hall.options = hall.options.model_copy(update={"units": {"PCS": Decimal(1), "BOX": Decimal(2)}})

    await items.retry(ledger, "r", ["source: unit BOX"])
    released = dict(hall.shop.shows)
    await hall.run()

    assert released == {"A": 5}
    assert hall.shop.shows == {"A": 18}
    assert await hall.parked() == {}


async def test_a_level_that_is_to_be_lowered_is_lowered_even_if_the_next_reading_fails(ledger, world):
    hall = Hall(ledger, world.clock, units={"PCS": "1"})
    hall.source.put("A", 9, unit="PCS")
    await hall.run()
    hall.source.put("A", 2, unit="PCS")
    hall.shop.trouble = ["later"]
    await hall.run()
    hall.source.put("A", 3, unit="BOX")

    await hall.later(60)

    assert hall.shop.shows == {"A": 2}
