"""A trace names every call of a plugin with what came of it, and nothing of the order but its numbers."""

import pytest

from crossdock.contract import hookimpl
from crossdock.errors import Refused, TryLater
from crossdock.flows.options import OrdersOptions
from crossdock.runner.engine import Engine
from crossdock.runner.trace import Trace
from tests.core.doubles import order


@pytest.fixture
def traced(setup):
    """A configuration, and the trace of one run for order 24."""

    async def run(**options):
        trace = Trace(setup.world.clock)
        configuration = setup.configuration(orders=OrdersOptions.model_validate(options))
        async with Engine.open(configuration, setup.world.clock, trace.observe) as engine:
            await engine.pull("sg", ["24"])
        return trace.calls

    setup.channel.put(order())
    return run


def told(calls):
    return [(call.verb, call.asked, call.about, call.outcome) for call in calls]


async def test_every_verb_is_shown_with_whom_it_was_asked_and_what_came_of_it(traced):
    calls = told(await traced())
    assert ("read_orders", "shop-sg", "24", "1 items") in calls
    assert ("rewrite_order", "gift", "24", "changed") in calls
    assert ("push_order", "central", "24", "done CO1") in calls
    assert calls.index(("rewrite_order", "gift", "24", "changed")) < calls.index(
        ("push_order", "central", "24", "done CO1")
    )


async def test_an_error_is_an_outcome_and_is_raised_all_the_same(setup, traced):
    setup.world.trouble["push_order", "24"] = [Refused("no such article")]
    calls = await traced()
    (pushed,) = [call for call in calls if call.verb == "push_order"]
    assert (pushed.outcome, pushed.ok) == ("Refused: no such article", False)


async def test_what_never_ended_says_so(setup):
    trace = Trace(setup.world.clock)

    async def never(order):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await trace.observe("shop", "push_order", never)(order())
    assert trace.calls[0].ok is False


async def test_pages_are_counted_and_an_error_among_them_is_told(setup):
    trace = Trace(setup.world.clock)

    async def pull_orders(window):
        yield type("Page", (), {"items": [1, 2]})()
        raise TryLater("the shop is closed")

    pages = trace.observe("shop", "pull_orders", pull_orders)
    with pytest.raises(TryLater):
        _ = [page async for page in pages(None)]
    assert trace.calls[0].outcome == "TryLater: the shop is closed"

    def made_elsewhere(window):
        return pull_orders(window)

    found = trace.observe("shop", "pull_orders", made_elsewhere)(None)
    assert len((await anext(found)).items) == 2
    assert trace.calls[1].outcome == "1 pages, 2 items"
    await found.aclose()


async def test_a_wrapper_is_shown_in_brackets_around_what_it_wraps(setup):
    trace = Trace(setup.world.clock)

    class Wraps:
        @hookimpl(wrapper=True)
        def push_order(self, order):
            return (yield)

    from crossdock.contract import Receipt, scope

    class Takes:
        @hookimpl
        async def push_order(self, order):
            return Receipt("CO1", already=True)

        @hookimpl
        def read_push(self, message):
            return None

    asked = scope({"wraps": Wraps(), "takes": Takes()}, trace.observe)
    await asked.push_order(order(), None)
    assert told(trace.calls) == [
        ("(push_order)", "wraps", "24", "already there CO1"),
        ("push_order", "takes", "24", "already there CO1"),
    ]
    assert asked.read_push(None) is None
    assert told(trace.calls)[2] == ("read_push", "takes", "", "no answer")
