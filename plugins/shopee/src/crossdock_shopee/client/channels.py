"""Shipping channels that a new listing offers."""

from __future__ import annotations

from crossdock.errors import Refused
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.translate.drafts import Fields
from crossdock_shopee.wire.logistics import Channels

__all__ = ["offered"]

_NEED_MORE = frozenset({"SIZE_SELECTION", "CUSTOM_PRICE"})  # a size or a fee, which only a person can choose


async def offered(gateway: Gateway, options: ShopeeRoute) -> list[Fields]:
    """The route's channels, or all that are enabled in the shop and need nothing else.

    Raises:
        Refused: there is none.
    """
    if options.logistics:
        return [
            Fields({"logistic_id": one.id, "enabled": True, "is_free": one.free})
            | ({"size_id": one.size_id} if one.size_id else {})
            for one in options.logistics
        ]
    found = await gateway.get("logistics/get_channel_list", (), Channels, verb="push_product")
    usable = [
        one.logistics_channel_id
        for one in found.logistics_channel_list
        if one.enabled and not one.mask_channel_id and one.fee_type not in _NEED_MORE
    ]
    if not usable:
        hint = "enable one in Seller Centre, or set logistics of the route"
        raise Refused("The shop has no shipping channel that a listing could offer.", hint=hint)
    return [{"logistic_id": number, "enabled": True} for number in usable]
