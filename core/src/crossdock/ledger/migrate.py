"""Bringing the tables of an older ledger to the version that this code needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from crossdock.errors import ConfigError
from crossdock.ledger.database import engine_of, one_at_a_time
from crossdock.ledger.schema import VERSION

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(url: str, to: str = VERSION) -> str:
    """Bring the ledger at `url` to the version that this code needs, in one transaction; answer the one it had.

    Nothing else may use the ledger meanwhile. Everything in it is kept.

    Args:
        url: of the ledger; without tables they are made, and the answer is empty.
        to: the version to bring it to.

    Raises:
        ConfigError: it cannot be opened, or is newer than this code.
    """
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = engine_of(url)
    try:
        with engine.begin() as connection:
            one_at_a_time(connection)
            config.attributes["connection"] = connection
            before = MigrationContext.configure(connection).get_current_revision() or ""
            command.upgrade(config, to)
    except CommandError as error:
        raise ConfigError(
            f"the ledger cannot be brought to version {VERSION}: {error}",
            key="ledger.url",
            hint="it was made by a newer crossdock: install that one",
        ) from error
    except SQLAlchemyError as error:
        raise ConfigError(f"the ledger cannot be brought to version {VERSION}: {error}", key="ledger.url") from error
    finally:
        engine.dispose()
    return before
