"""A shift: one configuration at work, from its first lane to its last."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random

from crossdock.clock import Clock
from crossdock.config import Configuration
from crossdock.contract import Nudge, PushAnswer, PushMessage, Verbs, verbs_of
from crossdock.dispatch import Cause, DispatcherSettings, find
from crossdock.errors import ConfigError
from crossdock.ledger import Inbox, LaneStatus, Mark, Message
from crossdock.log import get_logger
from crossdock.runner.alone import alone
from crossdock.runner.board import Board
from crossdock.runner.engine import Engine
from crossdock.runner.lanes import LaneWork, connections_of, lanes_of
from crossdock.runner.pauses import Pauses


class Shift:
    """An open engine, the lanes that run on it, and where its push messages go. Make it with `Shift.open`."""

    def __init__(self, engine: Engine, board: Board, clock: Clock, random: Random) -> None:
        configuration, runner = engine.configuration, engine.configuration.runner
        self.engine = engine
        self._board = board
        self._inbox = Inbox(engine.ledger.database, clock)
        self._asked: dict[str, Verbs] = {}
        self._log = get_logger().bind(logger="crossdock.runner")
        lanes = lanes_of(configuration)
        board.opened(lanes, clock.monotonic())
        work = LaneWork(engine, board, lambda: self._pauses, clock, runner.slice.total_seconds())
        settings = DispatcherSettings(runner.lanes_at_once, runner.drain.total_seconds(), configuration.ledger.url)
        self._dispatcher = find(runner.dispatcher)(lanes, work, clock, random, settings)
        every = runner.probe_every.total_seconds()
        self._pauses = Pauses(connections_of(configuration), self._probe, self._dispatcher.wake, board, clock, every)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, configuration: Configuration, board: Board, clock: Clock, random: Random
    ) -> AsyncIterator[Shift]:
        """Take the ledger for this service alone, and open the engine.

        Raises:
            ConfigError: another service has it, or it cannot be opened.
        """
        async with alone(configuration.ledger), Engine.open(configuration, clock) as engine:
            shift = cls(engine, board, clock, random)
            try:
                yield shift
            finally:
                await shift._pauses.close()
                await shift._inbox.settle()

    async def run(self) -> None:
        """Have lanes run until `stop`, then let those that run end."""
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
        answer = (await self._ask(connection)).read_push(message) or PushAnswer()
        if answer.sign_in_expires is not None:
            self._board.sign_in_ends[connection] = answer.sign_in_expires
            at = answer.sign_in_expires.isoformat()
            self._log.warning("connection.sign_in_ends", connection=connection, at=at)
        marks, causes = self._meant(connection, answer.nudges, correlation)
        taken = await self._inbox.keep(Message(connection, answer.message_id, tuple(marks)))
        self._board.pushes[connection, "repeated" if taken.repeated else "taken"] += 1
        if taken.repeated:
            return answer
        causes += [(f"{mark.route}/orders", Cause(mark.why, correlation, mark in taken.unknown)) for mark in marks]
        for lane, cause in dict.fromkeys(causes):
            await self._dispatcher.wake(lane, cause)
        return answer

    async def status(self) -> list[LaneStatus]:
        """How each route stands by the ledger."""
        return await self.engine.status()

    def _meant(
        self, connection: str, nudges: Sequence[Nudge], correlation: str
    ) -> tuple[list[Mark], list[tuple[str, Cause]]]:
        """Single orders to mark, and lanes to look at as a whole."""
        marks: dict[Mark, None] = {}
        whole: list[tuple[str, Cause]] = []
        for nudge in nudges:
            for route in self.engine.configuration.routes.values():
                if connection not in (route.channel, route.backend) or nudge.flow not in route.flows:
                    continue
                if nudge.flow == "orders" and nudge.key:
                    marks[Mark(route.name, nudge.key, connection == route.backend, nudge.why)] = None
                else:
                    whole.append((f"{route.name}/{nudge.flow}", Cause(nudge.why, correlation, whole=True)))
        return list(marks), whole

    async def _ask(self, connection: str) -> Verbs:
        if connection not in self._asked:
            self._asked[connection] = await self.engine.connections.ask(connection)
        return self._asked[connection]

    async def _probe(self, connection: str) -> None:
        config = self.engine.configuration.connections.get(connection)
        if config is None:
            raise ConfigError(f"there is no connection {connection!r}")
        if "probe" in verbs_of(config.plugin.connection or object):
            await (await self._ask(connection)).probe()
