"""What a person does with orders in the simulated LS Central."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_ls_central.sandbox.company import Company
from crossdock_ls_central.sandbox.customer_orders.cancelling import cancel
from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder
from crossdock_ls_central.sandbox.customer_orders.posting import CannotPost, pick, post
from crossdock_ls_central.sandbox.customer_orders.tracking import set_tracking
from crossdock_ls_central.sandbox.people.views import order_summary, order_view
from crossdock_ls_central.sandbox.refusal import BusinessRefusal

View = dict[str, Any]
Path = dict[str, str]


class LineQuantity(BaseModel):
    """Some of a line."""

    model_config = ConfigDict(extra="forbid")
    line_no: int
    quantity: Decimal


class SomeLines(BaseModel):
    """Which lines; none means all that is left."""

    model_config = ConfigDict(extra="forbid")
    lines: list[LineQuantity] = Field(default_factory=list)

    def quantities(self) -> dict[int, Decimal]:
        """Quantity by line number."""
        return {line.line_no: line.quantity for line in self.lines}


class Posting(SomeLines):
    """What to post, whether to invoice it too, and the tracking number, if the carrier gave one at once."""

    invoice: bool = True
    tracking_no: str = ""


class Tracking(BaseModel):
    """The carrier's number; agent and service stay as they are when left out."""

    model_config = ConfigDict(extra="forbid")
    tracking_no: str
    agent: str = ""
    agent_service: str = ""


class PostMany(BaseModel):
    """How many open orders to post, oldest first; None posts all. A prefix gives each shipment a tracking number."""

    model_config = ConfigDict(extra="forbid")
    count: int | None = Field(default=None, gt=0)
    tracking_prefix: str = ""


class NewStatus(BaseModel):
    """A status code of the setup; a line number, or the whole order."""

    model_config = ConfigDict(extra="forbid")
    status: str
    line_no: int | None = None


class Hold(BaseModel):
    """Whether the order is on hold."""

    model_config = ConfigDict(extra="forbid")
    on_hold: bool = True


class OrderDesk:
    """The person at the Customer Order and Sales Order pages."""

    def __init__(self, company: Company) -> None:
        self._company = company

    async def list(self, _body: None, _path: Path) -> View:
        """All orders, open and posted."""
        return {"orders": [order_summary(order) for order in self._company.orders.values()]}

    async def show(self, _body: None, path: Path) -> View:
        """One order with all that belongs to it."""
        return order_view(self._order(path))

    async def pick(self, _body: None, path: Path) -> View:
        """All lines are picked in full."""
        return self._picked(self._order(path), {})

    async def short_pick(self, body: SomeLines, path: Path) -> View:
        """The lines are picked, but some quantities are not there."""
        if not body.lines:
            raise OperatorError("name the lines that are short, and by how much: lines: [{line_no, quantity}]")
        return self._picked(self._order(path), body.quantities())

    async def post(self, body: Posting, path: Path) -> View:
        """Ship, or ship and invoice."""
        order = self._order(path)
        try:
            shipment = post(self._company, order, body.quantities(), invoice=body.invoice)
        except CannotPost as error:
            raise OperatorError(str(error)) from error
        if body.tracking_no:
            set_tracking(
                self._company, shipment, body.tracking_no, agent=shipment.agent, agent_service=shipment.agent_service
            )
        return order_view(order)

    async def post_many(self, body: PostMany, _path: Path) -> View:
        """Ship and invoice many open orders."""
        waiting = [order for order in self._company.orders_where(posted=False) if order.sales_order_no]
        for order in waiting[: body.count]:
            shipment = post(self._company, order, {})
            if body.tracking_prefix:
                number = f"{body.tracking_prefix}{shipment.number}"
                agent, service = shipment.agent, shipment.agent_service
                set_tracking(self._company, shipment, number, agent=agent, agent_service=service)
        return {"posted": len(waiting[: body.count])}

    async def track(self, body: Tracking, path: Path) -> View:
        """Write a tracking number to a posted shipment."""
        shipment = self._company.shipments.get(path["shipment"])
        if shipment is None:
            raise OperatorError(f"there is no posted shipment {path['shipment']}", missing=True)
        set_tracking(
            self._company,
            shipment,
            body.tracking_no,
            agent=body.agent or shipment.agent,
            agent_service=body.agent_service or shipment.agent_service,
        )
        return order_view(shipment.order)

    async def cancel(self, body: SomeLines, path: Path) -> View:
        """Cancel all, or some lines."""
        order = self._order(path)
        try:
            cancel(self._company, order.document_id, body.quantities(), by="person")
        except BusinessRefusal as error:
            raise OperatorError(error.text) from error
        return order_view(order)

    async def delete(self, _body: None, path: Path) -> View:
        """Delete the order from all tables."""
        order = self._order(path)
        self._company.delete_order(order)
        self._company.world.oracle.record("delete_order", order.external_id or order.document_id)
        return {"deleted": order.document_id}

    async def status(self, body: NewStatus, path: Path) -> View:
        """Give the order or a line a status."""
        order = self._order(path)
        if body.status not in self._company.statuses:
            raise OperatorError(f"status {body.status} is not set up; there are {', '.join(self._company.statuses)}")
        if body.line_no is not None and order.line(body.line_no) is None:
            raise OperatorError(f"order {order.document_id} has no line {body.line_no}", missing=True)
        self._company.log_status(order, body.line_no or 0, body.status)
        return order_view(order)

    async def hold(self, body: Hold, path: Path) -> View:
        """Put the order on hold, or release it."""
        order = self._order(path)
        order.on_hold = body.on_hold
        self._company.touch_order(order)
        return order_view(order)

    def _picked(self, order: CustomerOrder, short: dict[int, Decimal]) -> View:
        try:
            pick(self._company, order, short)
        except CannotPost as error:
            raise OperatorError(str(error)) from error
        return order_view(order)

    def _order(self, path: Path) -> CustomerOrder:
        name = path["order"]
        found = self._company.order(name)
        if found is None:
            found = next(reversed(self._company.by_external_id(name)), None)
        if found is None:
            raise OperatorError(f"there is no order with document id or External ID {name}", missing=True)
        return found


def order_actions(company: Company) -> Sequence[OperatorAction]:
    """The actions on orders; ``{order}`` is a document id or an External ID."""
    desk = OrderDesk(company)
    one = "/orders/{order}"
    return [
        OperatorAction("GET", "/orders", "All Customer Orders, open and posted.", desk.list),
        OperatorAction("GET", one, "A Customer Order with lines, payments, shipments and totals.", desk.show),
        OperatorAction("POST", f"{one}/pick", "Pick all lines in full.", desk.pick),
        OperatorAction("POST", f"{one}/short-pick", "Pick, with some quantities missing.", desk.short_pick, SomeLines),
        OperatorAction("POST", f"{one}/post", "Post: ship and invoice, all or some lines.", desk.post, Posting),
        OperatorAction("POST", "/orders-post", "Ship and invoice many open orders.", desk.post_many, PostMany),
        OperatorAction("POST", f"{one}/cancel", "Cancel, all or some lines, as a person does.", desk.cancel, SomeLines),
        OperatorAction("POST", f"{one}/delete", "Delete the order without a trace.", desk.delete),
        OperatorAction("POST", f"{one}/status", "Give the order or a line a status code.", desk.status, NewStatus),
        OperatorAction(
            "POST", "/shipments/{shipment}/tracking", "Write a tracking number to a shipment.", desk.track, Tracking
        ),
        OperatorAction("POST", f"{one}/hold", "Put the order on hold, or release it.", desk.hold, Hold),
    ]
