"""What an operator does to orders: the test console, the buyer and Seller Center in one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_shopee.sandbox.orders.creation import new_order
from crossdock_shopee.sandbox.orders.draft import BulkDraft, OrderDraft
from crossdock_shopee.sandbox.orders.invoices import take_invoice
from crossdock_shopee.sandbox.orders.lifecycle import (
    CANCELLABLE,
    cancel,
    cancel_units,
    drop_empty_parcels,
    make_ready,
    move,
    place,
    touch,
)
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus, Patch
from crossdock_shopee.sandbox.settings import SHOP_ID
from crossdock_shopee.sandbox.state import Shop, State

PathValues = dict[str, str]


class Cancellation(BaseModel):
    """Body of ``POST /orders/{order_sn}/cancel``; without a reason it is the usual one of who cancels."""

    model_config = ConfigDict(extra="forbid")
    by: Literal["buyer", "seller", "system", "Ops"] = "buyer"
    reason: str = ""


class PartCancellation(BaseModel):
    """Body of ``POST /orders/{order_sn}/cancel-part``: units of the line with this SKU."""

    model_config = ConfigDict(extra="forbid")
    sku: str
    quantity: int = Field(default=1, ge=1)


class ShippingFee(BaseModel):
    """Body of ``POST /orders/{order_sn}/shipping-fee``: what the buyer is charged, in the order's currency."""

    model_config = ConfigDict(extra="forbid")
    amount: Decimal = Field(ge=0)


class Corruption(BaseModel):
    """Body of ``POST /orders/{order_sn}/corrupt``: put `value` at the dotted `path` of the body, or `remove` it."""

    model_config = ConfigDict(extra="forbid")
    path: str
    value: Any = None
    remove: bool = False


_USUAL_REASONS = {
    "buyer": "Buyer Request to Cancel",
    "seller": "Out of Stock",
    "system": "Auto Cancel",
    "Ops": "Auto Cancel",
}


class OrderDesk:
    """The operator's actions on orders."""

    def __init__(self, state: State) -> None:
        self._state = state

    def actions(self) -> list[OperatorAction]:
        """As the server offers them."""
        one = "/orders/{order_sn}"
        return [
            OperatorAction("POST", "/orders", "Place a test order; {} is enough.", self.create, OrderDraft),
            OperatorAction("POST", "/orders/bulk", "Place many like orders.", self.create_many, BulkDraft),
            OperatorAction("GET", "/orders", "All orders, shortly.", self.show_all),
            OperatorAction("GET", one, "One order.", self.show),
            OperatorAction("POST", f"{one}/pay", "The buyer pays.", self.pay),
            OperatorAction("POST", f"{one}/release", "Shopee's checks of a pending order end.", self.release),
            OperatorAction("POST", f"{one}/cancel", "Cancel at once.", self.cancel, Cancellation),
            OperatorAction("POST", f"{one}/cancel-part", "Cancel units.", self.cancel_part, PartCancellation),
            OperatorAction("POST", f"{one}/shipping-fee", "Charge another fee.", self.charge_shipping, ShippingFee),
            OperatorAction("POST", f"{one}/invoice", "The seller uploads the invoice that is asked for.", self.invoice),
            OperatorAction("POST", f"{one}/corrupt", "Make the order's body malformed.", self.corrupt, Corruption),
            OperatorAction("DELETE", f"{one}/corrupt", "Mend the order's body.", self.mend),
        ]

    async def create(self, draft: OrderDraft, _path: PathValues) -> dict[str, object]:
        """Place one order."""
        return summary(self._place(self._shop(draft), draft, draft.age_seconds))

    async def create_many(self, bulk: BulkDraft, _path: PathValues) -> dict[str, object]:
        """Place many orders, the oldest first."""
        shop = self._shop(bulk.order)
        oldest = bulk.order.age_seconds + bulk.spread_seconds
        step = bulk.spread_seconds / max(bulk.count - 1, 1)
        ages = [round(oldest - number * step) for number in range(bulk.count)]
        return {"order_sns": [self._place(shop, bulk.order, age).order_sn for age in ages]}

    async def show_all(self, _body: None, _path: PathValues) -> dict[str, object]:
        """Every shop's orders."""
        return {"orders": [summary(order) for shop in self._state.shops.values() for order in shop.orders]}

    async def show(self, _body: None, path: PathValues) -> dict[str, object]:
        """One order."""
        return summary(find(self._state, path))

    async def pay(self, _body: None, path: PathValues) -> dict[str, object]:
        """Let the buyer pay."""
        order = find(self._state, path, OrderStatus.UNPAID)
        make_ready(self._state, order, self._now())
        return summary(order)

    async def release(self, _body: None, path: PathValues) -> dict[str, object]:
        """Let Shopee's own checks end."""
        order = find(self._state, path, OrderStatus.PENDING)
        make_ready(self._state, order, self._now(), paid=False)
        return summary(order)

    async def invoice(self, _body: None, path: PathValues) -> dict[str, object]:
        """Let the seller upload it in Seller Center."""
        order = find(self._state, path, OrderStatus.READY_TO_SHIP)
        if not order.invoice_pending:
            raise OperatorError(f"order {order.order_sn} waits for no invoice")
        take_invoice(self._state, order, self._now())
        return summary(order)

    async def cancel(self, body: Cancellation, path: PathValues) -> dict[str, object]:
        """Cancel for the buyer, the seller or the system."""
        order = find(self._state, path, *CANCELLABLE)
        reason = body.reason or _USUAL_REASONS[body.by]
        if body.by == "buyer":
            order.buyer_cancel_reason = reason
        cancel(self._state, order, body.by, reason, self._now())
        return summary(order)

    async def cancel_part(self, body: PartCancellation, path: PathValues) -> dict[str, object]:
        """Cancel some units of a line for the seller; something must be left."""
        order = find(self._state, path, OrderStatus.READY_TO_SHIP)
        line = next((line for line in order.lines if body.sku in (line.model_sku, line.item_sku)), None)
        if line is None or line.active < body.quantity:
            raise OperatorError(f"order {order.order_sn} has no {body.quantity} x {body.sku} to cancel")
        if sum(each.active for each in order.lines) == body.quantity:
            raise OperatorError("something of the order must be left; cancel it as a whole")
        cancel_units(self._state, order, line, body.quantity)
        drop_empty_parcels(order)
        touch(self._state, order, self._now())
        return summary(order)

    async def charge_shipping(self, body: ShippingFee, path: PathValues) -> dict[str, object]:
        """Charge the buyer another shipping fee than at checkout; the total and the accounting follow."""
        order = find(self._state, path)
        if order.status is OrderStatus.CANCELLED:
            raise OperatorError(f"order {order.order_sn} is cancelled")
        if order.region.round(body.amount) != body.amount:
            raise OperatorError(f"{body.amount} {order.currency} is not a whole number of its smallest units")
        order.checkout.shipping_fee = body.amount
        touch(self._state, order, self._now())
        return summary(order)

    async def corrupt(self, body: Corruption, path: PathValues) -> dict[str, object]:
        """Make the body malformed; the order counts as changed, so that it is read again."""
        order = find(self._state, path)
        order.patches.append(Patch(body.path, body.value, body.remove))
        touch(self._state, order, self._now())
        return summary(order)

    async def mend(self, _body: None, path: PathValues) -> dict[str, object]:
        """Take all defects away."""
        order = find(self._state, path)
        order.patches.clear()
        touch(self._state, order, self._now())
        return summary(order)

    def _place(self, shop: Shop, draft: OrderDraft, age_seconds: int) -> Order:
        created = self._now() - age_seconds
        order = new_order(self._state, shop, draft, created)
        place(self._state, order)
        if draft.pending:
            order.pay_time = created
            move(self._state, order, OrderStatus.PENDING, created)
        elif draft.paid or draft.cod:
            make_ready(self._state, order, created, paid=draft.paid and not draft.cod)
        return order

    def _shop(self, draft: OrderDraft) -> Shop:
        shop = self._state.shops.get(draft.shop_id or SHOP_ID)
        if shop is None:
            raise OperatorError(f"no shop {draft.shop_id}; there are {sorted(self._state.shops)}", missing=True)
        return shop

    def _now(self) -> int:
        return self._state.world.clock.timestamp()


def find(state: State, path: PathValues, *allowed: OrderStatus) -> Order:
    """The order that the path names.

    Raises:
        OperatorError: there is none, or it is in none of the `allowed` statuses (any, when none is named).
    """
    order = state.find_order(path["order_sn"])
    if order is None:
        raise OperatorError(f"no order {path['order_sn']}", missing=True)
    if allowed and order.status not in allowed:
        names = ", ".join(sorted(allowed))
        raise OperatorError(f"order {order.order_sn} is {order.status}; this is possible only in {names}")
    return order


def summary(order: Order) -> dict[str, object]:
    """An order in a few words, as the operator's actions answer it."""
    return {
        "order_sn": order.order_sn,
        "shop_id": order.shop_id,
        "order_status": order.status,
        "create_time": order.create_time,
        "update_time": order.update_time,
        "cancel_by": order.cancel_by,
        "cancel_reason": order.cancel_reason,
        "items": [
            {"item_sku": line.item_sku, "model_sku": line.model_sku, "quantity": line.quantity, "active": line.active}
            for line in order.lines
        ],
        "packages": [
            {
                "package_number": package.number,
                "logistics_status": package.status,
                "arranged": package.arranged_at is not None,
                "tracking_number": package.tracking_number,
            }
            for package in order.packages
        ],
    }
