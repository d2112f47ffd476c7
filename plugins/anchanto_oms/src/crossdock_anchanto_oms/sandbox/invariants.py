"""What must hold of the account whatever was asked for and in whatever order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from crossdock_anchanto_oms.sandbox.records import Order
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.states import ORDER_STATES, RETURN_MOVES


def broken(seller: Seller) -> list[str]:
    """A sentence for each thing that does not hold; empty in a sandbox that is right."""
    orders = [order for shop in seller.shops.values() for order in shop.orders.values()]
    return [
        *_of_states(seller, orders),
        *_of_goods(orders),
        *_of_shelves(seller, orders),
        *_of_events(seller),
    ]


def _of_states(seller: Seller, orders: list[Order]) -> Iterator[str]:
    for order in orders:
        if order.state not in ORDER_STATES:
            yield f"order {order.order_id} is in {order.state}, which is no state"
    for shop in seller.shops.values():
        for shown in shop.returns.values():
            if shown.state not in RETURN_MOVES:
                yield f"return {shown.return_id} is in {shown.state}, which is no state"


def _of_goods(orders: list[Order]) -> Iterator[str]:
    for order in orders:
        if order.reserved and order.away:
            yield f"the goods of order {order.order_id} are set aside and gone"
        for line in order.lines:
            if not 0 <= line.picked <= line.sent.quantity:
                many = f"{line.picked} of {line.sent.quantity}"
                yield f"order {order.order_id} line {line.sent.line_reference}: {many} pieces are picked"


def _of_shelves(seller: Seller, orders: list[Order]) -> Iterator[str]:
    aside: Counter[tuple[str, str]] = Counter()
    wanted_there = Counter(seller.counted)
    for order in orders:
        needs = {(isku, order.warehouse_code): count for isku, count in order.needs().items()}
        if order.reserved:
            aside.update(needs)
        if order.away:
            wanted_there.subtract(needs)
    wanted_there.update(_came_back(seller))
    for level in seller.stock.values():
        place = f"{level.isku} in {level.warehouse_code}"
        if level.reserved != aside[level.isku, level.warehouse_code]:
            wanted = aside[level.isku, level.warehouse_code]
            yield f"{place}: {level.reserved} are reserved, orders need {wanted}"
        there = level.sellable + level.damaged
        if there != wanted_there[level.isku, level.warehouse_code]:
            yield f"{place}: {there} pieces are there, but {wanted_there[level.isku, level.warehouse_code]} should be"
        if min(level.reserved, level.damaged) < 0 or (level.sellable < 0 and not seller.settings.oversell):
            yield f"{place}: a level is below zero"


def _came_back(seller: Seller) -> Counter[tuple[str, str]]:
    """Pieces that returns brought back on the shelves."""
    back: Counter[tuple[str, str]] = Counter()
    for shop in seller.shops.values():
        for shelved in shop.returns.values():
            ordered = {line.sent.line_reference: line for line in shelved.order.lines}
            for part in shelved.lines:
                line = ordered[part.line_reference]
                for isku, total in line.components.items():
                    each = total // line.sent.quantity
                    back[isku, shelved.order.warehouse_code] += (part.sellable + part.damaged) * each
    return back


def _of_events(seller: Seller) -> Iterator[str]:
    queued = {event.event_id for event in seller.outbox.waiting} | seller.outbox.under_way
    for event in seller.outbox.events:
        if event.status == "waiting" and event.event_id not in queued:
            yield f"event {event.event_id} is lost"
