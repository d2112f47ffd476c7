"""That a worker lives, shown to all others by a lock of its database session: what dies, however it dies, lets go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from crossdock.ledger.locks import SessionLocks
from crossdock.log import get_logger

_PREFIX = "worker/"


def worker_lock(worker: Any) -> Any:
    """The lock that a process holds as long as it is `worker`, a number as text or a column of such."""
    return _PREFIX + worker


class Presence:
    """Holds the lock of the worker that this process is at the moment.

    Args:
        locks: of the ledger's session.
    """

    def __init__(self, locks: SessionLocks) -> None:
        self._locks = locks
        self._name: str | None = None
        self._turn = asyncio.Lock()  # a worker begins anew in the moment in which its lock is renewed

    async def begin(self, worker: int) -> None:
        """Be this worker from now on, and no other.

        Raises:
            TryLater: the ledger does not answer.
        """
        async with self._turn:
            if self._name is not None:
                await self._locks.give_back(self._name)
            self._name = worker_lock(str(worker))
            await self._locks.take(self._name)

    async def renew(self) -> None:
        """Take the lock anew when the session that held it broke.

        Raises:
            TryLater: the ledger does not answer.
        """
        async with self._turn:
            if self._name is not None and self._locks.is_lost(self._name):
                await self._locks.give_back(self._name)
                await self._locks.take(self._name)


class AnnouncedJobs(JobManager):
    """Procrastinate's jobs, for a worker that is announced before it gets the first of them.

    Args:
        connector: to the database.
        announce: is awaited with the worker's number.
    """

    def __init__(self, connector: BaseConnector, announce: Callable[[int], Awaitable[None]]) -> None:
        super().__init__(connector)
        self._announce = announce
        self._log = get_logger().bind(logger="crossdock.dispatch")

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """End a job; where the database went away, the next look finds it without a lock, and ends it."""
        try:
            await super().finish_job(job, status, delete_job)
        except ConnectorException as error:
            cause = str(error.__cause__ or error).partition("\n")[0]
            self._log.debug("job.not_ended", lane=job.lock, reason=cause)

    async def register_worker(self) -> int:
        """Enter the worker, and announce it."""
        worker = await super().register_worker()
        await self._announce(worker)
        return worker
