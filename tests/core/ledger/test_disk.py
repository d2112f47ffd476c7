"""A disk that is full or cannot be written: a clear sentence, nothing half done, and on it goes when it can."""

from __future__ import annotations

import pytest

from crossdock.clock import FakeClock
from crossdock.errors import ConfigError, TryLater
from crossdock.ledger import Database, Inbox, Ledger, Mark, Message, Seen
from tests.core.flows.cases import order


@pytest.fixture
async def ledger(tmp_path, keys):
    async with Ledger(Database(f"sqlite:///{tmp_path}/ledger.db"), FakeClock(), tmp_path, keys) as opened:
        yield opened


async def leave_pages(ledger, more):
    """SQLite's own error for a full disk, without filling one."""

    def limit(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() + more
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar()

    await ledger.database.read(limit)


async def test_a_full_disk_means_later_and_nothing_is_half_done(ledger):
    await leave_pages(ledger, 0)
    seen = [Seen(str(number), "channel", order(id=str(number))) for number in range(200)]
    with pytest.raises(TryLater, match="database or disk is full") as refusal:
        await ledger.record("r", seen, ("r/channel", "page 2"))
    assert "the disk not full" in refusal.value.hint
    assert await ledger.load("r", ["1", "199"]) == {}
    assert await ledger.cursor("r/channel") is None

    await leave_pages(ledger, 10_000)
    await ledger.record("r", seen, ("r/channel", "page 2"))
    assert len(await ledger.load("r", ["1", "199"])) == 2
    assert await ledger.cursor("r/channel") == "page 2"


async def test_a_push_message_that_finds_no_room_has_to_be_sent_again(ledger):
    inbox = Inbox(ledger.database, FakeClock(), lambda *_: None)
    await leave_pages(ledger, 0)
    marks = tuple(Mark("r", f"{number:0100}", False, "push 3") for number in range(200))
    with pytest.raises(TryLater, match="full"):
        await inbox.keep(Message("shop", "m1", marks))
    await leave_pages(ledger, 10_000)
    assert not (await inbox.keep(Message("shop", "m1", marks))).repeated
    await inbox.settle()


async def test_a_file_that_cannot_be_written_is_refused_at_the_start(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/ledger.db")
    await made.open()
    await made.close()
    with pytest.raises(ConfigError, match="cannot be opened: attempt to write a readonly database") as refusal:
        await Database(f"sqlite:///file:{tmp_path}/ledger.db?mode=ro&uri=true").open()
    assert "writable" in refusal.value.hint


async def test_a_file_that_becomes_read_only_means_later(ledger):
    await ledger.database.read(lambda connection: connection.exec_driver_sql("PRAGMA query_only=1"))
    with pytest.raises(TryLater, match="readonly"):
        await ledger.move("r/channel", "page 2")
    await ledger.database.read(lambda connection: connection.exec_driver_sql("PRAGMA query_only=0"))
    await ledger.move("r/channel", "page 2")
    assert await ledger.cursor("r/channel") == "page 2"
