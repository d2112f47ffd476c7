"""The engine: a configuration set in motion, for the command line, the service and tests alike."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from crossdock.clock import Clock, SystemClock
from crossdock.config import Configuration
from crossdock.contract import Observe, Route, Window, verbs_of
from crossdock.errors import ConfigError
from crossdock.flows.options import OrdersOptions
from crossdock.flows.orders.lane import OrdersLane
from crossdock.flows.orders.plan import ACCEPTED, Plan, Policy
from crossdock.flows.orders.reconcile import Reconciler, Reconciliation
from crossdock.flows.orders.report import Report
from crossdock.flows.orders.table import plan
from crossdock.ledger import Database, Event, LaneStatus, Ledger, Pair, Parked, Purged, Standing, Standings, keys_of
from crossdock.model import Return
from crossdock.runner.connections import Connections
from crossdock.runner.housekeeping import blank
from crossdock.runner.labels import LabelShelf

if TYPE_CHECKING:
    from crossdock.runner.goods import Goods

_PATIENCE = 30.0
"""Seconds for which a run that gives way waits for another process to do so: slices of history are shorter."""
_LONG_PATIENCE = 600.0
"""Seconds for which history waits for the service, which may have much to catch up on."""
_GIVE_WAY = 0.2
"""Seconds between two slices of history, in which whoever waits for the lane takes it."""


class Engine:
    """Everything that can be asked of a configured crossdock. Make it with `Engine.open`."""

    def __init__(self, configuration: Configuration, ledger: Ledger, connections: Connections, clock: Clock) -> None:
        self.configuration = configuration
        self.ledger = ledger
        self.connections = connections
        self.labels = LabelShelf(ledger.folder / "labels")
        self._clock = clock

    @cached_property
    def goods(self) -> Goods:
        """Stock and products; loaded when they are asked for, since many routes have orders only."""
        from crossdock.runner.goods import Goods

        return Goods(self.ledger, self.connections, self._clock)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, configuration: Configuration, clock: Clock | None = None, observe: Observe | None = None
    ) -> AsyncIterator[Engine]:
        """Open the ledger; connections are opened when they are needed.

        Args:
            configuration: what to set in motion.
            clock: the only source of time; the system's unless given.
            observe: stands between the engine and every method that answers a verb.

        Raises:
            ConfigError: the ledger cannot be opened.
        """
        time = clock or SystemClock.from_environment(os.environ)
        config = configuration.ledger
        try:
            config.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"folder {config.folder} cannot be made: {error.strerror}", key="ledger.folder") from None
        keys = keys_of(config.key.get_secret_value() if config.key else None, config.folder)
        async with (
            Ledger(Database(config.url), time, config.folder, keys) as ledger,
            Connections(configuration, ledger, time, observe) as connections,
        ):
            yield cls(configuration, ledger, connections, time)

    async def pull(
        self,
        route: str,
        only: Sequence[str] = (),
        *,
        slice_seconds: float | None = None,
        progress: Callable[[Report], None] | None = None,
    ) -> Report:
        """Run the orders lane of `route` once.

        Args:
            route: its name.
            only: the channel's numbers of the orders to look at; empty for whatever changed or is due.
            slice_seconds: give way after so much work.
            progress: called after each step.

        Raises:
            TryLater: another process works on the lane, or a side cannot be read now.
            SignInAgain: a connection needs a person.
            ConfigError: there is no such route.
        """
        lane = await self._lane(route, slice_seconds)
        async with self._held(route, 0.0 if slice_seconds is None else _PATIENCE):
            return await lane.run(only, report=Report(route, progress=progress))

    async def follow_nudges(self, route: str, slice_seconds: float | None = None) -> Report:
        """Look at the orders of `route` that are due, such as those that were nudged, without asking for changes.

        Raises:
            TryLater: another process works on the lane, or a side cannot be read now.
            SignInAgain: a connection needs a person.
        """
        lane = await self._lane(route, slice_seconds)
        async with self._held(route, 0.0 if slice_seconds is None else _PATIENCE):
            return await lane.run_marked()

    async def backfill(
        self, route: str, start: datetime, end: datetime, progress: Callable[[Report], None] | None = None
    ) -> Report:
        """Read a stretch of time again; resumable, with a cursor of its own. The live cursor stays where it is.

        It is read in slices, between which a service that works on the route has its turn.
        """
        return await self._read_again(route, Window(start, end), Report(route, progress=progress))

    async def history(self, route: str, days: int, progress: Callable[[Report], None] | None = None) -> Report:
        """Take the last `days` of orders over as history; one that was interrupted goes on where it was.

        What is new is recorded in the backend as it stands. Nothing is done about it on the channel.
        """
        window = await self.history_window(route, days)
        cursor = _history(route, days)
        await self.ledger.move(cursor, f"{window.start.isoformat()} {(window.end or window.start).isoformat()}")
        report = await self._read_again(route, window, Report(route, progress=progress), historical=True)
        await self.ledger.move(cursor, "")
        return report

    async def history_window(self, route: str, days: int) -> Window:
        """The stretch of time that `history` reads: that of the run that was interrupted, or the last `days`."""
        begun = await self.ledger.cursor(_history(route, days))
        if begun:
            start, end = (datetime.fromisoformat(text) for text in begun.split())
            return Window(start, end)
        now = self._clock.now().replace(microsecond=0)
        return Window(now - timedelta(days=days), now)

    async def reconcile(self, route: str, days: int, *, repair: bool) -> Reconciliation:
        """Compare what changed on both sides in the last `days` with the ledger.

        With `repair` the next run of the lane takes care of what is wrong. Goes on while the lane runs.

        Raises:
            TryLater: a side cannot be read now.
            SignInAgain: a connection needs a person.
            ConfigError: there is no such route, or it has no flow orders.
        """
        opened = await self._opened(route)
        return await Reconciler(opened, self.ledger, self._clock).run(days, repair=repair)

    async def plan(self, route: str, only: Sequence[str] = ()) -> list[tuple[Pair, Plan]]:
        """What a run would do, and why. Reads both sides, sends nothing."""
        async with self._held(route):
            return await (await self._lane(route)).plan(only)

    async def retry(self, route: str, keys: Sequence[str]) -> int:
        """Release parked orders, so that the next run tries again; answer how many items there were."""
        if "/" in route:  # a lane of its own, such as sg/stock
            return await self.goods.retry(route, keys)
        return await self.ledger.release(route, keys, "released to be tried again")

    async def drop(self, route: str, keys: Sequence[str], reason: str) -> int:
        """Leave parked orders as they are: what was refused is not tried again, conflicts are not raised again."""
        if "/" in route:
            return await self.goods.drop(route, keys, reason)
        accepted = [
            (item.key, str(item.facts["reference"]))
            for item in await self.ledger.parked(route)
            if item.key in keys and "reference" in item.facts
        ]
        await self.ledger.accept(route, ACCEPTED, accepted)
        return await self.ledger.drop(route, keys, reason)

    async def parked(self, route: str | None = None) -> list[Parked]:
        """What waits for a person, oldest first."""
        return await self.ledger.parked(route)

    async def returns(self, route: str, *, closed: bool = False) -> list[Return]:
        """Returns of a route, the one that must be answered first first; closed ones only when asked for."""
        return await self.ledger.returns(route, closed=closed)

    async def explain(self, number: str) -> list[tuple[str, Pair, list[Event], list[Parked]]]:
        """All that is known of the order with this number on either side: route, pair, timeline, parked items."""
        found = []
        for route, key in await self.ledger.find(number):
            pair = (await self.ledger.load(route, [key]))[key]
            waiting = [item for item in await self.ledger.parked(route) if item.key == key]
            found.append((route, pair, await self.ledger.timeline(route, key), waiting))
        return found

    def verdict(self, route: str, pair: Pair) -> Plan:
        """What is to be done about an order as it was last seen, and why; asks nobody.

        Raises:
            ConfigError: there is no such route any more, or it has no flow orders.
        """
        config = self.configuration.routes.get(route)
        options = config.flows.get("orders") if config else None
        if config is None or not isinstance(options, OrdersOptions):
            raise ConfigError(f"route {route} is not configured for orders any more")
        connections = self.configuration.connections
        can = (verbs_of(connections[name].plugin.connection or object) for name in (config.channel, config.backend))
        return plan(pair, Policy(options, *can))

    async def status(self) -> list[LaneStatus]:
        """How each route stands."""
        return [await self.ledger.status(route) for route in self.configuration.routes]

    async def purge(self, age: timedelta, only: Sequence[str] = (), *, really: bool = True) -> Purged:
        """Blank what is known of buyers whose orders last changed so long ago; with `only`, of these orders."""
        return await blank(self.ledger, self.labels, self._clock.now() - age, only, really=really)

    async def standings(self) -> Standings:
        """How all routes stand, those without orders as well."""
        found = await self.ledger.standings()
        routes = {route: found.routes.get(route, Standing(route)) for route in self.configuration.routes}
        return Standings(routes, found.parked)

    async def _read_again(self, route: str, window: Window, report: Report, *, historical: bool = False) -> Report:
        """Slice by slice: what is new on the route waits for no history."""
        lane = await self._lane(route, self.configuration.runner.slice.total_seconds())
        while True:
            async with self._held(route, _LONG_PATIENCE):
                await lane.run(backfill=window, historical=historical, report=report)
            if not report.more:
                return report
            await self._clock.sleep(_GIVE_WAY)

    @asynccontextmanager
    async def _held(self, route: str, patience: float = 0.0) -> AsyncIterator[None]:
        lock = await self.ledger.lane(f"{route}/orders", patience)
        try:
            yield
        finally:
            await lock.release()

    async def _lane(self, route: str, slice_seconds: float | None = None) -> OrdersLane:
        opened = await self._opened(route)
        return OrdersLane(opened, self.ledger, self._clock, self.labels.keep, slice_seconds)

    async def _opened(self, route: str) -> Route:
        opened = await self.connections.route(route)
        if "orders" not in opened.flows:
            raise ConfigError(f"route {route} has no flow orders", hint=f"add [routes.{route}.orders] to the config")
        return opened


def _history(route: str, days: int) -> str:
    """Name of the cursor that remembers which stretch of time is being taken over."""
    return f"{route}/history/{days}d"
