"""Signatures of the Open Platform: HMAC-SHA256 over a concatenation without separators. Pure.

The partner key looks like hexadecimal but is used as the characters it is written with.
Source: Shopee Open Platform v2, developer guide, "Signature calculation" and "Push mechanism".
"""

from __future__ import annotations

import hmac
from enum import StrEnum
from hashlib import sha256

__all__ = ["Level", "level_of", "push_signature", "same", "signature"]


class Level(StrEnum):
    """Whose token a call carries; the values are the names of the parameter that names the owner."""

    PUBLIC = ""
    SHOP = "shop_id"
    MERCHANT = "merchant_id"


_LEVELS = {
    "auth": Level.PUBLIC,
    "public": Level.PUBLIC,
    "push": Level.PUBLIC,
    "merchant": Level.MERCHANT,
    "global_product": Level.MERCHANT,
}


def level_of(path: str) -> Level:
    """How calls to ``/api/v2/<module>/…`` are signed; every module that is not listed belongs to shops.

    The page of `media_space` says public, but its errors speak of access tokens: it is signed for the shop.
    """
    return _LEVELS.get(path.split("/", 4)[3], Level.SHOP)


def signature(key: bytes, partner_id: int, path: str, timestamp: int, token: str = "", owner: int | None = None) -> str:
    """Return the `sign` parameter of one request, in lower-case hexadecimal.

    Args:
        key: the partner key, as ASCII bytes.
        partner_id: of the app.
        path: path of the address, such as ``/api/v2/shop/get_shop_info``; without host, query and trailing slash.
        timestamp: Unix seconds, the same that the request carries; it is accepted for five minutes.
        token: access token of shop or merchant; empty for public calls.
        owner: shop or merchant that the token belongs to; None for public calls.
    """
    text = f"{partner_id}{path}{timestamp}{token}{'' if owner is None else owner}"
    return hmac.digest(key, text.encode(), sha256).hex()


def push_signature(key: bytes, url: str, body: bytes) -> str:
    """Return what the `Authorization` header of a push message must hold.

    Args:
        key: the push key, by default the partner key.
        url: the callback address exactly as it is written in the console.
        body: the raw body, never serialised again.
    """
    return hmac.digest(key, url.encode() + b"|" + body, sha256).hex()


def same(expected: str, given: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode(errors="replace"))
