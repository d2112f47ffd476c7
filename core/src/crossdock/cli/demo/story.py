"""The chapters of the demo. What it claims, it reads back from the systems, not from our own ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.table import Table

from crossdock.cli.demo.checks import Checks
from crossdock.cli.demo.orders import NEW_ITEM, PAID, SIMPLE, UNKNOWN, UNPAID, Draft
from crossdock.cli.demo.systems import System
from crossdock.cli.output import table
from crossdock.config.abilities import can
from crossdock.model import Money, Order
from crossdock.runner import Engine

_TRACKING_SECONDS = 240
"""By when the simulated carrier has issued a tracking number."""


class Story:
    """Plays the chapters one after the other.

    Args:
        engine: runs the routes.
        shops: route to the Shopee sandbox at its channel.
        centrals: route to the LS Central sandbox at its backend.
        checks: where claims go.
    """

    def __init__(
        self, engine: Engine, shops: Mapping[str, System], centrals: Mapping[str, System], checks: Checks
    ) -> None:
        self.engine = engine
        self.shops = shops
        self.centrals = centrals
        self.checks = checks
        self.numbers: dict[str, str] = {}
        """Title of a draft to the number that Shopee gave it."""

    async def play(self) -> None:
        """All chapters."""
        await self.orders_come_in()
        await self.nothing_happens_twice()
        await self.an_unpaid_order_follows()
        await self.an_unknown_item_waits_for_a_person()
        if self._can_ship():
            await self.a_shipment_goes_back()

    async def orders_come_in(self) -> None:
        """Buyers order, one run takes the orders over."""
        self.checks.chapter("Buyers order in Shopee, and one run makes Customer Orders in LS Central")
        for draft in (*PAID, UNPAID):
            await self._place(draft)
        await self._run("sg")
        await self._run("id")
        found = {draft.title: await self._customer_order(draft) for draft in PAID}
        self.checks.output.show(await self._both_sides(PAID, found))
        for draft in PAID:
            self._check_order(draft, found[draft.title])
        waiting = await self._customer_order(UNPAID)
        self.checks.that("the unpaid order stays out", waiting is None, f"{self._number(UNPAID)}: {_of(waiting)}")

    async def nothing_happens_twice(self) -> None:
        """A second run finds that both sides agree."""
        self.checks.chapter("The same run again")
        steps = [await self._run(route) for route in self.shops]
        self.checks.that("there is nothing left to do", sum(steps) == 0, f"{sum(steps)} steps")
        for route, central in self.centrals.items():
            counts = await central.writes("create_order")
            twice = [key for key, count in counts.items() if count > 1]
            figures = f"{len(counts)} orders, {sum(counts.values())} creates by its own record"
            self.checks.that(
                f"LS Central {route.upper()} was given every order once", not twice and bool(counts), figures
            )

    async def an_unpaid_order_follows(self) -> None:
        """Paying is what makes an order ours."""
        self.checks.chapter("The buyer pays the order that was waiting")
        await self.shops["sg"].do(f"/orders/{self._number(UNPAID)}/pay")
        await self._run("sg")
        self._check_order(UNPAID, await self._customer_order(UNPAID))

    async def an_unknown_item_waits_for_a_person(self) -> None:
        """One order is put aside; the others do not notice."""
        self.checks.chapter(f"Somebody sells item {NEW_ITEM}, which LS Central does not know")
        number = await self._place(UNKNOWN)
        await self._run("sg")
        parked = [item for item in await self.engine.parked("sg") if item.key == number]
        reason = parked[0].reason if parked else "not parked"
        self.checks.that("the order is parked with its reason", NEW_ITEM in reason, f"{number}: {reason}")
        await self.centrals["sg"].do("/items", {"number": NEW_ITEM, "description": "Travel mug", "stock": 10})
        released = await self.engine.retry("sg", [number])
        self.checks.that(
            "the item is created, and `parked retry` releases the order", released == 1, f"{released} item"
        )
        await self._run("sg")
        self._check_order(UNKNOWN, await self._customer_order(UNKNOWN))
        left = await self.engine.parked()
        self.checks.that("nothing is parked any more", not left, f"{len(left)} items")

    async def a_shipment_goes_back(self) -> None:
        """Posting arranges the shipment; the tracking number follows when the carrier issued it."""
        self.checks.chapter("The order is posted in LS Central")
        number, shop, central = self._number(SIMPLE), self.shops["sg"], self.centrals["sg"]
        await central.do(f"/orders/{number}/pick")
        await central.do(f"/orders/{number}/post")
        await self._run("sg")
        parcel = (await shop.look(f"/orders/{number}"))["packages"][0]
        figures = f"{number}: parcel {parcel['package_number']}, {parcel['logistics_status']}"
        self.checks.that("its shipment is arranged in Shopee", parcel["arranged"], figures)
        await shop.do("/clock", {"advance_seconds": _TRACKING_SECONDS})
        await self._run("sg", [number])
        shown = await shop.look(f"/orders/{number}")
        status, theirs = shown["order_status"], shown["packages"][0]["tracking_number"]
        self.checks.that("Shopee shows it as processed", status == "PROCESSED", f"{number}: {status}")
        posted = (await central.look(f"/orders/{number}"))["shipments"]
        ours = posted[0]["tracking_no"] if posted else ""
        self.checks.that("its tracking number is in LS Central", bool(theirs) and ours == theirs, f"{theirs} → {ours}")
        arranged = (await shop.writes("ship_order"))[number]
        self.checks.that("Shopee was told once", arranged == 1, f"{arranged} ship_order by its own record")

    def _can_ship(self) -> bool:
        connections = self.engine.configuration.connections
        return can(connections["shop-sg"].plugin, "arrange_shipment") and can(
            connections["central-sg"].plugin, "push_tracking"
        )

    async def _place(self, draft: Draft) -> str:
        placed = await self.shops[draft.route].do("/orders", draft.body)
        self.numbers[draft.title] = str(placed["order_sn"])
        return self.numbers[draft.title]

    async def _run(self, route: str, only: Sequence[str] = ()) -> int:
        """Run the orders lane of `route` once; how many steps it took."""
        report = await self.engine.pull(route, only)
        return sum(report.steps.values())

    def _number(self, draft: Draft) -> str:
        return self.numbers[draft.title]

    async def _customer_order(self, draft: Draft) -> dict[str, Any] | None:
        """The Customer Order as LS Central shows it, found by its External ID; None when there is none."""
        listed = (await self.centrals[draft.route].look("/orders"))["orders"]
        found = [order for order in listed if order["external_id"] == self._number(draft)]
        return await self.centrals[draft.route].look(f"/orders/{found[0]['document_id']}") if found else None

    def _check_order(self, draft: Draft, found: Mapping[str, Any] | None) -> None:
        booked = _money(draft, found, "amount")
        paid = _money(draft, found, "payments")
        figures = f"{draft.total} in Shopee, {booked} in {_of(found)}, {paid} paid"
        self.checks.that(f"{draft.title}: the same total on both sides", booked == paid == draft.total, figures)

    async def _both_sides(self, drafts: Sequence[Draft], found: Mapping[str, Mapping[str, Any] | None]) -> Table:
        rows = []
        for draft in drafts:
            order, document = await self._channel_order(draft), found[draft.title]
            lines = [f"{line.quantity:f} x {line.sku}" for line in order.lines] if order else []
            external_id = document["external_id"] if document else ""
            total = order.total if order else ""
            booked = _money(draft, document, "amount")
            rows.append([self._number(draft), "\n".join(lines), total, _of(document), external_id, booked])
        found_table = table(("Shopee_order", "lines", "total", "LS_Central", "External_ID", "total"), rows)
        found_table.padding = (0, 1, 0, 0)
        for number in (0, 4):
            found_table.columns[number].no_wrap = True
        return found_table

    async def _channel_order(self, draft: Draft) -> Order | None:
        found = await self.engine.explain(self._number(draft))
        return found[0][1].channel if found else None


def _of(document: Mapping[str, Any] | None) -> str:
    return str(document["document_id"]) if document else "no Customer Order"


def _money(draft: Draft, document: Mapping[str, Any] | None, of: str) -> Money | None:
    return Money(Decimal(document["totals"][of]), draft.total.currency) if document else None
