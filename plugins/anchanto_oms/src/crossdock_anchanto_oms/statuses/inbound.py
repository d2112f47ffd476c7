"""What a channel's status makes of an order in the OMS: one pure, total function, and the same answer when asked again.

The OMS is finer-grained than the channel and may be ahead of a list that is read late, so a status only ever moves
an order forward, or into and out of cancellation. The rows in comments are those of the published mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crossdock.model import OrderStatus
from crossdock_anchanto_oms.statuses.words import END, PREPARING, OmsState

__all__ = ["DELIVERED", "PICKUP_RETRY", "Decision", "Standing", "decide"]

DELIVERED = "DELIVERED"
PICKUP_RETRY = "PICKUP_RETRY"
_S = OmsState


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order is in the OMS.

    Attributes:
        state: None when the OMS does not have it; a text for a state that we do not know.
        previous: the state before a cancellation was asked for.
        own_carrier: an integrated carrier of the OMS ships it.
        ready: it was Ready to Ship (a packed order may be or not).
        moved: something was picked.
    """

    state: OmsState | str | None
    previous: OmsState | str | None = None
    own_carrier: bool = False
    ready: bool = False
    moved: bool = False

    @property
    def is_preparing(self) -> bool:
        """Before Ready to Ship."""
        return self.state in PREPARING and not (self.state is _S.PACKED and self.ready)

    @property
    def is_ready(self) -> bool:
        """Ready to Ship, packed or not, and not in transit."""
        return self.state is _S.READY_TO_SHIP or (self.state is _S.PACKED and self.ready)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of it.

    Attributes:
        state: where it belongs; None keeps it where it is.
        hold: it must not be picked.
        sub_state: beside the state; empty for none.
        problem: what the seller should see; empty for none.
        blocked: why the OMS cannot follow by itself; empty when it can.
    """

    state: OmsState | None = None
    hold: bool = False
    sub_state: str = ""
    problem: str = ""
    blocked: str = ""


_KEEP = Decision()


def decide(status: OrderStatus, standing: Standing, *, retry: bool = False) -> Decision:
    """What the channel's `status` makes of an order.

    Args:
        status: of the order on the channel.
        standing: of the order in the OMS.
        retry: the channel's carrier did not get the parcel; it has to be arranged again.
    """
    if standing.state in END or _is_unknown(standing.state):
        return _KEEP
    if retry and status in (OrderStatus.OPEN, OrderStatus.ARRANGED):
        return _retried(standing)
    return _RULES[status](standing)


def _is_unknown(state: OmsState | str | None) -> bool:
    return state is not None and not isinstance(state, OmsState)


def _unpaid(now: Standing) -> Decision:  # row 10; a stale list must not pull an order back
    return Decision(_S.MP_UNPAID) if now.state is None else _KEEP


def _held(now: Standing) -> Decision:  # paid, and not to be picked yet
    if now.state in (None, _S.MP_UNPAID, _S.NEW):
        return Decision(_S.NEW, hold=True)
    return _KEEP


def _open(now: Standing) -> Decision:  # rows 1, 2, 3, 29
    if now.state in (None, _S.MP_UNPAID):
        return Decision(_S.NEW)
    return _withdrawn(now) if now.state is _S.CANCEL_IN_PROCESS else _KEEP


def _withdrawn(now: Standing) -> Decision:
    """The cancellation is off: back to where it was."""
    return Decision(now.previous) if isinstance(now.previous, OmsState) else Decision(blocked=_NO_PREVIOUS)


def _retried(now: Standing) -> Decision:
    if now.state is _S.CANCEL_IN_PROCESS:
        return _withdrawn(now)
    forward = now.state is None or now.state is _S.MP_UNPAID or now.is_preparing
    return Decision(_S.READY_TO_SHIP if forward else None, problem=PICKUP_RETRY)


def _arranged(now: Standing) -> Decision:  # rows 5, 30, 39
    if now.own_carrier and now.state in (_S.RFP, _S.PARTIAL):
        return _KEEP
    if now.is_ready or now.state is _S.IN_TRANSIT:
        return _KEEP
    return _forward(now, _S.READY_TO_SHIP)


def _shipped(
    now: Standing,
) -> Decision:  # rows 6, 32; with the OMS's carrier it only echoes what we pushed: rows 16, 31
    return _KEEP if now.own_carrier and now.is_ready else _forward(now, _S.IN_TRANSIT)


def _delivered(now: Standing) -> Decision:  # rows 17, 32
    found = _forward(now, _S.IN_TRANSIT)
    return Decision(found.state, sub_state="" if found.blocked else DELIVERED, blocked=found.blocked)


def _completed(now: Standing) -> Decision:  # row 7
    return _forward(now, _S.COMPLETE)


def _forward(now: Standing, to: OmsState) -> Decision:
    if now.state in _BY_PEOPLE:
        return Decision(blocked=f"{now.state} is left by people in the OMS only")
    if now.state in _FAILED or now.state is _S.CANCEL_BY_SELLER_IN_PROCESS:
        return _KEEP  # the planner or the warehouse decides
    if now.state is _S.CANCEL_IN_PROCESS and not isinstance(now.previous, OmsState):
        return Decision(blocked=_NO_PREVIOUS)
    return Decision(to)


def _cancelling(now: Standing) -> Decision:  # row 9
    if now.state in _FAILED or now.state in (_S.MP_UNPAID, _S.REJECTION_IN_PROCESS, _S.CANCEL_BY_SELLER_IN_PROCESS):
        return _KEEP
    return Decision(_S.CANCEL_IN_PROCESS)


def _cancelled(now: Standing) -> Decision:  # rows 8, 33, and 34 while goods wait to be put away
    if now.state in _FAILED or now.state is _S.REJECTION_IN_PROCESS:
        return _KEEP
    if now.state is _S.CANCEL_BY_SELLER_IN_PROCESS:
        return _KEEP if now.moved else Decision(_S.CANCEL_BY_SELLER)
    if now.state is not _S.MP_UNPAID and (now.moved or now.state is _S.IN_TRANSIT):
        return Decision(_S.CANCEL_IN_PROCESS)
    return Decision(_S.CANCEL)


def _returning(now: Standing) -> Decision:  # returns have states of their own
    return Decision(_S.IN_TRANSIT) if now.state is None else _KEEP


def _unknown(_now: Standing) -> Decision:
    return Decision(blocked="the channel shows a status that its plugin does not know")


_NO_PREVIOUS = "the OMS does not say where the order was before its cancellation"
_BY_PEOPLE = frozenset({_S.APPROVAL_IN_PROCESS, _S.REJECTION_IN_PROCESS})
_FAILED = frozenset({_S.FAILED_DELIVERY_INITIATED, _S.FAILED_DELIVERY_PUTAWAY})
_RULES: Mapping[OrderStatus, Callable[[Standing], Decision]] = {
    OrderStatus.UNPAID: _unpaid,
    OrderStatus.HELD: _held,
    OrderStatus.OPEN: _open,
    OrderStatus.ARRANGED: _arranged,
    OrderStatus.PARTLY_SHIPPED: _arranged,
    OrderStatus.SHIPPED: _shipped,
    OrderStatus.DELIVERED: _delivered,
    OrderStatus.COMPLETED: _completed,
    OrderStatus.CANCELLING: _cancelling,
    OrderStatus.CANCELLED: _cancelled,
    OrderStatus.RETURNING: _returning,
    OrderStatus.UNKNOWN: _unknown,
}
