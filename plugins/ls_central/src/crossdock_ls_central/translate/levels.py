"""Inventory rows as stock levels. Pure.

Source: GetInventoryMultipleV2 answers a row per item, variant, store and location, in the base unit of measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from crossdock.model import StockLevel
from crossdock_ls_central.options import LsRouteOptions, StockFrom
from crossdock_ls_central.translate.sku import join_sku
from crossdock_ls_central.wire.values import number

__all__ = ["Key", "by_key", "to_levels", "together"]

_PLACE = ("Number", "Variant", "Store", "Location")

Key = tuple[str, str]
"""Item number and variant code."""


def by_key(rows: Iterable[Mapping[str, str]]) -> dict[Key, dict[str, Decimal]]:
    """Item and variant to location to inventory; stores that share a location add up.

    A question for an item and for one of its variants is answered twice for that variant: it counts once.
    """
    single = {tuple(row.get(name, "") for name in _PLACE): row.get("Inventory", "") for row in rows}
    found: dict[Key, dict[str, Decimal]] = {}
    for (item, variant, _, location), inventory in single.items():
        places = found.setdefault((item, variant), {})
        places[location] = places.get(location, Decimal(0)) + number(inventory, "Inventory")
    return found


def together(places: Mapping[str, Decimal], locations: Sequence[str], how: StockFrom) -> Decimal:
    """One level from several locations, never below zero.

    Args:
        places: location to inventory.
        locations: those that count, the most important first; empty means all, and then they are added up.
        how: to add them up, or to take one.
    """
    counted = [amount for place, amount in places.items() if not locations or place in locations]
    if how is StockFrom.SINGLE:
        counted = [places.get(locations[0], Decimal(0))]
    if how is StockFrom.PRIORITY:
        counted = [amount for place in locations if (amount := places.get(place, Decimal(0))) > 0][:1]
    return max(sum(counted, Decimal(0)), Decimal(0))


def to_levels(
    key: Key, places: Mapping[str, Decimal], options: LsRouteOptions, unit: tuple[str, Decimal], at: datetime
) -> list[StockLevel]:
    """The levels of one item or variant: at each location that the route names, or one at no location in particular.

    Args:
        key: which.
        places: location to inventory in base units; empty means none left.
        options: of the route.
        unit: in which it is sold, and how many base units that is; only whole ones count.
        at: when it was asked, which is also its version: what was asked later is newer.
    """
    if options.stock_from is StockFrom.EACH:
        counted = {place: max(places.get(place, Decimal(0)), Decimal(0)) for place in options.locations}
    else:
        counted = {"": together(places, options.locations, options.stock_from)}
    item, variant = key
    name, factor = unit
    return [
        StockLevel(
            sku=join_sku(item, variant, options.sku_delimiter),
            location=place,
            available=available if factor == 1 else (available / factor).to_integral_value(ROUND_FLOOR),
            unit=name,
            product_id=item,
            variant_id=variant,
            version=int(at.timestamp() * 1_000_000),
            as_of=at,
        )
        for place, available in counted.items()
    ]
