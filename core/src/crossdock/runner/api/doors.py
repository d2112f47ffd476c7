"""The API over HTTP: requests become what a desk is asked, and its answers become JSON."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiohttp import web
from pydantic import TypeAdapter, ValidationError
from structlog.contextvars import bound_contextvars

from crossdock.clock import Clock
from crossdock.errors import CrossdockError, TryLater
from crossdock.log import get_logger
from crossdock.runner.api.desk import Desk, Refusal
from crossdock.runner.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from crossdock.runner.api.guard import Guard
from crossdock.runner.api.openapi import document
from crossdock.runner.board import Board
from crossdock.runner.lanes import new_correlation
from crossdock.runner.shift import Shift

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_ANSWERS = {endpoint.name: TypeAdapter(endpoint.answers) for endpoint in ENDPOINTS}


class Watch(Protocol):
    """Who is at work."""

    board: Board
    clock: Clock

    async def on_duty(self) -> Shift | None:
        """The shift that runs; a change of shifts is waited for, a little."""
        ...


class Api:
    """The handlers of the API.

    Args:
        watch: who is at work.
        guard: lets callers in.
    """

    def __init__(self, watch: Watch, guard: Guard) -> None:
        self._watch = watch
        self._guard = guard
        self._document = json.dumps(document()).encode()
        self._log = get_logger().bind(logger="crossdock.api")

    def add_to(self, app: web.Application) -> None:
        """Add the addresses."""
        app.middlewares.append(in_json)
        app.router.add_get(f"{PREFIX}/openapi.json", self._describe, allow_head=False)
        for endpoint in ENDPOINTS:
            app.router.add_route(endpoint.method, PREFIX + endpoint.path, self._handler(endpoint))

    async def _describe(self, _request: web.Request) -> web.Response:
        return web.Response(body=self._document, content_type="application/json")

    def _handler(self, endpoint: Endpoint) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            correlation = new_correlation()
            with bound_contextvars(correlation_id=correlation, endpoint=endpoint.name):
                return await self._answer(endpoint, request, correlation)

        return handle

    async def _answer(self, endpoint: Endpoint, request: web.Request, correlation: str) -> web.Response:
        shift = await self._watch.on_duty()
        if shift is None:
            raise Refusal(503, "the service is starting", after=5)
        caller = await self._guard.admit(request, shift.engine.ledger.access, endpoint.role)
        desk = Desk(shift, self._watch.board, self._watch.clock, f"api:{caller.name}", correlation)
        asked: list[Any] = [endpoint.asks.model_validate({**request.query, **request.match_info})]
        if endpoint.body is not None:
            asked.append(endpoint.body.model_validate(await _body(request)))
        found = await endpoint.handler(desk, *asked)
        if endpoint.method != "GET":
            self._log.info("api.done", who=desk.who, asked=asked[0].model_dump())
        return web.Response(body=_ANSWERS[endpoint.name].dump_json(found), content_type="application/json")


@web.middleware
async def in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong at the API is answered in its own form; elsewhere nothing changes."""
    if not request.path.startswith(PREFIX):
        return await handler(request)
    try:
        return await handler(request)
    except Refusal as error:
        return _problem(error)
    except ValidationError as error:
        return _problem(Refusal(422, _sentence(error)))
    except TryLater as error:
        return _problem(Refusal(503, str(error), error.hint, after=5))
    except CrossdockError as error:
        return _problem(Refusal(409, str(error), error.hint))
    except web.HTTPException as error:
        problem = _problem(Refusal(error.status, error.reason.lower()))
        if "Allow" in error.headers:
            problem.headers["Allow"] = error.headers["Allow"]
        return problem


async def _body(request: web.Request) -> object:
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise Refusal(415, f"the body is {request.content_type}, not application/json")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Refusal(400, "the body is no JSON") from None


def _problem(refusal: Refusal) -> web.Response:
    headers = {} if refusal.after is None else {"Retry-After": str(refusal.after)}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return web.json_response({"error": refusal.error, "hint": refusal.hint}, status=refusal.status, headers=headers)


def _sentence(error: ValidationError) -> str:
    """All that is wrong, without what was sent."""
    details = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'the body'}: {one['msg']}" for one in details)
