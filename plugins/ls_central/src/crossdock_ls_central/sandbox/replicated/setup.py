"""Set-up tables: stores, tender types, VAT, units, categories, currencies, vendors, attributes, images."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from crossdock_ls_central.sandbox.catalog import Store
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.odata.stores import STORES
from crossdock_ls_central.sandbox.replicated.source import Source
from crossdock_ls_central.sandbox.tables.items import TENDER_TYPES, VAT_POSTING_SETUP
from crossdock_ls_central.sandbox.tables.table import Table, column


def _coded(number: int, name: str, rows: Callable[[Company], dict[str, str]], key: str = "Code") -> Source:
    columns = (
        column(1, key, "Code", lambda row: row[0]),
        column(2, "Name" if key == "No." else "Description", "Text", lambda row: row[1]),
    )
    return Source(Table(number, name, columns, lambda company: rows(company).items()), 1)


def _locations(company: Company) -> Iterable[tuple[Store, str]]:
    return ((store, location) for store in company.stores.values() for location in store.sourcing)


def _options(company: Company) -> Iterable[tuple[str, int, str]]:
    return (
        (code, sequence, option)
        for code, attribute in company.attributes.items()
        for sequence, option in enumerate(attribute.options, start=1)
    )


def media_id(content: bytes) -> str:
    """The id of an image's present content; another content has another id."""
    return hashlib.sha256(content).hexdigest()[:32]


def _images(company: Company) -> Iterable[Any]:
    return company.images.items()


TENDERS = Source(TENDER_TYPES, 2, store_at=0)
VAT = Source(VAT_POSTING_SETUP, 2)
ALL_STORES = Source(STORES, 1)
UNITS = _coded(204, "Unit of Measure", lambda company: company.units)
CATEGORIES = _coded(5722, "Item Category", lambda company: company.categories)
PRODUCT_GROUPS = _coded(10000705, "LSC Retail Product Group", lambda company: company.categories)
CURRENCIES = _coded(4, "Currency", lambda company: {code: code for code in sorted(company.currencies)})
VENDORS = _coded(23, "Vendor", lambda company: company.vendors, key="No.")
STORE_LOCATIONS = Source(
    Table(
        10012868,
        "LSC WI Inv. Location Buffer",
        (
            column(1, "Store No.", "Code", lambda row: row[0].number),
            column(3, "Location Code", "Code", lambda row: row[1]),
            column(2, "Type", "Option", lambda row: "Store" if row[1] == row[0].location else "Sourcing"),
            column(4, "Location Name", "Text", lambda row: row[1]),
        ),
        _locations,
    ),
    2,
    store_at=0,
)
ATTRIBUTES = Source(
    Table(
        10000784,
        "LSC Attribute",
        (
            column(1, "Code", "Code", lambda row: row[0]),
            column(2, "Description", "Text", lambda row: row[1].description),
            column(3, "Value Type", "Option", lambda row: "Option Value" if row[1].options else "Text"),
        ),
        lambda company: company.attributes.items(),
    ),
    1,
)
ATTRIBUTE_OPTIONS = Source(
    Table(
        10000785,
        "LSC Attribute Option Value",
        (
            column(1, "Attribute Code", "Code", lambda row: row[0]),
            column(2, "Sequence", "Integer", lambda row: row[1]),
            column(3, "Option Value", "Text", lambda row: row[2]),
        ),
        _options,
    ),
    2,
)
IMAGES = Source(
    Table(
        99009063,
        "LSC WI Image Buffer",
        (
            column(1, "Code", "Code", lambda row: row[0]),
            column(2, "Media ID", "Text", lambda row: media_id(row[1])),
            column(3, "Type", "Option", lambda _row: "Image Blob"),
        ),
        _images,
    ),
    1,
)
