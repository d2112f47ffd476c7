import pytest

from crossdock.ledger import Database, Ledger
from tests.core.doubles import KEYS, Desk, World


@pytest.fixture
def world():
    return World()


@pytest.fixture
async def ledger(tmp_path, world):
    async with Ledger(Database("sqlite://"), world.clock, tmp_path, KEYS) as opened:
        yield opened


@pytest.fixture
def desk(ledger, world):
    return Desk(ledger, world)
