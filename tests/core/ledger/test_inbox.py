"""Push messages are kept once, and what they lead to is committed with them."""

from __future__ import annotations

import asyncio

import pytest

from crossdock.errors import TryLater
from crossdock.ledger import Conclusion, Inbox, Mark, Message, StepState

ORDER = Mark("sg", "24", False, "push 3")


def wake(_connection, lane, cause):
    raise AssertionError(f"nobody asked for {lane} because of {cause}")


async def test_a_message_has_its_order_looked_at_and_says_why(ledger, clock):
    await Inbox(ledger.database, clock, wake).keep(Message("shop", "m1", (ORDER,)))
    assert await ledger.due("sg", 10) == ["24"]
    assert [(event.what, event.text) for event in await ledger.timeline("sg", "24")] == [("nudge", "push 3")]


async def test_a_message_that_comes_again_leads_to_nothing(ledger, clock):
    inbox = Inbox(ledger.database, clock, wake)
    first = await inbox.keep(Message("shop", "m1", (ORDER,)))
    again = await inbox.keep(Message("shop", "m1", (ORDER,)))
    assert (first.repeated, again.repeated) == (False, True)
    assert len(await ledger.timeline("sg", "24")) == 1


async def test_a_repetition_is_known_after_a_restart_and_of_its_own_connection_only(ledger, clock):
    await Inbox(ledger.database, clock, wake).keep(Message("shop", "m1", (ORDER,)))
    later = Inbox(ledger.database, clock, wake)
    assert (await later.keep(Message("shop", "m1", (ORDER,)))).repeated
    assert not (await later.keep(Message("other", "m1", (ORDER,)))).repeated


async def test_messages_without_an_id_are_never_taken_for_repetitions(ledger, clock):
    inbox = Inbox(ledger.database, clock, wake)
    taken = [await inbox.keep(Message("shop", "", (ORDER,))) for _ in range(2)]
    assert [one.repeated for one in taken] == [False, False]


async def test_messages_that_arrive_together_share_a_commit_and_each_is_answered(ledger, clock):
    inbox = Inbox(ledger.database, clock, wake)
    before = ledger.database.commits
    marks = [Mark("sg", str(number % 150), False, "push 3") for number in range(300)]
    taken = await asyncio.gather(
        *(inbox.keep(Message("shop", f"m{number % 200}", (mark,))) for number, mark in enumerate(marks))
    )
    assert sum(one.repeated for one in taken) == 100
    assert len(await ledger.due("sg", 500)) == 150
    assert ledger.database.commits - before <= 6


async def test_a_document_is_looked_up_and_an_unknown_one_is_told(ledger, clock):
    ledger.conclude("sg", Conclusion("24", "create", "24", StepState.DONE, "made", document_id="CO1"), None)
    await ledger.flush()
    known, unknown = Mark("sg", "CO1", True, "order message"), Mark("sg", "CO9", True, "order message")
    taken = await Inbox(ledger.database, clock, wake).keep(Message("central", "", (known, unknown)))
    assert taken.unknown == (unknown,)
    assert await ledger.due("sg", 10) == ["24"]


async def test_old_messages_are_forgotten(ledger, clock):
    await Inbox(ledger.database, clock, wake).keep(Message("shop", "m1", ()))
    await clock.advance(8 * 86_400)
    later = Inbox(ledger.database, clock, wake)
    await later.keep(Message("shop", "m2", ()))
    await later.settle()
    assert not (await later.keep(Message("shop", "m1", ()))).repeated


async def test_when_the_ledger_does_not_answer_the_sender_has_to_repeat(ledger, clock):
    class Gone:
        async def write(self, *_args):
            raise TryLater("the ledger does not answer")

    with pytest.raises(TryLater):
        await Inbox(Gone(), clock, wake).keep(Message("shop", "m1", (ORDER,)))


async def test_lanes_are_woken_in_the_commit_of_what_they_are_to_find_and_in_the_order_of_their_names(ledger, clock):
    woken = []

    def enlist(connection, lane, cause):
        found = connection.exec_driver_sql("SELECT count(*) FROM pairs").scalar()
        woken.append((lane, cause, found))

    inbox = Inbox(ledger.database, clock, enlist)
    await asyncio.gather(
        inbox.keep(Message("shop", "m1", (ORDER,)), lambda _: [("sg/stock", "a"), ("sg/orders", "b")]),
        inbox.keep(Message("shop", "m1", (ORDER,)), lambda _: [("my/orders", "c")]),
        inbox.keep(Message("shop", "m2", ()), lambda _: [("sg/orders", "b"), ("my/stock", "d")]),
    )
    assert woken == [("my/stock", "d", 1), ("sg/orders", "b", 1), ("sg/stock", "a", 1)]


async def test_when_a_lane_cannot_be_woken_nothing_is_kept(ledger, clock):
    def broken(_connection, _lane, _cause):
        raise TryLater("no room for jobs")

    with pytest.raises(TryLater):
        await Inbox(ledger.database, clock, broken).keep(Message("shop", "m1", (ORDER,)), lambda _: [("sg/orders", 1)])
    assert await ledger.due("sg", 10) == []
    assert not (await Inbox(ledger.database, clock, wake).keep(Message("shop", "m1", (ORDER,)))).repeated
