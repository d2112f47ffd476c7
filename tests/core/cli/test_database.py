import sqlite3
from contextlib import closing

from crossdock.ledger import schema


def test_a_new_key_can_encrypt(crossdock):
    assert len(crossdock("db", "new-key").out.strip()) == 44


def test_an_upgrade_brings_a_ledger_to_this_version_and_may_be_repeated(crossdock, folder):
    (folder / "crossdock.toml").write_text('[ledger]\nurl = "sqlite:///mine.db"\n')
    for _ in range(2):
        assert crossdock("db", "upgrade").out.strip() == "The ledger is up to date."
    with closing(sqlite3.connect(folder / "mine.db")) as ledger:
        assert ledger.execute("select version_num from alembic_version").fetchone() == (schema.VERSION,)
