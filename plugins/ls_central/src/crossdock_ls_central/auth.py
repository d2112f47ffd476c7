"""Signing in: OAuth2 client credentials, or a web service access key.

Source: Microsoft identity platform, client credentials flow; the token endpoint answers 400 or 401 with `error` and
`error_description` (AADSTS...) when the credentials are wrong.
"""

from __future__ import annotations

import base64
import json
from typing import Protocol
from urllib.parse import urlencode

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.http import BearerToken, HttpClient, Request, Response
from crossdock.log import register_secret
from crossdock_ls_central.config import Auth, LsSettings
from crossdock_ls_central.judge import SIGN_IN

__all__ = ["BasicKey", "ClientCredentials", "SignIn", "sign_in_for"]

_LEAST_SECRET = 4


class SignIn(Protocol):
    """Where the Authorization header comes from."""

    async def header(self) -> str:
        """The header's value, valid now."""
        ...

    def forget(self, header: str) -> bool:
        """The far side did not accept `header`: forget it. False when nothing else can be tried."""
        ...


class BasicKey:
    """A user with a web service access key; on premises only."""

    def __init__(self, username: str, key: str) -> None:
        self._header = "Basic " + base64.b64encode(f"{username}:{key}".encode()).decode()
        register_secret(self._header)
        if len(key) >= _LEAST_SECRET:
            register_secret(key)

    async def header(self) -> str:
        """The header's value."""
        return self._header

    def forget(self, header: str) -> bool:
        """There is no other key to try."""
        return False


class ClientCredentials:
    """OAuth2 client credentials: a token in memory, renewed early and by one task at a time."""

    def __init__(self, settings: LsSettings, http: HttpClient, clock: Clock) -> None:
        self._settings = settings
        self._http = http
        self._token = BearerToken(clock, self._ask)
        secret = settings.client_secret.get_secret_value()
        if len(secret) >= _LEAST_SECRET:
            register_secret(secret)

    async def header(self) -> str:
        """The header's value, from memory or from the token endpoint.

        Raises:
            SignInAgain: the client id or secret is refused.
            TryLater: the token endpoint cannot be reached.
        """
        return await self._token.header()

    def forget(self, header: str) -> bool:
        """Forget the token if it is still the one that was refused; a newer one stays."""
        self._token.forget(header)
        return True

    async def _ask(self) -> tuple[str, float]:
        settings = self._settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret.get_secret_value(),
            "scope": settings.scope,
        }
        response = await self._http.send(
            Request(
                "POST",
                settings.token_address,
                headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
                body=urlencode(form).encode(),
                timeout=settings.timeout_seconds,
                verb="sign_in",
                group=SIGN_IN,
            )
        )
        return _token(response)


def sign_in_for(settings: LsSettings, http: HttpClient, clock: Clock) -> SignIn:
    """The way of signing in that the settings name."""
    if settings.auth is Auth.BASIC:
        return BasicKey(settings.username, settings.key.get_secret_value())
    return ClientCredentials(settings, http, clock)


def _token(response: Response) -> tuple[str, float]:
    token = _field(response.body, "access_token")
    if len(token) < _LEAST_SECRET:
        raise TryLater("The token endpoint answers without a token.")
    try:
        return token, float(_field(response.body, "expires_in") or 3600)
    except (ValueError, RecursionError):
        return token, 3600.0


def _field(body: bytes, name: str) -> str:
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    value = decoded.get(name, "") if isinstance(decoded, dict) else ""
    return str(value)
