"""Items with everything that belongs to them, from several tables kept in memory; shared by stock and products."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from crossdock.clock import Clock
from crossdock_ls_central.client import LsClient
from crossdock_ls_central.kept_pages import KeptPages
from crossdock_ls_central.replica import Replica, Source

__all__ = ["PRODUCT_TABLES", "STOCK_TABLES", "Catalog", "Marks", "day_of", "entry_of", "marks_of", "written"]

Marks = dict[str, int]
"""Table to the counter up to which its changes were read: what a cursor is made of."""

_ITEM, _VARIANT = "Item No.", "Variant Code"
SOURCES: Mapping[str, Source] = {
    "items": Source(
        "GetWIItemBuffer",
        "No.",
        keep=(
            *("Description", "Base Unit of Measure", "Sales Unit of Measure", "Type", "Unit Price", "Vendor No."),
            *("Gross Weight", "Blocked", "Blocked on eCommerce", "Item Category Code", "Retail Product Code"),
            *("Season Code", "Item Family Code", "Item Html"),
        ),
    ),
    "goods": Source(
        "GetWIItemBuffer",
        "No.",
        keep=("Base Unit of Measure", "Sales Unit of Measure", "Blocked", "Blocked on eCommerce"),
    ),
    "units": Source("GetItemUnitOfMeasure", _ITEM, ("Code",), ("Qty. per Unit of Measure",)),
    "variants": Source("GetItemVariant", _ITEM, ("Code",), ("Description", "Blocked", "Sales Blocked")),
    "dimensions": Source(
        "GetVariantRegWithStatus",
        _ITEM,
        ("Variant",),
        ("Framework Code", "Blocked on eCommerce", *(f"Variant Dimension {number}" for number in range(1, 7))),
    ),
    "barcodes": Source("GetBarcode", _ITEM, ("Barcode No.",), (_VARIANT, "Unit of Measure Code")),
    "texts": Source("GetItemHTML", _ITEM, keep=("Html",)),
    "images": Source(
        "GetImageLink", "KeyValue", ("Image Id",), ("Display Order",), store=False, only=("TableName", "Item")
    ),
    "web": Source(
        "GetWIPrice",
        _ITEM,
        ("Store No.", _VARIANT, "Unit of Measure Code", "Customer Disc. Group", "Loyalty Scheme Code", "Currency Code"),
        ("Unit Price",),
    ),
    "sales_price": Source(
        "GetSalesPrice",
        "#1",
        ("#13", "#2", "#3", "#4", "#14", "#5400", "#5700"),
        ("#5", "#6", "#15", "#99001450"),
    ),
    "price_list": Source(
        "GetPriceListLine",
        "#8",
        ("#1", "#2"),
        ("#3", "#4", "#9", "#10", "#12", "#13", "#14", "#15", "#17", "#23", "#30", "#41"),
    ),
    "vendors": Source("GetVendor", "No.", keep=("Name",), store=False),
}
STOCK_TABLES = ("goods", "units", "variants", "dimensions")
"""What is needed to tell in which unit an item is sold, and whether it may be: few fields, mostly the same."""
PRODUCT_TABLES = ("items", "units", "variants", "dimensions", "barcodes", "texts", "images")
"""What a product is made of, besides the table of its prices."""


class Catalog:
    """Keeps the tables that somebody has asked for.

    Args:
        client: asks LS Central.
        clock: the only source of time.
        folder: where pages of tables outlive the process.
    """

    def __init__(self, client: LsClient, clock: Clock, folder: Path) -> None:
        settings = client.settings
        whose = (settings.base_url, settings.tenant, settings.environment, settings.company, settings.store)
        self._replicas = {
            name: Replica(client, source, clock, KeptPages(folder, (*whose, source)))
            for name, source in SOURCES.items()
        }

    def __getitem__(self, table: str) -> Replica:
        return self._replicas[table]

    async def load(self, tables: Sequence[str], *, verb: str, again: bool = False) -> Marks:
        """Read these tables in full where that was not done yet; `again` reads them anew."""
        entries = await asyncio.gather(*(self._replicas[name].load(verb=verb, again=again) for name in tables))
        return dict(zip(tables, entries, strict=True))

    async def changes(self, tables: Sequence[str], since: Marks, *, verb: str) -> tuple[set[str], Marks]:
        """Items of which something changed in these tables, and where each table stands now."""
        found = await asyncio.gather(*(self._replicas[name].changes(since.get(name, 0), verb=verb) for name in tables))
        items = {item for changed in found for item in changed.items}
        return items, {name: changed.entry for name, changed in zip(tables, found, strict=True)}


def written(marks: Marks, **more: str) -> str:
    """A cursor as text."""
    return json.dumps({"at": marks, **more}, separators=(",", ":"), sort_keys=True)


def marks_of(cursor: str) -> tuple[Marks, str]:
    """The counters in a cursor, and where a full run had come to; empty when it was finished."""
    decoded = json.loads(cursor)
    return dict(decoded["at"]), str(decoded.get("after", ""))


def entry_of(cursor: str) -> int:
    """The counter that the last page of a reading of everything gave, which its next page is asked with."""
    return int(json.loads(cursor).get("entry", 0))


def day_of(cursor: str) -> date | None:
    """The day on which a run ended that read everything that had changed; None where it does not say."""
    day = json.loads(cursor).get("day")
    return date.fromisoformat(day) if day else None
