"""The guide of Shopee KRSC with Anchanto OMS, as its reader copies it: in one shell, against running systems."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

from crossdock.cli.sandbox import default_port
from tests.journeys.stage_anchanto import staged_with_oms

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide" / "shopee-krsc-anchanto.md"
EXAMPLE = ROOT / "examples" / "shopee-krsc-anchanto" / "crossdock.toml"


def commands() -> str:
    """What the numbered sections have to be copied, in order; each tells its order."""
    sections = re.findall(r"^## \d\. .*?(?=^## )", GUIDE.read_text(), re.M | re.S)
    blocks = ["".join(re.findall(r"^```sh\n(.*?)^```$", section, re.M | re.S)) for section in sections]
    return "".join(f'{block}echo "ORDER {number}=${{ORDER:-}}"\n' for number, block in enumerate(blocks, 1))


async def test_every_walk_through_does_what_the_guide_says(tmp_path: Path) -> None:
    async with staged_with_oms(tmp_path, ("channel_shop_id='600001'",)) as stage:
        config = EXAMPLE.read_text()
        for system in stage.systems.values():
            config = config.replace(f"http://127.0.0.1:{default_port(system.name)}", system.url)
        (tmp_path / "crossdock.toml").write_text(config)
        shell = await asyncio.create_subprocess_exec(
            *("bash", "-euc", f"crossdock check\n{commands()}"),
            cwd=tmp_path,
            env=os.environ
            | {
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "CROSSDOCK_SANDBOX_SHOPEE": stage.shopee.url,
                "CROSSDOCK_SANDBOX_ANCHANTO_OMS": stage.oms.url,
                "CROSSDOCK_SANDBOX_LS_CENTRAL": "http://127.0.0.1:9",  # nobody there: not one that happens to run
                "COLUMNS": "200",
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await shell.communicate())[0].decode()
        assert shell.returncode == 0, said
        orders = dict(re.findall(r"^ORDER (\d)=(\w+)$", said, re.M))

        shipped, cancelled, unknown = [await stage.order(orders[number]) for number in "245"]
        assert (shipped["state"], shipped["shipment"]["label_ready"]) == ("READY_TO_SHIP", True)
        assert (await stage.at_shopee(orders["2"]))["order_status"] == "PROCESSED"
        assert cancelled["state"] == "CANCEL_BY_SELLER"
        assert [problem["code"] for problem in unknown["problems"]] == ["UNKNOWN_SKU"]
        assert "the backend cannot go on with it: UNKNOWN_SKU in line" in said
        assert re.search(r"MP_UNPAID.*SGD", said)
        assert "(row 5)" in said
        assert "does not delete products on a channel" in said
        (caps,) = [
            model["stock"]
            for item in (await stage.shopee.act("GET", "/items"))["items"]
            if item["shop_id"] == stage.shop_id
            for model in item["models"]
            if model["sku"] == "CAP"
        ]
        assert sum(caps.values()) == 7
        told = [write["facts"]["result"] for write in await stage.oms.writes("answer_listing")]
        assert told == ["FAILED"]
