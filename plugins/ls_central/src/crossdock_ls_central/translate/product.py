"""Rows of the replicated tables as products. Pure.

Source: what LS's own eCommerce clients read of the web item buffers; prices of GetWIPrice include VAT in field
Unit Price, stock and prices are in the unit of measure that the row names.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

from crossdock.model import Image, Product, Variant
from crossdock_ls_central.options import LsRouteOptions
from crossdock_ls_central.translate.prices import Asked, price_of
from crossdock_ls_central.translate.sku import join_sku
from crossdock_ls_central.wire.values import boolean, number

__all__ = [
    "DELETED",
    "ItemRows",
    "is_blocked",
    "is_sellable",
    "is_variant_blocked",
    "plain",
    "to_deleted",
    "to_product",
    "unit_of",
]

Fields = Mapping[str, str]

DELETED = "deleted"
"""`vendor_status` of a product that is gone in LS Central."""
_BREAK = "\0"
_BLOCKS = frozenset({"p", "br", "li", "div", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "table"})
_SOLD = frozenset({"", "0", "Inventory"})


@dataclass(frozen=True, slots=True)
class ItemRows:
    """Everything that was replicated of one item.

    Attributes:
        item: its row of the web item buffer.
        units, variants, dimensions, barcodes, images, prices: rows by which it is told more.
        html: its text, base64.
        brand: name of its vendor.
    """

    item: Fields
    units: Sequence[Fields] = ()
    variants: Sequence[Fields] = ()
    dimensions: Sequence[Fields] = ()
    barcodes: Sequence[Fields] = ()
    images: Sequence[Fields] = ()
    prices: Sequence[Fields] = ()
    html: str = ""
    brand: str = ""


def is_blocked(item: Fields) -> bool:
    """Whether an item must not be sold online."""
    return boolean(item.get("Blocked", "")) or boolean(item.get("Blocked on eCommerce", ""))


def is_variant_blocked(variant: Fields, dimension: Fields) -> bool:
    """Whether a variant must not be sold online."""
    return any(boolean(variant.get(name, "")) for name in ("Blocked", "Sales Blocked")) or boolean(
        dimension.get("Blocked on eCommerce", "")
    )


def is_sellable(item: Fields) -> bool:
    """Whether an item is goods, and not a service such as the shipping charge."""
    return item.get("Type", "") in _SOLD


def unit_of(item: Fields, units: Iterable[Fields], options: LsRouteOptions) -> tuple[str, Decimal]:
    """The unit in which an item is sold, and how many base units that is; an unknown unit counts as the base unit."""
    base = item.get("Base Unit of Measure", "")
    wanted = (item.get("Sales Unit of Measure") or base) if options.sales_unit else base
    for row in units:
        factor = number(row.get("Qty. per Unit of Measure", ""), "Qty. per Unit of Measure")
        if row.get("Code") == wanted and factor > 0:
            return wanted, factor
    return base, Decimal(1)


def plain(markup: str) -> str:
    """Text of base64-coded HTML, a paragraph a line; what cannot be decoded is empty."""
    try:
        source = base64.b64decode(markup, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    reader = _Text()
    reader.feed(source)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split(_BREAK))
    return "\n".join(line for line in lines if line)


class _Text(HTMLParser):
    """Collects what is shown, with a break around every block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append(_BREAK)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def to_product(rows: ItemRows, options: LsRouteOptions, store: str, currency: str, today: date) -> Product:
    """The item as a product with its variants; prices include tax.

    Raises:
        CannotTranslate: a number cannot be read.
    """
    item = rows.item
    number_ = item.get("No.", "")
    dimensions = {row.get("Variant", ""): row for row in rows.dimensions}
    names, values = _options_of(rows.variants, dimensions)
    codes = [row.get("Code", "") for row in rows.variants] or [""]
    variant_rows = {row.get("Code", ""): row for row in rows.variants}
    unit = unit_of(item, rows.units, options)
    variants = tuple(
        Variant(
            id=code,
            sku=join_sku(number_, code, options.sku_delimiter),
            options=values.get(code, ()),
            barcode=_barcode(rows.barcodes, code, unit[0]),
            price=price_of(rows.prices, _asked(item, code, unit, store, currency, today), options),
            unit=unit[0],
            blocked=is_variant_blocked(variant_rows.get(code, {}), dimensions.get(code, {})),
        )
        for code in codes
    )
    weight = number(item.get("Gross Weight", ""), "Gross Weight") * unit[1] * options.gross_weight_grams
    return Product(
        id=number_,
        sku=number_,
        name=item.get("Description", ""),
        description=plain(rows.html or item.get("Item Html", "")),
        brand=rows.brand,
        category=item.get("Item Category Code", ""),
        attributes=_attributes(item),
        options=names,
        variants=variants,
        images=_images(rows.images),
        weight_grams=int(weight) or None,
        blocked=is_blocked(item),
        vendor_status="Blocked" if is_blocked(item) else "Active",
    )


def to_deleted(number_: str) -> Product:
    """What is left to say of an item that is gone."""
    return Product(id=number_, sku=number_, name=number_, blocked=True, vendor_status=DELETED)


def _options_of(
    variants: Sequence[Fields], dimensions: Mapping[str, Fields]
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Names of what variants differ in, and each variant's values; without registered dimensions its description."""
    fields = [f"Variant Dimension {number_}" for number_ in range(1, 7)]
    used = [name for name in fields if any(row.get(name) for row in dimensions.values())]
    complete = bool(used) and all(row.get("Code", "") in dimensions for row in variants)
    if not variants:
        return (), {}
    if not complete:
        codes = {row.get("Code", ""): row for row in variants}
        return ("Variant",), {code: (row.get("Description") or code,) for code, row in codes.items()}
    frameworks = {row.get("Framework Code", "") for row in dimensions.values()}
    names = tuple(name.removeprefix("Variant ") for name in used)
    if len(used) == 1 and len(frameworks) == 1 and "" not in frameworks:
        names = (frameworks.pop(),)
    return names, {code: tuple(row.get(name, "") for name in used) for code, row in dimensions.items()}


def _asked(item: Fields, variant: str, unit: tuple[str, Decimal], store: str, currency: str, today: date) -> Asked:
    name, factor = unit
    return Asked(variant, name, item.get("Base Unit of Measure", ""), factor, store, currency, today)


def _barcode(rows: Sequence[Fields], variant: str, unit: str) -> str:
    """A barcode of this variant: of this unit, or of no unit in particular."""
    own = [row for row in rows if row.get("Variant Code", "") == variant]
    for wanted in (unit, ""):
        for row in own:
            if row.get("Unit of Measure Code", "") == wanted:
                return row.get("Barcode No.", "")
    return ""


def _images(rows: Sequence[Fields]) -> tuple[Image, ...]:
    found = (
        Image(id=row.get("Image Id", ""), position=int(number(row.get("Display Order", ""), "Display Order")))
        for row in rows
    )
    return tuple(sorted(found, key=lambda image: (image.position, image.id)))


def _attributes(item: Fields) -> dict[str, str]:
    names = {"Retail Product Code": "retail_product", "Season Code": "season", "Item Family Code": "family"}
    return {ours: item[theirs] for theirs, ours in names.items() if item.get(theirs)}
