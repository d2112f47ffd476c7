"""Account and orders of the order management system, in our names; what the wire calls them, the profile says.

Texts that are not known are empty, times that are not known are None. Money is in the order's or store's currency.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import UNSET, Struct, UnsetType

__all__ = [
    "Account",
    "Capabilities",
    "Change",
    "Duplicate",
    "LabelFile",
    "Move",
    "NewLine",
    "NewOrder",
    "OmsLine",
    "OmsOrder",
    "OmsProblem",
    "OmsShipment",
    "Parcel",
    "Person",
    "Place",
    "Store",
    "Trouble",
    "Warehouse",
]


class Account(Struct, frozen=True):
    """The seller."""

    seller_code: str
    name: str = ""
    currency: str = ""
    multi_warehouse: bool = False
    wms: bool = False


class Capabilities(Struct, frozen=True):
    """What the channel of a store allows: data of the channel, never constants."""

    order_history_days: int = 90
    skus_per_15_minutes: int = 1000
    activate_products: bool = False
    delete_products: bool = False
    split_orders: bool = False
    decide_returns: bool = False


class Store(Struct, frozen=True):
    """One connected shop; `warehouse_codes` begins with the first choice."""

    store_code: str
    name: str
    country: str
    currency: str
    channel: str = ""
    channel_shop_id: str = ""
    warehouse_codes: tuple[str, ...] = ()
    default_carrier: str = ""
    authorized_brands: tuple[str, ...] | None = None
    """None means every brand."""
    capabilities: Capabilities = Capabilities()


class Warehouse(Struct, frozen=True):
    """A warehouse of the seller."""

    warehouse_code: str
    name: str = ""
    active: bool = True


class Person(Struct, frozen=True):
    """The buyer."""

    name: str
    email: str = ""
    phone: str = ""


class Place(Struct, frozen=True):
    """Where the goods go."""

    name: str
    line1: str
    country: str
    phone: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""


class NewLine(Struct, frozen=True):
    """A line to create; `discount` is for the whole line."""

    line_reference: str
    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    discount: Decimal


class NewOrder(Struct, frozen=True):
    """An order to create."""

    channel_reference: str
    ordered_at: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    state: str
    historical: bool
    tracking_number: str
    hold: str
    currency: str
    logistics_mode: str
    carrier: str
    warehouse_code: str
    buyer: Person
    ship_to: Place
    lines: tuple[NewLine, ...]
    shipping_fee: Decimal
    discount: Decimal
    total: Decimal
    note: str


class OmsLine(Struct, frozen=True):
    """A line; `picked` of its `quantity` are off the shelf."""

    line_reference: str
    sku: str
    quantity: int
    unit_price: Decimal
    name: str = ""
    discount: Decimal = Decimal(0)
    picked: int = 0


class OmsShipment(Struct, frozen=True):
    """The one parcel of an order; `source` says who made its number."""

    tracking_number: str
    carrier: str
    source: str
    label_ready: bool = False
    label_sha256: str = ""


class OmsProblem(Struct, frozen=True):
    """What keeps an order from going on, or what the seller should know."""

    code: str
    message: str = ""
    blocking: bool = False
    line_reference: str = ""


class OmsOrder(Struct, frozen=True):
    """An order as the OMS shows it."""

    order_id: str
    channel_reference: str
    state: str
    currency: str
    logistics_mode: str
    lines: tuple[OmsLine, ...]
    total: Decimal
    version: int
    changed_at: datetime
    previous_state: str = ""
    sub_state: str = ""
    historical: bool = False
    hold: str = ""
    carrier: str = ""
    carrier_is_temporary: bool = False
    warehouse_code: str = ""
    buyer: Person | None = None
    ship_to: Place | None = None
    shipping_fee: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    note: str = ""
    problems: tuple[OmsProblem, ...] = ()
    shipment: OmsShipment | None = None
    return_ids: tuple[str, ...] = ()
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    ship_by: datetime | None = None
    ready_at: datetime | None = None
    shipped_at: datetime | None = None


class Duplicate(Struct, frozen=True):
    """What a refused second use of a reference says about the first."""

    order_id: str = ""
    return_id: str = ""
    feed_id: str = ""
    state: str = ""


class Move(Struct, frozen=True):
    """What happened to an order on the channel; refused when the order is not in `expected_state` any more."""

    to: str
    expected_state: str
    sub_state: str = ""
    reason: str = ""


class Change(Struct, frozen=True):
    """Fields of an order to set; what is UNSET stays, None empties."""

    sub_state: str | UnsetType | None = UNSET
    hold: str | UnsetType | None = UNSET
    ship_by: datetime | UnsetType | None = UNSET
    paid_at: datetime | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    carrier: str | UnsetType = UNSET


class Trouble(Struct, frozen=True):
    """A problem that we report."""

    code: str
    message: str


class LabelFile(Struct, frozen=True):
    """A label; `content` is base64."""

    media_type: str
    content: str


class Parcel(Struct, frozen=True):
    """Tracking number, carrier and label of the marketplace; no label keeps the one that is there."""

    tracking_number: str
    carrier: str
    label: LabelFile | None = None
