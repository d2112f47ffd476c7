"""What people get wrong between Shopee and Anchanto OMS, between real processes: each named, and the others go on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.journeys.stage_anchanto import OmsStage, _connection, staged_with_oms

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG = {
    "other-country": ("KR-STORE-1", 'country = "SG"', 'country = "KR"'),
    "other-currency": ("SG-2", 'currency = "SGD"', 'currency = "KRW"'),
    "no-such-warehouse": ("SG-3", 'currency = "SGD"', 'currency = "SGD"\nwarehouses = ["WH-9"]'),
}

NAMED = {"other-country": ("SG", "KR"), "other-currency": ("SGD", "KRW"), "no-such-warehouse": ("WH-9", "WH-1")}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OmsStage]:
    """The route's store has no default carrier; three more connections and one route have one thing wrong each."""
    async with staged_with_oms(tmp_path_factory.mktemp("trouble")) as ready:
        for number, code in enumerate(("SG-1", "SG-2", "SG-3"), 1):
            store = {"store_code": code, "name": code, "channel_shop_id": f"70000{number}"}
            await ready.oms.act("POST", "/stores", store | {"country": "SG", "currency": "SGD"})
        ready.join(flows="[routes.krsc.products]\ncreate = true")
        path = ready.folder / "crossdock.toml"
        text = path.read_text().replace('"KR-STORE-1"', '"SG-1"')
        table = "\n".join(_connection(ready.oms))
        for name, (code, right, wrong) in WRONG.items():
            named = table.replace("connections.oms", f"connections.{name}").replace("KR-STORE-1", code)
            text += f"\n{named.replace(right, wrong)}\n"
        store = {"store_code": "KR-9", "name": "Home", "channel_shop_id": "700009", "country": "KR", "currency": "KRW"}
        await ready.oms.act("POST", "/stores", store)
        home = table.replace("connections.oms", "connections.home").replace("KR-STORE-1", "KR-9")
        text += home.replace('"SG"', '"KR"').replace('"SGD"', '"KRW"')
        text += '\n[routes.home]\nchannel = "shop"\nbackend = "home"\n[routes.home.orders]\n'
        path.write_text(text)
        yield ready


async def test_f05_f06_f07_a_check_names_each_wrong_country_currency_and_warehouse(stage: OmsStage) -> None:
    done = await stage.crossdock("check", "--json", code=None)
    assert done.code != 0
    said = {row["connection"]: f"{row['summary']} {row['hint']}" for row in done.json["connections"] if not row["ok"]}
    assert set(said) == set(WRONG)
    assert [part for name, parts in NAMED.items() for part in parts if part not in said[name]] == []
    assert done.json["problems"] == ["route home: shop is in SG, but home is set up for KR"]


async def test_a_store_that_is_connected_twice_is_refused_with_both_names(stage: OmsStage) -> None:
    path = stage.folder / "crossdock.toml"
    text = path.read_text()
    again = text.partition("[connections.oms]")[2].partition("\n[")[0]
    path.write_text(f"{text}\n[connections.again]{again}\n")
    done = await stage.crossdock("check", code=None)
    path.write_text(text)
    assert done.code != 0
    assert "connections.again.store_code: " in done.err
    assert "is connected already, as 'oms'" in done.err


async def test_f07_f35_whatever_an_order_has_wrong_is_parked_with_its_reason_and_a_good_order_goes_on(
    stage: OmsStage,
) -> None:
    await stage.oms.act("POST", "/carriers", {"carrier_code": "Standard Express", "name": "x", "kind": "marketplace"})
    lamp = {"model_sku": "LAMP", "quantity": 1, "original_price": "20.00"}
    unknown, pigeon = await stage.place(items=[lamp]), await stage.place(carrier="Pigeon")
    decided, good = await stage.place(), await stage.place()
    foreign = await stage.place(currency="MYR")
    split = await stage.place(items=[lamp | {"model_sku": sku} for sku in ("MUG", "TEA")])
    await stage.shopee.act("POST", f"/orders/{split}/split")
    await stage.pull(code=None)
    one = (await stage.order(decided))["order_id"]
    await stage.oms.act("POST", f"/orders/{one}/moves", {"to": "APPROVAL_IN_PROCESS"})
    await stage.shopee.act("POST", f"/orders/{decided}/arrange", {})
    await stage.wait(600)

    await stage.pull(code=1)

    parked = {item["order"]: item for item in (await stage.crossdock("parked", "list", "--json")).json}
    assert set(parked) == {unknown, pigeon, decided, foreign, split}
    assert "UNKNOWN_SKU in line" in parked[unknown]["reason"]
    assert "UNKNOWN_CARRIER" in parked[pigeon]["reason"]
    assert "APPROVAL_IN_PROCESS and cannot follow the channel's PROCESSED" in parked[decided]["reason"]
    assert "is in MYR, and store SG-1 sells in SGD" in parked[foreign]["reason"]
    assert "does not split orders" in parked[split]["reason"]
    assert {write["key"] for write in await stage.oms.writes("create_order")} == {unknown, pigeon, decided, good}
    assert {(await stage.order(number))["state"] for number in (unknown, pigeon, good)} == {"NEW"}
