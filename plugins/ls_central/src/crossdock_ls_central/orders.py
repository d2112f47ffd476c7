"""Reading documents: many per table question, joined to orders. Asks the client; decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from crossdock.clock import Clock
from crossdock.contract import Page, Unreadable, Window
from crossdock.errors import CannotTranslate
from crossdock.model import Order
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.config import Changes, ShipmentsFrom
from crossdock_ls_central.options import LsRouteOptions
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
        """The documents that changed in `window`, oldest change first, so that every page's cursor is safe."""
        since = datetime.fromisoformat(window.cursor) if window.cursor else window.start
        size = self._settings.page_size
        told = False
        for start, end in self._slices(since, window.end):
            changed = await self._changed(start, end, since)
            for at in range(0, len(changed), size):
                page = changed[at : at + size]
                orders = await self.read([number for number, _ in page], options, verb="pull_orders")
                kept = [order for order in orders if isinstance(order, Unreadable) or order.reference]
                told = True
                yield Page(kept, _stamp(page[-1][1]))
        if not told:
            yield Page((), window.cursor or _stamp(window.start))

    def _slices(self, since: datetime, end: datetime | None) -> list[tuple[datetime, datetime | None]]:
        """A long time in slices, so that no answer grows too large; the last slice ends where `end` says."""
        if self._settings.changes is Changes.LIST:
            return [(since, end)]
        start, last = since - timedelta(seconds=self._settings.overlap_seconds), end or self._clock.now()
        step = timedelta(days=self._settings.slice_days)
        borders = [start + step * count for count in range(max((last - start) // step, 0) + 1)]
        return list(zip(borders, [*borders[1:], end], strict=True))

    async def _changed(self, start: datetime, end: datetime | None, since: datetime) -> list[tuple[str, datetime]]:
        """Numbers of changed documents with the time of their last change, by their clock."""
        listed = self._settings.changes is Changes.LIST
        rows = await (self._listed(end) if listed else self._modified(start, end))
        latest: dict[str, datetime] = {}
        for row in rows:
            number, at = row.get("Document ID") or row.get(OWNER, ""), moment(row.get("SystemModifiedAt", ""))
            if number:
                latest[number] = max(latest.get(number, since), at or since)
        return sorted(latest.items(), key=lambda pair: (pair[1], pair[0]))

    async def _modified(self, start: datetime, end: datetime | None) -> list[TableRow]:
        """Documents and shipments of which something was written in that time."""
        filters = {"SystemModifiedAt": f"{_stamp(start)}..{_stamp(end) if end else ''}"}
        return await self._all({OPEN: filters, POSTED: filters, SHIPMENTS: filters}, "SystemModifiedAt")

    async def _listed(self, end: datetime | None) -> list[TableRow]:
        """All open documents, and those created or posted within `list_days`."""
        first = (end or self._clock.now()) - timedelta(days=self._settings.list_days)
        created, posted = {"Created": f"{_stamp(first)}.."}, {"Posting Date": f"{first:%Y-%m-%d}.."}
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


def _stamp(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
