"""A server that behaves like Shopee Open Platform API v2: signatures, tokens, paging, errors, delays.

It is written from Shopee's published reference, never from the client of this plugin, and shares no code with it.
"""

from __future__ import annotations

from typing import Any

from crossdock.sandbox import World
from crossdock_shopee.sandbox.server import ShopeeSandbox
from crossdock_shopee.sandbox.settings import Settings

__all__ = ["Settings", "ShopeeSandbox", "create"]


def create(world: World, **options: Any) -> ShopeeSandbox:
    """A Shopee sandbox in `world`.

    Args:
        world: clock, chance, oracle and faults.
        options: fields of `Settings`, such as ``region="MY"``.

    Raises:
        ValueError: an option is unknown or its value is not allowed.
    """
    return ShopeeSandbox(world, Settings(**options))
