"""Tokens and the check of the Authorization header."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping

from aiohttp import web

from crossdock.sandbox import World
from crossdock_ls_central.sandbox.settings import (
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    SCOPE,
    TENANT,
    USERNAME,
    Switches,
)


class SignIn:
    """The identity provider of the tenant, and the guard of every surface."""

    def __init__(self, world: World, switches: Switches) -> None:
        self._world = world
        self._switches = switches
        self._expiry: dict[str, float] = {}

    def expire(self) -> None:
        """Let every token end now, as when its application's secret is changed."""
        self._expiry.clear()

    async def token(self, request: web.Request) -> web.Response:
        """The OAuth 2 token endpoint, for client credentials."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        problem = self._problem(request.match_info["tenant"], form)
        if problem is not None:
            return self._refused(*problem)
        token = f"sandbox.{self._world.random.getrandbits(256):064x}"
        lifetime = self._switches.token_seconds
        self._expiry[token] = self._world.clock.seconds() + lifetime
        self._world.oracle.record("issue_token", CLIENT_ID)
        answer = {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": token}
        return web.json_response(answer)

    def _problem(self, tenant: str, form: Mapping[str, str]) -> tuple[int, str, int, str] | None:
        if tenant.lower() != TENANT:
            return 400, "invalid_request", 90002, f"Tenant '{tenant}' not found."
        for name in ("grant_type", "client_id", "client_secret", "scope"):
            if not form.get(name):
                return 400, "invalid_request", 900144, f"The request body must contain the parameter: '{name}'."
        if form["grant_type"] != "client_credentials":
            return 400, "unsupported_grant_type", 70003, f"The app requested grant type '{form['grant_type']}'."
        if form["client_id"].lower() != CLIENT_ID:
            text = f"Application with identifier '{form['client_id']}' was not found in the directory."
            return 400, "unauthorized_client", 700016, text
        if form["client_secret"] != CLIENT_SECRET:
            return 401, "invalid_client", 7000215, "Invalid client secret provided."
        if form["scope"] != SCOPE:
            return 400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid."
        return None

    def _refused(self, status: int, error: str, number: int, text: str) -> web.Response:
        correlation = str(uuid.UUID(int=self._world.random.getrandbits(128), version=4))
        body = {
            "error": error,
            "error_description": f"AADSTS{number}: {text} Correlation ID: {correlation}",
            "error_codes": [number],
            "correlation_id": correlation,
        }
        return web.json_response(body, status=status)

    def user(self, authorization: str, *, online: bool) -> str | None:
        """Who signs in with this header; None if nobody may.

        Args:
            authorization: the header's value.
            online: whether it comes by an online path, where basic sign-in does not exist.
        """
        scheme, _, secret = authorization.partition(" ")
        match scheme.lower():
            case "bearer" if online or self._switches.sign_in != "basic":
                alive = self._expiry.get(secret.strip(), 0.0) > self._world.clock.seconds()
                return CLIENT_ID if alive else None
            case "basic" if not online and self._switches.sign_in != "bearer":
                return USERNAME if _is_known(secret) else None
            case _:
                return None


def _is_known(secret: str) -> bool:
    try:
        user, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return user.upper() == USERNAME and password == PASSWORD
