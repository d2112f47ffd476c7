"""How the rules of the lifecycle machine act: on a running hall, on what is there, and only where it is possible."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from crossdock.errors import TryLater
from crossdock.runner import Engine
from crossdock.sandbox import OperatorError
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus
from tests.journeys.agreement import OWN_FLEET
from tests.journeys.hall import ROUTE, Hall
from tests.journeys.shapes import Shape

T = TypeVar("T")

_SIGNING_IN = ("refresh_token", "exchange_code", "issue_token")


class Hands(RuleBasedStateMachine):
    """A machine without rules."""

    tally: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_exception_handler(lambda _loop, _context: None)  # the dead leave errors behind
        self._stack = AsyncExitStack()
        self._hall: Hall | None = None
        self._shapes: dict[str, Shape] = {}
        self._wishes: Counter[str] = Counter()
        self._dropped: set[str] = set()

    @property
    def hall(self) -> Hall:
        assert self._hall is not None
        return self._hall

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def _effective(self) -> None:
        self.tally["effective"] += 1

    def _do(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Carry out what a person wants; None when the system says that it is not possible now."""
        try:
            done = self._run(work)
        except OperatorError:
            return None
        self._effective()
        return done

    def _ask(self, work: Callable[[Engine], Coroutine[Any, Any, object]]) -> None:
        self._run(self.hall.attempt(work))
        self._effective()

    def _one(self, pick: int, *statuses: OrderStatus) -> Order | None:
        """One of the orders that are in one of these statuses."""
        self.hall.shopee.state.agenda.settle()
        found = [self.hall.shopee.state.find_order(number) for number in self._shapes]
        fitting = [order for order in found if order and (not statuses or order.status in statuses)]
        return fitting[pick % len(fitting)] if fitting else None

    def _shop(self, pick: int, path: str, *statuses: OrderStatus, body: object = None) -> Order | None:
        order = self._one(pick, *statuses)
        if order is None or self._do(self.hall.shop_desk.act(path, body, order_sn=order.order_sn)) is None:
            return None
        return order

    def _document(self, pick: int) -> CustomerOrder | None:
        """One of the documents that are open."""
        documents = [order for order in self.hall.central.company.orders.values() if not order.posted]
        return documents[pick % len(documents)] if documents else None

    def _central(
        self, pick: int, path: str, one_line: int | None = None, units: int | None = None, number: str = ""
    ) -> None:
        """A person does something to an open document: to all of it, to a line, or to some units of a line."""
        document = self._document(pick)
        if document is None:
            return
        body: dict[str, object] | None = None
        if one_line is not None:
            left = [line for line in document.lines if line.remaining > 0]
            line = left[one_line % len(left)]
            quantity = line.remaining if units is None else min(Decimal(units), line.remaining)
            body = {"lines": [{"line_no": line.line_no, "quantity": quantity}]}
        own_fleet = self._shapes[document.external_id].rest.get("channel_id") == OWN_FLEET
        if number and own_fleet:
            body = {"tracking_no": number}
        self._do(self.hall.central_desk.act(path, body, order=document.document_id))

    async def _parked(self) -> list[Any]:
        try:
            return await (await self.hall.engine()).parked(ROUTE)
        except TryLater:
            return []

    def _written(self) -> int:
        """How much was written anywhere, signing in aside."""
        worlds = (self.hall.shopee.world, self.hall.central.world)
        return sum(write.kind not in _SIGNING_IN for world in worlds for write in world.oracle.writes())
