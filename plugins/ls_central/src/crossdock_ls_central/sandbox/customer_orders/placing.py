"""CustomerOrderCreate: every check first, then one write. A refused order leaves nothing behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crossdock_ls_central.sandbox.catalog import Item
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.checks import (
    check_discounts,
    check_header,
    check_payments,
    check_sums,
)
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder, OrderLine
from crossdock_ls_central.sandbox.customer_orders.lengths import check_lengths
from crossdock_ls_central.sandbox.refusal import DUPLICATE_KEY, BusinessRefusal, RuntimeFault
from crossdock_ls_central.sandbox.soap.schema import Row

_ITEM, _FREE_TEXT = "0", "5"
_LINE_TYPES = {_ITEM, _FREE_TEXT, ""}


@dataclass(frozen=True)
class Draft:
    """What a create request holds."""

    headers: Sequence[Row]
    lines: Sequence[Row]
    discounts: Sequence[Row]
    payments: Sequence[Row]


def place(company: Company, draft: Draft) -> CustomerOrder:
    """Write the order of `draft`.

    Raises:
        BusinessRefusal: a check failed; nothing was written.
        RuntimeFault: a text is too long, or a line number comes twice; nothing was written.
    """
    if len(draft.headers) != 1:
        raise BusinessRefusal("0099", f"One customer order header is expected, {len(draft.headers)} were sent.")
    header = draft.headers[0]
    if company.switches.text_lengths:
        check_lengths([header, *draft.lines, *draft.payments])
    store = check_header(company, header)
    lines = _lines(company, draft.lines, store)
    check_discounts(draft.discounts, {line.line_no for line in lines})
    check_payments(company, draft.payments)
    check_sums(company.switches.amount_tolerance, draft.lines, draft.payments)
    order = _order(company, header, lines, draft)
    company.add_order(order)
    _log_first_statuses(company, order)
    company.world.oracle.record(
        "create_order",
        order.external_id or order.document_id,
        document_id=order.document_id,
        amount=str(order.amount),
        lines=len(lines),
    )
    return order


def _lines(company: Company, rows: Sequence[Row], store: str) -> list[OrderLine]:
    if not rows:
        raise BusinessRefusal("1400", "The customer order has no lines.")
    lines: dict[int, OrderLine] = {}
    for row in rows:
        line = _line(company, row, store)
        if line.line_no in lines:
            key = f"Document ID='',Line No.='{line.line_no}'"
            text = (
                f"The record in table LSC Customer Order Line already exists. Identification fields and values: {key}"
            )
            raise RuntimeFault(text, DUPLICATE_KEY)
        lines[line.line_no] = line
    return list(lines.values())


def _line(company: Company, row: Row, header_store: str) -> OrderLine:
    line_no = int(str(row["LineNo"]))
    if line_no <= 0:
        raise BusinessRefusal("1107", "Line No. is missing on a customer order line.")
    if str(row["LineType"]) not in _LINE_TYPES:
        raise BusinessRefusal("0030", f"Line Type {row['LineType']} of line {line_no} is not allowed.")
    quantity, amount = Decimal(str(row["Quantity"])), Decimal(str(row["Amount"]))
    if quantity <= 0:
        raise BusinessRefusal("1106", f"Quantity of line {line_no} must be positive, not {quantity}.")
    if not 0 <= Decimal(str(row["DiscountPercent"])) <= 100:
        raise BusinessRefusal("1611", f"Discount % {row['DiscountPercent']} of line {line_no} is not valid.")
    store = _store(company, row, header_store)
    item = None if str(row["LineType"]) == _FREE_TEXT else _item(company, row, store)
    unit = str(row["UnitofMeasureCode"]).upper() or (item.sales_unit if item else "")
    return OrderLine(
        sent=row,
        line_no=line_no,
        item_no=item.number if item else "",
        variant=str(row["VariantCode"]).upper(),
        unit=unit,
        units_per=item.units[unit] if item else Decimal(1),
        store=store,
        location=company.stores[store].location,
        description=item.description if item else "",
        vat_group=item.vat_group if item else "",
        is_service=item is None or item.is_service,
        quantity=quantity,
        amount=amount,
        net_amount=Decimal(str(row["NetAmount"])),
        status="NEW",
        system_id=company.new_id(),
        is_item=item is not None,
    )


def _store(company: Company, row: Row, header_store: str) -> str:
    store = str(row["StoreNo"]).upper() or header_store
    if store not in company.stores:
        raise BusinessRefusal("1601", f"Store {store} of line {row['LineNo']} does not exist.")
    return store


def _item(company: Company, row: Row, store: str) -> Item:
    number, variant, unit = (str(row[name]) for name in ("Number", "VariantCode", "UnitofMeasureCode"))
    if not number:
        raise BusinessRefusal("1400", f"Item No. is missing on line {row['LineNo']}.")
    item = company.item(number)
    if item is None:
        raise BusinessRefusal("1603", f"Item {number} does not exist.")
    if item.blocked:
        raise BusinessRefusal("1606", f"Item {number} is blocked.")
    if variant and variant.upper() not in item.variants:
        raise BusinessRefusal("1607", f"Variant {variant} of item {number} does not exist.")
    if variant and item.variants[variant.upper()].blocked:
        raise BusinessRefusal("1606", f"Variant {variant} of item {number} is blocked.")
    if unit and unit.upper() not in item.units:
        raise BusinessRefusal("1605", f"Unit of Measure {unit} of item {number} does not exist.")
    if (company.stores[store].vat_bus_group, item.vat_group) not in company.vat_percent:
        raise BusinessRefusal("1604", f"VAT Posting Setup is missing for item {number} in store {store}.")
    return item


def _order(company: Company, header: Row, lines: list[OrderLine], draft: Draft) -> CustomerOrder:
    now = company.now()
    return CustomerOrder(
        document_id=company.next_number("customer order"),
        external_id=str(header["ExternalID"]).strip().upper(),
        header=header,
        lines=lines,
        discounts=list(draft.discounts),
        payments=list(draft.payments),
        store=str(header["CreatedAtStore"]).upper(),
        sales_order_no=company.next_number("sales order") if header["ShipOrder"] else "",
        system_id=company.new_id(),
        sales_order_id=company.new_id(),
        created_at=now,
        modified_at=now,
    )


def _log_first_statuses(company: Company, order: CustomerOrder) -> None:
    for line_no in (0, *(line.line_no for line in order.lines)):
        company.log_status(order, line_no, "NEW")
