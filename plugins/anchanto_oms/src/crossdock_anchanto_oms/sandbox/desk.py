"""The operator's desk: runs what a person does against the account, with the same consequences."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_anchanto_oms.sandbox import render
from crossdock_anchanto_oms.sandbox.gate import Gate
from crossdock_anchanto_oms.sandbox.records import Order
from crossdock_anchanto_oms.sandbox.refusal import Refusal
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.sender import Sender
from crossdock_anchanto_oms.sandbox.tokens import Tokens

Asked = TypeVar("Asked", bound=BaseModel)
Json = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """What a person can reach."""

    seller: Seller
    gate: Gate
    tokens: Tokens
    sender: Sender
    before: Callable[[], None]
    after: Callable[[], None]

    def action(
        self,
        method: str,
        path: str,
        summary: str,
        run: Callable[[Any, dict[str, str]], Json],
        body: type[BaseModel] | None = None,
    ) -> OperatorAction:
        """An action after which due work and events follow as after a request."""

        async def carry_out(asked: Any, path: dict[str, str]) -> Json:
            with _as_operators_hear_it():
                self.before()
                answer = run(asked, path)
                self.after()
            return answer

        return OperatorAction(method, path, summary, carry_out, body)

    def waiting_action(
        self, method: str, path: str, summary: str, run: Callable[[], Awaitable[Json]]
    ) -> OperatorAction:
        """An action without a body that has to wait for the network."""

        async def carry_out(_asked: None, _path: dict[str, str]) -> Json:
            with _as_operators_hear_it():
                self.before()
                self.after()
            return await run()

        return OperatorAction(method, path, summary, carry_out)

    def order(self, path: dict[str, str]) -> Order:
        """The order that the path names by its number or the marketplace's, in whichever store."""
        for shop in self.seller.shops.values():
            number = path["order_id"]
            found = shop.orders.get(number) or shop.order_by_reference.get(number)
            if found is not None:
                return found
        raise OperatorError(f"there is no order {path['order_id']!r}", missing=True)

    def shown(self, order: Order) -> Json:
        """The order as the wire shows it."""
        return render.order(self.seller, order)


@contextmanager
def _as_operators_hear_it() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise OperatorError(str(refusal), missing=refusal.status == 404) from refusal
