"""Push messages. Pure.

Source: Shopee Open Platform v2, "Push mechanism" and push.get_lost_push_message.
"""

from __future__ import annotations

import msgspec

__all__ = ["LostPush", "LostPushes", "Push", "PushData"]


class PushData(msgspec.Struct, gc=False):
    """The fields of all kinds of messages that say where to look; an order's number has two spellings."""

    ordersn: str | None = ""
    order_sn: str | None = ""
    item_id: int | None = 0
    shop_id: int | None = 0
    shopid: int | None = 0
    shop_id_list: list[int] | None = None
    merchant_id: int | None = 0
    update_time: int | None = 0
    shop_expire_soon: list[int] | None = None
    merchant_expire_soon: list[int] | None = None
    expire_before: int | None = 0

    @property
    def order(self) -> str:
        """The order's number."""
        return self.ordersn or self.order_sn or ""


class Push(msgspec.Struct, gc=False):
    """The envelope of a message."""

    code: int
    data: PushData = msgspec.field(default_factory=PushData)
    shop_id: int | None = 0
    timestamp: int | None = 0
    msg_id: str | None = ""


class LostPush(msgspec.Struct, gc=False):
    """A message that did not arrive: `data` holds the whole envelope as text."""

    data: str
    shop_id: int | None = 0


class LostPushes(msgspec.Struct):
    """The earliest hundred of the last three days that nobody confirmed."""

    push_message_list: list[LostPush] | None = None
    has_next_page: bool = False
    last_message_id: int | None = None
