"""What the shop ships with and from where: get_channel_list, get_address_list."""

from __future__ import annotations

from typing import Any

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.logistics.channels import ADDRESSES, CHANNELS, Channel
from crossdock_shopee.sandbox.replies import Reply, wrapped
from crossdock_shopee.sandbox.requests import Nothing


def get_channel_list(call: Call, _ask: Nothing) -> Reply:
    """All channels of the shop."""
    return wrapped({"logistics_channel_list": [_channel(call, channel) for channel in CHANNELS.values()]})


def get_address_list(call: Call, _ask: Nothing) -> Reply:
    """The seller's addresses; here their kinds are in upper case."""
    region = call.shop.region.code
    rows = [{**address.row(region), "address_type": list(address.types)} for address in ADDRESSES]
    return wrapped({"show_pickup_address": True, "address_list": rows})


def _channel(call: Call, channel: Channel) -> dict[str, Any]:
    return {
        "logistics_channel_id": channel.id,
        "logistics_channel_name": channel.name or call.shop.region.carrier,
        "cod_enabled": True,
        "enabled": True,
        "fee_type": "SIZE_INPUT",
        "size_list": [],
        "weight_limit": {"item_max_weight": 30, "item_min_weight": 0},
        "item_max_dimension": {"height": 100, "width": 100, "length": 100, "unit": "cm", "dimension_sum": 0},
        "volume_limit": {"item_max_volume": 0, "item_min_volume": 0},
        "logistics_description": "",
        "force_enable": False,
        "mask_channel_id": 0,
        "block_seller_cover_shipping_fee": False,
        "support_cross_border": call.shop.merchant_id is not None,
        "seller_logistic_has_configuration": None,
        "logistics_capability": {"seller_logistics": "non_integrated" in channel.modes},
        "preprint": False,
        "support_pause": False,
    }


ENDPOINTS = (
    Endpoint("GET", "logistics/get_channel_list", Nothing, get_channel_list),
    Endpoint("GET", "logistics/get_address_list", Nothing, get_address_list),
)
