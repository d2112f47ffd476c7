"""Reading returns: all that changed since a cursor. The list holds all that is needed, so nothing else is asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

import msgspec

from crossdock.contract import Page, Unreadable, Window
from crossdock.errors import CannotTranslate
from crossdock.http import redact_json
from crossdock.model import Return
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.client.listing import Slice, walk
from crossdock_shopee.client.progress import Progress, Read, looks, seconds
from crossdock_shopee.translate.returns import returned
from crossdock_shopee.wire import returns as wire
from crossdock_shopee.wire.envelope import BROKEN, cannot_read

__all__ = ["pull"]

_PAGE_SIZE = 100

_RETURN = msgspec.json.Decoder(wire.Return)
_NAMED = msgspec.json.Decoder(wire.Named)


def pull(gateway: Gateway, window: Window) -> AsyncIterator[Page[Return]]:
    """Read what changed; the cursor is their newest `update_time`, less the overlap."""
    overlap = gateway.settings.order_overlap_seconds
    begins = seconds(window.start)
    return looks(window, begins, gateway.clock, overlap, lambda progress: _through(gateway, progress))


async def _through(gateway: Gateway, progress: Progress[Return]) -> AsyncGenerator[Page[Return], None]:
    async def read(first: int, last: int, page_no: str) -> Slice[msgspec.Raw]:
        return await _list(gateway, first, last, page_no or str(gateway.settings.returns_first_page))

    async for step in walk(read, progress.start, progress.end, _PAGE_SIZE):
        found = [_translated(number, bytes(raw)) for number, raw in step.rows.items()]
        if page := progress.page(found, step.end):
            yield page


async def _list(gateway: Gateway, first: int, last: int, page_no: str) -> Slice[msgspec.Raw]:
    params = {
        "page_no": page_no,
        "page_size": str(_PAGE_SIZE),
        "update_time_from": str(first),
        "update_time_to": str(last),
    }
    page = await gateway.get("returns/get_return_list", params, wire.ReturnList, verb="pull_returns")
    rows = {_number(raw) or f"?{place}": raw for place, raw in enumerate(page.rows or ())}
    return Slice(rows, page.more, str(int(page_no) + 1))


def _translated(number: str, raw: bytes) -> Read[Return]:
    try:
        seen = _RETURN.decode(raw)
        return Read(returned(seen), raw, seen.update_time)
    except BROKEN as error:
        return Read(Unreadable(number, cannot_read(error), redact_json(raw)), raw, 0)
    except CannotTranslate as error:
        return Read(Unreadable(number, error, redact_json(raw)), raw, seen.update_time)


def _number(raw: msgspec.Raw) -> str:
    try:
        return _NAMED.decode(raw).return_sn
    except BROKEN:
        return ""
