"""Items, variants, barcodes, units, texts, image links and attribute values."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crossdock_ls_central.sandbox.catalog import Item, Variant
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.replicated.source import item_source
from crossdock_ls_central.sandbox.tables.table import Column, column


def _html(item: Item) -> str:
    return base64.b64encode(item.html.encode()).decode() if item.html else ""


def _item_columns() -> Iterable[Column]:
    yield column(1, "No.", "Code", lambda i: i.number)
    yield column(3, "Description", "Text", lambda i: i.description)
    yield column(8, "Base Unit of Measure", "Code", lambda i: i.base_unit)
    yield column(10, "Type", "Option", lambda i: i.type)
    yield column(18, "Unit Price", "Decimal", lambda i: i.unit_price)
    yield column(31, "Vendor No.", "Code", lambda i: i.vendor)
    yield column(32, "Vendor Item No.", "Text", lambda i: i.number if i.vendor else "")
    yield column(41, "Gross Weight", "Decimal", lambda i: i.gross_weight)
    yield column(43, "Units per Parcel", "Decimal", lambda _i: Decimal(1))
    yield column(44, "Unit Volume", "Decimal", lambda _i: Decimal(0))
    yield column(47, "Tariff No.", "Code", lambda _i: "")
    yield column(54, "Blocked", "Boolean", lambda i: i.blocked)
    yield column(95, "Country/Region of Origin Code", "Code", lambda _i: "")
    yield column(99, "VAT Prod. Posting Group", "Code", lambda i: i.vat_group)
    yield column(5425, "Sales Unit of Measure", "Code", lambda i: i.sales_unit)
    yield column(5426, "Purch. Unit of Measure", "Code", lambda i: i.base_unit)
    yield column(5702, "Item Category Code", "Code", lambda i: i.category)
    yield column(6500, "Item Tracking Code", "Code", lambda _i: "")
    yield column(10000703, "Retail Product Code", "Code", lambda i: i.category)
    yield column(10000704, "Special Group Code", "Code", lambda _i: "")
    yield column(10001401, "Season Code", "Code", lambda _i: "")
    yield column(99001463, "Item Family Code", "Code", lambda _i: "")
    yield column(99001484, "No Discount Allowed", "Boolean", lambda _i: False)
    yield column(99001490, "Scale Item", "Boolean", lambda _i: False)
    yield column(10012860, "Item Html", "Text", _html)
    yield column(10012861, "Block Sale on POS", "Boolean", lambda i: i.blocked_on_pos)
    yield column(10012862, "Block Purchase Return", "Boolean", lambda _i: False)
    yield column(10012863, "Blocked on eCommerce", "Boolean", lambda i: i.blocked_on_ecommerce)
    yield column(10012864, "Block Discount", "Boolean", lambda _i: False)
    yield column(10012865, "Block Manual Price Change", "Boolean", lambda _i: False)


def _itself(_company: Company, item: Item) -> Iterable[Item]:
    return (item,)


def _variants(_company: Company, item: Item) -> Iterable[tuple[Item, Variant]]:
    return ((item, variant) for variant in item.variants.values())


def _registration(*, with_status: bool) -> Iterable[Column]:
    yield column(1, "Item No.", "Code", lambda row: row[0].number)
    yield column(20, "Variant", "Code", lambda row: row[1].code)
    yield column(2, "Framework Code", "Code", lambda _row: "SIZE")
    yield column(10, "Variant Dimension 1", "Code", lambda row: row[1].code)
    for number in range(2, 7):
        yield column(9 + number, f"Variant Dimension {number}", "Code", lambda _row: "")
    if with_status:
        yield column(30, "Block Sale on POS", "Boolean", lambda row: row[1].blocked)
        yield column(31, "Blocked on eCommerce", "Boolean", lambda row: row[1].blocked_on_ecommerce)


def _barcodes(_company: Company, item: Item) -> Iterable[tuple[Item, str, str]]:
    return ((item, barcode, variant) for barcode, variant in item.barcodes.items())


def _units(_company: Company, item: Item) -> Iterable[tuple[Item, str, Decimal]]:
    return ((item, code, quantity) for code, quantity in item.units.items())


def _texts(_company: Company, item: Item) -> Iterable[Item]:
    return (item,) if item.html else ()


def _image_links(_company: Company, item: Item) -> Iterable[tuple[Item, int, str]]:
    return ((item, order, image_id) for order, image_id in enumerate(item.images))


def _attributes(_company: Company, item: Item) -> Iterable[tuple[Item, str, str]]:
    return ((item, code, value) for code, value in item.attributes.items())


def _item_no(row: Any) -> str:
    return str(row[0].number)


WEB_ITEMS = item_source(10012860, "LSC WI Item Buffer", 1, _item_columns(), _itself)
VARIANTS = item_source(
    5401,
    "Item Variant",
    2,
    (
        column(2, "Item No.", "Code", _item_no),
        column(1, "Code", "Code", lambda row: row[1].code),
        column(3, "Description", "Text", lambda row: row[1].description),
        column(4, "Description 2", "Text", lambda _row: ""),
        column(54, "Blocked", "Boolean", lambda row: row[1].blocked),
        column(5, "Sales Blocked", "Boolean", lambda row: row[1].blocked),
    ),
    _variants,
)
REGISTRATIONS = item_source(10001414, "LSC Item Variant Registration", 2, _registration(with_status=False), _variants)
REGISTRATIONS_WITH_STATUS = item_source(
    10012866, "LSC WI Item Variant Registration", 2, _registration(with_status=True), _variants
)
BARCODES = item_source(
    99001451,
    "LSC Barcodes",
    2,
    (
        column(1, "Item No.", "Code", _item_no),
        column(10, "Barcode No.", "Code", lambda row: row[1]),
        column(25, "Description", "Text", lambda row: row[0].description),
        column(110, "Variant Code", "Code", lambda row: row[2]),
        column(200, "Unit of Measure Code", "Code", lambda row: row[0].base_unit),
    ),
    _barcodes,
)
ITEM_UNITS = item_source(
    5404,
    "Item Unit of Measure",
    2,
    (
        column(1, "Item No.", "Code", _item_no),
        column(2, "Code", "Code", lambda row: row[1]),
        column(3, "Qty. per Unit of Measure", "Decimal", lambda row: row[2]),
        column(99001455, "Count as 1 on Receipt", "Boolean", lambda _row: False),
        column(99001456, "POS Selection", "Option", lambda _row: "0"),
        column(99001457, "Order", "Integer", lambda _row: 0),
    ),
    _units,
)
TEXTS = item_source(
    10001430,
    "LSC Item HTML",
    1,
    (column(1, "Item No.", "Code", lambda i: i.number), column(10, "Html", "Text", _html)),
    _texts,
)
IMAGE_LINKS = item_source(
    99009064,
    "LSC Retail Image Link",
    3,
    (
        column(20, "TableName", "Text", lambda _row: "Item"),
        column(21, "KeyValue", "Text", _item_no),
        column(10, "Image Id", "Code", lambda row: row[2]),
        column(11, "Display Order", "Integer", lambda row: row[1]),
        column(22, "Description", "Text", lambda row: row[0].description),
        column(31, "Image Description", "Text", lambda row: row[0].description),
    ),
    _image_links,
    item_at=1,
)
ATTRIBUTE_VALUES = item_source(
    10000786,
    "LSC Attribute Value",
    3,
    (
        column(1, "Link Type", "Option", lambda _row: "Item"),
        column(2, "Link Field 1", "Code", _item_no),
        column(5, "Attribute Code", "Code", lambda row: row[1]),
        column(10, "Attribute Value", "Text", lambda row: row[2]),
        column(11, "Numeric Value", "Decimal", lambda _row: Decimal(0)),
        column(12, "Sequence", "Integer", lambda _row: 1),
    ),
    _attributes,
    item_at=1,
)
