"""Walking through a time range of the order list in steps that cannot shift while they are read.

The list pages by position over a set that changes, in an order nobody documents: between two pages a row may slip
away. One page is a snapshot. So a step whose rows do not fit on one page is halved until they do; only when more than
a page of orders changed within one second, the pages are read again and again until no new row turns up.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from crossdock.errors import TryLater
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.wire.orders import OrderList

__all__ = ["LONGEST_SECONDS", "Step", "walk"]

LONGEST_SECONDS = 15 * 86_400
_MOST_PASSES = 6


class Step(NamedTuple):
    """What changed between two moments (Unix seconds), by number."""

    start: int
    end: int
    numbers: list[str]


async def walk(gateway: Gateway, start: int, end: int) -> AsyncIterator[Step]:
    """List what changed from `start` to `end`, the oldest first.

    Both ends belong to each step, since nobody documents whether they do: neighbours share a second.
    """
    at, width = start, LONGEST_SECONDS
    end = max(end, start + 1)
    crowded = start  # from here to where more than a page of rows is known to be
    while at < end:
        to = min(at + width, end)
        page = await _page(gateway, at, to)
        if page.more and to - at > 1:
            crowded, width = to, (to - at) // 2
            continue
        rows = list(dict.fromkeys(row.order_sn for row in page.order_list))
        yield Step(at, to, await _all_pages(gateway, at, to) if page.more else rows)
        at = to
        if not rows and at < crowded:  # then all that crowd is still ahead
            width = max((crowded - at) // 2, 1)
        elif len(rows) * 2 <= gateway.settings.page_size:
            width = min(width * 2, LONGEST_SECONDS)


async def _page(gateway: Gateway, start: int, end: int, cursor: str = "") -> OrderList:
    params = {
        "time_range_field": "update_time",
        "time_from": str(start),
        "time_to": str(end),
        "page_size": str(gateway.settings.page_size),
        "cursor": cursor,
        "response_optional_fields": "order_status",
    }
    if gateway.settings.pending_orders:
        params["request_order_status_pending"] = "true"
    return await gateway.get("order/get_order_list", params, OrderList, verb="pull_orders")


async def _all_pages(gateway: Gateway, start: int, end: int) -> list[str]:
    """Read one crowded second until a whole pass brings nothing new."""
    seen: dict[str, None] = {}
    for _ in range(_MOST_PASSES):
        known = len(seen)
        cursor, more = "", True
        while more:
            page = await _page(gateway, start, end, cursor)
            seen.update(dict.fromkeys(row.order_sn for row in page.order_list))
            cursor, more = page.next_cursor or "", page.more and bool(page.next_cursor)
        if known and len(seen) == known:
            return list(seen)
    raise TryLater(f"The order list from {start} to {end} changed while it was read {_MOST_PASSES} times.")
