"""The clock on the wall is set back: nothing waits longer for it, and nothing that may be under way is hurried."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import text
from structlog.testing import capture_logs

from crossdock.clock import FakeClock
from crossdock.ledger import Database, Ledger, Seen
from crossdock.runner.wall import WallWatch
from tests.core.doubles import order

MONTH = timedelta(days=30)


class JumpingClock(FakeClock):
    """A clock whose time of day can be set, while what it measures goes on."""

    jumped = timedelta()

    def now(self):
        return super().now() + self.jumped


@pytest.fixture
async def ledger(tmp_path):
    keys = MultiFernet([Fernet(Fernet.generate_key())])
    async with Ledger(Database(f"sqlite:///{tmp_path}/ledger.db"), JumpingClock(), tmp_path, keys) as opened:
        yield opened


async def look_in(ledger, seconds):
    """Order 1 is to be looked at after so long, and a step of it is in doubt as long."""
    now = ledger._clock.now().timestamp()
    await ledger.record("sg", [Seen("1", "channel", order("1"))], ("sg/channel", "page 1"))

    def wait(connection):
        connection.execute(text("UPDATE pairs SET look_at = :at"), {"at": now + seconds})
        connection.execute(
            text("INSERT INTO steps VALUES ('sg', '1', 'create', '1', 'doubtful', '', 1, :now, NULL, :at, '')"),
            {"now": now, "at": now + seconds},
        )

    await ledger.database.write(wait)


async def test_what_waits_is_looked_at_when_it_would_have_been(ledger):
    clock = ledger._clock
    await look_in(ledger, 600)
    watch = WallWatch(ledger, clock)
    await watch.start()
    await clock.advance(30)
    clock.jumped = -MONTH
    with capture_logs() as logs:
        await clock.advance(30)
        while not logs:
            await clock.advance(0.001)
        await watch.close()
    assert (logs[0]["event"], logs[0]["seconds"], logs[0]["moved"]) == ("clock.set_back", MONTH.total_seconds(), 2)
    assert (await ledger.due("sg", 10), await ledger.unsettled("sg")) == ([], [])
    await clock.advance(541)
    assert (await ledger.due("sg", 10), await ledger.unsettled("sg")) == (["1"], ["1"])


async def test_a_clock_that_was_set_back_between_two_runs_is_noticed_at_the_start_and_once(ledger):
    await look_in(ledger, 600)
    ledger._clock.jumped = -MONTH
    with capture_logs() as logs:
        for _ in range(2):
            watch = WallWatch(ledger, ledger._clock)
            await watch.start()
            await watch.close()
    assert [entry["event"] for entry in logs] == ["clock.set_back"]
    await ledger._clock.advance(601)
    assert (await ledger.due("sg", 10), await ledger.unsettled("sg")) == (["1"], ["1"])


async def test_a_clock_that_is_put_right_by_seconds_or_set_forward_changes_nothing(ledger):
    clock = ledger._clock
    await look_in(ledger, 600)
    watch = WallWatch(ledger, clock)
    with capture_logs() as logs:
        await watch.start()
        for jump in (timedelta(seconds=-30), MONTH):
            clock.jumped += jump
            await clock.advance(60)
        await watch.close()
    assert logs == []
