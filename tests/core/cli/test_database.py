import sqlite3
from contextlib import closing

from filelock import FileLock

from crossdock.ledger import migrate, schema


def test_a_new_key_can_encrypt(crossdock):
    assert len(crossdock("db", "new-key").out.strip()) == 44


def test_an_upgrade_brings_a_ledger_to_this_version_and_may_be_repeated(crossdock, folder):
    (folder / "crossdock.toml").write_text('[ledger]\nurl = "sqlite:///mine.db"\n')
    assert crossdock("db", "upgrade").out.strip() == f"A new ledger of version {schema.VERSION} was made."
    assert crossdock("db", "upgrade").out.strip() == "The ledger is up to date."
    with closing(sqlite3.connect(folder / "mine.db")) as ledger:
        assert ledger.execute("select version_num from alembic_version").fetchone() == (schema.VERSION,)


def test_an_old_ledger_is_brought_up_to_date_by_what_the_refusal_says(crossdock, folder):
    (folder / "crossdock.toml").write_text('[ledger]\nurl = "sqlite:///crossdock.db"\n')
    migrate.upgrade(f"sqlite:///{folder}/crossdock.db", "0001")
    refused = crossdock("parked", "list")
    assert f"of version 0001, this crossdock needs {schema.VERSION}" in refused.err
    assert "make a backup, then run: crossdock db upgrade" in refused.err
    assert crossdock("db", "upgrade").out.strip() == f"The ledger was brought from version 0001 to {schema.VERSION}."
    assert crossdock("parked", "list").code == 0


def test_a_ledger_that_a_service_uses_is_not_upgraded(crossdock, folder):
    (folder / "crossdock.toml").write_text('[ledger]\nurl = "sqlite:///crossdock.db"\n')
    with FileLock(folder / "crossdock.db.run-lock"):
        assert "another `crossdock run` works on this ledger" in crossdock("db", "upgrade").err
