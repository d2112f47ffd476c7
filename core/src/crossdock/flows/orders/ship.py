"""Rules for shipping: arranging parcels, tracking numbers, labels."""

from __future__ import annotations

from crossdock.flows.options import PartialPosting
from crossdock.flows.orders.plan import ACCEPTED, Case, Plan, Step, StepKind, conflict, do
from crossdock.flows.orders.states import Document, came_processed, document_state
from crossdock.model import Shipment, ShipmentStatus

_ARRANGEABLE = (ShipmentStatus.READY, ShipmentStatus.RETRY)
_TO_BE_TRACKED = (ShipmentStatus.ARRANGED, ShipmentStatus.SHIPPED)  # later there will be no number any more


def arrange(case: Case) -> Plan:
    """Arrange the shipment of each parcel, if process_order is on; parcels that are arranged get their numbers."""
    posted, why = posted_for(case), "posted in the backend"
    ready = [parcel for parcel in case.order.shipments if _arranges(case) and _is_arrangeable(case, parcel)]
    steps = [_arrange(case, parcel, next(iter(posted.get(parcel.id, ())), ""), why) for parcel in ready]
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
    """Write tracking numbers, fetch labels, arrange again what failed; a conflict if a number has no shipment."""
    steps = [*_rearrange(case), *_tracking(case), *_labels(case)]
    if steps:
        return do(steps[0].why, *steps)
    if document_state(case.pair) is Document.POSTED and (asked := _homeless(case)):
        return asked
    if _is_unnumbered(case):
        return Plan("arranged: the carrier has not issued a tracking number yet", waits=True)
    return Plan("both sides agree")


def posted_for(case: Case) -> dict[str, tuple[str, ...]]:
    """Parcel to the posted shipments that are in it.

    A single parcel holds all of them. Of several, each has the shipment of the same lines; the last one left has the
    last one left. Where a side does not tell lines they go in order, when the counts agree. Nothing else is guessed.
    """
    parcels, rest = case.order.shipments, _with_goods(case)
    if len(parcels) == 1:
        return {parcels[0].id: tuple(shipment.id for shipment in rest)} if rest else {}
    found: dict[str, tuple[str, ...]] = {}
    for parcel in parcels:
        same = [shipment for shipment in rest if parcel.lines and _lines(shipment) == _lines(parcel)]
        if same:
            found[parcel.id] = (same[0].id,)
            rest.remove(same[0])
    left = [parcel for parcel in parcels if parcel.id not in found]
    untold = not all(parcel.lines for parcel in left) or not all(shipment.lines for shipment in rest)
    if len(left) == len(rest) and (untold or len(left) == 1):
        found |= {parcel.id: (shipment.id,) for parcel, shipment in zip(left, rest, strict=True)}
    return found


def _with_goods(case: Case) -> list[Shipment]:
    """The backend's shipments, but for those that hold only a fee where others hold goods."""
    shipments = list(case.document.shipments) if case.document else []
    return [shipment for shipment in shipments if shipment.lines] or shipments


def _homeless(case: Case) -> Plan | None:
    """Ask a person whose numbers go where, once all is posted; None when every number has its shipment."""
    posted = posted_for(case)
    parcels = [
        parcel
        for parcel in case.order.shipments
        if parcel.tracking_number and parcel.status is not ShipmentStatus.CANCELLED and parcel.id not in posted
    ]
    shipments = [shipment.id for shipment in _with_goods(case)]
    if not parcels or not shipments or "push_tracking" not in case.policy.backend:
        return None
    numbers = ", ".join(f"{parcel.tracking_number} of parcel {parcel.id}" for parcel in parcels)
    found = conflict(
        "parcels-and-shipments",
        f"the channel sends {len(case.order.shipments)} parcels, the backend posted {', '.join(shipments)}, and they"
        f" do not hold the same goods: there is no shipment for {numbers}",
        "write the tracking numbers on the posted shipments by hand, then parked drop",
        reference=f"parcels-and-shipments:{','.join(parcel.tracking_number for parcel in parcels)}",
    )
    accepted = found.conflict is not None and case.pair.is_done(ACCEPTED, found.conflict.reference)
    return None if accepted else found


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
    """One attempt for each failed pick-up: the channel goes on showing the failure for a while after the new one."""
    failed = parcel.status is ShipmentStatus.RETRY
    attempt = f"retry {case.order.updated_at:%Y%m%d%H%M%S}" if failed and case.order.updated_at else "1"
    return Step(StepKind.ARRANGE, f"{parcel.id}#{attempt}", why, parcel.id, posted_id)


def _rearrange(case: Case) -> list[Step]:
    """Parcels that are not arranged though the order as a whole is, where their goods are posted."""
    if not _arranges(case):
        return []
    posted = posted_for(case)
    waiting = [p for p in case.order.shipments if _is_arrangeable(case, p) and p.id in posted]
    return [_arrange(case, parcel, posted[parcel.id][0], "its goods are posted in the backend") for parcel in waiting]


def _tracking(case: Case) -> list[Step]:
    if "push_tracking" not in case.policy.backend or case.document is None:
        return []
    posted = posted_for(case)
    known = {shipment.id: shipment.tracking_number for shipment in case.document.shipments}
    return [
        Step(
            StepKind.TRACKING,
            f"{target}:{parcel.tracking_number}",
            f"tracking number {parcel.tracking_number} is not on the backend's shipment {target}",
            parcel.id,
            target,
        )
        for parcel in case.order.shipments
        for target in posted.get(parcel.id, ())
        if parcel.tracking_number and known[target] != parcel.tracking_number
    ]


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
