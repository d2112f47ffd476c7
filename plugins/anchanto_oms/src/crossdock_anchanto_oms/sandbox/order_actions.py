"""Operator actions on orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_anchanto_oms.sandbox import orders, picking
from crossdock_anchanto_oms.sandbox.bodies import ChangeOrder, CreateOrder, MoveBody
from crossdock_anchanto_oms.sandbox.desk import Desk, Json
from crossdock_anchanto_oms.sandbox.moves import move
from crossdock_anchanto_oms.sandbox.records import Order
from crossdock_anchanto_oms.sandbox.seller import Seller
from crossdock_anchanto_oms.sandbox.states import CANCELLING

Count = Annotated[int, Field(ge=0)]


class Pick(BaseModel):
    """Pieces by line reference; without it everything is picked."""

    model_config = ConfigDict(extra="forbid")
    lines: dict[str, Count] | None = None


class PutAway(BaseModel):
    """Damaged pieces by line reference; the rest is sellable."""

    model_config = ConfigDict(extra="forbid")
    damaged: dict[str, Count] = {}


class Hold(BaseModel):
    """Why the order must not be picked; null lets it go."""

    model_config = ConfigDict(extra="forbid")
    hold: str | None = Field(default=None, max_length=64)


class OrderDesk:
    """Everything that happens to an order in the OMS, in the WMS and on the road."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def actions(self) -> list[OperatorAction]:
        """The actions as routes below ``/_sandbox``."""
        act, one = self._desk.action, "/orders/{order_id}"
        return [
            act("POST", "/stores/{store_code}/orders", "A person enters an order.", self.enter, CreateOrder),
            act("GET", "/orders", "All orders, shortly.", self.show_all),
            act("GET", one, "The order as the wire shows it; by its number or the marketplace's.", self.show),
            act("POST", one + "/pick", "Pick, in the WMS or by hand.", self.pick, Pick),
            act("POST", one + "/ready-to-ship", "Mark Ready to Ship by hand.", self._simply(picking.make_ready)),
            act("POST", one + "/pack", "Pack.", self._simply(picking.pack)),
            act("POST", one + "/dispatch", "The carrier takes the parcel.", self._simply(picking.dispatch)),
            act("POST", one + "/put-away", "Goods go back on the shelf.", self.put_away, PutAway),
            act("POST", one + "/moves", "Any other legal move by a person.", self.move, MoveBody),
            act("PUT", one + "/hold", "Put on hold, or let go.", self.hold, Hold),
        ]

    def enter(self, sent: CreateOrder, path: dict[str, str]) -> Json:
        """A manual order."""
        return self._desk.shown(orders.create(self._desk.seller, path["store_code"], sent))

    def show_all(self, _body: None, _path: dict[str, str]) -> Json:
        """Number, the marketplace's number and state of every order."""
        names = ("order_id", "channel_reference", "state", "total", "currency")
        orders_ = [order for shop in self._desk.seller.shops.values() for order in shop.orders.values()]
        return {"orders": [{name: self._desk.shown(order)[name] for name in names} for order in orders_]}

    def show(self, _body: None, path: dict[str, str]) -> Json:
        """An order, without sign-in."""
        return self._desk.shown(self._desk.order(path))

    def pick(self, asked: Pick, path: dict[str, str]) -> Json:
        """Some or all goods are taken off the shelf."""
        order = self._desk.order(path)
        picking.pick(self._desk.seller, order, asked.lines)
        return self._desk.shown(order)

    def put_away(self, asked: PutAway, path: dict[str, str]) -> Json:
        """Goods of a cancelled or undeliverable order come back."""
        order = self._desk.order(path)
        picking.put_away(self._desk.seller, order, asked.damaged)
        return self._desk.shown(order)

    def move(self, asked: MoveBody, path: dict[str, str]) -> Json:
        """A legal move; Ready to Ship, dispatch and putaway have actions of their own, with their conditions."""
        own = {
            "READY_TO_SHIP": "ready-to-ship",
            "PACKED": "pack",
            "IN_TRANSIT": "dispatch",
            "FAILED_DELIVERY_PUTAWAY": "put-away",
        }
        order = self._desk.order(path)
        if asked.to in own and order.state not in CANCELLING:
            raise OperatorError(f"use /_sandbox/orders/{order.order_id}/{own[asked.to]} to bring it to {asked.to}")
        move(self._desk.seller, order, asked, by_person=True)
        return self._desk.shown(order)

    def hold(self, asked: Hold, path: dict[str, str]) -> Json:
        """Put on hold or let go."""
        order = self._desk.order(path)
        orders.change(self._desk.seller, order, ChangeOrder(hold=asked.hold))
        return self._desk.shown(order)

    def _simply(self, act: Callable[[Seller, Order], None]) -> Callable[[None, dict[str, str]], Json]:
        def run(_body: None, path: dict[str, str]) -> Json:
            order = self._desk.order(path)
            act(self._desk.seller, order)
            return self._desk.shown(order)

        return run
