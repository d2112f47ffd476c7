"""The API of a shift that is open, with a token for each role."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random

import pytest
from aiohttp.test_utils import TestClient, TestServer

from crossdock.clock import SystemClock
from crossdock.config import RunnerTable
from crossdock.ledger import Parking, Role
from crossdock.runner.board import Board
from crossdock.runner.doors import Doors
from crossdock.runner.shift import Shift
from tests.core.doubles import order
from tests.core.runner.conftest import Setup


class Operator:
    """Asks the API with one of the tokens."""

    def __init__(self, client, shift, tokens):
        self.client, self.shift, self.tokens = client, shift, tokens

    @property
    def ledger(self):
        return self.shift.engine.ledger

    async def ask(self, method, path, role="viewer", **more):
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        async with self.client.request(
            method, f"/api/v1{path}", headers=headers | more.pop("headers", {}), **more
        ) as answer:
            return answer, await answer.json()

    async def found(self, path, role="viewer", **query):
        answer, found = await self.ask("GET", path, role, params=query)
        assert answer.status == 200, found
        return found


class Watch:
    """Who is at work."""

    def __init__(self, shift, board):
        self.shift, self.board, self.clock = shift, board, SystemClock()

    async def on_duty(self):
        return self.shift


@asynccontextmanager
async def opened(folder, **runner):
    """An API of a shop with two orders, of which one is parked; no lane runs."""
    setup = Setup(folder)
    configuration = setup.configuration()
    configuration = replace(configuration, routes={"sg": replace(configuration.routes["sg"], extensions=())})
    board = Board()
    async with Shift.open(configuration, board, SystemClock(), Random(1)) as shift:
        setup.channel.put(order("24", buyer={"name": "Tan Ah Kow", "phone": "+6591234567"}))
        await shift.engine.pull("sg")
        await shift.engine.ledger.park("sg", [Parking("25", "refused:1603", "closed", facts={"choices": ["wait"]})])
        tokens = {role.value: await shift.engine.ledger.access.make(role.value, role) for role in Role}
        doors = Doors(Watch(shift, board), RunnerTable.model_validate(runner))
        async with TestClient(TestServer(doors.application())) as client:
            yield Operator(client, shift, tokens)


@pytest.fixture
async def api(tmp_path):
    async with opened(tmp_path) as operator:
        yield operator
