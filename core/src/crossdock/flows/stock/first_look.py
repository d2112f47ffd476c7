"""The first time: what a channel shows already is not sent to it.

A shop that was kept in step by other means shows most levels as they should be. Reading them costs a call for many,
sending them a call each where a marketplace takes one listing a call. What was read when the shop was connected is not
read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from crossdock.clock import Clock
from crossdock.contract import Route, Window
from crossdock.errors import CannotTranslate, Refused, TryLater, Unclear
from crossdock.flows.stock.allowance import SoldUnits
from crossdock.flows.stock.send import StockSender
from crossdock.ledger import Levels, Published
from crossdock.model import StockLevel

_log = structlog.get_logger(__name__)
_Key = tuple[str, str]
"""SKU and location."""
_Face = tuple[str, str, int]
"""Listing, variation, and what it shows."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Compares what a channel shows with what is to be sent to it for the first time.

    Attributes:
        sender: knows what should be shown.
        known_since: what was read since then counts.
    """

    route: Route
    levels: Levels
    sender: StockSender
    clock: Clock
    known_since: datetime
    _seen: dict[_Key, _Face] = field(default_factory=dict)

    async def run(self) -> int | None:
        """Take levels that agree as shown; answer how many, None when the channel cannot be read now.

        Raises:
            SignInAgain: the channel needs a person.
        """
        found = 0
        sold = await self.sender.sold()
        window = Window(self.clock.now(), known_since=self.known_since)
        try:
            async for page in self.route.channel.ask.pull_stock(window, self.route):
                found += await self._of_page([item for item in page.items if isinstance(item, StockLevel)], sold)
        except (TryLater, Unclear, Refused, CannotTranslate) as error:
            _log.warning("stock.not_compared", route=self.route.name, reason=str(error))
            return None
        return found

    async def _of_page(self, shown: Sequence[StockLevel], sold: SoldUnits) -> int:
        """What differs between two readings, or two listings, is sent: the channel is to judge it."""
        once, twice = self._sorted(shown)
        if twice:
            await self.levels.mistrust(list(twice))
        new = [level for level in await self.levels.load([sku for sku, _ in once]) if level.shown is None]
        untried = [level for level in new if level.doubt_until is None and not level.cause]
        chosen = await self.sender.chosen(untried, sold)
        agreed = [one for one in chosen if once.get((one.level.sku, one.level.location)) == one.stock]
        await self.levels.conclude([Published(one.level, held=one.held) for one in agreed])
        return len(agreed)

    def _sorted(self, shown: Sequence[StockLevel]) -> tuple[dict[_Key, int], set[_Key]]:
        """What was seen for the first time with what it shows, and what was seen before as something else."""
        once: dict[_Key, int] = {}
        twice: set[_Key] = set()
        for item in shown:
            key, face = (item.sku, item.location), (item.product_id, item.variant_id, int(item.available))
            before = self._seen.setdefault(key, face)
            if before is face:
                once[key] = face[2]
            elif before != face:
                twice.add(key)
        return {key: shows for key, shows in once.items() if key not in twice}, twice
