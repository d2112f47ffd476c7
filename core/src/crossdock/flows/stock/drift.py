"""Drift: what the channel shows and should not, because somebody changed it there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crossdock.clock import Clock
from crossdock.contract import Route, Window
from crossdock.flows.stock.allowance import SoldUnits
from crossdock.flows.stock.send import Shown, StockSender
from crossdock.ledger import Levels
from crossdock.model import StockLevel


class Repair(StrEnum):
    """What becomes of a drift."""

    SENT = "healed"
    REPORTED = "found"
    WATCHED = "watched"


_ENDS = {
    Repair.SENT: "sent again",
    Repair.REPORTED: "reported only, as heal is off",
    Repair.WATCHED: "sent again if the next comparison finds the same, as it may have been sold a moment ago",
}


@dataclass(frozen=True, slots=True)
class Drift:
    """A level that differs.

    Attributes:
        shows: what the channel shows.
        wanted: what it should show.
        repair: what becomes of it.
    """

    sku: str
    location: str
    shows: int
    wanted: int
    repair: Repair

    @property
    def state(self) -> str:
        """For the report."""
        return self.repair.value

    @property
    def text(self) -> str:
        """One sentence."""
        much = "too much" if self.shows > self.wanted else "too little"
        return f"the channel shows {self.shows} instead of {self.wanted}, {much}: {_ENDS[self.repair]}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares what a channel shows with what it should show; what is due anyway does not count.

    Less than it should may be a sale that nobody has read yet: raising it would sell it twice. So it is healed only
    when the next comparison finds the very same, or when a person says so.

    Attributes:
        sender: knows what should be shown.
        heal: have what differs sent again.
        at_once: without waiting for a second comparison.
    """

    route: Route
    levels: Levels
    sender: StockSender
    clock: Clock
    heal: bool
    at_once: bool = False

    async def pages(self, cursor: str | None = None) -> AsyncIterator[tuple[str | None, Sequence[Drift]]]:
        """What differs, a page of the channel at a time, with the cursor from which a later run may go on."""
        sold = await self.sender.sold()
        window = Window(self.clock.now(), None, cursor)
        may_repeat = cursor is not None  # what was read before the break is no second comparison
        async for page in self.route.channel.ask.pull_stock(window, self.route):
            shown = [item for item in page.items if isinstance(item, StockLevel)]
            found = await self._of_page(shown, sold, may_repeat)
            may_repeat = False
            again = [(one.sku, one.location) for one in found if one.repair is Repair.SENT]
            if again:
                await self.levels.mistrust(again)
            watched = [(one.sku, one.location, one.shows) for one in found if one.repair is Repair.WATCHED]
            if watched:
                await self.levels.drifted(watched)
            yield page.cursor, found

    async def _of_page(self, shown: Sequence[StockLevel], sold: SoldUnits, may_repeat: bool) -> list[Drift]:
        levels = await self.levels.load([item.sku for item in shown])
        settled = [level for level in levels if level.shown == level.wanted and level.doubt_until is None]
        known = {(one.level.sku, one.level.location): one for one in await self.sender.chosen(settled, sold)}
        pairs = ((item, known.get((item.sku, item.location))) for item in shown)
        return [
            Drift(
                item.sku,
                item.location,
                int(item.available),
                one.stock,
                self._repair(one, int(item.available), may_repeat),
            )
            for item, one in pairs
            if one is not None and int(item.available) != one.stock
        ]

    def _repair(self, one: Shown, shows: int, may_repeat: bool) -> Repair:
        if not self.heal:
            return Repair.REPORTED
        is_second = one.level.drifted == shows and not may_repeat
        return Repair.SENT if self.at_once or shows > one.stock or is_second else Repair.WATCHED
