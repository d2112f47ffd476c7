"""What the lanes of stock and products share: whose they are, and when something of theirs was done last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from crossdock.clock import Clock
from crossdock.contract import Route
from crossdock.flows.options import FlowOptions
from crossdock.ledger import Ledger

Options = TypeVar("Options", bound=FlowOptions)


class GoodsLane(Generic[Options]):
    """One lane. One run at a time; the caller holds the lane's lock.

    Args:
        flow: its name.
        options: used where the route says none.
        slice_seconds: after how much work a run gives way; None for as long as it takes.
    """

    def __init__(
        self, flow: str, options: Options, route: Route, ledger: Ledger, clock: Clock, slice_seconds: float | None
    ) -> None:
        given = route.flows.get(flow, options)
        if not isinstance(given, type(options)):
            raise TypeError(f"the options of flow {flow} are {type(given).__name__}, not {type(options).__name__}")
        self.name = f"{route.name}/{flow}"
        self._options: Options = given
        self._route = route
        self._ledger = ledger
        self._clock = clock
        self._slice_seconds = slice_seconds

    def _ends_at(self) -> float | None:
        """When a run that starts now gives way, by the monotonic clock."""
        return None if self._slice_seconds is None else self._clock.monotonic() + self._slice_seconds

    async def _is_due(self, what: str, every: timedelta) -> bool:
        last = await self._when(what)
        return last is None or self._clock.now() - last >= every

    async def _when(self, what: str) -> datetime | None:
        kept = await self._ledger.cursor(f"{self.name}/{what}")
        return datetime.fromtimestamp(float(kept), UTC) if kept else None

    async def _done(self, what: str, at: datetime | None = None) -> None:
        await self._ledger.move(f"{self.name}/{what}", str((at or self._clock.now()).timestamp()))
