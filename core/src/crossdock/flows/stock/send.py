"""Showing the channel what it does not surely show yet: many SKUs a call, an outcome each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import structlog

from crossdock.clock import Clock
from crossdock.contract import Outcome, Route
from crossdock.errors import CannotTranslate, CrossdockError, Refused, SignInAgain, TryLater, Unclear
from crossdock.flows.options import StockOptions, Unlisted
from crossdock.flows.orders.report import Report
from crossdock.flows.stock.guard import Guard
from crossdock.ledger import DROPPED, Ledger, Level, Published
from crossdock.model import StockLevel

_log = structlog.get_logger(__name__)

BATCH = 1_000
"""The most levels that a `push_stock` is asked for."""
UNLISTED = "unknown_sku"
"""The code by which a channel says that it does not list an SKU."""
LEFT_OUT = DROPPED + UNLISTED
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=30)


class StockSender:
    """Sends levels of one route. A level that changes while it waits is sent once, as it is by then."""

    def __init__(self, route: Route, ledger: Ledger, clock: Clock, options: StockOptions) -> None:
        self._route = route
        self._levels = ledger.levels(route.name)
        self._clock = clock
        self._options = options

    async def send(self, report: Report, guard: Guard, only: Sequence[str], ends_at: float | None) -> None:
        """Send what is due, batch by batch, so that memory stays flat.

        Raises:
            SignInAgain: the channel needs a person; how the batch ended is kept.
        """
        while batch := await self._levels.due(BATCH, only=only, raises=guard.raises, zeros=guard.zeros):
            doubt_until = (self._clock.now() + self._options.settle_after).timestamp()
            await self._levels.intend(batch, doubt_until)
            outcomes = await self._ask(batch)
            ended = [self._ended(level, error, doubt_until) for level, error in zip(batch, outcomes, strict=True)]
            await self._levels.conclude(ended)
            for one in ended:
                _count(report, one)
            stop = next((error for error in outcomes if isinstance(error, SignInAgain)), None)
            if stop is not None:
                raise stop
            if ends_at is not None and self._clock.monotonic() > ends_at:
                report.more = True
                return

    async def _ask(self, batch: Sequence[Level]) -> list[CrossdockError | None]:
        """Ask the channel, and answer for each level what stood against it."""
        levels = [
            StockLevel(sku=one.sku, available=Decimal(one.wanted), location=one.location, version=one.version)
            for one in batch
        ]
        try:
            outcomes = await self._route.channel.ask.push_stock(levels, self._route)
        except CrossdockError as error:
            return [error] * len(batch)
        except Exception as error:  # noqa: BLE001 - a plugin's bug must not stop the lane
            _log.exception("stock.broken", route=self._route.name)
            return [Unclear(f"the plugin failed with {type(error).__name__}")] * len(batch)
        if outcomes is None:
            return [Refused("nobody on that side takes stock")] * len(batch)
        return _by_level(batch, outcomes)

    def _ended(self, level: Level, error: CrossdockError | None, doubt_until: float) -> Published:
        now = self._clock.now()
        earlier = level.doubt_until if level.doubt_until and level.doubt_until > now.timestamp() else None
        if error is None:
            return Published(level, doubt_until=earlier)
        if isinstance(error, Refused | CannotTranslate):
            return self._refused(level, error, earlier)
        wait = min(_FIRST_WAIT * 2 ** min(level.attempts, 12), _LONGEST_WAIT)
        if isinstance(error, TryLater) and error.after is not None:
            wait = max(wait, timedelta(seconds=error.after))
        retry_at = (now + wait).timestamp()
        doubt = earlier if isinstance(error, TryLater | SignInAgain) else doubt_until
        return Published(level, retry_at, doubt, problem=str(error))

    def _refused(self, level: Level, error: Refused | CannotTranslate, earlier: float | None) -> Published:
        """It waits for a change of its level, or for a person; one that is not listed may be left out."""
        code = error.code if isinstance(error, Refused) else f"cannot-translate:{error.path}"
        cause = code or "refused"
        if code == UNLISTED and self._options.unlisted is Unlisted.LEAVE:
            cause = LEFT_OUT
        return Published(level, None, earlier, cause, str(error))


def _by_level(batch: Sequence[Level], outcomes: Sequence[Outcome]) -> list[CrossdockError | None]:
    """Several locations of one SKU share its fate; what was not answered is unclear."""
    found: dict[str, CrossdockError | None] = {}
    for outcome in outcomes:
        found[outcome.key] = found.get(outcome.key) or outcome.error
    silent = Unclear("the channel did not say how it fared")
    return [found.get(level.sku, silent) for level in batch]


def _count(report: Report, one: Published) -> None:
    level = one.level
    if one.is_done:
        before = "nothing known" if level.shown is None else level.shown
        report.step(level.sku, "stock", "done", f"shows {level.wanted}, before {before}")
    elif one.cause and one.cause != LEFT_OUT:
        report.step(level.sku, "stock", "refused", one.problem)
    elif not one.cause:
        report.step(level.sku, "stock", "waiting", one.problem)
