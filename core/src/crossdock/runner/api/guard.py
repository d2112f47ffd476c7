"""Who calls: bearer tokens with roles, and patience with those who guess."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from aiohttp import web

from crossdock.clock import Clock
from crossdock.ledger import Access, ApiToken, Role
from crossdock.runner.api.desk import Refusal

_WRONG_TOKENS = 10
_WITHIN_SECONDS = 60.0
_MOST_ADDRESSES = 10_000


class Guard:
    """Lets callers in.

    Args:
        trusted_proxies: addresses of proxies whose word counts as to who calls.
        clock: the only source of time.
    """

    def __init__(self, trusted_proxies: Sequence[str], clock: Clock) -> None:
        self._trusted = frozenset(trusted_proxies)
        self._clock = clock
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    async def admit(self, request: web.Request, access: Access, needed: Role) -> ApiToken:
        """Whose token the request carries.

        Raises:
            Refusal: it carries none that counts, its role is too low, or too many wrong ones came from there.
        """
        address = self._address(request)
        self._refuse_guessing(address)
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        holder = await access.holder(secret.strip()) if scheme.lower() == "bearer" and secret else None
        if holder is None:
            if secret:
                self._note_wrong(address)
            raise Refusal(401, "the token is missing or wrong", "make one with: crossdock api token new NAME")
        if not holder.role.covers(needed):
            raise Refusal(403, f"this needs the role {needed.value}, and the token has the role {holder.role.value}")
        return holder

    def _address(self, request: web.Request) -> str:
        """Who really calls: what the last trusted proxy says, or whoever is connected."""
        nearest = request.remote or ""
        told = [part.strip() for part in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")]
        while nearest in self._trusted and told and told[-1]:
            nearest = told.pop()
        return nearest

    def _refuse_guessing(self, address: str) -> None:
        now = self._clock.monotonic()
        recent = [at for at in self._wrong.get(address, []) if now - at < _WITHIN_SECONDS]
        if len(recent) >= _WRONG_TOKENS:
            wait = int(_WITHIN_SECONDS - (now - recent[0])) + 1
            raise Refusal(429, "too many wrong tokens came from this address", "wait, then use the right one", wait)

    def _note_wrong(self, address: str) -> None:
        now = self._clock.monotonic()
        recent = [at for at in self._wrong.pop(address, []) if now - at < _WITHIN_SECONDS]
        self._wrong[address] = [*recent, now][-_WRONG_TOKENS:]
        while len(self._wrong) > _MOST_ADDRESSES:
            self._wrong.popitem(last=False)
