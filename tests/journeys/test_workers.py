"""The service and workers, each a process of its own, on one ledger in PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests import postgres
from tests.journeys.service import Running, running, until
from tests.journeys.stage import SKUS, Stage

ONE_SHIRT = {"items": [{"model_sku": SKUS[0], "quantity": 1, "original_price": "20.00"}]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres.server(tmp_path_factory.mktemp("pg")) as address:
        yield address


@pytest.fixture
def shared(stage: Stage, server: str) -> Iterator[Stage]:
    """The stage, with a config for many machines that polls too rarely to help anybody."""
    with postgres.schema(server) as url:
        stage.configure(orders='every = "1d"\nin_flight = 4')
        path = stage.folder / "crossdock.toml"
        runner = '[runner]\nport = 0\ndrain = "20s"\ndispatcher = "procrastinate"\n'
        path.write_text(f'{path.read_text()}\n[ledger]\nurl = "{url}"\n{runner}')
        yield stage


@asynccontextmanager
async def working(stage: Stage) -> AsyncIterator[Running]:
    """A worker that has opened the ledger; killed at the end if it still runs."""
    process = await stage.start("worker")
    worker = Running("", process)
    reading = asyncio.create_task(worker.read_logs())
    try:
        await until(lambda: asyncio.sleep(0, worker.events("service.working") or process.returncode is not None))
        assert worker.events("service.working"), worker.logs
        yield worker
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def created(stage: Stage) -> list[str]:
    return [write["key"] for write in await stage.central.writes("create_order")]


def runs(*workers: Running) -> int:
    return sum(len(worker.events("lane.ended")) for worker in workers)


async def test_many_machines_share_the_work_and_what_dies_in_the_middle_is_taken_over(shared: Stage) -> None:
    async with working(shared) as one, running(shared) as front:
        everybody = [one, front]
        await until(lambda: asyncio.sleep(0, runs(*everybody) == 1))  # the schedule fires once, however many there are
        await shared.shopee.act("PUT", "/push", {"url": f"{front.url}/push/shop"})
        await shared.central.faults({"kind": "slow", "path": "OmniWrapper", "probability": 1.0, "seconds": 0.7})
        placed = await shared.shopee.act("POST", "/orders/bulk", {"count": 60, "order": ONE_SHIRT})

        async def under_way() -> bool:
            """Every order was told of, for nobody asks the shop by himself, and most are not created yet."""
            return len(front.events("push.taken")) >= 60 and len(await created(shared)) > 3

        await until(under_way)
        [busy] = [each for each in everybody if len(each.events("lane.started")) > runs(each)]
        await busy.end(signal.SIGKILL)
        died = time.monotonic()
        await shared.central.faults()

        async def through() -> bool:
            return len(await created(shared)) == 60

        await until(through)
        assert time.monotonic() - died < 60
        [left] = [each for each in everybody if each is not busy]
        assert [event["lane"] for event in left.events("lane.taken_over")] == ["sg/orders"]
        if busy is not front:
            await is_well(front)
        assert await left.end(signal.SIGTERM) == 0
    assert Counter(await created(shared)) == Counter(placed["order_sns"])
    [state] = (await shared.crossdock("status", "--json")).json
    assert (state["linked"], state["in_doubt"], state["parked"]) == (60, 0, 0)
    await goes_on_in_one_process(shared)


async def goes_on_in_one_process(stage: Stage) -> None:
    """One service that shares with nobody takes the same ledger over, and has it for itself."""
    path = stage.folder / "crossdock.toml"
    path.write_text(path.read_text().replace('dispatcher = "procrastinate"', 'dispatcher = "local"'))
    async with running(stage) as alone:
        await until(lambda: asyncio.sleep(0, runs(alone) == 1))
        await stage.shopee.act("PUT", "/push", {"url": f"{alone.url}/push/shop"})
        order = await stage.place()

        async def arrived() -> bool:
            return order in await created(stage)

        await until(arrived)
        assert "another `crossdock run` works on this ledger" in (await stage.crossdock("run", code=2)).err
        assert await alone.end(signal.SIGTERM) == 0
    assert Counter(await created(stage)).total() == 61


async def is_well(front: Running) -> None:
    """Whoever ran the lane, the one that listens knows how it fares."""
    status, text = await front.get("/health")
    lane = json.loads(text)["lanes"]["sg/orders"]
    assert (status, lane["late"], lane["error"]) == (200, False, None)


async def test_a_worker_without_a_dispatcher_of_many_machines_is_told_what_to_set(stage: Stage) -> None:
    stage.ledger = ""
    done = await stage.crossdock("worker", code=2)
    assert "the dispatcher local runs all lanes in one process" in done.err
    assert 'runner.dispatcher = "procrastinate"' in done.err
