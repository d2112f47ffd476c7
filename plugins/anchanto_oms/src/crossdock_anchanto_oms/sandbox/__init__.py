"""A server that behaves as Anchanto OMS (with WMS, if wished) would behind our neutral wire profile.

Written from Anchanto's public help pages and from the plugin's ``WIRE.md``; it shares no code with the client.
I/O: the server, and the events that it sends. Time and randomness come from the world.
"""

from __future__ import annotations

from typing import Any

from crossdock.sandbox import World
from crossdock_anchanto_oms.sandbox.server import AnchantoSandbox
from crossdock_anchanto_oms.sandbox.settings import Settings

__all__ = ["AnchantoSandbox", "Settings", "create"]


def create(world: World, **options: Any) -> AnchantoSandbox:
    """A sandbox in `world`.

    Args:
        world: where time, randomness, faults and the oracle come from.
        options: fields of `Settings`, such as ``wms=True`` or ``currency="SGD"``.

    Raises:
        TypeError: there is no such option.
    """
    return AnchantoSandbox(world, Settings(**options))
