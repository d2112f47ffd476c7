"""Signing in: OAuth2 client credentials; a token in memory, renewed early and by one task at a time.

Several tokens may be valid at once, so no other process has to know of ours.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.http import HttpClient, Request
from crossdock.log import register_secret
from crossdock_anchanto_oms.config import AnchantoSettings
from crossdock_anchanto_oms.profile import Profile, at, decoded

__all__ = ["Tokens"]

_EARLY_SECONDS = 300.0
_DEFAULT_LIFETIME = 3600.0
_LEAST_SECRET = 4


class Tokens:
    """The access token of one connection.

    Args:
        settings: with the client's id and secret.
        profile: where and how to ask.
        http: carries the request.
        clock: tells when a token ends.
    """

    def __init__(self, settings: AnchantoSettings, profile: Profile, http: HttpClient, clock: Clock) -> None:
        self._settings = settings
        self._profile = profile
        self._http = http
        self._clock = clock
        self._token = ""
        self._renew_at = 0.0
        self._lock = asyncio.Lock()
        secret = settings.client_secret.get_secret_value()
        if len(secret) >= _LEAST_SECRET:
            register_secret(secret)

    async def header(self) -> str:
        """The Authorization header, valid now.

        Raises:
            SignInAgain: client_id or client_secret is refused.
            TryLater: the OMS cannot be reached.
        """
        if not self._is_fresh():
            async with self._lock:
                if not self._is_fresh():  # another task may have been first
                    await self._renew()
        return f"Bearer {self._token}"

    def forget(self, header: str) -> None:
        """The OMS refused `header`: forget that token; a newer one stays."""
        if header == f"Bearer {self._token}":
            self._token = ""

    def _is_fresh(self) -> bool:
        return bool(self._token) and self._clock.monotonic() < self._renew_at

    async def _renew(self) -> None:
        words = self._profile.sign_in
        form = {
            **words.form,
            words.client_id: self._settings.client_id,
            words.client_secret: self._settings.client_secret.get_secret_value(),
        }
        asked_at = self._clock.monotonic()
        response = await self._http.send(
            Request(
                "POST",
                f"{self._settings.base_url}{words.path}",
                headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
                body=urlencode(form).encode(),
                timeout=self._settings.timeout_seconds,
                verb="sign_in",
            )
        )
        try:
            answer = decoded(response.body)
            token, lifetime = str(at(answer, words.token) or ""), float(at(answer, words.lifetime) or _DEFAULT_LIFETIME)
        except (ValueError, TypeError):
            token, lifetime = "", 0.0
        if len(token) < _LEAST_SECRET:
            raise TryLater("The OMS answers the sign-in without a token.", verb="sign_in")
        register_secret(token)
        self._token = token
        self._renew_at = asked_at + max(lifetime - _EARLY_SECONDS, lifetime / 2)
