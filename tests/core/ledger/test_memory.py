"""What the ledger remembers of orders: snapshots, cursors, steps, looks."""

from datetime import timedelta

import pytest

from crossdock.ledger import Conclusion, Database, Decided, Intent, Ledger, Pair, Parking, Seen, StepState
from crossdock.model import Buyer
from tests.core.flows.cases import document, order, parcel

R = "r"


def seen(number="24", status="open", **more):
    return Seen(number, "channel", order(status, **{"id": number} | more))


def done(number="24", document_id="CO1", state=StepState.DONE, **more):
    return Conclusion(number, "create", number, state, "create: done", document_id=document_id, **more)


async def load(ledger, number="24") -> Pair:
    return (await ledger.load(R, [number]))[number]


async def sent(ledger, number="24"):
    """An order with a create that was committed and not concluded."""
    await ledger.record(R, [seen(number)])
    await ledger.decide(R, Decided([Intent(number, "create", number, "no document")]))


class TestSnapshots:
    async def test_a_snapshot_comes_back_as_it_was(self, ledger):
        shown = order("open", parcel(tracking="T1"))
        recorded = await ledger.record(R, [Seen("24", "channel", shown)])
        assert [pair.key for pair in recorded.changed] == ["24"]
        pair = await load(ledger)
        assert (pair.channel, pair.document, pair.first_status, pair.document_id) == (shown, None, "open", "")

    async def test_what_comes_again_as_it_was_costs_nothing(self, ledger):
        await ledger.record(R, [seen()], ("r/channel", "1"))
        commits, events = ledger.database.commits, await ledger.timeline(R, "24")
        again = await ledger.record(R, [seen()], ("r/channel", "1"))
        assert (again.changed, again.unchanged) == ([], 1)
        assert await ledger.timeline(R, "24") == events
        assert ledger.database.commits <= commits + 1

    async def test_a_change_is_noticed_and_the_first_status_stays(self, ledger):
        await ledger.record(R, [seen()])
        recorded = await ledger.record(R, [seen(status="arranged"), seen("25")])
        assert [(pair.key, pair.first_status) for pair in recorded.changed] == [("24", "open"), ("25", "open")]
        assert [event.text for event in await ledger.timeline(R, "24")] == [
            "24 is open (OPEN)",
            "24 is arranged (ARRANGED)",
        ]

    async def test_an_order_twice_in_a_page_is_kept_as_it_came_last(self, ledger):
        await ledger.record(R, [seen(), seen(status="arranged")])
        assert (await load(ledger)).channel.status == "arranged"

    async def test_both_sides_are_kept_and_a_document_that_is_gone_is_known_as_gone(self, ledger):
        await ledger.record(R, [seen(), Seen("24", "backend", document(), "CO1")])
        assert (await load(ledger)).document == document()
        await ledger.record(R, [Seen("24", "backend", None, "CO1")])
        pair = await load(ledger)
        assert (pair.document, pair.document_gone, pair.document_id) == (None, True, "CO1")
        assert (await ledger.timeline(R, "24"))[-1].text == "CO1 does not exist there"
        await ledger.record(R, [Seen("24", "backend", document(), "CO1")])
        assert not (await load(ledger)).document_gone

    async def test_routes_do_not_see_each_others_orders(self, ledger):
        await ledger.record("a", [seen()])
        assert await ledger.load("b", ["24"]) == {}
        assert await ledger.load("a", []) == {}

    async def test_history_is_marked_as_history(self, ledger):
        await ledger.record(R, [seen()], historical=True)
        await ledger.record(R, [seen("25")])
        assert (await load(ledger)).historical
        assert not (await load(ledger, "25")).historical

    async def test_a_timeline_never_holds_a_buyers_data(self, ledger):
        await ledger.record(R, [seen(buyer=Buyer(name="Tan Ah Kow", email="tan@example.org"))])
        assert "Tan" not in repr(await ledger.timeline(R, "24"))


class TestCursors:
    async def test_a_cursor_moves_in_the_commit_of_its_page(self, ledger):
        assert await ledger.cursor("r/channel") is None
        commits = ledger.database.commits
        await ledger.record(R, [seen()], ("r/channel", "7"))
        assert await ledger.cursor("r/channel") == "7"
        assert ledger.database.commits == commits + 1

    async def test_a_page_that_fails_moves_no_cursor(self, ledger):
        broken = Seen("24", "channel", order())
        object.__setattr__(broken, "key", None)
        with pytest.raises(Exception, match=r"(?i)null|none"):
            await ledger.record(R, [seen("25"), broken], ("r/channel", "7"))
        assert await ledger.cursor("r/channel") is None
        assert await ledger.load(R, ["25"]) == {}

    async def test_a_page_without_orders_moves_its_cursor_too(self, ledger):
        await ledger.record(R, [], ("r/channel", "8"))
        assert await ledger.cursor("r/channel") == "8"
        commits = ledger.database.commits
        await ledger.record(R, [])
        assert ledger.database.commits == commits

    async def test_a_cursor_that_stands_there_already_is_not_written(self, ledger):
        await ledger.move("r/x", "1")
        commits = ledger.database.commits
        await ledger.move("r/x", "1")
        assert ledger.database.commits == commits
        await ledger.move("r/x", "2")
        assert await ledger.cursor("r/x") == "2"

    async def test_status_tells_the_cursors_of_the_route_and_when_they_moved(self, ledger, clock):
        await ledger.move("r/channel", "1")
        await ledger.move("r2/channel", "9")
        await ledger.move("r_/channel", "9")
        assert (await ledger.status(R)).cursors == {"r/channel": ("1", clock.now())}


class TestSteps:
    async def test_an_intent_is_there_before_its_call(self, ledger, clock):
        await sent(ledger)
        step = (await load(ledger)).steps["create:24"]
        assert (step.state, step.attempts, step.intended_at) == (StepState.SENDING, 1, clock.now())
        assert await ledger.unsettled(R) == ["24"]

    async def test_a_conclusion_links_the_document(self, ledger):
        await sent(ledger)
        ledger.conclude(R, done(result="print"), None)
        pair = await load(ledger)
        assert (pair.document_id, pair.steps["create:24"].state, pair.steps["create:24"].result) == (
            "CO1",
            "done",
            "print",
        )
        assert await ledger.unsettled(R) == []
        assert (await ledger.timeline(R, "24"))[-1].what == "create:done"
        assert await ledger.keys_of_documents(R, ["CO1", "CO2"]) == {"CO1": "24"}
        assert await ledger.find("CO1") == await ledger.find("24") == [(R, "24")]

    async def test_what_was_sent_is_kept_by_a_conclusion_that_says_nothing_of_it(self, ledger):
        await ledger.record(R, [seen()])
        await ledger.decide(R, Decided([Intent("24", "create", "24", "open on the channel", "a print")]))
        ledger.conclude(R, done(), None)
        assert (await load(ledger)).steps["create:24"].result == "a print"

    async def test_what_is_decided_about_a_page_is_in_its_commit(self, ledger):
        def create(pairs):
            return Decided([Intent(pair.key, "create", pair.key, "open on the channel") for pair in pairs])

        before = ledger.database.commits
        await ledger.record(R, [seen("24"), seen("25")], (f"{R}/channel", "7"), decide=create)
        assert ledger.database.commits == before + 1
        assert (await load(ledger, "25")).steps["create:25"].state is StepState.SENDING
        assert await ledger.due(R, 10) == []

    async def test_a_page_waits_for_conclusions_of_its_own_orders_only(self, ledger):
        await ledger.record(R, [seen("24"), seen("25")])
        ledger.conclude(R, done("24"), None)
        before = ledger.database.commits
        await ledger.record(R, [seen("25", "arranged")])
        assert ledger.database.commits == before + 1, "nothing of 25 waited to be committed"
        [pair] = (await ledger.record(R, [seen("24", "arranged")])).changed
        assert pair.steps["create:24"].state is StepState.DONE

    async def test_a_step_that_is_tried_again_counts_its_attempts(self, ledger, clock):
        await sent(ledger)
        later = clock.now() + timedelta(minutes=1)
        ledger.conclude(R, done(document_id="", state=StepState.WAITING, retry_at=later), later.timestamp())
        pair = await load(ledger)
        assert (pair.steps["create:24"].attempts, pair.steps["create:24"].retry_at) == (2, later)
        assert await ledger.due(R, 10) == []
        await clock.advance(60)
        assert await ledger.due(R, 10) == ["24"]
        assert (await ledger.status(R)).waiting == 1
        await ledger.intend(R, Intent("24", "create", "24", "again"))
        step = (await load(ledger)).steps["create:24"]
        assert (step.state, step.attempts, step.retry_at) == (StepState.SENDING, 2, None)

    async def test_a_step_in_doubt_is_looked_up_only_when_its_time_has_come(self, ledger, clock):
        await sent(ledger)
        later = clock.now() + timedelta(minutes=2)
        ledger.conclude(R, done(document_id="", state=StepState.DOUBTFUL, retry_at=later), later.timestamp())
        assert await ledger.unsettled(R) == []
        assert (await ledger.status(R)).doubtful == 1
        await clock.advance(120)
        assert await ledger.unsettled(R) == ["24"]

    async def test_what_a_person_looks_into_never_hides_other_steps_in_doubt(self, ledger):
        for number in ("24", "25", "26"):
            await sent(ledger, number)
        await ledger.park(R, [Parking("24", "create:broken", "a bug"), Parking("25", "create:broken", "a bug")])
        assert await ledger.unsettled(R, limit=1) == ["26"]

    async def test_a_very_long_reason_is_kept_whole(self, ledger):
        await ledger.record(R, [seen()])
        long = "the channel shows " + "X" * 500
        await ledger.decide(
            R, Decided([Intent("24", "update", "1", long)], [Parking("24", "c" * 500, long, "s" * 500)])
        )
        assert (await ledger.parked(R))[0].cause == "c" * 500

    async def test_conclusions_share_commits(self, ledger):
        numbers = [str(n) for n in range(100)]
        await ledger.record(R, [seen(number) for number in numbers])
        await ledger.decide(R, Decided([Intent(number, "create", number, "") for number in numbers]))
        commits = ledger.database.commits
        for number in numbers:
            ledger.conclude(R, done(number, f"CO{number}"), None)
        await ledger.flush()
        assert ledger.database.commits - commits == 2
        assert (await ledger.status(R)).linked == 100

    async def test_nothing_decided_is_nothing_written(self, ledger):
        commits = ledger.database.commits
        await ledger.decide(R, Decided())
        assert ledger.database.commits == commits

    async def test_closing_the_ledger_commits_what_was_concluded(self, url, clock, tmp_path, keys):
        async with Ledger(Database(url), clock, tmp_path, keys) as first:
            await sent(first)
            first.conclude(R, done(), None)
        async with Ledger(Database(url), clock, tmp_path, keys) as second:
            assert (await load(second)).document_id == "CO1"


class TestLooks:
    async def test_what_was_seen_is_due_until_it_was_planned(self, ledger):
        await ledger.record(R, [seen("24"), seen("25")])
        assert await ledger.due(R, 10) == ["24", "25"]
        await ledger.decide(R, Decided(looks=[("24", None, 0), ("25", None, 0)]))
        assert await ledger.due(R, 10) == []

    async def test_turns_are_paged(self, ledger):
        await ledger.record(R, [seen(str(number)) for number in range(20, 30)])
        first = await ledger.turns(R, 4)
        assert [key for _, key in first] == ["20", "21", "22", "23"]
        assert [key for _, key in await ledger.turns(R, 100, first[-1])] == [str(number) for number in range(24, 30)]

    async def test_who_has_waited_longest_comes_first_and_what_comes_due_later_is_left_out(self, ledger, clock):
        await ledger.record(R, [seen(str(number)) for number in range(20, 24)])
        began, now = clock.now(), clock.now().timestamp()
        waits = {"20": now + 1, "21": now - 1, "22": now - 3, "23": now - 3}
        await ledger.decide(R, Decided(looks=[(key, at, 0) for key, at in waits.items()]))
        await clock.advance(2)
        assert await ledger.due(R, 10) == ["22", "23", "21", "20"]
        turns = await ledger.turns(R, 3)
        assert [key for _, key in turns] == ["22", "23", "21"]
        assert await ledger.turns(R, 10, turns[-1], began) == []

    async def test_how_often_it_was_in_vain_is_remembered_until_something_changes(self, ledger, clock):
        await ledger.record(R, [seen()])
        await ledger.decide(R, Decided(looks=[("24", clock.now().timestamp() + 5, 3)]))
        assert (await load(ledger)).looks == 3
        await ledger.record(R, [seen(status="arranged")])
        assert (await load(ledger)).looks == 0

    async def test_a_nudge_makes_an_order_due_known_or_not(self, ledger):
        await sent(ledger)
        await ledger.nudge(R, ["24", "99"], "push 3")
        assert await ledger.due(R, 10) == ["24", "99"]
        assert (await load(ledger)).channel is not None
        assert (await load(ledger, "99")).channel is None
        assert (await ledger.timeline(R, "99"))[0].text == "push 3"
        await ledger.nudge(R, [], "nobody")

    async def test_a_nudge_that_comes_while_a_step_is_under_way_is_kept(self, ledger):
        await sent(ledger)
        assert await ledger.due(R, 10) == []
        await ledger.nudge(R, ["24"], "push 3")
        ledger.conclude(R, done(), None)
        await ledger.flush()
        assert await ledger.due(R, 10) == ["24"]

    async def test_a_change_that_comes_while_a_step_is_under_way_stays_due(self, ledger, clock):
        await sent(ledger)
        await ledger.record(R, [seen(status="arranged")])
        ledger.conclude(R, done(), clock.now().timestamp() + 3600)
        await ledger.flush()
        assert await ledger.due(R, 10) == ["24"]

    async def test_a_step_after_which_more_follows_leaves_the_order_due(self, ledger, clock):
        await sent(ledger)
        ledger.conclude(R, done(), clock.now().timestamp())
        await ledger.flush()
        assert await ledger.due(R, 10) == ["24"]

    async def test_the_sooner_of_two_looks_counts(self, ledger, clock):
        await ledger.record(R, [seen()])
        now = clock.now().timestamp()
        await ledger.decide(R, Decided(looks=[("24", now + 3600, 0)]))
        ledger.conclude(R, done(), now + 60)
        await ledger.flush()
        await clock.advance(60)
        assert await ledger.due(R, 10) == ["24"]
