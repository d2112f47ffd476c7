"""A Shopee connection for tests: against scripted answers, or against the sandbox over HTTP."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import httpx

from crossdock.contract import Route, Toolbox
from crossdock.http import ClientSettings, HttpClient, Limits, RateLimit, RetryPolicy, TransportSettings, transport
from crossdock.http.over_httpx import HttpxTransport
from crossdock.sandbox import Sandbox, VirtualClock, World, running
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.config import ShopeeRoute, ShopeeSettings
from crossdock_shopee.connection import ShopeeConnection, connect
from tests.plugins.world_clock import WorldClock

NOW = 1_790_000_000
KEY = "test_partner_key"


class StoppedClock:
    """Stands still; sleeping moves it."""

    def __init__(self, seconds: float = NOW) -> None:
        self.seconds = seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


class MemoryVault:
    """Keeps tokens in memory, with real locks; two connections may share one, like two processes."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def read(self, key: str) -> str | None:
        await asyncio.sleep(0)
        return self.kept.get(key)

    async def write(self, key: str, value: str) -> None:
        await asyncio.sleep(0)
        self.kept[key] = value

    @asynccontextmanager
    async def locked(self, key: str) -> AsyncIterator[None]:
        async with self._locks[key]:
            yield


def settings(**changes: Any) -> ShopeeSettings:
    known = {
        "region": "SG",
        "shop_id": 600000,
        "partner_id": 2001887,
        "partner_key": KEY,
        "base_url": "http://shopee.test",
        "access_token": "first-access",
        "refresh_token": "first-refresh",
    }
    return ShopeeSettings.model_validate({**known, **changes})


def route(**options: Any) -> Route:
    chosen = ShopeeRoute.model_validate(options)
    return SimpleNamespace(channel=SimpleNamespace(options=chosen))  # type: ignore[return-value]


@dataclass
class Far:
    """The scripted far side: answers by the end of the path, and remembers what it was asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        name = request.url.path.removeprefix("/api/v2/")
        answer = self.answers[name]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json=answer)

    def paths(self) -> list[str]:
        return [request.url.path.removeprefix("/api/v2/") for request in self.asked]


def good(response: Any = None, **top: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"error": "", "message": "", "request_id": "r1", **top}
    return body if response is None else {**body, "response": response}


def bad(code: str, message: str = "no") -> dict[str, Any]:
    return {"error": code, "message": message, "request_id": "r2"}


def toolbox(
    clock: Any, vault: MemoryVault, make_transport: Callable[[], Any], rate: RateLimit | None = None
) -> Toolbox:
    clients: list[HttpClient] = []

    def open_http(**language: Any) -> HttpClient:
        known = ClientSettings(limits=Limits(max_in_flight=32, rate=rate), retry=RetryPolicy(attempts=3), **language)
        clients.append(HttpClient("shop", make_transport(), known, clock=clock, random=Random(1)))
        return clients[-1]

    lent = Toolbox("shop", clock, open_http, vault, Path())
    object.__setattr__(lent, "clients", clients)
    return lent


@dataclass
class Offline:
    far: Far
    clock: StoppedClock
    vault: MemoryVault
    gateway: Gateway
    connection: ShopeeConnection


@asynccontextmanager
async def offline(
    answers: Mapping[str, Any], vault: MemoryVault | None = None, **changes: Any
) -> AsyncIterator[Offline]:
    far, clock, kept = Far(dict(answers)), StoppedClock(), vault or MemoryVault()
    lent = toolbox(clock, kept, lambda: HttpxTransport(TransportSettings(), httpx.MockTransport(far)))
    async with connect(settings(**changes), lent) as connection:
        try:
            yield Offline(far, clock, kept, connection._gateway, connection)
        finally:
            for client in lent.clients:  # type: ignore[attr-defined]
                await client.aclose()


@dataclass
class Online:
    url: str
    sandbox: Sandbox
    world: World
    connection: ShopeeConnection
    vault: MemoryVault
    operator: httpx.AsyncClient
    settings: ShopeeSettings
    rate: RateLimit | None = None

    async def act(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = await self.operator.request(method, f"/_sandbox{path}", json={} if body is None else body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    @asynccontextmanager
    async def as_another_process(self) -> AsyncIterator[ShopeeConnection]:
        """A connection that shares the vault with `connection`, and nothing else."""
        async with _connected(self.settings, self.world, self.vault, self.rate) as connection:
            yield connection


@asynccontextmanager
async def online(
    shop: Mapping[str, Any] | None = None, rate: RateLimit | None = None, **options: Any
) -> AsyncIterator[Online]:
    from crossdock_shopee.sandbox import create  # only where a server is wanted

    world = World(seed=7, clock=VirtualClock(real=lambda: float(NOW)))
    sandbox = create(world, **options)
    vault = MemoryVault()
    async with running(sandbox) as server, httpx.AsyncClient(base_url=server.url) as operator:
        known = sandbox.credentials()
        names = ("region", "shop_id", "partner_id", "partner_key", "access_token", "refresh_token")
        chosen = {name: known[name] for name in names} | {"base_url": server.url} | dict(shop or {})
        given = ShopeeSettings.model_validate(chosen)
        async with _connected(given, world, vault, rate) as connection:
            yield Online(server.url, sandbox, world, connection, vault, operator, given, rate)


@asynccontextmanager
async def _connected(
    given: ShopeeSettings, world: World, vault: MemoryVault, rate: RateLimit | None
) -> AsyncIterator[ShopeeConnection]:
    lent = toolbox(WorldClock(world), vault, lambda: transport("aiohttp"), rate)
    async with connect(given, lent) as connection:
        try:
            yield connection
        finally:
            for client in lent.clients:  # type: ignore[attr-defined]
                await client.aclose()
