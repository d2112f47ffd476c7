"""The doors: what is answered to push messages, good and bad, and to those who look at health and metrics."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random

import pytest
from aiohttp.test_utils import TestClient, TestServer

from crossdock.clock import SystemClock
from crossdock.config import RunnerTable
from crossdock.contract import Nudge, PushAnswer, hookimpl
from crossdock.errors import Refused, TryLater
from crossdock.runner.board import Board
from crossdock.runner.doors import BODY_LIMIT, Doors
from crossdock.runner.shift import Shift
from tests.core.doubles import Channel

TOKEN = "a token of sixteen or more"
GOOD = {"Sign": "good"}


class PushingChannel(Channel):
    """A marketplace that sends push messages."""

    @hookimpl
    def read_push(self, message):
        if message.headers.get("sign") != "good":
            raise Refused("not signed")
        if message.body == b"broken":
            raise RuntimeError("a mistake in a plugin")
        body = message.body if message.url.endswith("?hello") else b""
        nudges = (Nudge("orders", message.body.decode(), "push"),)
        return PushAnswer(nudges, message_id=message.headers.get("id", ""), body=body)


class Watch:
    """Who is at work."""

    def __init__(self, shift, board):
        self.shift, self.board, self.clock = shift, board, SystemClock()

    async def on_duty(self):
        return self.shift


@pytest.fixture
def shop(setup):
    setup.channel = PushingChannel(setup.world)
    configuration = setup.configuration()
    return replace(configuration, routes={"sg": replace(configuration.routes["sg"], extensions=())})


@asynccontextmanager
async def open_doors(shop, runner=None):
    """A client of the doors, behind which a shift is open; no lane runs."""
    board = Board()
    async with Shift.open(shop, board, SystemClock(), Random(1)) as shift:
        watch = Watch(shift, board)
        app = Doors(watch, runner or RunnerTable()).application()
        async with TestClient(TestServer(app)) as client:
            client.watch = watch
            yield client


async def test_a_message_is_acknowledged_with_an_empty_body_once_it_is_committed(shop):
    async with open_doors(shop) as client:
        answer = await client.post("/push/shop-sg", data=b"77", headers=GOOD)
        assert (answer.status, await answer.read()) == (200, b"")
        assert await client.watch.shift.engine.ledger.due("sg", 10) == ["77"]


@pytest.mark.parametrize(
    ("path", "headers", "body", "status", "outcome"),
    [
        ("/push/shop-sg", {}, b"77", 401, "refused"),
        ("/push/shop-sg", {"Sign": "forged"}, b"77", 401, "refused"),
        ("/push/shop-sg", GOOD, b"broken", 500, "failed"),
        ("/push/shop-sg", GOOD, b"x" * (BODY_LIMIT + 1), 413, None),
        ("/push/nobody", GOOD, b"77", 404, None),
        ("/push/central", GOOD, b"77", 404, None),  # takes no push messages
    ],
)
async def test_what_is_not_a_good_message_leads_to_nothing(shop, path, headers, body, status, outcome):
    async with open_doors(shop) as client:
        answer = await client.post(path, data=body, headers=headers)
        assert answer.status == status
        assert "77" not in await answer.text()
        assert await client.watch.shift.engine.ledger.due("sg", 10) == []
        assert dict(client.watch.board.pushes) == ({("shop-sg", outcome): 1} if outcome else {})


async def test_a_replay_is_taken_and_leads_to_nothing(shop):
    async with open_doors(shop) as client:
        for _ in range(3):
            assert (await client.post("/push/shop-sg", data=b"77", headers={**GOOD, "Id": "m1"})).status == 200
        assert client.watch.board.pushes == {("shop-sg", "taken"): 1, ("shop-sg", "repeated"): 2}


async def test_a_message_that_could_not_be_committed_is_to_be_sent_again(shop, monkeypatch):
    async def full(_message, _wakes):
        raise TryLater("the disk is full")

    async with open_doors(shop) as client:
        monkeypatch.setattr(client.watch.shift._inbox, "keep", full)
        answer = await client.post("/push/shop-sg", data=b"77", headers=GOOD)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")


async def test_a_message_between_two_shifts_is_to_be_sent_again(shop):
    async with open_doors(shop) as client:
        client.watch.shift = None
        assert (await client.post("/push/shop-sg", data=b"77", headers=GOOD)).status == 503
        assert (await client.get("/health")).status == 503


async def test_a_handshake_is_text_that_no_browser_takes_for_a_page(shop):
    async with open_doors(shop) as client:
        answer = await client.post("/push/shop-sg?hello", data=b"<script>", headers=GOOD)
        assert await answer.read() == b"<script>"
        assert answer.content_type == "text/plain"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_many_messages_at_once_share_commits_and_none_is_lost(shop):
    async with open_doors(shop) as client:
        ledger = client.watch.shift.engine.ledger
        before = ledger.database.commits
        numbers = [str(number) for number in range(200)]
        sent = [client.post("/push/shop-sg", data=number.encode(), headers=GOOD) for number in numbers]
        assert {answer.status for answer in await asyncio.gather(*sent)} == {200}
        assert sorted(await ledger.due("sg", 500)) == sorted(numbers)
        assert ledger.database.commits - before < 100


async def test_health_and_metrics_are_for_those_who_know_the_token(shop):
    runner = RunnerTable.model_validate({"token": TOKEN})
    async with open_doors(shop, runner) as client:
        for path in ("/health", "/metrics"):
            for wrong in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN[:-1]}):
                assert (await client.get(path, headers=wrong)).status == 401
            assert (await client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})).status == 200
        assert (await client.get("/health/live")).status == 200


async def test_health_tells_which_lane_is_late(shop):
    async with open_doors(shop) as client:
        client.watch.board.lanes["sg/orders"].done_at -= 10_000
        shown = json.loads(await (await client.get("/health")).text())
        assert shown["lanes"]["sg/orders"]["late"]
