"""An order as the rows of CustomerOrderCreate. Pure.

Source: how LS's own eCommerce clients fill the operation; amounts include tax unless their name says Net.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from crossdock.errors import Refused
from crossdock.model import Discount, Order, OrderLine
from crossdock_ls_central.options import LsRouteOptions, MarketplaceDiscounts, Masked, PriceRounding
from crossdock_ls_central.translate.address import address_fields
from crossdock_ls_central.translate.amounts import (
    LINE_DISCOUNT,
    TOTAL_DISCOUNT,
    Layout,
    LineAmounts,
    lay_out,
)
from crossdock_ls_central.translate.sku import split_sku
from crossdock_ls_central.wire.values import Row, Value

__all__ = ["Document", "Terms", "to_document"]

_STEP = 10_000
_ITEM_LINE = "0"
_PERCENT = Decimal("0.00001")
_HUNDRED = Decimal(100)
_PAID, _NOT_PAID = "1", "0"
_DESCRIPTION = 100
_ROUNDING = {
    PriceRounding.NEAREST: ROUND_HALF_UP,
    PriceRounding.UP: ROUND_UP,
    PriceRounding.DOWN: ROUND_DOWN,
}
_ONE_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a document depends on besides the order.

    Attributes:
        store: that the document belongs to.
        currency: of the store.
        options: of the route.
        vat: VAT percentage by item number, or one for everything.
        today: their date, for the payment's validity.
    """

    store: str
    currency: str
    options: LsRouteOptions
    vat: Mapping[str, Decimal] | Decimal
    today: date


@dataclass(frozen=True, slots=True)
class Document:
    """Rows of CustomerOrderCreate, by block."""

    header: Row
    lines: list[dict[str, Value]]
    discounts: list[dict[str, Value]]
    payments: list[dict[str, Value]]

    @property
    def blocks(self) -> tuple[tuple[str, list[Row]], ...]:
        """The blocks in the order in which they are written."""
        return (
            ("header", [self.header]),
            ("line", list(self.lines)),
            ("discount", list(self.discounts)),
            ("payment", list(self.payments)),
        )


def to_document(order: Order, terms: Terms) -> Document:
    """The document for `order`.

    Raises:
        Refused: another currency than the store's (code ``currency``), prices without tax (``tax``), sums that do not
            match (``totals``), an item that is not known (``1603``), or a mapping that is missing (``setting``).
    """
    _check(order, terms)
    options = terms.options
    layout = lay_out(order, others_pay=options.marketplace_discounts is MarketplaceDiscounts.PAYMENT)
    lines: list[dict[str, Value]] = []
    discounts: list[dict[str, Value]] = []
    for found, amounts in zip(order.lines, layout.goods, strict=True):
        line = _goods_line(found, amounts, layout, terms, (len(lines) + 1) * _STEP)
        discounts += _discount_rows(line, found.discounts, amounts, layout, len(discounts))
        lines.append(line)
    for kind, amounts in layout.charges:
        line = _charge_line(kind, amounts, layout, terms, (len(lines) + 1) * _STEP)
        discounts += _discount_rows(line, (), amounts, layout, len(discounts))
        lines.append(line)
    return Document(_header(order, terms), lines, discounts, _payments(order, layout, terms))


def _check(order: Order, terms: Terms) -> None:
    if order.currency != terms.currency:
        raise Refused(
            f"Order {order.id} is in {order.currency}, and store {terms.store} works in {terms.currency}.",
            code="currency",
            hint="wire the shop to a store of its currency",
        )
    if not order.prices_include_tax:
        raise Refused(
            f"The prices of order {order.id} do not include tax, and those of a customer order do.",
            code="tax",
            hint="an extension with rewrite_order can add the tax",
        )


def _header(order: Order, terms: Terms) -> Row:
    options = terms.options
    carrier = order.shipping_method
    header: dict[str, Value] = {
        "MemberCardNo": options.member_card,
        "SourceType": options.source_type,
        "CustomerNo": options.customer_no,
        "ExternalID": order.id,
        "CreatedAtStore": terms.store,
        "ShipOrder": True,
        "ShippingAgentCode": options.shipping_agents.get(carrier),
        "ShippingAgentServiceCode": options.shipping_services.get(carrier),
        "Created": order.placed_at,
    }
    header.update(address_fields(order, send_masked=options.masked is Masked.SEND))
    return header


def _goods_line(line: OrderLine, amounts: LineAmounts, layout: Layout, terms: Terms, line_no: int) -> dict[str, Value]:
    vat = terms.vat
    items = None if isinstance(vat, Decimal) else vat
    number, variant = split_sku(line.sku, terms.options.sku_delimiter, items)
    row = _amount_fields(number, amounts, layout, terms, line.quantity)
    row |= {
        "LineNo": line_no,
        "VariantCode": variant,
        "UnitofMeasureCode": line.unit,
        "Price": line.list_price.amount,
        "ExternalID": line.id,
    }
    return row


def _charge_line(kind: str, amounts: LineAmounts, layout: Layout, terms: Terms, line_no: int) -> dict[str, Value]:
    options = terms.options
    number = options.charge_items.get(kind) or options.shipping_item
    if not number:
        raise Refused(
            f"The order has a charge of kind {kind!r}, and the route names no item number for it.",
            code="setting",
            hint=f'set shipping_item, or charge_items = {{"{kind}" = "..."}}, in the options of the route\'s backend',
        )
    row = _amount_fields(number, amounts, layout, terms, Decimal(1))
    row |= {"LineNo": line_no, "Price": layout.amount(amounts.gross), "ServiceItem": True}
    return row


def _amount_fields(
    number: str, amounts: LineAmounts, layout: Layout, terms: Terms, quantity: Decimal
) -> dict[str, Value]:
    factor = 1 + _percent(number, terms.vat) / _HUNDRED
    amount = layout.amount(amounts.left)
    rounding = _ROUNDING[terms.options.price_rounding]
    net = (amount / factor).quantize(Decimal(1).scaleb(-layout.scale), rounding)
    gross = layout.amount(amounts.gross)
    row: dict[str, Value] = {
        "LineType": _ITEM_LINE,
        "Number": number,
        "NetPrice": (gross / quantity / factor).quantize(Decimal(1).scaleb(-terms.options.price_decimals), rounding),
        "Quantity": quantity,
        "NetAmount": net,
        "VatAmount": amount - net,
        "Amount": amount,
        "StoreNo": terms.store,
        "ShipOrder": True,
    }
    if amounts.discount:
        row["DiscountAmount"] = layout.amount(amounts.discount)
        row["DiscountPercent"] = _share(amounts.discount, amounts.gross)
    return row


def _discount_rows(
    line: Row, discounts: tuple[Discount, ...], amounts: LineAmounts, layout: Layout, seen: int
) -> list[dict[str, Value]]:
    """One discount line for what belongs to the line, and one for its share of what belongs to the order."""
    words = ", ".join(dict.fromkeys(f"{found.kind} {found.code}".strip() for found in discounts))
    parts = ((LINE_DISCOUNT, amounts.line_discount, words), (TOTAL_DISCOUNT, amounts.total_discount, "order"))
    rows: list[dict[str, Value]] = []
    for kind, units, description in parts:
        if units:
            rows.append(
                {
                    "LineNo": line["LineNo"],
                    "EntryNo": seen + len(rows) + 1,
                    "DiscountType": kind,
                    "Description": description[:_DESCRIPTION],
                    "DiscountPercent": _share(units, amounts.gross),
                    "DiscountAmount": layout.amount(units),
                }
            )
    return rows


def _payments(order: Order, layout: Layout, terms: Terms) -> list[dict[str, Value]]:
    options = terms.options
    method = order.payment.method if order.payment else ""
    on_delivery = order.payment is not None and order.payment.cash_on_delivery
    buyers = layout.total - layout.owed
    rows: list[dict[str, Value]] = []
    if buyers:
        tender = _tender(method, options)
        rows.append(_payment(order, layout.amount(buyers), tender, _NOT_PAID if on_delivery else _PAID, terms))
    if layout.owed:
        tender = options.marketplace_tender or _tender("", options)
        rows.append(_payment(order, layout.amount(layout.owed), tender, _PAID, terms))
    for index, row in enumerate(rows, 1):
        row["LineNo"] = index * _STEP
    return rows


def _payment(order: Order, amount: Decimal, tender: str, kind: str, terms: Terms) -> dict[str, Value]:
    return {
        "StoreNo": terms.store,
        "PreApprovedAmount": amount,
        "TenderType": tender,
        "CurrencyFactor": 1,
        "PreApprovedValidDate": terms.today + _ONE_YEAR,
        "PreApprovedAmountLCY": amount,
        "Type": kind,
        "ExternalReference": order.id,
    }


def _tender(method: str, options: LsRouteOptions) -> str:
    wanted = method.casefold()
    for name, tender in options.tender_types.items():
        if name.casefold() == wanted:
            return tender
    if options.default_tender:
        return options.default_tender
    raise Refused(
        f"The payment method {method!r} is mapped to no tender type.",
        code="setting",
        facts={"payment_method": method},
        hint='set tender_types = {"..." = "3"} or default_tender in the options of the route\'s backend',
    )


def _percent(number: str, vat: Mapping[str, Decimal] | Decimal) -> Decimal:
    if isinstance(vat, Decimal):
        return vat
    percent = vat.get(number)
    if percent is None:
        raise Refused(
            f"Item {number} is not in LS Central, or its VAT group has no percentage.",
            code="1603",
            facts={"item": number},
            hint="map the SKU or create the item, then retry; or set vat_percent of the connection",
        )
    return percent


def _share(part: int, whole: int) -> Decimal:
    """Percentage, as precise as their field; without zeros at the end."""
    percent = (Decimal(part) * _HUNDRED / Decimal(whole)).quantize(_PERCENT, ROUND_HALF_UP)
    return percent.normalize() + 0
