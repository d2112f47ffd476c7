"""What a shop has of a global item; hiding items of a shop from buyers, and showing them again."""

from __future__ import annotations

import msgspec

from crossdock.errors import Refused
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.judge import judge_rows
from crossdock_shopee.wire.items import Changed

__all__ = ["PublishedItem", "published", "show"]

_GONE = frozenset({0, 4, 5})
"""Statuses of what was published: deleted by the seller, or by Shopee."""


class PublishedItem(msgspec.Struct):
    """What was published to one shop; here the status is a number."""

    shop_id: int
    item_id: int
    item_status: int = 1


class PublishedItems(msgspec.Struct):
    """All of them."""

    published_item: list[PublishedItem] | None = None


async def published(gateway: Gateway, number: str, verb: str) -> PublishedItem | None:
    """What this connection's shop has of a global item; None where it has nothing, or no longer."""
    shop_id = gateway.settings.shop_id
    params = [("global_item_id", number), ("shop_id_list", str(shop_id))]
    found = await gateway.get("global_product/get_published_list", params, PublishedItems, verb=verb)
    item = next((one for one in found.published_item or () if one.shop_id == shop_id), None)
    return None if item is None or item.item_status in _GONE else item


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
