"""Shipping channels of a shop. Pure.

Source: Shopee Open Platform v2, logistics.get_channel_list.
"""

from __future__ import annotations

import msgspec

__all__ = ["Channel", "Channels"]


class Channel(msgspec.Struct, gc=False):
    """One channel; those with a mask belong to another, which buyers see."""

    logistics_channel_id: int
    enabled: bool | None = False
    mask_channel_id: int | None = 0
    fee_type: str | None = ""


class Channels(msgspec.Struct):
    """All channels."""

    logistics_channel_list: list[Channel]
