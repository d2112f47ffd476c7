"""Listing many products of Anchanto OMS on Shopee at once, by an Excel sheet: a single, a group and a kit."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

from aiohttp import web

from crossdock.runner.sheets import SheetWriter, read_rows
from tests.journeys.stage_anchanto import OmsStage, staged_with_oms

MUGS, AT_STORE = "100300", "/stores/KR-STORE-1"
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
SHIRTS = [{"isku": f"TEE-{colour.upper()}", "options": {"Colour": colour}} for colour in ("Red", "Blue")]
PRODUCTS: list[dict[str, Any]] = [
    {"csku": "VASE", "type": "single", "name": "Vase"},
    {"csku": "BOWL", "type": "single", "name": "Bowl"},
    {"csku": "TEE", "type": "group", "name": "Tee shirt", "components": SHIRTS},
    {
        "csku": "DUO",
        "type": "kit",
        "name": "Vase and bowls",
        "components": [{"isku": "VASE"}, {"isku": "BOWL", "quantity": 2}],
    },
]
ORDERABLE = ("VASE", "BOWL", "TEE-RED", "TEE-BLUE", "DUO")


async def pictures() -> tuple[web.AppRunner, str]:
    """A server of pictures, and the address of one."""

    async def picture(_request: web.Request) -> web.Response:
        return web.Response(body=PICTURE, content_type="image/png")

    app = web.Application()
    app.router.add_get("/{name}", picture)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/picture.png"


async def to_be_listed(stage: OmsStage, picture: str) -> None:
    """The OMS has products with prices and stock, and somebody lists them all."""
    told = [
        {
            "weight_grams": 300,
            "images": [picture],
            "description": f"{product['name']}, described at such length that it may be listed",
            **product,
        }
        for product in PRODUCTS
    ]
    await stage.oms.act("POST", "/products", {"products": told})
    for sku in ORDERABLE:
        prices = {"retail_price": "30.00", "selling_price": "27.90"} if sku == "DUO" else {"retail_price": "30.00"}
        await stage.oms.act("PUT", f"{AT_STORE}/prices/{sku}", prices)
    levels = [{"isku": sku, "warehouse_code": "WH-1", "sellable": 9} for sku in ORDERABLE if sku != "DUO"]
    await stage.oms.act("PUT", "/stock", {"levels": levels})
    listed = {"cskus": [product["csku"] for product in PRODUCTS]}
    await stage.oms.act("POST", f"{AT_STORE}/listings", listed)


def edited(file: Path, wanted: dict[str, dict[str, str]]) -> None:
    """The sheet with these cells, SKU by SKU."""
    rows = [cells for _, cells in read_rows(file, ())]
    with SheetWriter(file, list(rows[0])) as writer:
        for cells in rows:
            writer.write((cells | wanted.get(cells["sku"], {})).values())


async def shown(stage: OmsStage) -> dict[str, dict[str, Any]]:
    """SKU to name, price and stock in the shop."""
    items = (await stage.shopee.act("GET", "/items"))["items"]
    return {
        model["sku"]: {"item": item["item_id"], "price": model["price"], "stock": sum(model["stock"].values())}
        for item in items
        if item["shop_id"] == stage.shop_id
        for model in item["models"]
        if model["sku"] in ORDERABLE
    }


async def test_f17_f18_f24_f25_a_sheet_lists_what_it_can_names_each_bad_cell_and_read_again_does_nothing(
    tmp_path: Path,
) -> None:
    async with staged_with_oms(tmp_path) as stage:
        runner, picture = await pictures()
        await to_be_listed(stage, picture)
        stage.join(
            flows='[routes.krsc.products]\ncreate = true\n[routes.krsc.stock]\nunlisted = "leave"',
            channel='price_currency = "shop"\nlocal_price_factor = "0.00098"',
        )
        file = tmp_path / "sheet.xlsx"
        await stage.crossdock("plan", "krsc", "products", "--json")
        await stage.crossdock("products", "export", "krsc", str(file))
        good = {sku: {"category": MUGS} for sku in ("VASE", "TEE-RED", "TEE-BLUE", "DUO")}
        good["VASE"] |= {"name": "Vase, tall", "price": "29.50 SGD"}
        bad = {"BOWL": {"category": MUGS, "price": "cheap", "days_to_ship": "soon"}}
        edited(file, good | bad)

        first = (await stage.crossdock("products", "import", "krsc", str(file), "--yes", "--json", code=1)).json
        await stage.crossdock("pull", "krsc", "products", "--json", code=None)
        after = await shown(stage)
        writes = (await stage.shopee.act("GET", "/writes"))["writes"]
        again = (await stage.crossdock("products", "import", "krsc", str(file), "--yes", "--json", code=1)).json
        await stage.crossdock("pull", "krsc", "products", "--json", code=None)
        repeated = (await stage.shopee.act("GET", "/writes"))["writes"] != writes
        await stage.oms.act("PUT", f"{AT_STORE}/prices/TEE-RED", {"retail_price": "33.00", "selling_price": "28.40"})
        await stage.crossdock("pull", "krsc", "products", "--json", code=None)
        await stage.crossdock("pull", "krsc", "stock", "--json")
        await runner.cleanup()

        wrong = [tuple(cells.values()) for _, cells in read_rows(tmp_path / "sheet-errors.xlsx", ())]
        rows = {cells["sku"]: str(number) for number, cells in read_rows(file, ())}
        assert sorted(cell[:3] for cell in wrong) == [
            (rows["BOWL"], "days_to_ship", "soon"),
            (rows["BOWL"], "price", "cheap"),
        ]
        assert "a whole number from 0 to 60" in str(wrong)
        assert "an amount above 0 with its currency, such as 12.50 SGD" in str(wrong)
        assert {one["sku"] for one in first["changes"]} >= {"VASE", "DUO"}
        assert after.keys() == {"VASE", "TEE-RED", "TEE-BLUE", "DUO"}
        assert after["TEE-RED"]["item"] == after["TEE-BLUE"]["item"]
        prices = {sku: one["price"] for sku, one in after.items()}
        assert prices == {"VASE": "29.50", "TEE-RED": "30.00", "TEE-BLUE": "30.00", "DUO": "27.90"}
        assert again["changes"] == []
        assert not repeated, "nothing is done twice"
        end = await shown(stage)
        assert (end["TEE-RED"]["price"], end["TEE-BLUE"]["price"]) == ("28.40", "30.00"), "in the shop's currency"
        assert {sku: one["stock"] for sku, one in end.items()} == {"VASE": 9, "TEE-RED": 9, "TEE-BLUE": 9, "DUO": 4}
        told = {one["key"]: one["facts"]["result"] for one in await stage.oms.writes("answer_listing")}
        assert told == {"VASE": "LISTED", "TEE": "LISTED", "DUO": "LISTED", "BOWL": "FAILED"}
