"""The lanes of a configuration, and what a turn of one does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from structlog.contextvars import bound_contextvars

from crossdock.clock import Clock
from crossdock.config import Configuration
from crossdock.dispatch import Cron, Lane, Rests, Turn
from crossdock.errors import CrossdockError, SignInAgain, TryLater
from crossdock.flows.options import FlowOptions, OrdersOptions, ProductsOptions, StockOptions
from crossdock.flows.orders.report import Report
from crossdock.log import get_logger
from crossdock.runner.board import Board
from crossdock.runner.engine import Engine
from crossdock.runner.pauses import Pauses
from crossdock.spans import span

_PRIORITY = {"orders": 0, "stock": 1, "products": 2}


def lanes_of(configuration: Configuration, now: datetime) -> list[Lane]:
    """Every flow of every route."""
    return [
        _lane(f"{route.name}/{flow}", options, _PRIORITY[flow], now)
        for route in configuration.routes.values()
        for flow, options in route.flows.items()
    ]


def _lane(name: str, options: FlowOptions, priority: int, now: datetime) -> Lane:
    jitter = None if options.jitter is None else options.jitter.total_seconds()
    cron = Cron(options.cron, options.time_zone) if options.cron else None
    return Lane(name, cron.longest_gap(now) if cron else _every(options), priority, cron, jitter)


def connections_of(configuration: Configuration) -> dict[str, list[str]]:
    """Connection to the lanes that need it."""
    found: dict[str, list[str]] = {}
    for route in configuration.routes.values():
        for connection in (route.channel, route.backend):
            found.setdefault(connection, []).extend(f"{route.name}/{flow}" for flow in route.flows)
    return found


class LaneWork:
    """Runs a slice of a lane, and tells the board how it went.

    Args:
        engine: does it.
        board: is told.
        pauses: which lanes rest; made later than this, so it is asked for.
        clock: the only source of time.
        slice_seconds: after which a run gives way.
    """

    def __init__(
        self, engine: Engine, board: Board, pauses: Callable[[], Pauses], clock: Clock, slice_seconds: float
    ) -> None:
        self._engine = engine
        self._board = board
        self._pauses = pauses
        self._clock = clock
        self._slice_seconds = slice_seconds
        self._log = get_logger().bind(logger="crossdock.runner")

    async def __call__(self, turn: Turn) -> bool:
        """Run a slice; True when more is due at once.

        Raises:
            TryLater: a side cannot be read now.
            Rests: a connection has to sign in.
        """
        pause = await self._pauses().holds(turn.lane)
        if pause is not None:
            raise self._rests(turn.lane, pause.reason)
        ids = list(dict.fromkeys(cause.correlation for cause in turn.causes if cause.correlation))
        correlation = ids[0] if ids else new_correlation()
        with (
            bound_contextvars(correlation_id=correlation, lane=turn.lane),
            span("lane", lane=turn.lane, correlation_id=correlation),
        ):
            whys = list(dict.fromkeys(cause.why for cause in turn.causes))
            self._log.info("lane.started", scheduled=turn.scheduled, causes=whys, other_correlations=ids[1:20])
            return await self._run(turn)

    async def _run(self, turn: Turn) -> bool:
        record = self._board.lanes[turn.lane]
        record.running = True
        try:
            report = await self._report(turn)
        except SignInAgain as error:
            await self._pauses().pause(turn.lane, error)
            raise self._rests(turn.lane, str(error)) from error
        except Exception as error:
            later = isinstance(error, TryLater)
            reason = str(error) if isinstance(error, CrossdockError) else type(error).__name__
            record.ended_badly("later" if later else "failed", reason)
            raise
        finally:
            record.running = False
        record.took(report, self._clock.monotonic())
        await self._pauses().worked(turn.lane)
        self._tell(report)
        return report.more

    def _rests(self, lane: str, reason: str) -> Rests:
        self._board.lanes[lane].ended_badly("paused", reason)
        return Rests(reason)

    async def _report(self, turn: Turn) -> Report:
        route, _, flow = turn.lane.rpartition("/")
        seconds = self._slice_seconds
        match flow:
            case "orders" if turn.whole:
                return await self._engine.pull(route, slice_seconds=seconds)
            case "orders":
                return await self._engine.follow_nudges(route, seconds)
            case "stock":
                return await self._engine.goods.pull_stock(route, slice_seconds=seconds)
            case _:
                return await self._engine.goods.pull_products(route, slice_seconds=seconds)

    def _tell(self, report: Report) -> None:
        steps = {f"{kind}:{outcome}": count for (kind, outcome), count in sorted(report.steps.items())}
        self._log.info(
            "lane.ended", read=report.read, changed=report.changed, steps=steps, parked=report.parked, more=report.more
        )


def new_correlation() -> str:
    """An id under which everything that follows from one cause is logged."""
    return uuid.uuid4().hex[:16]


def _every(options: FlowOptions) -> float:
    if not isinstance(options, OrdersOptions | StockOptions | ProductsOptions):
        raise TypeError(f"{type(options).__name__} does not say how often")
    return options.every.total_seconds()
