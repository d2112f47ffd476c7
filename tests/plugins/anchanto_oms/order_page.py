"""What orders and returns become on their way to the OMS and back, as the page `orders.txt`.

After a change that is meant, `python -m tests.plugins.anchanto_oms.order_page` writes it anew: its diff is the change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from crossdock.model import (
    Address,
    Buyer,
    Charge,
    Discount,
    OrderStatus,
    Payer,
    Return,
    ReturnLine,
    ReturnStatus,
    ShipmentStatus,
)
from crossdock_anchanto_oms.config import AnchantoRoute, Mode
from crossdock_anchanto_oms.goods_records import OmsReturn, ReturnItem
from crossdock_anchanto_oms.order_records import OmsLine, OmsOrder, OmsProblem, OmsShipment, Person, Place
from crossdock_anchanto_oms.statuses import DELIVERED, PICKUP_RETRY, OmsState, ReturnState
from crossdock_anchanto_oms.translate.documents import as_channel_order, as_document
from crossdock_anchanto_oms.translate.mirroring import next_act
from crossdock_anchanto_oms.translate.placing import new_order
from crossdock_anchanto_oms.translate.returns import as_return, new_return, next_return_act
from tests import pages
from tests.plugins.anchanto_oms.client_kit import line, parcel, settings, shopee, won

PAGE = Path(__file__).with_name("orders.txt")
AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
ZONED = datetime(2026, 11, 21, 18, 0, 0, 500_000, tzinfo=timezone(timedelta(hours=9)))
St, P, R = OrderStatus, ShipmentStatus, ReturnStatus
LONG = "x" * 600
BARE = OmsOrder("OMS-1", "", "NEW", "KRW", Mode.MARKETPLACE.value, (), Decimal(0), 1, AT)
KNOWN = OmsOrder(
    "OMS-1", "241121AAA", "NEW", "KRW", Mode.MARKETPLACE.value,
    (OmsLine("1", "MUG", 2, Decimal(12000), "Mug", Decimal(500), 1),), Decimal(25400), 1, AT,
    hold="", carrier="SLS", buyer=Person("A Buyer", "a@example.org", "+82 10"), note="ring twice",
    ship_to=Place("A Person", "1 Example Street", "KR", "+82 20", "Room 2", "Seoul", "Jung", "04500"),
    shipping_fee=Decimal(3000), discount=Decimal(1100), shipment=OmsShipment("T1", "CJ", "marketplace"),
    ordered_at=AT, paid_at=AT.replace(hour=11), ship_by=AT.replace(day=23), shipped_at=AT.replace(day=22),
)  # fmt: skip
FULL = shopee(
    lines=(
        line(discounts=(Discount(kind="item", payer=Payer.SELLER, amount=won("500")),), amount=won("23500")),
        line("TEA", 3, "1000", "2", name="", cancelled_quantity=Decimal(1)),
    ),
    charges=(Charge(kind="shipping", amount=won("3000")), Charge(kind="service", amount=won("100"))),
    discounts=(Discount(kind="voucher", payer=Payer.MARKETPLACE, amount=won("1000")),),
    buyer=Buyer(name="A Buyer", email="a@example.org", phone="+82 10"),
    ship_to=Address(
        name="A Person", line="1 Example Street", line2="Room 2", district="Jung", city="Seoul", state="Seoul",
        postcode="04500", country="JP", phone="+82 20",
    ),
    note="ring twice", placed_at=ZONED, paid_at=ZONED, ship_by=ZONED,
)  # fmt: skip


def _new(order: Any, **options: Any) -> Callable[[], object]:
    return lambda: new_order(order, settings(), AnchantoRoute.model_validate(options))


def _both(**changes: Any) -> Callable[[], object]:
    oms = replace(KNOWN, **changes)
    return lambda: {"document": as_document(oms), "channel's": as_channel_order(oms)}


def _statuses() -> object:
    """What each state is to a document, to a channel's order, and to its parcel."""
    ways: dict[str, dict[str, Any]] = {
        "": {},
        " ready": {"ready_at": AT},
        " held": {"hold": "channel:x"},
        " delivered": {"sub_state": DELIVERED},
        " own carrier": {"logistics_mode": Mode.OMS.value},
        " own carrier, no number": {"logistics_mode": Mode.OMS.value, "shipment": None},
        " blocked": {"problems": (OmsProblem("X", blocking=True),)},
    }
    found = {}
    for state in [*OmsState, "A_STATE_OF_NEXT_YEAR"]:
        for name, changes in ways.items():
            oms = replace(KNOWN, state=str(state), **changes)
            document, order = as_document(oms), as_channel_order(oms)
            parcels = [str(parcel.status) for parcel in (*document.shipments, *order.shipments)]
            by = order.cancellation.by if order.cancellation else ""
            said = [document.status, document.can_cancel, order.status, *parcels, by, *document.problems]
            text = " ".join(str(word) for word in said if word not in (None, ""))
            if not name or text != found[str(state)]:
                found[f"{state}{name}"] = text
    return found


def _act(order: Any, options: dict[str, Any] | None = None, **changes: Any) -> Callable[[], object]:
    oms = replace(KNOWN, **({"ship_by": order.ship_by, "paid_at": order.paid_at, "shipment": None} | changes))
    return lambda: next_act(order, oms, AnchantoRoute.model_validate(options or {}))


def _acts() -> object:
    """The next act for each state and each of the channel's statuses."""
    found: dict[str, str] = {}
    for status in OrderStatus:
        for state in [*OmsState, "A_STATE_OF_NEXT_YEAR"]:
            made = pages.shown(_act(shopee(status, "THEIR_WORD"), state=str(state), ready_at=AT)).replace("\n", "; ")
            found[made] = ", ".join(filter(None, (found.get(made), f"{status.value} at {state}")))
    return found


def _returned(**changes: Any) -> Return:
    known = {"id": "R1", "order_id": "24", "status": R.REQUESTED, "vendor_status": "ASKED", "reason": LONG}
    return Return.model_validate(known | {"refund": won("500"), "tracking_number": "T9"} | changes)


def _back(state: str = "RETURN_INITIATED", **changes: Any) -> OmsReturn:
    known = OmsReturn(
        "RT-1", "R1", "OMS-1", state, 1, AT, reason="broken", refund_amount=Decimal(500), tracking_number="T9",
        sub_state="ASKED", lines=(ReturnItem("1", 2),), created_at=AT.replace(hour=9), goods_expected=True,
    )  # fmt: skip
    return replace(known, **changes)


def _next(returned: Return, oms: OmsReturn) -> Callable[[], object]:
    return lambda: next_return_act(returned, oms)


def _return_acts() -> object:
    found: dict[str, str] = {}
    for status in ReturnStatus:
        for state in [*ReturnState, "A_STATE_OF_NEXT_YEAR"]:
            made = pages.shown(_next(_returned(status=status), _back(str(state)))).replace("\n", "; ")
            found[made] = ", ".join(filter(None, (found.get(made), f"{status.value} at {state}")))
    return found


def _open(*lines: ReturnLine, how: str = "always", **changes: Any) -> Callable[[], object]:
    document = shopee(lines=(line(), line("TEA", 1, number="2")))
    return lambda: new_return(_returned(lines=lines, **changes), document, AnchantoRoute(return_goods=how))


def _cut(name: str, **more: Any) -> ReturnLine:
    return ReturnLine(**({"line_id": name, "sku": "", "quantity": Decimal(1)} | more))


SHIPPED = shopee(St.SHIPPED, "SHIPPED", shipments=(parcel(P.SHIPPED, "T1"),))
RETRY = (OmsProblem(PICKUP_RETRY),)
EXAMPLES: dict[str, Callable[[], object]] = {
    "a new order": _new(FULL),
    "a new order, as the route says": _new(
        FULL, carriers={"SLS": "CJ"}, oms_carrier_methods=["SLS"], warehouse="W1", logistics_mode="marketplace_carrier"
    ),
    "a new order of which nothing is told": _new(
        shopee(buyer=Buyer(), ship_to=Address(), shipping_method="", placed_at=None, updated_at=None, charges=())
    ),
    "a new order, seen without its time": _new(shopee(placed_at=None, updated_at=AT)),
    "long texts": _new(
        shopee(
            id="i" * 70,
            note=LONG,
            shipping_method="s" * 70,
            buyer=Buyer(name=LONG, email=LONG, phone=LONG),
            ship_to=Address(name=LONG, line=LONG, city=LONG, state=LONG, postcode=LONG, phone=LONG, country="KR"),
            lines=(line("k" * 70, number="l" * 70, name=LONG),),
        )
    ),
    "a buyer who is known by the address": _new(shopee(buyer=Buyer(), ship_to=Address(name="A Person"))),
    "a carrier of the parcel": _new(shopee(shipments=(parcel(),), shipping_method="other"), carriers={"SLS": "CJ"}),
    "two other charges": _new(
        shopee(
            charges=(Charge(kind="service", amount=won("100")), Charge(kind="gift wrap", amount=won("200"))), note=""
        )
    ),
    "unpaid": _new(shopee(St.UNPAID, "UNPAID")),
    "held by the channel": _new(shopee(St.HELD, "CHECKED_BY_SHOPEE")),
    "an invoice is pending": _new(shopee(St.OPEN, "INVOICE_PENDING")),
    "had left": _new(SHIPPED),
    "had left, and history is off": _new(SHIPPED, historical=False),
    "of a backfill": _new(shopee(historical=True, shipments=(parcel(P.READY, "T1"),))),
    "had been cancelled": _new(shopee(St.CANCELLED, "CANCELLED", lines=(line(cancelled_quantity=Decimal(2)),))),
    "is cancelled": _new(shopee(lines=(line(cancelled_quantity=Decimal(2)),))),
    "two parcels": _new(shopee(shipments=(parcel(), parcel(ident="PKG2")))),
    "two parcels, of which one is cancelled": _new(shopee(shipments=(parcel(), parcel(P.CANCELLED, ident="PKG2")))),
    "another currency": lambda: new_order(shopee(), settings(currency="SGD"), AnchantoRoute()),
    "no SKU": _new(shopee(lines=(line(""),))),
    "half a piece": _new(shopee(lines=(line(cancelled_quantity=Decimal("0.5")),))),
    "an order of the OMS": _both(),
    "an order of the OMS that is packed": _both(state="PACKED", sub_state="WEIGHED", ready_at=AT),
    "an order of the OMS with problems": _both(
        problems=(
            OmsProblem("NO_SKU", "unknown", True, "1"),
            OmsProblem("BLOCKED", blocking=True),
            OmsProblem("HINT", "never mind"),
        )
    ),
    "an order of the OMS of which nothing is told": lambda: [as_document(BARE), as_channel_order(BARE)],
    "an order of the OMS with half a won": _both(total=Decimal("0.5")),
    "statuses": _statuses,
    "acts": _acts,
    "the last moment for a number": _act(SHIPPED, state="READY_TO_SHIP", ready_at=AT, carrier=""),
    "the last moment, with a carrier of the OMS": _act(
        SHIPPED, state="READY_TO_SHIP", ready_at=AT, logistics_mode=Mode.OMS.value
    ),
    "the last moment, and no number": _act(
        shopee(St.SHIPPED, "SHIPPED", shipments=(parcel(P.SHIPPED),)), state="READY_TO_SHIP", ready_at=AT
    ),
    "a failed pick-up": _act(shopee(St.ARRANGED, shipments=(parcel(P.RETRY),)), state="READY_TO_SHIP", ready_at=AT),
    "a failed pick-up that was told": _act(
        shopee(St.ARRANGED, shipments=(parcel(P.RETRY),)), state="READY_TO_SHIP", ready_at=AT, problems=RETRY
    ),
    "a pick-up that went well after all": _act(SHIPPED, state="READY_TO_SHIP", ready_at=AT, problems=RETRY),
    "lost": _act(shopee(St.SHIPPED, shipments=(parcel(P.LOST),)), {"follow_parcels": True}, state="IN_TRANSIT"),
    "not delivered": _act(
        shopee(St.SHIPPED, shipments=(parcel(P.FAILED),)), {"follow_parcels": True}, state="IN_TRANSIT"
    ),
    "lost, and not followed": _act(shopee(St.SHIPPED, shipments=(parcel(P.LOST),)), state="IN_TRANSIT"),
    "lost before it left": _act(
        shopee(St.SHIPPED, shipments=(parcel(P.LOST),)), {"follow_parcels": True}, state="READY_TO_SHIP", ready_at=AT
    ),
    "a long word": _act(shopee(St.SHIPPED, LONG), state="READY_TO_SHIP", ready_at=AT),
    "to be held": _act(shopee(St.HELD, "CHECKED")),
    "held already": _act(shopee(St.HELD, "CHECKED"), hold="channel:OTHER"),
    "to be held no more": _act(shopee(), hold="channel:CHECKED"),
    "held by a person": _act(shopee(), hold="fraud"),
    "paid": _act(shopee(paid_at=ZONED), paid_at=None),
    "to be shipped by another time": _act(shopee(ship_by=ZONED), ship_by=AT),
    "delivered": _act(shopee(St.DELIVERED, "TO_CONFIRM_RECEIVE"), state="IN_TRANSIT"),
    "delivered, and told": _act(shopee(St.DELIVERED, "TO_CONFIRM_RECEIVE"), state="IN_TRANSIT", sub_state=DELIVERED),
    "a cancellation that the channel took back": _act(shopee(), state="CANCEL_IN_PROCESS", previous_state="RFP"),
    "a cancellation of who knows what, taken back": _act(shopee(), state="CANCEL_IN_PROCESS", previous_state="NEXT"),
    "a split order": _act(shopee(shipments=(parcel(), parcel(ident="PKG2")))),
    "a new return of everything": _open(),
    "a new return that is disputed": _open(status=R.DISPUTED, vendor_status="JUDGING"),
    "a return of goods that are back": _next(
        _returned(status=R.REFUNDED), _back("RETURN_APPROVED", put_away=True, sub_state="")
    ),
    "a new return of lines": _open(_cut("2"), _cut("", sku="MUG", quantity=Decimal(2))),
    "a new return of a line that there is not": _open(_cut("9")),
    "a new return of a SKU that there is not": _open(_cut("9", sku="CUP")),
    "a new return of half a piece": _open(_cut("1", quantity=Decimal("0.5"))),
    "a new return without goods": _open(how="never", refund=None),
    "a new return with a number": _open(how="tracking"),
    "a new return without a number": _open(how="tracking", tracking_number=""),
    "a new return with long words": _open(id="i" * 70, tracking_number="t" * 70, vendor_status="v" * 70),
    "acts for returns": _return_acts,
    "another word": _next(_returned(status=R.DISPUTED, vendor_status="JUDGING"), _back()),
    "another number": _next(_returned(tracking_number="n" * 70), _back()),
    "another refund": _next(_returned(refund=won("700")), _back()),
    "no refund, and no number": _next(_returned(refund=None, tracking_number=""), _back()),
    "a long word of a return": _next(_returned(status=R.ACCEPTED, vendor_status=LONG), _back()),
    "a return": lambda: as_return(_back(), "KRW"),
    "a return of which nothing is told": lambda: as_return(OmsReturn("RT-1", "", "OMS-1", "X", 1, AT), "KRW"),
    "a return of half a won": lambda: as_return(_back(refund_amount=Decimal("0.5")), "KRW"),
    "what returns are": lambda: {state: as_return(_back(str(state)), "KRW").status.value for state in ReturnState},
}


def page() -> str:
    """All examples."""
    return pages.page(EXAMPLES)


if __name__ == "__main__":
    PAGE.write_text(page())
