"""Rules for cancelling some lines, or some of a line, while the rest of the order goes on.

A side may not show what was cancelled of a line. What it was told counts as well, so nothing is told twice: the
reference of a partial cancellation says how much of which lines is cancelled altogether.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from crossdock.flows.orders.cancel import cancel_whole
from crossdock.flows.orders.plan import ACCEPTED, Case, Plan, Step, StepKind, conflict, do
from crossdock.ledger import StepState
from crossdock.model import Order

Quantities = Mapping[str, Decimal]

_NONE = Decimal(0)
_AT_ONCE = 3
"""Lines in one step, so that its reference stays short; the others follow when it is done."""
_PART = re.compile(r"([^;=]+)=(\d+(?:\.\d+)?)")


def cancel_parts(case: Case) -> Plan | None:
    """Cancel on the other side what only one side cancelled of the lines; None when both cancelled the same.

    A backend that mirrors the channel is told by its updates.
    """
    if case.document is None or "update_order" in case.policy.backend:
        return None
    on_channel = _cancelled(case, case.order, StepKind.CANCEL_ON_CHANNEL)
    in_backend = _cancelled(case, case.document, StepKind.CANCEL_DOCUMENT)
    if missing := _more(on_channel, in_backend):
        return _unless_accepted(case, _in_document(case, _totals(missing, on_channel), missing))
    sold = {line.id for line in case.order.lines}
    missing = _more({line: quantity for line, quantity in in_backend.items() if line in sold}, on_channel)
    if not missing:
        return None
    if all(in_backend.get(line.id, _NONE) >= line.quantity for line in case.order.lines):
        return cancel_whole(case)
    return _unless_accepted(case, _on_channel(case, _totals(missing, in_backend), missing))


def parts_of(reference: str) -> dict[str, Decimal]:
    """Line to the quantity that is cancelled altogether, as the reference of a partial cancellation says it."""
    return {line: Decimal(quantity) for line, quantity in _PART.findall(reference)}


def _unless_accepted(case: Case, found: Plan | None) -> Plan | None:
    """The rest of the order goes on when a person left the part as it is."""
    accepted = found is not None and found.conflict and case.pair.is_done(ACCEPTED, found.conflict.reference)
    return None if accepted else found


def _in_document(case: Case, wanted: Quantities, missing: Quantities) -> Plan:
    forbidden = case.document is not None and case.document.can_cancel is False
    if forbidden or "cancel_order" not in case.policy.backend:
        return conflict(
            "part-cancelled-on-channel",
            f"the channel cancelled a part ({_spoken(wanted)}), and the backend does not let it be cancelled",
            "cancel the part in the backend by hand, or take the goods back",
            "parked drop to leave it as it is",
            reference=f"part-cancelled-on-channel:{_reference(wanted)}",
        )
    why = f"the channel cancelled a part: {_spoken(wanted)}"
    return do(why, Step(StepKind.CANCEL_DOCUMENT, _reference(wanted), why, quantities=missing))


def _on_channel(case: Case, wanted: Quantities, missing: Quantities) -> Plan | None:
    if not case.policy.options.cancel_on_channel:
        return None  # the rest of the order goes on
    if "cancel_order" not in case.policy.channel or not case.order.can_cancel_partly:
        return conflict(
            "part-cancelled-in-backend",
            f"the backend cancelled a part ({_spoken(wanted)}), and the channel cancels this order only as a whole",
            "cancel the part, or refund it, on the channel by hand, then parked drop",
            "cancel the whole document",
            reference=f"part-cancelled-in-backend:{_reference(wanted)}",
        )
    why = f"the backend cancelled a part: {_spoken(wanted)}"
    return do(why, Step(StepKind.CANCEL_ON_CHANNEL, _reference(wanted), why, quantities=missing))


def _cancelled(case: Case, side: Order, told: StepKind) -> dict[str, Decimal]:
    """What is cancelled of each line on a side: what it shows, or what it was told if that is more."""
    found = {line.id: line.cancelled_quantity for line in side.lines if line.cancelled_quantity > 0}
    for step in case.pair.steps.values():
        if step.kind == told and step.state is StepState.DONE:
            for line, quantity in parts_of(step.reference).items():
                found[line] = max(found.get(line, _NONE), quantity)
    return found


def _totals(missing: Quantities, cancelled: Quantities) -> dict[str, Decimal]:
    return {line: cancelled[line] for line in missing}


def _more(ours: Quantities, theirs: Quantities) -> dict[str, Decimal]:
    """By how much more is cancelled here than there, of the first few lines that differ."""
    gaps = {line: quantity - theirs.get(line, _NONE) for line, quantity in sorted(ours.items())}
    return dict([(line, gap) for line, gap in gaps.items() if gap > 0][:_AT_ONCE])


def _reference(quantities: Quantities) -> str:
    return ";".join(f"{line}={quantity.normalize():f}" for line, quantity in quantities.items())


def _spoken(quantities: Quantities) -> str:
    return ", ".join(f"{quantity.normalize():f} of line {line}" for line, quantity in quantities.items())
