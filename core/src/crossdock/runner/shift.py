"""A shift: one configuration at work, from its first lane to its last."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from crossdock.clock import Clock
from crossdock.config import Configuration
from crossdock.contract import PushAnswer, PushMessage, verbs_of
from crossdock.dispatch import Cause, DispatcherSettings, find
from crossdock.errors import ConfigError
from crossdock.http import load_transport
from crossdock.ledger import Inbox, Standings
from crossdock.runner.alone import alone
from crossdock.runner.board import Board
from crossdock.runner.chores import Chores
from crossdock.runner.duties import Duties
from crossdock.runner.engine import Engine
from crossdock.runner.findings import read_findings
from crossdock.runner.lanes import LaneWork, connections_of, lanes_of
from crossdock.runner.messenger import messenger
from crossdock.runner.pauses import Pauses
from crossdock.runner.pushes import PushDesk
from crossdock.runner.wall import WallWatch
from crossdock.runner.watchdog import Watchdog, telling

_FRESH_SECONDS = 10.0


class Shift:
    """An open engine, the lanes that run on it, and where its push messages go. Make it with `Shift.open`."""

    def __init__(self, engine: Engine, board: Board, clock: Clock, random: Random) -> None:
        configuration, runner = engine.configuration, engine.configuration.runner
        self.engine = engine
        self._board = board
        self._clock = clock
        self._standings: tuple[float, Standings] | None = None
        lanes = lanes_of(configuration, clock.now())
        board.opened(lanes, clock.monotonic())
        work = LaneWork(engine, board, lambda: self._pauses, clock, runner.slice.total_seconds())
        database = engine.ledger.database
        settings = DispatcherSettings(runner.lanes_at_once, runner.drain.total_seconds(), database)
        self._dispatcher = find(runner.dispatcher)(lanes, work, clock, random, settings)
        self._inbox = Inbox(database, clock, self._dispatcher.enlist)
        self._desk = PushDesk(engine, self._inbox, board, clock)
        tell = messenger(configuration.alerts.to) if configuration.alerts.to else None
        self.duties = Duties(engine, self._desk, board, self, clock, tell)
        self._chores = Chores(self.duties.chores(), engine.ledger, clock)
        every = runner.probe_every.total_seconds()
        needing, enlist = connections_of(configuration), self._dispatcher.enlist
        self._wall = WallWatch(engine.ledger, clock)
        self._pauses = Pauses(needing, database, self._probe, enlist, clock, every)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, configuration: Configuration, board: Board, clock: Clock, random: Random
    ) -> AsyncIterator[Shift]:
        """Take the ledger for this service alone, or for all that share it, and open the engine.

        Raises:
            ConfigError: another service has it, or it cannot be opened.
        """
        shared = find(configuration.runner.dispatcher).shared
        for name in {connection.transport for connection in configuration.connections.values()}:
            load_transport(name)  # before anything waits for this process, which no plugin is to be blamed for
        async with alone(configuration.ledger, shared=shared), Engine.open(configuration, clock) as engine:
            shift = cls(engine, board, clock, random)
            await shift._dispatcher.prepare()
            try:
                await shift._wall.start()
                async with Watchdog(configuration.plugins, telling(board)):
                    yield shift
            finally:
                await shift._chores.close()
                await shift._pauses.close()
                await shift._wall.close()
                await shift._inbox.settle()

    async def run(self) -> None:
        """Have lanes run until `stop`, then let those that run end."""
        self._chores.start()
        self._pauses.start()
        await self._dispatcher.run()

    def stop(self) -> None:
        """Start no further runs."""
        self._dispatcher.stop()

    def takes_pushes(self, connection: str) -> bool:
        """Whether there is such a connection and its system sends push messages."""
        config = self.engine.configuration.connections.get(connection)
        return config is not None and "read_push" in verbs_of(config.plugin.connection or object)

    async def push(self, connection: str, message: PushMessage, correlation: str) -> PushAnswer:
        """Verify a push message, commit what it leads to, and wake the lanes that are meant.

        Raises:
            Refused: its signature is wrong.
            TryLater: the ledger does not answer; the sender has to repeat it.
            ConfigError: the connection cannot be opened.
        """
        return await self._desk.take(connection, message, correlation)

    async def wake(self, lane: str, why: str, correlation: str) -> None:
        """Have all of a lane looked at soon."""
        await self._dispatcher.wake(lane, Cause(why, correlation, whole=True))

    async def standings(self) -> Standings:
        """How all routes stand by the ledger; counted at most every few seconds, however often it is looked at.

        Raises:
            TryLater: the ledger does not answer.
        """
        await self.refresh()
        now = self._clock.monotonic()
        if self._standings is None or now - self._standings[0] > _FRESH_SECONDS:
            self._standings = now, await self.engine.standings()
        return self._standings[1]

    async def refresh(self) -> None:
        """Have the board show what any process did and found, not only this one.

        Raises:
            TryLater: the ledger does not answer.
        """
        ledger = self.engine.ledger
        self._board.heard(await self._dispatcher.fares(), self._clock.monotonic())
        self._board.paused = {name: pause.since for name, pause in (await ledger.paused()).items()}
        await read_findings(ledger, self._board, self.engine.configuration)

    async def _probe(self, connection: str) -> None:
        config = self.engine.configuration.connections.get(connection)
        if config is None:
            raise ConfigError(f"there is no connection {connection!r}")
        if "probe" in verbs_of(config.plugin.connection or object):
            await (await self.engine.connections.ask(connection)).probe()
