"""The main job: a Shopee order becomes an LS Central Customer Order."""

from __future__ import annotations

from decimal import Decimal

from tests.journeys.stage import SKUS, Stage


async def test_an_order_with_lines_discounts_and_shipping_arrives_with_equal_totals(stage: Stage) -> None:
    order = await stage.place(
        items=[
            {"model_sku": SKUS[0], "quantity": 2, "original_price": "25.00", "discounted_price": "19.90"},
            {"model_sku": SKUS[1], "quantity": 1, "original_price": "8.50"},
        ],
        seller_voucher="3.00",
        shipping_fee="1.99",
    )

    await stage.pull()

    document = await stage.document(order)
    paid = Decimal("2") * Decimal("19.90") + Decimal("8.50") - Decimal("3.00") + Decimal("1.99")
    assert document["external_id"] == order
    assert sum(Decimal(line["Amount"]) for line in document["lines"]) == paid
    assert [line["Number"] for line in document["lines"]] == ["40020", "40020", "66010"]


async def test_a_second_run_creates_nothing_twice(stage: Stage) -> None:
    orders = {await stage.place() for _ in range(5)}

    await stage.pull()
    await stage.pull()

    created = [write["key"] for write in await stage.central.writes("create_order")]
    assert sorted(created) == sorted(orders)


async def test_an_unpaid_order_waits_until_it_is_paid(stage: Stage) -> None:
    order = await stage.place(paid=False)
    await stage.pull()
    assert await stage.central.writes("create_order") == []

    await stage.shopee.act("POST", f"/orders/{order}/pay")
    await stage.pull()

    assert [write["key"] for write in await stage.central.writes("create_order")] == [order]


async def test_an_unknown_sku_is_parked_with_its_reason_and_released_once_the_item_exists(stage: Stage) -> None:
    good = await stage.place()
    bad = await stage.place(items=[{"sku": "70007", "quantity": 1, "original_price": "5.00"}])
    await stage.pull(code=1)

    parked = (await stage.crossdock("parked", "list", "--json")).json
    assert bad in str(parked)
    assert "70007" in str(parked)
    assert [write["key"] for write in await stage.central.writes("create_order")] == [good]

    await stage.central.act("POST", "/items", {"number": "70007", "description": "New", "unit_price": "5"})
    await stage.crossdock("parked", "retry", bad)
    await stage.pull()

    assert [write["key"] for write in await stage.central.writes("create_order")] == [good, bad]
    assert (await stage.crossdock("parked", "list", "--json")).json in ([], {"parked": []})


async def test_a_malformed_order_is_parked_with_its_path_and_the_others_pass(stage: Stage) -> None:
    good, bad = await stage.place(), await stage.place()
    await stage.shopee.act("POST", f"/orders/{bad}/corrupt", {"path": "item_list.0.model_original_price", "value": "x"})

    await stage.pull(code=1)

    parked = str((await stage.crossdock("parked", "list", "--json")).json)
    assert bad in parked
    assert "item_list[0].model_original_price" in parked
    assert [write["key"] for write in await stage.central.writes("create_order")] == [good]
