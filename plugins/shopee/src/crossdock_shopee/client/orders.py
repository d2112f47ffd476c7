"""Reading orders: by number, and all that changed since a cursor."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import NamedTuple

import msgspec

from crossdock.contract import Page, Unreadable, Window
from crossdock.errors import CannotTranslate
from crossdock.http import giving_way, redact_json
from crossdock.model import Order
from crossdock_shopee.client.batches import chunks, read_known
from crossdock_shopee.client.extras import Escrows, Extras, Packages
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.listing import Slice, Step, walk
from crossdock_shopee.client.progress import Progress, Read, looks, seconds
from crossdock_shopee.config import SkuFallback
from crossdock_shopee.translate.orders import order
from crossdock_shopee.wire import orders as wire
from crossdock_shopee.wire.envelope import BROKEN, cannot_read

__all__ = ["OrderReader"]

_DETAILS_A_CALL = 50

_ORDER = msgspec.json.Decoder(wire.Order)
_NAMED = msgspec.json.Decoder(wire.Named)


class _Part(NamedTuple):
    """At most one call's worth of a step, being read; `end` is where the step ends, on its last part."""

    reading: asyncio.Task[list[Read[Order]]] | None
    end: int | None = None


class OrderReader:
    """Reads the orders of one shop.

    Args:
        gateway: sends the calls.
        extras: knows what orders do not say themselves.
    """

    def __init__(self, gateway: Gateway, extras: Extras) -> None:
        self._gateway = gateway
        self._extras = extras

    async def read(self, numbers: Sequence[str], fallback: SkuFallback) -> list[Order | Unreadable]:
        """Read orders by number, thoroughly; unknown ones are left out."""
        unique = list(dict.fromkeys(numbers))
        parts = [self._read(part, fallback, thorough=True) for part in chunks(unique, _DETAILS_A_CALL)]
        return [found.item for part in await asyncio.gather(*parts) for found in part]

    def pull(self, window: Window, fallback: SkuFallback) -> AsyncIterator[Page[Order]]:
        """Read what changed, several calls for details at a time; the cursor is their newest `update_time`.

        The cursor already lies `order_overlap_seconds` behind what was seen, and it moves only when all that changed
        up to there has been handed over.
        """
        gateway, begins = self._gateway, seconds(window.start)
        overlap = gateway.settings.order_overlap_seconds
        return looks(
            window,
            begins,
            gateway.clock,
            overlap,
            lambda progress: self._through(progress, fallback),
            may_be_brief=True,
        )

    async def _through(self, progress: Progress[Order], fallback: SkuFallback) -> AsyncGenerator[Page[Order], None]:
        settings = self._gateway.settings
        pending: deque[_Part] = deque()
        try:
            async for step in walk(self._list, progress.start, progress.end, settings.page_size):
                pending.extend(self._begin(step, fallback))
                while len(pending) > settings.details_in_flight:
                    if page := progress.page(*await _oldest(pending)):
                        yield page
            while pending:
                if page := progress.page(*await _oldest(pending)):
                    yield page
        finally:
            for part in pending:
                if part.reading:
                    part.reading.cancel()

    def _begin(self, step: Step[None], fallback: SkuFallback) -> list[_Part]:
        """Start to read what a step listed; its last part may move the cursor."""
        parts = [
            _Part(asyncio.create_task(self._read(numbers, fallback, thorough=False)))
            for numbers in chunks(list(step.rows), _DETAILS_A_CALL)
        ]
        return [*parts[:-1], _Part(parts[-1].reading if parts else None, step.end)]

    async def _list(self, start: int, end: int, cursor: str) -> Slice[None]:
        params = {
            "time_range_field": "update_time",
            "time_from": str(start),
            "time_to": str(end),
            "page_size": str(self._gateway.settings.page_size),
            "cursor": cursor,
            "response_optional_fields": "order_status",
        }
        page = await self._gateway.get(
            "order/get_order_list", self._pending(params), wire.OrderList, verb="pull_orders"
        )
        return Slice(dict.fromkeys(row.order_sn for row in page.order_list), page.more, page.next_cursor or "")

    async def _read(self, numbers: Sequence[str], fallback: SkuFallback, *, thorough: bool) -> list[Read[Order]]:
        raws = await read_known(numbers, self._details)
        seen = [(bytes(raw), _decoded(raw)) for raw in raws]
        readable = [found for _, found in seen if isinstance(found, wire.Order)]
        packages, escrows = await self._extras.of(readable, thorough=thorough)
        return [_translated(raw, found, packages, escrows, fallback) async for raw, found in giving_way(seen)]

    async def _details(self, numbers: Sequence[str]) -> list[msgspec.Raw]:
        params = {"order_sn_list": ",".join(numbers), "response_optional_fields": wire.OPTIONAL_FIELDS}
        path = "order/get_order_detail"
        answer = await self._gateway.get(path, self._pending(params), wire.OrderDetails, verb="read_orders")
        return answer.order_list

    def _pending(self, params: dict[str, str]) -> dict[str, str]:
        return params | {"request_order_status_pending": "true"} if self._gateway.settings.pending_orders else params


async def _oldest(pending: deque[_Part]) -> tuple[list[Read[Order]], int | None]:
    part = pending[0]
    found = await part.reading if part.reading else []
    pending.popleft()
    return found, part.end


def _decoded(raw: msgspec.Raw) -> wire.Order | CannotTranslate:
    try:
        return _ORDER.decode(raw)
    except BROKEN as error:
        return cannot_read(error)


def _translated(
    raw: bytes, found: wire.Order | CannotTranslate, packages: Packages, escrows: Escrows, fallback: SkuFallback
) -> Read[Order]:
    if isinstance(found, CannotTranslate):
        return Read(_unreadable(raw, found), raw, 0)
    escrow = escrows.get(found.order_sn)
    try:
        if isinstance(escrow, CannotTranslate):
            raise escrow
        return Read(order(found, escrow, packages, fallback), raw, found.update_time)
    except CannotTranslate as error:
        return Read(_unreadable(raw, error, found.order_sn), raw, found.update_time)


def _unreadable(raw: bytes, error: CannotTranslate, number: str = "") -> Unreadable:
    return Unreadable(number or _number(raw), error, redact_json(raw))


def _number(raw: bytes) -> str:
    try:
        return _NAMED.decode(raw).order_sn
    except BROKEN:
        return ""
