"""Signing in: the authorization pages and the two token endpoints."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from crossdock_shopee.sandbox.accounts import Owner
from crossdock_shopee.sandbox.endpoint import PUBLIC, Call, Endpoint
from crossdock_shopee.sandbox.replies import ApiError, Reply, wrong_parameter
from crossdock_shopee.sandbox.requests import Request
from crossdock_shopee.sandbox.settings import MAIN_ACCOUNT_ID, PARTNER_ID, SHOP_ID
from crossdock_shopee.sandbox.state import State

EXPIRE_IN_SECONDS = 14400
Account = Literal["shop", "main"]


class ExchangeRequest(Request):
    """Parameters of auth/token/get: exactly one of the two accounts."""

    code: str
    partner_id: int
    shop_id: int | None = None
    main_account_id: int | None = None


class RefreshRequest(Request):
    """Parameters of auth/access_token/get: exactly one of the two ids."""

    refresh_token: str
    partner_id: int
    shop_id: int | None = None
    merchant_id: int | None = None


def exchange_code(call: Call, ask: ExchangeRequest) -> Reply:
    """Tokens for a code that the seller's browser brought back."""
    _check_partner(ask.partner_id)
    name, number = _exactly_one(shop_id=ask.shop_id, main_account_id=ask.main_account_id)
    granted = call.state.accounts.exchange(ask.code, (name, number))
    if granted is None:
        raise _refusal(call, "invalid_code", "The code is expired or used or invalid, please check the code.", "code")
    pair, owners = granted
    call.state.world.oracle.record("exchange_code", f"{name}:{number}")
    tokens = {"access_token": pair.access_token, "refresh_token": pair.refresh_token, "expire_in": EXPIRE_IN_SECONDS}
    return tokens if name == "shop_id" else {**tokens, **_granted_ids(owners)}


def refresh_token(call: Call, ask: RefreshRequest) -> Reply:
    """A new pair for one shop or one merchant."""
    _check_partner(ask.partner_id)
    name, number = _exactly_one(shop_id=ask.shop_id, merchant_id=ask.merchant_id)
    owner = Owner("shop" if name == "shop_id" else "merchant", number)
    if not call.state.accounts.linked(owner):
        raise ApiError(f"{owner.kind}_no_linked", f"Partner and {owner.kind} has no linked.")
    pair = call.state.accounts.refresh(ask.refresh_token, owner)
    if pair is None:
        sentence = "Your refresh token is error ,please check refresh token or shopid."
        raise _refusal(call, f"error_{owner.kind}_refresh_token", sentence, "refresh_token.")
    call.state.world.oracle.record("refresh_token", f"{name}:{number}")
    return {
        "partner_id": PARTNER_ID,
        name: number,
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "expire_in": EXPIRE_IN_SECONDS,
    }


def owners_of(state: State, account: Account) -> frozenset[Owner]:
    """Whose data an account can grant: one shop, or all of a company."""
    if account == "shop":
        return frozenset({Owner("shop", SHOP_ID)})
    merchants = {Owner("merchant", number) for number in state.merchants}
    shops = {Owner("shop", number) for merchant in state.merchants.values() for number in merchant.shop_ids}
    return frozenset(merchants | shops)


def login_of(account: Account) -> tuple[str, int]:
    """What the redirect says about the account that logged in."""
    return ("shop_id", SHOP_ID) if account == "shop" else ("main_account_id", MAIN_ACCOUNT_ID)


def _granted_ids(owners: Collection[Owner]) -> dict[str, list[int]]:
    return {
        "merchant_id_list": sorted(owner.id for owner in owners if owner.kind == "merchant"),
        "shop_id_list": sorted(owner.id for owner in owners if owner.kind == "shop"),
    }


def _exactly_one(**ids: int | None) -> tuple[str, int]:
    given = [(name, number) for name, number in ids.items() if number is not None]
    if len(given) != 1:
        raise wrong_parameter(f"exactly one of {' and '.join(ids)} is required.")
    return given[0]


def _check_partner(partner_id: int) -> None:
    if partner_id != PARTNER_ID:
        raise ApiError("invalid_partner_id", "Invalid partner_id, please have a check.")


def _refusal(call: Call, code: str, message: str, what: str) -> ApiError:
    """Two families of answers are documented for the same refusal."""
    if call.state.settings.signin_errors == "table":
        return ApiError(code, message)
    return ApiError("error_auth", f"Invalid {what}")


ENDPOINTS = (
    Endpoint("POST", "auth/token/get", ExchangeRequest, exchange_code, PUBLIC),
    Endpoint("POST", "auth/access_token/get", RefreshRequest, refresh_token, PUBLIC),
)
