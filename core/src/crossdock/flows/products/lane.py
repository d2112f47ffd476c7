"""The lane: one route's products, linked, read, planned and carried out until their listings are as they say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from hashlib import blake2b

from crossdock.clock import Clock
from crossdock.contract import Route, Unreadable, Window
from crossdock.errors import Refused
from crossdock.flows.goods import GoodsLane
from crossdock.flows.options import ProductsOptions
from crossdock.flows.orders.report import Report
from crossdock.flows.products.apply import ProductApplier
from crossdock.flows.products.items import settle
from crossdock.flows.products.match import Found, Index, Match, candidate
from crossdock.flows.products.overlay import overlaid
from crossdock.flows.products.plan import fingerprint, plan
from crossdock.flows.trouble import told
from crossdock.ledger import SOURCE, Ledger, Listing, ListingEnd
from crossdock.model import Product

_BATCH = 100


class ProductsLane(GoodsLane[ProductsOptions]):
    """Runs one lane. One run at a time; the caller holds the lane's lock.

    Args:
        slice_seconds: after how much work the run gives way; None for as long as it takes.
    """

    def __init__(self, route: Route, ledger: Ledger, clock: Clock, slice_seconds: float | None = None) -> None:
        super().__init__("products", ProductsOptions(), route, ledger, clock, slice_seconds)
        self._listings = ledger.listings(route.name)

    async def run(
        self, only: Sequence[str] = (), *, full: bool = False, progress: Callable[[Report], None] | None = None
    ) -> Report:
        """Bring the listings up to date.

        Args:
            only: the backend's numbers of the products to look at; empty for whatever changed or is due.
            full: read all products and link what is not linked, whether or not that was done.
            progress: called after each step.

        Raises:
            TryLater: a side cannot be read now; what was read before is kept.
            SignInAgain: a connection needs a person.
        """
        report = Report(self._route.name, progress=progress)
        ends_at = self._ends_at()
        try:
            await self._observe(report, full)
            await self._work(report, only, ends_at)
        finally:
            report.parked += await settle(self._ledger, self._route.name)
        return report

    async def match(self) -> AsyncIterator[Match]:
        """Which listing each product is, and which listings are nobody's; nothing is kept or sent."""
        index = Index()
        listed: dict[str, str] = {}
        async for page in self._route.channel.ask.pull_products(Window(self._clock.now()), self._route):
            found = [item for item in page.items if isinstance(item, Product)]
            listed |= {item.id: item.sku or item.name for item in found}
            index.add(candidate(item) for item in found)
        async for page in self._route.backend.ask.pull_products(Window(self._clock.now()), self._route):
            for item in page.items:
                if isinstance(item, Product) and item.variants:
                    match = index.match(item)
                    for number in (match.listed_id, *match.losers):
                        listed.pop(number, None)
                    yield match
        for number, name in sorted(listed.items()):
            yield Match("", Found.STRANGER, f"listing {number} ({name}) is no product of the backend", "", number)

    async def plan(self) -> list[tuple[Listing, str, str]]:
        """What would be done with what is due: product, act and why. Both sides are read, nothing is sent."""
        report = Report(self._route.name)
        await self._observe(report, False)
        applier = self._applier(report)
        found = []
        for listing in await self._listings.due(10 * _BATCH):
            if listing.product is not None:
                seen = await applier.look(listing, listing.product)
                if seen.match is not None and seen.match.found is Found.AMBIGUOUS:
                    found.append((listing, "ask", seen.match.text))
                else:
                    decided = plan(listing, seen.wanted, seen.listed, self._options)
                    found.append((listing, decided.act.value, decided.why))
        return found

    def _applier(self, report: Report) -> ProductApplier:
        return ProductApplier(self._route, self._ledger, self._clock, self._options, report)

    async def _observe(self, report: Report, full: bool) -> None:
        """Read what changed. The first time, and when asked to, everything: then what is listed is linked first."""
        chosen = blake2b(self._options.model_dump_json().encode(), digest_size=8).hexdigest()
        links = full or await self._ledger.cursor(f"{self.name}/linked") != chosen
        if links:
            await self._begin(chosen, afresh=full)
        index = await self._index() if links else Index()
        window = Window(self._clock.now(), None, await self._ledger.cursor(self.name) or None)
        async for page in self._route.backend.ask.pull_products(window, self._route):
            report.read += len(page.items)
            known = {one.key: one for one in await self._listings.load([item.id for item in page.items])}
            seen = [await self._seen(item, known.get(item.id), index, report) for item in page.items]
            await self._listings.record(seen, (self.name, page.cursor) if page.cursor else None)
            if report.progress is not None:
                report.progress(report)
        if links:
            await self._listings.look_at_all()
            await self._ledger.move(f"{self.name}/linked", chosen)
            await self._ledger.move(f"{self.name}/linking", "")

    async def _begin(self, chosen: str, *, afresh: bool) -> None:
        """Read everything from the start, or from where the same was broken off."""
        if afresh or await self._ledger.cursor(f"{self.name}/linking") != chosen:
            await self._ledger.move(self.name, "")
            await self._ledger.move(f"{self.name}/linking", chosen)

    async def _index(self) -> Index:
        index = Index()
        if self._route.channel.can("pull_products"):
            async for page in self._route.channel.ask.pull_products(Window(self._clock.now()), self._route):
                index.add(candidate(item) for item in page.items if isinstance(item, Product))
        return index

    async def _seen(self, item: Product | Unreadable, known: Listing | None, index: Index, report: Report) -> Listing:
        if isinstance(item, Unreadable):
            return Listing(item.id, cause=f"{SOURCE}cannot read {item.error.path}", problem=told(item.error))
        wished = overlaid(item, known.overrides) if known else item
        try:
            wanted = await self._route.both.rewrite_product(wished, self._route)
        except Refused as error:
            return Listing(item.id, cause=f"{SOURCE}held back by an extension", problem=told(error))
        match = index.match(wanted)
        if match.found is Found.DUPLICATE:
            report.step(item.id, "link", "duplicate", match.text)
        return Listing(item.id, item, fingerprint(wanted), match.listed_id)

    async def _work(self, report: Report, only: Sequence[str], ends_at: float | None) -> None:
        applier = self._applier(report)
        slots = asyncio.Semaphore(self._options.in_flight)
        while batch := await (self._listings.load(only) if only else self._listings.due(_BATCH)):
            ended = await asyncio.gather(*(_within(slots, applier, listing) for listing in batch))
            await self._listings.conclude([end for end, _ in ended])
            stop = next((error for _, error in ended if error is not None), None)
            if stop is not None:
                raise stop
            if only or (ends_at is not None and self._clock.monotonic() > ends_at):
                report.more = not only
                return


async def _within(
    slots: asyncio.Semaphore, applier: ProductApplier, listing: Listing
) -> tuple[ListingEnd, Exception | None]:
    async with slots:
        return await applier.apply(listing)
