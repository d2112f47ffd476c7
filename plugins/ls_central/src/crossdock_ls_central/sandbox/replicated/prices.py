"""Prices: what the web store sells at, and the time-limited ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crossdock_ls_central.sandbox.catalog import Item, SpecialPrice
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.replicated.source import item_source
from crossdock_ls_central.sandbox.soap.schema import NULL_DATE, NULL_MOMENT
from crossdock_ls_central.sandbox.tables.table import Column, column, moment

_NET_PLACES = Decimal("0.00001")


@dataclass(frozen=True)
class PriceRow:
    """A selling price in one store, for one unit; an empty variant means all that have no price of their own."""

    store: str
    item: str
    variant: str
    unit: str
    units_per: Decimal
    price: Decimal
    net_price: Decimal
    currency: str
    modified: date


def price_rows(company: Company, item: Item) -> Iterable[PriceRow]:
    """The selling prices of `item` in all stores."""
    modified = moment(item.modified_at, NULL_MOMENT).date()
    for store in company.stores.values():
        percent = company.vat_percent.get((store.vat_bus_group, item.vat_group), Decimal(0))
        for variant in ("", *sorted(item.variant_prices)):
            for unit, units_per in item.units.items():
                price = item.price(variant) * units_per
                net = (price / (1 + percent / 100)).quantize(_NET_PLACES, ROUND_HALF_UP)
                yield PriceRow(store.number, item.number, variant, unit, units_per, price, net, "", modified)


def _special(_company: Company, item: Item) -> Iterable[tuple[Item, SpecialPrice]]:
    return ((item, price) for price in item.special_prices)


def _ending(row: Any) -> date:
    return row[1].ends or NULL_DATE


def _sales_price_columns() -> Iterable[Column]:
    yield column(1, "Item No.", "Code", lambda row: row[0].number)
    yield column(13, "Sales Type", "Option", lambda _row: "All Customers")
    yield column(2, "Sales Code", "Code", lambda _row: "")
    yield column(4, "Starting Date", "Date", lambda row: row[1].starts)
    yield column(3, "Currency Code", "Code", lambda _row: "")
    yield column(5700, "Variant Code", "Code", lambda row: row[1].variant)
    yield column(5400, "Unit of Measure Code", "Code", lambda row: row[1].unit)
    yield column(14, "Minimum Quantity", "Decimal", lambda _row: Decimal(0))
    yield column(5, "Unit Price", "Decimal", lambda row: row[1].price)
    yield column(6, "Price Includes VAT", "Boolean", lambda _row: True)
    yield column(11, "VAT Bus. Posting Gr. (Price)", "Code", lambda _row: "LOCAL")
    yield column(15, "Ending Date", "Date", _ending)
    yield column(99001450, "LSC Unit Price Including VAT", "Decimal", lambda row: row[1].price)


def _price_list_columns() -> Iterable[Column]:
    yield column(1, "Price List Code", "Code", lambda _row: "SPECIAL")
    yield column(2, "Line No.", "Integer", lambda row: row[1].line_no)
    yield column(8, "Asset No.", "Code", lambda row: row[0].number)
    yield column(3, "Source Type", "Option", lambda _row: "All Customers")
    yield column(4, "Source No.", "Code", lambda _row: "")
    yield column(9, "Variant Code", "Code", lambda row: row[1].variant)
    yield column(10, "Currency Code", "Code", lambda _row: "")
    yield column(12, "Starting Date", "Date", lambda row: row[1].starts)
    yield column(13, "Ending Date", "Date", _ending)
    yield column(14, "Minimum Quantity", "Decimal", lambda _row: Decimal(0))
    yield column(15, "Unit of Measure Code", "Code", lambda row: row[1].unit)
    yield column(17, "Unit Price", "Decimal", lambda row: row[1].price)
    yield column(23, "Price Includes VAT", "Boolean", lambda _row: True)
    yield column(24, "VAT Bus. Posting Gr. (Price)", "Code", lambda _row: "LOCAL")
    yield column(30, "Status", "Option", lambda _row: "Active")
    yield column(41, "LSC Unit Price Including VAT", "Decimal", lambda row: row[1].price)


WEB_PRICES = item_source(
    10012861,
    "LSC WI Price",
    7,
    (
        column(1, "Store No.", "Code", lambda row: row.store),
        column(2, "Item No.", "Code", lambda row: row.item),
        column(3, "Variant Code", "Code", lambda row: row.variant),
        column(10, "Customer Disc. Group", "Code", lambda _row: ""),
        column(11, "Loyalty Scheme Code", "Code", lambda _row: ""),
        column(12, "Currency Code", "Code", lambda row: row.currency),
        column(21, "Unit of Measure Code", "Code", lambda row: row.unit),
        column(19, "Net Unit Price", "Decimal", lambda row: row.net_price),
        column(20, "Unit Price", "Decimal", lambda row: row.price),
        column(30, "Last Modify Date", "Date", lambda row: row.modified),
        column(40, "Qty. per Unit of Measure", "Decimal", lambda row: row.units_per),
    ),
    price_rows,
    item_at=1,
    store_at=0,
)
SALES_PRICES = item_source(7002, "Sales Price", 7, _sales_price_columns(), _special)
PRICE_LIST_LINES = item_source(7001, "Price List Line", 3, _price_list_columns(), _special, item_at=2)
