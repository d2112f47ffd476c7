"""A bearer token in memory: asked for by one task at a time, renewed before it ends, forgotten where it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from crossdock.clock import Clock
from crossdock.log import register_secret

_EARLY_SECONDS = 300.0
"""A token is renewed so long before it ends, or after half of its life."""


class BearerToken:
    """The token of a connection whose system lets several be valid at once, so that no other process has to know.

    Args:
        clock: tells when it ends.
        ask: asks for a new one; answers it and for how many seconds it is good, or raises what the verb is to raise.
    """

    def __init__(self, clock: Clock, ask: Callable[[], Awaitable[tuple[str, float]]]) -> None:
        self._clock = clock
        self._ask = ask
        self._header = ""
        self._renew_at = 0.0
        self._lock = asyncio.Lock()

    async def header(self) -> str:
        """The value of `Authorization`, from memory or asked for now."""
        if not self._is_fresh():
            async with self._lock:
                if not self._is_fresh():  # another task may have been first
                    await self._renew()
        return self._header

    def forget(self, header: str) -> None:
        """`header` was refused: forget that token; a newer one stays."""
        if header == self._header:
            self._header = ""

    def _is_fresh(self) -> bool:
        return bool(self._header) and self._clock.monotonic() < self._renew_at

    async def _renew(self) -> None:
        asked_at = self._clock.monotonic()
        token, lifetime = await self._ask()
        register_secret(token)
        self._header = f"Bearer {token}"
        self._renew_at = asked_at + max(lifetime - _EARLY_SECONDS, lifetime / 2)
