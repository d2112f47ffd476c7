"""Bringing an order of the OMS to what the channel shows, and cancelling it: read, one legal act, read again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crossdock.contract import CancelOrder, Receipt
from crossdock.errors import Refused, TryLater
from crossdock.model import Order
from crossdock_anchanto_oms.client.gateway import Gateway
from crossdock_anchanto_oms.client.orders import fresh
from crossdock_anchanto_oms.codes import CONFLICTS
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.order_records import Change, Move, OmsOrder, Parcel, Trouble
from crossdock_anchanto_oms.statuses import CANCELLED, OmsState, cited
from crossdock_anchanto_oms.translate.documents import standing_of
from crossdock_anchanto_oms.translate.mirroring import Act, Clear, next_act
from crossdock_anchanto_oms.translate.placing import status_of

__all__ = ["arrange", "cancel", "move", "update"]

_MOST_ACTS = 12
_MOVED = "state_conflict"


async def update(gateway: Gateway, order: Order, document: Order, options: AnchantoRoute) -> Receipt:
    """Do what is missing, act by act, each from the order as it was just read.

    Raises:
        Refused: the OMS has no legal move; both states are named.
        TryLater: people keep moving the order at the same time.
    """
    oms = await fresh(gateway, document.id, verb="update_order")
    passed = [oms.state]
    for _ in range(_MOST_ACTS):
        act = next_act(order, oms, options)
        if act is None:
            why = cited(oms.state, status_of(order), mode=oms.logistics_mode)
            return Receipt(oms.order_id, already=len(passed) == 1, note=f"{' → '.join(passed)} ({why})")
        try:
            oms = await _perform(gateway, oms, act)
        except Refused as error:
            if error.code not in CONFLICTS:
                raise
            oms = await fresh(gateway, document.id, verb="update_order")
        if oms.state != passed[-1]:
            passed.append(oms.state)
    raise TryLater(f"Order {oms.order_id} is moved by others at the same time; it is {oms.state} now.")


async def cancel(gateway: Gateway, wanted: CancelOrder) -> Receipt:
    """Cancel an order; while goods are off the shelf it waits for them to be put away, and then cancels itself.

    Raises:
        Refused: only some of it is to be cancelled, or it can no longer be.
        TryLater: people in the OMS are deciding on it.
    """
    if wanted.quantities:
        raise Refused("The OMS cancels whole orders only.", code="partial_cancel", hint="change the order in the OMS")
    return await _looking_twice(lambda: _cancel(gateway, wanted))


async def _looking_twice(act: Callable[[], Awaitable[Receipt]]) -> Receipt:
    """Look again once the order is found moved: by others, or by our own move whose answer was lost."""
    try:
        return await act()
    except Refused as error:
        if error.code != _MOVED:
            raise
    return await act()


async def _cancel(gateway: Gateway, wanted: CancelOrder) -> Receipt:
    oms = await fresh(gateway, wanted.order.id, verb="cancel_order")
    if oms.state in CANCELLED:
        return Receipt(oms.order_id, already=True, note=oms.state)
    if oms.state == OmsState.REJECTION_IN_PROCESS:
        raise TryLater(f"Order {oms.order_id} is being rejected by people in the OMS.")
    waits = oms.state == OmsState.CANCEL_IN_PROCESS
    why = wanted.note or f"cancelled: {wanted.reason.value}"
    try:
        oms = await move(gateway, oms, _end_of(oms), why, verb="cancel_order")
    except Refused as error:
        if error.code != "goods_await_putaway":
            raise
        if not waits and oms.state != OmsState.CANCEL_BY_SELLER_IN_PROCESS:
            oms = await move(gateway, oms, OmsState.CANCEL_IN_PROCESS, why, verb="cancel_order")
        return Receipt(oms.order_id, already=waits, note=f"{oms.state}: the goods have to be put away first")
    return Receipt(oms.order_id, note=oms.state)


async def arrange(gateway: Gateway, order: Order) -> Receipt:
    """Make an order of the OMS Ready to Ship, because its goods were released in the backend.

    Raises:
        TryLater: some of it is picked, and the rest is not.
        Refused: it is on hold, has a problem, or is being cancelled.
    """
    return await _looking_twice(lambda: _arrange(gateway, order))


async def _arrange(gateway: Gateway, order: Order) -> Receipt:
    oms = await fresh(gateway, order.id, verb="arrange_shipment")
    now = standing_of(oms)
    if not now.is_preparing:
        if now.is_ready or now.state in (OmsState.IN_TRANSIT, OmsState.COMPLETE):
            return Receipt(oms.order_id, already=True, note=oms.state)
        raise Refused(f"Order {oms.order_id} is {oms.state}: it cannot become ready to ship.", code="illegal_move")
    if now.state is OmsState.PARTIAL:
        raise TryLater(f"Order {oms.order_id} is picked only in part.")
    moved = await move(gateway, oms, OmsState.READY_TO_SHIP, "the goods are released", verb="arrange_shipment")
    return Receipt(moved.order_id, note=moved.state)


async def move(gateway: Gateway, oms: OmsOrder, to: OmsState, why: str, *, verb: str) -> OmsOrder:
    """Move an order that is still as it was read."""
    step = Move(to.value, oms.state, reason=why[:500])
    return await gateway.record(OmsOrder, "move_order", verb=verb, names={"order": oms.order_id}, body=step)


def _end_of(oms: OmsOrder) -> OmsState:
    """A cancellation that the seller began ends as the seller's."""
    if oms.state == OmsState.CANCEL_BY_SELLER_IN_PROCESS:
        return OmsState.CANCEL_BY_SELLER
    return OmsState.CANCEL_IN_PROCESS if oms.state == OmsState.IN_TRANSIT else OmsState.CANCEL


async def _perform(gateway: Gateway, oms: OmsOrder, act: Act) -> OmsOrder:
    names, verb = {"order": oms.order_id}, "update_order"
    match act:
        case Move():
            return await gateway.record(OmsOrder, "move_order", verb=verb, names=names, body=act)
        case Change():
            return await gateway.record(OmsOrder, "change_order", verb=verb, names=names, body=act)
        case Trouble():
            return await gateway.record(OmsOrder, "report_problem", verb=verb, names=names, body=act)
        case Parcel():
            await gateway.ask("put_shipment", verb=verb, names=names, body=act)
            return await fresh(gateway, oms.order_id, verb=verb)
        case Clear():
            names["code"] = gateway.codec.word("problem", act.code)
            return await gateway.record(OmsOrder, "clear_problem", verb=verb, names=names)
