"""Which single move brings an order nearer to where it belongs. Pure.

The OMS takes one legal move at a time; whoever was cancelled comes back to where it was before it goes on.
"""

from __future__ import annotations

from crossdock_anchanto_oms.statuses.inbound import Standing
from crossdock_anchanto_oms.statuses.words import OmsState

__all__ = ["next_move"]

_S = OmsState
_LADDER = (_S.READY_TO_SHIP, _S.IN_TRANSIT, _S.COMPLETE)


def next_move(now: Standing, to: OmsState) -> OmsState | None:
    """The next move of an order towards `to`; None when it is there, or past it."""
    if now.state is to:
        return None
    if to not in _LADDER and to is not _S.NEW:
        return to
    if now.state is _S.CANCEL_IN_PROCESS:
        return now.previous if isinstance(now.previous, OmsState) else None
    if now.state is _S.MP_UNPAID:
        return _S.NEW
    step = _rung(now)
    return _LADDER[step] if to in _LADDER[step:] else None


def _rung(now: Standing) -> int:
    """How far up the ladder it is: the number of the step that comes next."""
    if now.state is _S.IN_TRANSIT:
        return 2
    return 1 if now.is_ready else 0
