"""What may be chosen about a Shopee sandbox, and the test credentials, which are fixed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PARTNER_ID = 2001887
PARTNER_KEY = "5368706565506172746e65724b6579466f7253616e64626f7855736530303031"  # used as text, never decoded
SHOP_ID = 600000
MERCHANT_ID = 1000000
MERCHANT_SHOP_IDS = (600001, 600002)
MAIN_ACCOUNT_ID = 900000
ACCESS_TOKEN = "6163636573735f746f6b656e5f303031"  # noqa: S105 - a documented test credential
REFRESH_TOKEN = "726566726573685f746f6b6e5f303031"  # noqa: S105 - a documented test credential
MERCHANT_ACCESS_TOKEN = "6d65726368616e745f6163635f303031"  # noqa: S105 - a documented test credential
MERCHANT_REFRESH_TOKEN = "6d65726368616e745f7265665f303031"  # noqa: S105 - a documented test credential
CODE = "73686f705f636f64655f5f5f5f303031"
MAIN_ACCOUNT_CODE = "6d61696e5f636f64655f5f5f5f303031"


class Settings(BaseModel):
    """Options of `create`; where Shopee's behaviour is not documented, each is a switch.

    Attributes:
        region: market of the local shop.
        merchant_region: ``KR`` makes the cross-border shops KRSC, ``CN`` and ``HK`` make them CNSC.
        gateway_status: HTTP status of what the gateway rejects (sign, token, timestamp).
        business_status: HTTP status of what an endpoint rejects.
        list_order: whether the order list starts with the newest or with the oldest order.
        include_time_to: whether an order at exactly ``time_to`` belongs to the window.
        signin_errors: whether a bad code or token is answered as in the documented samples or in the error tables.
        mask_buyers: name and phone of the recipient are ``****``.
        unpaid_hours: after which the system cancels an order that nobody paid for.
        days_to_ship: days that a seller has to hand over a paid order.
        arrange_seconds: until a package that was arranged becomes LOGISTICS_REQUEST_CREATED.
        tracking_seconds: until a package that was arranged has its tracking number.
        tracking_touches_order: a new tracking number counts as a change of the order (its update_time).
        complete_hours: between the delivery of a parcel and the completion of its order.
        cancel_answer_hours: that a seller has to answer a buyer who wants to cancel; then it is granted.
        seller_cancel_seconds: that a seller's cancellation stays IN_CANCEL.
        document_seconds: until a shipping document is READY.
        invoice_seconds: that Shopee needs to check an invoice.
        init_tier_seconds: that must pass between add_item and init_tier_variation.
        publish_seconds: until a publish task ends.
        multi_warehouse: stock of the local shop is kept per location and asks for a location_id.
        split_allowed: the shop may split orders.
        stock_after_sale: orders take stock, cancellations give it back.
        first_return_page: number of the first page of returns.
        page_limit: page size above which lists refuse.
    """

    model_config = ConfigDict(extra="forbid")

    region: str = "SG"
    merchant_region: Literal["KR", "CN", "HK"] = "KR"
    gateway_status: Literal[200, 403] = 403
    business_status: Literal[200, 400] = 200
    list_order: Literal["newest", "oldest"] = "newest"
    include_time_to: bool = True
    signin_errors: Literal["samples", "table"] = "samples"
    mask_buyers: bool = True
    unpaid_hours: float = Field(default=24, gt=0)
    days_to_ship: int = Field(default=3, gt=0)
    arrange_seconds: float = Field(default=5, ge=0)
    tracking_seconds: float = Field(default=180, ge=0)
    tracking_touches_order: bool = False
    complete_hours: float = Field(default=72, gt=0)
    cancel_answer_hours: float = Field(default=48, gt=0)
    seller_cancel_seconds: float = Field(default=0, ge=0)
    document_seconds: float = Field(default=10, ge=0)
    invoice_seconds: float = Field(default=300, ge=0)
    init_tier_seconds: float = Field(default=5, ge=0)
    publish_seconds: float = Field(default=10, ge=0)
    multi_warehouse: bool = False
    split_allowed: bool = True
    stock_after_sale: bool = True
    first_return_page: Literal[0, 1] = 0
    page_limit: int = Field(default=100, gt=0)
