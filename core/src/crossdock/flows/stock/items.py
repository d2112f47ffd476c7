"""The items of a stock lane that wait for a person: one a cause, however many SKUs it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from crossdock.flows.stock.guard import BRAKE, STALE
from crossdock.flows.stock.observe import reading_of
from crossdock.flows.trouble import as_item
from crossdock.ledger import SOURCE, Ledger, Parking

_OF_THE_FLOW = (BRAKE, STALE)
_ADVICE = {
    f"{SOURCE}unit": "add the unit to units of the route's stock; the next run reads it all again",
    f"{SOURCE}cannot read": "correct it in the backend; it goes on by itself once it can be read",
    f"{SOURCE}held back": "the extension that holds it back knows why; parked retry asks it again",
}


async def settle(ledger: Ledger, route: str, held: Sequence[Parking]) -> int:
    """Raise what holds now, close what holds no longer; answer how many are new."""
    troubles = [as_item(one, "their level changes", _ADVICE) for one in await ledger.levels(route).troubles()]
    return await ledger.keep_items(f"{route}/stock", [*held, *troubles])


async def retry(ledger: Ledger, route: str, causes: Sequence[str]) -> int:
    """Let what was held back or refused for these causes be sent; answer how many items were closed."""
    chosen = [item for item in await ledger.parked(f"{route}/stock") if item.cause in causes]
    for item in chosen:
        if item.cause == BRAKE:
            await ledger.move(f"{route}/stock/permitted", str(item.facts.get("drops", 0)))
    of_source = [cause for cause in causes if cause.startswith(SOURCE)]
    if of_source:  # nothing is known that could be sent: everything is read again
        await ledger.move(reading_of(route), "")
        await ledger.move(f"{route}/stock/options", "")
    await ledger.levels(route).retry([cause for cause in causes if cause not in (*_OF_THE_FLOW, *of_source)])
    return await ledger.close_items([item.id for item in chosen], "released to be tried again")


async def drop(ledger: Ledger, route: str, causes: Sequence[str], reason: str) -> int:
    """Leave what was refused for these causes as it is until its level changes; answer how many items were closed."""
    chosen = [item for item in await ledger.parked(f"{route}/stock") if item.cause in causes]
    await ledger.levels(route).drop([cause for cause in causes if cause not in _OF_THE_FLOW])
    return await ledger.close_items([item.id for item in chosen], f"dropped: {reason}")
