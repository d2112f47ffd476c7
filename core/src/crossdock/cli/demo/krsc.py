"""The story of a Korean seller: a Shopee shop abroad, Anchanto OMS and WMS behind it, and crossdock between them.

What it claims, it reads back from the systems, not from our own ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from rich.table import Table

import crossdock
from crossdock.cli.demo.checks import Checks
from crossdock.cli.demo.systems import System
from crossdock.cli.output import table
from crossdock.cli.sandbox import default_port
from crossdock.clock import SystemClock
from crossdock.runner import Engine

EXAMPLE = Path(crossdock.__file__).parent / "examples" / "shopee-krsc-anchanto" / "crossdock.toml"
SYSTEMS = (
    ("shopee",),
    (
        "anchanto_oms",
        *("--option", "country=SG", "--option", "currency=SGD"),
        *("--option", "channel_shop_id='600001'", "--option", "wms=true"),
    ),
)
_ROUTE, _SHOP, _DAY = "krsc", 600001, 86_400
_TRACKING_SECONDS = 240
"""By when the simulated carrier has issued a tracking number."""
_STATES = {
    "UNPAID": "MP_UNPAID",
    "READY_TO_SHIP": "NEW",
    "PROCESSED": "READY_TO_SHIP",
    "SHIPPED": "IN_TRANSIT",
    "COMPLETED": "COMPLETE",
    "IN_CANCEL": "CANCEL_IN_PROCESS",
    "CANCELLED": "CANCEL",
}
"""Status in Shopee to state in the OMS, of what is taken over as history."""


def write(folder: Path, shopee: str, oms: str) -> None:
    """Write the configuration into `folder`: the example, for systems at these addresses."""
    text = EXAMPLE.read_text()
    for name, url in (("shopee", shopee), ("anchanto_oms", oms)):
        text = text.replace(f"http://127.0.0.1:{default_port(name)}", url)
    (folder / "krsc.toml").write_text(text)


class MovedClock(SystemClock):
    """Real time, ahead by as much as it was moved."""

    def move(self, seconds: float) -> None:
        """Be ahead by so much more."""
        self._ahead += timedelta(seconds=seconds)


class KrscStory:
    """Plays the chapters one after the other.

    Args:
        engine: runs the route.
        clock: of the engine.
        shop: the Shopee sandbox.
        oms: the OMS sandbox, whose seller runs the WMS too.
        checks: where claims go.
    """

    def __init__(self, engine: Engine, clock: MovedClock, shop: System, oms: System, checks: Checks) -> None:
        self.engine = engine
        self.clock = clock
        self.shop = shop
        self.oms = oms
        self.checks = checks

    async def play(self) -> None:
        """All chapters."""
        await self.the_shop_is_connected()
        numbers = await self.orders_come_in()
        await self.the_warehouse_picks(numbers[0])
        await self.the_waybill_comes_back(numbers[0])
        await self.stock_goes_out()
        await self.nothing_happens_twice([*numbers])

    async def the_shop_is_connected(self) -> None:
        """Products and history come in, and nothing goes out."""
        self.checks.chapter("The shop is connected: its products and its last 90 days of orders come in")
        numbers = await self._past()
        taken = await self.engine.goods.take_over(_ROUTE)
        done = taken.count("take over")
        self.checks.that("the OMS has every product of the shop", done == taken.read, f"{done} of {taken.read}")
        stock, writes = await self.oms.look("/stock"), await self.shop.look("/writes")
        await self.engine.history(_ROUTE, 90)
        rows = [[number, *await self._both(number)] for number in numbers]
        self.checks.output.show(table(("Shopee_order", "Shopee_status", "OMS_order", "OMS_state"), rows))
        states = [_STATES.get(str(row[1])) == row[3] for row in rows]
        self.checks.that("each order is in the state of its status", all(states), f"{sum(states)} of {len(rows)}")
        told = [(await self.oms.look(f"/orders/{number}"))["historical"] for number in numbers]
        self.checks.that("all are history", all(told), f"{sum(told)} of {len(told)}")
        hold = (await self.oms.look(f"/orders/{numbers[-1]}"))["hold"]
        self.checks.that("what waits for its invoice is held", hold == "channel:INVOICE_PENDING", f"hold {hold}")
        self.checks.that("no stock moved", await self.oms.look("/stock") == stock, "levels before and after")
        same = await self.shop.look("/writes") == writes
        self.checks.that("nothing was written to Shopee", same, f"{len(writes['writes'])} writes before and after")

    async def orders_come_in(self) -> list[str]:
        """Buyers order and pay."""
        self.checks.chapter("Buyers order in Shopee, and one run makes orders of the OMS")
        shirts = {"items": [{"model_sku": "TSHIRT-BLACK-M", "quantity": 2, "original_price": "25.00"}]}
        mug = {"items": [{"model_sku": "MUG", "quantity": 1, "original_price": "20.00"}], "seller_voucher": "3.00"}
        numbers = [await self._place(shipping_fee="1.99", **draft) for draft in (shirts, mug)]
        await self.engine.pull(_ROUTE)
        self.checks.output.show(await self._orders(numbers))
        for number, total in zip(numbers, ("51.99", "18.99"), strict=True):
            order = await self.oms.look(f"/orders/{number}")
            figures = f"{number}: {order['order_id']}, {order['state']}, {order['total']} {order['currency']}"
            self.checks.that(
                "a new order of the same total", (order["state"], order["total"]) == ("NEW", total), figures
            )
        return numbers

    async def the_warehouse_picks(self, number: str) -> None:
        """Picked in the WMS, Ready to Ship in the OMS, arranged in Shopee."""
        self.checks.chapter("The warehouse picks the first order")
        await self.oms.do(f"/wms/orders/{number}/pick")
        state = (await self.oms.look(f"/orders/{number}"))["state"]
        self.checks.that("picking it in the WMS makes it Ready to Ship in the OMS", state == "READY_TO_SHIP", number)
        await self.engine.pull(_ROUTE)
        parcel = (await self.shop.look(f"/orders/{number}"))["packages"][0]
        figures = f"{number}: parcel {parcel['package_number']}, {parcel['logistics_status']}"
        self.checks.that("its shipment is arranged in Shopee", parcel["arranged"], figures)

    async def the_waybill_comes_back(self, number: str) -> None:
        """Shopee issues tracking number and waybill; both reach the OMS."""
        self.checks.chapter("Shopee's carrier issues tracking number and air waybill")
        await self._wait(_TRACKING_SECONDS)
        await self.engine.pull(_ROUTE, [number])
        await self._wait(_TRACKING_SECONDS)
        await self.engine.pull(_ROUTE, [number])
        shown = await self.shop.look(f"/orders/{number}")
        status, theirs = shown["order_status"], shown["packages"][0]["tracking_number"]
        self.checks.that("Shopee shows it as processed", status == "PROCESSED", f"{number}: {status}")
        parcel = (await self.oms.look(f"/orders/{number}"))["shipment"] or {}
        ours = parcel.get("tracking_number", "")
        self.checks.that("its tracking number is in the OMS", bool(theirs) and ours == theirs, f"{theirs} → {ours}")
        kept = await self._label(number)
        same = bool(kept) and parcel.get("label_sha256") == sha256(kept).hexdigest()
        pdf = "a PDF" if kept.startswith(b"%PDF") else "no PDF"
        self.checks.that("the OMS has Shopee's waybill, byte for byte", same, f"{pdf} of {len(kept)} bytes")
        waybill = (await self.oms.look(f"/wms/orders/{number}"))["waybill"] or {}
        there = waybill.get("tracking_number") == theirs and (waybill.get("label") or {}).get("bytes") == len(kept)
        self.checks.that("and has passed it on to the WMS", there, waybill.get("tracking_number", "no waybill"))

    async def stock_goes_out(self) -> None:
        """A count in the OMS shows in the shop, through the merchant's global product."""
        self.checks.chapter("Somebody counts the caps in the OMS")
        level = {"isku": "CAP", "warehouse_code": "WH-1", "sellable": 7}
        await self.oms.change("/stock", {"levels": [level]})
        await self.engine.goods.pull_stock(_ROUTE)
        items = (await self.shop.look("/items"))["items"]
        models = [model for item in items if item["shop_id"] == _SHOP for model in item["models"]]
        shown = [sum(model["stock"].values()) for model in models if model["sku"] == "CAP"]
        self.checks.that("the shop shows as many", shown == [7], f"7 in the OMS, {shown} in the shop")

    async def nothing_happens_twice(self, numbers: Sequence[str]) -> None:
        """A second run of everything finds that both sides agree."""
        self.checks.chapter("All of it again")
        before = [await system.look("/writes") for system in (self.shop, self.oms)]
        report = await self.engine.pull(_ROUTE)
        await self.engine.history(_ROUTE, 90)
        await self.engine.goods.pull_stock(_ROUTE)
        steps = sum(count for (_, state), count in report.steps.items() if state == "done")
        self.checks.that("there is nothing left to do", steps == 0, f"{steps} steps")
        after = [await system.look("/writes") for system in (self.shop, self.oms)]
        self.checks.that("neither system was written to", before == after, "by their own records")
        made = await self.oms.writes("create_order")
        arranged = await self.shop.writes("ship_order")
        once = [made[number] == 1 for number in numbers]
        self.checks.that("every order was made once", all(once) and max(made.values()) == 1, f"{len(made)} orders")
        self.checks.that("Shopee was told once", arranged[numbers[0]] == 1, f"{sum(arranged.values())} ship_order")

    async def _past(self) -> list[str]:
        """Orders of the last weeks, one in each status."""
        statuses = [*_STATES]
        numbers = [await self._place(paid=status != "UNPAID", age_seconds=_DAY // 2) for status in statuses]
        placed = dict(zip(statuses, numbers, strict=True))
        for status in ("PROCESSED", "SHIPPED", "COMPLETED"):
            await self.shop.do(f"/orders/{placed[status]}/arrange")
        await self._wait(_TRACKING_SECONDS)
        acts = {"SHIPPED": ("pickup",), "COMPLETED": ("pickup", "deliver", "complete")}
        acts |= {"IN_CANCEL": ("buyer-cancel-request",), "CANCELLED": ("cancel",)}
        for status, todo in acts.items():
            for act in todo:
                await self.shop.do(f"/orders/{placed[status]}/{act}")
        await self._wait(60)
        return [*numbers, await self._place(invoice_pending=True, age_seconds=80 * _DAY)]

    async def _wait(self, seconds: float) -> None:
        """Let time pass, everywhere."""
        for system in (self.shop, self.oms):
            await system.do("/clock", {"advance_seconds": seconds})
        self.clock.move(seconds)

    async def _place(self, **draft: Any) -> str:
        placed = await self.shop.do("/orders", {"shop_id": _SHOP} | draft)
        return str(placed["order_sn"])

    async def _both(self, number: str) -> list[str]:
        order = await self.oms.look(f"/orders/{number}")
        return [(await self.shop.look(f"/orders/{number}"))["order_status"], order["order_id"], order["state"]]

    async def _orders(self, numbers: Sequence[str]) -> Table:
        rows = []
        for number in numbers:
            order = await self.oms.look(f"/orders/{number}")
            lines = "\n".join(f"{line['quantity']} x {line['sku']}" for line in order["lines"])
            rows.append([number, lines, order["order_id"], order["state"], f"{order['total']} {order['currency']}"])
        return table(("Shopee_order", "lines", "OMS_order", "OMS_state", "total"), rows)

    async def _label(self, number: str) -> bytes:
        """The waybill that crossdock fetched from Shopee and kept."""
        for _, pair, _, _ in await self.engine.explain(number):
            for step in pair.steps.values():
                if step.kind == "label" and step.result:
                    return self.engine.labels.path(step.result).read_bytes()
        return b""
