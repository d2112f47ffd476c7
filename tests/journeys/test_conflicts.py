"""Facts of both sides that cannot both be right are one parked item; a person acts, and it goes on."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.journeys.hall import ROUTE
from tests.journeys.shift import AN_HOUR, TWO, Shift, on_shift


async def test_posted_in_ls_central_after_it_was_cancelled_in_shopee_is_a_conflict(shift: Shift) -> None:
    number = await shift.place()
    await shift.at_shop(number, "cancel", by="seller")
    await shift.at_central(number, "post")
    await shift.pull()

    [item] = await (await shift.hall.engine()).parked(ROUTE)
    assert item.cause == "cancelled-after-posting"
    assert {"channel", "backend", "choices"} <= item.facts.keys()
    await (await shift.hall.engine()).drop(ROUTE, [number], "goods are back")
    await shift.pull()
    assert await shift.parked() == {}


async def test_a_quantity_that_changes_in_shopee_after_it_was_taken_over_is_a_conflict(shift: Shift) -> None:
    number = await shift.place(items=TWO)
    await shift.at_shop(number, "corrupt", path="item_list.0.model_quantity_purchased", value=2)
    await shift.pull()
    shown, before = await shift.parked(), shift.document(number).amount

    assert shown[number].split(":")[0] in ("changed-after-creation", "cannot-translate")
    assert shift.document(number).amount == before


async def test_another_shipping_fee_than_at_checkout_is_a_conflict_that_shows_both(shift: Shift) -> None:
    number = await shift.place(shipping_fee="3.49")
    await shift.at_shop(number, "shipping-fee", amount="5.00")
    await shift.pull()

    [item] = await (await shift.hall.engine()).parked(ROUTE)
    assert item.cause == "changed-after-creation"
    assert [item.facts[side]["shipping"] for side in ("channel", "backend")] == ["5.00 SGD", "3.49 SGD"]
    assert [item.facts[side]["total"] for side in ("channel", "backend")] == ["25.00 SGD", "23.49 SGD"]

    await shift.at_shop(number, "shipping-fee", amount="3.49")
    await (await shift.hall.engine()).retry(ROUTE, [number])
    await shift.pull()
    assert await shift.parked() == {}
    await shift.at_central(number, "post")
    await shift.pull()
    assert len(shift.modes()) == 1


async def test_a_document_brought_in_line_with_another_shipping_fee_goes_on_once_it_is_dropped(shift: Shift) -> None:
    number = await shift.place()
    await shift.at_shop(number, "shipping-fee", amount="5.00")
    await shift.pull()
    await (await shift.hall.engine()).drop(ROUTE, [number], "the store took the rest by hand")
    await shift.at_central(number, "post")
    await shift.pull()

    assert (await shift.parked(), len(shift.modes())) == ({}, 1)


async def test_cancelled_on_both_sides_at_once_counts_as_done(shift: Shift) -> None:
    number = await shift.place()
    await shift.at_shop(number, "cancel", by="buyer")
    await shift.at_central(number, "cancel")
    await shift.pull()

    assert await shift.parked() == {}
    assert "both sides agree that it is cancelled" in await shift.told(number)


async def test_an_order_processed_before_it_was_seen_reduces_the_stock_once(tmp_path: Path) -> None:
    async with on_shift(tmp_path, "create_fulfilled_orders = true") as shift:
        item = shift.hall.central.company.item("40020")
        assert item is not None
        before = sum(item.stock.values(), Decimal(0))
        await shift.hall.engine()
        number = (await shift.hall.shop_desk.act("/orders", {"items": TWO}))["order_sn"]
        await shift.at_shop(number, "arrange")
        await shift.pull(AN_HOUR)
        await shift.pull()

        assert before - sum(item.stock.values(), Decimal(0)) == 2
        assert len(shift.document(number).invoices) == 1
        assert list(shift.numbers(number).values()) == [shift.order(number).packages[0].tracking_number]


async def test_after_a_person_acted_a_retry_goes_on(shift: Shift) -> None:
    number = await shift.place()
    document = shift.document(number)
    await shift.at_central(number, "status", status="PICKED", line_no=document.lines[0].line_no)
    await shift.at_shop(number, "cancel", by="seller")
    await shift.pull()
    assert "no longer allows it to be cancelled" in (await shift.parked())[number]

    await shift.at_central(number, "status", status="NEW", line_no=document.lines[0].line_no)
    await (await shift.hall.engine()).retry(ROUTE, [number])
    await shift.pull()
    assert (await shift.parked(), shift.document(number).cancelled) == ({}, True)
