"""Cancelling orders, and answering buyers who want to cancel."""

from __future__ import annotations

import msgspec

from crossdock.contract import CancelOrder, Receipt
from crossdock.errors import Refused
from crossdock.model import Order, OrderStatus
from crossdock_shopee.client.gateway import Gateway
from crossdock_shopee.config import ShopeeRoute
from crossdock_shopee.translate.cancellations import cancel_body
from crossdock_shopee.translate.statuses import order_status

__all__ = ["answer", "cancel"]


class _Status(msgspec.Struct):
    order_status: str


class _Statuses(msgspec.Struct):
    order_list: list[_Status]


async def cancel(gateway: Gateway, wanted: CancelOrder, options: ShopeeRoute) -> Receipt:
    """Cancel an order, or some of it; a cancelled one is `already`.

    Raises:
        Refused: it can no longer be cancelled, or not in part.
    """
    number = wanted.order.id
    if wanted.order.status is OrderStatus.CANCELLED:
        return Receipt(number, already=True)
    body = cancel_body(wanted, gateway.settings.region, options)
    try:
        await gateway.do("order/cancel_order", body, verb="cancel_order")
    except Refused:
        if await _status(gateway, number, "cancel_order") is OrderStatus.CANCELLED:
            return Receipt(number, already=True)
        raise
    return Receipt(number, note=str(body["cancel_reason"]))


async def answer(gateway: Gateway, order: Order, *, accept: bool) -> Receipt:
    """Accept or reject a buyer's wish; one that has been settled as wished is `already`.

    Raises:
        Refused: nobody asks to cancel any more, and the order did not go where it should.
    """
    operation = "ACCEPT" if accept else "REJECT"
    body = {"order_sn": order.id, "operation": operation}
    try:
        await gateway.do("order/handle_buyer_cancellation", body, verb="answer_cancellation")
    except Refused:
        status = await _status(gateway, order.id, "answer_cancellation")
        if status is OrderStatus.CANCELLING or (status is OrderStatus.CANCELLED) is not accept:
            raise
        return Receipt(order.id, already=True)
    return Receipt(order.id, note=operation)


async def _status(gateway: Gateway, number: str, verb: str) -> OrderStatus:
    params = {"order_sn_list": number}
    found = await gateway.get("order/get_order_detail", params, _Statuses, verb=verb)
    return order_status(found.order_list[0].order_status) if found.order_list else OrderStatus.UNKNOWN
