"""What every request passes: sign-in, limit, body, and the one form of answers and errors."""

from __future__ import annotations

import itertools
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from pydantic import ValidationError

from crossdock_anchanto_oms.sandbox.refusal import Refusal, invalid, unreadable
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.tokens import Tokens
from crossdock_anchanto_oms.sandbox.values import Body

Model = TypeVar("Model", bound=Body)


@dataclass(frozen=True)
class Call:
    """A request that has passed sign-in; `origin` is the address that it was sent to."""

    seller: Seller
    path: dict[str, str]
    query: dict[str, str]
    body: bytes
    origin: str = ""

    def json(self, model: type[Model]) -> Model:
        """The body as `model`, or a refusal."""
        try:
            return model.model_validate_json(self.body)
        except ValidationError as error:
            raise unreadable(error) from error

    def only(self, *names: str) -> dict[str, str]:
        """The query, or a refusal if it has other parameters than `names`."""
        for name in self.query:
            if name not in names:
                raise invalid(name, f"is not a parameter of this list; allowed: {', '.join(names) or 'none'}")
        return self.query


Handler = Callable[[Call], web.Response]


@dataclass(frozen=True)
class Endpoint:
    """One path of the wire."""

    method: str
    path: str
    handler: Handler


class Gate:
    """Turns endpoints into routes of the server, and remembers every request that came."""

    def __init__(self, seller: Seller, tokens: Tokens, before: Callable[[], None], after: Callable[[], None]) -> None:
        self._seller = seller
        self._tokens = tokens
        self._before = before
        self._after = after
        self._numbers = itertools.count(1)
        self.requests: list[dict[str, Any]] = []
        self._window = (0, 0)

    def route(self, endpoint: Endpoint) -> web.RouteDef:
        """The endpoint behind the gate."""

        async def carry_out(request: web.Request) -> web.Response:
            self._before()
            self._tokens.check(request.headers.get("Authorization"))
            self._count_request()
            self._meet_oddity(request.method)
            body, origin = await _body(request), f"{request.scheme}://{request.host}"
            call = Call(self._seller, dict(request.match_info), _query(request), body, origin)
            answer = endpoint.handler(call)
            self._after()
            return answer

        return self.open_route(endpoint.method, endpoint.path, carry_out)

    def open_route(
        self, method: str, path: str, handler: Callable[[web.Request], Awaitable[web.Response]]
    ) -> web.RouteDef:
        """A route without sign-in, with the same form of errors."""

        async def handle(request: web.Request) -> web.Response:
            number = f"req-{next(self._numbers):06d}"
            try:
                answer = await handler(request)
            except Refusal as refusal:
                answer = self._refused(refusal, number)
            answer.headers["X-Request-Id"] = number
            answer.headers.update(self._limit_headers())
            self.requests.append(
                {"id": number, "method": request.method, "path": request.path, "status": answer.status}
            )
            return answer

        return web.route(method, path, handle)

    def limited(self, retry_after_seconds: float | None) -> web.Response:
        """The answer to a client that asks too often."""
        headers = {} if retry_after_seconds is None else {"Retry-After": str(math.ceil(retry_after_seconds))}
        number = f"req-{next(self._numbers):06d}"
        answer = self._refused(Refusal(429, "rate_limited", "too many requests, wait as Retry-After says"), number)
        answer.headers.update({"X-Request-Id": number, **headers})
        return answer

    def _refused(self, refusal: Refusal, number: str) -> web.Response:
        in_band = self._seller.oddities.refusals_as_200 and refusal.status not in (401, 429)
        body = {"error": refusal.error(), "request_id": number}
        answer = web.json_response(body, status=200 if in_band else refusal.status)
        if "retry_after" in refusal.details:
            answer.headers["Retry-After"] = str(refusal.details["retry_after"])
        return answer

    def _count_request(self) -> None:
        now = self._seller.now()
        minute, used = self._window
        used = used + 1 if minute == now // 60 else 1
        self._window = (now // 60, used)
        if used > self._seller.settings.requests_per_minute:
            limit = self._seller.settings.requests_per_minute
            raise Refusal(429, "rate_limited", f"more than {limit} requests a minute", retry_after=60 - now % 60)

    def _limit_headers(self) -> dict[str, str]:
        limit = self._seller.settings.requests_per_minute
        minute, used = self._window
        left = max(0, limit - used) if minute == self._seller.now() // 60 else limit
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left)}

    def _meet_oddity(self, method: str) -> None:
        oddities = self._seller.oddities
        if method != "GET" and oddities.failing_writes > 0:
            oddities.failing_writes -= 1
            raise Refusal(200, "temporarily_unavailable", "nothing was done, try again")


def _query(request: web.Request) -> dict[str, str]:
    if len(set(request.query)) < len(request.query):
        raise invalid("query", "a parameter is given twice")
    return dict(request.query)


async def _body(request: web.Request) -> bytes:
    if request.method in ("GET", "DELETE"):
        return b""
    if request.content_type != "application/json":
        raise Refusal(415, "unsupported_media_type", f"send application/json, not {request.content_type}")
    return await request.read()
