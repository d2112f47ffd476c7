"""Showing the channel what it does not surely show yet: many SKUs a call, an outcome each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import structlog

from crossdock.clock import Clock
from crossdock.contract import Outcome, Route
from crossdock.errors import CannotTranslate, CrossdockError, Refused, SignInAgain, TryLater, Unclear
from crossdock.flows.options import HoldSold, StockOptions, Unlisted
from crossdock.flows.orders.report import Report
from crossdock.flows.stock.allowance import Allowance, SoldUnits
from crossdock.flows.stock.guard import Guard
from crossdock.flows.stock.pace import Pace
from crossdock.flows.trouble import told
from crossdock.ledger import DROPPED, Ledger, Level, Published
from crossdock.model import StockLevel

_log = structlog.get_logger(__name__)

BATCH = 1_000
"""The most levels that a `push_stock` is asked for."""
UNLISTED = "unknown_sku"
"""The code by which a channel says that it does not list an SKU."""
LEFT_OUT = f"{DROPPED}left out"
"""The cause of what the options pass over; a person is asked once they do not any more."""
_TAKEN_IN = timedelta(hours=1)
"""After which a backend has surely taken a document into account, even if its level was not read since."""
_LONG_SECONDS = 60.0
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Shown:
    """A level, and what is sent of it.

    Attributes:
        stock: what the channel is to show; less than `level.wanted` by what is sold and not in the backend yet.
    """

    level: Level
    stock: int

    @property
    def held(self) -> int:
        """How much less than wanted is shown."""
        return self.level.wanted - self.stock

    @property
    def is_shown(self) -> bool:
        """Whether the channel surely shows this already."""
        before = self.level
        return before.shown == before.wanted and before.doubt_until is None and self.held == before.held


@dataclass(frozen=True, slots=True)
class NotDone:
    """Surely nothing was carried out; any other error that leads to a second try may come after the deed."""

    error: TryLater


Fate = CrossdockError | NotDone | None
"""What stood against a level."""


class StockSender:
    """Sends levels of one route. A level that changes while it waits is sent once, as it is by then.

    Args:
        allowance: says what may be shown.
        selling: the routes whose orders are met from the same stock.
    """

    def __init__(
        self,
        route: Route,
        ledger: Ledger,
        clock: Clock,
        options: StockOptions,
        allowance: Allowance,
        selling: Sequence[str],
    ) -> None:
        self._route = route
        self._levels = ledger.levels(route.name)
        self._clock = clock
        self._options = options
        self._allowance = allowance
        self._selling = selling

    async def send(self, report: Report, guard: Guard, only: Sequence[str], ends_at: float | None) -> None:
        """Send what is due, batch by batch, so that memory stays flat.

        Raises:
            SignInAgain: the channel needs a person; how the batch ended is kept.
        """
        total, sent = 0, 0
        pace = Pace(BATCH)
        while batch := await self._levels.due(pace.size, only=only, raises=guard.raises, zeros=guard.zeros):
            total = total or (len(batch) if len(batch) < pace.size or only else (await self._levels.counts())[1])
            began = self._clock.monotonic()
            await self._send_due(batch, guard, report)
            sent += len(batch)
            pace.took(len(batch), self._clock.monotonic() - began)
            self._tell(report, sent, total, pace)
            if ends_at is not None and self._clock.monotonic() > ends_at:
                report.more = True
                return

    async def _send_due(self, batch: Sequence[Level], guard: Guard, report: Report) -> None:
        sold = await self.sold(min(level.as_of for level in batch))
        chosen = await self.chosen(batch, sold, raises=guard.raises)
        await self._levels.conclude([Published(one.level, held=one.held) for one in chosen if one.is_shown])
        await self._send([one for one in chosen if not one.is_shown], report)

    def _tell(self, report: Report, sent: int, total: int, pace: Pace) -> None:
        """Say how much is left, to whoever watches and, where it takes long, in the log."""
        left = max(total - sent, 0)
        seconds = pace.seconds_for(left)
        report.advance(sent / total, seconds)
        if seconds is not None and seconds > _LONG_SECONDS:
            _log.info("stock.sending", route=self._route.name, left=left, seconds_left=round(seconds))

    async def sold(self, since: float = 0.0) -> SoldUnits:
        """What is sold, and may be missing in levels that were read at `since` (seconds since the epoch) or later."""
        hold = self._options.hold_sold
        if hold is HoldSold.NEVER:
            return SoldUnits()
        latest = max(since, (self._clock.now() - _TAKEN_IN).timestamp())
        until_shipped = hold is HoldSold.UNTIL_SHIPPED
        lines = await self._levels.sold(self._selling, latest, until_shipped=until_shipped)
        return SoldUnits(lines, self._options.kits)

    async def chosen(self, batch: Sequence[Level], sold: SoldUnits, *, raises: bool = True) -> list[Shown]:
        """What is to be shown of each level of a batch."""
        return [Shown(level, await self._stock(level, sold, raises)) for level in batch]

    async def _stock(self, level: Level, sold: SoldUnits, raises: bool) -> int:
        gone = sold.of(level.sku, level.as_of)
        if not gone:
            stock = level.wanted
        else:
            there = StockLevel(sku=level.sku, available=level.available, location=level.location)
            try:
                stock = min(await self._allowance.of(there, gone), level.wanted)
            except Refused:  # of an extension that let more of it pass: what is sold is not shown all the same
                stock = min(max(int(level.available - gone), 0), level.wanted)
        if raises or level.shown is None:
            return stock
        return min(stock, max(level.shown - level.held, 0))

    async def _send(self, batch: Sequence[Shown], report: Report) -> None:
        if not batch:
            return
        doubt_until = (self._clock.now() + self._options.settle_after).timestamp()
        await self._levels.intend([one.level for one in batch], doubt_until)
        outcomes = await self._ask(batch)
        ended = [self._ended(one, error, doubt_until) for one, error in zip(batch, outcomes, strict=True)]
        await self._levels.conclude(ended)
        for one in ended:
            _count(report, one)
        stop = next((error for error in outcomes if isinstance(error, SignInAgain)), None)
        if stop is not None:
            raise stop

    async def _ask(self, batch: Sequence[Shown]) -> Sequence[Fate]:
        """Ask the channel, and answer for each level what stood against it."""
        levels = [_as_sent(one) for one in batch]
        try:
            outcomes = await self._route.channel.ask.push_stock(levels, self._route)
        except TryLater as error:
            return [NotDone(error)] * len(batch)
        except CrossdockError as error:
            return [error] * len(batch)
        except Exception as error:  # noqa: BLE001 - a plugin's bug must not stop the lane
            _log.exception("stock.broken", route=self._route.name)
            return [Unclear(f"the plugin failed with {type(error).__name__}")] * len(batch)
        if outcomes is None:
            return [Refused("nobody on that side takes stock")] * len(batch)
        return _by_level([one.level for one in batch], outcomes)

    def _ended(self, sent: Shown, error: Fate, doubt_until: float) -> Published:
        now, level = self._clock.now(), sent.level
        earlier = level.doubt_until if level.doubt_until and level.doubt_until > now.timestamp() else None
        if error is None:
            return Published(level, doubt_until=earlier, held=sent.held)
        if isinstance(error, Refused | CannotTranslate):
            return self._refused(level, error, earlier)
        doubt: float | None = doubt_until
        if isinstance(error, NotDone):
            doubt, error = earlier, error.error
        wait = min(_FIRST_WAIT * 2 ** min(level.attempts, 12), _LONGEST_WAIT)
        if isinstance(error, TryLater) and error.after is not None:
            wait = max(wait, timedelta(seconds=error.after))
        retry_at = (now + wait).timestamp()
        return Published(level, retry_at, doubt, problem=str(error))

    def _refused(self, level: Level, error: Refused | CannotTranslate, earlier: float | None) -> Published:
        """It waits for a change of its level, or for a person; one that is not listed may be left out."""
        code = error.code if isinstance(error, Refused) else f"cannot-translate:{error.path}"
        cause = code or "refused"
        if code == UNLISTED and self._options.unlisted is Unlisted.LEAVE:
            cause = LEFT_OUT
        return Published(level, None, earlier, cause, told(error))


def _as_sent(one: Shown) -> StockLevel:
    level = one.level
    return StockLevel(sku=level.sku, available=Decimal(one.stock), location=level.location, version=level.version)


def _by_level(batch: Sequence[Level], outcomes: Sequence[Outcome]) -> Sequence[Fate]:
    """Several locations of one SKU share its fate; what was not answered is unclear."""
    found: dict[str, CrossdockError | None] = {}
    for outcome in outcomes:
        found[outcome.key] = found.get(outcome.key) or outcome.error
    silent = Unclear("the channel did not say how it fared")
    return [found.get(level.sku, silent) for level in batch]


def _count(report: Report, one: Published) -> None:
    level = one.level
    if one.is_done:
        before = "nothing known" if level.shown is None else level.shown - level.held
        sold = f", {one.held} less than there is: sold, and not in the backend yet" if one.held else ""
        report.step(level.sku, "stock", "done", f"shows {level.wanted - one.held}, before {before}{sold}")
    elif one.cause and one.cause != LEFT_OUT:
        report.step(level.sku, "stock", "refused", one.problem)
    elif not one.cause:
        report.step(level.sku, "stock", "waiting", one.problem)
