"""The service, when a plugin of one of its routes cannot be used."""

import asyncio
from dataclasses import replace
from random import Random

import aiohttp
import pytest
import structlog

from crossdock.clock import SystemClock
from crossdock.config import RunnerTable
from crossdock.errors import ConfigError
from crossdock.runner.service import Service

BROKEN = ConfigError("plugin acme (from acme 1.2): acme:plugin cannot be imported", key="connections.x.plugin")


@pytest.fixture
def good(setup):
    whole = setup.configuration()
    routes = {"sg": replace(whole.routes["sg"], extensions=())}
    return replace(whole, routes=routes, runner=RunnerTable(port=0))


async def test_it_says_what_it_left_out_and_works_on_the_rest(good):
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    lame = replace(good, left_out={"my": BROKEN})
    service = Service(lambda: lame, SystemClock(), Random(1), url.set_result)
    with structlog.testing.capture_logs() as logs:
        running = asyncio.create_task(service.run())
        async with aiohttp.ClientSession() as client, client.get(f"{await url}/health") as answer:
            health = await answer.json()
        service.stop()
        await running
    assert health["ready"] is True
    assert list(health["lanes"]) == ["sg/orders"]
    assert health["left_out"] == {"my": str(BROKEN)}
    assert [(log["route"], log["reason"]) for log in logs if log["event"] == "route.left_out"] == [("my", str(BROKEN))]


async def test_a_reload_takes_nothing_that_would_leave_a_route_out(good):
    found = iter([good, replace(good, left_out={"sg": BROKEN})])
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    service = Service(lambda: next(found), SystemClock(), Random(1), url.set_result)
    with structlog.testing.capture_logs() as logs:
        running = asyncio.create_task(service.run())
        await url
        assert await service.on_duty()
        service.reload()
        service.stop()
        await running
    assert [log["reason"] for log in logs if log["event"] == "config.refused"] == [str(BROKEN)]
    assert not [log for log in logs if log["event"] == "config.reloaded"]
