"""Which chores a service has."""

from __future__ import annotations

from datetime import time
from typing import Protocol

from crossdock.clock import Clock
from crossdock.contract import verbs_of
from crossdock.errors import CrossdockError
from crossdock.ledger import Standings
from crossdock.log import get_logger
from crossdock.runner.alerts import Moment, Told, alerts
from crossdock.runner.board import Board
from crossdock.runner.chores import Chore
from crossdock.runner.engine import Engine
from crossdock.runner.findings import keep_reconciliation, keep_sign_in_end
from crossdock.runner.lanes import new_correlation
from crossdock.runner.messenger import Tell, message
from crossdock.runner.pushes import PushDesk, recover_all

_PROBE_SECONDS = 6 * 3_600.0
_TOLD = "alerts/told"


class Floor(Protocol):
    """Where lanes run: a shift."""

    async def wake(self, lane: str, why: str, correlation: str) -> None:
        """Have all of a lane looked at soon."""
        ...

    async def standings(self) -> Standings:
        """How all routes stand; the board learns what other processes did and found."""
        ...


class Duties:
    """What a service does beside its lanes.

    Args:
        engine: does it.
        desk: knows what can be asked for lost push messages.
        board: is told.
        floor: has lanes run, and knows how everything stands, wherever lanes run.
        clock: the only source of time.
        tell: tells people; None where nobody is to be told.
    """

    def __init__(
        self, engine: Engine, desk: PushDesk, board: Board, floor: Floor, clock: Clock, tell: Tell | None = None
    ) -> None:
        self._engine = engine
        self._desk = desk
        self._board = board
        self._floor = floor
        self._clock = clock
        self._tell = tell
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
        retention = self._engine.configuration.retention
        if retention.personal_data is not None:
            chores.append(Chore("purge", self.purge, at=time.fromisoformat(retention.purge_at)))
        if self._tell is not None:
            every = self._engine.configuration.alerts.check_every.total_seconds()
            chores.append(Chore("alerts", self.alert, every))
        chores.append(Chore("authorisations", self.look_at_authorisations, _PROBE_SECONDS, first_after=60.0))
        return chores

    async def purge(self) -> None:
        """Blank what is known of buyers whose orders last changed long ago."""
        age = self._engine.configuration.retention.personal_data
        if age is None:
            return
        found = await self._engine.purge(age)
        await self._engine.ledger.access.note("service", "purge", f"older than {age.days} days")
        self._log.info("purge.done", orders=found.orders, received=found.received, labels=found.labels)

    async def alert(self) -> None:
        """Tell people of what holds and was not told yet, and of what is over.

        Raises:
            TryLater: nobody could be told; it is tried again.
        """
        if self._tell is None:
            return
        rules, at = self._engine.configuration.alerts, Moment(self._clock.now(), self._clock.monotonic())
        told = Told.read(await self._engine.ledger.cursor(_TOLD), rules.again_after)
        fresh, over = told.news(alerts(rules, await self._floor.standings(), self._board, at), at.now)
        if fresh or over:
            await self._tell(*message(fresh, over))
            told.note(fresh, over, at.now)
            await self._engine.ledger.move(_TOLD, told.kept())
            self._log.info("alerts.told", fresh=[one.rule for one in fresh], over=[one.rule for one in over])

    async def look_at_authorisations(self) -> None:
        """Ask each connection until when it is authorised, one after the other."""
        paused = await self._engine.ledger.paused()
        for name, config in self._engine.configuration.connections.items():
            if "probe" not in verbs_of(config.plugin.connection or object) or name in paused:
                continue
            try:
                found = await (await self._engine.connections.ask(name)).probe()
            except CrossdockError as error:  # the lanes tell of it, if it lasts
                self._log.debug("probe.failed", connection=name, error=type(error).__name__)
                continue
            if found is not None and found.sign_in_expires is not None:
                await keep_sign_in_end(self._engine.ledger, name, found.sign_in_expires)

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
            await keep_reconciliation(self._engine.ledger, found, self._clock.now())
            write = self._log.warning if found.findings else self._log.info
            kinds = sorted({finding.kind.value for finding in found.findings})
            write("reconciliation.done", route=route.name, orders=found.orders, found=len(found.findings), kinds=kinds)
            if found.repaired:
                await self._floor.wake(f"{route.name}/orders", "reconciliation", new_correlation())
