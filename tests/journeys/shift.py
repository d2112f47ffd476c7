"""What a test says of a hall: both systems and crossdock in one process, over HTTP, in a time of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossdock_ls_central.sandbox.customer_orders.documents import CustomerOrder
from crossdock_shopee.sandbox.orders.record import Order
from tests.journeys.hall import ROUTE, Hall, opened
from tests.journeys.stage import SKUS

AN_HOUR = 3_600
TWO = [
    {"model_sku": SKUS[0], "quantity": 1, "original_price": "20.00"},
    {"model_sku": SKUS[1], "quantity": 1, "original_price": "8.50"},
]


@dataclass
class Shift:
    """What a test says of a hall."""

    hall: Hall

    async def place(self, later: float = 60, **order: object) -> str:
        """Place an order and take it over, so many seconds later; its number."""
        number: str = (await self.hall.shop_desk.act("/orders", {"items": TWO[:1]} | order))["order_sn"]
        await self.pull(later)
        return number

    async def pull(self, later: float = 60) -> None:
        """Let so many seconds pass, then run the lane."""
        await self.hall.clock.sleep(later)
        await (await self.hall.engine()).pull(ROUTE)

    async def at_shop(self, number: str, what: str, **body: object) -> None:
        """A person at Shopee's side, or the carrier."""
        await self.hall.shop_desk.act(f"/orders/{{order_sn}}/{what}", body or None, order_sn=number)

    async def at_central(self, number: str, what: str, **body: object) -> dict[str, Any]:
        """A person in LS Central."""
        document: dict[str, Any] = await self.hall.central_desk.act(f"/orders/{{order}}/{what}", body, order=number)
        return document

    def order(self, number: str) -> Order:
        """The order as Shopee holds it."""
        found = self.hall.shopee.state.find_order(number)
        assert found is not None
        return found

    def numbers(self, number: str) -> dict[str, str]:
        """Posted shipment to Package Tracking No., as LS Central holds them."""
        return {shipment.number: shipment.tracking_no for shipment in self.document(number).shipments}

    def document(self, number: str) -> CustomerOrder:
        """The Customer Order as LS Central holds it: there is exactly one."""
        [document] = self.hall.central.company.by_external_id(number)
        return document

    def modes(self) -> list[str]:
        """In which way each parcel was arranged through the API."""
        return [write.facts["mode"] for write in self.hall.shopee.world.oracle.writes("ship_order")]

    async def parked(self) -> dict[str, str]:
        """Order to the reason why it waits for a person."""
        return {item.key: f"{item.cause}: {item.reason}" for item in await (await self.hall.engine()).parked(ROUTE)}

    async def told(self, number: str) -> str:
        """What `crossdock explain` tells of the order."""
        [(_, pair, events, _)] = await (await self.hall.engine()).explain(number)
        verdict = (await self.hall.engine()).verdict(ROUTE, pair)
        return "\n".join([*(f"{event.what} {event.text}" for event in events), verdict.why])


@asynccontextmanager
async def on_shift(folder: Path, orders: str = "", posting: str = "") -> AsyncIterator[Shift]:
    """A shift in `folder`; `orders` is TOML of the route's orders, `posting` the owner's own way to post documents."""
    async with opened(folder / "hall", 7, orders, posting=posting) as hall:
        yield Shift(hall)
