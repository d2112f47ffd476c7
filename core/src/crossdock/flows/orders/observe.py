"""Bringing both sides' snapshots into the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from crossdock.contract import Page, Route, Unreadable, Window
from crossdock.flows.orders.report import Report
from crossdock.ledger import Ledger, Pair, Parking, Seen
from crossdock.model import Order, Return


class Observer:
    """Reads the two sides of one route and keeps what they show."""

    def __init__(self, route: Route, ledger: Ledger, report: Report) -> None:
        self._route = route
        self._ledger = ledger
        self._report = report

    async def channel(self, window: Window, cursor: str, historical: bool = False) -> AsyncIterator[Sequence[Pair]]:
        """Pull the channel's orders and yield the pairs that changed, a page at a time.

        Args:
            window: from where, if the cursor of this name has not been moved yet.
            cursor: name of the cursor that is moved in the commit of each page.
            historical: mark orders that are new here as history.
        """
        kept = await self._ledger.cursor(cursor)
        pages = self._route.channel.ask.pull_orders(Window(window.start, window.end, kept), self._route)
        async for page in pages:
            seen = [Seen(order.id, "channel", order) for order in page.items if isinstance(order, Order)]
            await self._park_unreadable(page)
            yield await self._keep(seen, (cursor, page.cursor) if page.cursor else None, historical)

    async def backend(self, start: datetime, cursor: str) -> AsyncIterator[Sequence[Pair]]:
        """Pull the backend's documents and yield the pairs that changed; documents of others are passed over."""
        if not self._route.backend.can("pull_orders"):
            return
        kept = await self._ledger.cursor(cursor)
        async for page in self._route.backend.ask.pull_orders(Window(start, None, kept), self._route):
            documents = [document for document in page.items if isinstance(document, Order)]
            keys = await self._ledger.keys_of_documents(self._route.name, [document.id for document in documents])
            seen = [
                Seen(keys[document.id], "backend", document, document.id)
                for document in documents
                if document.id in keys
            ]
            yield await self._keep(seen, (cursor, page.cursor) if page.cursor else None)

    async def returns(self, start: datetime, cursor: str) -> None:
        """Pull the channel's returns; they appear in the timelines of their orders."""
        if not self._route.channel.can("pull_returns"):
            return
        kept = await self._ledger.cursor(cursor)
        async for page in self._route.channel.ask.pull_returns(Window(start, None, kept), self._route):
            await self._park_unreadable(page)
            seen = [item for item in page.items if isinstance(item, Return)]
            self._report.read += len(seen)
            moved = (cursor, page.cursor) if page.cursor else None
            self._report.changed += len(await self._ledger.record_returns(self._route.name, seen, moved))

    async def refresh(self, keys: Sequence[str]) -> list[Pair]:
        """Read both sides of these orders now; answer their pairs, changed or not.

        A document that the backend does not have any more is kept as gone.
        """
        known = await self._ledger.load(self._route.name, keys)
        documents = {pair.document_id: key for key, pair in known.items() if pair.document_id}
        orders, found = await asyncio.gather(self._read_channel(keys), self._read_backend(list(documents)))
        seen = [Seen(order.id, "channel", order) for order in orders]
        seen += [Seen(documents[document.id], "backend", document, document.id) for document in found.values()]
        if self._route.backend.can("read_orders"):
            missing = [document_id for document_id in documents if document_id not in found]
            seen += [Seen(documents[document_id], "backend", None, document_id) for document_id in missing]
        await self._keep(seen, None)
        return list((await self._ledger.load(self._route.name, keys)).values())

    async def _read_channel(self, keys: Sequence[str]) -> list[Order]:
        if not keys or not self._route.channel.can("read_orders"):
            return []
        items = await self._route.channel.ask.read_orders(keys, self._route)
        await self._park_unreadable(Page(items))
        return [item for item in items if isinstance(item, Order)]

    async def _read_backend(self, document_ids: Sequence[str]) -> dict[str, Order]:
        if not document_ids or not self._route.backend.can("read_orders"):
            return {}
        items = await self._route.backend.ask.read_orders(document_ids, self._route)
        return {item.id: item for item in items if isinstance(item, Order)}

    async def _keep(
        self, seen: Sequence[Seen], cursor: tuple[str, str] | None, historical: bool = False
    ) -> Sequence[Pair]:
        self._report.read += len(seen)
        recorded = await self._ledger.record(self._route.name, seen, cursor, historical)
        self._report.changed += len(recorded.changed)
        return recorded.changed

    async def _park_unreadable(self, page: Page[Order] | Page[Return]) -> None:
        items = [
            Parking(
                item.id,
                f"cannot-translate:{item.error.path}",
                str(item.error),
                facts={"choices": ["correct it on the channel, then parked retry", "report it to the plugin's author"]},
                raw=item.raw,
            )
            for item in page.items
            if isinstance(item, Unreadable)
        ]
        if items:
            self._report.parked += len(items)
            await self._ledger.park(self._route.name, items)
