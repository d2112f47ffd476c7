"""Choosing how a parcel leaves, among what Shopee offers and what the route prefers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crossdock.errors import Refused, TryLater
from crossdock_shopee.config import ShipBy, ShopeeRoute
from crossdock_shopee.wire.shipping import Offer, PickupAddress

__all__ = ["choose"]

Fields = dict[str, object]


def choose(offer: Offer, options: ShopeeRoute, tracking_number: str = "") -> tuple[ShipBy, Fields]:
    """Pick the first way of `options.ship_by` that is offered and whose needs can be met.

    Args:
        offer: from `get_shipping_parameter`.
        options: of the route.
        tracking_number: the seller's own, where the backend has one.

    Returns:
        The way and what to send for it, which may be nothing.

    Raises:
        TryLater: a pick-up is offered, but no time slot yet.
        Refused: nothing that is offered is allowed by the route, or something is missing.
    """
    offered = _offered(offer)
    missing: list[str] = []
    for way in options.ship_by:
        needs = offered.get(way)
        if needs is None:
            continue
        given = _GIVERS[way](offer, options, tracking_number)
        lacking = [name for name in map(_spelling, needs) if name not in given]
        if not lacking:
            return way, given
        missing += [f"{way} needs {name}" for name in lacking]
    raise _nothing_fits(offered, options, missing)


def _nothing_fits(offered: Mapping[ShipBy, list[str]], options: ShopeeRoute, missing: list[str]) -> Refused | TryLater:
    wanted = ", ".join(options.ship_by)
    if missing and all(name.endswith("pickup_time_id") for name in missing):
        return TryLater("Shopee offers a pick-up but no time slot yet.", after=900)
    if missing:
        return Refused(
            f"Shopee's offer cannot be taken: {', '.join(missing)}.",
            hint="set sender_name, dropoff_branch_id or pickup_address_id of the route, or post a tracking number",
        )
    return Refused(
        f"Shopee offers {', '.join(offered) or 'nothing'}, but the route ships by {wanted}.",
        hint="add the way to ship_by of the route",
    )


def _offered(offer: Offer) -> dict[ShipBy, list[str]]:
    needs = offer.info_needed
    ways = {ShipBy.PICKUP: needs.pickup, ShipBy.DROPOFF: needs.dropoff, ShipBy.NON_INTEGRATED: needs.non_integrated}
    return {way: wanted for way, wanted in ways.items() if wanted is not None}


def _spelling(name: str) -> str:
    """The needs say `tracking_no`, the call wants `tracking_number`."""
    return "tracking_number" if name == "tracking_no" else name


def _pickup(offer: Offer, options: ShopeeRoute, _tracking_number: str) -> Fields:
    address = _address((offer.pickup.address_list if offer.pickup else None) or [], options)
    if address is None:
        return {}
    given: Fields = {"address_id": address.address_id}
    if address.time_slot_list:
        slot = address.time_slot_list[0 if options.pickup_slot == "first" else -1]
        given["pickup_time_id"] = slot.pickup_time_id
    return given


def _address(offered: list[PickupAddress], options: ShopeeRoute) -> PickupAddress | None:
    """The one that the route names, else the shop's pick-up address, its default, or any."""
    if options.pickup_address_id is not None:
        return next((one for one in offered if one.address_id == options.pickup_address_id), None)
    for flag in ("pickup_address", "default_address"):
        found = next((one for one in offered if flag in (one.address_flag or ())), None)
        if found:
            return found
    return offered[0] if offered else None


def _dropoff(offer: Offer, options: ShopeeRoute, tracking_number: str) -> Fields:
    """Only what is asked for: a field too many is refused."""
    needs = {_spelling(name) for name in offer.info_needed.dropoff or ()}
    branches = (offer.dropoff.branch_list if offer.dropoff else None) or []
    slugs = (offer.dropoff.slug_list if offer.dropoff else None) or []
    known: Fields = {
        "branch_id": options.dropoff_branch_id or (branches[0].branch_id if branches else None),
        "sender_real_name": options.sender_name,
        "tracking_number": tracking_number,
        "slug": slugs[0].slug if slugs else None,
    }
    return {name: value for name, value in known.items() if name in needs and value}


def _non_integrated(_offer: Offer, _options: ShopeeRoute, tracking_number: str) -> Fields:
    return {"tracking_number": tracking_number} if tracking_number else {}


_GIVERS: dict[ShipBy, Callable[[Offer, ShopeeRoute, str], Fields]] = {
    ShipBy.PICKUP: _pickup,
    ShipBy.DROPOFF: _dropoff,
    ShipBy.NON_INTEGRATED: _non_integrated,
}
