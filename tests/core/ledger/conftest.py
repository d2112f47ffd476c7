from collections.abc import AsyncIterator, Iterator

import pytest
from cryptography.fernet import Fernet, MultiFernet

from crossdock.clock import FakeClock
from crossdock.ledger import Database, Ledger
from tests import postgres


@pytest.fixture(scope="session")
def postgres_address(tmp_path_factory) -> Iterator[str]:
    with postgres.server(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> Iterator[str]:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/ledger.db"
        return
    with postgres.schema(request.getfixturevalue("postgres_address")) as address:
        yield address


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def keys():
    return MultiFernet([Fernet(Fernet.generate_key())])


@pytest.fixture
async def ledger(url, clock, tmp_path, keys) -> AsyncIterator[Ledger]:
    async with Ledger(Database(url), clock, tmp_path, keys) as opened:
        yield opened
