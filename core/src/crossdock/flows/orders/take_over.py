"""Rules for taking an order over: creating the document, posting it, keeping it like the channel's order."""

from __future__ import annotations

from crossdock.flows.orders.plan import Case, Plan, Step, StepKind, conflict, do
from crossdock.flows.orders.states import Channel, came_processed, channel_state, content, shown


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
    more_follows = mirrors(case) or channel_state(case.order.status) is Channel.PROCESSED
    return do(why, Step(StepKind.CREATE, case.pair.key, why, again=more_follows))


def create_processed(case: Case) -> Plan:
    """Create the document if the order was open when first seen, or if create_fulfilled_orders is on."""
    if came_processed(case.pair) and not (case.policy.options.create_fulfilled_orders or mirrors(case)):
        return Plan("processed on the channel before it was first seen, and create_fulfilled_orders is off")
    return create(case)


def compare(case: Case) -> Plan:
    """Wait for the backend to post it; a conflict if what was bought has changed since."""
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
    reference = shown(case.order)
    if case.pair.is_done(StepKind.UPDATE, reference):
        return None
    why = f"the channel shows {case.order.vendor_status}"
    return do(why, Step(StepKind.UPDATE, reference, why))
