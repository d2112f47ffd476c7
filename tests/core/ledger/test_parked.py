"""What is put aside for a person."""

import pytest

from crossdock.ledger import Conclusion, Decided, Intent, Parking, Seen, StepState
from tests.core.flows.cases import order

R = "r"


@pytest.fixture
async def refused(ledger):
    """An order whose create was refused and is parked."""
    await ledger.record(R, [Seen("24", "channel", order())])
    await ledger.decide(R, Decided([Intent("24", "create", "24", "")]))
    parking = Parking("24", "create:1603", "unknown article", "create:24", {"sku": "TEE"}, b"raw")
    ledger.conclude(R, Conclusion("24", "create", "24", StepState.REFUSED, "unknown article", parking=parking), None)
    await ledger.flush()
    return ledger


async def steps(ledger):
    return (await ledger.load(R, ["24"]))["24"].steps


async def parked(ledger):
    return (await ledger.load(R, ["24"]))["24"].parked


async def test_an_item_holds_all_that_a_person_needs(refused, clock):
    (item,) = await refused.parked()
    assert (item.route, item.key, item.cause, item.reason) == (R, "24", "create:1603", "unknown article")
    assert (item.step, item.facts, item.raw, item.parked_at) == ("create:24", {"sku": "TEE"}, b"raw", clock.now())
    assert (await refused.status(R)).parked == 1
    assert await refused.parked("another") == []


async def test_a_refusal_and_what_it_parks_are_one_commit(refused):
    commits = refused.database.commits
    parking = Parking("24", "create:1", "no", "create:24")
    refused.conclude(R, Conclusion("24", "create", "24", StepState.REFUSED, "no", parking=parking), None)
    await refused.flush()
    assert refused.database.commits == commits + 1
    assert len(await refused.parked(R)) == 2


async def test_a_parked_order_is_not_due_by_itself(refused):
    assert await refused.due(R, 10) == []


async def test_the_same_cause_again_brings_the_item_up_to_date(refused):
    again = Parking("24", "create:1603", "another article", "create:24", {"sku": "CAP"})
    await refused.park(R, [again, again])
    (item,) = await refused.parked(R)
    assert (item.reason, item.facts) == ("another article", {"sku": "CAP"})
    assert [event.what for event in await refused.timeline(R, "24")].count("parked") == 1


async def test_a_conflict_takes_the_place_of_whatever_was_parked_of_its_order(refused):
    await refused.park(R, [Parking("25", "create:1603", "unknown article")])
    await refused.decide(R, Decided(parkings=[Parking("24", "document-deleted", "it is gone")]))
    assert [(item.key, item.cause) for item in await refused.parked()] == [
        ("25", "create:1603"),
        ("24", "document-deleted"),
    ]
    assert await parked(refused)


async def test_one_cause_twice_in_a_page_is_one_item(ledger):
    await ledger.park(R, [Parking("7", "cannot-translate:x", "a"), Parking("7", "cannot-translate:x", "b")])
    assert [item.reason for item in await ledger.parked(R)] == ["b"]
    assert (await ledger.load(R, ["7"]))["7"].channel is None


async def test_nothing_to_park_is_nothing_written(ledger):
    await ledger.park(R, [])
    assert await ledger.parked() == []


async def test_release_lets_a_refused_step_be_planned_again(refused):
    assert await refused.release(R, ["24", "99"], "mended") == 1
    assert await refused.parked() == []
    assert await steps(refused) == {}
    assert await refused.due(R, 10) == ["24"]
    assert (await refused.timeline(R, "24"))[-1].text == "mended"
    assert await refused.timeline(R, "99") == []
    assert not await parked(refused)


async def test_release_keeps_what_is_in_doubt_in_doubt(ledger):
    await ledger.record(R, [Seen("24", "channel", order())])
    await ledger.decide(R, Decided([Intent("24", "create", "24", "")], [Parking("24", "create:broken", "a bug")]))
    await ledger.release(R, ["24"], "look again")
    assert (await steps(ledger))["create:24"].state is StepState.SENDING
    assert await ledger.unsettled(R) == ["24"]


async def test_drop_keeps_the_refusal_so_that_it_is_not_tried_again(refused):
    assert await refused.drop(R, ["24"], "not worth it") == 1
    assert (await steps(refused))["create:24"].state is StepState.REFUSED
    assert await refused.due(R, 10) == []
    assert (await refused.timeline(R, "24"))[-1].text == "dropped: not worth it"
    assert await refused.drop(R, ["24"], "again") == 0
    assert await refused.drop(R, [], "nobody") == 0


async def test_a_dropped_step_in_doubt_is_never_sent_again(ledger):
    await ledger.record(R, [Seen("24", "channel", order())])
    await ledger.decide(R, Decided([Intent("24", "create", "24", "")], [Parking("24", "create:broken", "a bug")]))
    await ledger.drop(R, ["24"], "made by hand")
    assert await ledger.unsettled(R) == []
    assert (await steps(ledger))["create:24"].state is StepState.REFUSED


async def test_what_a_person_accepted_is_remembered(ledger):
    await ledger.record(R, [Seen("24", "channel", order())])
    await ledger.decide(R, Decided(parkings=[Parking("24", "totals", "off by a cent")]))
    await ledger.accept(R, "accepted", [("24", "totals:1")])
    assert (await ledger.load(R, ["24"]))["24"].is_done("accepted", "totals:1")
    assert await ledger.due(R, 10) == ["24"]
    await ledger.accept(R, "accepted", [])


async def test_planning_clears_what_no_longer_holds(ledger):
    await ledger.record(R, [Seen("24", "channel", order())])
    await ledger.decide(R, Decided(parkings=[Parking("24", "totals", "off by a cent")]))
    assert await parked(ledger)
    await ledger.decide(R, Decided(cleared=["24"]))
    assert await ledger.parked() == []
    assert not await parked(ledger)
    assert (await ledger.timeline(R, "24"))[-1].text == "no longer needed"


async def test_a_person_may_add_to_a_timeline(ledger):
    await ledger.tell(R, [("24", "note", "called the buyer")])
    await ledger.tell(R, [])
    (event,) = await ledger.timeline(R, "24")
    assert (event.what, event.text) == ("note", "called the buyer")
