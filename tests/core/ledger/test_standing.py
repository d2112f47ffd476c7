"""How routes stand: counted in the ledger, for metrics and alerts."""

from datetime import timedelta

from crossdock.ledger import Conclusion, Decided, Intent, Parking, Seen, Standings, StepState
from tests.core.doubles import T0, order


async def seen(ledger, key, route="sg", **more):
    await ledger.record(route, [Seen(key, "channel", order(key, **more))])


async def test_a_ledger_without_orders_tells_nothing(ledger):
    assert await ledger.standings() == Standings()


async def test_an_order_without_document_is_unsynced_since_it_was_last_seen_to_change(ledger, clock):
    await seen(ledger, "1")
    await clock.advance(100)
    await seen(ledger, "2")
    await seen(ledger, "3", status="cancelled")
    await seen(ledger, "4", route="my", status="unpaid")
    routes = (await ledger.standings()).routes
    assert (routes["sg"].orders, routes["sg"].unsynced) == (3, 2)
    assert routes["sg"].unsynced_since == T0
    assert (routes["my"].unsynced, routes["my"].unsynced_since) == (0, None)


async def test_an_order_with_document_is_linked_and_its_steps_are_counted(ledger):
    await seen(ledger, "1")
    await seen(ledger, "2")
    intents = [Intent(key, "create", key, "why") for key in ("1", "2")]
    await ledger.decide("sg", Decided(intents))
    ledger.conclude("sg", Conclusion("1", "create", "1", StepState.DONE, "done", document_id="CO1"), None)
    await ledger.flush()
    standing = (await ledger.standings()).routes["sg"]
    assert (standing.linked, standing.in_doubt, standing.unsynced) == (1, 1, 1)


async def test_what_has_to_leave_is_told_until_it_is_arranged(ledger):
    await seen(ledger, "late", ship_by=T0 - timedelta(hours=1))
    await seen(ledger, "soon", ship_by=T0 + timedelta(hours=1))
    await seen(ledger, "far", ship_by=T0 + timedelta(days=3))
    await seen(ledger, "gone", status="arranged", ship_by=T0 - timedelta(hours=2))
    standing = (await ledger.standings()).routes["sg"]
    assert (standing.overdue, standing.due_soon) == (1, 1)
    assert standing.ship_by == T0 - timedelta(hours=1)
    await seen(ledger, "late", status="arranged", ship_by=T0 - timedelta(hours=1))
    assert (await ledger.standings()).routes["sg"].overdue == 0


async def test_parked_items_are_counted_lane_by_lane(ledger):
    await ledger.park("sg", [Parking("1", "cause", "why")])
    await ledger.keep_items("sg/stock", [Parking("a", "cause", "why"), Parking("b", "cause", "why")])
    assert (await ledger.standings()).parked == {"sg": 1, "sg/stock": 2}
