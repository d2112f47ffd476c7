"""The service by itself, on each dispatcher: an order's life, a parcel, a cancellation, stock, a push and a SIGKILL."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.service import running, until
from tests.journeys.stage import Stage, staged
from tests.journeys.test_stock import MUG, shown, stocked

OFTEN = 'every = "1s"'


@pytest.fixture(params=["local", "procrastinate"])
async def stage(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A stage on which carriers issue their numbers at once, on each dispatcher."""
    shared = request.param == "procrastinate"
    address: str = request.getfixturevalue("ledger_in_postgres") if shared else ""
    async with staged(tmp_path, ("arrange_seconds=0", "tracking_seconds=1", "tracking_touches_order=true")) as ready:
        ready.ledger = address
        yield ready


async def test_orders_parcels_cancellations_and_stock_go_both_ways_across_a_kill(stage: Stage) -> None:
    await stocked(stage, OFTEN, orders=f'{OFTEN}\ntracking_every = "1s"')
    path = stage.folder / "crossdock.toml"
    path.write_text(f"{path.read_text()}\n[runner]\nport = 0\n")

    async def created(*orders: str) -> bool:
        return {write["key"] for write in await stage.central.writes("create_order")} == set(orders)

    async with running(stage) as first:
        await stage.shopee.act("PUT", "/push", {"url": f"{first.url}/push/shop"})
        sent, cancelled = await stage.place(), await stage.place()
        await until(lambda: created(sent, cancelled))
        await first.end(signal.SIGKILL)
    assert first.events("push.taken")
    await stage.central.act("POST", f"/orders/{sent}/post")
    await stage.shopee.act("POST", f"/orders/{cancelled}/cancel", {"by": "seller", "reason": "Out of Stock"})
    await stage.central.act("POST", f"/items/{MUG}/sell", {"quantity": "4"})
    async with running(stage) as second:

        async def agreed() -> bool:
            return (
                [write["key"] for write in await stage.shopee.writes("ship_order")] == [sent]
                and (await stage.document(cancelled))["state"] == "cancelled"
                and (await shown(stage.shopee))[MUG] == 8
            )

        await until(agreed)

        async def numbered() -> bool:
            return [write["key"] for write in await stage.central.writes("set_tracking")] == [sent]

        await until(numbered)
        assert await second.end(signal.SIGTERM) == 0
    made = Counter(write["key"] for write in await stage.central.writes("create_order"))
    assert made == Counter([sent, cancelled])
