"""Signing in: OAuth2 client credentials, or a web service access key.

Source: Microsoft identity platform, client credentials flow; the token endpoint answers 400 or 401 with `error` and
`error_description` (AADSTS...) when the credentials are wrong.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Protocol
from urllib.parse import urlencode

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.http import HttpClient, Request, Response
from crossdock.log import register_secret
from crossdock_ls_central.config import Auth, LsSettings
from crossdock_ls_central.judge import SIGN_IN

__all__ = ["BasicKey", "ClientCredentials", "SignIn", "sign_in_for"]

EARLY_SECONDS = 300.0
"""A token is renewed so long before it expires, as LS's own client does."""
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
        self._clock = clock
        self._header = ""
        self._renew_at = 0.0
        self._lock = asyncio.Lock()
        secret = settings.client_secret.get_secret_value()
        if len(secret) >= _LEAST_SECRET:
            register_secret(secret)

    async def header(self) -> str:
        """The header's value, from memory or from the token endpoint.

        Raises:
            SignInAgain: the client id or secret is refused.
            TryLater: the token endpoint cannot be reached.
        """
        if not self._is_fresh():
            async with self._lock:
                if not self._is_fresh():  # another task may have been first
                    await self._renew()
        return self._header

    def forget(self, header: str) -> bool:
        """Forget the token if it is still the one that was refused; a newer one stays."""
        if header == self._header:
            self._header = ""
        return True

    def _is_fresh(self) -> bool:
        return bool(self._header) and self._clock.monotonic() < self._renew_at

    async def _renew(self) -> None:
        settings = self._settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret.get_secret_value(),
            "scope": settings.scope,
        }
        asked_at = self._clock.monotonic()
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
        token, lifetime = _token(response)
        register_secret(token)
        self._header = f"Bearer {token}"
        self._renew_at = asked_at + max(lifetime - EARLY_SECONDS, lifetime / 2)


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
