"""The Shopee sandbox as a server: from a request to the gateway, the endpoint, and the envelope."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from aiohttp import web
from multidict import MultiDict

from crossdock.sandbox import OperatorAction, World
from crossdock_shopee.sandbox import credentials
from crossdock_shopee.sandbox.authorize_page import AuthorizePages
from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.endpoints import ENDPOINTS
from crossdock_shopee.sandbox.gateway import Gateway
from crossdock_shopee.sandbox.logistics.operator import CarrierDesk
from crossdock_shopee.sandbox.orders.operator import OrderDesk
from crossdock_shopee.sandbox.products.operator import ProductDesk
from crossdock_shopee.sandbox.pushes.operator import PushDesk
from crossdock_shopee.sandbox.pushes.sender import Sender
from crossdock_shopee.sandbox.replies import ApiError, File, GatewayError
from crossdock_shopee.sandbox.requests import Request, read_body, read_query
from crossdock_shopee.sandbox.returns.operator import ReturnDesk
from crossdock_shopee.sandbox.settings import PARTNER_ID, PARTNER_KEY, Settings
from crossdock_shopee.sandbox.state import State
from crossdock_shopee.sandbox.wire import dump, parse

_WARNING = ("product/", "global_product/", "media_space/")  # modules whose envelope has one more member


class ShopeeSandbox:
    """A server that behaves like Shopee Open Platform API v2.

    Args:
        world: clock, chance, oracle and faults.
        settings: the options.
    """

    name = "shopee"

    def __init__(self, world: World, settings: Settings) -> None:
        self.world = world
        self.settings = settings
        self.state: State = credentials.new_state(world, settings)
        self._gateway = Gateway(PARTNER_ID, PARTNER_KEY, self.state.accounts)
        self._pages = AuthorizePages(self.state, self._gateway)
        self._sender = Sender(self.state)
        self._request_ids = random.Random(world.seed + 1)

    def routes(self) -> Iterable[web.RouteDef]:
        """Shopee's paths; what is not among them is answered as Shopee answers it."""
        for endpoint in ENDPOINTS:
            yield web.route(endpoint.method, endpoint.path, self._answer(endpoint))
        yield from self._pages.routes()
        yield web.route("*", "/api/{unrouted:.*}", self._unrouted)

    def actions(self) -> Sequence[OperatorAction]:
        """What the buyer, the seller, the carrier and Shopee do."""
        desks = (OrderDesk(self.state), CarrierDesk(self.state), ReturnDesk(self.state), ProductDesk(self.state))
        found = [*self._pages.actions(), *PushDesk(self.state, self._sender).actions()]
        found += [action for desk in desks for action in desk.actions()]
        return [self._settled(action) for action in found]

    async def work(self) -> None:
        """What goes on while the server runs: time passes and push messages are sent."""
        await self._sender.keep_sending()

    def credentials(self) -> Mapping[str, object]:
        """All that a stranger's client needs; fixed."""
        return credentials.announced(self.settings)

    def rate_limited(self, retry_after_seconds: float | None) -> web.Response:
        """Shopee's "too many requests"; it is not known to send Retry-After unless a fault asks for it."""
        headers = {} if retry_after_seconds is None else {"Retry-After": f"{retry_after_seconds:g}"}
        message = "Too many requests. You have reached the rate limit. Please try again later."
        return self._json({"error": "error_rate_limit", "message": message}, 429, headers)

    def _answer(self, endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            self.state.agenda.settle()
            usual = {"error": "", "message": "", **({"warning": ""} if endpoint.name.startswith(_WARNING) else {})}
            try:
                answer = await self._run(endpoint, request)
            except ApiError as error:
                return self._refusal(error, usual)
            if isinstance(answer, File):
                return web.Response(body=answer.content, content_type=answer.content_type)
            return self._json({**usual, **answer}, 200)

        return handle

    async def _run(self, endpoint: Endpoint, request: web.Request) -> Mapping[str, object] | File:
        now = self.world.clock.timestamp()
        owner = self._gateway.admit(request.path, request.query, endpoint.levels, now)
        files: list[tuple[str, bytes]] = []
        ask = await _form(endpoint, request, files) if endpoint.form else await _parameters(endpoint, request)
        call = Call(self.state, owner, f"{request.scheme}://{request.host}", files)
        answer = endpoint.run(call, ask)
        return await answer if isinstance(answer, Awaitable) else answer

    def _refusal(self, error: ApiError, usual: Mapping[str, object]) -> web.Response:
        body = {**usual, **error.body, "error": error.code, "message": error.message}
        if not isinstance(error, GatewayError):
            return self._json(body, self.settings.business_status)
        return self._json(body, self.settings.gateway_status, {"X-Sandbox-Hint": error.hint} if error.hint else None)

    def _json(self, body: Mapping[str, object], status: int, headers: Mapping[str, str] | None = None) -> web.Response:
        text = dump({**body, "request_id": f"{self._request_ids.getrandbits(128):032x}"})
        return web.Response(body=text, status=status, content_type="application/json", headers=headers)

    def _settled(self, action: OperatorAction) -> OperatorAction:
        """The action, after all that is due has happened."""

        async def run(body: object, path: dict[str, str]) -> object:
            self.state.agenda.settle()
            return await action.run(body, path)

        return OperatorAction(action.method, action.path, action.summary, run, action.body)

    async def _unrouted(self, _request: web.Request) -> web.Response:
        return web.Response(body=dump({"error": "error_not_found"}), status=404, content_type="application/json")


async def _parameters(endpoint: Endpoint, request: web.Request) -> Request:
    if endpoint.method == "GET":
        return read_query(endpoint.ask, request.query, endpoint.path)
    try:
        body = parse(await request.read() or b"{}")
    except ValueError:
        body = None
    return read_body(endpoint.ask, body, endpoint.path)


async def _form(endpoint: Endpoint, request: web.Request, files: list[tuple[str, bytes]]) -> Request:
    """The text fields of an upload; its files go into `files`."""
    if not request.content_type.startswith("multipart/"):
        raise ApiError("error_param", "parameter invalid")
    form = await request.post()
    files += [(name, part.file.read()) for name, part in form.items() if isinstance(part, web.FileField)]
    texts = [(name, part) for name, part in form.items() if isinstance(part, str)]
    return read_query(endpoint.ask, MultiDict(texts), endpoint.path)
