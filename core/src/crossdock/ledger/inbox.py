"""Where push messages are kept: those that arrive together share a commit, so that a storm costs few."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.ledger import messages
from crossdock.ledger.database import Database
from crossdock.ledger.messages import Message, Taken

_GROUP = 64
_TIDY_SECONDS = 3_600.0


class Inbox:
    """Takes verified push messages in.

    Args:
        database: of the ledger; open.
        clock: the only source of time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[tuple[Message, asyncio.Future[Taken]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._tidied_at = float("-inf")

    async def keep(self, message: Message) -> Taken:
        """Keep what `message` leads to; committed when this returns.

        Raises:
            TryLater: the ledger does not answer; the sender has to repeat the message.
        """
        kept: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, kept))
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
                taken = await self._database.write(messages.take, [message for message, _ in group], now)
            except Exception as error:  # noqa: BLE001 - each of those who wait is told
                answers: list[Taken | Exception] = [error] * len(group)
            else:
                answers = [*taken]
            for (_, kept), answer in zip(group, answers, strict=True):
                _tell(kept, answer)
            await self._tidy()

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
