import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from crossdock.errors import ConfigError
from crossdock.ledger import Database, schema
from crossdock.ledger.database import engine_of
from crossdock.ledger.migrate import upgrade


def tables(url):
    """Everything that the database says of its tables."""
    engine = engine_of(url)
    with engine.connect() as connection:
        found = inspect(connection)
        return {
            name: {
                "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(name)},
                "key": found.get_pk_constraint(name)["constrained_columns"],
                "indexes": {i["name"]: i["column_names"] for i in found.get_indexes(name)},
            }
            for name in found.get_table_names()
        }


def clear(url):
    engine = engine_of(url)
    with engine.begin() as connection:
        schema.metadata.drop_all(connection)
        schema.version.drop(connection)


async def test_the_migrations_build_what_a_new_ledger_has(url):
    database = Database(url)
    await database.open()
    await database.close()
    fresh = tables(url)
    clear(url)
    assert upgrade(url) == ""
    assert tables(url) == fresh
    with engine_of(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


async def test_a_migrated_ledger_can_be_opened_and_migrated_again(url):
    assert [upgrade(url) for _ in range(2)] == ["", schema.VERSION]
    database = Database(url)
    await database.open()
    await database.close()


async def test_a_newer_ledger_is_not_touched(url):
    upgrade(url)
    with engine_of(url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="9999") as refusal:
        upgrade(url)
    assert "newer crossdock" in refusal.value.hint


def test_a_ledger_that_cannot_be_opened_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"cannot be brought to version .*unable to open"):
        upgrade(f"sqlite:///{tmp_path}/file/ledger.db")
