"""What a channel's return status makes of a return in the OMS. Pure, total, and the same answer when asked again.

The OMS approves and rejects nothing by itself: it shows what was decided on the marketplace.
"""

from __future__ import annotations

from dataclasses import dataclass

from crossdock.model import ReturnStatus
from crossdock_anchanto_oms.statuses.words import ReturnState

__all__ = ["WITHDRAWN", "ReturnDecision", "ReturnStanding", "decide_return", "next_return_move"]

WITHDRAWN = "WITHDRAWN_OR_REJECTED"
_S, _R = ReturnState, ReturnStatus
_END = frozenset({_S.RETURN_REJECTED, _S.RETURN_COMPLETED})
_UNDECIDED = frozenset({_R.IN_TRANSIT, _R.DISPUTED})


@dataclass(frozen=True, slots=True)
class ReturnStanding:
    """Where a return is in the OMS.

    Attributes:
        state: None when the OMS does not have it; a text for a state that we do not know.
        goods_expected: a parcel comes back.
        put_away: its goods are on the shelf again.
    """

    state: ReturnState | str | None
    goods_expected: bool = True
    put_away: bool = False

    @property
    def awaits_goods(self) -> bool:
        """Goods are to come and have not come."""
        return self.goods_expected and not self.put_away


@dataclass(frozen=True, slots=True)
class ReturnDecision:
    """Where a return belongs; None keeps it where it is."""

    state: ReturnState | None = None
    sub_state: str = ""


def decide_return(status: ReturnStatus, now: ReturnStanding, word: str = "") -> ReturnDecision:
    """What the channel's `status` makes of a return.

    Args:
        status: on the channel.
        now: in the OMS.
        word: the channel's own word, kept beside an undecided return.
    """
    known = now.state is None or isinstance(now.state, ReturnState)
    if now.state in _END or not known or status is _R.UNKNOWN:
        return ReturnDecision()
    first = _S.RETURN_INITIATED if now.state is None else None
    if status is _R.REQUESTED:  # rows 11, 35
        return ReturnDecision(first)
    if status in _UNDECIDED:  # must not look approved
        return ReturnDecision(first, word)
    if status is _R.ACCEPTED:  # rows 12, 36
        return ReturnDecision(None if now.state is _S.RETURN_PUTAWAY else _S.RETURN_APPROVED)
    if status in (_R.CANCELLED, _R.REJECTED):  # rows 13, 37
        return ReturnDecision(None if now.state is _S.RETURN_PUTAWAY else _S.RETURN_REJECTED, WITHDRAWN)
    # refunded or closed: rows 19, 14, 38; while goods are awaited they must not vanish from stock
    return ReturnDecision(_S.RETURN_PUTAWAY if now.awaits_goods else _S.RETURN_COMPLETED)


def next_return_move(now: ReturnStanding, to: ReturnState) -> ReturnState | None:
    """The next legal move towards `to`; None when it is there."""
    if now.state is to:
        return None
    if now.state is _S.RETURN_INITIATED and to is not _S.RETURN_REJECTED:
        return _S.RETURN_APPROVED
    return to
