"""What mypy must find: each line that ends in a marked comment is wrong, and no other."""

from collections.abc import AsyncIterator

from crossdock.contract import PullsOrders, PushesOrders, Receipt, Route, Side, Verbs, Window, hookimpl
from crossdock.model import Money, Order


class WrongResult(PushesOrders):
    @hookimpl
    async def push_order(self, order: Order, route: Route) -> str:  # wrong: override
        return order.id


class WrongArgument(PushesOrders):
    @hookimpl
    async def push_order(self, order: int, route: Route) -> Receipt | None:  # wrong: override
        return None


class WrongPages(PullsOrders):
    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Order]:  # wrong: override
        if False:
            yield


class Half(PushesOrders):
    pass


async def use(ask: Verbs, route: Route, order: Order, side: Side) -> None:
    await ask.push_order(order)  # wrong: call-arg
    await ask.push_order("42", route)  # wrong: arg-type
    await ask.psuh_order(order, route)  # wrong: attr-defined
    _number: int = await ask.push_order(order, route)  # wrong: assignment
    await ask.pull_orders(Window(order.updated_at), route)  # wrong: arg-type, misc
    side.verbs = frozenset()  # wrong: misc
    Half()  # wrong: abstract
    Money(1.5, "SGD")  # wrong: arg-type
    order.id = "43"  # wrong: misc
