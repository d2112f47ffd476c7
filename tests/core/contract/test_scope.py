import asyncio

import pytest

from crossdock.contract import Page, Receipt, Window, hookimpl, scope
from crossdock.errors import PluginError, Refused, TryLater
from crossdock.model import Order


def order(number="24", note=""):
    return Order(id=number, status="open", vendor_status="READY", currency="SGD", note=note)


class Passes:
    """Is asked, and leaves the answer to the next."""

    @hookimpl
    async def push_order(self, order):
        return None


class Takes:
    def __init__(self, number="CO1"):
        self.number = number
        self.seen = []

    @hookimpl
    async def push_order(self, order, route):
        self.seen.append((order.id, route))
        await asyncio.sleep(0)
        return Receipt(f"{self.number}/{order.id}")


class Refuses:
    @hookimpl
    async def push_order(self, order):
        raise Refused("no such article")


class Notes:
    def __init__(self, word):
        self.word = word

    @hookimpl
    async def rewrite_order(self, order):
        return order.model_copy(update={"note": f"{order.note}{self.word}"})


class Pulls:
    @hookimpl
    async def pull_orders(self, window):
        yield Page([order("1")], "one")
        yield Page([order("2")], window.cursor)


async def test_the_first_answer_that_is_not_none_counts():
    first, second = Takes("A"), Takes("B")
    both = scope({"passes": Passes(), "first": first, "second": second})
    assert await both.push_order(order(), None) == Receipt("A/24")
    assert second.seen == []


async def test_plugins_are_asked_in_the_order_in_which_they_are_named():
    assert await scope({"b": Takes("B"), "a": Takes("A")}).push_order(order(), None) == Receipt("B/24")


async def test_nobody_to_answer_is_none():
    assert await scope({"passes": Passes()}).push_order(order(), None) is None
    assert await scope({}).push_order(order(), None) is None


async def test_an_error_ends_the_asking():
    late = Takes()
    with pytest.raises(Refused, match="no such article"):
        await scope({"refuses": Refuses(), "late": late}).push_order(order(), None)
    assert late.seen == []


async def test_a_chain_hands_on_what_the_one_before_returned():
    both = scope({"a": Notes("a"), "b": Notes("b"), "c": Notes("c")})
    assert (await both.rewrite_order(order(note=">"), None)).note == ">abc"


async def test_a_chain_without_plugins_returns_its_subject():
    subject = order()
    assert await scope({}).rewrite_order(subject, None) is subject


async def test_a_link_that_returns_nothing_is_a_bug_with_a_name():
    class Forgets:
        @hookimpl
        async def rewrite_order(self, order): ...

    with pytest.raises(PluginError, match="plugin forgetful: rewrite_order returned None"):
        await scope({"forgetful": Forgets(), "a": Notes("a")}).rewrite_order(order(), None)


async def test_pages_are_streamed_from_the_one_that_has_them():
    pages = scope({"takes": Takes(), "pulls": Pulls()}).pull_orders(Window(start=None, cursor="c"), None)
    assert [page.cursor async for page in pages] == ["one", "c"]


def test_pages_that_nobody_has_are_an_error_at_once():
    with pytest.raises(PluginError, match="nobody in this scope answers pull_orders"):
        scope({"takes": Takes()}).pull_orders(Window(start=None), None)


def test_a_plain_verb_passes_from_none_to_an_answer():
    class Shrugs:
        @hookimpl
        def read_push(self, message): ...

    class Reads:
        @hookimpl
        def read_push(self, message):
            return message.upper()

    assert scope({"shrugs": Shrugs(), "reads": Reads()}).read_push("hello") == "HELLO"
    assert scope({"shrugs": Shrugs()}).read_push("hello") is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda ask: ask.push_order(order()), "missing a required argument: 'route'"),
        (lambda ask: ask.push_order(order(), None, 1), "too many positional"),
        (lambda ask: ask.push_order(order(), rout=None), "missing a required argument|unexpected keyword"),
        (lambda ask: ask.rewrite_order(), "missing a required argument: 'order'"),
        (lambda ask: ask.pull_orders(), "missing a required argument: 'window'"),
    ],
)
def test_a_wrong_call_fails_at_the_caller_before_anything_is_awaited(call, words):
    with pytest.raises(TypeError, match=words):
        call(scope({"takes": Takes(), "notes": Notes("a"), "pulls": Pulls()}))


async def test_arguments_may_be_given_by_name_and_asked_for_in_any_order():
    class Turned:
        @hookimpl
        async def push_order(self, route, order):
            return Receipt(f"{route}/{order.id}")

    assert await scope({"turned": Turned()}).push_order(route="r", order=order()) == Receipt("r/24")


async def test_calls_at_once_share_nothing():
    ask = scope({"notes": Notes("!"), "takes": Takes()})
    orders = [order(str(n), note=str(n)) for n in range(50)]
    receipts = await asyncio.gather(*(ask.push_order(each, None) for each in orders))
    rewritten = await asyncio.gather(*(ask.rewrite_order(each, None) for each in orders))
    assert [receipt.id for receipt in receipts] == [f"CO1/{n}" for n in range(50)]
    assert [each.note for each in rewritten] == [f"{n}!" for n in range(50)]


class Watches:
    """A wrapper that keeps what it saw."""

    def __init__(self, saw, name="watch"):
        self.saw = saw
        self.name = name

    @hookimpl(wrapper=True)
    def push_order(self, order):
        self.saw.append(f"{self.name} before {order.id}")
        try:
            answer = yield
        except BaseException as error:
            self.saw.append(f"{self.name} {type(error).__name__}")
            raise
        self.saw.append(f"{self.name} after {answer.id}")
        return answer


async def test_a_wrapper_sees_the_awaited_answer():
    saw = []
    ask = scope({"outer": Watches(saw, "outer"), "takes": Takes(), "inner": Watches(saw, "inner")})
    assert await ask.push_order(order(), None) == Receipt("CO1/24")
    assert saw == ["outer before 24", "inner before 24", "inner after CO1/24", "outer after CO1/24"]


async def test_a_wrapper_sees_the_error_and_passes_it_on():
    saw = []
    with pytest.raises(Refused):
        await scope({"watch": Watches(saw), "refuses": Refuses()}).push_order(order(), None)
    assert saw == ["watch before 24", "watch Refused"]


async def test_a_wrapper_may_replace_an_error_by_an_answer_or_another_error():
    class Rescues:
        @hookimpl(wrapper=True)
        def push_order(self):
            try:
                return (yield)
            except Refused:
                return Receipt("rescued")

    class Delays:
        @hookimpl(wrapper=True)
        def push_order(self):
            try:
                return (yield)
            except Refused as error:
                raise TryLater("not today") from error

    assert await scope({"rescues": Rescues(), "refuses": Refuses()}).push_order(order(), None) == Receipt("rescued")
    with pytest.raises(TryLater, match="not today"):
        await scope({"delays": Delays(), "refuses": Refuses()}).push_order(order(), None)


async def test_a_wrapper_goes_around_a_whole_chain():
    class Doubles:
        @hookimpl(wrapper=True)
        def rewrite_order(self, order):
            rewritten = yield
            return rewritten.model_copy(update={"note": rewritten.note * 2})

    assert (await scope({"d": Doubles(), "a": Notes("a"), "b": Notes("b")}).rewrite_order(order(), None)).note == "abab"


async def test_cancellation_reaches_the_wrapper():
    class Hangs:
        @hookimpl
        async def push_order(self):
            await asyncio.get_running_loop().create_future()

    saw = []
    task = asyncio.ensure_future(scope({"watch": Watches(saw), "hangs": Hangs()}).push_order(order(), None))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert saw == ["watch before 24", "watch CancelledError"]


class YieldsNever:
    @hookimpl(wrapper=True)
    def push_order(self):
        if False:
            yield
        return Receipt("mine")


class YieldsTwice:
    @hookimpl(wrapper=True)
    def push_order(self):
        yield
        yield


class YieldsAgainAfterAnError:
    @hookimpl(wrapper=True)
    def push_order(self):
        try:
            yield
        except Refused:
            yield


@pytest.mark.parametrize(
    ("wrapper", "inner"),
    [(YieldsNever(), Takes()), (YieldsTwice(), Takes()), (YieldsAgainAfterAnError(), Refuses())],
)
async def test_a_wrapper_that_does_not_yield_exactly_once_is_named(wrapper, inner):
    with pytest.raises(PluginError, match="plugin odd: a wrapper yields exactly once"):
        await scope({"odd": wrapper, "inner": inner}).push_order(order(), None)
