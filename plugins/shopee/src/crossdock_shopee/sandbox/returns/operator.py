"""What an operator does to returns: the buyer who sends something back, Shopee who judges."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_shopee.sandbox.orders.operator import PathValues, find
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus
from crossdock_shopee.sandbox.returns.lifecycle import NEXT, move_parcel, move_return, open_return
from crossdock_shopee.sandbox.returns.record import Return, ReturnItem, ReturnStatus
from crossdock_shopee.sandbox.state import State

_RETURNABLE = (OrderStatus.SHIPPED, OrderStatus.TO_CONFIRM_RECEIVE, OrderStatus.COMPLETED, OrderStatus.TO_RETURN)


class DraftReturnItem(BaseModel):
    """Units of the line with this SKU."""

    model_config = ConfigDict(extra="forbid")
    sku: str
    quantity: int = Field(ge=1)


class ReturnDraft(BaseModel):
    """Body of ``POST /orders/{order_sn}/return``; without items everything comes back.

    Attributes:
        refund_amount: None is what the buyer paid for the units.
        refund_only: the buyer keeps the goods.
    """

    model_config = ConfigDict(extra="forbid")
    items: list[DraftReturnItem] | None = None
    reason: str = "PHYSICAL_DMG"
    text_reason: str = ""
    refund_amount: Decimal | None = Field(default=None, ge=0)
    refund_only: bool = False


class ReturnMove(BaseModel):
    """Body of ``POST /returns/{return_sn}/move``: a new status of the return, of its parcel, or both."""

    model_config = ConfigDict(extra="forbid")
    status: ReturnStatus | None = None
    logistics_status: str | None = None
    tracking_number: str = ""


class BuyersAnswer(BaseModel):
    """Body of ``POST /returns/{return_sn}/answer``: the buyer accepts the offer, or proposes another amount."""

    model_config = ConfigDict(extra="forbid")
    accept: bool = True
    amount: Decimal | None = Field(default=None, gt=0)


class ReturnDesk:
    """The operator's actions on returns."""

    def __init__(self, state: State) -> None:
        self._state = state

    def actions(self) -> list[OperatorAction]:
        """As the server offers them."""
        return [
            OperatorAction("POST", "/orders/{order_sn}/return", "The buyer asks to return.", self.open, ReturnDraft),
            OperatorAction(
                "POST", "/returns/{return_sn}/move", "Move the return or its parcel.", self.move, ReturnMove
            ),
            OperatorAction(
                "POST", "/returns/{return_sn}/answer", "The buyer answers an offer.", self.answer, BuyersAnswer
            ),
            OperatorAction("GET", "/returns", "All returns, shortly.", self.show_all),
        ]

    async def open(self, draft: ReturnDraft, path: PathValues) -> dict[str, object]:
        """Open a return."""
        order = find(self._state, path, *_RETURNABLE)
        items = _items(order, draft)
        now = self._state.world.clock.timestamp()
        worth = sum((item.line.discounted_price * item.units for item in items), Decimal(0))
        found = Return(
            return_sn=f"{order.region.day(now)}{self._state.numbers.serial()}",
            order_sn=order.order_sn,
            shop_id=order.shop_id,
            currency=order.currency,
            buyer_username=order.buyer_username,
            items=items,
            reason=draft.reason,
            text_reason=draft.text_reason,
            refund_amount=worth if draft.refund_amount is None else draft.refund_amount,
            create_time=now,
            update_time=now,
            status_before=order.status,
            solution=1 if draft.refund_only else 0,
            after_completion=order.status is OrderStatus.COMPLETED,
        )
        open_return(self._state, order, found)
        return _summary(found)

    async def move(self, body: ReturnMove, path: PathValues) -> dict[str, object]:
        """Move the return, its parcel, or both."""
        found = self._find(path)
        now = self._state.world.clock.timestamp()
        if body.logistics_status is not None:
            move_parcel(self._state, found, body.logistics_status, body.tracking_number, now)
        if body.status is not None:
            if body.status not in NEXT[found.status]:
                allowed = ", ".join(sorted(NEXT[found.status])) or "nothing"
                raise OperatorError(f"a return that is {found.status} can become {allowed}, not {body.status}")
            order = find(self._state, {"order_sn": found.order_sn})
            move_return(self._state, order, found, body.status, now)
        return _summary(found)

    async def answer(self, body: BuyersAnswer, path: PathValues) -> dict[str, object]:
        """Let the buyer answer."""
        found = self._find(path)
        if found.negotiation_status != "PENDING_BUYER_RESPOND":
            raise OperatorError(f"return {found.return_sn} has no offer that waits for the buyer")
        now = self._state.world.clock.timestamp()
        order = find(self._state, {"order_sn": found.order_sn})
        if body.accept:
            found.agree()
            move_return(self._state, order, found, "ACCEPTED", now)
        else:
            found.negotiation_status = "PENDING_RESPOND"
            found.latest_offer, found.latest_creator = body.amount or found.refund_amount, "buyer"
            found.update_time = now
        return _summary(found)

    async def show_all(self, _body: None, _path: PathValues) -> dict[str, object]:
        """Every shop's returns."""
        return {"returns": [_summary(found) for found in self._state.returns.values()]}

    def _find(self, path: PathValues) -> Return:
        found = self._state.returns.get(path["return_sn"])
        if found is None:
            raise OperatorError(f"no return {path['return_sn']}", missing=True)
        return found


def _items(order: Order, draft: ReturnDraft) -> list[ReturnItem]:
    free = {line.line_item_id: line.active - line.return_requested for line in order.lines}
    if draft.items is None:
        items = [ReturnItem(line, free[line.line_item_id]) for line in order.lines if free[line.line_item_id]]
    else:
        items = [_item(order, wanted, free) for wanted in draft.items]
    if not items:
        raise OperatorError(f"order {order.order_sn} has nothing left to return")
    return items


def _item(order: Order, wanted: DraftReturnItem, free: dict[int, int]) -> ReturnItem:
    for line in order.lines:
        if wanted.sku in (line.model_sku, line.item_sku):
            if wanted.quantity > free[line.line_item_id]:
                raise OperatorError(f"only {free[line.line_item_id]} of {wanted.sku} can be returned")
            return ReturnItem(line, wanted.quantity)
    raise OperatorError(f"order {order.order_sn} has no {wanted.sku}", missing=True)


def _summary(found: Return) -> dict[str, object]:
    return {
        "return_sn": found.return_sn,
        "order_sn": found.order_sn,
        "status": found.status,
        "logistics_status": found.logistics_status,
        "refund_amount": str(found.refund_amount),
        "items": [{"sku": item.line.model_sku or item.line.item_sku, "quantity": item.units} for item in found.items],
    }
