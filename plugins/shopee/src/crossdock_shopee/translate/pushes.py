"""From push messages to what to look at. Pure; a message is never taken for data.

Source: Shopee Open Platform v2, "Push mechanism", codes 1 to 47.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from crossdock.contract import Nudge, PushAnswer
from crossdock_shopee.translate.amounts import moment
from crossdock_shopee.wire.pushes import Push

__all__ = ["KINDS", "LOOKS", "answer_to", "is_about", "nudges"]

LOOKS = {
    3: "orders",  # order status
    4: "orders",  # tracking number
    15: "orders",  # shipping document
    29: "orders",  # return
    30: "orders",  # package status
    47: "orders",  # package moved to another day or carrier
    8: "orders",  # stock reserved or freed by an order
    7: "stock",  # stock locked by a promotion
    9: "stock",  # promotion changed
    6: "products",  # item banned, as older apps hear it
    13: "products",  # brand registered
    16: "products",  # item violates a rule
    22: "products",  # price changed
    27: "products",  # scheduled listing failed
}
"""Code to flow. Chats, videos, news, penalties, bookings and first-mile messages lead to nothing."""

KINDS = {
    1: "shop authorised",
    2: "authorisation ended",
    3: "order status",
    4: "tracking number",
    5: "news of the platform",
    6: "item banned",
    7: "stock locked by a promotion",
    8: "reserved stock",
    9: "promotion",
    10: "chat",
    11: "video upload",
    12: "authorisation ends soon",
    13: "brand registered",
    15: "shipping document",
    16: "item violates a rule",
    22: "price",
    23: "booking status",
    24: "booking tracking number",
    25: "booking shipping document",
    27: "scheduled listing failed",
    28: "penalty",
    29: "return",
    30: "package status",
    31: "invoice issued",
    33: "invoice error",
    34: "shop blocked",
    35: "item blocked",
    36: "sellable stock",
    37: "first-mile binding",
    38: "video result",
    47: "package details",
}
"""Code to what it is about, for the timeline: every code that Shopee documents."""

_GRANTED, _CANCELLED_GRANT, _EXPIRES_SOON = 1, 2, 12


def answer_to(push: Push, body: bytes, shop_id: int, merchant_id: int | None) -> PushAnswer:
    """What a verified message leads to for one shop; messages about other shops of the same app lead to nothing."""
    return PushAnswer(
        nudges=nudges(push, shop_id),
        message_id=push.msg_id or blake2b(body, digest_size=16).hexdigest(),
        sign_in_expires=_sign_in_expires(push, shop_id, merchant_id),
        account=str(push.shop_id or ""),
    )


def nudges(push: Push, shop_id: int) -> tuple[Nudge, ...]:
    """Where to look: at an order, or at a whole flow."""
    flow = LOOKS.get(push.code)
    if flow is None or (push.shop_id or push.data.shop_id or shop_id) != shop_id:
        return ()
    at = _moment(push.data.update_time or push.timestamp)
    why = f"push {push.code}: {KINDS[push.code]}"
    if flow == "orders":
        return (Nudge(flow, push.data.order, why, at),) if push.data.order else ()
    key = str(push.data.item_id) if flow == "products" and push.data.item_id else ""
    return (Nudge(flow, key, why, at),)


def is_about(push: Push, shop_id: int, merchant_id: int | None) -> bool:
    """Whether a message is about this shop or its merchant, alone or among others."""
    if push.code in (_GRANTED, _CANCELLED_GRANT, _EXPIRES_SOON):
        data = push.data
        shops = {data.shop_id, data.shopid, *(data.shop_id_list or ()), *(data.shop_expire_soon or ())}
        return shop_id in shops or _is(merchant_id, [data.merchant_id, *(data.merchant_expire_soon or ())])
    return (push.shop_id or push.data.shop_id) == shop_id


def _sign_in_expires(push: Push, shop_id: int, merchant_id: int | None) -> datetime | None:
    data = push.data
    if push.code == _CANCELLED_GRANT:
        ended = {data.shop_id, data.shopid, *(data.shop_id_list or ())}
        return _moment(push.timestamp) if shop_id in ended or _is(merchant_id, [data.merchant_id]) else None
    if push.code == _EXPIRES_SOON:
        ours = shop_id in (data.shop_expire_soon or ()) or _is(merchant_id, data.merchant_expire_soon)
        return _moment(data.expire_before) if ours else None
    return None


def _is(merchant_id: int | None, named: list[int] | list[int | None] | None) -> bool:
    return merchant_id is not None and merchant_id in (named or ())


def _moment(seconds: int | None) -> datetime | None:
    """A time that no calendar has is none: a message is only a hint where to look."""
    try:
        return moment(seconds)
    except (ValueError, OverflowError, OSError):
        return None
