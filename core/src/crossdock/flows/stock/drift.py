"""Drift: what the channel shows and should not, because somebody changed it there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from crossdock.clock import Clock
from crossdock.contract import Route, Window
from crossdock.ledger import Ledger, Level
from crossdock.model import StockLevel


@dataclass(frozen=True, slots=True)
class Drift:
    """A level that differs.

    Attributes:
        shows: what the channel shows.
        wanted: what it should show.
        healed: whether the right level is sent again.
    """

    sku: str
    location: str
    shows: int
    wanted: int
    healed: bool = False

    @property
    def text(self) -> str:
        """One sentence."""
        much = "too much" if self.shows > self.wanted else "too little"
        end = "sent again" if self.healed else "reported only, as heal is off"
        return f"the channel shows {self.shows} instead of {self.wanted}, {much}: {end}"


async def drifts(route: Route, ledger: Ledger, clock: Clock, *, heal: bool) -> AsyncIterator[Drift]:
    """Compare what the channel shows with what it should show, a page at a time; what is due anyway does not count.

    Args:
        route: whose channel.
        ledger: knows what should be shown.
        clock: the only source of time.
        heal: have what differs sent again.
    """
    levels = ledger.levels(route.name)
    async for page in route.channel.ask.pull_stock(Window(clock.now()), route):
        shown = [item for item in page.items if isinstance(item, StockLevel)]
        known = {(one.sku, one.location): one for one in await levels.load([item.sku for item in shown])}
        found = [
            Drift(item.sku, item.location, int(item.available), level.wanted, heal)
            for item in shown
            if (level := known.get((item.sku, item.location))) and _differs(level, item)
        ]
        if heal and found:
            await levels.mistrust([(one.sku, one.location) for one in found])
        for one in found:
            yield one


def _differs(level: Level, item: StockLevel) -> bool:
    return level.shown == level.wanted and level.doubt_until is None and item.available != level.wanted
