"""Stock: what is there, what orders hold, and what a store can source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from crossdock_ls_central.sandbox.catalog import Item, Store
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.replicated.source import item_source
from crossdock_ls_central.sandbox.tables.table import Column, column


@dataclass(frozen=True)
class StockRow:
    """The stock of an item or variant that one store has, in base units."""

    item: str
    variant: str
    store: str
    location: str
    physical: Decimal
    reserved: Decimal
    sourcing: Decimal

    @property
    def net(self) -> Decimal:
        """What is not promised to an order."""
        return self.physical - self.reserved


def available(company: Company, item: Item, variant: str, location: str) -> Decimal:
    """Stock at a location that no open order holds, in base units."""
    place = (variant, location)
    return item.stock.get(place, Decimal(0)) - company.reserved.get((item.number, *place), Decimal(0))


def stock_rows(company: Company, item: Item) -> Iterable[StockRow]:
    """The stock of `item` in all stores, by variant."""
    if item.is_service:
        return
    for variant in item.sellable():
        for store in company.stores.values():
            yield _row(company, item, variant, store)


def _row(company: Company, item: Item, variant: str, store: Store) -> StockRow:
    sourcing = sum((available(company, item, variant, location) for location in store.sourcing), Decimal(0))
    return StockRow(
        item.number,
        variant,
        store.number,
        store.location,
        item.stock.get((variant, store.location), Decimal(0)),
        company.reserved.get((item.number, variant, store.location), Decimal(0)),
        sourcing,
    )


def _columns() -> Iterable[Column]:
    yield column(10, "Item No.", "Code", lambda row: row.item)
    yield column(15, "Variant Code", "Code", lambda row: row.variant)
    yield column(25, "Store No.", "Code", lambda row: row.store)
    yield column(20, "Location", "Code", lambda row: row.location)
    yield column(30, "Phys. Inventory", "Decimal", lambda row: row.physical)
    yield column(60, "CO Res. Entries", "Decimal", lambda row: row.reserved)
    yield column(120, "Net Inventory", "Decimal", lambda row: row.net)
    yield column(123, "Sourcing Location Inventory", "Decimal", lambda row: row.sourcing)


INVENTORY = item_source(10012863, "LSC Inventory Lookup Table", 3, _columns(), stock_rows, store_at=2)
ITEM_LOCATIONS = item_source(
    10012869,
    "LSC WI Item Location Buffer",
    3,
    (
        column(1, "Item No.", "Code", lambda row: row.item),
        column(2, "Variant Code", "Code", lambda row: row.variant),
        column(3, "Store No.", "Code", lambda row: row.store),
        column(4, "Location Code", "Code", lambda row: row.location),
    ),
    stock_rows,
    store_at=2,
)
