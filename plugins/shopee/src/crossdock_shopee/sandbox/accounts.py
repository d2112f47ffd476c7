"""Who may call on whose behalf: codes, tokens and authorizations, with all their rules."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, NamedTuple

from crossdock.sandbox import VirtualClock

CODE_SECONDS = 10 * 60
ACCESS_SECONDS = 4 * 60 * 60
GRACE_SECONDS = 5 * 60
REFRESH_SECONDS = 30 * 24 * 60 * 60
AUTHORIZATION_SECONDS = 365 * 24 * 60 * 60


class Owner(NamedTuple):
    """A shop or a merchant: the ids of the two kinds are separate."""

    kind: Literal["shop", "merchant"]
    id: int


@dataclass
class Authorization:
    """What a seller granted: from when until when (UTC seconds)."""

    auth_time: int
    expire_time: int


@dataclass(frozen=True)
class TokenPair:
    """An access token (reusable for four hours) and a refresh token (good once for each id)."""

    access_token: str
    refresh_token: str


@dataclass
class _Code:
    login: tuple[str, int]
    owners: frozenset[Owner]
    expires: float


@dataclass
class _Refresh:
    owners: set[Owner]
    expires: float


class Accounts:
    """The partner's authorizations. All times are of the virtual clock."""

    def __init__(self, clock: VirtualClock, chance: random.Random) -> None:
        self.authorizations: dict[Owner, Authorization] = {}
        self._clock = clock
        self._random = chance
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, dict[Owner, float]] = {}
        self._refresh: dict[str, _Refresh] = {}

    def authorize(self, owners: Collection[Owner]) -> None:
        """Note that the seller granted access to `owners`, from now for a year."""
        now = self._clock.timestamp()
        for owner in owners:
            self.authorizations[owner] = Authorization(now, now + AUTHORIZATION_SECONDS)

    def revoke(self, owner: Owner) -> None:
        """Note that the seller withdrew the grant: every token stops."""
        self.authorizations.pop(owner, None)
        self._forget(owner)

    def linked(self, owner: Owner) -> bool:
        """Whether an authorization for `owner` is in force."""
        found = self.authorizations.get(owner)
        return found is not None and self._clock.seconds() < found.expire_time

    def new_code(self, login: tuple[str, int], owners: Collection[Owner], code: str | None = None) -> str:
        """A code for the account that logged in (``("shop_id", 1)`` or ``("main_account_id", 1)``)."""
        code = code or self._hex()
        self._codes[code] = _Code(login, frozenset(owners), self._clock.seconds() + CODE_SECONDS)
        return code

    def exchange(self, code: str, login: tuple[str, int]) -> tuple[TokenPair, frozenset[Owner]] | None:
        """Tokens for a code, once and within ten minutes; None when the code or the account is wrong."""
        found = self._codes.get(code)
        if found is None or found.login != login or found.expires <= self._clock.seconds():
            return None
        del self._codes[code]
        self.authorize(found.owners)
        for owner in found.owners:
            self._forget(owner)
        return self.issue(found.owners), found.owners

    def refresh(self, refresh_token: str, owner: Owner) -> TokenPair | None:
        """A new pair for one id; None when the token is unknown, expired or was used for this id before."""
        found = self._refresh.get(refresh_token)
        if found is None or found.expires <= self._clock.seconds() or owner not in found.owners:
            return None
        found.owners.remove(owner)
        last_moment = self._clock.seconds() + GRACE_SECONDS
        for expiry in self._access.values():
            if owner in expiry:
                expiry[owner] = min(expiry[owner], last_moment)
        return self.issue([owner])

    def issue(self, owners: Collection[Owner], pair: TokenPair | None = None) -> TokenPair:
        """A pair that is good for `owners`."""
        pair = pair or TokenPair(self._hex(), self._hex())
        now = self._clock.seconds()
        self._access[pair.access_token] = dict.fromkeys(owners, now + ACCESS_SECONDS)
        self._refresh[pair.refresh_token] = _Refresh(set(owners), now + REFRESH_SECONDS)
        return pair

    def accepts(self, access_token: str, owner: Owner) -> bool:
        """Whether the token is known, good for `owner`, and not expired."""
        return self._access.get(access_token, {}).get(owner, 0) > self._clock.seconds()

    def expire_access(self, owner: Owner) -> int:
        """Let every access token for `owner` expire now; returns how many that were."""
        hit = [expiry for expiry in self._access.values() if expiry.get(owner, 0) > self._clock.seconds()]
        for expiry in hit:
            expiry[owner] = 0
        return len(hit)

    def _forget(self, owner: Owner) -> None:
        for expiry in self._access.values():
            expiry.pop(owner, None)
        for grant in self._refresh.values():
            grant.owners.discard(owner)

    def _hex(self) -> str:
        return f"{self._random.getrandbits(128):032x}"
