"""Products: what LS Central says is what Shopee lists, once, and never by accident."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from crossdock.runner.sheets import SheetWriter, read_rows
from tests.journeys.stage import Done, Stage

MUG, CAP = "MUG", "CAP"
MAPPED = "categories = { GENERAL = 100300, CLOTHING = 100300, FOOD = 100300, DRINKS = 100300 }"


async def listed(stage: Stage) -> dict[str, dict[str, Any]]:
    """SKU to item and price of the shop."""
    found = await stage.shopee.act("GET", "/items")
    return {
        model["sku"]: {"item": item["item_id"], "status": item["item_status"], "price": model["price"]}
        for item in found["items"]
        if item["shop_id"] == stage.shopee.credentials["shop_id"]
        for model in item["models"]
    }


async def known(stage: Stage, products: str = "", **options: str) -> None:
    """LS Central sells the mug and the cap that the shop lists; products are switched on."""
    await stage.central.act("POST", "/items", {"number": MUG, "unit_price": "9.5", "stock": "12"})
    await stage.central.act("POST", "/items", {"number": CAP, "unit_price": "12", "stock": "40"})
    stage.configure(products=products, channel=MAPPED, **options)


async def sync(stage: Stage, *arguments: str, code: int | None = 0) -> dict[str, Any]:
    done = await stage.crossdock("pull", "sg", "products", "--json", *arguments, code=code)
    found: dict[str, Any] = done.json
    return found


async def test_what_is_listed_already_is_found_before_anything_is_made(stage: Stage) -> None:
    await known(stage)
    before = await listed(stage)

    report = (await stage.crossdock("products", "match", "sg", "--json")).json

    found = {row["product"] or row["listing"]: row["found"] for row in report}
    assert (found[MUG], found[CAP], found["40020"]) == ("linked", "linked", "missing")
    assert "only on the channel" in found.values()
    assert await listed(stage) == before


async def test_linked_listings_get_their_price_and_nothing_new_is_listed_while_create_is_off(stage: Stage) -> None:
    await known(stage)
    before = await listed(stage)

    await sync(stage)
    second = await sync(stage)

    after = await listed(stage)
    assert (after[MUG]["price"], after[CAP]["price"]) == ("9.50", "12")
    assert after.keys() == before.keys()
    assert second["steps"] == []


async def test_a_product_blocked_on_ecommerce_is_delisted_and_not_deleted(stage: Stage) -> None:
    await known(stage)
    await sync(stage)
    await stage.central.act("POST", f"/items/{MUG}/block", {"blocked_on_ecommerce": True})

    await sync(stage)

    after = await listed(stage)
    assert (after[MUG]["status"], after[CAP]["status"]) == ("UNLIST", "NORMAL")


async def test_a_product_that_is_not_listed_is_listed_with_its_variants_even_if_the_answer_is_lost(
    stage: Stage,
) -> None:
    await known(stage, "create = true")
    await stage.shopee.faults({"kind": "lost_answer", "path": "product/add_item", "times": 3})

    first = await sync(stage, code=None)
    await stage.shopee.faults()
    for _ in range(4):
        await stage.wait(600)
        await sync(stage, code=None)

    parked = (await stage.crossdock("parked", "list", "sg", "--json")).json
    after = await listed(stage)
    assert {"40020-000", "40020-003", "40030-S"} <= after.keys(), (first, parked)
    assert len({after[sku]["item"] for sku in ("40020-000", "40020-003")}) == 1
    assert len(parked) == 1
    assert "no picture" in parked[0]["reason"]


def has_open(pid: int, path: Path) -> bool:
    """Whether a process has this file open."""
    return path.resolve() in [one.resolve() for one in Path(f"/proc/{pid}/fd").iterdir()]


async def stopped_import(stage: Stage, file: Path) -> Done:
    """Somebody presses Ctrl-C while the ledger cannot keep anything yet."""
    ledger = stage.folder / "crossdock.db"
    with closing(sqlite3.connect(ledger, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        process = await stage.start("products", "import", "sg", str(file), "--yes", "--json")
        async with asyncio.timeout(60):
            while not has_open(process.pid, ledger):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            process.send_signal(signal.SIGINT)
            somebody.execute("ROLLBACK")
            out, err = await process.communicate()
    return Done(process.returncode or 0, out.decode(), err.decode())


async def test_a_sheet_changes_names_prices_and_buffers_and_read_again_it_changes_nothing(stage: Stage) -> None:
    stage.ledger = ""  # what somebody holds here is the file of a ledger in SQLite
    await known(stage)
    await sync(stage)
    file = stage.folder / "products.xlsx"
    await stage.crossdock("products", "export", "sg", str(file))
    rows = [cells for _, cells in read_rows(file, ())]
    with SheetWriter(file, list(rows[0])) as writer:
        for cells in rows:
            wanted = {"name": "Stoneware mug, large", "price": "11.00 SGD"} if cells["sku"] == MUG else {}
            wrong = {"price": "cheap"} if cells["sku"] == CAP else {}
            writer.write((cells | wanted | wrong).values())

    shown = (await stage.crossdock("products", "import", "sg", str(file), "--json", code=1)).json
    stopped = await stopped_import(stage, file)
    await stage.crossdock("products", "import", "sg", str(file), "--yes", code=1)
    await sync(stage)
    again = (await stage.crossdock("products", "import", "sg", str(file), "--json", code=1)).json

    assert [(one["sku"], one["column"]) for one in shown["changes"]] == [(MUG, "name"), (MUG, "price")]
    assert (stopped.code, stopped.err.splitlines()[-1]) == (130, "stopped")
    assert "import the file again with --yes, and it keeps the rest" in stopped.err
    assert [(one["column"], one["value"]) for one in shown["wrong"]] == [("price", "cheap")]
    assert (stage.folder / "products-errors.xlsx").exists()
    assert again["changes"] == []
    assert (await listed(stage))[MUG]["price"] == "11.00"
