"""Locks in PostgreSQL: held against everybody, lost with the session, and nothing is decided under a lost one."""

import asyncio

import pytest

from crossdock.clock import FakeClock, SystemClock
from crossdock.errors import TryLater
from crossdock.ledger import Database, Decided, Intent, Ledger, Seen
from tests import postgres
from tests.core.flows.cases import order


@pytest.fixture
def server(postgres_address):
    with postgres.schema(postgres_address) as address:
        yield address


@pytest.fixture
async def two(server, tmp_path, keys):
    """Two processes' ledgers in one database, and a way to break the first one's session."""
    async with (
        Ledger(Database(server), FakeClock(), tmp_path / "a", keys) as one,
        Ledger(Database(server), SystemClock(), tmp_path / "b", keys) as other,
    ):
        yield one, other


async def break_session(ledger, other):
    pid = await ledger.database.read(lambda c: c.exec_driver_sql("SELECT pg_backend_pid()").scalar())
    await other.database.read(lambda c: c.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)").scalar())


INTENT = Decided([Intent("24", "create", "24", "no document")])


async def test_a_lane_is_held_against_other_machines_and_other_tasks(two):
    one, other = two
    lock = await one.lane("r/orders")
    for ledger in (one, other):
        with pytest.raises(TryLater, match="r/orders is being worked on by another process"):
            await ledger.lane("r/orders")
    await lock.release()
    await (await other.lane("r/orders")).release()


async def test_nothing_is_decided_under_a_lane_that_was_lost_even_if_nobody_has_it_now(two):
    one, other = two
    await one.record("r", [Seen("24", "channel", order())])
    lock = await one.lane("r/orders")
    await break_session(one, other)
    await (await other.lane("r/orders")).release()
    for decision in (one.decide("r", INTENT), one.intend("r", INTENT.intents[0])):
        with pytest.raises(TryLater, match="r/orders was given up"):
            await decision
    assert await other.unsettled("r") == []
    await lock.release()
    lock = await one.lane("r/orders")
    await one.decide("r", INTENT)
    await lock.release()
    assert await other.unsettled("r") == ["24"]


async def test_stock_and_products_are_not_sent_under_a_lost_lane_either(two):
    one, other = two
    for lane in ("r/stock", "r/products"):
        await one.lane(lane)
    await break_session(one, other)
    with pytest.raises(TryLater, match="r/products was given up"):
        await one.listings("r").intend("1", "create", 1.0)
    with pytest.raises(TryLater, match="r/stock was given up"):
        await one.levels("r").intend([], 1.0)


async def test_how_a_step_ended_is_kept_even_when_the_lane_was_lost(two):
    one, other = two
    await one.lane("r/orders")
    await break_session(one, other)
    await one.tell("r", [("24", "done", "CO1")])
    assert [event.text for event in await other.timeline("r", "24")] == ["CO1"]


async def test_a_lock_that_is_given_up_while_it_is_taken_stays_free(two):
    one, other = two
    taking = asyncio.ensure_future(one.lane("r/orders"))
    await asyncio.sleep(0)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    await one.status("r")  # whatever was under way is through
    await asyncio.sleep(0)
    await (await other.lane("r/orders")).release()


async def test_a_vault_key_is_held_by_one_machine_at_a_time_and_the_next_one_reads_what_it_wrote(two):
    one, other = two
    seen = []

    async def renew(ledger, token):
        async with ledger.vault("shop").locked("tokens"):
            seen.append(await ledger.vault("shop").read("tokens"))
            await ledger.vault("shop").write("tokens", token)

    async with one.vault("shop").locked("tokens"):
        waiting = asyncio.ensure_future(renew(other, "second"))
        await one.vault("shop").write("tokens", "first")
        assert not waiting.done()
    await waiting
    assert seen == ["first"]
