"""Reading documents: many per table question, joined to orders. Asks the client; decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crossdock.clock import Clock
from crossdock.contract import Page, Unreadable, Window
from crossdock.errors import CannotTranslate
from crossdock.model import Order
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.config import Changes, ShipmentsFrom
from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.place import Place, stamp
from crossdock_ls_central.shipments import SHIPMENTS, Shipments
from crossdock_ls_central.store import StoreFacts
from crossdock_ls_central.translate.found import (
    HEADER_FIELDS,
    OWNER,
    POSTED_FIELDS,
    DocumentRows,
    charge_kinds,
    line_ids,
    to_order,
)
from crossdock_ls_central.wire.calls import status_call
from crossdock_ls_central.wire.tables import Table, any_of
from crossdock_ls_central.wire.values import boolean, moment

__all__ = ["Documents"]

OPEN = "LSC Customer Order Header"
POSTED = "LSC Posted CO Header"
OPEN_LINES = "LSC Customer Order Line"
POSTED_LINES = "LSC Posted Customer Order Line"

TableRow = dict[str, str]


class Documents:
    """Reads customer orders, open and posted, with their posted shipments."""

    def __init__(self, client: LsClient, store: StoreFacts, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._settings = client.settings
        self.shipments = Shipments(client)

    async def read(self, ids: Sequence[str], options: LsRouteOptions, *, verb: str) -> list[Order | Unreadable]:
        """These documents by number, a few table questions for many of them; what does not exist is left out."""
        size = self._settings.ids_per_filter
        unique = list(dict.fromkeys(ids))
        chunks = [unique[at : at + size] for at in range(0, len(unique), size)]
        read = await asyncio.gather(*(self._rows(chunk, verb) for chunk in chunks))
        rows = [row for chunk in read for row in chunk]
        torn = [row.header["Document ID"] for row in rows if not row.lines and not row.posted]
        if torn:  # posted between the questions for its header and for its lines
            rows = [row for row in rows if row.header["Document ID"] not in torn] + await self._rows(torn, verb)
        currency = await self._store.currency()
        return [self._order(row, currency, options) for row in rows]

    async def find(self, reference: str, options: LsRouteOptions, *, verb: str) -> Order | None:
        """The document with this External ID, among open, finished and cancelled ones; the newest if there are more.

        Raises:
            CannotTranslate: it is there, and cannot be read.
        """
        found = await self.find_id(reference, verb=verb)
        if not found:
            return None
        orders = await self.read([found], options, verb=verb)
        first = next(iter(orders), None)
        if isinstance(first, Unreadable):
            raise first.error
        return first

    async def find_id(self, reference: str, *, verb: str) -> str:
        """The number of the document with this External ID; empty when there is none."""
        filters = {"External ID": any_of(dict.fromkeys((reference.upper(), reference)))}
        for table in (OPEN, POSTED):  # in the order in which documents move, so that none is missed between
            rows = await self._client.table(Table(table, ("Document ID",), filters), verb=verb)
            if rows:
                return rows[-1]["Document ID"]
        return ""

    async def pull(self, window: Window, options: LsRouteOptions) -> AsyncIterator[Page[Order]]:
        """The documents that changed in `window`, oldest change first, so that every page's cursor is safe.

        After the rest of a reading that was given up another one follows, for what changed meanwhile.
        """
        place, cursor = Place.of(window), window.cursor
        async for page in self._through(place, options):
            yield page
            cursor = page.cursor
        if place.at is not None and place.live:
            async for page in self._through(Place.of(replace(window, cursor=cursor)), options):
                yield page

    async def _through(self, place: Place, options: LsRouteOptions) -> AsyncIterator[Page[Order]]:
        size, told = self._settings.page_size, False
        for start, end in self._slices(place):
            changed = [one for one in await self._changed(start, end, place.since) if not place.is_behind(one)]
            ends_at = end or self._end_of(changed)
            for at in range(0, len(changed), size):
                page = changed[at : at + size]
                orders = await self.read([number for _, number in page], options, verb="pull_orders")
                kept = [order for order in orders if isinstance(order, Unreadable) or order.reference]
                place, told = place.beyond(page[-1], ends_at), True
                yield Page(kept, str(place if at + size < len(changed) else place.ended()))
            place = place.ended()
        if not told:
            yield Page((), str(place))

    def _end_of(self, changed: Sequence[tuple[datetime, str]]) -> datetime | None:
        """Where a reading without an end ends, if it is given up and goes on: with what it found at its beginning."""
        known = changed and self._settings.changes is not Changes.LIST
        return changed[-1][0] + timedelta(seconds=1) if known else None

    def _slices(self, place: Place) -> list[tuple[datetime, datetime | None]]:
        """A long time in slices, so that no answer grows too large; the last slice ends where the reading does."""
        if self._settings.changes is Changes.LIST:
            return [(place.since, place.end)]
        start = place.at or place.since - timedelta(seconds=self._settings.overlap_seconds)
        step, last = timedelta(days=self._settings.slice_days), place.end or self._clock.now()
        borders = [start + step * count for count in range(max((last - start) // step, 0) + 1)]
        return list(zip(borders, [*borders[1:], place.end], strict=True))

    async def _changed(self, start: datetime, end: datetime | None, since: datetime) -> list[tuple[datetime, str]]:
        """Changed documents: the second of the last change, by their clock, and the number."""
        listed = self._settings.changes is Changes.LIST
        rows = await (self._listed(end) if listed else self._modified(start, end))
        latest: dict[str, datetime] = {}
        for row in rows:
            number, at = row.get("Document ID") or row.get(OWNER, ""), moment(row.get("SystemModifiedAt", "")) or since
            second = at.replace(microsecond=0)
            if number:
                latest[number] = max(latest.get(number, second), second)
        return sorted((at, number) for number, at in latest.items())

    async def _modified(self, start: datetime, end: datetime | None) -> list[TableRow]:
        """Documents and shipments of which something was written in that time."""
        filters = {"SystemModifiedAt": f"{stamp(start)}..{stamp(end) if end else ''}"}
        return await self._all({OPEN: filters, POSTED: filters, SHIPMENTS: filters}, "SystemModifiedAt")

    async def _listed(self, end: datetime | None) -> list[TableRow]:
        """All open documents, and those created or posted within `list_days`."""
        first = (end or self._clock.now()) - timedelta(days=self._settings.list_days)
        created, posted = {"Created": f"{stamp(first)}.."}, {"Posting Date": f"{first:%Y-%m-%d}.."}
        return await self._all({OPEN: {}, POSTED: created, SHIPMENTS: posted})

    async def _all(self, tables: Mapping[str, Mapping[str, str]], *fields: str) -> list[TableRow]:
        """Numbers of documents, and these fields, from several tables."""
        asked = (
            self._client.table(
                Table(name, (OWNER if name == SHIPMENTS else "Document ID", *fields), filters), verb="pull_orders"
            )
            for name, filters in tables.items()
            if name != SHIPMENTS or self._settings.shipments_from is ShipmentsFrom.TABLES
        )
        return [row for rows in await asyncio.gather(*asked) for row in rows]

    async def _rows(self, ids: Sequence[str], verb: str) -> list[DocumentRows]:
        """A few documents at once, asked in the order in which they move, so that none is missed between."""
        open_ = await self._children(OPEN, "Document ID", ids, verb, HEADER_FIELDS)
        found = {row["Document ID"]: DocumentRows(row, posted=False) for row in open_}
        closed = [number for number in ids if number not in found]
        posted = await self._children(POSTED, "Document ID", closed, verb, POSTED_FIELDS)
        found |= {row["Document ID"]: DocumentRows(row, posted=True) for row in posted}
        (shipments, shipped), open_lines, posted_lines = await asyncio.gather(
            self.shipments.of(list(found), verb=verb),
            self._children(OPEN_LINES, "Document ID", [row["Document ID"] for row in open_], verb),
            self._children(POSTED_LINES, "Document ID", [row["Document ID"] for row in posted], verb),
        )
        _join(found, [*open_lines, *posted_lines], shipments, shipped)
        return list(found.values())

    async def _children(
        self, table: str, key: str, wanted: Sequence[str], verb: str, fields: Sequence[str] = ()
    ) -> list[TableRow]:
        if not wanted:
            return []
        return await self._client.table(Table(table, fields, {key: any_of(wanted)}), verb=verb)

    async def may_cancel(self, document: str, *, verb: str, lines: Iterable[str] = ()) -> bool | None:
        """Whether these lines (all without any) may be cancelled; None when LS Central does not say.

        A line that was cancelled before says nothing about the others.
        """
        reply = await self._client.ask(status_call(document), verb=verb)
        wanted = frozenset(lines)
        log = sorted(reply.rows("CustomerOrderStatusLineLog"), key=lambda row: int(row.get("EntryNo") or 0))
        newest = {row.get("ItemLineNo", ""): row for row in log}
        allowed = [
            boolean(row.get("AllowCancel", ""))
            for line, row in newest.items()
            if (not wanted or line in wanted) and row.get("StatusCode", "") != self._settings.cancelled_line_status
        ]
        return all(allowed) if allowed else None

    async def line_numbers(self, document: str, *, verb: str) -> dict[str, str]:
        """Our line id to their line number, of an open document; empty when it is not open."""
        rows = await self._children(OPEN_LINES, "Document ID", [document], verb)
        return {line_id: line_no for line_no, line_id in line_ids(rows).items()}

    def _order(self, rows: DocumentRows, currency: str, options: LsRouteOptions) -> Order | Unreadable:
        charges = charge_kinds(options.shipping_item, options.charge_items)
        try:
            ended = (self._settings.cancelled_line_status, self._settings.short_line_status)
            return to_order(rows, currency, options.sku_delimiter, charges, ended)
        except CannotTranslate as error:
            return Unreadable(rows.header.get("Document ID", ""), error)


def _join(
    found: dict[str, DocumentRows],
    lines: Iterable[TableRow],
    shipments: Iterable[TableRow],
    shipped: Iterable[TableRow],
) -> None:
    """Give every document its own rows."""
    for row in lines:
        found[row["Document ID"]].lines.append(row)
    owners: dict[str, DocumentRows] = {}
    for row in shipments:
        owners[row["No."]] = found[row[OWNER]]
        owners[row["No."]].shipments.append(row)
    for row in shipped:
        owners[row["Document No."]].shipment_lines.append(row)
