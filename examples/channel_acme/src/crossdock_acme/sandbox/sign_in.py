"""The simulated market's OAuth: codes and refresh tokens that are good once, access tokens that end."""

from __future__ import annotations

import hmac
from random import Random
from typing import Any

from crossdock.sandbox import VirtualClock

from crossdock_acme.sandbox.market import Refusal

CLIENT_ID = "acme-test-app"
CLIENT_SECRET = "acme-test-secret-0123456789"  # noqa: S105 - fixed and public: it opens nothing but the sandbox
REFRESH_TOKEN = "acme-test-refresh-0123456789"  # noqa: S105 - of a simulation
WEBHOOK_SECRET = "acme-test-webhook-0123456789"  # noqa: S105 - of a simulation


class SignIn:
    """Tokens of one seller.

    Args:
        clock: by which they end.
        random: where they come from.
        seconds: how long an access token is good for.
    """

    def __init__(self, clock: VirtualClock, random: Random, seconds: int) -> None:
        self._clock = clock
        self._random = random
        self._seconds = seconds
        self._access: dict[str, float] = {}
        self._refresh = {REFRESH_TOKEN}
        self._codes: set[str] = set()

    def code(self) -> str:
        """The seller lets the app in."""
        code = f"code-{self._random.getrandbits(64):016x}"
        self._codes.add(code)
        return code

    def exchange(self, body: dict[str, Any]) -> dict[str, Any]:
        """Tokens for a code or a refresh token.

        Raises:
            Refusal: the app or the grant is not known.
        """
        known = hmac.compare_digest(str(body.get("client_secret")), CLIENT_SECRET)
        if body.get("client_id") != CLIENT_ID or not known:
            raise Refusal(400, "invalid_grant", "the app is not known")
        refresh = str(body.get("refresh_token", ""))
        if body.get("grant_type") == "authorization_code":
            code = str(body.get("code", ""))
            if code not in self._codes:
                raise Refusal(400, "invalid_grant", "the code is used or unknown")
            self._codes.remove(code)
            refresh = f"refresh-{self._random.getrandbits(64):016x}"
            self._refresh.add(refresh)
        if refresh not in self._refresh:
            raise Refusal(400, "invalid_grant", "the refresh token is used or unknown")
        self._refresh.remove(refresh)
        refresh = f"refresh-{self._random.getrandbits(64):016x}"
        self._refresh.add(refresh)
        access = f"access-{self._random.getrandbits(64):016x}"
        self._access[access] = self._clock.seconds() + self._seconds
        return {"access_token": access, "refresh_token": refresh, "expires_in": self._seconds}

    def admits(self, header: str) -> bool:
        """Whether a request may pass."""
        return self._access.get(header.removeprefix("Bearer "), 0.0) > self._clock.seconds()

    def expire(self) -> None:
        """End all access tokens at once."""
        self._access.clear()

    def revoke(self) -> None:
        """End refresh tokens as well: only a person can mend that."""
        self._access.clear()
        self._refresh.clear()
