"""The dispatcher of many machines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from random import Random

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from sqlalchemy import Connection

from crossdock.clock import Clock
from crossdock.dispatch.alarm import Alarm
from crossdock.dispatch.dispatcher import Cause, DispatcherSettings, Fare, Lane, Rests, Work
from crossdock.dispatch.pace import pause_after
from crossdock.dispatch.procrastinate import book, jobs
from crossdock.dispatch.procrastinate.presence import Presence
from crossdock.dispatch.running import Running, asked_pause, tell_failure
from crossdock.errors import ConfigError, CrossdockError, TryLater
from crossdock.ledger import Database
from crossdock.log import get_logger

_LOOK_SECONDS = 3.0
"""How often each worker looks for lanes that are due and jobs of dead workers, if nothing tells it to sooner."""
_GRACE_SECONDS = 2.0
"""How long a job of a worker that lives may be without a lock, between two looks: it may be beginning or ending."""
_POLL_SECONDS = 0.2
"""How often a worker asks for jobs that no notification told it of, such as one whose lane was still busy then."""
_RETRY_SECONDS = 1.0


class ProcrastinateDispatcher:
    """Runs lanes in as many processes as there are.

    Args:
        lanes: all that there are; the same in all processes.
        work: runs a slice of one.
        clock: the only source of time within this process.
        random: where jitter comes from.
        settings: how many at once, how long they may go on after `stop`, and the ledger's database.
        moment: seconds since the epoch, the same for all processes.

    Raises:
        ConfigError: the ledger is not in PostgreSQL.
    """

    shared = True

    def __init__(
        self,
        lanes: Sequence[Lane],
        work: Work,
        clock: Clock,
        random: Random,
        settings: DispatcherSettings,
        *,
        moment: Callable[[Connection], float] = book.server_moment,
    ) -> None:
        self._database = _postgres(settings.database)
        self._lanes = {lane.name: lane for lane in lanes}
        self._work = work
        self._clock = clock
        self._random = random
        self._settings = settings
        self._moment = moment
        self._stopping = asyncio.Event()
        self._changed = Alarm(clock)
        self._log = get_logger().bind(logger="crossdock.dispatch")
        self._abandoned: dict[int, float] = {}
        self._presence = Presence(self._database.locks)
        self._running = Running(clock, self._log, self._changed.ring)

    @staticmethod
    def renew(url: str) -> None:
        """Bring Procrastinate's tables to the version that is installed; nobody else uses the ledger now."""
        engine = _postgres(Database(url)).engine
        with engine.begin() as connection:
            jobs.renew(connection)

    async def prepare(self) -> None:
        """Make the tables, and enter the lanes."""
        await self._database.write(self._prepare)

    async def wake(self, lane: str, cause: Cause) -> None:
        """Have `lane` run soon."""
        await self._database.write(self.enlist, lane, cause)

    def enlist(self, connection: Connection, lane: str, cause: Cause) -> None:
        """Have `lane` run once the transaction is committed."""
        known, now = self._lanes.get(lane), self._moment(connection)
        if known is not None and book.ask(connection, lane, cause, now):
            jobs.enqueue(connection, known, now)

    async def fares(self) -> Mapping[str, Fare]:
        """How lanes fare, whoever ran them."""
        return await self._database.read(lambda one: book.fares(one, self._lanes, self._moment(one)))

    def stop(self) -> None:
        """Start no further runs."""
        self._stopping.set()
        self._changed.ring()

    async def run(self) -> None:
        """Have lanes run until `stop` is called, then let those that run end within the time allowed."""
        try:
            while not self._stopping.is_set():
                app = jobs.app_of(self._database.connect_arguments, self._run_job, self._presence.begin)
                try:
                    async with app.open_async():
                        await self._serve(app)
                except (ConnectorException, OSError, TryLater) as error:
                    reason = str(error.__cause__ or error).strip().partition("\n")[0]
                    self._log.warning("queue.out_of_reach", reason=reason, again_seconds=_RETRY_SECONDS)
                    await self._changed.wait(_RETRY_SECONDS)
        finally:
            await self._running.cut_off()

    async def _serve(self, app: App) -> None:
        """Look for what is due and run jobs, until told to stop or until the database is gone."""
        looking = asyncio.create_task(self._keep_looking())
        working = asyncio.create_task(self._take_jobs(app))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            looking.cancel()
            stopping.cancel()
            working.cancel()  # no further jobs; those that run go on
            await self._running.drain(self._settings.drain_seconds)
            await self._running.cut_off()
            await asyncio.gather(looking, stopping, return_exceptions=True)
            with suppress(asyncio.CancelledError):
                await working

    async def _take_jobs(self, app: App) -> None:
        await app.run_worker_async(
            concurrency=self._settings.at_once,
            delete_jobs="always",
            install_signal_handlers=False,
            fetch_job_polling_interval=_POLL_SECONDS,
        )

    async def _keep_looking(self) -> None:
        while True:
            self._changed.clear()
            seconds = _LOOK_SECONDS
            try:
                seconds = await self._database.write(self._look)
                await self._presence.renew()
            except TryLater as error:
                self._log.debug("queue.out_of_reach", reason=str(error))
            except Exception as error:  # noqa: BLE001 - a mistake of ours is told, and looking goes on
                self._log.error("queue.not_looked_at", error=type(error).__name__, exc_info=error)
            await self._changed.wait(seconds)

    def _prepare(self, connection: Connection) -> None:
        jobs.prepare(connection)
        book.enter(connection, list(self._lanes.values()), self._moment(connection), self._random)

    def _look(self, connection: Connection) -> float:
        """Enqueue what is due; answer for how many seconds nothing else is."""
        now = self._moment(connection)
        self._take_over(connection)
        self._enqueue_due(connection, jobs.idle(connection, self._lanes), now)
        due_at = book.next_due(connection, self._lanes, now)
        return _LOOK_SECONDS if due_at is None else min(_LOOK_SECONDS, due_at - now)

    def _take_over(self, connection: Connection) -> None:
        """End the jobs of processes that are gone: at once where that is certain, else when they are found again."""
        now, found = self._clock.monotonic(), jobs.abandoned(connection)
        self._abandoned = {number: self._abandoned.get(number, now) for number in found}
        gone = [n for n, since in self._abandoned.items() if found[n].is_certain or now - since >= _GRACE_SECONDS]
        jobs.remove(connection, gone)
        for number in gone:
            self._log.warning("lane.taken_over", lane=found[number].lane)

    def _enqueue_due(self, connection: Connection, known: Mapping[str, Lane], now: float) -> None:
        for name in book.take_due(connection, known, now, self._random):
            jobs.enqueue(connection, known[name], now)

    async def _run_job(self, lane: str) -> None:
        """Run the slice that a job is about. A job never fails: what is left to do stands in the book."""
        if lane in self._lanes and not self._stopping.is_set():
            await asyncio.wait([self._running.start(lane, self._slice(lane))])

    async def _slice(self, lane: str) -> None:
        """Run the lane, and again as long as it is asked for and keeps nobody waiting."""
        lock = jobs.job_lock(lane)
        try:
            if await self._database.locks.take(lock):
                try:
                    await self._turns(lane)
                finally:
                    await self._database.locks.give_back(lock)
        except TryLater as error:  # the ledger is gone: the lane is found due when it is back
            self._log.warning("lane.put_off", lane=lane, reason=str(error))
        except Exception as error:  # noqa: BLE001 - a mistake of ours is told; the lane is still asked for
            self._log.error("lane.put_off", lane=lane, error=type(error).__name__, exc_info=error)

    async def _turns(self, lane: str) -> None:
        while begun := await self._database.write(lambda one: book.begin(one, lane, self._moment(one))):
            if not await self._take_turn(begun):
                return

    async def _take_turn(self, begun: book.Begun) -> bool:
        """Whether the lane goes on at once."""
        try:
            more = await self._work(begun.turn)
        except Rests as error:
            await self._database.write(book.rest, begun, error.reason)
            return False
        except Exception as error:  # noqa: BLE001 - a mistake in one lane is no reason to stop the others
            pause = pause_after(begun.failures, self._random, asked_pause(error))
            tell_failure(self._log, begun.turn.lane, error, begun.failures + 1, pause)
            reason = str(error) if isinstance(error, CrossdockError) else type(error).__name__
            await self._database.write(lambda one: book.fail(one, begun, self._moment(one) + pause, reason))
            return False
        return await self._database.write(self._end, begun, more)

    def _end(self, connection: Connection, begun: book.Begun, more: bool) -> bool:
        """Note that a run ended well. A lane that is due again goes on, or queues up behind those that wait."""
        lane, now = self._lanes[begun.turn.lane], self._moment(connection)
        book.end(connection, begun, more, now)
        if self._stopping.is_set() or not book.take_due(connection, {lane.name: lane}, now, self._random):
            return False
        if len(self._running) < self._settings.at_once or not jobs.others_wait(connection, lane):
            return True
        jobs.enqueue(connection, lane, now)
        return False


def _postgres(database: Database | None) -> Database:
    if database is None or not database.is_shared:
        raise ConfigError(
            "the dispatcher procrastinate needs a ledger in PostgreSQL, which many machines can reach",
            key="runner.dispatcher",
            hint='set ledger.url = "postgresql://USER@HOST/DATABASE", or leave runner.dispatcher out',
        )
    return database
