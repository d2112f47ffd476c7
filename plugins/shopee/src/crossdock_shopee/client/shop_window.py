"""Hiding items of a shop from buyers, and showing them again."""

from __future__ import annotations

from crossdock.errors import Refused
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.judge import judge_rows
from crossdock_shopee.wire.items import Changed

__all__ = ["show"]


async def show(gateway: Gateway, number: str, *, unlist: bool, verb: str) -> None:
    """Hide or show one item.

    Raises:
        Refused: a promotion is running, Shopee itself took it off, or there is no such item.
    """
    body = {"item_list": [{"item_id": int(number), "unlist": unlist}]}
    path = "product/unlist_item"
    answer = await gateway.change(path, body, Changed, verb=verb, effect=False, classify=judge_rows)
    for row in answer.failure_list or ():
        raise Refused(f"Item {number}: {row.failed_reason}", code="unlist_item")
