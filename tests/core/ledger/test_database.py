import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from crossdock.clock import FakeClock
from crossdock.errors import ConfigError, TryLater
from crossdock.ledger import Database, Ledger, Seen
from crossdock.ledger.schema import VERSION, metadata
from tests import postgres
from tests.core.flows.cases import order


async def version_of(url, number):
    """Make a ledger of another version."""
    database = Database(url)
    await database.open()
    await database.write(
        lambda connection: connection.execute(text(f"UPDATE alembic_version SET version_num='{number}'"))
    )
    await database.close()


@pytest.mark.parametrize(("number", "hint"), [("0000", "run: crossdock db upgrade"), ("9999", "a newer crossdock")])
async def test_a_ledger_of_another_version_is_refused_with_what_to_do(url, number, hint):
    await version_of(url, number)
    with pytest.raises(ConfigError, match=f"of version {number}, this crossdock needs {VERSION}") as refusal:
        await Database(url).open()
    assert hint in refusal.value.hint
    assert refusal.value.key == "ledger.url"


async def test_a_ledger_of_this_version_is_opened_again(url):
    for _ in range(2):
        database = Database(url)
        await database.open()
        assert (
            await database.read(lambda connection: connection.execute(text("SELECT count(*) FROM pairs")).scalar()) == 0
        )
        await database.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://host/db", "'mysql' names no database that a ledger can be in"),
        ("nonsense", "'nonsense' names no database"),
        ("", "'' names no database"),
    ],
)
def test_a_url_that_names_no_database_of_ours_is_refused(url, words):
    with pytest.raises(ConfigError, match=words) as refusal:
        Database(url)
    assert "sqlite:///crossdock.db or postgresql://" in refusal.value.hint


async def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"cannot be opened: unable to open database file") as refusal:
        await Database(f"sqlite:///{tmp_path}/file/ledger.db").open()
    assert "writable" in refusal.value.hint


async def test_a_server_that_is_not_there_is_one_sentence_without_the_password():
    with pytest.raises(TryLater, match="does not answer") as refusal:
        await Database("postgresql://me:sesame@127.0.0.1:1/x").open()
    assert "sesame" not in str(refusal.value)


async def test_work_that_fails_leaves_nothing_behind_and_the_next_goes_on(url):
    database = Database(url)
    await database.open()

    def half(connection):
        connection.execute(text("INSERT INTO cursors (name, value, moved_at) VALUES ('a', 'b', 1)"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(half)
    count = text("SELECT count(*) FROM cursors")
    assert await database.read(lambda connection: connection.execute(count).scalar()) == 0
    assert database.commits == 0
    await database.close()


async def test_a_mistake_in_our_sql_is_no_reason_to_try_later(url):
    database = Database(url)
    await database.open()
    with pytest.raises(Exception, match="nowhere") as mistake:
        await database.read(lambda connection: connection.execute(text("SELECT * FROM nowhere")))
    assert not isinstance(mistake.value, ConfigError)
    await database.close()


@pytest.fixture
def postgres_url(postgres_address):
    with postgres.schema(postgres_address) as address:
        yield address


def drop_connections_of(url):
    name = make_url(url).query["application_name"]
    plain = make_url(url).set(query={k: v for k, v in make_url(url).query.items() if k == "host"})
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        connection.execute(kill, [name])


async def test_a_server_that_dropped_us_is_reached_again_and_nothing_is_lost(postgres_url, tmp_path, keys):
    async with Ledger(Database(postgres_url), FakeClock(), tmp_path, keys) as ledger:
        await ledger.record("r", [Seen("24", "channel", order())])
        drop_connections_of(postgres_url)
        await ledger.record("r", [Seen("25", "channel", order(id="25"))], ("r/channel", "2"))
        drop_connections_of(postgres_url)
        assert set(await ledger.load("r", ["24", "25"])) == {"24", "25"}
        assert await ledger.cursor("r/channel") == "2"


async def test_a_server_that_is_gone_means_later_and_coming_back_is_enough(postgres_url):
    database = Database(postgres_url)
    await database.open()
    gone = True

    def work(connection):
        if gone:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return connection.execute(text("SELECT 1")).scalar()

    with pytest.raises(TryLater, match=r"the ledger .* does not answer"):
        await database.write(work)
    gone = False
    assert await database.write(work) == 1
    await database.close()


def test_several_that_open_a_new_ledger_at_once_make_its_tables_once(url):
    at_once = threading.Barrier(4)

    async def once():
        database = Database(url)
        at_once.wait()
        await database.open()
        await database.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda _: asyncio.run(once()), range(4))) == [None] * 4


async def test_a_new_file_that_another_is_writing_to_is_waited_for(tmp_path):
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database = Database(f"sqlite:///{tmp_path}/ledger.db")
    opening = asyncio.create_task(database.open())
    ended, _ = await asyncio.wait({opening}, timeout=0.2)
    assert not ended
    other.execute("COMMIT")
    await opening
    await database.close()
    other.close()


def test_every_text_that_others_write_has_room():
    """PostgreSQL refuses what is longer than its column; only numbers and our own words have a limit."""
    limited = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if getattr(column.type, "length", None) is not None
    }
    assert not limited & {"steps.why", "parked.cause", "parked.step", "parked.reason", "timeline.text"}
