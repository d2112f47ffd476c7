"""Rules for taking an order over: creating the document, posting it, keeping it like the channel's order."""

from __future__ import annotations

from crossdock.flows.orders.cancel import answer_wish
from crossdock.flows.orders.plan import Case, Plan, Step, StepKind, conflict, do
from crossdock.flows.orders.states import (
    Channel,
    came_processed,
    channel_state,
    content,
    content_of_texts,
    shown,
    shown_return,
)
from crossdock.ledger import StepState


def create(case: Case) -> Plan:
    """Create the document."""
    if case.order.imbalance:
        return conflict(
            "totals",
            f"the buyer paid {case.order.total}, but lines, charges and discounts add up to"
            f" {case.order.explained_total}",
            "look at the order on the channel, then parked retry",
            reference=f"totals:{content(case.order)}",
        )
    why = f"{case.order.vendor_status} on the channel, no document in the backend"
    partly_cancelled = any(line.cancelled_quantity for line in case.order.lines)  # it is made whole, then cut
    more_follows = partly_cancelled or mirrors(case) or channel_state(case.order.status) is Channel.PROCESSED
    return do(why, Step(StepKind.CREATE, case.pair.key, why, again=more_follows))


def create_waiting(case: Case) -> Plan:
    """Create the document only if the backend follows the channel's status, with create_unpaid on or as history."""
    if (case.policy.options.create_unpaid or case.pair.historical) and mirrors(case):
        return create(case)
    return Plan("it is not paid yet, or held by the channel")


def create_processed(case: Case) -> Plan:
    """Create the document if the order was open when first seen, or if create_fulfilled_orders is on."""
    if came_processed(case.pair) and not (case.policy.options.create_fulfilled_orders or mirrors(case)):
        return Plan("processed on the channel before it was first seen, and create_fulfilled_orders is off")
    return create(case)


def create_cancelled(case: Case) -> Plan:
    """Nothing; of history, create the document for the record if the backend follows the channel's status."""
    if case.pair.historical and mirrors(case):
        return create(case)
    return Plan("cancelled on the channel before it was taken over")


def create_wished(case: Case) -> Plan:
    """Answer the buyer's wish to cancel; of history, create the document if the backend follows the status."""
    return create(case) if case.pair.historical and mirrors(case) else answer_wish(case)


def compare(case: Case) -> Plan:
    """Wait for the backend to post it; a conflict if what was bought has changed since, or the backend has problems."""
    created = case.pair.steps.get(f"{StepKind.CREATE}:{case.pair.key}")
    now = content(case.order)
    if created is not None and created.result not in ("", now):
        return conflict(
            "changed-after-creation",
            "lines, quantities, prices or shipping changed on the channel after the document was created",
            "bring the document in line by hand, then parked drop",
            "cancel it on one side",
            reference=f"changed-after-creation:{now}",
        )
    if case.document is not None and case.document.problems:
        return conflict(
            "backend-problem",
            f"the backend cannot go on with it: {'; '.join(case.document.problems)}",
            "mend it in the backend; it goes on by itself",
            reference=f"backend-problem:{content_of_texts(case.document.problems)}",
        )
    return Plan("open on both sides: the backend is to post it")


def post(case: Case) -> Plan:
    """Post the document if the order came in processed and create_fulfilled_orders is on; else wait for it."""
    wanted = case.policy.options.create_fulfilled_orders and came_processed(case.pair)
    if wanted and "post_order" in case.policy.backend:
        why = "processed on the channel before it was first seen, so the document is posted"
        return do(why, Step(StepKind.POST, case.pair.key, why))
    return Plan("arranged on the channel: the backend is still to post it")


def mirrors(case: Case) -> bool:
    """Whether the backend has a status machine of its own that follows the channel's."""
    return "update_order" in case.policy.backend


def mirror(case: Case) -> Plan | None:
    """Bring a mirroring backend up to date; None when it is, or when the backend is none."""
    if not mirrors(case) or not case.pair.document_id:
        return None
    now = shown(case.order)
    told, times = _told(case)
    if told == now:
        return None
    why = f"the channel shows {case.order.vendor_status}"
    return do(why, Step(StepKind.UPDATE, f"{now}#{times + 1}", why))


def tell_returns(case: Case) -> Plan | None:
    """Bring a backend that takes returns to what the channel shows of them; None when it knows."""
    if "push_return" not in case.policy.backend or case.document is None:
        return None
    steps = []
    for returned in case.pair.returns:
        reference = f"{returned.id}:{shown_return(returned)}"
        if not case.pair.is_done(StepKind.RETURN, reference):
            why = f"the channel shows return {returned.id} as {returned.vendor_status}"
            steps.append(Step(StepKind.RETURN, reference, why, return_id=returned.id, again=False))
    return do(steps[0].why, *steps) if steps else None


def _told(case: Case) -> tuple[str, int]:
    """What the backend was told last, and how often it was told: the channel may come back to what it showed before."""
    steps = case.pair.steps.values()
    done = [step.reference for step in steps if step.kind == StepKind.UPDATE and step.state is StepState.DONE]
    numbered = [
        (int(number) if number.isdecimal() else 0, told) for told, _, number in (r.partition("#") for r in done)
    ]
    times, told = max(numbered, default=(0, ""))
    return told, times
