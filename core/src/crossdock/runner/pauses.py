"""Connections that have to sign in: their lanes rest, alone and in every process, until the sign-in works again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy import Connection

from crossdock.clock import Clock
from crossdock.dispatch import Cause
from crossdock.errors import CrossdockError, SignInAgain, TryLater
from crossdock.ledger import Database, Pause, pauses
from crossdock.log import get_logger

Enlist = Callable[[Connection, str, Cause], None]
"""Within a transaction of the ledger, has a lane run once that is committed."""


class Pauses:
    """Which lanes rest, and the probes that end it. All of it is kept in the ledger, so that all processes agree.

    Args:
        lanes: connection to the lanes that need it.
        database: of the ledger; open.
        probe: tries a connection's credentials; returns when they work.
        enlist: wakes a lane.
        clock: the only source of time.
        every: seconds between two probes of a connection, however many processes there are.
    """

    def __init__(
        self,
        lanes: Mapping[str, Sequence[str]],
        database: Database,
        probe: Callable[[str], Awaitable[object]],
        enlist: Enlist,
        clock: Clock,
        every: float,
    ) -> None:
        self._lanes = lanes
        self._database = database
        self._probe = probe
        self._enlist = enlist
        self._clock = clock
        self._every = every
        self._noted: Mapping[str, Pause] = {}
        self._probing: asyncio.Task[None] | None = None
        self._log = get_logger().bind(logger="crossdock.runner")

    def start(self) -> None:
        """Probe what rests, now and then: now too, since whoever starts a service may have mended something."""
        self._probing = asyncio.create_task(self._keep_probing(), name="probes")

    async def close(self) -> None:
        """Probe no more."""
        if self._probing is not None:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)

    async def holds(self, lane: str) -> Pause | None:
        """Why this lane rests; None where it does not.

        Raises:
            TryLater: the ledger does not answer.
        """
        self._noted = await self._database.read(pauses.noted)
        resting = (one for one in self._noted.values() if one.resting)
        return next((one for one in resting if lane in self._lanes.get(one.connection, ())), None)

    async def pause(self, lane: str, error: SignInAgain) -> None:
        """Rest all lanes of the connection that `error` names, and say so once.

        Raises:
            TryLater: the ledger does not answer.
        """
        named = error.connection if error.connection in self._lanes else None
        connection = named or next(name for name, lanes in self._lanes.items() if lane in lanes)
        if await self._database.write(pauses.begin, connection, str(error), self._clock.now().timestamp()):
            hint = error.hint or f"crossdock auth link {connection}"
            self._log.error("connection.paused", connection=connection, reason=str(error), hint=hint)

    async def worked(self, lane: str) -> None:
        """A run of `lane` went well: if its connections are refused again, that is news.

        Raises:
            TryLater: the ledger does not answer.
        """
        over = [name for name, one in self._noted.items() if not one.resting and lane in self._lanes.get(name, ())]
        if over:
            await self._database.write(pauses.forget, over)

    async def _keep_probing(self) -> None:
        await self._probe_all(at_once=True)
        while True:
            await self._clock.sleep(self._every)
            await self._probe_all()

    async def _probe_all(self, *, at_once: bool = False) -> None:
        try:
            noted = await self._database.read(pauses.noted)
        except TryLater as error:
            self._log.debug("ledger.out_of_reach", reason=str(error))
            return
        resting = [one for one in noted.values() if one.resting and one.connection in self._lanes]
        await asyncio.gather(*(self._probe_one(one, at_once) for one in resting))

    async def _probe_one(self, pause: Pause, at_once: bool) -> None:
        """Probe once; whatever goes wrong, the next probe may work."""
        name = pause.connection
        try:
            if not await self._database.write(self._claim, name, at_once):
                return
            await self._probe(name)
            resumed = await self._database.write(self._resume, name)
        except Exception as error:  # noqa: BLE001 - a mistake in a plugin is no reason to stop the service
            write = self._log.warning if at_once else self._log.debug
            since, reason = pause.since.isoformat(), str(error) if isinstance(error, CrossdockError) else None
            write("connection.still_paused", connection=name, since=since, error=type(error).__name__, reason=reason)
        else:
            if resumed:
                self._log.info("connection.resumed", connection=name)

    def _claim(self, connection: Connection, name: str, at_once: bool) -> bool:
        return pauses.claim(connection, name, self._clock.now().timestamp(), self._every, at_once=at_once)

    def _resume(self, connection: Connection, name: str) -> bool:
        """End the pause, and have its lanes run, in one commit."""
        resumed = pauses.end(connection, name)
        if resumed:
            for lane in sorted(self._lanes[name]):
                self._enlist(connection, lane, Cause("signed in again", whole=True))
        return resumed
