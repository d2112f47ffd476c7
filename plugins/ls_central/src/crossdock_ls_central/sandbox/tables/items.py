"""The tables of master data."""

from __future__ import annotations

from collections.abc import Iterable

from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.soap.schema import NULL_MOMENT
from crossdock_ls_central.sandbox.tables.table import Column, Table, column, moment


def _item_columns() -> Iterable[Column]:
    yield column(1, "No.", "Code", lambda i: i.number)
    yield column(3, "Description", "Text", lambda i: i.description)
    yield column(8, "Base Unit of Measure", "Code", lambda i: i.base_unit)
    yield column(10, "Type", "Text", lambda i: i.type)
    yield column(18, "Unit Price", "Decimal", lambda i: i.unit_price)
    yield column(31, "Vendor No.", "Code", lambda i: i.vendor)
    yield column(41, "Gross Weight", "Decimal", lambda i: i.gross_weight)
    yield column(54, "Blocked", "Boolean", lambda i: i.blocked)
    yield column(68, "Inventory", "Decimal", lambda i: i.inventory())
    yield column(99, "VAT Prod. Posting Group", "Code", lambda i: i.vat_group)
    yield column(5425, "Sales Unit of Measure", "Code", lambda i: i.sales_unit)
    yield column(5702, "Item Category Code", "Code", lambda i: i.category)
    yield column(2000000000, "SystemId", "GUID", lambda i: i.system_id)
    yield column(2000000003, "SystemModifiedAt", "DateTime", lambda i: moment(i.modified_at, NULL_MOMENT))


def _vat_rows(company: Company) -> Iterable[tuple[str, str, object]]:
    return ((bus, prod, percent) for (bus, prod), percent in sorted(company.vat_percent.items()))


ITEMS = Table(27, "Item", tuple(_item_columns()), lambda company: company.items.values())
VAT_POSTING_SETUP = Table(
    325,
    "VAT Posting Setup",
    (
        column(1, "VAT Bus. Posting Group", "Code", lambda row: row[0]),
        column(2, "VAT Prod. Posting Group", "Code", lambda row: row[1]),
        column(4, "VAT %", "Decimal", lambda row: row[2]),
    ),
    _vat_rows,
)
TENDER_TYPES = Table(
    99001466,
    "LSC Tender Type",
    (
        column(1, "Store No.", "Code", lambda row: row[0]),
        column(2, "Code", "Code", lambda row: row[1].code),
        column(10, "Description", "Text", lambda row: row[1].description),
    ),
    lambda company: ((store, tender) for store in company.stores for tender in company.tender_types.values()),
)
