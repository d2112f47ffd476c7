"""How the conformance kit works this extension: ``crossdock plugins test gift_notes``."""

from __future__ import annotations

from decimal import Decimal

from crossdock.model import Money, Order, OrderLine, OrderStatus, Product, StockLevel
from crossdock.testing import Act, Example, Kit, Rehearsal

_PRICE = Money(Decimal(20), "SGD")
_LARGE = Money(Decimal(600), "SGD")


def _order(sku: str, price: Money) -> Order:
    line = OrderLine(id="1", sku=sku, quantity=Decimal(1), list_price=price, amount=price)
    return Order(
        id="7", status=OrderStatus.OPEN, vendor_status="paid", currency=price.currency, lines=(line,), total=price
    )


_GIFT = _order("MUG", _PRICE)
_LAMP = _order("LAMP", _PRICE)
_LEVEL = StockLevel(sku="MUG", available=Decimal(5))
_MUG = Product(id="1", sku="MUG", name="Mug", description="Blue.")

kit = Kit(
    rehearsal=Rehearsal(
        {"gift_skus": ["MUG"], "hold_from": "500", "reserve": 2},
        [
            Example(_GIFT, _GIFT.model_copy(update={"note": "GIFT"})),
            Example(_LAMP, _LAMP),
            Example(_order("LAMP", _LARGE), None),
            Example(_LEVEL, _LEVEL.model_copy(update={"available": Decimal(3)})),
            Example(_MUG, _MUG.model_copy(update={"description": "Blue.\nA hand-written gift note is included."})),
        ],
        {"push_order": Act((_GIFT,), "7")},
    )
)
