"""Stock: what LS Central has is what Shopee shows, as far as the route allows, and no more."""

from __future__ import annotations

from typing import Any

from tests.journeys.stage import Stage, System

MUG, CAP, SHIRT = "MUG", "CAP", "TSHIRT-BLACK-M"


async def items(shopee: System) -> list[dict[str, Any]]:
    """The shop's items."""
    found = await shopee.act("GET", "/items")
    return [item for item in found["items"] if item["shop_id"] == shopee.credentials["shop_id"]]


async def shown(shopee: System) -> dict[str, int]:
    """SKU to what buyers see."""
    return {model["sku"]: model["available"] for item in await items(shopee) for model in item["models"]}


async def somebody_edits(stage: Stage, sku: str, stock: int) -> None:
    """Somebody changes a level in Seller Centre."""
    one = next(item for item in await items(stage.shopee) if item["models"][0]["sku"] == sku)
    await stage.shopee.act("PUT", f"/items/{one['item_id']}/stock", {"stock": stock})


async def stocked(stage: Stage, stock: str = "", **options: str) -> None:
    """LS Central has a mug, a cap and a shirt; stock is switched on."""
    await stage.central.act("POST", "/items", {"number": MUG, "stock": "12"})
    await stage.central.act("POST", "/items", {"number": CAP, "stock": "40"})
    await stage.central.act("POST", "/items", {"number": "TSHIRT-BLACK", "variants": ["M"], "stock": "7"})
    stage.configure(stock=f'unlisted = "leave"\n{stock}', **options)


async def sync(stage: Stage, *arguments: str, code: int | None = 0) -> dict[str, Any]:
    done = await stage.crossdock("pull", "sg", "stock", "--json", *arguments, code=code)
    found: dict[str, Any] = done.json
    return found


async def test_levels_of_ls_central_are_what_buyers_see_and_a_change_follows(stage: Stage) -> None:
    await stocked(stage, "buffer = 2\nmax_listed = 30")

    await sync(stage)
    first = await shown(stage.shopee)
    await stage.central.act("POST", f"/items/{MUG}/sell", {"quantity": "4"})
    report = await sync(stage)

    assert (first[MUG], first[CAP], first[SHIRT]) == (10, 30, 5)
    assert (await shown(stage.shopee))[MUG] == 6
    assert [row["key"] for row in report["results"]] == [MUG]


async def test_a_second_run_without_change_sends_nothing(stage: Stage) -> None:
    await stocked(stage)
    await sync(stage)

    assert (await sync(stage))["steps"] == []
    assert (await stage.crossdock("plan", "sg", "stock", "--json")).json == []


async def test_one_sku_is_brought_up_to_date_by_hand(stage: Stage) -> None:
    await stocked(stage)
    await sync(stage)
    await stage.central.act("POST", f"/items/{MUG}/sell", {"quantity": "4"})
    await stage.central.act("POST", f"/items/{CAP}/sell", {"quantity": "4"})

    await sync(stage, "--only", MUG)

    seen = await shown(stage.shopee)
    assert (seen[MUG], seen[CAP]) == (8, 40)


async def test_what_somebody_changed_on_the_channel_is_reported_and_repaired_when_told(stage: Stage) -> None:
    await stocked(stage)
    await sync(stage)
    await somebody_edits(stage, MUG, 99)

    reported = (await stage.crossdock("drift", "sg", "--json", code=1)).json
    before = (await shown(stage.shopee))[MUG]
    await stage.crossdock("drift", "sg", "--heal")

    assert [(row["sku"], row["state"]) for row in reported] == [(MUG, "found")]
    assert "99 instead of 12" in reported[0]["text"]
    assert (before, (await shown(stage.shopee))[MUG]) == (99, 12)
    await stage.crossdock("drift", "sg")


async def test_a_source_that_would_empty_the_shop_is_stopped_until_a_person_agrees(stage: Stage) -> None:
    await stocked(stage, "brake_from = 1\nbrake_percent = 50")
    await sync(stage)
    for item, variant in ((MUG, ""), (CAP, ""), ("TSHIRT-BLACK", "M")):
        await stage.central.act("POST", f"/items/{item}/stock", {"quantity": "0", "variant": variant})

    await sync(stage, code=1)
    held = await shown(stage.shopee)
    parked = (await stage.crossdock("parked", "list", "sg", "--json")).json
    await stage.crossdock("parked", "retry", "--cause", "many-would-drop-to-zero")
    await sync(stage)

    assert (held[MUG], held[CAP], held[SHIRT]) == (12, 40, 7)
    assert len(parked) == 1
    assert "3 of 3" in parked[0]["reason"]
    seen = await shown(stage.shopee)
    assert (seen[MUG], seen[CAP], seen[SHIRT]) == (0, 0, 0)
    assert (await stage.crossdock("parked", "list", "sg", "--json")).json == []


async def test_what_the_channel_does_not_list_is_one_item_however_many_skus(stage: Stage) -> None:
    await stocked(stage)
    stage.configure(stock="")

    await sync(stage, code=1)

    parked = (await stage.crossdock("parked", "list", "sg", "--json")).json
    assert [item["cause"] for item in parked] == ["unknown_sku"]
    assert "No listing of the shop carries SKU" in parked[0]["reason"]
    assert (await shown(stage.shopee))[MUG] == 12
    await stage.crossdock("parked", "drop", "--all")
    await stage.crossdock("parked", "list", "sg", "--check")
    await sync(stage, "--full", code=None)
    assert (await stage.crossdock("parked", "list", "sg", "--json")).json == []


async def test_after_lost_answers_the_channel_ends_with_the_newest_level(stage: Stage) -> None:
    await stocked(stage)
    await stage.shopee.faults({"kind": "lost_answer", "path": "update_stock"})
    await sync(stage, code=None)
    await stage.shopee.faults()
    await stage.central.act("POST", f"/items/{MUG}/sell", {"quantity": "5"})

    await stage.wait(3_600)
    await sync(stage, code=None)

    seen = await shown(stage.shopee)
    assert (seen[MUG], seen[CAP], seen[SHIRT]) == (7, 40, 7)
