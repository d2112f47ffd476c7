"""What may be shown of a level. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal

from crossdock.flows.options import StockOptions
from crossdock.ledger import Fault, Level
from crossdock.model import StockLevel

_HUNDRED = Decimal(100)


def to_show(available: Decimal, options: StockOptions, buffer: int | None = None) -> int:
    """How many of `available` units of sale a channel may show: whole, and never below zero.

    Args:
        available: in units of sale.
        options: of the route.
        buffer: of this SKU, instead of the route's; None where nobody said one.
    """
    held = options.buffer if buffer is None else buffer
    shared = available * options.percentage / _HUNDRED - held
    whole = int(shared.to_integral_value(ROUND_FLOOR))
    if options.max_listed is not None:
        whole = min(whole, options.max_listed)
    return whole if whole > options.end_when_at_most else 0


def in_sold_units(level: StockLevel, options: StockOptions) -> Decimal | Fault:
    """What is available in the unit of sale, or why nobody can tell."""
    if not options.units or not level.unit:
        return level.available
    factor = options.units.get(level.unit)
    if factor is None:
        known = ", ".join(sorted(options.units))
        text = f"Unit {level.unit} of SKU {level.sku} has no conversion; units has {known}."
        return Fault(level.sku, f"unit {level.unit}", text, level.location)
    return level.available * factor


def kits_of(parts: Sequence[Level], options: StockOptions) -> Iterator[StockLevel]:
    """The kits at each location, as many as the scarcest part allows; a part that nobody has counts as none.

    Args:
        parts: the levels of all parts of all kits.
        options: of the route.
    """
    by_place: dict[str, dict[str, Level]] = {}
    for part in parts:
        by_place.setdefault(part.location, {})[part.sku] = part
    for location, there in by_place.items():
        for sku, needed in options.kits.items():
            if any(part in there for part in needed):
                yield _kit(sku, needed, location, there)


def _kit(sku: str, needed: Mapping[str, Decimal], location: str, there: Mapping[str, Level]) -> StockLevel:
    counts = [there[part].available / quantity if part in there else Decimal(0) for part, quantity in needed.items()]
    known = [there[part] for part in needed if part in there]
    whole = min(counts).to_integral_value(ROUND_FLOOR)
    return StockLevel(
        sku=sku,
        available=max(whole, Decimal(0)),
        location=location,
        product_id=sku,
        version=max(level.version for level in known),
        as_of=datetime.fromtimestamp(min(level.as_of for level in known), UTC),
    )
