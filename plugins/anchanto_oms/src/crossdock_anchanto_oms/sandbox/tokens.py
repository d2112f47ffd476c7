"""Sign-in with client credentials."""

from __future__ import annotations

import hmac

from aiohttp import web

from crossdock.sandbox import World
from crossdock_anchanto_oms.sandbox.refusal import Refusal
from crossdock_anchanto_oms.sandbox.settings import CLIENT_ID, CLIENT_SECRET


class Tokens:
    """Issues access tokens and knows until when each is good."""

    def __init__(self, world: World, life_seconds: int) -> None:
        self._world = world
        self._life_seconds = life_seconds
        self._expires: dict[str, float] = {}

    async def issue(self, request: web.Request) -> web.Response:
        """``POST /oauth/token``."""
        if request.content_type != "application/x-www-form-urlencoded":
            raise Refusal(415, "unsupported_media_type", "send application/x-www-form-urlencoded")
        form = await request.post()
        if form.get("grant_type") != "client_credentials":
            raise Refusal(400, "unsupported_grant_type", "grant_type must be client_credentials")
        client_id, secret = str(form.get("client_id", "")), str(form.get("client_secret", ""))
        if client_id != CLIENT_ID or not hmac.compare_digest(secret.encode(), CLIENT_SECRET.encode()):
            raise Refusal(401, "invalid_client", "client_id or client_secret is wrong")
        token = f"oms-{self._world.random.getrandbits(160):040x}"
        self._expires[token] = self._world.clock.seconds() + self._life_seconds
        return web.json_response({"access_token": token, "token_type": "Bearer", "expires_in": self._life_seconds})

    def check(self, header: str | None) -> None:
        """Let a request pass, or refuse it.

        Raises:
            Refusal: the header is missing, or its token is unknown or expired.
        """
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "token_missing", "send Authorization: Bearer and an access token")
        if token not in self._expires:
            raise Refusal(401, "token_invalid", "the access token is not known")
        if self._expires[token] <= self._world.clock.seconds():
            raise Refusal(401, "token_expired", "the access token has expired")

    def revoke_all(self) -> int:
        """Make all tokens unknown; tells how many there were."""
        revoked = len(self._expires)
        self._expires.clear()
        return revoked
