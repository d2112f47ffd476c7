"""Returns. Pure."""

from __future__ import annotations

from decimal import Decimal

from crossdock.model import Return, ReturnLine
from crossdock_shopee.translate.amounts import moment, money
from crossdock_shopee.translate.statuses import return_status
from crossdock_shopee.wire import returns as wire

__all__ = ["returned"]


def returned(seen: wire.Return) -> Return:
    """Translate one return; its lines carry the ids that the order's lines have outside of bundles.

    Raises:
        CannotTranslate: the refund is no amount of money.
    """
    refund = seen.refund_amount
    return Return(
        id=seen.return_sn,
        order_id=seen.order_sn,
        status=return_status(seen.status),
        vendor_status=seen.status,
        reason=seen.reason or "",
        lines=tuple(_line(item) for item in seen.item or ()),
        refund=None if refund is None else money(refund, seen.currency, "refund_amount"),
        tracking_number=seen.tracking_number or "",
        requested_at=moment(seen.create_time),
        due_at=moment(seen.return_seller_due_date or seen.due_date),
        updated_at=moment(seen.update_time),
    )


def _line(item: wire.ReturnItem) -> ReturnLine:
    return ReturnLine(
        line_id=f"{item.item_id}-{item.model_id or 0}",
        sku=item.variation_sku or item.item_sku or "",
        quantity=Decimal(item.amount),
    )
