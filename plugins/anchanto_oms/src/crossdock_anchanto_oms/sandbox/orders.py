"""Orders come into being and are changed, other than by moves."""

from __future__ import annotations

from decimal import Decimal

from crossdock_anchanto_oms.sandbox import problems, stock
from crossdock_anchanto_oms.sandbox.bodies import ChangeOrder, CreateOrder, ReportProblem
from crossdock_anchanto_oms.sandbox.records import Carrier, Order, OrderLine, Problem, Shipment, Store
from crossdock_anchanto_oms.sandbox.refusal import duplicate, invalid, unknown, unprocessable
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.states import ENDS
from crossdock_anchanto_oms.sandbox.values import fits


def create(seller: Seller, store_code: str, sent: CreateOrder) -> Order:
    """Take an order in.

    Raises:
        Refusal: the channel reference is taken, or the body contradicts itself or the store.
    """
    shop = seller.shop(store_code)
    taken = shop.order_by_reference.get(sent.channel_reference)
    if taken is not None:
        raise duplicate(
            f"order {sent.channel_reference!r} exists already as {taken.order_id}",
            order_id=taken.order_id,
            channel_reference=sent.channel_reference,
            state=taken.state,
            version=shop.orders.version(taken.order_id),
        )
    _check_money(shop.store, sent)
    _check_warehouse(shop.store, sent.warehouse_code)
    order = _new_order(seller, shop.store, sent)
    shop.order_by_reference[sent.channel_reference] = order
    shop.orders.put(order.order_id, order)
    problems.review(seller, order)
    seller.world.oracle.record("create_order", sent.channel_reference, store=store_code, order_id=order.order_id)
    seller.tell("order_creation", order)
    return order


def _new_order(seller: Seller, store: Store, sent: CreateOrder) -> Order:
    carrier, temporary = _carrier(seller, store, sent)
    order = Order(
        order_id=f"OMS-{next(seller.numbers):08d}",
        store_code=store.store_code,
        sent=sent,
        state=sent.state,
        previous_state="NEW" if sent.state == "CANCEL_IN_PROCESS" else None,
        created_at=seller.now(),
        lines=[OrderLine(line) for line in sent.lines],
        warehouse_code=sent.warehouse_code or store.warehouse_codes[0],
        carrier=carrier,
        carrier_is_temporary=temporary,
        hold=sent.hold,
        ship_by=sent.ship_by,
        paid_at=sent.paid_at,
        note=sent.note,
    )
    if sent.historical:
        for line in order.lines:
            parts = stock.components_of(seller, line.sent.sku) or {}
            line.components = {isku: each * line.sent.quantity for isku, each in parts.items()}
        if sent.tracking_number is not None:
            order.shipment = Shipment(sent.tracking_number, carrier or "", "marketplace", seller.now())
        order.ready_at = seller.now() if sent.state in ("READY_TO_SHIP", "IN_TRANSIT", "COMPLETE") else None
    return order


def _carrier(seller: Seller, store: Store, sent: CreateOrder) -> tuple[str | None, bool]:
    if sent.historical and sent.carrier is not None:
        seller.carriers.setdefault(sent.carrier, Carrier(sent.carrier, sent.carrier, "marketplace"))
    if problems.usable_carrier(seller, sent.carrier, sent.logistics_mode):
        return sent.carrier, False
    ours = sent.logistics_mode == "oms_carrier"
    default = store.default_integrated_carrier if ours else store.default_carrier
    return (sent.carrier, False) if default is None else (default, True)


def _check_money(store: Store, sent: CreateOrder) -> None:
    if sent.currency != store.currency:
        raise unprocessable(
            "wrong_currency",
            f"store {store.store_code} works in {store.currency}, the order is in {sent.currency}",
            expected=store.currency,
            given=sent.currency,
        )
    amounts: dict[str, Decimal] = {"shipping_fee": sent.shipping_fee, "discount": sent.discount, "total": sent.total}
    for number, line in enumerate(sent.lines):
        amounts |= {f"lines.{number}.unit_price": line.unit_price, f"lines.{number}.discount": line.discount}
    for path, amount in amounts.items():
        if not fits(amount, sent.currency):
            raise invalid(path, f"{amount} has more decimals than {sent.currency} allows")
    if sent.total != sent.balance():
        raise unprocessable(
            "total_mismatch",
            f"the total is {sent.total}, lines, shipping fee and discount make {sent.balance()}",
            expected=str(sent.balance()),
            given=str(sent.total),
        )


def _check_warehouse(store: Store, warehouse_code: str | None) -> None:
    if warehouse_code is not None and warehouse_code not in store.warehouse_codes:
        raise unprocessable(
            "unknown_warehouse",
            f"warehouse {warehouse_code!r} does not serve store {store.store_code}",
            allowed=store.warehouse_codes,
        )


def change(seller: Seller, order: Order, sent: ChangeOrder) -> None:
    """Change what may be changed without a move."""
    if order.state in ENDS:
        raise unprocessable("illegal_state", f"order {order.order_id} has ended in {order.state}", state=order.state)
    given = {name: getattr(sent, name) for name in sent.model_fields_set}
    if "carrier" in given:
        if not problems.usable_carrier(seller, sent.carrier, order.sent.logistics_mode):
            raise unknown_carrier(seller, sent.carrier)
        given["carrier_is_temporary"] = False
    if all(getattr(order, name) == value for name, value in given.items()):
        return
    for name, value in given.items():
        setattr(order, name, value)
    changed = problems.review(seller, order)
    seller.touch(order)
    seller.world.oracle.record("change_order", order.order_id, fields=sorted(given))
    if changed:
        seller.tell("problem_update", order)


def report_problem(seller: Seller, order: Order, sent: ReportProblem) -> None:
    """Show the seller a problem; the same code again replaces the message."""
    if sent.code in problems.BLOCKING:
        raise invalid("code", f"{sent.code} is found by the OMS itself")
    order.problems = [problem for problem in order.problems if problem.code != sent.code]
    order.problems.append(Problem(sent.code, sent.message, False, None, seller.now()))
    _problems_changed(seller, order, "report_problem", sent.code)


def clear_problem(seller: Seller, order: Order, code: str) -> None:
    """Take a reported problem away."""
    if code in problems.BLOCKING:
        raise invalid("code", f"{code} is cleared by the OMS itself")
    left = [problem for problem in order.problems if problem.code != code]
    if len(left) == len(order.problems):
        raise unknown("problem", code)
    order.problems = left
    _problems_changed(seller, order, "clear_problem", code)


def _problems_changed(seller: Seller, order: Order, kind: str, code: str) -> None:
    seller.touch(order)
    seller.world.oracle.record(kind, order.order_id, code=code)
    seller.tell("problem_update", order)


def unknown_carrier(seller: Seller, carrier_code: str) -> Exception:
    """The carrier is not set up, or cannot be booked where it must be."""
    return unprocessable(
        "unknown_carrier", f"carrier {carrier_code!r} is not set up for this", allowed=sorted(seller.carriers)
    )
