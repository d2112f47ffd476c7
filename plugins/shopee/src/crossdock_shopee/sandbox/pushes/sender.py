"""Sends what waits in the outbox, as long as the server runs."""

from __future__ import annotations

import asyncio

import aiohttp

from crossdock_shopee.sandbox.pushes.outbox import Message
from crossdock_shopee.sandbox.state import State

TIMEOUT_SECONDS = 3
TICK_SECONDS = 0.1


class Sender:
    """Posts messages to the callback address. An answer counts only if it is 2xx with an empty body."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = asyncio.Lock()

    async def drain(self) -> int:
        """Send all that waits, one after the other; returns how many were taken."""
        arrived = 0
        async with self._lock:
            waiting = self._state.outbox.take()
            if not waiting:
                return 0
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)) as session:
                for message, tries in waiting:
                    if await self._taken(session, message):
                        arrived += 1
                    else:
                        self._state.outbox.failed(message, tries)
        return arrived

    async def answers(self, url: str) -> bool:
        """Whether something at `url` answers a test message with 2xx in time."""
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session, session.post(url, json={}) as answer:
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False

    async def keep_sending(self) -> None:
        """Let time pass and messages go, until cancelled."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._state.agenda.settle()
            await self.drain()

    async def _taken(self, session: aiohttp.ClientSession, message: Message) -> bool:
        outbox = self._state.outbox
        headers = {"Authorization": outbox.sign(message.body), "Content-Type": "application/json"}
        try:
            async with session.post(outbox.settings.url, data=message.body, headers=headers) as answer:
                return 200 <= answer.status < 300 and not await answer.read()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False
