"""The same configuration with its ledger in PostgreSQL."""

from __future__ import annotations

import signal

import pytest

from tests import postgres
from tests.journeys.service import running, until
from tests.journeys.stage import Stage


async def test_one_run_by_hand_and_the_service_work_on_postgresql(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with postgres.server(tmp_path_factory.mktemp("pg")) as address, postgres.schema(address) as url:
        stage.configure(orders='every = "1s"')
        path = stage.folder / "crossdock.toml"
        path.write_text(f'{path.read_text()}\n[ledger]\nurl = "{url}"\n[runner]\nport = 0\n')
        by_hand = await stage.place()
        await stage.pull()
        async with running(stage) as run:
            by_service = await stage.place()

            async def arrived() -> bool:
                return len(await stage.central.writes("create_order")) == 2

            await until(arrived)
            done = await stage.crossdock("run", code=2)
            assert await run.end(signal.SIGTERM) == 0
        assert "another `crossdock run` works on this ledger" in done.err
        assert [write["key"] for write in await stage.central.writes("create_order")] == [by_hand, by_service]
        [status] = (await stage.crossdock("status", "--json")).json
        assert (status["linked"], status["in_doubt"]) == (2, 0)
        assert not list(stage.folder.glob("*.db"))
