"""Rules for shipping: arranging parcels, tracking numbers, labels."""

from __future__ import annotations

from crossdock.flows.options import PartialPosting
from crossdock.flows.orders.plan import Case, Plan, Step, StepKind, conflict, do
from crossdock.flows.orders.states import came_processed
from crossdock.model import Shipment, ShipmentStatus

_ARRANGEABLE = (ShipmentStatus.READY, ShipmentStatus.RETRY)
_TO_BE_TRACKED = (ShipmentStatus.ARRANGED, ShipmentStatus.SHIPPED)  # later there will be no number any more


def arrange(case: Case) -> Plan:
    """Arrange the shipment of each parcel, if process_order is on; parcels that are arranged get their numbers."""
    posted, why = posted_for(case), "posted in the backend"
    ready = [parcel for parcel in case.order.shipments if _arranges(case) and _is_arrangeable(case, parcel)]
    steps = [_arrange(case, parcel, posted.get(parcel.id, ""), why) for parcel in ready]
    steps += [*_tracking(case), *_labels(case)]
    if steps:
        return do(steps[0].why, *steps)
    if not _arranges(case):
        off = "posted in the backend, and process_order is off or not for this channel"
        return Plan(off, waits=_is_unnumbered(case))
    return Plan("posted in the backend: the channel has no parcel ready to be arranged yet", waits=True)


def arrange_part(case: Case) -> Plan:
    """Arrange the parcels whose goods are posted; with a single parcel wait or park, as partial_posting says."""
    split = len(case.order.shipments) > 1
    steps = [*(_rearrange(case) if split else ()), *_tracking(case), *_labels(case)]
    if steps:
        return do(steps[0].why, *steps)
    waits = _is_unnumbered(case)
    if not _arranges(case):
        return Plan("posted in part in the backend, and process_order is off or not for this channel", waits=waits)
    if split or case.policy.options.partial_posting is PartialPosting.WAIT:
        return Plan("posted in part in the backend: waiting for the rest", waits=waits)
    return conflict(
        "posted-partly",
        "posted in part in the backend, but the channel has one parcel for all of it",
        "post or cancel the rest in the backend",
        "split the order on the channel",
    )


def follow(case: Case) -> Plan:
    """Write tracking numbers that the backend lacks, fetch labels, arrange again what was not picked up."""
    steps = [*_rearrange(case), *_tracking(case), *_labels(case)]
    if steps:
        return do(steps[0].why, *steps)
    if _is_unnumbered(case):
        return Plan("arranged: the carrier has not issued a tracking number yet", waits=True)
    return Plan("both sides agree")


def posted_for(case: Case) -> dict[str, str]:
    """Parcel to posted shipment: by their lines where both sides tell them, else in order when the counts agree.

    No posted shipment belongs to two parcels: they would overwrite each other's tracking number for ever.
    """
    parcels = case.order.shipments
    rest = list(case.document.shipments) if case.document else []
    found: dict[str, str] = {}
    for parcel in parcels:
        same = [shipment for shipment in rest if parcel.lines and _lines(shipment) == _lines(parcel)]
        if same:
            found[parcel.id] = same[0].id
            rest.remove(same[0])
    left = [parcel for parcel in parcels if parcel.id not in found]
    if len(left) == len(rest) or (len(parcels) == 1 and rest):
        found |= {parcel.id: shipment.id for parcel, shipment in zip(left, rest, strict=False)}
    return found


def _arranges(case: Case) -> bool:
    return case.policy.options.process_order and "arrange_shipment" in case.policy.channel


def _is_arrangeable(case: Case, parcel: Shipment) -> bool:
    """What somebody else arranged before a backfill found it is theirs to arrange again."""
    begun = parcel.status is ShipmentStatus.RETRY or came_processed(case.pair)
    ours = not case.pair.historical or case.pair.is_done(StepKind.ARRANGE, f"{parcel.id}#1")
    return parcel.status in _ARRANGEABLE and (ours or not begun)


def _is_unnumbered(case: Case) -> bool:
    """Whether a tracking number is still to come, which no change announces."""
    return any(parcel.status in _TO_BE_TRACKED and not parcel.tracking_number for parcel in case.order.shipments)


def _lines(shipment: Shipment) -> frozenset[tuple[str, str]]:
    return frozenset((line.line_id, f"{line.quantity.normalize():f}") for line in shipment.lines)


def _arrange(case: Case, parcel: Shipment, posted_id: str, why: str) -> Step:
    """Each new attempt after a failed pick-up has a reference of its own."""
    attempt = 1
    while parcel.status is ShipmentStatus.RETRY and case.pair.is_done(StepKind.ARRANGE, f"{parcel.id}#{attempt}"):
        attempt += 1
    return Step(StepKind.ARRANGE, f"{parcel.id}#{attempt}", why, parcel.id, posted_id)


def _rearrange(case: Case) -> list[Step]:
    """Parcels that are not arranged though the order as a whole is, where their goods are posted."""
    if not _arranges(case):
        return []
    posted = posted_for(case)
    waiting = [p for p in case.order.shipments if _is_arrangeable(case, p) and p.id in posted]
    return [_arrange(case, parcel, posted[parcel.id], "its goods are posted in the backend") for parcel in waiting]


def _tracking(case: Case) -> list[Step]:
    if "push_tracking" not in case.policy.backend or case.document is None:
        return []
    posted = posted_for(case)
    known = {shipment.id: shipment.tracking_number for shipment in case.document.shipments}
    steps = []
    for parcel in case.order.shipments:
        target = posted.get(parcel.id, "")
        if target and parcel.tracking_number and known[target] != parcel.tracking_number:
            why = f"tracking number {parcel.tracking_number} is not on the backend's shipment {target}"
            reference = f"{target}:{parcel.tracking_number}"
            steps.append(Step(StepKind.TRACKING, reference, why, parcel.id, target))
    return steps


def _labels(case: Case) -> list[Step]:
    if not case.policy.options.labels or "fetch_label" not in case.policy.channel:
        return []
    if case.pair.historical and came_processed(case.pair):
        return []  # having it printed is an act on the channel, and somebody has printed it there
    printable = [p for p in case.order.shipments if p.status is ShipmentStatus.ARRANGED and p.tracking_number]
    return [
        Step(StepKind.LABEL, f"{p.id}:{p.tracking_number}", f"parcel {p.id} is arranged", p.id, again=False)
        for p in printable
        if not case.pair.is_done(StepKind.LABEL, f"{p.id}:{p.tracking_number}")
    ]
