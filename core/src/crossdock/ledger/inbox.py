"""Where push messages are kept: those that arrive together share a commit, so that a storm costs few."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.ledger import messages
from crossdock.ledger.database import Database
from crossdock.ledger.messages import Message, Taken

C = TypeVar("C")

_GROUP = 64
_TIDY_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[C]):
    """A message that is to be kept, the lanes that it wakes, and who waits for it."""

    message: Message
    wakes: Callable[[Taken], Sequence[tuple[str, C]]]
    kept: asyncio.Future[Taken]


class Inbox(Generic[C]):
    """Takes verified push messages in.

    Args:
        database: of the ledger; open.
        clock: the only source of time.
        enlist: within the transaction, has a lane run once it is committed; in the order of lanes' names.
    """

    def __init__(self, database: Database, clock: Clock, enlist: Callable[[Connection, str, C], None]) -> None:
        self._database = database
        self._clock = clock
        self._enlist = enlist
        self._waiting: list[_Waiting[C]] = []
        self._writing: asyncio.Task[None] | None = None
        self._tidied_at = float("-inf")

    async def keep(self, message: Message, wakes: Callable[[Taken], Sequence[tuple[str, C]]] = lambda _: ()) -> Taken:
        """Keep what `message` leads to; committed when this returns.

        Args:
            message: verified.
            wakes: the lanes to be woken in the same commit, each with its cause, unless it had come before.

        Raises:
            TryLater: the ledger does not answer; the sender has to repeat the message.
        """
        kept: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(message, wakes, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await kept

    async def settle(self) -> None:
        """Wait until nothing is being written any more; call it before the ledger is closed."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
            now = self._clock.now().timestamp()
            try:
                taken = await self._database.write(self._take, group, now)
            except Exception as error:  # noqa: BLE001 - each of those who wait is told
                answers: list[Taken | Exception] = [error] * len(group)
            else:
                answers = [*taken]
            for one, answer in zip(group, answers, strict=True):
                _tell(one.kept, answer)
            await self._tidy()

    def _take(self, connection: Connection, group: Sequence[_Waiting[C]], now: float) -> list[Taken]:
        taken = messages.take(connection, [one.message for one in group], now)
        fresh = [(one, answer) for one, answer in zip(group, taken, strict=True) if not answer.repeated]
        wakes = dict.fromkeys(wake for one, answer in fresh for wake in one.wakes(answer))
        for lane, cause in sorted(wakes, key=lambda wake: wake[0]):
            self._enlist(connection, lane, cause)
        return taken

    async def _tidy(self) -> None:
        now = self._clock.now().timestamp()
        if now - self._tidied_at > _TIDY_SECONDS:
            self._tidied_at = now
            with suppress(TryLater):  # it is tried again within the hour
                await self._database.write(messages.forget, now)


def _tell(kept: asyncio.Future[Taken], answer: Taken | Exception) -> None:
    if kept.done():
        return  # whoever waited has hung up
    if isinstance(answer, Exception):
        kept.set_exception(answer)
    else:
        kept.set_result(answer)
