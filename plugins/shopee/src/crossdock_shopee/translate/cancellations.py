"""Cancelling: our reasons in Shopee's words, and which lines. Pure.

Source: Shopee Open Platform v2, order.cancel_order.
"""

from __future__ import annotations

from crossdock.contract import CancelOrder, CancelReason
from crossdock.errors import Refused
from crossdock_shopee.config import Region, ShopeeRoute
from crossdock_shopee.translate.lines import named_by

__all__ = ["cancel_body"]

_UNDELIVERABLE_IN = frozenset({"TW", "MY"})


def cancel_body(cancel: CancelOrder, region: Region, options: ShopeeRoute) -> dict[str, object]:
    """What to send; with `quantities`, only those lines are cancelled.

    Raises:
        Refused: a part is to be cancelled, and Shopee does not allow it for this order.
    """
    order = cancel.order
    reason = _reason(cancel.reason, region, options)
    body: dict[str, object] = {"order_sn": order.id, "cancel_reason": reason}
    left = {line.id: line.quantity - line.cancelled_quantity for line in order.lines}
    wanted = {name: quantity for name, quantity in (cancel.quantities or left).items() if quantity > 0}
    if unknown := sorted(wanted.keys() - left.keys()):
        raise Refused(f"Order {order.id} has no line {', '.join(unknown)}.")
    partly = any(wanted.get(name, 0) < quantity for name, quantity in left.items())
    if partly and not order.can_cancel_partly:
        raise Refused(
            f"Shopee does not allow a part of order {order.id} to be cancelled.",
            hint="cancel it as a whole, or refund the part in Seller Centre",
            facts={"quantities": {name: str(quantity) for name, quantity in wanted.items()}},
        )
    if reason == "OUT_OF_STOCK":
        goods = dict.fromkeys(named_by(name)[:2] for name in wanted)
        body["item_list"] = [{"item_id": item, "model_id": model} for item, model in goods]
    if partly:
        body["partial_cancel_item_list"] = [_part(name, int(quantity)) for name, quantity in wanted.items()]
    return body


def _part(line_id: str, quantity: int) -> dict[str, int]:
    item, model, order_item, group = named_by(line_id)
    return {
        "item_id": item,
        "model_id": model,
        "order_item_id": order_item,
        "promotion_group_id": group,
        "model_quantity": quantity,
    }


def _reason(reason: CancelReason, region: Region, options: ShopeeRoute) -> str:
    match reason:
        case CancelReason.OUT_OF_STOCK:
            return "OUT_OF_STOCK"
        case CancelReason.BUYER_ASKED:
            return "CUSTOMER_REQUEST"
        case CancelReason.UNDELIVERABLE if region in _UNDELIVERABLE_IN:
            return "UNDELIVERABLE_AREA"
        case _:
            return options.cancel_other_as
