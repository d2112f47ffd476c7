"""Which chores a service has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import time

from crossdock.clock import Clock
from crossdock.dispatch import Cause
from crossdock.errors import CrossdockError
from crossdock.log import get_logger
from crossdock.runner.board import Board
from crossdock.runner.chores import Chore
from crossdock.runner.engine import Engine
from crossdock.runner.lanes import new_correlation
from crossdock.runner.pushes import PushDesk, recover_all

Wake = Callable[[str, Cause], Awaitable[None]]


class Duties:
    """What a service does beside its lanes.

    Args:
        engine: does it.
        desk: knows what can be asked for lost push messages.
        board: is told.
        wake: has a lane run.
        clock: the only source of time.
    """

    def __init__(self, engine: Engine, desk: PushDesk, board: Board, wake: Wake, clock: Clock) -> None:
        self._engine = engine
        self._desk = desk
        self._board = board
        self._wake = wake
        self._clock = clock
        self._log = get_logger().bind(logger="crossdock.chores")

    def chores(self) -> list[Chore]:
        """All of them, as the configuration wants them."""
        runner = self._engine.configuration.runner
        chores = []
        if self._desk.recoverable():
            every = runner.lost_pushes_every.total_seconds()
            chores.append(Chore("lost pushes", lambda: recover_all(self._desk, new_correlation), every))
        if runner.reconcile_at:
            chores.append(Chore("reconciliation", self.reconcile, at=time.fromisoformat(runner.reconcile_at)))
        return chores

    async def reconcile(self) -> None:
        """Compare both sides of every route with the ledger, and have what is wrong repaired."""
        days = self._engine.configuration.runner.reconcile_days
        for route in self._engine.configuration.routes.values():
            if "orders" not in route.flows:
                continue
            try:
                found = await self._engine.reconcile(route.name, days, repair=True)
            except CrossdockError as error:  # the other routes are compared all the same
                self._log.warning("reconciliation.failed", route=route.name, reason=str(error), hint=error.hint)
                continue
            self._board.reconciled[route.name] = found, self._clock.now()
            write = self._log.warning if found.findings else self._log.info
            kinds = sorted({finding.kind.value for finding in found.findings})
            write("reconciliation.done", route=route.name, orders=found.orders, found=len(found.findings), kinds=kinds)
            if found.repaired:
                await self._wake(f"{route.name}/orders", Cause("reconciliation", new_correlation()))
