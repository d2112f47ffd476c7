"""The guide's walk-throughs, as its reader copies them: each in one shell, against systems that really run."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import crossdock
from tests.journeys.stage import Stage

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "shopee-ls-central.md"
EXAMPLE = Path(crossdock.__file__).parent / "examples" / "shopee-ls-central" / "crossdock.toml"


def walkthrough(number: int) -> str:
    """All commands of one walk-through, in order."""
    [section] = re.findall(rf"^## {number}\. .*?(?=^## )", GUIDE.read_text(), re.M | re.S)
    return "".join(re.findall(r"^```sh\n(.*?)^```$", section, re.M | re.S))


async def walked(stage: Stage, number: int) -> str:
    """Run a walk-through with the guide's config file, and answer the number of the order that it made."""
    config = EXAMPLE.read_text()
    config = re.sub(r"http://127\.0\.0\.1:8528", stage.shopee.url, config)
    config = re.sub(r"http://127\.0\.0\.1:8411", stage.central.url, config)
    (stage.folder / "crossdock.toml").write_text(config)
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-euc", walkthrough(number) + '\necho "ORDER=$ORDER"'),
        cwd=stage.folder,
        env=os.environ
        | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "CROSSDOCK_SANDBOX_SHOPEE": stage.shopee.url,
            "CROSSDOCK_SANDBOX_LS_CENTRAL": stage.central.url,
            "CROSSDOCK_SANDBOX_ANCHANTO_OMS": "http://127.0.0.1:9",  # nobody there: not one that happens to run
            "COLUMNS": "200",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await shell.communicate()
    assert shell.returncode == 0, out.decode()
    return out.decode().rpartition("ORDER=")[2].strip()


async def shown(stage: Stage, order: str) -> dict[str, Any]:
    """The order as Shopee shows it."""
    found: dict[str, Any] = await stage.shopee.act("GET", f"/orders/{order}")
    return found


async def test_retrieving_a_multi_item_order_with_discounts_makes_a_customer_order_with_a_shipping_line(
    stage: Stage,
) -> None:
    order = await walked(stage, 1)
    document = await stage.document(order)
    assert (document["state"], document["external_id"], document["totals"]["amount"]) == ("open", order, "50.19")
    assert [line["Number"] for line in document["lines"]] == ["40020", "10003", "66010"]
    assert [line["Amount"] for line in document["lines"]][-1] == "3.49"


async def test_cancelling_in_central_cancels_in_shopee(stage: Stage) -> None:
    order = await walked(stage, 2)
    assert (await shown(stage, order))["order_status"] == "CANCELLED"
    assert (await stage.document(order))["state"] == "cancelled"


async def test_posting_a_simple_order_in_central_processes_it_in_shopee_and_brings_its_tracking_number(
    stage: Stage,
) -> None:
    order = await walked(stage, 3)
    seen, document = await shown(stage, order), await stage.document(order)
    assert (seen["order_status"], document["state"]) == ("PROCESSED", "posted")
    assert seen["packages"][0]["tracking_number"]
    assert document["shipments"][0]["tracking_no"] == seen["packages"][0]["tracking_number"]


async def test_cancelling_in_shopee_cancels_in_central(stage: Stage) -> None:
    order = await walked(stage, 4)
    assert (await shown(stage, order))["cancel_reason"] == "Out of Stock"
    assert (await stage.document(order))["state"] == "cancelled"


async def test_an_order_processed_in_shopee_comes_in_posted_with_invoice_shipping_line_and_tracking_number(
    stage: Stage,
) -> None:
    order = await walked(stage, 5)
    seen, document = await shown(stage, order), await stage.document(order)
    assert (document["state"], document["totals"]["amount"]) == ("posted", "50.19")
    assert len(document["invoices"]) == 1
    assert [line["Number"] for line in document["lines"]] == ["40020", "10003", "66010"]
    assert document["shipments"][0]["tracking_no"] == seen["packages"][0]["tracking_number"] != ""
