"""Rules for cancelling, either way, and for a buyer's wish to cancel."""

from __future__ import annotations

from crossdock.flows.options import CancellationWish
from crossdock.flows.orders.plan import Case, Plan, Step, StepKind, conflict, do
from crossdock.flows.orders.states import Channel, channel_state
from crossdock.model import OrderStatus


def answer_wish(case: Case) -> Plan:
    """Ask a person, or answer the buyer's wish to cancel, as buyer_cancellation says."""
    wish = case.policy.options.buyer_cancellation
    if case.pair.historical and case.pair.first_status == OrderStatus.CANCELLING:
        return _ask_about_wish(case, "the buyer asked to cancel before the order was first seen")
    if wish is CancellationWish.ASK:
        return _ask_about_wish(case, "the buyer asks to cancel")
    return _answer(case, f"the buyer asks to cancel, and buyer_cancellation is {wish.value}", wish)


def accept_wish(case: Case) -> Plan:
    """Accept the buyer's wish to cancel: the backend has cancelled already; a conflict if a part was posted before."""
    if case.document is not None and case.document.shipments:
        return conflict(
            "wish-after-posting",
            "the buyer asks to cancel, and the backend cancelled after a part of it was posted",
            "reject it on the channel",
            "accept it on the channel and take the goods back",
        )
    return _answer(case, "the buyer asks to cancel, and the backend has cancelled", CancellationWish.ACCEPT)


def _answer(case: Case, why: str, answer: CancellationWish) -> Plan:
    if "answer_cancellation" not in case.policy.channel:
        return _ask_about_wish(case, f"{why}, but the channel takes no answer from here")
    reference = f"{answer.value}:{case.order.updated_at:%Y%m%d%H%M%S}" if case.order.updated_at else answer.value
    return do(why, Step(StepKind.ANSWER_WISH, reference, why, accept=answer is CancellationWish.ACCEPT))


def _ask_about_wish(case: Case, reason: str) -> Plan:
    return conflict(
        "cancellation-wish",
        reason,
        "accept or reject it on the channel",
        "set buyer_cancellation to accept or reject",
        reference=f"cancellation-wish:{case.order.updated_at}",
    )


def cancel_document(case: Case) -> Plan:
    """Cancel the document."""
    forbidden = case.document is not None and case.document.can_cancel is False
    if forbidden or "cancel_order" not in case.policy.backend:
        return conflict(
            "cancelled-too-late",
            "cancelled on the channel, and the backend no longer lets the document be cancelled",
            "cancel or finish the document in the backend by hand",
            "parked drop to leave it as it is",
        )
    why = "cancelled on the channel"
    return do(why, Step(StepKind.CANCEL_DOCUMENT, case.pair.key, why))


def both_cancelled(case: Case) -> Plan:
    """Nothing: both sides agree that it is cancelled; a conflict if a part was posted before."""
    if case.document is None or not case.document.shipments:
        return Plan("both sides agree that it is cancelled")
    return conflict(
        "cancelled-after-posting",
        "cancelled on both sides, but a part of it was posted in the backend before",
        "take the goods back and post a return in the backend, then parked drop",
    )


def cancel_on_channel(case: Case) -> Plan:
    """Cancel the order on the channel, if cancel_on_channel is on and nothing of it was posted."""
    if case.document is not None and case.document.shipments:
        return conflict(
            "cancelled-partly-posted",
            "cancelled in the backend, but a part of it (goods or a fee) was posted there",
            "decide with the buyer, then cancel or ship the rest by hand",
        )
    if not case.policy.options.cancel_on_channel:
        return Plan("cancelled in the backend, and cancel_on_channel is off")
    if "cancel_order" not in case.policy.channel or case.order.can_cancel is False:
        return conflict(
            "channel-cannot-cancel",
            "cancelled in the backend, and the channel does not let it be cancelled",
            "cancel it on the channel by hand",
            "parked drop to leave it as it is",
        )
    why = "cancelled in the backend"
    return do(why, Step(StepKind.CANCEL_ON_CHANNEL, case.pair.key, why))


def cancel_processed(case: Case) -> Plan:
    """Cancel on the channel while it is only arranged; a conflict once it has left."""
    if case.order.status is OrderStatus.ARRANGED:
        return cancel_on_channel(case)
    return conflict(
        "cancelled-after-shipping",
        "cancelled in the backend, but it has left on the channel",
        "decide with the buyer (a return)",
        "parked drop to leave it as it is",
    )


def cancel_whole(case: Case) -> Plan:
    """Cancel on the channel what the backend cancelled line by line until no goods were left."""
    processed = channel_state(case.order.status) is Channel.PROCESSED
    return cancel_processed(case) if processed else cancel_on_channel(case)
