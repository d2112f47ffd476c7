"""Connections that have to sign in: their lanes rest, alone, until the sign-in works again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from crossdock.clock import Clock
from crossdock.dispatch import Cause
from crossdock.errors import SignInAgain
from crossdock.log import get_logger
from crossdock.runner.board import Board


class Pauses:
    """Which lanes rest, and the probes that end it.

    Args:
        lanes: connection to the lanes that need it.
        probe: tries a connection's credentials; returns when they work.
        wake: has a lane run.
        board: shows who has to sign in.
        clock: the only source of time.
        every: seconds between two probes.
    """

    def __init__(
        self,
        lanes: Mapping[str, Sequence[str]],
        probe: Callable[[str], Awaitable[object]],
        wake: Callable[[str, Cause], Awaitable[None]],
        board: Board,
        clock: Clock,
        every: float,
    ) -> None:
        self._lanes = lanes
        self._probe = probe
        self._wake = wake
        self._board = board
        self._clock = clock
        self._every = every
        self._probing: dict[str, asyncio.Task[None]] = {}
        self._told: set[str] = set()
        self._log = get_logger().bind(logger="crossdock.runner")

    def holds(self, lane: str) -> bool:
        """Whether a connection of this lane has to sign in."""
        return any(lane in self._lanes[connection] for connection in self._probing)

    def pause(self, lane: str, error: SignInAgain) -> None:
        """Rest all lanes of the connection that `error` names, and say so once."""
        named = error.connection if error.connection in self._lanes else None
        connection = named or next(name for name, lanes in self._lanes.items() if lane in lanes)
        if connection in self._probing:
            return
        self._board.paused[connection] = self._clock.now()
        self._probing[connection] = asyncio.create_task(self._until_it_works(connection))
        if connection not in self._told:
            self._told.add(connection)
            hint = error.hint or f"crossdock auth link {connection}"
            self._log.error("connection.paused", connection=connection, reason=str(error), hint=hint)

    def worked(self, lane: str) -> None:
        """A run of `lane` went well: if its connections fail again, that is news."""
        self._told = {name for name in self._told if lane not in self._lanes[name]}

    async def close(self) -> None:
        """Probe no more."""
        probing, self._probing = list(self._probing.values()), {}
        for task in probing:
            task.cancel()
        await asyncio.gather(*probing, return_exceptions=True)

    async def _until_it_works(self, connection: str) -> None:
        while True:
            await self._clock.sleep(self._every)
            try:
                await self._probe(connection)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next probe may work
                self._log.debug("connection.still_paused", connection=connection, error=type(error).__name__)
            else:
                break
        self._board.paused.pop(connection, None)
        del self._probing[connection]
        self._log.info("connection.resumed", connection=connection)
        for lane in self._lanes[connection]:
            await self._wake(lane, Cause("signed in again", whole=True))
