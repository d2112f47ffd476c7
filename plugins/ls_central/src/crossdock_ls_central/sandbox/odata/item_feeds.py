"""What the replication actions give of master data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crossdock_ls_central.sandbox.item_tables import TENDER_TYPES, VAT_POSTING_SETUP
from crossdock_ls_central.sandbox.odata.replication import Feed
from crossdock_ls_central.sandbox.odata.stores import STORES
from crossdock_ls_central.sandbox.tables import Column, Table, column


def _web_item_columns() -> Iterable[Column]:
    yield column(1, "No.", "Code", lambda i: i.number)
    yield column(3, "Description", "Text", lambda i: i.description)
    yield column(8, "Base Unit of Measure", "Code", lambda i: i.base_unit)
    yield column(10, "Type", "Option", lambda i: i.type)
    yield column(18, "Unit Price", "Decimal", lambda i: i.unit_price)
    yield column(31, "Vendor No.", "Code", lambda i: i.vendor)
    yield column(32, "Vendor Item No.", "Text", lambda i: i.number if i.vendor else "")
    yield column(41, "Gross Weight", "Decimal", lambda i: i.gross_weight)
    yield column(54, "Blocked", "Boolean", lambda i: i.blocked)
    yield column(99, "VAT Prod. Posting Group", "Code", lambda i: i.vat_group)
    yield column(5425, "Sales Unit of Measure", "Code", lambda i: i.sales_unit)
    yield column(5426, "Purch. Unit of Measure", "Code", lambda i: i.base_unit)
    yield column(5702, "Item Category Code", "Code", lambda i: i.category)
    yield column(10012861, "Block Sale on POS", "Boolean", lambda i: i.blocked_on_pos)
    yield column(10012863, "Blocked on eCommerce", "Boolean", lambda i: i.blocked_on_ecommerce)


def _of_store(row: Any, store: str) -> bool:
    return bool(row[0] == store)


WEB_ITEMS = Table(10012860, "LSC WI Item Buffer", tuple(_web_item_columns()), lambda company: company.items.values())

FEEDS: Mapping[str, Feed] = {
    "GetWIItemBuffer": Feed(WEB_ITEMS, 1, "Item", in_store=lambda _row, _store: True),
    "GetTenderType": Feed(TENDER_TYPES, 2, "Tender Type", in_store=_of_store),
    "GetVATPostingSetup": Feed(VAT_POSTING_SETUP, 2, "VAT Posting Setup"),
    "GetStoreBuffer": Feed(STORES, 1, "Store", as_data_set=True),
}
