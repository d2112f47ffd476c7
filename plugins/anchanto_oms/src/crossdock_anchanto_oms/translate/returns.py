"""Returns, both ways. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crossdock.errors import CannotTranslate, Refused
from crossdock.model import Money, Order, Return, ReturnLine, ReturnStatus
from crossdock_anchanto_oms.config import AnchantoRoute
from crossdock_anchanto_oms.goods_records import NewReturn, OmsReturn, ReturnChange, ReturnItem, ReturnMove
from crossdock_anchanto_oms.statuses import ReturnStanding, ReturnState, decide_return, next_return_move

__all__ = ["as_return", "new_return", "next_return_act"]

_CODE, _TEXT = 64, 255
_S, _R = ReturnState, ReturnStatus
_STATUS: Mapping[str, ReturnStatus] = {
    _S.RETURN_INITIATED: _R.REQUESTED,
    _S.RETURN_APPROVED: _R.ACCEPTED,
    _S.RETURN_REJECTED: _R.REJECTED,
    _S.RETURN_PUTAWAY: _R.REFUNDED,
    _S.RETURN_COMPLETED: _R.CLOSED,
}


def new_return(returned: Return, document: Order, options: AnchantoRoute) -> NewReturn:
    """Make the return to open.

    Raises:
        Refused: it names no line of the order, or a part of a piece.
    """
    first = decide_return(returned.status, ReturnStanding(None), returned.vendor_status)
    return NewReturn(
        return_reference=returned.id[:_CODE],
        reason=returned.reason[:_TEXT],
        goods_expected=_goods_expected(returned, options),
        refund_amount=returned.refund.amount if returned.refund else None,
        tracking_number=returned.tracking_number[:_CODE],
        sub_state=first.sub_state[:_CODE],
        lines=_items(returned, document),
    )


def next_return_act(returned: Return, oms: OmsReturn) -> ReturnMove | ReturnChange | None:
    """The next thing to do so that the OMS shows what the channel shows; None when nothing is missing."""
    now = _standing(oms)
    decision = decide_return(returned.status, now, returned.vendor_status)
    step = next_return_move(now, decision.state) if decision.state else None
    if step is not None:
        note = decision.sub_state if step is decision.state else ""
        return ReturnMove(step.value, oms.state, note, f"the channel shows {returned.vendor_status}"[:500])
    if now.state in (_S.RETURN_REJECTED, _S.RETURN_COMPLETED):
        return None
    if decision.sub_state and decision.sub_state != oms.sub_state:
        return ReturnChange(sub_state=decision.sub_state[:_CODE])
    if returned.tracking_number and returned.tracking_number != oms.tracking_number:
        return ReturnChange(tracking_number=returned.tracking_number[:_CODE])
    if returned.refund and returned.refund.amount != oms.refund_amount:
        return ReturnChange(refund_amount=returned.refund.amount)
    return None


def as_return(oms: OmsReturn, currency: str) -> Return:
    """A return as a channel shows it.

    Raises:
        CannotTranslate: its refund is no amount of the store's currency.
    """
    try:
        refund = Money(oms.refund_amount, currency) if oms.refund_amount is not None else None
    except ValueError:
        raise CannotTranslate(f"return {oms.return_id}", f"a refund in {currency}") from None
    return Return(
        id=oms.return_id,
        order_id=oms.order_id,
        status=_STATUS.get(oms.state, _R.UNKNOWN),
        vendor_status=" ".join(word for word in (oms.state, oms.sub_state) if word),
        reason=oms.reason,
        lines=tuple(
            ReturnLine(line_id=item.line_reference, sku="", quantity=Decimal(item.quantity)) for item in oms.lines
        ),
        refund=refund,
        tracking_number=oms.tracking_number,
        requested_at=oms.created_at,
        updated_at=oms.changed_at,
    )


def _standing(oms: OmsReturn) -> ReturnStanding:
    state = ReturnState(oms.state) if oms.state in ReturnState.__members__ else oms.state
    return ReturnStanding(state, oms.goods_expected, oms.put_away)


def _goods_expected(returned: Return, options: AnchantoRoute) -> bool:
    if options.return_goods == "tracking":
        return bool(returned.tracking_number)
    return options.return_goods == "always"


def _items(returned: Return, document: Order) -> tuple[ReturnItem, ...]:
    """Lines by their number, else by their SKU; a return that names none is of everything."""
    known = {line.id: line.id for line in document.lines}
    by_sku = {line.sku: line.id for line in document.lines}
    items = []
    for line in returned.lines or ():
        reference = known.get(line.line_id) or by_sku.get(line.sku)
        if reference is None or line.quantity != line.quantity.to_integral_value():
            raise Refused(
                f"Return {returned.id} names {line.quantity} of {line.sku or line.line_id},"
                f" which order {document.id} does not have in whole pieces.",
                code="return_line",
                hint="open the return in the OMS by hand",
            )
        items.append(ReturnItem(reference, int(line.quantity)))
    return tuple(items) or tuple(ReturnItem(line.id, int(line.quantity)) for line in document.lines)
