"""What a dead worker was at: known by the locks of its session, and taken over without delay."""

from __future__ import annotations

import asyncio

import pytest
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from sqlalchemy import text
from structlog.testing import capture_logs

from crossdock.dispatch import Lane
from crossdock.dispatch.procrastinate import jobs
from crossdock.dispatch.procrastinate.presence import AnnouncedJobs, Presence

ORDERS = Lane("sg/orders", 300)
_WORKER = text("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
_BEGIN = text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker")


@pytest.fixture(autouse=True)
async def _tables(shared_yard, ours):
    await shared_yard.made((ORDERS,), ours).prepare()


def begin(connection) -> int:
    """A job that some worker is at; the worker."""
    jobs.enqueue(connection, ORDERS, 0.0)
    worker = connection.execute(_WORKER).scalar()
    connection.execute(_BEGIN, {"worker": worker})
    return worker


async def found(database):
    return [(job.lane, job.is_certain) for job in (await database.read(jobs.abandoned)).values()]


async def test_a_job_whose_worker_lives_may_be_beginning_and_is_not_taken_for_lost_at_once(ours, theirs):
    presence = Presence(theirs.locks)
    await presence.begin(await ours.write(begin))
    assert await found(ours) == [("sg/orders", False)]
    assert await theirs.locks.take(jobs.job_lock("sg/orders"))
    assert await found(ours) == []


async def end_session(theirs, ours):
    pid = await theirs.read(lambda one: one.exec_driver_sql("SELECT pg_backend_pid()").scalar())
    await ours.read(lambda one: one.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)"))


async def test_a_job_whose_workers_session_ended_is_lost(ours, theirs):
    await Presence(theirs.locks).begin(await ours.write(begin))
    await end_session(theirs, ours)
    assert await found(ours) == [("sg/orders", True)]


async def test_a_worker_whose_session_broke_shows_again_that_it_lives(ours, theirs):
    presence = Presence(theirs.locks)
    await presence.begin(await ours.write(begin))
    await end_session(theirs, ours)
    assert await found(theirs) == [("sg/orders", True)]
    await presence.renew()
    assert await found(ours) == [("sg/orders", False)]


async def test_a_worker_that_begins_anew_while_its_lock_is_renewed_is_the_new_one(ours, theirs):
    presence = Presence(theirs.locks)
    before = await ours.write(begin)
    await presence.begin(before)
    await end_session(theirs, ours)
    assert await found(theirs) == [("sg/orders", True)]
    await asyncio.gather(presence.renew(), presence.begin(4_711), presence.renew())
    assert await found(ours) == [("sg/orders", True)]
    await presence.begin(before)
    assert await found(ours) == [("sg/orders", False)]


async def test_a_worker_that_begins_anew_is_not_the_one_before_any_more(ours, theirs):
    presence = Presence(theirs.locks)
    await presence.begin(await ours.write(begin))
    await presence.begin(4_711)
    assert await found(ours) == [("sg/orders", True)]


async def test_a_job_that_cannot_be_ended_while_the_database_is_away_is_left_to_the_next_look():
    class Away(BaseConnector):
        async def execute_query_async(self, query, **arguments):
            raise ConnectorException

    job = Job(id=1, queue="default", lock="sg/orders", queueing_lock=None, task_name="crossdock.lane")
    with capture_logs() as logs:
        await AnnouncedJobs(Away(), None).finish_job(job, Status.SUCCEEDED, delete_job=True)
    assert [(event["event"], event["lane"]) for event in logs] == [("job.not_ended", "sg/orders")]


async def test_whoever_starts_takes_over_at_once_what_a_dead_worker_was_at(shared_yard, ours):
    await ours.write(begin)
    with capture_logs() as logs:
        async with shared_yard.open(ORDERS):
            assert shared_yard.starts("sg/orders") == [0.0]
    assert [event["lane"] for event in logs if event["event"] == "lane.taken_over"] == ["sg/orders"]
