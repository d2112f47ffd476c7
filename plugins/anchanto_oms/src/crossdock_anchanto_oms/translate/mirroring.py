"""What is missing so that an order of the OMS shows what the channel's order shows: one act at a time. Pure.

Each act follows from the order as it was just read, so the same question after a lost answer leads to what is still
missing and never to the same act twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from crossdock.errors import Refused
from crossdock.model import Order, OrderStatus, ShipmentStatus
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.order_records import Change, Move, OmsOrder, Parcel, Trouble
from crossdock_anchanto_oms.statuses import (
    END,
    PICKUP_RETRY,
    Decision,
    OmsState,
    Standing,
    decide,
    next_move,
)
from crossdock_anchanto_oms.translate.documents import standing_of
from crossdock_anchanto_oms.translate.placing import (
    HELD_BY_CHANNEL,
    carrier_of,
    hold_of,
    one_parcel,
    seconds,
    status_of,
)

__all__ = ["Act", "Clear", "next_act"]


@dataclass(frozen=True, slots=True)
class Clear:
    """Take a problem back that we had reported."""

    code: str


Act = Move | Change | Trouble | Clear | Parcel
_LEFT = frozenset({OmsState.IN_TRANSIT, OmsState.COMPLETE})


def next_act(order: Order, oms: OmsOrder, options: AnchantoRoute) -> Act | None:
    """The next thing to do; None when nothing is missing.

    Args:
        order: the channel's.
        oms: the same order in the OMS, as it was just read.
        options: of the route.

    Raises:
        Refused: the OMS has no move that leads there, or the order is split.
    """
    one_parcel(order)
    now = standing_of(oms)
    decision = _decision(order, now, options)
    if decision.blocked:
        raise Refused(
            f"Order {oms.order_id} is {oms.state} and cannot follow the channel's {order.vendor_status}:"
            f" {decision.blocked}.",
            code="illegal_move",
            facts={"oms_state": oms.state, "channel_status": order.vendor_status},
            hint="bring the order on in the OMS, then parked retry",
        )
    if now.state in END:
        return None
    return _problem(oms, decision) or _change(order, oms, decision) or _move(order, oms, now, decision, options)


def _decision(order: Order, now: Standing, options: AnchantoRoute) -> Decision:
    parcel = one_parcel(order)
    retry = parcel is not None and parcel.status is ShipmentStatus.RETRY
    if options.follow_parcels and parcel is not None and now.state is OmsState.IN_TRANSIT:
        fate = {
            ShipmentStatus.LOST: OmsState.LOST_IN_TRANSIT,
            ShipmentStatus.FAILED: OmsState.FAILED_DELIVERY_INITIATED,
        }
        if parcel.status in fate:
            return Decision(fate[parcel.status])
    return decide(status_of(order), now, retry=retry)


def _problem(oms: OmsOrder, decision: Decision) -> Act | None:
    reported = any(problem.code == PICKUP_RETRY for problem in oms.problems)
    if decision.problem and not reported:
        return Trouble(decision.problem, "The carrier did not get the parcel; the pick-up is arranged again.")
    return Clear(PICKUP_RETRY) if reported and not decision.problem else None


def _change(order: Order, oms: OmsOrder, decision: Decision) -> Act | None:
    if decision.hold and not oms.hold:
        return Change(hold=hold_of(order))
    if not decision.hold and oms.hold.startswith(HELD_BY_CHANNEL) and status_of(order) is not OrderStatus.HELD:
        return Change(hold=None)
    if order.paid_at and oms.paid_at is None:
        return Change(paid_at=seconds(order.paid_at))
    if order.ship_by and seconds(order.ship_by) != oms.ship_by:
        return Change(ship_by=seconds(order.ship_by))
    return None


def _move(order: Order, oms: OmsOrder, now: Standing, decision: Decision, options: AnchantoRoute) -> Act | None:
    target = decision.state
    step = next_move(now, target) if target else None
    if step is None:
        late = bool(decision.sub_state) and oms.sub_state != decision.sub_state
        return Change(sub_state=decision.sub_state) if late else None
    if oms.shipment is None and step in _LEFT and now.is_ready and not now.own_carrier and _number(order):
        # the last moment at which the OMS takes it
        return Parcel(_number(order), oms.carrier or carrier_of(order, options))
    return Move(
        step.value,
        oms.state,
        sub_state=decision.sub_state if step is target else "",
        reason=f"the channel shows {order.vendor_status}"[:500],
    )


def _number(order: Order) -> str:
    parcel = one_parcel(order)
    return parcel.tracking_number if parcel else ""
