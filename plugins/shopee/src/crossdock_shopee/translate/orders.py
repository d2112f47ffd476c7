"""Orders. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crossdock.model import Address, Buyer, Cancellation, Order, OrderStatus, Payment, Shipment
from crossdock_shopee.config import SkuFallback
from crossdock_shopee.translate.amounts import ZERO, moment, money
from crossdock_shopee.translate.lines import line_ids, lines, require_quantities
from crossdock_shopee.translate.parcels import parcels
from crossdock_shopee.translate.prices import prices
from crossdock_shopee.translate.statuses import order_status
from crossdock_shopee.translate.totals import is_unpaid, totals
from crossdock_shopee.wire import orders as wire
from crossdock_shopee.wire.escrow import Escrow
from crossdock_shopee.wire.parcels import PackageDetail

__all__ = ["order"]

_NOBODY = Address()


def order(
    seen: wire.Order,
    escrow: Escrow | None = None,
    packages: Mapping[str, PackageDetail] | None = None,
    fallback: SkuFallback = SkuFallback.NONE,
) -> Order:
    """Translate one order.

    Args:
        seen: from `get_order_detail`.
        escrow: how its total is made up, where it does not explain itself.
        packages: what is known of its packages besides, by package number.
        fallback: what stands for a missing SKU.

    Raises:
        CannotTranslate: with the path of what our model cannot say.
    """
    items = seen.item_list or ()
    require_quantities(items)
    ids = line_ids(items)
    whole = totals(seen, escrow)
    shipments = parcels(seen, ids, packages)
    return Order(
        id=seen.order_sn,
        status=_status(seen.order_status, shipments),
        vendor_status=_word(seen),
        currency=seen.currency,
        total=None if is_unpaid(seen) else money(seen.total_amount or ZERO, seen.currency, "total_amount"),
        lines=lines(items, ids, prices(items, seen.currency, escrow), fallback),
        discounts=whole.discounts,
        charges=whole.charges,
        payment=_payment(seen),
        buyer=_buyer(seen),
        ship_to=_address(seen.recipient_address) if seen.recipient_address else _NOBODY,
        shipping_method=seen.shipping_carrier or "",
        shipments=shipments,
        cancellation=_cancellation(seen),
        can_cancel=seen.can_full_cancel_order,
        can_cancel_partly=bool(seen.can_partial_cancel_order),
        note=seen.message_to_seller or "",
        placed_at=moment(seen.create_time),
        paid_at=moment(seen.pay_time),
        ship_by=moment(seen.ship_by_date),
        updated_at=moment(seen.update_time),
    )


def _status(word: str, shipments: Sequence[Shipment]) -> OrderStatus:
    """An order goes on saying READY_TO_SHIP for a while after all its parcels were arranged."""
    status = order_status(word)
    arranged = bool(shipments) and all(shipment.is_arranged for shipment in shipments)
    return OrderStatus.ARRANGED if arranged and status is OrderStatus.OPEN else status


def _word(seen: wire.Order) -> str:
    """What Shopee calls an order that waits for its invoice where it lists them, and does not say of the order itself.

    It stays open: the invoice may have to be made by the very system that is to have the order.
    """
    pending = seen.invoice_data is not None and seen.invoice_data.status == "pending"
    return "INVOICE_PENDING" if pending and seen.order_status == "READY_TO_SHIP" else seen.order_status


def _address(seen: wire.Address) -> Address:
    return Address(
        name=seen.name or "",
        phone=seen.phone or "",
        line=seen.full_address or "",
        line2=seen.town or "",
        district=seen.district or "",
        city=seen.city or "",
        state=seen.state or "",
        postcode=seen.zipcode or "",
        country=seen.region or "",
    )


def _buyer(seen: wire.Order) -> Buyer:
    return Buyer(id=str(seen.buyer_user_id) if seen.buyer_user_id else "", name=seen.buyer_username or "")


def _payment(seen: wire.Order) -> Payment | None:
    """How it is paid; several payments of one order share one method, so that the first names the transaction."""
    if not seen.payment_method and not seen.cod:
        return None
    transaction = (seen.payment_info[0].transaction_id or "") if seen.payment_info else ""
    return Payment(method=seen.payment_method or "", cash_on_delivery=seen.cod, transaction_id=transaction)


def _cancellation(seen: wire.Order) -> Cancellation | None:
    reason = seen.cancel_reason or seen.buyer_cancel_reason or ""
    if seen.order_status == "IN_CANCEL":  # only a buyer's wish waits for an answer
        return Cancellation(by=seen.cancel_by or "buyer", reason=reason)
    return Cancellation(by=seen.cancel_by or "", reason=reason) if seen.cancel_by or reason else None
