"""The published mapping as data: which pairs of statuses go together. Pure, but for reading its own file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from crossdock.model import OrderStatus, ReturnStatus

__all__ = ["ORDER_WORDS", "RETURN_WORDS", "Row", "cited", "rows"]

_O, _R = OrderStatus, ReturnStatus
_UNSUPPORTED = frozenset({"No Supported", "Not Supported"})

ORDER_WORDS: Mapping[str, frozenset[OrderStatus]] = {
    "Unpaid": frozenset({_O.UNPAID}),
    "Ready_to_ship": frozenset({_O.OPEN}),
    "Processed": frozenset({_O.ARRANGED}),
    "Shipped": frozenset({_O.SHIPPED}),
    "To_Confirm_receive": frozenset({_O.DELIVERED}),
    "Completed": frozenset({_O.COMPLETED}),
    "In_Cancel": frozenset({_O.CANCELLING}),
    "Cancelled": frozenset({_O.CANCELLED}),
    "To_ship": frozenset({_O.OPEN, _O.ARRANGED}),  # a tab of the Seller Center, not a status
    "Shipping": frozenset({_O.SHIPPED, _O.DELIVERED}),  # likewise
}
"""The page's word for an order on the channel, to what our model calls it."""

RETURN_WORDS: Mapping[str, frozenset[ReturnStatus]] = {
    "Return Requested": frozenset({_R.REQUESTED}),
    "Requested": frozenset({_R.REQUESTED}),
    "Return_accepted": frozenset({_R.ACCEPTED}),
    "Accepted": frozenset({_R.ACCEPTED}),
    "Return_Cancelled": frozenset({_R.CANCELLED}),
    "Cancelled": frozenset({_R.CANCELLED}),  # the entity decides: a cancelled order is another matter
    "Return_closed": frozenset({_R.CLOSED}),
    "Closed": frozenset({_R.CLOSED}),
    "Return_refund_paid": frozenset({_R.REFUNDED}),
}
"""The same for returns."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the page.

    Attributes:
        number: from 1, in the page's order.
        table: ``T1``, ``T2`` or ``T3``.
        oms: the left cell, verbatim.
        channel: the right cell, verbatim.
        entity: ``order`` or ``return``.
        state: our name of the OMS status.
        mode: the logistics mode in which the row holds, or ``any``.
    """

    number: int
    table: str
    oms: str
    channel: str
    entity: str
    state: str
    mode: str

    @property
    def is_supported(self) -> bool:
        """False where the channel has no counterpart."""
        return self.channel not in _UNSUPPORTED


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """All rows, in order."""
    text = (resources.files(__package__) / "krsc_rows.toml").read_text(encoding="utf-8")
    return tuple(Row(**row) for row in tomllib.loads(text)["row"])


def cited(state: str, status: OrderStatus | ReturnStatus, *, mode: str = "any") -> str:
    """Which rows say that this state of the OMS goes with this status of the channel, such as ``rows 8, 33``.

    Args:
        state: our name of the OMS status.
        status: of an order or of a return on the channel.
        mode: the logistics mode of the order; returns have none.
    """
    words: Mapping[str, frozenset[OrderStatus]] | Mapping[str, frozenset[ReturnStatus]]
    entity, words = ("order", ORDER_WORDS) if isinstance(status, OrderStatus) else ("return", RETURN_WORDS)
    numbers = [
        str(row.number)
        for row in rows()
        if (row.entity, row.state) == (entity, state)
        and status in words.get(row.channel, ())
        and row.mode in ("any", mode)
    ]
    if not numbers:
        return "no row of the mapping"
    return f"row{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
