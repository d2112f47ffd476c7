"""What a state of the OMS asks of the channel: an action, never a status, read back afterwards. Pure and total.

The table says what may be done; whether it is done, and how, the planner and the channel's plugin decide.
"""

from __future__ import annotations

from enum import StrEnum

from crossdock.model import OrderStatus
from crossdock_anchanto_oms.statuses.words import CANCELLED, OmsState, ReturnState

__all__ = ["Action", "action_for", "read_back"]

_S, _O = OmsState, OrderStatus


class Action(StrEnum):
    """What to do on the channel."""

    NOTHING = "nothing"
    ARRANGE = "arrange the shipment"
    ARRANGE_AGAIN = "arrange the shipment again"
    CANCEL = "cancel the order"
    TELL = "tell a person: the channel does not let it go"


def action_for(
    state: OmsState | ReturnState | str, status: OrderStatus, *, retry: bool = False, push_cancel: bool = False
) -> Action:
    """What to do on a channel that shows `status` once the OMS shows `state`.

    Args:
        state: of the order or return in the OMS.
        status: of the order on the channel.
        retry: the pick-up failed.
        push_cancel: the route says that cancellations of the seller are carried to the channel.
    """
    if state == _S.READY_TO_SHIP:  # rows 5 and 31
        if status in _BLOCKS:
            return Action.TELL
        if retry:
            return Action.ARRANGE_AGAIN
        return Action.ARRANGE if status is _O.OPEN else Action.NOTHING
    if state in CANCELLED and push_cancel and status in (_O.UNPAID, _O.HELD, _O.OPEN):  # else rows 18 and 28
        return Action.CANCEL
    return Action.NOTHING  # every other row: the channel has no call that sets a status


def read_back(*, own_carrier: bool) -> OrderStatus:
    """What the channel shows once a shipment was arranged: row 5, or row 31 with a carrier of the OMS."""
    return _O.SHIPPED if own_carrier else _O.ARRANGED


_BLOCKS = frozenset({_O.UNPAID, _O.HELD, _O.CANCELLING, _O.CANCELLED, _O.RETURNING, _O.UNKNOWN})
