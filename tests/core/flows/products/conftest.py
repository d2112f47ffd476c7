import pytest

from tests.core.flows.products.market import Desk


@pytest.fixture
def desk(ledger, world):
    return Desk(ledger, world.clock)
