"""Returns are read with the orders, and told in their timelines."""

from crossdock.contract import Page, Unreadable, hookimpl
from crossdock.errors import CannotTranslate
from crossdock.model import Return
from tests.core.doubles import Channel, Desk

R1 = Return(id="R1", order_id="24", status="requested", vendor_status="REQUESTED")


class ReturningChannel(Channel):
    """A channel that knows of returns, one of which cannot be read."""

    @hookimpl
    async def pull_returns(self, window):
        if window.cursor is None:
            yield Page([R1, Unreadable("R2", CannotTranslate("refund", "an amount"))], "1")


async def test_returns_are_read_with_the_orders(desk, world):
    desk.channel = ReturningChannel(world)
    await desk.run()
    assert await desk.ledger.returns("r") == [R1]
    assert [event.what for event in await desk.ledger.timeline("r", "24")] == ["return"]
    assert await desk.parked() == {"R2": "cannot-translate:refund"}
    assert (await desk.run()).read == 0


async def test_returns_can_be_left_out(ledger, world):
    desk = Desk(ledger, world, returns=False)
    desk.channel = ReturningChannel(world)
    await desk.run()
    assert await ledger.returns("r") == []
