import pytest

from tests.core.flows.stock.shop import Hall


@pytest.fixture
def hall(ledger, world):
    return Hall(ledger, world.clock)
