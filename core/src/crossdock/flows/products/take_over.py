"""Taking the channel's products over into the backend: once, when a shop is connected, and whenever a person asks.

Everything is read before anything is told, because of several listings with one SKU only one can be taken over. What
was interrupted is told again from the start, which changes nothing that is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from crossdock.clock import Clock
from crossdock.contract import Outcome, Route, Unreadable, Window
from crossdock.errors import CrossdockError, TryLater, Unclear
from crossdock.flows.orders.report import Report
from crossdock.flows.products.match import age, skus_of
from crossdock.model import Product

_BATCH = 1000
_PATIENCE = timedelta(minutes=10)
_PAUSE_SECONDS = 5.0
_ACT = "take over"


class TakeOver:
    """Tells the backend of one route what its channel sells.

    Args:
        route: its backend answers `push_listings`.
        clock: the only source of time.
        progress: called whenever something is through.
    """

    def __init__(self, route: Route, clock: Clock, progress: Callable[[Report], None] | None = None) -> None:
        self._route = route
        self._clock = clock
        self._report = Report(route.name, progress=progress)
        self._through = 0

    async def run(self) -> Report:
        """Read all listings of the channel, and tell the backend about them.

        Raises:
            TryLater: a side cannot be read now, or does not get on.
            SignInAgain: a connection needs a person.
        """
        kept = self._without_duplicates(await self._listings())
        for first in range(0, len(kept), _BATCH):
            await self._tell(kept[first : first + _BATCH], len(kept))
        return self._report

    async def _listings(self) -> list[Product]:
        found: dict[str, Product] = {}
        async for page in self._route.channel.ask.pull_products(Window(self._clock.now()), self._route):
            self._report.read += len(page.items)
            found |= {item.id: item for item in page.items if isinstance(item, Product)}
            for item in page.items:
                if isinstance(item, Unreadable):
                    self._report.step(item.id, _ACT, "refused", str(item.error))
            self._show(None)
        return sorted(found.values(), key=lambda one: age(one.id))

    def _without_duplicates(self, products: Iterable[Product]) -> list[Product]:
        """Of several listings with one SKU the oldest, which has the lowest number."""
        taken: dict[str, str] = {}
        kept = []
        for product in products:
            again = sorted(sku for sku in skus_of(product) if sku in taken)
            if again:
                text = f"SKU {again[0]} is that of listing {taken[again[0]]} too, and only that one is taken over"
                self._report.step(product.id, _ACT, "duplicate", text)
                continue
            taken |= dict.fromkeys(skus_of(product), product.id)
            kept.append(product)
        return kept

    async def _tell(self, products: Sequence[Product], total: int) -> None:
        """Tell a batch, and ask how it fares until every product of it has fared, as long as it gets on."""
        left = {product.id: product for product in products}
        until = self._clock.now() + _PATIENCE
        while left:
            ended, why, after = await self._ask(list(left.values()))
            for outcome in ended:
                self._ended(left.pop(outcome.key), outcome)
                until = self._clock.now() + _PATIENCE
            self._through += len(ended)
            self._show(self._through / total)
            if left and self._clock.now() >= until:
                raise TryLater(f"{len(left)} products are not through: {why}", hint="run it again, or look there")
            if left:
                await self._clock.sleep(after)

    async def _ask(self, products: Sequence[Product]) -> tuple[list[Outcome], str, float]:
        """Which products have fared, and of the others why they have not and when to ask again."""
        try:
            outcomes = await self._route.backend.ask.push_listings(products, self._route) or ()
        except (TryLater, Unclear) as error:
            return [], str(error), _after(error)
        asked = {product.id for product in products}
        ended = [one for one in outcomes if one.key in asked and not isinstance(one.error, TryLater)]
        waiting = [one.error for one in outcomes if isinstance(one.error, TryLater)]
        return ended, str(waiting[0] if waiting else "no answer"), min(map(_after, waiting), default=_PAUSE_SECONDS)

    def _ended(self, product: Product, outcome: Outcome) -> None:
        state, text = ("refused", str(outcome.error)) if outcome.error else ("done", product.name)
        self._report.step(product.id, _ACT, state, text)

    def _show(self, share: float | None) -> None:
        self._report.share = share
        if self._report.progress is not None:
            self._report.progress(self._report)


def _after(error: CrossdockError) -> float:
    after = error.after if isinstance(error, TryLater) else None
    return _PAUSE_SECONDS if after is None else max(after, 0.1)
