"""What mypy accepts: a connection, an extension and calls through a scope, as a plugin author writes them."""

from collections.abc import AsyncIterator, Sequence

from crossdock.contract import (
    Page,
    PullsOrders,
    PushesOrders,
    ReadsOrders,
    Receipt,
    RewritesOrders,
    Route,
    Unreadable,
    Window,
    hookimpl,
    scope,
)
from crossdock.model import Order


class Shop(PullsOrders, ReadsOrders, PushesOrders):
    """Answers three verbs."""

    @hookimpl
    async def pull_orders(self, window: Window, route: Route) -> AsyncIterator[Page[Order]]:
        yield Page([], window.cursor)

    @hookimpl
    async def read_orders(self, ids: Sequence[str], route: Route) -> list[Order | Unreadable]:
        return []

    @hookimpl
    async def push_order(self, order: Order, route: Route) -> Receipt:
        return Receipt(order.id)


class Gift(RewritesOrders):
    """Changes what passes."""

    @hookimpl
    async def rewrite_order(self, order: Order, route: Route) -> Order:
        return order.model_copy(update={"note": "gift"})


async def use(route: Route, order: Order, window: Window) -> str:
    ask = scope({"gift": Gift(), "shop": Shop()})
    receipt: Receipt | None = await ask.push_order(await ask.rewrite_order(order, route), route)
    async for page in route.channel.ask.pull_orders(window, route):
        cursor: str | None = page.cursor
        return cursor or ""
    return receipt.id if receipt else ""


def takes_orders() -> PushesOrders:
    return Shop()
