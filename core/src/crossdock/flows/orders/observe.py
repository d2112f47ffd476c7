"""Bringing both sides' snapshots into the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime

from crossdock.clock import Clock
from crossdock.contract import Page, Route, Unreadable, Window
from crossdock.flows.orders.report import Report
from crossdock.ledger import Decide, Ledger, Pair, Parking, Seen
from crossdock.model import Order, Return

Batches = AsyncGenerator[Sequence[Pair], None]
"""Pairs that changed, a page at a time."""
READ_AT_ONCE = 200
"""How many ids a `read_orders` is asked for at most."""


class Observer:
    """Reads the two sides of one route and keeps what they show.

    Args:
        route: whose sides.
        ledger: where it is kept.
        report: counts.
        clock: the only source of time.
        decide: plans what a page changed, to be committed together with the page.
    """

    def __init__(
        self, route: Route, ledger: Ledger, report: Report, clock: Clock, decide: Decide | None = None
    ) -> None:
        self._route = route
        self._ledger = ledger
        self._report = report
        self._clock = clock
        self._decide = decide

    async def channel(self, window: Window, cursor: str, historical: bool = False) -> Batches:
        """Pull the channel's orders and yield the pairs that changed, a page at a time.

        Args:
            window: from where, if the cursor of this name has not been moved yet.
            cursor: name of the cursor that is moved in the commit of each page.
            historical: mark orders that are new here as history.
        """
        kept = await self._ledger.cursor(cursor)
        pages = self._route.channel.ask.pull_orders(Window(window.start, window.end, kept), self._route)
        async with aclosing(_one_ahead(pages)) as read:
            async for page in read:
                seen = [Seen(order.id, "channel", order) for order in page.items if isinstance(order, Order)]
                await self._park_unreadable(page.items)
                self._report.reached = max([*self._moments(seen), *filter(None, [self._report.reached])], default=None)
                changed = await self._keep(
                    seen, (cursor, page.cursor) if page.cursor else None, historical, self._decide
                )
                if kept is not None and not historical:  # a first run finds what is old, which nobody was to tell of
                    self._note_delays(changed)
                yield changed

    def _note_delays(self, changed: Sequence[Pair]) -> None:
        now = self._clock.now()
        times = (pair.channel.updated_at for pair in changed if pair.channel is not None)
        self._report.delays += [(now - at).total_seconds() for at in times if at is not None]

    def _moments(self, seen: Sequence[Seen]) -> list[datetime]:
        moments = (one.order.updated_at for one in seen if one.order is not None)
        return [moment for moment in moments if moment is not None]

    async def backend(self, start: datetime, cursor: str) -> Batches:
        """Pull the backend's documents and yield the pairs that changed; documents of others are passed over."""
        if not self._route.backend.can("pull_orders"):
            return
        kept = await self._ledger.cursor(cursor)
        pages = self._route.backend.ask.pull_orders(Window(start, None, kept), self._route)
        async with aclosing(_one_ahead(pages)) as read:
            async for page in read:
                keys = await self._keys_of(page.items)
                await self._park_unreadable(page.items, keys)
                seen = [
                    Seen(keys[item.id], "backend", item, item.id)
                    for item in page.items
                    if isinstance(item, Order) and item.id in keys
                ]
                yield await self._keep(seen, (cursor, page.cursor) if page.cursor else None)

    async def _keys_of(self, documents: Sequence[Order | Unreadable]) -> dict[str, str]:
        """Document to order. A document may be listed before the answer to its creation is in: then look later."""
        name = self._route.name
        keys = await self._ledger.keys_of_documents(name, [document.id for document in documents])
        others = {d.id: d.reference for d in documents if d.id not in keys and isinstance(d, Order) and d.reference}
        return keys | await self._ledger.expect(name, others) if others else keys

    async def returns(self, start: datetime, cursor: str) -> None:
        """Pull the channel's returns; they appear in the timelines of their orders."""
        if not self._route.channel.can("pull_returns"):
            return
        kept = await self._ledger.cursor(cursor)
        async for page in self._route.channel.ask.pull_returns(Window(start, None, kept), self._route):
            await self._park_unreadable(page.items)
            seen = [item for item in page.items if isinstance(item, Return)]
            self._report.read += len(seen)
            moved = (cursor, page.cursor) if page.cursor else None
            self._report.changed += len(await self._ledger.record_returns(self._route.name, seen, moved))

    async def refresh(self, keys: Sequence[str]) -> list[Pair]:
        """Read both sides of these orders now; answer the pairs that could be read, changed or not.

        A document that the backend does not have any more is kept as gone.
        """
        known = await self._ledger.load(self._route.name, keys)
        documents = {pair.document_id: key for key, pair in known.items() if pair.document_id}
        orders, found = await asyncio.gather(self._read("channel", keys), self._read("backend", list(documents)))
        unreadable = await self._park_unreadable(orders) | await self._park_unreadable(found, documents)
        seen = [Seen(order.id, "channel", order) for order in orders if isinstance(order, Order)]
        seen += [Seen(documents[item.id], "backend", item, item.id) for item in found if isinstance(item, Order)]
        if self._route.backend.can("read_orders"):
            there = {item.id for item in found}
            seen += [Seen(key, "backend", None, number) for number, key in documents.items() if number not in there]
        await self._keep(seen, None)
        readable = [key for key in keys if key not in unreadable]
        return list((await self._ledger.load(self._route.name, readable)).values())

    async def _read(self, side: str, ids: Sequence[str]) -> Sequence[Order | Unreadable]:
        """Read these of one side, as many at once as a verb is asked for at most."""
        asked = self._route.side(side)
        if not asked.can("read_orders"):
            return []
        items: list[Order | Unreadable] = []
        for first in range(0, len(ids), READ_AT_ONCE):
            items += await asked.ask.read_orders(ids[first : first + READ_AT_ONCE], self._route)
        return [item for item in items if item.id in ids]

    async def _keep(
        self,
        seen: Sequence[Seen],
        cursor: tuple[str, str] | None,
        historical: bool = False,
        decide: Decide | None = None,
    ) -> Sequence[Pair]:
        self._report.read += len(seen)
        recorded = await self._ledger.record(self._route.name, seen, cursor, historical, decide)
        self._report.changed += len(recorded.changed)
        return recorded.changed

    async def _park_unreadable(
        self, items: Sequence[Order | Return | Unreadable], keys: Mapping[str, str] | None = None
    ) -> set[str]:
        """Put aside what cannot be read, under the order's key where `keys` tell it; answer those keys."""
        parkings = [
            Parking(
                keys[item.id] if keys else item.id,
                f"cannot-translate:{item.error.path}",
                str(item.error),
                facts={"choices": ["correct it at its source, then parked retry", "report it to the plugin's author"]},
                raw=item.raw,
            )
            for item in items
            if isinstance(item, Unreadable) and (keys is None or item.id in keys)
        ]
        if parkings:
            self._report.parked += len(parkings)
            await self._ledger.park(self._route.name, parkings)
        return {parking.key for parking in parkings}


async def _one_ahead(pages: AsyncIterator[Page[Order]]) -> AsyncGenerator[Page[Order], None]:
    """Ask for the next page while one is worked on, so that reading and writing overlap."""
    ahead = asyncio.ensure_future(anext(pages, None))
    try:
        while (page := await ahead) is not None:
            ahead = asyncio.ensure_future(anext(pages, None))
            yield page
    finally:
        ahead.cancel()
        await asyncio.gather(ahead, return_exceptions=True)
