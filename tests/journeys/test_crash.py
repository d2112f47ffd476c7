"""SIGKILL at seeded points of an import in which answers are lost: every order arrives, none arrives twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from tests.journeys.stage import SKUS, Stage

ORDERS = 300
KILLS = 50
LOST_ANSWERS = {"kind": "lost_answer", "path": "OmniWrapper", "probability": 0.1}


async def test_fifty_kills_during_an_import_of_300_orders_lose_nothing_and_double_nothing(stage: Stage) -> None:
    chance = random.Random(20261121)
    placed = await stage.shopee.act(
        "POST",
        "/orders/bulk",
        {"count": ORDERS, "order": {"items": [{"model_sku": SKUS[0], "quantity": 1, "original_price": "20.00"}]}},
    )
    orders = placed["order_sns"]
    stage.configure(orders="in_flight = 8", central="")
    await stage.central.faults(LOST_ANSWERS)

    killed_in_mid_import = 0
    for _ in range(KILLS):
        killed_in_mid_import += await _run_and_kill(stage, chance)
    await stage.central.faults()
    for _ in range(3):
        await stage.pull(code=None)

    created = Counter(write["key"] for write in await stage.central.writes("create_order"))
    assert created == Counter(orders)
    assert killed_in_mid_import >= KILLS // 4  # or the test would prove nothing
    [status] = (await stage.crossdock("status", "--json")).json
    assert (status["linked"], status["in_doubt"], status["parked"]) == (ORDERS, 0, 0)


async def _run_and_kill(stage: Stage, chance: random.Random) -> bool:
    """Start a run and kill it after some orders, or at some moment of its start; whether it was still at work."""
    process = await stage.start("pull", "sg", "--json")
    before = len(await stage.central.writes("create_order"))
    if chance.random() < 0.2:
        await asyncio.sleep(chance.uniform(0, 1.5))  # the moment of the kill, not a synchronisation
    else:
        more = chance.randint(1, 6)
        enough = before + more
        while process.returncode is None and len(await stage.central.writes("create_order")) < enough:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        await asyncio.sleep(chance.uniform(0, 0.01))
    working = process.returncode is None
    if working:
        process.kill()
    await process.communicate()
    return working
