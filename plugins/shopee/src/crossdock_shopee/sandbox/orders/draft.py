"""What an operator says about a test order; everything has a default."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from crossdock_shopee.sandbox.logistics.channels import STANDARD_CHANNEL_ID

Amount = Annotated[Decimal, Field(ge=0)]
Promotion = Literal["", "product_promotion", "flash_sale", "bundle_deal", "add_on_deal_main", "add_on_deal_sub"]


class DraftItem(BaseModel):
    """One line; without an SKU it is the shop's first listing. Prices are of one unit.

    Attributes:
        sku: of an item without variations, or of the item.
        model_sku: of the variation.
        discounted_price: what the buyer pays before vouchers; None is the original price.
        shopee_discount: how much of the difference Shopee bears.
        promotion_group: items with the same number belong to one bundle or add-on deal.
    """

    model_config = ConfigDict(extra="forbid")

    sku: str = ""
    model_sku: str = ""
    name: str = ""
    quantity: int = Field(default=1, ge=1)
    original_price: Amount | None = None
    discounted_price: Amount | None = None
    shopee_discount: Amount = Decimal(0)
    promotion_type: Promotion = ""
    promotion_group: int = Field(default=0, ge=0)


class DraftAddress(BaseModel):
    """The recipient."""

    model_config = ConfigDict(extra="forbid")

    name: str = "Tan Mei Ling"
    phone: str = "6581234567"
    full_address: str = "10 Collyer Quay, #05-01"
    zipcode: str = "049315"
    town: str = ""
    district: str = ""
    city: str = ""
    state: str = ""


class OrderDraft(BaseModel):
    """Body of ``POST /_sandbox/orders``.

    Attributes:
        shop_id: None is the local shop.
        paid: the buyer pays at once.
        pending: the paid order waits for Shopee's own checks first.
        invoice_pending: the seller must upload an invoice before the order can be shipped.
        cod: cash on delivery; the order is ready to ship without having been paid.
        shipping_fee: paid by the buyer; None is the market's usual fee.
        shipping_rebate: what Shopee adds to the carrier's fee.
        currency: None is the market's; another one makes an order that no shop there could have.
        carrier: another name for the channel.
        channel_id: how it can be shipped; see logistics.get_channel_list.
        age_seconds: how long ago the order was placed.
    """

    model_config = ConfigDict(extra="forbid")

    shop_id: int | None = None
    items: list[DraftItem] = Field(default_factory=lambda: [DraftItem()], min_length=1)
    paid: bool = True
    pending: bool = False
    invoice_pending: bool = False
    cod: bool = False
    seller_voucher: Amount = Decimal(0)
    seller_voucher_code: str = ""
    shopee_voucher: Amount = Decimal(0)
    coins: Amount = Decimal(0)
    shipping_fee: Amount | None = None
    shipping_rebate: Amount = Decimal(0)
    currency: str | None = None
    buyer_username: str = "sandbox.buyer"
    recipient: DraftAddress = Field(default_factory=DraftAddress)
    message: str = ""
    carrier: str = ""
    channel_id: int = STANDARD_CHANNEL_ID
    payment_method: str = "Apple Pay"
    age_seconds: int = Field(default=0, ge=0)


class BulkDraft(BaseModel):
    """Body of ``POST /_sandbox/orders/bulk``: `count` like orders, `spread_seconds` from the oldest to the newest."""

    model_config = ConfigDict(extra="forbid")

    count: int = Field(ge=1, le=100_000)
    spread_seconds: int = Field(default=0, ge=0)
    order: OrderDraft = Field(default_factory=OrderDraft)
