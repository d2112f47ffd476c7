"""A server that behaves like Acme Market; it shares no code with the client beside it."""

from __future__ import annotations

from crossdock.sandbox import World

from crossdock_acme.sandbox.server import AcmeSandbox

__all__ = ["AcmeSandbox", "create"]


def create(world: World, currency: str = "SGD", token_seconds: int = 1800) -> AcmeSandbox:
    """A market in `world`; served by ``crossdock sandbox acme --option currency=JPY``.

    Args:
        world: clock, chance, oracle and faults.
        currency: of all money.
        token_seconds: how long an access token is good for.
    """
    return AcmeSandbox(world, currency, token_seconds)
