"""The items of a products lane that wait for a person: one a cause, however many products it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from crossdock.flows.trouble import BROKEN, as_item
from crossdock.ledger import SOURCE, Ledger

_SHEET = "name the listing in the column listing of crossdock products export, and import the file"
_ADVICE = {
    "ambiguous": f"correct the SKUs of these listings on the channel, or {_SHEET}; then parked retry",
    "linked-twice": f"correct the SKUs so that each product has its own listing, or {_SHEET}; then parked retry",
    "listing-gone": "parked retry lists it anew",
    "price": "correct the price in the backend, and it is sent by itself; parked retry sends the same price again",
    BROKEN: "report it to the plugin's author; parked retry looks before it sends",
    f"{SOURCE}cannot read": "correct it in the backend, then parked retry reads everything again",
    f"{SOURCE}held back": "the extension that holds it back knows why; parked retry asks it again",
}


async def settle(ledger: Ledger, route: str) -> int:
    """Raise what holds now, close what holds no longer; answer how many are new."""
    troubles = await ledger.listings(route).troubles()
    return await ledger.keep_items(
        f"{route}/products", [as_item(one, "the product changes", _ADVICE) for one in troubles]
    )


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
