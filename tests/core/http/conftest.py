from collections.abc import AsyncIterator

import pytest

from tests.core.http.far_side import Wire, wire


@pytest.fixture
async def far_side() -> AsyncIterator[Wire]:
    async with wire() as made:
        yield made
