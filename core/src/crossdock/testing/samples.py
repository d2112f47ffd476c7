"""What passes an extension on a bad day: orders, levels and products as systems really send them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from crossdock.model import MASKED, Address, Buyer, Money, Order, OrderLine, OrderStatus, Product, StockLevel, Variant
from crossdock.testing.rehearsal import Noun

__all__ = ["PERSONAL", "SAMPLES"]

PERSONAL = ("Erika Musterfrau", "+49 30 1234567", "Beispielweg 1")
"""The buyer of every order here."""
_NAME, _PHONE, _STREET = PERSONAL
_BUYER = Buyer(name=_NAME, phone=_PHONE)
_HOME = Address(name=_NAME, phone=_PHONE, line=_STREET, country="DE")


def _order(number: str, **changes: object) -> Order:
    price = Money(Decimal("12.50"), "EUR")
    line = OrderLine(id="1", sku="MUG", name="Mug", quantity=Decimal(1), list_price=price, amount=price)
    whole = Order(
        id=number,
        status=OrderStatus.OPEN,
        vendor_status="READY_TO_SHIP",
        currency="EUR",
        lines=(line,),
        total=price,
        buyer=_BUYER,
        ship_to=_HOME,
    )
    return whole.model_copy(update=changes)


def _in_won() -> Order:
    price, paid = Money(Decimal(800_000), "KRW"), Money(Decimal(2_400_000), "KRW")
    line = OrderLine(id="1", sku="", name="", quantity=Decimal(3), list_price=price, amount=paid)
    return _order("WON", currency="KRW", lines=(line,), total=paid)


_ORDERS = (
    _order("PLAIN"),
    _order("EMPTY", lines=(), total=None),
    _order("UNKNOWN", status=OrderStatus.UNKNOWN, vendor_status="BRAND_NEW_STATUS"),
    _order("MASKED", buyer=Buyer(name=MASKED), ship_to=Address(name=MASKED, phone=MASKED, line=MASKED)),
    _order("LONG", note="😀 " * 2_000, vendor_status=""),
    _order("PAST", historical=True, status=OrderStatus.CANCELLED),
    _in_won(),
)
_LEVELS = (
    StockLevel(sku="MUG", available=Decimal(7), version=3),
    StockLevel(sku="MUG", available=Decimal(0)),
    StockLevel(sku="", available=Decimal("0.125"), unit="KG"),
    StockLevel(sku="😀" * 50, available=Decimal(10**9), location="W1", version=10**12),
)
_PRODUCTS = (
    Product(id="1", sku="MUG", name="Mug", variants=(Variant(sku="MUG-BLUE"), Variant(sku="MUG-RED"))),
    Product(id="2", sku="", name=""),
    Product(id="3", sku="LONG", name="😀" * 300, description="x" * 30_000, blocked=True, weight_grams=0),
)
SAMPLES: Mapping[str, Sequence[Noun]] = {
    "rewrite_order": _ORDERS,
    "rewrite_stock": _LEVELS,
    "rewrite_product": _PRODUCTS,
}
"""Verb to what it is handed."""
