"""What nothing announces is found by reading again, in rounds, a few orders a run."""

from datetime import timedelta

import pytest

from crossdock.errors import TryLater
from crossdock.flows.orders.observe import Observer
from crossdock.flows.orders.recheck import Recheck
from crossdock.flows.orders.report import Report
from crossdock.model import OrderStatus
from tests.core.doubles import Desk, order

HOURS = 3_600


async def taken_over(desk, *numbers):
    desk.channel.put(*(order(number) for number in numbers))
    await desk.run()


async def test_a_deleted_document_is_found_in_the_next_round_and_not_made_again(desk, world):
    await taken_over(desk, "24")
    del desk.backend.now["CO1"]
    await desk.later(HOURS)
    assert await desk.parked() == {}
    await desk.later(6 * HOURS)
    assert await desk.parked() == {"24": "document-deleted"}
    assert world.done["push_order", "24"] == 1


async def test_nothing_is_read_and_nothing_written_between_rounds(desk, world):
    await taken_over(desk, "24")
    await desk.later()
    commits, read = desk.ledger.database.commits, world.calls["read_documents", ""]
    for _ in range(5):
        await desk.later(60)
    assert (desk.ledger.database.commits, world.calls["read_documents", ""]) == (commits, read)


async def test_what_is_finished_is_not_read_again(desk, world):
    await taken_over(desk, "24", "25")
    desk.backend.change("CO1", status=OrderStatus.CANCELLED)
    del desk.backend.now["CO2"]
    await desk.later()
    keys = await desk.ledger.with_open_document("r", 10)
    assert keys == ["25"]
    await desk.later(6 * HOURS)
    assert await desk.ledger.with_open_document("r", 10) == [], "what is gone is known to be gone"


async def test_a_round_reads_so_many_orders_a_run_and_goes_on_where_it_stopped(desk):
    await taken_over(desk, "21", "22", "23", "24", "25")
    found = Recheck(desk.route(), desk.ledger, desk.clock, timedelta(hours=6), at_once=2)
    await desk.clock.advance(6 * HOURS)
    rounds = [await found.read(Observer(desk.route(), desk.ledger, Report("r"), desk.clock)) for _ in range(4)]
    assert [[pair.key for pair in pairs] for pairs in rounds] == [["21", "22"], ["23", "24"], ["25"], []]


async def test_a_side_that_cannot_be_read_does_not_end_the_round(desk, world):
    await taken_over(desk, "24")
    del desk.backend.now["CO1"]
    await desk.clock.advance(6 * HOURS)
    world.trouble["read_documents", ""] = [TryLater("busy")]
    with pytest.raises(TryLater):
        await desk.run()
    await desk.later(60)
    assert await desk.parked() == {"24": "document-deleted"}


async def test_zero_switches_it_off(ledger, world):
    desk = Desk(ledger, world, recheck_every=timedelta(0))
    await taken_over(desk, "24")
    del desk.backend.now["CO1"]
    await desk.later(48 * HOURS)
    assert await desk.parked() == {}


async def test_history_and_one_order_by_hand_leave_the_round_alone(desk):
    await taken_over(desk, "24")
    del desk.backend.now["CO1"]
    await desk.clock.advance(6 * HOURS)
    desk.channel.put(order("30"))
    await desk.run("30")
    assert await desk.parked() == {}
