"""Rows of LS Central's tables as orders with their shipments. Pure.

Source: what LS's own clients read of the open and the posted tables; a document leaves the open tables when it is
finished or cancelled, and `CancelledOrder` tells which. Personal data is neither asked for nor kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from crossdock.errors import CannotTranslate
from crossdock.model import (
    Charge,
    Discount,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payer,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
    exponent,
)
from crossdock_ls_central.translate.sku import join_sku
from crossdock_ls_central.wire.values import boolean, moment, number

__all__ = [
    "HEADER_FIELDS",
    "OWNER",
    "POSTED_FIELDS",
    "SHIPMENT_FIELDS",
    "DocumentRows",
    "charge_kinds",
    "line_ids",
    "to_order",
]

TableRow = Mapping[str, str]

HEADER_FIELDS = ("Document ID", "External ID", "Created", "Status", "Processing Status", "SystemModifiedAt")
POSTED_FIELDS = (*HEADER_FIELDS, "CancelledOrder")
OWNER = "LSC Customer Order ID"
SHIPMENT_FIELDS = (
    "No.",
    OWNER,
    "Posting Date",
    "Shipping Agent Code",
    "Shipping Agent Service Code",
    "Package Tracking No.",
    "SystemModifiedAt",
)


@dataclass(slots=True)
class DocumentRows:
    """Everything that was read of one document.

    Attributes:
        header: row of the open or of the posted header table.
        posted: which of the two.
        lines: rows of its line table.
        shipments: rows of Sales Shipment Header.
        shipment_lines: rows of Sales Shipment Line.
    """

    header: TableRow
    posted: bool
    lines: list[TableRow] = field(default_factory=list)
    shipments: list[TableRow] = field(default_factory=list)
    shipment_lines: list[TableRow] = field(default_factory=list)


def charge_kinds(shipping_item: str, charge_items: Mapping[str, str]) -> dict[str, str]:
    """Item number of a charge line to the kind of charge."""
    kinds = {item: kind for kind, item in charge_items.items()}
    return kinds | ({shipping_item: "shipping"} if shipping_item else {})


def to_order(
    rows: DocumentRows,
    currency: str,
    delimiter: str,
    charges: Mapping[str, str],
    ended: Collection[str] = ("CANCELED", "SHORTAGE"),
) -> Order:
    """The document as an order, with its posted shipments.

    Args:
        rows: what was read.
        currency: of the store.
        delimiter: between item and variant in a SKU.
        charges: item number to kind of charge; other service lines are shipping.
        ended: status codes of a line of which no more will be shipped; what is cancelled of a line that goes on does
            not show. Of a posted document nothing more will be shipped, whatever its lines say.

    Raises:
        CannotTranslate: a number cannot be read, or a line costs more than price times quantity.
    """
    header = rows.header
    ids = line_ids(rows.lines)
    goods = [row for row in rows.lines if _is_goods(row) and not _is_charge(row, charges)]
    fees = [row for row in rows.lines if _is_goods(row) and _is_charge(row, charges)]
    shipments = _shipments(rows, ids, charges)
    lines = tuple(_line(row, ids[_number_of(row)], currency, delimiter) for row in goods)
    over = frozenset(ids[_number_of(row)] for row in goods if row.get("Status", "") in ended)
    lines = tuple(_never_shipped(line, shipments, rows.posted or line.id in over, line.id in over) for line in lines)
    fee_lines = tuple(
        Charge(kind=charges.get(row.get("Number", ""), "shipping"), amount=_money(row, "Amount", currency))
        for row in fees
    )
    status, word = _status(rows)
    total = Money.sum((line.amount for line in lines), currency) + Money.sum(
        (fee.amount for fee in fee_lines), currency
    )
    return Order(
        id=header.get("Document ID", ""),
        reference=header.get("External ID", ""),
        status=status,
        vendor_status=word,
        currency=currency,
        total=total,
        lines=lines,
        charges=fee_lines,
        shipments=shipments,
        can_cancel=False if rows.posted else None,  # of an open one each line's status tells, when it is asked to
        placed_at=moment(header.get("Created", "")),
        updated_at=_latest(rows),
    )


def _status(rows: DocumentRows) -> tuple[OrderStatus, str]:
    """The decision table: open or posted, cancelled or not, with shipments or without."""
    if rows.posted:
        if boolean(rows.header.get("CancelledOrder", "")):
            return OrderStatus.CANCELLED, "Cancelled"
        return OrderStatus.SHIPPED, "Posted"
    word = rows.header.get("Processing Status") or rows.header.get("Status") or "Open"
    return (OrderStatus.PARTLY_SHIPPED if rows.shipments else OrderStatus.OPEN), word


def line_ids(rows: Sequence[TableRow]) -> dict[str, str]:
    """Line number to line id: the channel's own line id where every line of ours carries one of its own."""
    counts = Counter(row.get("External ID", "") for row in rows)
    return {
        _number_of(row): external
        if (external := row.get("External ID", "")) and counts[external] == 1
        else _number_of(row)
        for row in rows
    }


def _number_of(row: TableRow) -> str:
    if not (found := row.get("Line No.", "")):
        raise CannotTranslate("line, Line No.", "a line number")
    return found


def _is_goods(row: TableRow) -> bool:
    return row.get("Line Type", "0") in ("0", "Item") and number(row.get("Quantity", ""), "Quantity") > 0


def _is_charge(row: TableRow, charges: Mapping[str, str]) -> bool:
    return boolean(row.get("Service Item", "")) or row.get("Number", "") in charges


def _line(row: TableRow, line_id: str, currency: str, delimiter: str) -> OrderLine:
    """Their price may be finer than the smallest unit; it is rounded up, and the discount takes the difference."""
    path = f"line {_number_of(row)}"
    quantity = number(row.get("Quantity", ""), f"{path}, Quantity")
    amount = _money(row, "Amount", currency)
    price = number(row.get("Price", ""), f"{path}, Price")
    unit = Decimal(1).scaleb(-exponent(currency))
    list_price = Money(price.quantize(unit, ROUND_CEILING), currency)
    off = list_price.amount * quantity - amount.amount
    if off < 0 or off != off.quantize(unit):
        raise CannotTranslate(
            f"{path}, Amount", f"at most {list_price.amount * quantity} in whole units", seen=str(amount)
        )
    discounts = (Discount(kind="item", payer=Payer.SELLER, amount=Money(off, currency)),) if off else ()
    number_, variant = row.get("Number", ""), row.get("Variant Code", "")
    return OrderLine(
        id=line_id,
        sku=join_sku(number_, variant, delimiter),
        product_id=number_,
        variant_id=variant,
        unit=row.get("Unit of Measure Code", ""),
        quantity=quantity,
        list_price=list_price,
        discounts=discounts,
        amount=amount,
    )


def _never_shipped(line: OrderLine, shipments: Sequence[Shipment], is_over: bool, is_said: bool) -> OrderLine:
    """What was cancelled, or not found in the store, shows as what is missing in the shipments once the line is over.

    Where shipments do not tell their lines, only a line that is said to have ended counts.
    """
    told = [part for shipment in shipments for part in shipment.lines]
    if not is_over or not (told or is_said):
        return line
    shipped = sum((part.quantity for part in told if part.line_id == line.id), Decimal(0))
    return line.model_copy(update={"cancelled_quantity": max(line.quantity - shipped, Decimal(0))})


def _money(row: TableRow, name: str, currency: str) -> Money:
    return Money.rounded(number(row.get(name, ""), f"line {row.get('Line No.', '?')}, {name}"), currency)


def _shipments(rows: DocumentRows, ids: Mapping[str, str], charges: Mapping[str, str]) -> tuple[Shipment, ...]:
    found = sorted(rows.shipments, key=lambda row: row.get("No.", ""))
    return tuple(
        Shipment(
            id=row.get("No.", ""),
            status=ShipmentStatus.SHIPPED,
            vendor_status="Posted",
            carrier=row.get("Shipping Agent Code", ""),
            service=row.get("Shipping Agent Service Code", ""),
            tracking_number=row.get("Package Tracking No.", ""),
            lines=_shipped(row.get("No.", ""), rows, ids, charges),
            shipped_at=moment(row.get("Posting Date") or row.get("Shipment Date", "")),
        )
        for row in found
    )


def _shipped(
    shipment: str, rows: DocumentRows, ids: Mapping[str, str], charges: Mapping[str, str]
) -> tuple[ShipmentLine, ...]:
    """The goods in a shipment: by line number where it is one of the document's, else by item and variant."""
    goods = [row for row in rows.lines if _is_goods(row) and not _is_charge(row, charges)]
    by_item = {(row.get("Number"), row.get("Variant Code", "")): _number_of(row) for row in reversed(goods)}
    numbers = set(map(_number_of, goods))
    found = []
    for row in rows.shipment_lines:
        quantity = number(row.get("Quantity", ""), "shipment line, Quantity")
        own = row.get("Line No.", "")
        line = own if own in numbers else by_item.get((row.get("No."), row.get("Variant Code", "")))
        if row.get("Document No.") == shipment and quantity > 0 and line:
            found.append(ShipmentLine(line_id=ids[line], quantity=quantity))
    return tuple(found)


def _latest(rows: DocumentRows) -> datetime | None:
    times = (moment(row.get("SystemModifiedAt", "")) for row in (rows.header, *rows.shipments))
    return max((time for time in times if time), default=None)
