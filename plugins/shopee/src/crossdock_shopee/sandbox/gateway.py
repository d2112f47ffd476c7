"""The gateway before every endpoint: who calls, is it signed, is it fresh, may it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Literal

from multidict import MultiMapping

from crossdock_shopee.sandbox.accounts import Accounts, Owner
from crossdock_shopee.sandbox.replies import GatewayError

Level = Literal["public", "shop", "merchant"]

TIMESTAMP_WINDOW_SECONDS = 300
_UINT32 = 4294967295


class Gateway:
    """Verifies the common parameters, which travel in the query whatever the method.

    Args:
        partner_id: of the only app there is.
        partner_key: used as text, not decoded.
        accounts: whose tokens are looked up.
        now: the virtual time in whole seconds.
    """

    def __init__(self, partner_id: int, partner_key: str, accounts: Accounts) -> None:
        self._partner_id = partner_id
        self._key = partner_key.encode("ascii")
        self._accounts = accounts

    def admit(self, path: str, query: MultiMapping[str], levels: frozenset[Level], now: int) -> Owner | None:
        """On whose behalf the request is made; None for a public one.

        Raises:
            GatewayError: with the code and sentence that the documentation gives for what is wrong.
        """
        self._check_partner(query)
        _check_timestamp(query, now)
        fitting = self._fitting_level(path, query)
        if levels == {"public"} or ("public" in levels and fitting == "public"):
            _require_level(fitting, "public")
            return None
        kind: Literal["shop", "merchant"] = "merchant" if "merchant" in levels else "shop"
        owner = _owner(query, kind)
        _require_level(fitting, kind)
        self._check_token(query["access_token"], owner)
        return owner

    def sign(self, text: str) -> str:
        """What a correct client puts into ``sign`` for this base string."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def _check_partner(self, query: MultiMapping[str]) -> None:
        given = query.get("partner_id", "")
        _require(given != "", "error_param", "There is no partner_id in query.")
        _require(_uint32(given), "error_param", "Partner_id is invalid, should be an integer between 0 and 4294967295.")
        _require(int(given) == self._partner_id, "invalid_partner_id", "Invalid partner_id, please have a check.")

    def _fitting_level(self, path: str, query: MultiMapping[str]) -> Level:
        """For which of the three base strings the sign was made."""
        given = query.get("sign", "")
        _require(given != "", "error_param", "There is no sign in query.")
        text = f"{query['partner_id']}{path}{query['timestamp']}"
        token = query.get("access_token", "")
        bases: Mapping[Level, str] = {
            "shop": f"{text}{token}{query.get('shop_id', '')}",
            "merchant": f"{text}{token}{query.get('merchant_id', '')}",
            "public": text,
        }
        matching = [
            level for level, base in bases.items() if hmac.compare_digest(self.sign(base).encode(), given.encode())
        ]
        if not matching:
            raise GatewayError("error_sign", "Wrong sign.", hint="the sign fits none of the three base strings")
        return "public" if "public" in matching else matching[0]

    def _check_token(self, token: str, owner: Owner) -> None:
        if not self._accounts.linked(owner):
            code = f"{owner.kind}_no_linked"
            raise GatewayError(code, f"Partner and {owner.kind} has no linked.")
        if not self._accounts.accepts(token, owner):
            raise GatewayError("invalid_acceess_token", "Invalid access_token, please have a check.")


def _owner(query: MultiMapping[str], kind: Literal["shop", "merchant"]) -> Owner:
    name = f"{kind}_id"
    _require(query.get("access_token", "") != "", "error_param", "There is no access_token in query.")
    _require(query.get(name, "") != "", "error_param", f"There is no {name} in query.")
    range_complaint = f"{name} is invalid, should be an integer between 0 and 4294967295."
    _require(_uint32(query[name]), "error_param", range_complaint)
    return Owner(kind, int(query[name]))


def _check_timestamp(query: MultiMapping[str], now: int) -> None:
    given = query.get("timestamp", "")
    _require(given != "", "error_param", "no timestamp")
    _require(_uint32(given), "error_param", "Timestamp is invalid, should be an integer between 0 and 4294967295.")
    _require(abs(int(given) - now) <= TIMESTAMP_WINDOW_SECONDS, "error_param", "Timestamp is expired.")


def _uint32(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= _UINT32


def _require(holds: bool, code: str, message: str) -> None:
    if not holds:
        raise GatewayError(code, message)


def _require_level(fitting: Level, needed: Level) -> None:
    if fitting != needed:
        hint = f"the sign fits a {fitting} call, and this endpoint takes a {needed} call"
        raise GatewayError("error_sign", "Wrong sign.", hint=hint)
