"""What the OMS remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from crossdock_anchanto_oms.sandbox.bodies import CreateOrder, LineBody

CarrierKind = Literal["integrated", "marketplace"]
ProductType = Literal["single", "kit", "group"]


@dataclass
class Warehouse:
    """A place with stock."""

    warehouse_code: str
    name: str
    country: str
    active: bool = True


@dataclass
class Carrier:
    """Who carries parcels; an integrated one is booked by the OMS itself."""

    carrier_code: str
    name: str
    kind: CarrierKind


@dataclass
class Store:
    """One shop on one channel."""

    store_code: str
    name: str
    channel_shop_id: str
    country: str
    currency: str
    warehouse_codes: list[str]
    default_carrier: str | None
    default_integrated_carrier: str | None
    authorized_brands: list[str] | None


@dataclass
class Component:
    """So many of an ISKU in one of a CSKU; `options` tell variants apart."""

    isku: str
    quantity: int = 1
    options: dict[str, str] | None = None


@dataclass
class Product:
    """A CSKU and what it is made of."""

    csku: str
    type: ProductType
    name: str
    components: list[Component]
    created_at: int
    description: str | None = None
    brand: str | None = None
    images: list[str] = field(default_factory=list)
    barcode: str | None = None
    weight_grams: int | None = None
    cost_price: Decimal | None = None
    currency: str | None = None


@dataclass
class StockLevel:
    """One ISKU in one warehouse."""

    isku: str
    warehouse_code: str
    sellable: int = 0
    damaged: int = 0
    reserved: int = 0
    buffer: int = 0

    def available(self) -> int:
        """What may still be sold."""
        return max(0, self.sellable - self.reserved - self.buffer)


@dataclass
class Problem:
    """Why a person must look at an order."""

    code: str
    message: str
    blocking: bool
    line_reference: str | None
    reported_at: int


@dataclass
class Shipment:
    """The order's one parcel."""

    tracking_number: str
    carrier: str
    source: Literal["marketplace", "oms"]
    changed_at: int
    label: bytes | None = None


@dataclass
class OrderLine:
    """A line, what it takes from stock, and how much of it is picked."""

    sent: LineBody
    components: dict[str, int] = field(default_factory=dict)
    picked: int = 0


@dataclass
class Order:
    """An order. `reserved`: stock is set aside for it. `away`: its goods have left and are not put back."""

    order_id: str
    store_code: str
    sent: CreateOrder
    state: str
    created_at: int
    lines: list[OrderLine]
    warehouse_code: str
    carrier: str | None
    carrier_is_temporary: bool
    hold: str | None
    ship_by: int | None
    paid_at: int | None
    note: str | None
    previous_state: str | None = None
    sub_state: str | None = None
    problems: list[Problem] = field(default_factory=list)
    shipment: Shipment | None = None
    return_ids: list[str] = field(default_factory=list)
    ready_at: int | None = None
    packed_at: int | None = None
    shipped_at: int | None = None
    reserved: bool = False
    away: bool = False

    def needs(self) -> dict[str, int]:
        """ISKUs and quantities of all lines together."""
        total: dict[str, int] = {}
        for line in self.lines:
            for isku, quantity in line.components.items():
                total[isku] = total.get(isku, 0) + quantity
        return total

    def goods_moved(self) -> bool:
        """Whether something is picked or away and must be put back before the order can end."""
        return self.away or any(line.picked for line in self.lines)

    def blocked(self) -> bool:
        """Whether a problem forbids to go on."""
        return any(problem.blocking for problem in self.problems)


@dataclass
class ReturnLine:
    """So much of an order's line, and in which shape it was put on the shelf."""

    line_reference: str
    quantity: int
    sellable: int = 0
    damaged: int = 0


@dataclass
class Return:
    """Goods or money that a buyer wants to give or get back."""

    return_id: str
    return_reference: str
    order: Order
    lines: list[ReturnLine]
    goods_expected: bool
    created_at: int
    state: str = "RETURN_INITIATED"
    sub_state: str | None = None
    reason: str | None = None
    refund_amount: Decimal | None = None
    tracking_number: str | None = None
    put_away: bool = False


@dataclass
class Price:
    """What an orderable SKU costs on one store."""

    sku: str
    retail_price: Decimal
    selling_price: Decimal | None = None


@dataclass
class Listing:
    """One CSKU on one store."""

    csku: str
    state: Literal["REQUESTED", "LISTED", "FAILED"]
    request_id: str | None = None
    channel_item_id: str | None = None
    channel_models: list[dict[str, str]] = field(default_factory=list)
    error: str | None = None


@dataclass
class Feed:
    """Listings that came from the channel, row by row; `results` holds those that are done."""

    feed_id: str
    feed_reference: str
    store_code: str
    rows: list[dict[str, object]]
    begins: float
    results: list[dict[str, object]] = field(default_factory=list)

    def done(self) -> bool:
        """Whether every row has its result."""
        return len(self.results) == len(self.rows)
