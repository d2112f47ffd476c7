"""The same configuration with its ledger in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossdock import discovery
from crossdock.config import load
from crossdock.errors import ConfigError
from crossdock.runner.alone import alone
from tests import postgres
from tests.journeys.hall import WallClock, opened
from tests.journeys.shift import Shift


async def test_an_orders_life_is_kept_in_postgresql_and_one_service_has_it_at_a_time(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with postgres.server(tmp_path_factory.mktemp("pg")) as address, postgres.schema(address) as url:
        folder, ledger = tmp_path / "hall", f'[ledger]\nurl = "{url}"'
        async with opened(folder, 7, ledger, clock=WallClock(), arrange_seconds=0) as hall:
            shift = Shift(hall)
            number = await shift.place(0)
            await shift.at_central(number, "post")
            for _ in range(2):
                await shift.pull(0)
            assert shift.modes() == ["pickup"]
            [status] = await (await hall.engine()).status()
            assert (status.linked, status.doubtful, status.waiting, status.parked) == (1, 0, 0, 0)
        assert not list(folder.glob("*.db"))
        shared = load(folder / "crossdock.toml", discovery.find).ledger
        async with alone(shared, shared=False):
            with pytest.raises(ConfigError, match="another `crossdock run` works on this ledger"):
                async with alone(shared, shared=True):
                    pass
