"""Operator actions: what a person does in the simulated system, as requests under ``/_sandbox/``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

Handler = Callable[[Any, dict[str, str]], Awaitable[Any]]


class OperatorError(Exception):
    """The action cannot be done; the message says why. Answered as HTTP 409 (404 when `missing`)."""

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


@dataclass(frozen=True)
class OperatorAction:
    """One action.

    Attributes:
        method: HTTP method.
        path: below ``/_sandbox``, such as ``/orders/{order_sn}/cancel``.
        summary: one sentence for the OpenAPI page.
        run: gets the validated body (or None) and the path's values; returns what is answered as JSON.
        body: the model of the request body; None for an action without one.
    """

    method: str
    path: str
    summary: str
    run: Handler
    body: type[BaseModel] | None = None

    def route(self) -> web.RouteDef:
        """The action as a route of the server."""

        async def handle(request: web.Request) -> web.Response:
            try:
                body = self.body.model_validate_json(await request.read() or b"{}") if self.body else None
                return web.json_response(await self.run(body, dict(request.match_info)))
            except ValidationError as error:
                found = error.errors(include_url=False, include_context=False)
                return web.json_response({"error": "invalid body", "details": found}, status=422)
            except OperatorError as error:
                return web.json_response({"error": str(error)}, status=404 if error.missing else 409)

        return web.route(self.method, f"/_sandbox{self.path}", handle)


def openapi(title: str, actions: Sequence[OperatorAction]) -> dict[str, Any]:
    """The actions as an OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    for action in actions:
        operation: dict[str, Any] = {
            "summary": action.summary,
            "responses": {"200": {"description": "done"}, "409": {"description": "not possible, and why"}},
        }
        names = [part[1:-1] for part in action.path.split("/") if part.startswith("{")]
        if names:
            operation["parameters"] = [
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
            ]
        if action.body:
            schema = action.body.model_json_schema()
            operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
        paths.setdefault(f"/_sandbox{action.path}", {})[action.method.lower()] = operation
    return {"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": paths}


def page(title: str, actions: Sequence[OperatorAction]) -> str:
    """The actions as a page that a person reads."""
    rows = "".join(
        f"<tr><td><code>{escape(a.method)} /_sandbox{escape(a.path)}</code></td><td>{escape(a.summary)}</td></tr>"
        for a in actions
    )
    return (
        f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title>"
        "<style>body{font:16px system-ui;margin:2rem auto;max-width:60rem}td{padding:.3rem 1rem .3rem 0}</style>"
        f"<h1>{escape(title)}</h1><p>Operator actions; schemas in <a href=/_sandbox/openapi.json>openapi.json</a>.</p>"
        f"<table>{rows}</table>"
    )
