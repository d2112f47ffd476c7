"""The sandbox itself: paths in, answers out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from aiohttp import web

from crossdock.sandbox import OperatorAction, World
from crossdock_ls_central.sandbox.api.endpoint import ApiEndpoint
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.limits import RateLimit
from crossdock_ls_central.sandbox.odata.actions import call_action
from crossdock_ls_central.sandbox.odata.errors import error_response
from crossdock_ls_central.sandbox.outbound.order_messages import OrderMessages, message_actions
from crossdock_ls_central.sandbox.outbound.outbox import Outbox
from crossdock_ls_central.sandbox.outbound.subscriptions import Subscriptions
from crossdock_ls_central.sandbox.people.details import detail_actions
from crossdock_ls_central.sandbox.people.items import item_actions
from crossdock_ls_central.sandbox.people.orders import order_actions
from crossdock_ls_central.sandbox.people.setup import setup_actions
from crossdock_ls_central.sandbox.places import Place, WrongInstance, check_company, locate
from crossdock_ls_central.sandbox.refusal import HttpRefusal
from crossdock_ls_central.sandbox.seed import seed
from crossdock_ls_central.sandbox.settings import (
    CLIENT_ID,
    CLIENT_SECRET,
    COMPANY_ID,
    ENVIRONMENT,
    INSTANCE,
    PASSWORD,
    SCOPE,
    TENANT,
    USERNAME,
    WEB_STORE,
    Switches,
)
from crossdock_ls_central.sandbox.sign_in import SignIn
from crossdock_ls_central.sandbox.soap.endpoint import SERVICES, SoapEndpoint

_LOOK_EVERY_SECONDS = 0.02


class LsCentralSandbox:
    """A simulated LS Central with one company, reached by the online and by the on-premises paths.

    Args:
        world: clock, randomness, faults and oracle.
        switches: what differs between installations.
    """

    name = "ls_central"

    def __init__(self, world: World, switches: Switches) -> None:
        self.world = world
        self.switches = switches
        self.company = Company(world, switches)
        seed(self.company)
        self._sign_in = SignIn(world, switches)
        self._soap = SoapEndpoint(self.company)
        self._outbox = Outbox(world)
        self._api = ApiEndpoint(self.company, Subscriptions(self.company, self._outbox))
        self._messages = OrderMessages(self.company, self._outbox)
        self._limit = RateLimit(world.clock, switches.requests_per_five_minutes)

    def routes(self) -> Iterable[web.RouteDef]:
        """The token endpoint, and everything else by its path."""
        return [
            web.post("/{tenant}/oauth2/v2.0/token", self._sign_in.token),
            web.route("*", r"/{path:(?!_sandbox(?:/|$)).*}", self._answer),
        ]

    def actions(self) -> Sequence[OperatorAction]:
        """What a person in the store or the office does."""
        return [
            *order_actions(self.company),
            *item_actions(self.company),
            *detail_actions(self.company),
            *setup_actions(self.company),
            *message_actions(self._messages),
        ]

    def expire_tokens(self) -> None:
        """Let every access token end now."""
        self._sign_in.expire()

    async def work(self) -> None:
        """Send notifications and order messages when their time comes, by the virtual clock."""
        while True:
            await self._outbox.send_due()
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    def credentials(self) -> Mapping[str, object]:
        """Sign-in by token and by key, and the paths of both deployments."""
        return {
            "tenant": TENANT,
            "environment": ENVIRONMENT,
            "instance": INSTANCE,
            "company": self.switches.company,
            "company_id": COMPANY_ID,
            "store": WEB_STORE,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "username": USERNAME,
            "password": PASSWORD,
            "scope": SCOPE,
            "token_path": f"/{TENANT}/oauth2/v2.0/token",
            "online_path": f"/v2.0/{TENANT}/{ENVIRONMENT}",
            "on_premises_path": f"/{INSTANCE}",
        }

    def rate_limited(self, retry_after_seconds: float | None) -> web.Response:
        """HTTP 429, as the online service answers above its limits."""
        response = error_response(
            self.world, HttpRefusal(429, "Application_TooManyRequests", "Too many requests reached the server.")
        )
        if retry_after_seconds is not None:
            response.headers["Retry-After"] = str(max(1, round(retry_after_seconds)))
        return response

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            place = locate(request.match_info["path"])
            return await self._guarded(place, request)
        except WrongInstance:
            page = "<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head></html>"
            return web.Response(status=404, text=page, content_type="text/html")
        except HttpRefusal as refusal:
            return error_response(self.world, refusal)

    async def _guarded(self, place: Place, request: web.Request) -> web.StreamResponse:
        user = self._sign_in.user(request.headers.get("Authorization", ""), online=place.online)
        if user is None:
            error = HttpRefusal(
                401, "Authentication_InvalidCredentials", "The server has rejected the client credentials."
            )
            response = error_response(self.world, error)
            response.headers["WWW-Authenticate"] = "Bearer" if place.online else 'Basic realm=""'
            return response
        wait = self._limit.wait_seconds(user)
        if wait is not None:
            return self.rate_limited(wait)
        match place.surface:
            case "ws":
                return await self._web_service(place, request)
            case "odatav4":
                return await self._odata(place, request)
            case "api":
                if [part.lower() for part in place.rest[:1]] != ["v2.0"]:
                    raise HttpRefusal(404, "BadRequest_NotFound", f"No HTTP resource was found at '{request.path}'.")
                return await self._api.answer(request, place.rest[1:], place.root)

    async def _web_service(self, place: Place, request: web.Request) -> web.Response:
        *company, kind, name = ["", "", *place.rest][-3:] if place.rest else ["", "", ""]
        service = SERVICES.get(name.lower())
        if kind.lower() != "codeunit" or service is None or len(place.rest) > 3:
            raise HttpRefusal(404, "BadRequest_NotFound", f"The web service '{'/'.join(place.rest)}' is not published.")
        check_company(company[0] or _named_company(request), self.switches.company)
        if request.method == "GET":
            return self._soap.describe(service, str(request.url.with_query(None)))
        if request.method != "POST":
            raise HttpRefusal(405, "BadRequest_MethodNotAllowed", f"Method {request.method} is not allowed.")
        return await self._soap.call(service, request)

    async def _odata(self, place: Place, request: web.Request) -> web.Response:
        rest = list(place.rest)
        if rest and rest[0].lower().startswith("company("):
            check_company(rest.pop(0)[len("company(") :].rstrip(")").strip("'"), self.switches.company)
        check_company(_named_company(request), self.switches.company)
        if not rest and request.method == "GET":
            url = f"{request.scheme}://{request.host}{place.root}/ODataV4/$metadata"
            company = {"name": "Company", "kind": "EntitySet", "url": "Company"}
            return web.json_response({"@odata.context": url, "value": [company]})
        if len(rest) != 1:
            raise HttpRefusal(404, "BadRequest_NotFound", f"No HTTP resource was found at '{request.path}'.")
        return await call_action(self.company, rest[0], request, place.root)


def _named_company(request: web.Request) -> str | None:
    return request.query.get("company") or request.headers.get("Company")


def create(world: World, **options: object) -> LsCentralSandbox:
    """A sandbox in `world`; `options` are the fields of `Switches`."""
    return LsCentralSandbox(world, Switches.model_validate(options))
