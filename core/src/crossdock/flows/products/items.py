"""The items of a products lane that wait for a person: one a cause, however many products it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from crossdock.flows.trouble import as_item
from crossdock.ledger import SOURCE, Ledger


async def settle(ledger: Ledger, route: str) -> int:
    """Raise what holds now, close what holds no longer; answer how many are new."""
    troubles = await ledger.listings(route).troubles()
    return await ledger.keep_items(f"{route}/products", [as_item(one, "the product changes") for one in troubles])


async def retry(ledger: Ledger, route: str, causes: Sequence[str]) -> int:
    """Let what was refused for these causes be tried again; answer how many items were closed."""
    chosen = [item.id for item in await ledger.parked(f"{route}/products") if item.cause in causes]
    if any(cause.startswith(SOURCE) for cause in causes):
        await ledger.move(f"{route}/products/linked", "")  # everything is read again
    await ledger.listings(route).retry(causes)
    return await ledger.close_items(chosen, "released to be tried again")


async def drop(ledger: Ledger, route: str, causes: Sequence[str], reason: str) -> int:
    """Leave what was refused for these causes as it is until it changes; answer how many items were closed."""
    chosen = [item.id for item in await ledger.parked(f"{route}/products") if item.cause in causes]
    await ledger.listings(route).drop(causes)
    return await ledger.close_items(chosen, f"dropped: {reason}")
