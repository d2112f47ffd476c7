"""Reconciliation: what neither push messages nor cursors brought is found, told and repaired."""

from datetime import timedelta

import pytest

from crossdock.errors import Refused
from crossdock.flows.orders.reconcile import Kind, Reconciler
from crossdock.ledger import Parking
from crossdock.model import OrderStatus
from tests.core.doubles import order


@pytest.fixture
async def settled(desk):
    """A desk at which one order was taken over, an hour ago."""
    desk.channel.put(order("1"))
    await desk.run()
    await desk.later(3_600)
    return desk


async def reconcile(desk, days=7, *, repair=False):
    return await Reconciler(desk.route(), desk.ledger, desk.clock).run(days, repair=repair)


def kinds(found):
    return {(one.key, one.kind) for one in found.findings}


async def skip(desk):
    """The live cursors pass over whatever is there, as if it had been lost."""
    for side, shelf in (("channel", desk.channel), ("backend", desk.backend)):
        await desk.ledger.move(f"r/{side}", str(len(shelf.changes)))


async def test_two_sides_that_agree_have_nothing_wrong(settled):
    found = await reconcile(settled)
    assert (found.orders, found.documents, found.findings) == (1, 1, [])


async def test_an_order_that_was_lost_is_found_and_taken_over(settled, world):
    settled.channel.put(order("2"))
    await skip(settled)
    assert not (await settled.run()).steps
    assert kinds(await reconcile(settled)) == {("2", Kind.MISSING)}
    assert world.done["push_order", "2"] == 0
    found = await reconcile(settled, repair=True)
    assert found.repaired == 1
    await settled.run()
    assert world.done["push_order", "2"] == 1
    assert not (await reconcile(settled)).findings


async def test_a_change_that_was_lost_is_found_and_followed(settled, world):
    settled.channel.change("1", status=OrderStatus.CANCELLED, vendor_status="CANCELLED")
    await skip(settled)
    found = await reconcile(settled, repair=True)
    assert kinds(found) == {("1", Kind.STALE)}
    assert found.findings[0].text == "CANCELLED on the channel, last seen as OPEN"
    await settled.run()
    assert world.done["cancel_document", "1"] == 1


async def test_a_change_of_a_document_that_was_lost_is_found_and_followed(settled, world):
    settled.backend.person_posts("1")
    await skip(settled)
    assert kinds(await reconcile(settled, repair=True)) == {("1", Kind.BEHIND)}
    await settled.run()
    assert world.done["arrange_shipment", "1"] == 1


async def test_a_document_that_is_not_linked_is_linked_and_not_made_again(settled, world):
    settled.channel.put(order("2"))
    settled.backend.put(order("2").model_copy(update={"id": "CO77", "reference": "2", "shipments": ()}))
    await settled.ledger.nudge("r", ["2"], "push 3")
    await settled.ledger.decide("r", decided_to_rest("2"))
    await skip(settled)
    found = await reconcile(settled, repair=True)
    assert ("2", Kind.UNLINKED) in kinds(found)
    await settled.run()
    assert (await settled.pair("2")).document_id == "CO77"
    assert world.done["push_order", "2"] == 0


async def test_a_second_document_is_told_and_left_to_a_person(settled):
    settled.backend.put(order("1").model_copy(update={"id": "CO77", "reference": "1"}))
    await skip(settled)
    found = await reconcile(settled, repair=True)
    assert kinds(found) == {("1", Kind.TWICE)}
    assert found.repaired == 0
    assert "CO77" in found.findings[0].text


async def test_an_order_that_nothing_would_look_at_again_is_found(settled, world):
    world.trouble["push_order", "2"] = [Refused("closed")]
    settled.channel.put(order("2"))
    await settled.run()
    await settled.ledger.release("r", ["2"], "released")
    await settled.ledger.decide("r", decided_to_rest("2"))
    await skip(settled)
    await settled.clock.advance(600)
    assert kinds(await reconcile(settled, repair=True)) == {("2", Kind.STUCK)}
    await settled.run()
    assert world.done["push_order", "2"] == 1


async def test_what_is_parked_waits_for_a_person_and_is_not_told_again(settled):
    settled.channel.put(order("2"))
    await settled.ledger.park("r", [Parking("2", "cannot-translate:x", "why")])
    await skip(settled)
    assert not (await reconcile(settled)).findings


async def test_what_changed_only_now_is_on_its_way(settled):
    settled.channel.put(order("2", updated_at=settled.clock.now() - timedelta(minutes=1)))
    assert not (await reconcile(settled)).findings


async def test_what_is_found_and_taken_over_meanwhile_does_not_count(settled, world):
    settled.channel.put(order("2"))

    class Busy:
        """Somebody else takes the order over between the two looks."""

        def __getattr__(self, name):
            return getattr(settled.ledger, name)

        async def keys_of_documents(self, route, ids):
            if not world.done["push_order", "2"]:
                await settled.run()
            return await settled.ledger.keys_of_documents(route, ids)

    found = await Reconciler(settled.route(), Busy(), settled.clock).run(7, repair=False)
    assert not found.findings


async def test_what_happened_before_the_route_began_is_no_concern_of_it(settled):
    found = await reconcile(settled, days=90)
    assert found.since >= settled.clock.now() - timedelta(days=2)


def decided_to_rest(key):
    from crossdock.ledger import Decided

    return Decided(looks=[(key, None, 0)])
