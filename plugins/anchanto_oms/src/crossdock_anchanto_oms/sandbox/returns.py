"""Returns: opened and moved by the channel, put away by people."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from crossdock.sandbox import OperatorError
from crossdock_anchanto_oms.sandbox import stock
from crossdock_anchanto_oms.sandbox.bodies import MoveBody, Quantity
from crossdock_anchanto_oms.sandbox.moves import check_expected, illegal_move
from crossdock_anchanto_oms.sandbox.records import Order, Return, ReturnLine
from crossdock_anchanto_oms.sandbox.refusal import duplicate, invalid, unprocessable
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.states import RETURN_MOVES, RETURNABLE
from crossdock_anchanto_oms.sandbox.values import Body, Code, Money, Note, fits


class ReturnLineBody(Body):
    """So much of a line."""

    line_reference: Code
    quantity: Quantity


class OpenReturn(Body):
    """``POST …/returns``."""

    return_reference: Code
    goods_expected: bool
    lines: Annotated[list[ReturnLineBody], Field(min_length=1, max_length=200)]
    reason: Note | None = None
    refund_amount: Money | None = None
    tracking_number: Code | None = None
    sub_state: Code | None = None


class ChangeReturn(Body):
    """``PATCH …/returns/{return_id}``."""

    sub_state: Code | None = None
    tracking_number: Code | None = None
    refund_amount: Money | None = None


def open_return(seller: Seller, order: Order, sent: OpenReturn) -> Return:
    """Take a return in.

    Raises:
        Refusal: the reference is taken, the order has not left, or more would come back than was sent.
    """
    shop = seller.shops[order.store_code]
    taken = shop.return_by_reference.get(sent.return_reference)
    if taken is not None:
        raise duplicate(
            f"return {sent.return_reference!r} exists already as {taken.return_id}",
            return_id=taken.return_id,
            return_reference=sent.return_reference,
            state=taken.state,
            version=shop.returns.version(taken.return_id),
        )
    if order.state not in RETURNABLE:
        raise unprocessable("not_shipped", f"order {order.order_id} is {order.state}", state=order.state)
    _check_refund(order, sent.refund_amount)
    _check_lines(seller, order, sent.lines)
    made = Return(
        return_id=f"RET-{next(seller.numbers):08d}",
        return_reference=sent.return_reference,
        order=order,
        lines=[ReturnLine(line.line_reference, line.quantity) for line in sent.lines],
        goods_expected=sent.goods_expected,
        created_at=seller.now(),
        sub_state=sent.sub_state,
        reason=sent.reason,
        refund_amount=sent.refund_amount,
        tracking_number=sent.tracking_number,
    )
    shop.return_by_reference[sent.return_reference] = made
    shop.returns.put(made.return_id, made)
    order.return_ids.append(made.return_id)
    seller.touch(order)
    seller.world.oracle.record("open_return", sent.return_reference, return_id=made.return_id, order_id=order.order_id)
    _tell(seller, made)
    return made


def _check_refund(order: Order, amount: Decimal | None) -> None:
    if amount is not None and not fits(amount, order.sent.currency):
        raise invalid("refund_amount", f"{amount} has more decimals than {order.sent.currency} allows")


def _check_lines(seller: Seller, order: Order, wanted: list[ReturnLineBody]) -> None:
    left = {line.sent.line_reference: line.sent.quantity for line in order.lines}
    returns = seller.shops[order.store_code].returns
    for earlier in filter(None, map(returns.get, order.return_ids)):
        for line in earlier.lines if earlier.state != "RETURN_REJECTED" else ():
            left[line.line_reference] -= line.quantity
    for number, each in enumerate(wanted):
        if each.line_reference not in left:
            raise invalid(f"lines.{number}.line_reference", f"order {order.order_id} has no such line")
        left[each.line_reference] -= each.quantity
        if left[each.line_reference] < 0:
            over = -left[each.line_reference]
            raise unprocessable("too_many_returned", f"line {each.line_reference}: {over} more than was ordered")


def move(seller: Seller, moved: Return, wanted: MoveBody) -> None:
    """Bring a return into another state, as the channel reports it.

    Raises:
        Refusal: the move is not legal, or goods that must come back first are not put away.
    """
    check_expected(moved.state, wanted)
    targets = [target for target in RETURN_MOVES[moved.state] if target != "RETURN_PUTAWAY" or moved.goods_expected]
    if wanted.to not in targets:
        raise illegal_move(moved.return_id, moved.state, wanted.to, targets)
    if wanted.to == "RETURN_COMPLETED" and moved.goods_expected and not moved.put_away:
        raise unprocessable(
            "goods_await_putaway", f"goods of return {moved.return_id} are not put away", state=moved.state
        )
    before, moved.state, moved.sub_state = moved.state, wanted.to, wanted.sub_state
    seller.world.oracle.record("move_return", moved.return_id, before=before, after=wanted.to)
    _changed(seller, moved)


def change(seller: Seller, changed: Return, sent: ChangeReturn) -> None:
    """Change what may be changed without a move."""
    _check_refund(changed.order, sent.refund_amount)
    if all(getattr(changed, name) == getattr(sent, name) for name in sent.model_fields_set):
        return
    for name in sent.model_fields_set:
        setattr(changed, name, getattr(sent, name))
    seller.world.oracle.record("change_return", changed.return_id, fields=sorted(sent.model_fields_set))
    _changed(seller, changed)


def put_away(seller: Seller, shelved: Return, damaged: Mapping[str, int]) -> None:
    """The goods came back: `damaged` is pieces by line reference, the others are sellable."""
    if not shelved.goods_expected or shelved.put_away:
        raise OperatorError(f"return {shelved.return_id} expects no goods (any more)")
    if shelved.state not in ("RETURN_APPROVED", "RETURN_PUTAWAY"):
        raise OperatorError(f"return {shelved.return_id} is {shelved.state}; it must be approved first")
    by_reference = {line.line_reference: line for line in shelved.lines}
    for reference, quantity in damaged.items():
        if reference not in by_reference or quantity > by_reference[reference].quantity:
            raise OperatorError(f"line {reference!r}: not in the return, or more damaged than came back")
    for line in shelved.lines:
        line.damaged = damaged.get(line.line_reference, 0)
        line.sellable = line.quantity - line.damaged
        _shelve(seller, shelved.order, line)
    shelved.put_away = True
    seller.world.oracle.record("put_away_return", shelved.return_id, damaged=dict(damaged))
    _changed(seller, shelved)


def _shelve(seller: Seller, order: Order, line: ReturnLine) -> None:
    ordered = next(each for each in order.lines if each.sent.line_reference == line.line_reference)
    for isku, total in ordered.components.items():
        each = total // ordered.sent.quantity
        stock.put_back(seller, isku, order.warehouse_code, sellable=line.sellable * each, damaged=line.damaged * each)


def _changed(seller: Seller, changed: Return) -> None:
    seller.shops[changed.order.store_code].returns.touch(changed.return_id)
    _tell(seller, changed)


def _tell(seller: Seller, told: Return) -> None:
    subject = {
        "return_id": told.return_id,
        "return_reference": told.return_reference,
        "order_id": told.order.order_id,
        "channel_reference": told.order.sent.channel_reference,
        "state": told.state,
        "version": seller.shops[told.order.store_code].returns.version(told.return_id),
    }
    seller.outbox.emit("return_update", told.order.store_code, subject)
