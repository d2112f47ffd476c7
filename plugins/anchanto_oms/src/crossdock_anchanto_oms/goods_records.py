"""Products, listings, prices, stock and returns of the order management system, in our names.

An ISKU is a code of stock, a CSKU what a channel lists and sells: a single is one ISKU, a group the parent of
variants, a kit several ISKUs with quantities.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import UNSET, Struct, UnsetType

__all__ = [
    "BatchAnswer",
    "Component",
    "Feed",
    "FeedAnswer",
    "FeedPart",
    "FeedRow",
    "FeedRowAnswer",
    "Listing",
    "ListingPrice",
    "NewProduct",
    "NewReturn",
    "Offer",
    "OfferPart",
    "OmsPrice",
    "OmsProduct",
    "OmsReturn",
    "PriceRow",
    "Prices",
    "Report",
    "ReturnChange",
    "ReturnItem",
    "ReturnMove",
    "RowAnswer",
    "RowError",
    "Shelf",
    "StockRow",
    "StockRows",
]


class Component(Struct, frozen=True):
    """An ISKU of a CSKU; `options` says which variant it is."""

    isku: str
    quantity: int = 1
    options: dict[str, str] | None = None


class OmsProduct(Struct, frozen=True):
    """A CSKU of the catalogue."""

    csku: str
    type: str
    name: str
    version: int
    changed_at: datetime
    description: str = ""
    brand: str = ""
    images: tuple[str, ...] = ()
    barcode: str = ""
    weight_grams: int | None = None
    components: tuple[Component, ...] = ()


class NewProduct(Struct, frozen=True):
    """A CSKU to make or change; its type never changes."""

    type: str
    name: str
    description: str
    brand: str
    images: tuple[str, ...]
    barcode: str
    weight_grams: int | None
    components: tuple[Component, ...] | UnsetType


class ListingPrice(Struct, frozen=True):
    """What one orderable SKU of a listing costs."""

    sku: str
    retail_price: Decimal | None = None
    selling_price: Decimal | None = None


class Listing(Struct, frozen=True):
    """A CSKU on one store."""

    csku: str
    type: str
    name: str
    state: str
    version: int
    changed_at: datetime
    description: str = ""
    brand: str = ""
    images: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    prices: tuple[ListingPrice, ...] = ()
    channel_item_id: str = ""
    request_id: str = ""
    error: str = ""


class FeedPart(Struct, frozen=True):
    """An ISKU of a product of the channel: of a variant with its own price and first stock."""

    isku: str
    quantity: int = 1
    options: dict[str, str] | None = None
    retail_price: Decimal | UnsetType = UNSET
    stock: int | UnsetType = UNSET


class FeedRow(Struct, frozen=True):
    """One product of the channel."""

    csku: str
    type: str
    name: str
    description: str
    brand: str
    images: tuple[str, ...]
    components: tuple[FeedPart, ...] | UnsetType
    channel_item_id: str
    retail_price: Decimal | UnsetType = UNSET
    stock: int | UnsetType = UNSET


class Feed(Struct, frozen=True):
    """Products of the channel for the catalogue; worked through later."""

    feed_reference: str
    rows: tuple[FeedRow, ...]


class Report(Struct, frozen=True):
    """What became of a listing that somebody asked for."""

    request_id: str
    result: str
    channel_item_id: str | UnsetType = UNSET
    error: str | UnsetType = UNSET


class RowError(Struct, frozen=True):
    """Why a row was refused."""

    code: str
    message: str = ""


class FeedRowAnswer(Struct, frozen=True):
    """How one row of a feed fared."""

    row: int
    csku: str
    status: str
    error: RowError | None = None


class FeedAnswer(Struct, frozen=True):
    """How far a feed is."""

    feed_id: str
    status: str
    results: tuple[FeedRowAnswer, ...] = ()


class OmsPrice(Struct, frozen=True):
    """The prices of one orderable SKU; the selling price wins where there is one."""

    sku: str
    currency: str
    changed_at: datetime
    version: int
    retail_price: Decimal | None = None
    selling_price: Decimal | None = None


class PriceRow(Struct, frozen=True):
    """A price to set; no selling price makes the retail price the one that is shown."""

    sku: str
    retail_price: Decimal
    selling_price: Decimal | None = None


class Prices(Struct, frozen=True):
    """A batch of prices."""

    rows: tuple[PriceRow, ...]


class OfferPart(Struct, frozen=True):
    """What one warehouse has of a SKU."""

    warehouse_code: str
    available: int


class Offer(Struct, frozen=True):
    """What the channel may sell of one orderable SKU, by the OMS's own reckoning."""

    sku: str
    available: int
    changed_at: datetime
    version: int
    warehouses: tuple[OfferPart, ...] = ()


class Shelf(Struct, frozen=True):
    """What one warehouse has of one ISKU."""

    isku: str
    warehouse_code: str
    available: int
    changed_at: datetime
    version: int
    sellable: int = 0
    reserved: int = 0


class StockRow(Struct, frozen=True):
    """A sellable level to set."""

    isku: str
    warehouse_code: str
    mode: str
    quantity: int


class StockRows(Struct, frozen=True):
    """A batch of levels."""

    rows: tuple[StockRow, ...]


class RowAnswer(Struct, frozen=True):
    """How one row of a batch fared."""

    row: int
    status: str
    sku: str = ""
    error: RowError | None = None


class BatchAnswer(Struct, frozen=True):
    """How a batch fared, row by row."""

    results: tuple[RowAnswer, ...] = ()


class ReturnItem(Struct, frozen=True):
    """What comes back of one line."""

    line_reference: str
    quantity: int


class NewReturn(Struct, frozen=True):
    """A return to open."""

    return_reference: str
    reason: str
    goods_expected: bool
    refund_amount: Decimal | None
    tracking_number: str
    sub_state: str
    lines: tuple[ReturnItem, ...]


class OmsReturn(Struct, frozen=True):
    """A return as the OMS shows it."""

    return_id: str
    return_reference: str
    order_id: str
    state: str
    version: int
    changed_at: datetime
    channel_reference: str = ""
    reason: str = ""
    goods_expected: bool = False
    put_away: bool = False
    refund_amount: Decimal | None = None
    tracking_number: str = ""
    sub_state: str = ""
    lines: tuple[ReturnItem, ...] = ()
    created_at: datetime | None = None


class ReturnMove(Struct, frozen=True):
    """What happened to a return on the channel; refused when it is not in `expected_state` any more."""

    to: str
    expected_state: str
    sub_state: str = ""
    reason: str = ""


class ReturnChange(Struct, frozen=True):
    """Fields of a return to set; what is UNSET stays."""

    sub_state: str | UnsetType = UNSET
    tracking_number: str | UnsetType = UNSET
    refund_amount: Decimal | UnsetType = UNSET
