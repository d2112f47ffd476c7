"""Push messages: verifying one, and asking for those that got lost."""

from __future__ import annotations

import msgspec

from crossdock.contract import LostPush, LostPushes, PushAnswer, PushMessage
from crossdock.errors import Refused
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.config import ShopeeSettings
from crossdock_shopee.sign import push_signature, same
from crossdock_shopee.translate.pushes import answer_to, is_about
from crossdock_shopee.wire import pushes as wire
from crossdock_shopee.wire.envelope import BROKEN
from crossdock_shopee.wire.pushes import Push

__all__ = ["confirm_lost", "lost", "read", "relayed"]

_PUSH = msgspec.json.Decoder(Push)


def read(settings: ShopeeSettings, message: PushMessage) -> PushAnswer:
    """Verify a message over its raw body, then say what to look at. The answer is empty: a body counts as a failure.

    Raises:
        Refused: there is no signature, or it is not Shopee's.
    """
    key = settings.push_key.get_secret_value().encode() if settings.push_key else settings.key
    expected = push_signature(key, settings.push_url or message.url, message.body)
    if not same(expected, message.headers.get("authorization", "")):
        raise Refused(
            "The push message is not signed by Shopee.",
            hint="push_url must be the address exactly as the console has it; push_key if the console shows one",
        )
    push = _decoded(message.body)
    return answer_to(push, message.body, settings.shop_id, settings.merchant_id) if push else PushAnswer()


def relayed(settings: ShopeeSettings, body: bytes) -> PushAnswer | None:
    """What a message leads to that was verified or fetched by another shop of the app; None: it is not about us."""
    push = _decoded(body)
    if push is None or not is_about(push, settings.shop_id, settings.merchant_id):
        return None
    return answer_to(push, body, settings.shop_id, settings.merchant_id)


async def lost(gateway: Gateway) -> LostPushes:
    """Ask for the earliest hundred messages of the last three days that nobody confirmed; none where that is off."""
    if not gateway.settings.recover_lost_pushes:
        return LostPushes()
    found = await gateway.get("push/get_lost_push_message", (), wire.LostPushes, verb="pull_lost_pushes")
    rows = found.push_message_list or ()
    messages = tuple(LostPush(row.data.encode(), str(row.shop_id or "")) for row in rows)
    queue = f"app {gateway.settings.partner_id}"
    if not messages:
        return LostPushes(queue=queue)
    return LostPushes(messages, str(found.last_message_id or ""), found.has_next_page, queue)


async def confirm_lost(gateway: Gateway, up_to: str) -> None:
    """Say that all messages up to this one are taken care of."""
    body = {"last_message_id": int(up_to)}
    await gateway.do("push/confirm_consumed_lost_push_message", body, verb="confirm_lost_pushes", effect=False)


def _decoded(body: bytes) -> Push | None:
    """A message of a kind that we do not know leads to nothing, as does the console's test."""
    try:
        return _PUSH.decode(body)
    except BROKEN:
        return None
