"""Access tokens of one shop or merchant: exchanged, renewed ahead of time, one renewal at a time.

A refresh token works once. So the pair is read again under the vault's lock before it is renewed, and the new pair is
committed before anybody uses it. The old access token stays good for five minutes more, which lets calls under way end.
Source: Shopee Open Platform v2, "Authorization and authentication". No I/O but through what is handed in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import msgspec

from crossdock.clock import Clock
from crossdock.contract import Vault
from crossdock.errors import SignInAgain, TryLater
from crossdock.log import register_secret
from crossdock_shopee.config import ShopeeSettings
from crossdock_shopee.sign import Level
from crossdock_shopee.wire.identity import TokenAnswer

__all__ = ["AsksForTokens", "Owner", "Pair", "Tokens", "owners_of"]

EXCHANGE = "auth/token/get"
REFRESH = "auth/access_token/get"
_LOCK = "tokens"
_AN_EPOCH = 1_000_000_000  # one sample prints the moment instead of the seconds
_FIRST_PAIR_SECONDS = 14_400


class AsksForTokens(Protocol):
    """Sends one request to the token endpoints."""

    def __call__(self, path: str, body: Mapping[str, object]) -> Awaitable[TokenAnswer]:
        """Ask `path` with `body`.

        Raises:
            SignInAgain: the code or refresh token is refused.
            TryLater: no answer; the old tokens are as good as before.
        """
        ...


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom tokens belong to."""

    level: Level
    id: int

    @property
    def key(self) -> str:
        """Under which the vault keeps them."""
        return f"tokens/{self.level}/{self.id}"


class Pair(msgspec.Struct, frozen=True):
    """Two tokens.

    Attributes:
        access: for calls.
        refresh: for the next pair; empty where only an access token was configured.
        expires_at: Unix seconds by our clock.
        origin: fingerprint of the configured secret that the pair descends from, so that a new one is noticed.
    """

    access: str
    refresh: str
    expires_at: float
    origin: str = ""


def owners_of(settings: ShopeeSettings) -> tuple[Owner, ...]:
    """The shop, and its merchant if there is one."""
    shop = Owner(Level.SHOP, settings.shop_id)
    return (shop, Owner(Level.MERCHANT, settings.merchant_id)) if settings.merchant_id else (shop,)


class Tokens:
    """The tokens of one owner, as all tasks of a process share them.

    Args:
        owner: shop or merchant.
        settings: with the first code or tokens.
        clock: tells when a token ends.
        vault: keeps the newest pair for every process.
        ask: sends token requests.
    """

    def __init__(self, owner: Owner, settings: ShopeeSettings, clock: Clock, vault: Vault, ask: AsksForTokens) -> None:
        self.owner = owner
        self._settings = settings
        self._clock = clock
        self._vault = vault
        self._ask = ask
        self._pair: Pair | None = None

    @property
    def access(self) -> str:
        """The access token to sign with; empty before `ready`."""
        return self._pair.access if self._pair else ""

    async def ready(self) -> None:
        """See to it that `access` is good for some time.

        Raises:
            SignInAgain: nobody signed in yet, or the refresh token is refused.
            TryLater: no new token could be had, and the old one has ended.
        """
        left = self._pair.expires_at - self._now() if self._pair else 0.0
        if left > self._settings.refresh_ahead_seconds:
            return
        try:
            await self.renew()
        except TryLater:
            if left <= 0:
                raise

    async def renew(self, rejected: str = "") -> None:
        """Take the newest pair of the vault, or get a new one.

        Args:
            rejected: an access token that Shopee no longer accepts, however long it should live.
        """
        async with self._vault.locked(_LOCK):
            stored = await self._read()
            if stored is None or stored.access == rejected or self._is_ending(stored):
                stored = await self._obtain(stored, rejected)
                await self._write([self.owner], stored)
            self._adopt(stored)

    async def sign_in(self, code: str, main_account_id: int | None = None) -> None:
        """Exchange a code for the first pair; of a main account, for shop and merchant at once.

        Raises:
            SignInAgain: the code is used, expired, or of an account without this shop.
        """
        async with self._vault.locked(_LOCK):
            pair, owners = await self._exchange(code, main_account_id)
            await self._write(owners, pair)
            self._adopt(pair)

    async def _obtain(self, stored: Pair | None, rejected: str) -> Pair:
        """Use, in this order: the stored refresh token, then whatever the config brings that was not used yet."""
        if stored and stored.refresh:
            try:
                return await self._refresh(stored.refresh, stored.origin)
            except SignInAgain:
                if stored.origin == self._origin():
                    raise
        return await self._first(rejected)

    async def _first(self, rejected: str) -> Pair:
        access, refresh, code = self._configured()
        if access and access != rejected:
            return Pair(access, refresh, self._now() + _FIRST_PAIR_SECONDS, self._origin())
        if refresh:
            return await self._refresh(refresh, self._origin())
        if code and (self._settings.main_account_id or self.owner.level is Level.SHOP):
            pair, owners = await self._exchange(code, self._settings.main_account_id)
            await self._write(owners, pair)
            return pair
        raise SignInAgain(
            f"No tokens are known for {self.owner.level} {self.owner.id}.",
            hint="sign in with `crossdock auth link`, or set code or refresh_token",
        )

    async def _refresh(self, token: str, origin: str) -> Pair:
        body = {"refresh_token": token, "partner_id": self._settings.partner_id, self.owner.level: self.owner.id}
        return self._pair_of(await self._ask(REFRESH, body), origin)

    async def _exchange(self, code: str, main_account_id: int | None) -> tuple[Pair, Sequence[Owner]]:
        body: dict[str, object] = {"code": code, "partner_id": self._settings.partner_id}
        if main_account_id is None:
            body["shop_id"] = self._settings.shop_id
            return self._pair_of(await self._ask(EXCHANGE, body), self._origin()), [self.owner]
        body["main_account_id"] = main_account_id
        answer = await self._ask(EXCHANGE, body)
        if self._settings.shop_id not in (answer.shop_id_list or ()):
            raise SignInAgain(
                f"Main account {main_account_id} did not grant shop {self._settings.shop_id}.",
                hint="sign in again and tick the shop",
            )
        merchant = self._settings.merchant_id
        if merchant and merchant not in (answer.merchant_id_list or ()):
            raise SignInAgain(
                f"Main account {main_account_id} did not grant merchant {merchant}.",
                hint='sign in again and tick "Auth Merchant", or correct merchant_id',
            )
        return self._pair_of(answer, self._origin()), owners_of(self._settings)

    def _pair_of(self, answer: TokenAnswer, origin: str) -> Pair:
        seconds = answer.expire_in
        expires_at = float(seconds) if seconds > _AN_EPOCH else self._now() + seconds
        return Pair(answer.access_token, answer.refresh_token, expires_at, origin)

    def _configured(self) -> tuple[str, str, str]:
        secrets = (self._settings.access_token, self._settings.refresh_token, self._settings.code)
        access, refresh, code = (secret.get_secret_value() if secret else "" for secret in secrets)
        return access, refresh, code

    def _origin(self) -> str:
        return sha256("|".join(self._configured()).encode()).hexdigest()[:16]

    def _is_ending(self, pair: Pair) -> bool:
        return pair.expires_at - self._now() <= self._settings.refresh_ahead_seconds

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _adopt(self, pair: Pair) -> None:
        for secret in (pair.access, pair.refresh):
            if secret:
                register_secret(secret)
        self._pair = pair

    async def _read(self) -> Pair | None:
        text = await self._vault.read(self.owner.key)
        return msgspec.json.decode(text, type=Pair) if text else None

    async def _write(self, owners: Sequence[Owner], pair: Pair) -> None:
        text = msgspec.json.encode(pair).decode()
        for owner in owners:
            await self._vault.write(owner.key, text)
