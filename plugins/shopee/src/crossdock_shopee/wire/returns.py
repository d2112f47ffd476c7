"""Returns. Pure.

Source: Shopee Open Platform v2, returns.get_return_list.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

__all__ = ["Return", "ReturnItem", "ReturnList"]


class ReturnItem(msgspec.Struct, gc=False):
    """What comes back."""

    item_id: int
    amount: int
    model_id: int | None = 0
    item_sku: str | None = ""
    variation_sku: str | None = ""


class Return(msgspec.Struct, gc=False):
    """A buyer's request."""

    return_sn: str
    order_sn: str
    status: str
    currency: str
    create_time: int
    update_time: int
    refund_amount: Decimal | None = None
    reason: str | None = ""
    tracking_number: str | None = ""
    due_date: int | None = 0
    return_seller_due_date: int | None = 0
    item: list[ReturnItem] | None = None


class ReturnList(msgspec.Struct, rename={"rows": "return"}):
    """A page of returns; its key is in the singular."""

    rows: list[msgspec.Raw] | None = None
    more: bool = False


class Named(msgspec.Struct, gc=False):
    """What can be said of a return that cannot be read."""

    return_sn: str = ""
