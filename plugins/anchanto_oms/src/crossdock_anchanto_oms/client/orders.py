"""Orders of the OMS: creating, finding and reading them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime

from crossdock.contract import Page, Receipt, Unreadable, Window
from crossdock.errors import CannotTranslate, Refused
from crossdock.model import Order
from crossdock_anchanto_oms.client.gateway import Gateway, Listed
from crossdock_anchanto_oms.client.pulling import Changes, readable
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.order_records import Duplicate, OmsOrder
from crossdock_anchanto_oms.translate.placing import new_order

__all__ = ["find", "fresh", "pull", "push", "read", "remarks"]

View = Callable[[OmsOrder], Order]
"""As a document, or as a channel's order."""
_AT_ONCE = 8


async def push(gateway: Gateway, order: Order, options: AnchantoRoute) -> Receipt:
    """Create an order by the channel's reference; one that is there already is answered as such.

    An order with a SKU that the OMS does not know is created all the same, and its problem is told.
    """
    new = new_order(order, gateway.settings, options)
    try:
        made = await gateway.record(OmsOrder, "create_order", verb="push_order", body=new)
    except Refused as error:
        if error.code != "duplicate_reference":
            raise
        there = gateway.codec.read(Duplicate, dict(error.facts))
        return Receipt(there.order_id, already=True, note=there.state)
    return Receipt(made.order_id, note=remarks(made))


async def find(gateway: Gateway, reference: str, view: View) -> Order | None:
    """The order with this reference, whatever became of it."""
    found = await gateway.all(OmsOrder, "find_orders", verb="find_order", query={"reference": reference})
    return view(found[0]) if found else None


async def fresh(gateway: Gateway, order_id: str, *, verb: str) -> OmsOrder:
    """An order as it is now.

    Raises:
        Refused: there is none of this number.
    """
    return await gateway.record(OmsOrder, "order", verb=verb, names={"order": order_id})


async def read(gateway: Gateway, ids: Sequence[str], view: View) -> list[Order | Unreadable]:
    """Orders by number; what does not exist is left out."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def one(order_id: str) -> Order | Unreadable | None:
        async with slots:
            try:
                return view(await fresh(gateway, order_id, verb="read_orders"))
            except CannotTranslate as error:
                return Unreadable(order_id, error)
            except Refused as error:
                if error.code != "unknown_order":
                    raise
                return None

    found = await asyncio.gather(*(one(order_id) for order_id in dict.fromkeys(ids)))
    return [order for order in found if order is not None]


def pull(gateway: Gateway, window: Window, view: View) -> AsyncIterator[Page[Order]]:
    """Orders that changed, the oldest change first."""

    def rows(since: datetime) -> AsyncIterator[Listed[OmsOrder]]:
        return gateway.pages(OmsOrder, "changed_orders", since, verb="pull_orders", key="order_id")

    def translate(oms: OmsOrder) -> Iterable[Order | Unreadable]:
        return readable(oms, oms.order_id, view)

    return Changes(gateway, rows, lambda oms: oms.changed_at, translate).pages(window)


def remarks(oms: OmsOrder) -> str:
    """What the seller should see: problems, and a carrier that is only a guess. No personal data."""
    told = [
        f"{problem.code}{f' in line {problem.line_reference}' if problem.line_reference else ''}"
        for problem in oms.problems
    ]
    if oms.carrier_is_temporary:
        told.append(f"carrier {oms.carrier} until another one is set")
    return f"{oms.state}: {', '.join(told)}" if told else oms.state
