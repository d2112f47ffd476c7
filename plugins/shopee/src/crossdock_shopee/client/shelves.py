"""Where listings live: in the shop, or with the merchant as global items. Each reads and names things its own way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec

from crossdock.contract import Unreadable
from crossdock.errors import CannotTranslate
from crossdock.http import redact_json
from crossdock_shopee.client.batches import chunks, read_known
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.listing import Slice
from crossdock_shopee.translate.products import GONE, Listed, listed
from crossdock_shopee.wire import global_items, items
from crossdock_shopee.wire.envelope import BROKEN, cannot_read

__all__ = ["GlobalShelf", "Shelf", "ShopShelf", "shelf_of"]

_STATUSES = ("NORMAL", "UNLIST", "BANNED", "REVIEWING", *sorted(GONE))

_ITEM = msgspec.json.Decoder(items.Item)
_GLOBAL_ITEM = msgspec.json.Decoder(global_items.GlobalItem)
_NAMED = msgspec.json.Decoder(items.Named)


class Shelf(Protocol):
    """One place where listings live.

    Attributes:
        module: of the calls that write to it.
        item_key: how an item is named there.
        model_key: how a variation is named there.
        page_size: rows of a page of the list.
    """

    module: str
    item_key: str
    model_key: str
    page_size: int

    async def list_changed(self, start: int, end: int, cursor: str) -> Slice[int]:
        """One page of what changed: numbers as text, and when (Unix seconds)."""
        ...

    async def read(self, numbers: Sequence[str]) -> list[Listed | Unreadable]:
        """Read items with their variations; unknown ones are left out."""
        ...


class ShopShelf:
    """Items of the shop.

    Args:
        gateway: sends the calls.
    """

    module = "product"
    item_key = "item_id"
    model_key = "model_id"
    page_size = 100

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def list_changed(self, start: int, end: int, cursor: str) -> Slice[int]:
        """One page of what changed."""
        params = [
            ("offset", cursor or "0"),
            ("page_size", str(self.page_size)),
            ("update_time_from", str(start)),
            ("update_time_to", str(end)),
            *(("item_status", status) for status in _STATUSES),
        ]
        page = await self._gateway.get("product/get_item_list", params, items.ItemList, verb="pull_products")
        rows = {str(row.item_id): row.update_time or 0 for row in page.item or ()}
        return Slice(rows, page.has_next_page, "" if page.next_offset is None else str(page.next_offset))

    async def read(self, numbers: Sequence[str]) -> list[Listed | Unreadable]:
        """Read items with their variations."""
        raws = await _read_raws(numbers, 50, self._raws)
        return await asyncio.gather(*(_listed(raw, _ITEM.decode, self._models) for raw in raws))

    async def _raws(self, numbers: Sequence[str]) -> list[msgspec.Raw]:
        params = {"item_id_list": ",".join(numbers)}
        found = await self._gateway.get("product/get_item_base_info", params, items.Items, verb="read_products")
        return found.item_list or []

    async def _models(self, item_id: int) -> items.Models:
        params = {"item_id": str(item_id)}
        return await self._gateway.get("product/get_model_list", params, items.Models, verb="read_products")


class GlobalShelf:
    """Global items of the merchant.

    Args:
        gateway: sends the calls.
    """

    module = "global_product"
    item_key = "global_item_id"
    model_key = "global_model_id"
    page_size = 50

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._currency = ""

    async def list_changed(self, start: int, end: int, cursor: str) -> Slice[int]:
        """One page of what changed."""
        params = {"page_size": str(self.page_size), "update_time_from": str(start), "update_time_to": str(end)}
        if cursor:
            params["offset"] = cursor
        path = "global_product/get_global_item_list"
        page = await self._gateway.get(path, params, global_items.GlobalItemList, verb="pull_products")
        rows = {str(row.global_item_id): row.update_time or 0 for row in page.global_item_list or ()}
        return Slice(rows, page.has_next_page, page.offset or "")

    async def read(self, numbers: Sequence[str]) -> list[Listed | Unreadable]:
        """Read items with their variations."""
        raws = await _read_raws(numbers, 20, self._raws)
        return await asyncio.gather(*(_listed(raw, _global_item, self._models) for raw in raws))

    async def currency(self) -> str:
        """In which the merchant's prices are; asked once."""
        if not self._currency:
            path = "merchant/get_merchant_info"
            found = await self._gateway.get(path, (), global_items.MerchantInfo, verb="read_products", flat=True)
            self._currency = found.merchant_currency or ""
        return self._currency

    async def _raws(self, numbers: Sequence[str]) -> list[msgspec.Raw]:
        params = {"global_item_id_list": ",".join(numbers)}
        path = "global_product/get_global_item_info"
        found = await self._gateway.get(path, params, global_items.GlobalItems, verb="read_products")
        return found.global_item_list or []

    async def _models(self, item_id: int) -> items.Models:
        params = {"global_item_id": str(item_id)}
        path = "global_product/get_global_model_list"
        found = await self._gateway.get(path, params, global_items.GlobalModels, verb="read_products")
        return found.as_models(await self.currency())


def shelf_of(gateway: Gateway) -> ShopShelf | GlobalShelf:
    """The merchant's where there is one: an upgraded shop's own items can no longer be written."""
    return GlobalShelf(gateway) if gateway.settings.merchant_id else ShopShelf(gateway)


def _global_item(raw: bytes) -> items.Item:
    return _GLOBAL_ITEM.decode(raw).as_item()


async def _read_raws(
    numbers: Sequence[str], size: int, ask: Callable[[Sequence[str]], Awaitable[list[msgspec.Raw]]]
) -> list[bytes]:
    parts = await asyncio.gather(*(read_known(part, ask) for part in chunks(numbers, size)))
    return [bytes(raw) for part in parts for raw in part]


async def _listed(
    raw: bytes, decode: Callable[[bytes], items.Item], read_models: Callable[[int], Awaitable[items.Models]]
) -> Listed | Unreadable:
    """One listing; a malformed one does not hide the others."""
    try:
        item = decode(raw)
    except BROKEN as error:
        return Unreadable(_number(raw), cannot_read(error), redact_json(raw))
    try:
        return listed(item, await read_models(item.item_id) if item.has_model else None)
    except CannotTranslate as error:
        return Unreadable(str(item.item_id), error, redact_json(raw))


def _number(raw: bytes) -> str:
    try:
        named = _NAMED.decode(raw)
    except BROKEN:
        return ""
    return str(named.item_id or named.global_item_id or "")
