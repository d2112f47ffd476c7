"""SIGKILL at seeded points of an import in which answers are lost: every order arrives, none arrives twice."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from tests.journeys.stage import SKUS, Stage

ORDERS = 300
KILLS = 50
UNDER_WAY = 3
"""Orders that are sent at once: with those that are answered before, few enough for work to be left at every kill."""
LOST_ANSWERS = {"kind": "lost_answer", "path": "CustomerOrderCreate", "probability": 0.1}
_PATIENCE_SECONDS = 60


async def test_fifty_kills_during_an_import_of_300_orders_lose_nothing_and_double_nothing(stage: Stage) -> None:
    chance = random.Random(20261121)
    item = {"model_sku": SKUS[0], "quantity": 1, "original_price": "20.00"}
    placed = await stage.shopee.act("POST", "/orders/bulk", {"count": ORDERS, "order": {"items": [item]}})
    stage.configure(orders=f"in_flight = {UNDER_WAY}", central='create_version = "V6"')

    accepted = last = 0
    for _ in range(KILLS):
        await _run_and_kill(stage, chance, last)
        writes = await stage.central.writes("create_order")
        assert accepted < len(writes) < ORDERS  # or the kill was not within the import
        accepted, last = len(writes), writes[-1]["number"]
    await stage.central.faults()
    for _ in range(3):
        await stage.pull(code=None)

    created = Counter(write["key"] for write in await stage.central.writes("create_order"))
    assert created == Counter(placed["order_sns"])
    [status] = (await stage.crossdock("status", "--json")).json
    assert (status["linked"], status["in_doubt"], status["parked"]) == (ORDERS, 0, 0)


async def _run_and_kill(stage: Stage, chance: random.Random, last: int) -> None:
    """Start a run and kill it at a point of its work; `last` is the number of the last write before."""
    answered = chance.randint(0, 3)
    await stage.central.faults(LOST_ANSWERS, _silent_after(answered))
    process = await stage.start("pull", "sg", "--json")
    async with asyncio.timeout(_PATIENCE_SECONDS):
        enough = chance.randint(1, answered + 2)
        while len(await stage.central.writes("create_order", after=last)) < enough:  # noqa: ASYNC110
            await asyncio.sleep(0.03)
    with _commits(stage) as commits:
        await _pass(commits, chance.randint(0, 3))
    process.send_signal(signal.SIGKILL)
    out, err = await process.communicate()
    assert process.returncode == -signal.SIGKILL, f"it ended before it was killed\n{out.decode()}\n{err.decode()}"


def _silent_after(answered: int) -> Mapping[str, object]:
    """LS Central answers so many, carries out what comes then without a word, and so keeps every run at work."""
    return {"kind": "slow", "path": "CustomerOrderCreate", "skip": answered, "seconds": _PATIENCE_SECONDS}


@contextmanager
def _commits(stage: Stage) -> Iterator[sqlite3.Cursor]:
    """Tells commits of the ledger from one another; looking does not hold up those who write."""
    with closing(sqlite3.connect(f"file:{stage.folder / 'crossdock.db'}?mode=ro", uri=True)) as ledger:
        yield ledger.cursor()


async def _pass(commits: sqlite3.Cursor, more: int) -> None:
    """Let so many commits pass, as far as there are any: the next kill comes right after one, or in a lull."""
    seen = None
    for _ in range(40):
        [version] = commits.execute("PRAGMA data_version").fetchone()
        more -= version != seen
        if more < 0:
            return
        seen = version
        await asyncio.sleep(0.001)
