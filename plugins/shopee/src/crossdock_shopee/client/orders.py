"""Reading orders: by number, and all that changed since a cursor."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from crossdock.contract import Page, Unreadable, Window
from crossdock.errors import CannotTranslate
from crossdock.http import redact_json
from crossdock.model import Order
from crossdock_shopee.client.batches import chunks, read_known
from crossdock_shopee.client.extras import Escrows, Extras, Packages
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.listing import Step, walk
from crossdock_shopee.config import SkuFallback
from crossdock_shopee.translate.orders import order
from crossdock_shopee.wire import orders as wire
from crossdock_shopee.wire.envelope import cannot_read

__all__ = ["OrderReader"]

_DETAILS_A_CALL = 50
_CERTAINLY_PAST_SECONDS = 600  # the gateway refuses clocks that differ by 300

_ORDER = msgspec.json.Decoder(wire.Order)
_NAMED = msgspec.json.Decoder(wire.Named)


class _Read(NamedTuple):
    """One order as it came, and what became of it."""

    item: Order | Unreadable
    raw: bytes
    update_time: int


class _Part(NamedTuple):
    """At most one call's worth of a step, being read; `end` is where the step ends, on its last part."""

    reading: asyncio.Task[list[_Read]] | None
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

    async def pull(self, window: Window, fallback: SkuFallback) -> AsyncIterator[Page[Order]]:
        """Read what changed, several calls for details at a time; the cursor is their newest `update_time`.

        The cursor already lies `order_overlap_seconds` behind what was seen, and it moves only when all that changed
        up to there has been handed over.
        """
        start = int(window.cursor) if window.cursor else _seconds(window.start)
        now = _seconds(self._gateway.clock.now())
        progress = _Progress(start, now - _CERTAINLY_PAST_SECONDS, self._gateway.settings.order_overlap_seconds)
        pending: deque[_Part] = deque()
        try:
            async for step in walk(self._gateway, start, _seconds(window.end) if window.end else now + 1):
                pending.extend(self._begin(step, fallback))
                while len(pending) > self._gateway.settings.details_in_flight:
                    if page := progress.page(*await _oldest(pending)):
                        yield page
            while pending:
                if page := progress.page(*await _oldest(pending)):
                    yield page
        finally:
            for part in pending:
                if part.reading:
                    part.reading.cancel()

    def _begin(self, step: Step, fallback: SkuFallback) -> list[_Part]:
        """Start to read what a step listed; its last part may move the cursor."""
        parts = [
            _Part(asyncio.create_task(self._read(numbers, fallback, thorough=False)))
            for numbers in chunks(step.numbers, _DETAILS_A_CALL)
        ]
        return [*parts[:-1], _Part(parts[-1].reading if parts else None, step.end)]

    async def _read(self, numbers: Sequence[str], fallback: SkuFallback, *, thorough: bool) -> list[_Read]:
        raws = await read_known(numbers, self._details)
        seen = [(bytes(raw), _decoded(raw)) for raw in raws]
        readable = [found for _, found in seen if isinstance(found, wire.Order)]
        packages, escrows = await self._extras.of(readable, thorough=thorough)
        return [_translated(raw, found, packages, escrows, fallback) for raw, found in seen]

    async def _details(self, numbers: Sequence[str]) -> list[msgspec.Raw]:
        params = {"order_sn_list": ",".join(numbers), "response_optional_fields": wire.OPTIONAL_FIELDS}
        if self._gateway.settings.pending_orders:
            params["request_order_status_pending"] = "true"
        answer = await self._gateway.get("order/get_order_detail", params, wire.OrderDetails, verb="read_orders")
        return answer.order_list


class _Progress:
    """How far the cursor may go, and which orders were handed over a moment ago.

    Args:
        start: where reading began; the cursor never goes back.
        past: what ended before this moment is past on every clock.
        overlap: how far the cursor stays behind.
    """

    def __init__(self, start: int, past: int, overlap: int) -> None:
        self._past = past
        self._overlap = overlap
        self._cursor = start
        self._newest = 0
        self._before: dict[str, bytes] = {}
        self._now: dict[str, bytes] = {}

    def page(self, found: list[_Read], end: int | None) -> Page[Order] | None:
        """Make a page, or None when it would say nothing new; `end` is given for the last part of a step."""
        before, items = self._cursor, [one.item for one in found if self._is_new(one)]
        self._newest = max([self._newest, *(one.update_time for one in found)])
        if end is not None:
            reached = end if end <= self._past else min(self._newest, end)
            self._cursor = max(self._cursor, reached - self._overlap)
            self._before, self._now = self._now, {}
        return Page(items, str(self._cursor)) if items or self._cursor != before else None

    def _is_new(self, one: _Read) -> bool:
        """Whether it was not handed over just like this by the step before, which shares a second with this one."""
        number = one.item.id
        self._now[number] = one.raw
        return self._before.get(number) != one.raw


async def _oldest(pending: deque[_Part]) -> tuple[list[_Read], int | None]:
    part = pending[0]
    found = await part.reading if part.reading else []
    pending.popleft()
    return found, part.end


def _decoded(raw: msgspec.Raw) -> wire.Order | CannotTranslate:
    try:
        return _ORDER.decode(raw)
    except msgspec.ValidationError as error:
        return cannot_read(error)


def _translated(
    raw: bytes, found: wire.Order | CannotTranslate, packages: Packages, escrows: Escrows, fallback: SkuFallback
) -> _Read:
    if isinstance(found, CannotTranslate):
        return _Read(_unreadable(raw, found), raw, 0)
    escrow = escrows.get(found.order_sn)
    try:
        if isinstance(escrow, CannotTranslate):
            raise escrow
        return _Read(order(found, escrow, packages, fallback), raw, found.update_time)
    except CannotTranslate as error:
        return _Read(_unreadable(raw, error, found.order_sn), raw, found.update_time)


def _unreadable(raw: bytes, error: CannotTranslate, number: str = "") -> Unreadable:
    return Unreadable(number or _number(raw), error, redact_json(raw))


def _number(raw: bytes) -> str:
    try:
        return _NAMED.decode(raw).order_sn
    except msgspec.ValidationError:
        return ""


def _seconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
