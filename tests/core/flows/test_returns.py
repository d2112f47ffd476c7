"""Returns are read with the orders, and told in their timelines."""

from crossdock.contract import Page, Receipt, Unreadable, hookimpl
from crossdock.errors import CannotTranslate, Refused, TryLater
from crossdock.model import Return
from tests.core.doubles import Channel, Desk, FindingBackend, order

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


class ReturnsBackend(FindingBackend):
    """A backend that takes returns."""

    @hookimpl
    async def push_return(self, returned, document):
        return await self.world.act(
            "push_return", f"{returned.id} {returned.vendor_status}", lambda: Receipt(document.id)
        )


class DecidingChannel(Channel):
    """A channel whose return is decided later."""

    words = ("REQUESTED",)

    @hookimpl
    async def pull_returns(self, window):
        word = self.words[-1]
        yield Page([R1.model_copy(update={"vendor_status": word})], word)


async def test_a_backend_that_takes_returns_is_told_once_of_each_change(ledger, world):
    desk = Desk(ledger, world, ReturnsBackend(world))
    desk.channel = DecidingChannel(world)
    desk.channel.put(order())
    await desk.run()
    await desk.run()
    desk.channel.words = ("REQUESTED", "ACCEPTED")
    await desk.run()
    assert {key: count for (verb, key), count in world.done.items() if verb == "push_return"} == {
        "R1 REQUESTED": 1,
        "R1 ACCEPTED": 1,
    }


async def test_a_return_that_the_backend_cannot_take_yet_is_told_later_and_one_it_refuses_is_parked(ledger, world):
    desk = Desk(ledger, world, ReturnsBackend(world))
    desk.channel = DecidingChannel(world)
    desk.channel.put(order())
    world.trouble["push_return", "R1 REQUESTED"] = [TryLater("not shipped yet"), Refused("no such line", code="line")]
    await desk.run()
    assert world.done["push_return", "R1 REQUESTED"] == 0
    await desk.later()
    assert await desk.parked() == {"24": "return:line"}
