"""Tokens and shops. Pure.

Source: Shopee Open Platform v2, auth/token/get, auth/access_token/get and shop.get_shop_info; all without `response`.
"""

from __future__ import annotations

import msgspec

__all__ = ["ShopInfo", "TokenAnswer"]


class TokenAnswer(msgspec.Struct, gc=False):
    """A pair of tokens."""

    access_token: str
    refresh_token: str
    expire_in: int
    merchant_id_list: list[int] | None = None
    shop_id_list: list[int] | None = None


class ShopInfo(msgspec.Struct, gc=False):
    """Which shop the tokens belong to."""

    shop_name: str
    region: str
    status: str | None = ""
    auth_time: int | None = 0
    expire_time: int | None = 0
    merchant_id: int | None = None
    is_upgraded_cbsc: bool | None = False
