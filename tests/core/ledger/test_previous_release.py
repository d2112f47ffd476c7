"""A ledger of the first release, with something in every table, is brought up to date and loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from crossdock.clock import FakeClock
from crossdock.errors import ConfigError
from crossdock.ledger import Database, Ledger, StepState, schema
from crossdock.ledger.database import engine_of
from crossdock.ledger.migrate import upgrade
from tests.core.flows.cases import order

NOW = datetime(2026, 6, 1, tzinfo=UTC)
AT = NOW.timestamp() - 3_600

ROWS = {
    "cursors": {"name": "sg/channel", "value": "page 7", "moved_at": AT},
    "pairs": {
        "route": "sg", "key": "24", "document_id": "CO1", "document_gone": False, "channel_status": "paid",
        "document_status": "", "first_status": "paid", "historical": False, "parked": False, "look_at": AT, "looks": 2,
    },
    "snapshots": {
        "route": "sg", "key": "24", "side": "channel", "fingerprint": "f", "seen_at": AT, "body": order().as_json(),
    },
    "steps": {
        "route": "sg", "key": "24", "kind": "create", "reference": "24", "state": "sending", "why": "no document",
        "attempts": 1, "intended_at": AT, "concluded_at": None, "retry_at": None, "result": "",
    },
    "timeline": {"id": 1, "route": "sg", "key": "24", "at": AT, "what": "nudge", "text": "push 3"},
    "parked": {
        "id": 1, "route": "sg", "key": "24", "cause": "sku", "reason": "no item X", "step": "create", "facts": "{}",
        "raw": b"", "parked_at": AT, "resolved_at": None, "resolution": "",
    },
    "levels": {
        "route": "sg", "sku": "A", "location": "L", "product_id": "1", "version": 3, "available": "7", "wanted": 7,
        "shown": 5, "doubt_until": None, "due_at": AT, "attempts": 0, "cause": "", "problem": "", "seen_at": AT,
    },
    "buffers": {"route": "sg", "sku": "A", "quantity": 2},
    "messages": {"connection": "shop", "id": "m1", "received_at": AT},
}  # fmt: skip


@pytest.fixture
def old(url, keys):
    """The address of a ledger as the first release left it."""
    upgrade(url, "0001")
    tokens = {"connection": "shop", "key": "tokens", "value": keys.encrypt(b"sesame"), "written_at": AT}
    with engine_of(url).begin() as connection:
        for table, row in {**ROWS, "vault": tokens}.items():
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)
    return url


async def test_an_old_ledger_is_refused_until_it_is_upgraded(old):
    with pytest.raises(ConfigError, match=f"of version 0001, this crossdock needs {schema.VERSION}") as refusal:
        await Database(old).open()
    assert refusal.value.hint == "make a backup, then run: crossdock db upgrade"


async def test_everything_that_was_known_is_known_after_the_upgrade(old, tmp_path, keys):
    assert upgrade(old) == "0001"
    async with Ledger(Database(old), FakeClock(NOW), tmp_path, keys) as ledger:
        assert await ledger.cursor("sg/channel") == "page 7"
        pair = (await ledger.load("sg", ["24"]))["24"]
        assert (pair.document_id, pair.channel, pair.parked) == ("CO1", order(), False)
        assert pair.steps["create:24"].state is StepState.SENDING
        assert await ledger.unsettled("sg") == ["24"]
        assert await ledger.due("sg", 10) == ["24"]
        assert [event.text for event in await ledger.timeline("sg", "24")] == ["push 3"]
        assert [item.reason for item in await ledger.parked("sg")] == ["no item X"]
        [level] = await ledger.levels("sg").due(10)
        assert (level.sku, level.wanted, level.shown, level.version) == ("A", 7, 5, 3)
        assert level.available == Decimal(7)
        assert await ledger.listings("sg").buffers() == {"A": 2}
        assert await ledger.vault("shop").read("tokens") == "sesame"


async def test_an_upgrade_that_fails_half_way_leaves_the_ledger_as_it_was(old):
    with engine_of(old).begin() as connection:
        connection.execute(text("CREATE TABLE pauses (mine INTEGER)"))  # in the way of the second migration
    with pytest.raises(ConfigError, match="cannot be brought to version"):
        upgrade(old)
    with engine_of(old).connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0001"
        assert connection.execute(text("SELECT count(*) FROM pairs")).scalar() == 1
        with pytest.raises(Exception, match="lanes"):
            connection.execute(text("SELECT * FROM lanes"))
