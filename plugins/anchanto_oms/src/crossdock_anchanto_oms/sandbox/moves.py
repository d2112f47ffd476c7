"""The order machine: legal moves only, and what each does to stock."""

from __future__ import annotations

from crossdock_anchanto_oms.sandbox import problems, stock
from crossdock_anchanto_oms.sandbox.bodies import MoveBody
from crossdock_anchanto_oms.sandbox.records import Order
from crossdock_anchanto_oms.sandbox.refusal import Refusal, unprocessable
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.states import BY_CHANNEL, BY_PEOPLE, CANCELLED, CANCELLING, READY_AND_PACKED


def allowed(order: Order, *, by_person: bool) -> list[str]:
    """Where the order may go next. A person may do what the channel may report, too."""
    state = READY_AND_PACKED if order.state == "PACKED" and order.ready_at is not None else order.state
    targets = list(BY_CHANNEL.get(state, ()))
    if order.state in CANCELLING and order.previous_state is not None:
        targets.append(order.previous_state)
    if by_person:
        targets += BY_PEOPLE.get(state, ())
    if order.packed_at is not None and state == "READY_TO_SHIP":
        targets = [target for target in targets if target != "PACKED"]
    return targets


def move(seller: Seller, order: Order, wanted: MoveBody, *, by_person: bool = False) -> None:
    """Bring the order into another state.

    Raises:
        Refusal: the move is not legal, or its condition is not met; nothing has changed.
    """
    check_expected(order.state, wanted)
    targets = allowed(order, by_person=by_person)
    if wanted.to not in targets:
        raise illegal_move(order.order_id, order.state, wanted.to, targets)
    withdrawn = order.state in CANCELLING and wanted.to == order.previous_state
    if not withdrawn:
        _check_condition(order, wanted.to)
        _move_goods(seller, order, wanted.to)
    before, order.state = order.state, wanted.to
    order.previous_state, order.sub_state = before, wanted.sub_state
    if wanted.to == "NEW":
        problems.review(seller, order)
    seller.touch(order)
    who = "person" if by_person else "channel"
    seller.world.oracle.record("move_order", order.order_id, before=before, after=wanted.to, by=who)
    seller.tell("ready_to_ship" if wanted.to == "READY_TO_SHIP" else "status_update", order)


def check_expected(state: str, wanted: MoveBody) -> None:
    """Refuse if the caller expected another state than the present one."""
    if wanted.expected_state not in (None, state):
        raise Refusal(
            409,
            "state_conflict",
            f"expected {wanted.expected_state}, found {state}",
            expected=wanted.expected_state,
            state=state,
        )


def illegal_move(key: str, before: str, after: str, targets: list[str]) -> Refusal:
    """There is no such move; both states are told."""
    message = f"{key} cannot move from {before} to {after}"
    return unprocessable("illegal_move", message, **{"from": before, "to": after, "allowed": targets})


def _check_condition(order: Order, to: str) -> None:
    if to in ("RFP", "PARTIAL", "PACKED", "READY_TO_SHIP"):
        if order.hold is not None:
            raise unprocessable("order_on_hold", f"order {order.order_id} is on hold: {order.hold}", hold=order.hold)
        if order.blocked():
            codes = sorted({problem.code for problem in order.problems if problem.blocking})
            raise unprocessable("order_has_problems", f"order {order.order_id}: {', '.join(codes)}", problems=codes)
    if to in CANCELLED and order.goods_moved():
        raise unprocessable(
            "goods_await_putaway", f"goods of order {order.order_id} must be put back first", state=order.state
        )


def _move_goods(seller: Seller, order: Order, to: str) -> None:
    now = seller.now()
    if to == "READY_TO_SHIP":
        order.ready_at = now
        if order.sent.logistics_mode == "oms_carrier":
            seller.bookings.append((seller.world.clock.seconds() + seller.settings.label_delay_seconds, order))
    elif to == "PACKED":
        order.packed_at = now
    elif to == "IN_TRANSIT":
        order.shipped_at = now
        stock.deduct(seller, order)
        for line in order.lines:
            line.picked = line.sent.quantity
    elif to in CANCELLED:
        stock.release(seller, order)
        order.problems = [problem for problem in order.problems if not problem.blocking]
        seller.waiting.pop(order.order_id, None)
