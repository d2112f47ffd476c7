"""What the sandbox knows of an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from crossdock_shopee.sandbox.regions import Region


class OrderStatus(StrEnum):
    """``order_status``; INVOICE_PENDING is only a filter of the list and not one of them."""

    UNPAID = "UNPAID"
    PENDING = "PENDING"
    READY_TO_SHIP = "READY_TO_SHIP"
    PROCESSED = "PROCESSED"
    RETRY_SHIP = "RETRY_SHIP"
    SHIPPED = "SHIPPED"
    TO_CONFIRM_RECEIVE = "TO_CONFIRM_RECEIVE"
    IN_CANCEL = "IN_CANCEL"
    CANCELLED = "CANCELLED"
    TO_RETURN = "TO_RETURN"
    COMPLETED = "COMPLETED"


class PackageStatus(StrEnum):
    """``logistics_status`` of a package, also called ``fulfillment_status``."""

    NOT_START = "LOGISTICS_NOT_START"
    READY = "LOGISTICS_READY"
    REQUEST_CREATED = "LOGISTICS_REQUEST_CREATED"
    PICKUP_DONE = "LOGISTICS_PICKUP_DONE"
    PICKUP_RETRY = "LOGISTICS_PICKUP_RETRY"
    PICKUP_FAILED = "LOGISTICS_PICKUP_FAILED"
    DELIVERY_DONE = "LOGISTICS_DELIVERY_DONE"
    DELIVERY_FAILED = "LOGISTICS_DELIVERY_FAILED"
    INVALID = "LOGISTICS_INVALID"
    REQUEST_CANCELED = "LOGISTICS_REQUEST_CANCELED"
    COD_REJECTED = "LOGISTICS_COD_REJECTED"
    LOST = "LOGISTICS_LOST"


@dataclass
class Line:
    """One item of an order. Prices are of one unit; discounted is what the buyer pays before vouchers."""

    item_id: int
    model_id: int
    item_name: str
    item_sku: str
    model_name: str
    model_sku: str
    quantity: int
    original_price: Decimal
    discounted_price: Decimal
    shopee_discount: Decimal
    promotion_type: str
    promotion_id: int
    order_item_id: int
    promotion_group_id: int
    line_item_id: int
    weight: Decimal
    location_id: str
    image_url: str
    add_on_deal_id: int = 0
    main_item: bool = False
    cancel_requested: int = 0
    cancelled: int = 0
    return_requested: int = 0
    returned: int = 0

    @property
    def active(self) -> int:
        """Units that are still to be delivered or were, and are neither cancelled nor returned."""
        return self.quantity - self.cancelled - self.returned

    @property
    def seller_discount(self) -> Decimal:
        """What the seller takes off one unit."""
        return self.original_price - self.discounted_price - self.shopee_discount


@dataclass
class TrackingEvent:
    """What a carrier reported; `at` in UTC seconds."""

    at: int
    status: str
    description: str


@dataclass
class Package:
    """One parcel.

    Attributes:
        arranged_at: when the shipment was arranged (UTC seconds); None before.
        arranged_by: ``pickup``, ``dropoff`` or ``non_integrated``.
        pickup: address and time that were chosen.
        tracking_number: empty until the carrier issued it.
        documents: when each kind of waybill that was asked for is ready (UTC seconds).
    """

    number: str
    lines: list[Line]
    channel_id: int
    carrier: str
    update_time: int
    status: PackageStatus = PackageStatus.NOT_START
    arranged_at: int | None = None
    arranged_by: str = ""
    pickup: tuple[int | None, str] = (None, "")
    tracking_number: str = ""
    pickup_done_time: int = 0
    arrangements: int = 0
    history: list[TrackingEvent] = field(default_factory=list)
    documents: dict[str, float] = field(default_factory=dict)


@dataclass
class Address:
    """Where a parcel goes."""

    name: str
    phone: str
    full_address: str
    zipcode: str
    region: str
    town: str = ""
    district: str = ""
    city: str = ""
    state: str = ""


@dataclass
class Checkout:
    """The amounts of an order beside its lines, as they were when the buyer checked out."""

    seller_voucher: Decimal
    seller_voucher_code: str
    shopee_voucher: Decimal
    coins: Decimal
    shipping_fee: Decimal
    shipping_rebate: Decimal
    payment_method: str


@dataclass
class Patch:
    """A wilful defect of the order's body on the wire: at `path` (dotted) stands `value`, or nothing at all."""

    path: str
    value: object
    remove: bool


@dataclass
class Order:
    """One order. Times are UTC seconds; 0 means "not yet".

    Attributes:
        refunded: to the buyer, for returns.
        invoice: None where the market asks for none; the order cannot be shipped before it is ``valid``.
    """

    order_sn: str
    shop_id: int
    region: Region
    currency: str
    lines: list[Line]
    checkout: Checkout
    recipient: Address
    buyer_user_id: int
    buyer_username: str
    message: str
    cod: bool
    create_time: int
    update_time: int
    days_to_ship: int
    packages: list[Package]
    status: OrderStatus = OrderStatus.UNPAID
    status_before_cancel: OrderStatus | None = None
    pay_time: int = 0
    ship_by_date: int = 0
    note: str = ""
    note_update_time: int = 0
    cancel_by: str = ""
    cancel_reason: str = ""
    buyer_cancel_reason: str = ""
    pickup_done_time: int = 0
    complete_time: int = 0
    invoice: Literal["missing", "checking", "valid"] | None = None
    split_up: bool = False
    actual_shipping_fee: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    return_sns: list[str] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    rendered: dict[str, bytes] = field(default_factory=dict)

    @property
    def invoice_pending(self) -> bool:
        """Whether the order waits for the seller's invoice."""
        return self.invoice in ("missing", "checking") and self.status is OrderStatus.READY_TO_SHIP

    @property
    def paid(self) -> bool:
        """Whether there is money to speak of: paid, or to be paid at the door."""
        return self.pay_time > 0 or (self.cod and self.status is not OrderStatus.UNPAID)
