"""A simulated system as an HTTP server on loopback."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox.clock import VirtualClock
from crossdock.sandbox.faults import Fault, FaultSchedule
from crossdock.sandbox.injection import inject
from crossdock.sandbox.operator import OperatorAction, openapi, page
from crossdock.sandbox.oracle import Oracle


class World:
    """What a sandbox lives in. All randomness and all time come from here."""

    def __init__(self, seed: int = 0, faults: Sequence[Fault] = (), clock: VirtualClock | None = None) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.clock = clock or VirtualClock()
        self.oracle = Oracle(self.clock)
        self.faults = FaultSchedule(faults, seed)


class Sandbox(Protocol):
    """What a plugin's ``sandbox`` package provides."""

    name: str
    world: World

    def routes(self) -> Iterable[web.RouteDef]:
        """The system's own paths."""
        ...

    def actions(self) -> Sequence[OperatorAction]:
        """What an operator can do, under ``/_sandbox/``."""
        ...

    def credentials(self) -> Mapping[str, object]:
        """All that a stranger's client needs to sign in. Fixed and documented."""
        ...

    def rate_limited(self, retry_after_seconds: float | None) -> web.Response:
        """How this system says "too many requests"."""
        ...


@runtime_checkable
class WorksAlone(Protocol):
    """A sandbox that also does something without being asked, such as sending push messages."""

    async def work(self) -> None:
        """Runs beside the server; cancelled when the server stops."""
        ...


class Advance(BaseModel):
    """Body of ``POST /_sandbox/clock``."""

    model_config = ConfigDict(extra="forbid")
    advance_seconds: float = Field(ge=0)


class Faults(BaseModel):
    """Body of ``PUT /_sandbox/faults``."""

    model_config = ConfigDict(extra="forbid")
    rules: list[Fault]


def application(sandbox: Sandbox) -> web.Application:
    """The server of `sandbox`: its own paths behind the faults, and the operator's beside them."""
    app = web.Application(middlewares=[_faulty(sandbox)], client_max_size=64 * 2**20)
    actions = [*_common_actions(sandbox.world), *sandbox.actions()]
    title = f"{sandbox.name} sandbox"
    if isinstance(sandbox, WorksAlone):
        app.cleanup_ctx.append(_beside(sandbox))
    app.add_routes(sandbox.routes())
    app.add_routes(action.route() for action in actions)
    app.router.add_get("/_sandbox/writes", _writes(sandbox.world))
    app.router.add_get("/_sandbox/openapi.json", _always(lambda: web.json_response(openapi(title, actions))))
    html = page(title, actions)
    app.router.add_get("/_sandbox/", _always(lambda: web.Response(text=html, content_type="text/html")))
    return app


@dataclass(frozen=True)
class RunningSandbox:
    """A server that accepts connections at `url`."""

    url: str
    sandbox: Sandbox

    def announcement(self) -> dict[str, object]:
        """What ``crossdock sandbox --json`` prints: name, url and credentials."""
        return {"name": self.sandbox.name, "url": self.url, "credentials": dict(self.sandbox.credentials())}


@asynccontextmanager
async def running(sandbox: Sandbox, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[RunningSandbox]:
    """Serve `sandbox` on loopback until the block ends; port 0 takes a free one."""
    runner = web.AppRunner(application(sandbox), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield RunningSandbox(f"http://{host}:{runner.addresses[0][1]}", sandbox)
    finally:
        await runner.cleanup()


Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _beside(sandbox: WorksAlone) -> Callable[[web.Application], AsyncIterator[None]]:
    async def beside(_app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(sandbox.work())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return beside


def _faulty(sandbox: Sandbox) -> Any:
    @web.middleware
    async def faulty(request: web.Request, handler: Next) -> web.StreamResponse:
        if request.path.startswith("/_sandbox"):
            return await handler(request)
        fault = sandbox.world.faults.draw(request.path, request.headers.get("SOAPAction", ""))
        if fault is None:
            return await handler(request)
        return await inject(fault, request, lambda: handler(request), sandbox.rate_limited)

    return faulty


def _common_actions(world: World) -> list[OperatorAction]:
    async def clock(_body: None, _path: dict[str, str]) -> dict[str, object]:
        return {"now": world.clock.now().isoformat(), "timestamp": world.clock.timestamp()}

    async def advance(body: Advance, path: dict[str, str]) -> dict[str, object]:
        world.clock.advance(body.advance_seconds)
        return await clock(None, path)

    async def faults(body: Faults, _path: dict[str, str]) -> dict[str, object]:
        world.faults.replace(body.rules)
        return {"rules": len(body.rules)}

    return [
        OperatorAction("GET", "/clock", "The time as this system sees it.", clock),
        OperatorAction("POST", "/clock", "Move the clock forward.", advance, Advance),
        OperatorAction("PUT", "/faults", "Replace the rules by which faults are injected.", faults, Faults),
    ]


def _writes(world: World) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def writes(request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        if not after.isdecimal():
            return web.json_response({"error": f"after={after!r} is not the number of a write"}, status=400)
        found = world.oracle.writes(request.query.get("kind"), after=int(after))
        return web.json_response({"writes": [asdict(write) for write in found]})

    return writes


def _always(answer: Callable[[], web.Response]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(_request: web.Request) -> web.Response:
        return answer()

    return handle
