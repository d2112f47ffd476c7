"""Where push messages go: verified, shared with whom they are about, committed, then the lanes are woken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crossdock.clock import Clock
from crossdock.contract import Nudge, PushAnswer, PushMessage, Verbs, verbs_of
from crossdock.dispatch import Cause
from crossdock.errors import CrossdockError, SignInAgain
from crossdock.ledger import Inbox, Mark, Message
from crossdock.ledger.messages import Taken
from crossdock.log import get_logger
from crossdock.runner.board import Board, Delays
from crossdock.runner.engine import Engine
from crossdock.runner.findings import keep_sign_in_end

_MOST_ACCOUNTS = 100_000  # a service hears of those it serves and of few others; whoever sends more is looked up anew
_MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class _Heard:
    """One connection, and what a message leads to there."""

    connection: str
    answer: PushAnswer


class PushDesk:
    """Takes push messages, and fetches those that got lost.

    Args:
        engine: opens connections.
        inbox: keeps what messages lead to, and wakes lanes in the same commit.
        board: counts.
        clock: the only source of time.
    """

    def __init__(self, engine: Engine, inbox: Inbox[Cause], board: Board, clock: Clock) -> None:
        self._engine = engine
        self._inbox = inbox
        self._board = board
        self._clock = clock
        self._asked: dict[str, Verbs] = {}
        self._queues: dict[str, str] = {}
        self._concerned: dict[tuple[str, str], tuple[str, ...]] = {}
        self._log = get_logger().bind(logger="crossdock.pushes")

    async def take(self, connection: str, message: PushMessage, correlation: str) -> PushAnswer:
        """Verify a push message, commit what it leads to, and wake the lanes that are meant.

        Raises:
            Refused: its signature is wrong.
            TryLater: the ledger does not answer; the sender has to repeat it.
            ConfigError: the connection cannot be opened.
        """
        answer = (await self._ask(connection)).read_push(message) or PushAnswer()
        heard = [_Heard(connection, answer)]
        if answer.message_id and not answer.nudges and self._relays(connection):
            heard += await self._relayed(connection, answer.account, message.body)
        repeated = await self._keep(connection, answer.message_id, heard, correlation)
        self._board.pushes[connection, "repeated" if repeated else "taken"] += 1
        return answer

    def recoverable(self) -> list[str]:
        """Connections that can be asked for messages that did not arrive."""
        connections = self._engine.configuration.connections.values()
        return [one.name for one in connections if "pull_lost_pushes" in verbs_of(one.plugin.connection or object)]

    def queue_of(self, connection: str) -> str:
        """What is asked when `connection` is; that many share one is known once each was asked."""
        return self._queues.get(connection, connection)

    async def recover(self, connection: str, correlation: str) -> int:
        """Fetch the messages that did not arrive, commit what they lead to, confirm them; answer how many were new.

        Raises:
            TryLater: the system or the ledger does not answer; nothing was confirmed that is not committed.
            SignInAgain: the credentials are refused.
        """
        ask, fresh = await self._ask(connection), 0
        for _ in range(_MOST_PAGES):
            lost = await ask.pull_lost_pushes()
            if lost is not None and lost.queue:
                self._queues[connection] = (
                    f"{self._engine.configuration.connections[connection].plugin.name} {lost.queue}"
                )
            if lost is None or not lost.up_to:
                break
            for one in lost.messages:
                heard = await self._relayed(connection, one.account, one.body, themselves=True)
                name = next((each.answer.message_id for each in heard if each.answer.message_id), "")
                repeated = await self._keep(connection, name, heard, correlation)
                self._board.pushes[connection, "repeated" if repeated else "recovered"] += 1
                fresh += not repeated
            await ask.confirm_lost_pushes(lost.up_to)
            if not lost.more:
                break
        return fresh

    def _relays(self, connection: str) -> bool:
        plugin = self._engine.configuration.connections[connection].plugin
        return "read_relayed_push" in verbs_of(plugin.connection or object)

    async def _relayed(self, connection: str, account: str, body: bytes, *, themselves: bool = False) -> list[_Heard]:
        """What a message leads to at the connections of the same plugin that it is about."""
        connections = self._engine.configuration.connections
        plugin = connections[connection].plugin.name
        named = self._concerned.get((plugin, account)) if account else None
        asked = named if named is not None else [one.name for one in connections.values() if one.plugin.name == plugin]
        heard = []
        for name in asked:
            answer = (await self._ask(name)).read_relayed_push(body)
            if answer is not None:
                heard.append(_Heard(name, answer))
        if account and named is None and len(self._concerned) < _MOST_ACCOUNTS:
            self._concerned[plugin, account] = tuple(one.connection for one in heard)
        return [one for one in heard if themselves or one.connection != connection]

    async def _keep(self, connection: str, name: str, heard: Sequence[_Heard], correlation: str) -> bool:
        """Commit what a message leads to, and with it that lanes are woken; answer whether it had come before."""
        marks: dict[Mark, None] = {}
        causes: list[tuple[str, Cause]] = []
        for one in heard:
            await self._warn_of_end(one)
            ours, whole = self._meant(one.connection, one.answer.nudges, correlation)
            marks.update(dict.fromkeys(ours))
            causes += whole

        def wakes(taken: Taken) -> list[tuple[str, Cause]]:
            of_marks = [(f"{mark.route}/orders", Cause(mark.why, correlation, mark in taken.unknown)) for mark in marks]
            return causes + of_marks

        repeated = (await self._inbox.keep(Message(connection, name, tuple(marks)), wakes)).repeated
        if not repeated:
            self._note_delays(connection, heard)
        return repeated

    def _note_delays(self, connection: str, heard: Sequence[_Heard]) -> None:
        times = {nudge.at for one in heard for nudge in one.answer.nudges if nudge.at is not None}
        for at in times:
            delays = self._board.push_delays.setdefault(connection, Delays())
            delays.add((self._clock.now() - at).total_seconds())

    async def _warn_of_end(self, heard: _Heard) -> None:
        ends = heard.answer.sign_in_expires
        if ends is not None:
            await keep_sign_in_end(self._engine.ledger, heard.connection, ends)
            self._log.warning("connection.sign_in_ends", connection=heard.connection, at=ends.isoformat())

    def _meant(
        self, connection: str, nudges: Sequence[Nudge], correlation: str
    ) -> tuple[list[Mark], list[tuple[str, Cause]]]:
        """Single orders to mark, and lanes to look at as a whole."""
        marks: list[Mark] = []
        whole: list[tuple[str, Cause]] = []
        for nudge in nudges:
            for route in self._engine.configuration.routes.values():
                if connection not in (route.channel, route.backend) or nudge.flow not in route.flows:
                    continue
                if nudge.flow == "orders" and nudge.key:
                    marks.append(Mark(route.name, nudge.key, connection == route.backend, nudge.why))
                else:
                    whole.append((f"{route.name}/{nudge.flow}", Cause(nudge.why, correlation, whole=True)))
        return marks, whole

    async def _ask(self, connection: str) -> Verbs:
        if connection not in self._asked:
            self._asked[connection] = await self._engine.connections.ask(connection)
        return self._asked[connection]


async def recover_all(desk: PushDesk, correlation: Callable[[], str]) -> None:
    """Fetch lost messages of every connection that can be asked; one that fails does not keep the others from it."""
    log, asked = get_logger().bind(logger="crossdock.pushes"), set[str]()
    for connection in desk.recoverable():
        if desk.queue_of(connection) in asked:
            continue
        try:
            count = await desk.recover(connection, correlation())
        except CrossdockError as error:
            log.info("push.not_recovered", connection=connection, reason=str(error))
            if isinstance(error, SignInAgain):
                continue  # that is about this one alone, and another may be let in
        else:
            if count:
                log.warning("push.recovered", connection=connection, messages=count)
        asked.add(desk.queue_of(connection))
