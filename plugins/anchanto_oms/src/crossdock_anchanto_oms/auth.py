"""Signing in: OAuth2 client credentials; a token in memory, renewed early and by one task at a time.

Several tokens may be valid at once, so no other process has to know of ours.
"""

from __future__ import annotations

from urllib.parse import urlencode

from crossdock.clock import Clock
from crossdock.errors import TryLater
from crossdock.http import BearerToken, HttpClient, Request
from crossdock.log import register_secret
from crossdock_anchanto_oms.config import AnchantoSettings
from crossdock_anchanto_oms.profile import Profile, at, decoded

__all__ = ["Tokens"]

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
        self._token = BearerToken(clock, self._ask)
        secret = settings.client_secret.get_secret_value()
        if len(secret) >= _LEAST_SECRET:
            register_secret(secret)

    async def header(self) -> str:
        """The Authorization header, valid now.

        Raises:
            SignInAgain: client_id or client_secret is refused.
            TryLater: the OMS cannot be reached.
        """
        return await self._token.header()

    def forget(self, header: str) -> None:
        """The OMS refused `header`: forget that token; a newer one stays."""
        self._token.forget(header)

    async def _ask(self) -> tuple[str, float]:
        words = self._profile.sign_in
        form = {
            **words.form,
            words.client_id: self._settings.client_id,
            words.client_secret: self._settings.client_secret.get_secret_value(),
        }
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
        return token, lifetime
