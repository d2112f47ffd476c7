"""What is shown of levels and what holds them back, as the page `stock.txt`.

After a change that is meant, `python -m tests.core.flows.stock.stock_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from crossdock.flows.options import StockOptions
from crossdock.flows.stock.allowance import Allowance, Share, SoldUnits
from crossdock.flows.stock.guard import guard
from crossdock.flows.stock.show import in_sold_units, kits_of, to_show
from crossdock.ledger import Level, Sold
from crossdock.model import StockLevel
from tests import pages

PAGE = Path(__file__).with_name("stock.txt")
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
KITS = {"SET": {"CUP": Decimal(2), "POT": Decimal(1)}, "BOX": {"SET": Decimal(1), "CUP": Decimal(1)}}
KITS["SETS"] = {"SET": Decimal(2)}
SOLD = [
    Sold("CUP", Decimal(1), None),
    Sold("CUP", Decimal(2), 100.0),
    Sold("SET", Decimal(3), None),
    Sold("POT", Decimal("0.5"), 99.0),
]


def _guard(
    minutes: float | None = 1, drops: tuple[int, int] = (0, 100), permitted: int = 0, **options: Any
) -> Callable[[], object]:
    read_at = None if minutes is None else NOW - timedelta(minutes=minutes)
    return lambda: guard(StockOptions(**options), read_at, NOW, drops, permitted)


def _shown(available: str, of_sku: int | None = None, **options: Any) -> Callable[[], object]:
    return lambda: to_show(Decimal(available), StockOptions(**options), of_sku)


def _units(unit: str, **options: Any) -> Callable[[], object]:
    level = StockLevel(sku="MUG", available=Decimal(3), unit=unit, location="W1", version=1)
    return lambda: in_sold_units(level, StockOptions(**options))


def _kits(*levels: Level) -> Callable[[], object]:
    return lambda: list(kits_of(levels, StockOptions(kits={"SET": KITS["SET"]})))


def _level(sku: str, available: str, location: str = "", version: int = 0, as_of: float = 0) -> Level:
    return Level(sku, Decimal(available), 0, location=location, version=version, as_of=as_of)


def _sold(as_of: float = 0) -> Callable[[], object]:
    def make() -> object:
        units = SoldUnits(SOLD, KITS)
        return {sku: str(units.of(sku, as_of)) for sku in ("CUP", "POT", "SET", "BOX", "MUG", "SETS")}

    return make


def _allowed(sold: str | None = None, rewritten: str | None = None, ahead: bool = True) -> Callable[[], object]:
    """What is shown, and what extensions were asked."""
    asked: list[str] = []

    async def rewrite_stock(level: StockLevel, given: object) -> StockLevel:
        asked.append(f"{level.available} of {level.sku}, route {'told' if given is route else 'unknown'}")
        return level if rewritten is None else level.model_copy(update={"available": Decimal(rewritten)})

    route: Any = SimpleNamespace(both=SimpleNamespace(rewrite_stock=rewrite_stock))
    first = [Share(StockOptions(max_listed=4)), Share(StockOptions(percentage=50), {"MUG": 1})]
    level = StockLevel(sku="MUG", available=Decimal(20), version=1)

    def make() -> object:
        allowance = Allowance(route, Share(StockOptions(buffer=3), {"MUG": 2}), first if ahead else ())
        shown = asyncio.run(allowance.of(level, *(() if sold is None else (Decimal(sold),))))
        return {"asked": asked.pop(), "shown": shown}

    return make


EXAMPLES = {
    "read by hand alone": _guard(None),
    "read just in time": _guard(15),
    "read too long ago": _guard(15.1),
    "read too long ago, where longer is allowed": _guard(15.1, fresh_for="1h"),
    "as many drops as are allowed": _guard(drops=(30, 100)),
    "one drop too many": _guard(drops=(31, 100)),
    "drops of few": _guard(drops=(10, 12)),
    "one drop too many of few": _guard(drops=(11, 12)),
    "drops that a person agreed to": _guard(drops=(50, 100), permitted=50),
    "one more than a person agreed to": _guard(drops=(51, 100), permitted=50),
    "one drop too many, with settings of the route": _guard(drops=(3, 199), brake_percent=1, brake_from=2),
    "both": _guard(99, (99, 100)),
    "all is shown": _shown("17.9"),
    "less than nothing": _shown("-3"),
    "a share": _shown("17", percentage=50),
    "a share less a buffer": _shown("17", percentage=50, buffer=2),
    "a buffer of the SKU": _shown("17", 0, buffer=2),
    "at most": _shown("17", max_listed=9),
    "less than at most": _shown("7", max_listed=9),
    "the end": _shown("2", end_when_at_most=2),
    "before the end": _shown("3", end_when_at_most=2),
    "no units": _units("BOX"),
    "a level without a unit": _units("", units={"BOX": "6"}),
    "a unit": _units("BOX", units={"BOX": "6", "CARTON": "24"}),
    "a unit that nobody knows": _units("PALLET", units={"CARTON": "24", "BOX": "6"}),
    "kits of both parts": _kits(_level("CUP", "9", "W1", 7, 1000), _level("POT", "5", "W1", 8, 900)),
    "kits at two places": _kits(_level("CUP", "9", "W1"), _level("POT", "5", "W2"), _level("POT", "2", "W1")),
    "kits of which a part is owed": _kits(_level("CUP", "-4"), _level("POT", "5")),
    "kits of something else": _kits(_level("MUG", "9")),
    "sold at the beginning": _sold(),
    "sold, at the moment when it was settled": _sold(100),
    "sold, before that": _sold(99.5),
    "allowed": _allowed(),
    "allowed, without others": _allowed(ahead=False),
    "allowed after sales": _allowed("5"),
    "allowed, and rewritten": _allowed(rewritten="1.9"),
    "allowed, and rewritten below zero": _allowed(rewritten="0"),
}


def page() -> str:
    """All examples."""
    return pages.page(EXAMPLES)


if __name__ == "__main__":
    PAGE.write_text(page())
