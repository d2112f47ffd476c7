"""What the service answers over HTTP: push messages, health and metrics."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from aiohttp import web
from structlog.contextvars import bound_contextvars

from crossdock.clock import Clock
from crossdock.config import RunnerTable
from crossdock.contract import PushAnswer, PushMessage
from crossdock.errors import ConfigError, Refused, TryLater
from crossdock.http import HttpClient
from crossdock.ledger import Role, Standings
from crossdock.log import get_logger
from crossdock.runner import metrics
from crossdock.runner.api import Api
from crossdock.runner.api.desk import Refusal
from crossdock.runner.api.guard import Guard
from crossdock.runner.board import Board, LaneRecord
from crossdock.runner.lanes import new_correlation
from crossdock.runner.shift import Shift
from crossdock.spans import span

BODY_LIMIT = 512 * 1024
"""Bytes of a push message that are read at most; marketplaces send a few thousand."""

_WHO_ASKS = "send the token of [runner], or one of the API, as Authorization: Bearer ...\n"


class Watch(Protocol):
    """Who is at work."""

    board: Board
    clock: Clock

    async def on_duty(self) -> Shift | None:
        """The shift that runs; a change of shifts is waited for, a little."""
        ...


class Doors:
    """The handlers.

    Args:
        watch: who is at work.
        runner: token and public address.
    """

    def __init__(self, watch: Watch, runner: RunnerTable) -> None:
        self._watch = watch
        self._runner = runner
        self._guard = Guard([str(address) for address in runner.trusted_proxies], watch.clock)
        self._log = get_logger().bind(logger="crossdock.doors")

    def application(self) -> web.Application:
        """What a server serves."""
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_post("/push/{connection}", self.push)
        app.router.add_post("/push/{connection}/{below:.+}", self.push)  # some add a name of their own to our address
        app.router.add_get("/push/{connection}", self.push, allow_head=False)
        app.router.add_get("/health/live", self.live)
        app.router.add_get("/health", self._guarded(self.health))
        app.router.add_get("/metrics", self._guarded(self.metrics))
        Api(self._watch, self._guard).add_to(app)
        return app

    async def push(self, request: web.Request) -> web.Response:
        """Take a push message, or the handshake that precedes them; acknowledged once its nudges are committed."""
        connection, correlation = request.match_info["connection"], new_correlation()
        shift = await self._watch.on_duty()
        if shift is None:
            return web.Response(status=503, headers={"Retry-After": "5"})
        if not shift.takes_pushes(connection):
            return web.Response(status=404, text="there is no such connection, or it takes no push messages\n")
        headers = {name.lower(): value for name, value in request.headers.items()}
        message = PushMessage(self._url(request), headers, await request.read())
        with (
            bound_contextvars(correlation_id=correlation, connection=connection),
            span("push", connection=connection, correlation_id=correlation),
        ):
            return await self._answer(shift, connection, message, correlation)

    async def _answer(self, shift: Shift, connection: str, message: PushMessage, correlation: str) -> web.Response:
        try:
            answer = await shift.push(connection, message, correlation)
        except Refused as error:
            self._watch.board.pushes[connection, "refused"] += 1
            self._log.warning("push.refused", reason=error.reason)
            return web.Response(status=401)
        except TryLater as error:
            self._watch.board.pushes[connection, "failed"] += 1
            self._log.warning("push.not_kept", reason=str(error))
            return web.Response(status=503, headers={"Retry-After": "5"})
        except Exception as error:  # noqa: BLE001 - the sender repeats it, and nobody outside is told why
            self._watch.board.pushes[connection, "failed"] += 1
            self._log.error("push.failed", error=type(error).__name__, exc_info=error)
            return web.Response(status=500)
        self._log.info("push.taken", message_id=answer.message_id, nudges=[nudge.why for nudge in answer.nudges])
        return _plain(answer)

    async def live(self, _request: web.Request) -> web.Response:
        """The process runs and answers."""
        return web.json_response({"live": True})

    async def health(self, _request: web.Request) -> web.Response:
        """Whether work can be done, and how far behind each lane is."""
        shift = await self._watch.on_duty()
        board, now = self._watch.board, self._watch.clock.monotonic()
        ready = shift is not None and await _refreshed(shift)
        body = {
            "live": True,
            "ready": ready,
            "lanes": {name: _shown(lane, now) for name, lane in board.lanes.items()},
            "paused": {name: since.isoformat() for name, since in board.paused.items()},
            "left_out": {name: str(error) for name, error in _left_out(shift).items()},
        }
        return web.json_response(body, status=200 if ready else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Everything that is measured."""
        shift = await self._watch.on_duty()
        clients: dict[str, HttpClient] = shift.engine.connections.clients if shift else {}
        standings = (await _standings(shift) if shift else None) or Standings()
        text = metrics.exposition(self._watch.board, clients, standings, self._watch.clock, len(asyncio.all_tasks()))
        return web.Response(body=text, headers={"Content-Type": metrics.CONTENT_TYPE})

    def _url(self, request: web.Request) -> str:
        """Our address as the sender knows it: push messages are signed with it."""
        if self._runner.public_url:
            return self._runner.public_url + request.path_qs
        return str(request.url)

    def _guarded(self, handler: Handler) -> Handler:
        """`handler` for those who know the token, if there is one, or have one of the API."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            token = self._runner.token
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            known = token and hmac.compare_digest(given.encode(errors="replace"), token.get_secret_value().encode())
            if token and not known and not await self._admits(request):
                return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"}, text=_WHO_ASKS)
            return await handler(request)

        return guarded

    async def _admits(self, request: web.Request) -> bool:
        """Whether a token of the API is shown."""
        shift = await self._watch.on_duty()
        if shift is None:
            return False
        try:
            await self._guard.admit(request, shift.engine.ledger.access, Role.VIEWER)
        except (Refusal, TryLater):
            return False
        return True


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _left_out(shift: Shift | None) -> Mapping[str, ConfigError]:
    return shift.engine.configuration.left_out if shift else {}


def _plain(answer: PushAnswer) -> web.Response:
    """What the system wants to hear; an empty 200 unless it wants more. Browsers must not make pages of it."""
    headers = {"X-Content-Type-Options": "nosniff"}
    if not answer.body:
        return web.Response(headers=headers)
    return web.Response(body=answer.body, content_type=answer.content_type, headers=headers)


async def _refreshed(shift: Shift) -> bool:
    """Whether the ledger answers; if so, the board shows what all processes did."""
    try:
        await shift.refresh()
    except TryLater:
        return False
    return True


async def _standings(shift: Shift) -> Standings | None:
    """None when the ledger does not answer."""
    try:
        return await shift.standings()
    except TryLater:
        return None


def _shown(lane: LaneRecord, now: float) -> dict[str, object]:
    return {
        "lag_seconds": round(lane.lag(now), 1),
        "late": lane.lag(now) > 3 * lane.every + 60,
        "running": lane.running,
        "runs": dict(lane.runs),
        "error": lane.error or None,
    }
