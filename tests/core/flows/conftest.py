import pytest

from tests.core.doubles import Desk, World, open_ledger


@pytest.fixture
def world():
    return World()


@pytest.fixture
async def ledger(tmp_path, world):
    async with open_ledger(tmp_path, world) as opened:
        yield opened


@pytest.fixture
def desk(ledger, world):
    return Desk(ledger, world)
