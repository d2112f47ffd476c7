"""The pages that a seller's browser visits. This seller has always logged in and always consents."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import BaseModel, ConfigDict
from yarl import URL

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_shopee.sandbox.accounts import Owner
from crossdock_shopee.sandbox.gateway import Gateway
from crossdock_shopee.sandbox.replies import ApiError
from crossdock_shopee.sandbox.settings import PARTNER_ID
from crossdock_shopee.sandbox.signin import Account, login_of, owners_of
from crossdock_shopee.sandbox.state import State

_PUBLIC: frozenset[Literal["public", "shop", "merchant"]] = frozenset({"public"})


class Login(BaseModel):
    """Body of ``PUT /_sandbox/login``: who is logged in when an authorization page is opened."""

    model_config = ConfigDict(extra="forbid")
    account: Account = "shop"


class AuthorizePages:
    """The signed pages on the API's host, and the unsigned one that came later."""

    def __init__(self, state: State, gateway: Gateway) -> None:
        self._state = state
        self._gateway = gateway
        self._account: Account = "shop"

    def routes(self) -> list[web.RouteDef]:
        """As the server offers them."""
        return [
            web.get("/api/v2/shop/auth_partner", self.signed),
            web.get("/api/v2/shop/cancel_auth_partner", self.cancelled),
            web.get("/auth", self.unsigned),
        ]

    def actions(self) -> list[OperatorAction]:
        """What an operator decides for the seller."""
        return [
            OperatorAction("PUT", "/login", "Choose who is logged in on the authorization page.", self.login, Login),
            OperatorAction("POST", "/codes", "Grant access again; answers the code of the redirect.", self.code, Login),
            OperatorAction("POST", "/tokens/{kind}/{id}/expire", "Let the access tokens expire now.", self.expire),
            OperatorAction("DELETE", "/authorizations/{kind}/{id}", "The seller withdraws the grant.", self.revoke),
        ]

    async def signed(self, request: web.Request) -> web.Response:
        """The older link: signed like a public call, valid for five minutes."""
        try:
            self._gateway.admit(request.path, request.query, _PUBLIC, self._state.world.clock.timestamp())
        except ApiError as error:
            return _refused(error.code, error.message)
        return self._redirect(request.query.get("redirect", ""), None)

    async def unsigned(self, request: web.Request) -> web.Response:
        """The newer link."""
        query = request.query
        if query.get("partner_id") != str(PARTNER_ID):
            return _refused("error_param", "Invalid partner_id.")
        if query.get("auth_type") != "seller" or query.get("response_type") != "code":
            return _refused("error_param", "auth_type must be seller and response_type must be code.")
        return self._redirect(query.get("redirect_uri", ""), query.get("state"))

    async def cancelled(self, request: web.Request) -> web.Response:
        """The link by which a seller withdraws the grant."""
        try:
            self._gateway.admit(request.path, request.query, _PUBLIC, self._state.world.clock.timestamp())
        except ApiError as error:
            return _refused(error.code, error.message)
        for owner in owners_of(self._state, self._account):
            self._state.accounts.revoke(owner)
        return _sent_to(request.query.get("redirect", "/"))

    async def login(self, body: Login, _path: dict[str, str]) -> dict[str, object]:
        """Choose the account."""
        self._account = body.account
        return {"account": body.account}

    async def code(self, body: Login, _path: dict[str, str]) -> dict[str, object]:
        """A code without a browser."""
        name, number = login_of(body.account)
        return {"code": self._new_code(body.account), name: number}

    async def expire(self, _body: None, path: dict[str, str]) -> dict[str, object]:
        """Let access tokens expire."""
        return {"expired": self._state.accounts.expire_access(_owner(path))}

    async def revoke(self, _body: None, path: dict[str, str]) -> dict[str, object]:
        """Withdraw the grant."""
        owner = _owner(path)
        self._state.accounts.revoke(owner)
        data = {"authorize_type": f"user cancel {owner.kind} authorization", "extra": "", "success": 1}
        self._state.outbox.emit(2, None, {**data, f"{owner.kind}_id": owner.id}, partner_id=PARTNER_ID)
        return {"revoked": True}

    def _redirect(self, target: str, state: str | None) -> web.Response:
        if not urlsplit(target).netloc:
            return _refused("error_param", "The redirect address is missing or not absolute.")
        name, number = login_of(self._account)
        query = {"code": self._new_code(self._account), name: str(number)}
        if state is not None:
            query["state"] = state
        return _sent_to(str(URL(target).update_query(query)))

    def _new_code(self, account: Account) -> str:
        name, number = login_of(account)
        extra = f"{name} {number} has been authorized successfully"
        data = {"authorize_type": "shop authorization by user", "extra": extra, name: number, "success": 1}
        self._state.outbox.emit(1, None, data, partner_id=PARTNER_ID)
        return self._state.accounts.new_code(login_of(account), owners_of(self._state, account))


def _owner(path: dict[str, str]) -> Owner:
    if path["kind"] not in ("shop", "merchant") or not path["id"].isdigit():
        raise OperatorError(f"{path['kind']} {path['id']} is no shop or merchant id", missing=True)
    return Owner("shop" if path["kind"] == "shop" else "merchant", int(path["id"]))


def _sent_to(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})


def _refused(code: str, message: str) -> web.Response:
    body = {"code": 1, "error": code, "msg": message, "debug_message": ""}
    return web.json_response(body, status=403)
