"""`crossdock run` as a process of its own, and what a test asks of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.journeys.forks import Forked
from tests.journeys.stage import Stage

PATIENCE = 60
"""Seconds after which something that is waited for is taken not to come."""


@dataclass
class Running:
    """A service that runs."""

    url: str
    process: Forked
    logs: list[dict[str, Any]] = field(default_factory=list)

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """What is answered at `path`: status and text."""
        async with aiohttp.ClientSession() as http, http.get(self.url + path, headers=headers) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, body: bytes, **headers: str) -> tuple[int, str]:
        """What is answered to `body` at `path`: status and text."""
        async with aiohttp.ClientSession() as http, http.post(self.url + path, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def end(self, signal: int) -> int:
        """Send `signal` and answer the exit code."""
        self.process.send_signal(signal)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    def events(self, name: str) -> list[dict[str, Any]]:
        """Log events of this name so far."""
        return [event for event in self.logs if event.get("event") == name]

    async def read_logs(self) -> None:
        """Take in what it logs until it ends; every line must be JSON."""
        async for line in self.process.stderr:
            self.logs.append(json.loads(line))


@asynccontextmanager
async def running(stage: Stage, *options: str) -> AsyncIterator[Running]:
    """The service with the stage's config; killed at the end if it still runs."""
    process = await stage.start(*options, "run", "--json")
    line = await process.stdout.readline()
    if not line:
        raise AssertionError((await process.stderr.read()).decode())
    service = Running(json.loads(line)["url"], process)
    reading = asyncio.create_task(service.read_logs())
    try:
        yield service
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def until(look: Callable[[], Awaitable[object]]) -> None:
    """Look again and again until it is there; the bound only ends a test that fails."""
    async with asyncio.timeout(PATIENCE):
        while not await look():  # noqa: ASYNC110 - what happens is in other processes
            await asyncio.sleep(0.05)


async def at_rest(service: Running) -> None:
    """The first run of every lane is over."""

    async def look() -> bool:
        lanes = json.loads((await service.get("/health"))[1])["lanes"]
        return all(lane["runs"].get("done") for lane in lanes.values())

    await until(look)
