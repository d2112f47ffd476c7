"""Push messages: verifying one, and asking for those that got lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from crossdock.contract import Nudge, PushAnswer, PushMessage
from crossdock.errors import Refused
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.config import ShopeeSettings
from crossdock_shopee.sign import push_signature, same
from crossdock_shopee.translate.pushes import answer_to, nudges
from crossdock_shopee.wire.pushes import LostPushes, Push

__all__ = ["Lost", "confirm_lost", "lost", "read"]

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
    return answer_to(push, settings.shop_id, settings.merchant_id) if push else PushAnswer()


@dataclass(frozen=True, slots=True)
class Lost:
    """Messages that did not arrive.

    Attributes:
        nudges: what this shop's messages lead to.
        last_message_id: confirm up to here once the nudges are kept; None when nothing was lost.
        more: whether there are further ones behind these.
    """

    nudges: Sequence[Nudge]
    last_message_id: int | None
    more: bool


async def lost(gateway: Gateway) -> Lost:
    """Ask for the earliest hundred messages of the last three days that nobody confirmed."""
    found = await gateway.get("push/get_lost_push_message", (), LostPushes, verb="lost_pushes")
    pushes = [_decoded(one.data.encode()) for one in found.push_message_list or ()]
    ours = [nudge for push in pushes if push for nudge in nudges(push, gateway.settings.shop_id)]
    return Lost(list(dict.fromkeys(ours)), found.last_message_id if pushes else None, found.has_next_page)


async def confirm_lost(gateway: Gateway, last_message_id: int) -> None:
    """Say that all messages up to this one are taken care of: those of the app's other shops too."""
    body = {"last_message_id": last_message_id}
    await gateway.do("push/confirm_consumed_lost_push_message", body, verb="lost_pushes", effect=False)


def _decoded(body: bytes) -> Push | None:
    """A message of a kind that we do not know leads to nothing, as does the console's test."""
    try:
        return _PUSH.decode(body)
    except msgspec.MsgspecError:
        return None
