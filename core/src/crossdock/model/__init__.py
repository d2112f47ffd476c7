"""The nouns. Pure: nothing here does I/O, and every value is immutable."""

from crossdock.model.money import Money, exponent
from crossdock.model.noun import Noun
from crossdock.model.order import (
    STILL_OPEN,
    Cancellation,
    Charge,
    Discount,
    Order,
    OrderLine,
    OrderStatus,
    Payer,
    Payment,
)
from crossdock.model.party import MASKED, Address, Buyer
from crossdock.model.product import Image, Part, PriceChange, Product, Variant
from crossdock.model.returns import Return, ReturnLine, ReturnStatus
from crossdock.model.shipment import Label, Shipment, ShipmentLine, ShipmentStatus
from crossdock.model.stock import StockLevel

__all__ = [
    "MASKED",
    "STILL_OPEN",
    "Address",
    "Buyer",
    "Cancellation",
    "Charge",
    "Discount",
    "Image",
    "Label",
    "Money",
    "Noun",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Part",
    "Payer",
    "Payment",
    "PriceChange",
    "Product",
    "Return",
    "ReturnLine",
    "ReturnStatus",
    "Shipment",
    "ShipmentLine",
    "ShipmentStatus",
    "StockLevel",
    "Variant",
    "exponent",
]
