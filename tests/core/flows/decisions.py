"""Every decision of the planner with its words, and the cases that lead to it: the page `decisions.txt`.

What people read in `plan`, in the timeline and among parked items is as much behaviour as the steps are. After a change
that is meant, `python -m tests.core.flows.decisions` writes the page anew, and its diff shows what people will read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path

from crossdock.flows.options import CancellationWish, PartialPosting
from crossdock.flows.orders.plan import Plan, Policy
from crossdock.flows.orders.states import shown
from crossdock.flows.orders.table import plan, rows
from crossdock.ledger import Pair, StepRecord, StepState
from crossdock.model import Money, OrderStatus, Return, ReturnStatus
from tests.core.flows.cases import (
    BACKEND_VERBS,
    CHANNEL_VERBS,
    DOCUMENT,
    T0,
    document,
    line,
    order,
    pair,
    parcel,
    policy,
)

PAGE = Path(__file__).with_name("decisions.txt")
STATUSES = [OrderStatus.UNPAID, OrderStatus.OPEN, OrderStatus.CANCELLING, OrderStatus.ARRANGED, OrderStatus.SHIPPED]
ENDS = [OrderStatus.CANCELLED, OrderStatus.UNKNOWN]
POSTED = parcel("102042", "shipped")
DOCUMENTS = {
    "no document": {},
    "a deleted document": {"document_id": DOCUMENT, "document_gone": True},
    "an unread document": {"document_id": DOCUMENT},
    "an open document": {"backend": document("open")},
    "a locked document": {"backend": document("open", can_cancel=False)},
    "a document with problems": {"backend": document("open", problems=("no such item", "no such store"))},
    "a partly posted document": {"backend": document("partly_shipped", POSTED)},
    "a posted document": {"backend": document("shipped", POSTED)},
    "a cancelled document": {"backend": document("cancelled")},
    "a cancelled document of which a part was posted": {"backend": document("cancelled", POSTED)},
    "a document of an unknown status": {"backend": document("unknown")},
}
POLICIES = {
    "by default": policy(),
    "all on": policy(
        create_fulfilled_orders=True,
        create_unpaid=True,
        buyer_cancellation=CancellationWish.ACCEPT,
        partial_posting=PartialPosting.CONFLICT,
        labels=True,
    ),
    "all off": policy(process_order=False, cancel_on_channel=False, buyer_cancellation=CancellationWish.REJECT),
    "where neither side takes anything": policy(
        channel=(), backend=("push_order",), buyer_cancellation=CancellationWish.ACCEPT
    ),
    "where the backend mirrors": policy(backend=BACKEND_VERBS | {"update_order"}),
}


def cases() -> Iterator[tuple[str, Pair, Policy]]:
    """Both sides and the policy, with a name for each."""
    for status, (name, sides), (way, chosen) in product([*STATUSES, *ENDS], DOCUMENTS.items(), POLICIES.items()):
        for first in ("", "history: "):
            made = pair(_channel(status), **sides, historical=bool(first))
            yield f"{first}{status.value}, {name}, {way}", made, chosen
    yield from _parcels()
    yield from _posted_in_part()
    yield from _parts()
    yield from _changes()
    yield from _told_before()
    yield from _returns()


def _channel(status: OrderStatus) -> object:
    state = {OrderStatus.OPEN: "ready", OrderStatus.ARRANGED: "arranged", OrderStatus.SHIPPED: "shipped"}.get(status)
    return order(status.value, *([parcel(status=state, tracking="T1")] if state else []))


def _parcels() -> Iterator[tuple[str, Pair, Policy]]:
    posted = document("shipped", parcel("S1", "shipped", lines=("1",)), parcel("S2", "shipped", lines=("2",)))
    for status, *states in (
        ("open", "ready", "ready"),
        ("arranged", "arranged", "retry"),
        ("shipped", "shipped", "failed"),
    ):
        for lines in ((("1",), ("2",)), ((), ()), (("1",), ("1", "2"))):
            parcels = [
                parcel(f"P{n}", state, f"T{n}" if state != "ready" else "", lines=held)
                for n, (state, held) in enumerate(zip(states, lines, strict=True), 1)
            ]
            for way, chosen in POLICIES.items():
                yield (
                    f"{status}, parcels {states} with lines {lines}, {way}",
                    pair(order(status, *parcels), posted),
                    chosen,
                )
    unnumbered = order("arranged", parcel(status="arranged"))
    for name in ("an open document", "a partly posted document", "a posted document"):
        for way in ("by default", "all off"):
            yield f"arranged without a number, {name}, {way}", pair(unnumbered, **DOCUMENTS[name]), POLICIES[way]
    again = order("open", parcel(status="retry", tracking="T1"))
    yield "a failed pick-up", pair(again, document("shipped", POSTED)), policy()
    yield "a failed pick-up of history", pair(again, document("shipped", POSTED), historical=True), policy()
    mine = pair(again, document("shipped", POSTED), historical=True, done=["arrange:P1#1"])
    yield "a failed pick-up of history that we arranged", mine, policy()
    nothing = pair(order("arranged", parcel(status="retry")), document("shipped"))
    yield "a failed pick-up, and no shipment", nothing, policy()
    yield "no parcel yet", pair(order("open"), document("shipped", POSTED)), policy()
    alone = order("arranged", parcel("P1", "arranged", "T1"), parcel("P2", "arranged", "T2"))
    three = document("shipped", *(parcel(f"S{n}", "shipped") for n in (1, 2, 3)))
    asked = plan(pair(alone, three), policy())
    assert asked.conflict is not None
    yield "two parcels in three shipments", pair(alone, three), policy()
    accepted = pair(alone, three, done=[f"accepted:{asked.conflict.reference}"])
    yield "two parcels in three shipments, and a person left it", accepted, policy()


def _posted_in_part() -> Iterator[tuple[str, Pair, Policy]]:
    unready = order("open", parcel(status="waiting"))
    yield "posted in part, one parcel", pair(unready, DOCUMENTS["a partly posted document"]["backend"]), policy()
    asking = policy(partial_posting=PartialPosting.CONFLICT)
    yield "posted in part, one parcel, ask", pair(unready, DOCUMENTS["a partly posted document"]["backend"]), asking
    unnumbered = order("open", parcel("P1", "arranged"), parcel("P2"))
    for name in ("a partly posted document", "a posted document"):
        yield f"a number is to come, {name}, all off", pair(unnumbered, DOCUMENTS[name]["backend"]), POLICIES["all off"]
    three = document("shipped", *(parcel(f"S{n}", "shipped") for n in (1, 2, 3)))
    yield "two ready parcels in three shipments", pair(order("open", parcel("P1"), parcel("P2")), three), policy()


def _parts() -> Iterator[tuple[str, Pair, Policy]]:
    ways = {
        **POLICIES,
        "where the channel cancels nothing": policy(channel=CHANNEL_VERBS - {"cancel_order"}),
        "where the backend cancels nothing": policy(backend=BACKEND_VERBS - {"cancel_order"}),
    }
    for cut, partly, (way, chosen) in product(((1, 0), (0, 1), (2, 0), (0, 2)), (True, False), ways.items()):
        channel = order("open", parcel(), lines=_lines(cut[0], 0), can_cancel_partly=partly)
        backend = document("open", lines=_lines(cut[1], 0))
        can = "" if partly else " (the channel cancels only the whole)"
        yield f"cut by {cut[0]} on the channel, by {cut[1]} in the backend{can}, {way}", pair(channel, backend), chosen
    for cut in ((1, 2), (2, 2)):
        both = order("open", parcel(), lines=_lines(*cut, 0), can_cancel_partly=True)
        yield f"two lines cut by {cut} on the channel", pair(both, document("open", lines=_lines(0, 0, 0))), policy()
    yield "cut before it was seen", pair(order("open", lines=_lines(1, 0))), policy()
    wished = pair(order("cancelling", parcel(), lines=_lines(1, 0)), document("open", lines=_lines(0, 0)))
    yield "cut on the channel, and the buyer asks to cancel", wished, policy()
    for status in ("open", "arranged", "shipped"):
        emptied = pair(order(status, parcel(), lines=_lines(0, 0)), document("open", lines=_lines(2, 2)))
        yield f"{status}, all lines cancelled in the backend", emptied, policy()


def _lines(*cancelled: int) -> tuple[object, ...]:
    """Lines of two units each, of which so many are cancelled."""
    return tuple(
        line(str(number)).model_copy(update={"cancelled_quantity": Decimal(quantity)})
        for number, quantity in enumerate(cancelled, 1)
    )


def _changes() -> Iterator[tuple[str, Pair, Policy]]:
    dearer = pair(order("open"), document("open"))
    dearer.steps["create:24"] = pair(order("open", lines=(line(price="9.00"),)), document("open")).steps["create:24"]
    yield "the price changed after it was made", dearer, policy()
    yield "lines and total differ", pair(order("open", total=Money.parse("1.00", "SGD"))), policy()
    yield (
        "the channel forbids it to be cancelled",
        pair(order("open", can_cancel=False), document("cancelled")),
        policy(),
    )
    timeless = order("cancelling", parcel(), updated_at=None)
    yield "a wish without a time", pair(timeless, document("cancelled")), policy()
    yield "came arranged", pair(order("arranged"), first_status="arranged"), policy()
    yield "came arranged, all on", pair(order("arranged"), first_status="arranged"), POLICIES["all on"]
    late = pair(order("arranged"), document("open"), first_status="arranged")
    yield "came arranged and was made, all on", late, POLICIES["all on"]
    yield "came arranged and was made", late, policy()
    wished = pair(order("cancelling"), document("open"), first_status="open", historical=True)
    yield "history: a wish after the first look", wished, POLICIES["all on"]
    yield "never seen", pair(None), policy()


def _told_before() -> Iterator[tuple[str, Pair, Policy]]:
    mirroring, channel = POLICIES["where the backend mirrors"], order("open", parcel(), lines=_lines(1, 0))
    for done in (["update:before-it-was-counted"], ["update:x#2", "update:y#11"], ["update:x#1", "arrange:P1#7"]):
        yield f"mirrored, and told {', '.join(done)}", pair(channel, document("open"), done=done), mirroring
    whole = document("open", lines=_lines(0, 0))
    yield "mirrored, cut, and told", pair(channel, whole, done=[f"update:{shown(channel)}#1"]), mirroring
    unprinted = pair(order("open"), document("open"))
    unprinted.steps["create:24"] = StepRecord("create", "24", StepState.DONE, T0)
    yield "made before contents were kept", unprinted, policy()


def _returns() -> Iterator[tuple[str, Pair, Policy]]:
    first, second = (
        Return(id=f"R{n}", order_id="24", status=ReturnStatus.REQUESTED, vendor_status="REQUESTED") for n in (1, 2)
    )
    shipped = order("shipped", parcel(status="shipped", tracking="T1"))
    sent = document("shipped", parcel("102042", "shipped", "T1"))
    new = pair(shipped, sent, returns=(first, second))
    yield "two returns", new, policy()
    known = [f"return:{step.reference}" for step in plan(new, policy()).steps]
    yield "two returns, one told", pair(shipped, sent, returns=(first, second), done=known[:1]), policy()
    yield "two returns, both told", pair(shipped, sent, returns=(first, second), done=known), policy()
    agreed = first.model_copy(update={"vendor_status": "ACCEPTED"})
    yield "a return that went on", pair(shipped, sent, returns=(agreed,), done=known), policy()
    yield "a return and an untold number", pair(shipped, document("shipped", POSTED), returns=(first,)), policy()
    deaf = policy(backend=BACKEND_VERBS - {"push_return"})
    yield "a return that the backend does not take", pair(shipped, sent, returns=(first,)), deaf
    yield "a return of an order that was not taken over", pair(shipped, returns=(first,)), policy()


def told(planned: Plan) -> str:
    """A plan as text."""
    lines = [f"{planned.why}{' (waits)' if planned.waits else ''}"]
    for step in planned.steps:
        facts = {
            "parcel": step.shipment_id,
            "posted": step.posted_id,
            "return": step.return_id,
            "quantities": ", ".join(f"{name}: {value}" for name, value in step.quantities.items()),
            "accept": step.accept,
            "last": not step.again,
        }
        said = "".join(f", {name} {value}" for name, value in facts.items() if value)
        lines.append(f"  {step.kind} {step.reference}{said}" + (f": {step.why}" if step.why != planned.why else ""))
    if planned.conflict is not None:
        found = planned.conflict
        lines.append(
            f"  ask {found.cause} as {found.reference}" + ("" if found.reason == planned.why else f": {found.reason}")
        )
        lines += [f"    or {choice}" for choice in found.choices]
    return "\n".join(lines)


def page() -> str:
    """The table, and every decision with the cases that lead to it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, sides, chosen in cases():
        found[told(plan(sides, chosen))].append(name)
    table = "\n".join(f"{channel} | {backend} | {text}" for channel, backend, text in rows())
    parts = [f"{text}\n" + "\n".join(f"    <- {name}" for name in names) for text, names in sorted(found.items())]
    return "\n\n".join([table, *parts]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
