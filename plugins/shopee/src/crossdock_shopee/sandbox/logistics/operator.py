"""What an operator does to parcels: Seller Center's buttons, the carrier, the buyer at the door."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from crossdock.sandbox import OperatorAction, OperatorError
from crossdock_shopee.sandbox.logistics.channels import ADDRESSES, CHANNELS, pickup_slots
from crossdock_shopee.sandbox.logistics.parcels import (
    Arrangement,
    Failure,
    arrange,
    complete,
    deliver,
    fail,
    miss_pickup,
    pick_up,
)
from crossdock_shopee.sandbox.orders.lifecycle import request_cancel
from crossdock_shopee.sandbox.orders.operator import PathValues, find, summary
from crossdock_shopee.sandbox.orders.record import Order, OrderStatus, Package, PackageStatus
from crossdock_shopee.sandbox.orders.splitting import divide
from crossdock_shopee.sandbox.state import State

_SHIPPABLE = (OrderStatus.READY_TO_SHIP, OrderStatus.RETRY_SHIP)
_Act = Callable[[State, Order, Package, int], None]


class WhichPackage(BaseModel):
    """Body of most actions; without a number it is every parcel that fits."""

    model_config = ConfigDict(extra="forbid")
    package_number: str | None = None


class Failing(WhichPackage):
    """Body of ``POST /orders/{order_sn}/fail``."""

    outcome: Failure = "failed_delivery"


class BuyersWish(BaseModel):
    """Body of ``POST /orders/{order_sn}/buyer-cancel-request``."""

    model_config = ConfigDict(extra="forbid")
    reason: str = "Need to change delivery address"


class CarrierDesk:
    """The operator's actions on parcels."""

    def __init__(self, state: State) -> None:
        self._state = state

    def actions(self) -> list[OperatorAction]:
        """As the server offers them."""
        one = "/orders/{order_sn}"
        wish = f"{one}/buyer-cancel-request"
        return [
            OperatorAction("POST", f"{one}/arrange", "Seller Center: arrange shipment.", self.arrange, WhichPackage),
            OperatorAction("POST", f"{one}/pickup", "The carrier takes the parcel.", self.pickup, WhichPackage),
            OperatorAction("POST", f"{one}/miss-pickup", "The carrier came in vain.", self.miss, WhichPackage),
            OperatorAction("POST", f"{one}/deliver", "The buyer has the parcel.", self.deliver, WhichPackage),
            OperatorAction("POST", f"{one}/fail", "The delivery fails for good.", self.fail, Failing),
            OperatorAction("POST", f"{one}/complete", "The order ends.", self.complete),
            OperatorAction("POST", wish, "The buyer asks to cancel.", self.wish, BuyersWish),
            OperatorAction("POST", f"{one}/split", "Seller Center: one parcel for each line.", self.split),
            OperatorAction("POST", f"{one}/unsplit", "Seller Center: one parcel again.", self.unsplit),
        ]

    async def arrange(self, body: WhichPackage, path: PathValues) -> dict[str, object]:
        """Arrange as the seller would in Seller Center, in the channel's first way."""
        order = find(self._state, path, *_SHIPPABLE)
        statuses = (PackageStatus.READY, PackageStatus.PICKUP_RETRY)
        free = [package for package in _chosen(order, body, *statuses) if _may_arrange(package)]
        if not free:
            raise OperatorError(f"every parcel of order {order.order_sn} is arranged already")
        for package in free:
            arrange(self._state, order, package, _usual_plan(package, self._now()), self._now())
        self._state.agenda.settle()
        return summary(order)

    async def pickup(self, body: WhichPackage, path: PathValues) -> dict[str, object]:
        """Let the carrier take parcels."""
        return self._each(body, path, pick_up, PackageStatus.REQUEST_CREATED)

    async def miss(self, body: WhichPackage, path: PathValues) -> dict[str, object]:
        """Let the carrier come in vain."""
        return self._each(body, path, miss_pickup, PackageStatus.REQUEST_CREATED)

    async def deliver(self, body: WhichPackage, path: PathValues) -> dict[str, object]:
        """Let parcels arrive."""
        return self._each(body, path, deliver, PackageStatus.PICKUP_DONE)

    async def fail(self, body: Failing, path: PathValues) -> dict[str, object]:
        """Let a delivery fail."""

        def act(state: State, order: Order, package: Package, at: int) -> None:
            fail(state, order, package, body.outcome, at)

        return self._each(body, path, act, PackageStatus.PICKUP_DONE)

    async def complete(self, _body: None, path: PathValues) -> dict[str, object]:
        """End the order."""
        order = find(self._state, path, OrderStatus.TO_CONFIRM_RECEIVE)
        complete(self._state, order, self._now())
        return summary(order)

    async def wish(self, body: BuyersWish, path: PathValues) -> dict[str, object]:
        """Let the buyer ask for a cancellation."""
        order = find(self._state, path, *_SHIPPABLE, OrderStatus.PROCESSED)
        request_cancel(self._state, order, body.reason, self._now())
        return summary(order)

    async def split(self, _body: None, path: PathValues) -> dict[str, object]:
        """Divide the order."""
        order = find(self._state, path, OrderStatus.READY_TO_SHIP)
        if order.split_up or len(order.lines) < 2 or order.packages[0].arranged_at is not None:
            raise OperatorError(f"order {order.order_sn} cannot be split: it has one line, is split, or is arranged")
        divide(self._state, order, [[line] for line in order.lines], self._now())
        return summary(order)

    async def unsplit(self, _body: None, path: PathValues) -> dict[str, object]:
        """Put everything into one parcel again."""
        order = find(self._state, path, OrderStatus.READY_TO_SHIP)
        if not order.split_up or any(package.arranged_at is not None for package in order.packages):
            raise OperatorError(f"order {order.order_sn} cannot be put together: it is not split, or is arranged")
        divide(self._state, order, [order.lines], self._now())
        return summary(order)

    def _each(self, body: WhichPackage, path: PathValues, act: _Act, status: PackageStatus) -> dict[str, object]:
        order = find(self._state, path)
        if order.status is OrderStatus.CANCELLED:
            raise OperatorError(f"order {order.order_sn} is cancelled")
        for package in _chosen(order, body, status):
            act(self._state, order, package, self._now())
        return summary(order)

    def _now(self) -> int:
        return self._state.world.clock.timestamp()


def _chosen(order: Order, body: WhichPackage, *statuses: PackageStatus) -> list[Package]:
    named = [package for package in order.packages if body.package_number in (None, package.number)]
    if not named:
        raise OperatorError(f"order {order.order_sn} has no package {body.package_number}", missing=True)
    fitting = [package for package in named if package.status in statuses]
    if not fitting:
        seen = ", ".join(sorted({package.status for package in named}))
        wanted = " or ".join(statuses)
        raise OperatorError(f"the parcels of order {order.order_sn} are {seen}; this is possible only in {wanted}")
    return fitting


def _may_arrange(package: Package) -> bool:
    return package.arranged_at is None or package.status is PackageStatus.PICKUP_RETRY


def _usual_plan(package: Package, now: int) -> Arrangement:
    channel = CHANNELS[package.channel_id]
    mode = next(iter(channel.modes))
    if mode == "pickup":
        slot = str(pickup_slots(now)[0]["pickup_time_id"]) if channel.has_slots else ""
        return Arrangement(mode, ADDRESSES[0].id, slot)
    takes_number = any(name.startswith("tracking") for name in channel.modes[mode])
    return Arrangement(mode, tracking_number=f"OWN{package.number[3:]}" if takes_number else "")
