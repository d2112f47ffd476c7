from decimal import Decimal
from typing import Any

import pytest

from tests.plugins.shopee.sandbox_client import START, Client, connected

TWO_LINES = [{"sku": "CAP", "quantity": 2}, {"sku": "MUG", "quantity": 1}]


async def cancel(client: Client, order_sn: str, reason: str = "CUSTOMER_REQUEST", **more: Any) -> str:
    return (await client.post("order/cancel_order", {"order_sn": order_sn, "cancel_reason": reason, **more})).error


async def test_a_seller_cancels_with_a_reason() -> None:
    async with connected() as client:
        order_sn = await client.order()
        item = (await client.detail(order_sn))["item_list"][0]
        named = [{"item_id": item["item_id"], "model_id": item["model_id"]}]
        answer = await client.post(
            "order/cancel_order", {"order_sn": order_sn, "cancel_reason": "OUT_OF_STOCK", "item_list": named}
        )
        assert answer.response == {"update_time": START}
        order = await client.detail(order_sn, "cancel_by,cancel_reason")
        assert (order["order_status"], order["cancel_by"]) == ("CANCELLED", "seller")
        assert order["cancel_reason"] == "Out of Stock"


async def test_what_a_cancellation_needs_is_checked() -> None:
    async with connected() as client:
        order_sn = await client.order()
        assert await cancel(client, order_sn, "OUT_OF_STOCK") == "error_param"
        assert (
            await cancel(client, order_sn, "OUT_OF_STOCK", item_list=[{"item_id": 1, "model_id": 0}]) == "error_param"
        )
        assert await cancel(client, order_sn, "UNDELIVERABLE_AREA") == "error_param"
        assert await cancel(client, order_sn, "BORED") == "error_param"
        assert await cancel(client, "NOSUCHORDER000") == "error_not_found"
        assert await cancel(client, order_sn) == ""
        assert await cancel(client, order_sn) == "order.error_limit"


async def test_malaysia_knows_undeliverable_areas() -> None:
    async with connected(region="MY") as client:
        assert await cancel(client, await client.order(), "UNDELIVERABLE_AREA") == ""


async def test_a_parcel_under_way_cannot_be_cancelled() -> None:
    async with connected() as client:
        order_sn = await client.order()
        await client.operate("POST", f"/orders/{order_sn}/arrange")
        await client.advance(10)
        await client.operate("POST", f"/orders/{order_sn}/pickup")
        assert await cancel(client, order_sn) == "order.error_limit"


async def test_a_processed_order_can_still_be_cancelled() -> None:
    async with connected() as client:
        order_sn = await client.order()
        await client.operate("POST", f"/orders/{order_sn}/arrange")
        await client.advance(10)
        assert await cancel(client, order_sn) == ""
        package = (await client.detail(order_sn))["package_list"][0]
        assert package["logistics_status"] == "LOGISTICS_REQUEST_CANCELED"


async def test_a_cancellation_can_take_its_time() -> None:
    async with connected(seller_cancel_seconds=60) as client:
        order_sn = await client.order()
        assert await cancel(client, order_sn) == ""
        assert (await client.detail(order_sn))["order_status"] == "IN_CANCEL"
        await client.advance(60)
        assert (await client.detail(order_sn))["order_status"] == "CANCELLED"


async def test_some_units_are_cancelled_and_the_rest_goes_on() -> None:
    async with connected() as client:
        order_sn = await client.order(items=TWO_LINES)
        cap = (await client.detail(order_sn))["item_list"][0]
        part = {"item_id": cap["item_id"], "model_id": 0, "order_item_id": cap["item_id"], "promotion_group_id": 0}
        too_many = [{**part, "model_quantity": 3}]
        assert await cancel(client, order_sn, partial_cancel_item_list=too_many) == "error_param"
        assert await cancel(client, order_sn, partial_cancel_item_list=[{**part, "model_quantity": 1}]) == ""
        order = await client.detail(order_sn)
        assert order["order_status"] == "READY_TO_SHIP"
        assert (order["item_list"][0]["active_qty"], order["item_list"][0]["cancelled_qty"]) == (1, 1)
        assert order["package_list"][0]["item_list"][0]["model_quantity"] == 1
        income = (await client.get("payment/get_escrow_detail", order_sn=order_sn)).response["order_income"]
        assert income["seller_return_refund"] == -12


async def test_the_seller_cancels_units_in_seller_center_as_long_as_something_is_left() -> None:
    async with connected() as client:
        order_sn = await client.order(items=TWO_LINES)
        cap = (await client.detail(order_sn))["item_list"][0]
        part = {"sku": cap["item_sku"], "quantity": 1}
        shown = await client.operate("POST", f"/orders/{order_sn}/cancel-part", part)
        assert shown["order_status"] == "READY_TO_SHIP"
        order = await client.detail(order_sn)
        assert (order["item_list"][0]["active_qty"], order["item_list"][0]["cancelled_qty"]) == (1, 1)


async def test_another_shipping_fee_shows_in_the_total_and_in_all_of_the_accounting() -> None:
    async with connected() as client:
        order_sn = await client.order(items=TWO_LINES, shipping_fee="1.99")
        paid = (await client.detail(order_sn))["total_amount"]
        await client.operate("POST", f"/orders/{order_sn}/shipping-fee", {"amount": "2.99"})
        assert (await client.detail(order_sn))["total_amount"] == paid + 1
        escrow = (await client.get("payment/get_escrow_detail", order_sn=order_sn)).response
        assert escrow["order_income"]["buyer_paid_shipping_fee"] == Decimal("2.99")
        assert escrow["buyer_payment_info"]["shipping_fee"] == Decimal("2.99")
        with pytest.raises(AssertionError, match="smallest units"):
            await client.operate("POST", f"/orders/{order_sn}/shipping-fee", {"amount": "2.995"})
        await client.operate("POST", f"/orders/{order_sn}/cancel", {})
        with pytest.raises(AssertionError, match="is cancelled"):
            await client.operate("POST", f"/orders/{order_sn}/shipping-fee", {"amount": "1"})


async def test_units_that_are_not_there_and_the_last_ones_cannot_be_cancelled_in_part() -> None:
    async with connected() as client:
        order_sn = await client.order(items=[{"sku": "X-1", "quantity": 2, "original_price": "5"}])
        for part in ({"sku": "X-1", "quantity": 3}, {"sku": "Y"}, {"sku": "X-1", "quantity": 2}):
            with pytest.raises(AssertionError, match=r"to cancel|must be left"):
                await client.operate("POST", f"/orders/{order_sn}/cancel-part", part)


async def test_a_single_unit_cannot_be_cancelled_in_part() -> None:
    async with connected() as client:
        order_sn = await client.order()
        item = (await client.detail(order_sn))["item_list"][0]
        part = {"item_id": item["item_id"], "model_id": item["model_id"], "model_quantity": 1}
        assert await cancel(client, order_sn, partial_cancel_item_list=[part]) == "order.error_limit"


@pytest.mark.parametrize(("operation", "status"), [("ACCEPT", "CANCELLED"), ("REJECT", "READY_TO_SHIP")])
async def test_a_buyers_wish_to_cancel_is_granted_or_not(operation: str, status: str) -> None:
    async with connected() as client:
        order_sn = await client.order()
        body = {"order_sn": order_sn, "operation": operation}
        early = await client.post("order/handle_buyer_cancellation", body)
        assert early.error == "order.cancel_order_invalid_status"
        await client.operate("POST", f"/orders/{order_sn}/buyer-cancel-request")
        order = await client.detail(order_sn, "item_list")
        assert (order["order_status"], order["item_list"][0]["cancel_requested_qty"]) == ("IN_CANCEL", 1)
        assert await cancel(client, order_sn) == "order.error_limit"
        assert (await client.post("order/handle_buyer_cancellation", body)).error == ""
        order = await client.detail(order_sn, "cancel_by")
        assert order["order_status"] == status
        assert order["cancel_by"] == ("buyer" if operation == "ACCEPT" else "")


async def test_a_wish_that_nobody_answers_is_granted() -> None:
    async with connected(cancel_answer_hours=1) as client:
        order_sn = await client.order()
        await client.operate("POST", f"/orders/{order_sn}/buyer-cancel-request")
        await client.advance(3600)
        assert (await client.detail(order_sn))["order_status"] == "CANCELLED"


async def test_a_carriers_answer_does_not_end_a_wish_to_cancel() -> None:
    async with connected() as client:
        order_sn = await client.order()
        await client.operate("POST", f"/orders/{order_sn}/arrange")
        await client.operate("POST", f"/orders/{order_sn}/buyer-cancel-request")
        await client.advance(10)
        assert (await client.detail(order_sn))["order_status"] == "IN_CANCEL"
        await client.post("order/handle_buyer_cancellation", {"order_sn": order_sn, "operation": "REJECT"})
        assert (await client.detail(order_sn))["order_status"] == "PROCESSED"


async def test_a_note_is_kept_and_does_not_count_as_a_change() -> None:
    async with connected() as client:
        order_sn = await client.order()
        await client.advance(5)
        assert (await client.post("order/set_note", {"order_sn": order_sn, "note": "fragile"})).error == ""
        order = await client.detail(order_sn, "note,note_update_time")
        assert (order["note"], order["note_update_time"], order["update_time"]) == ("fragile", START + 5, START)
        missing = await client.post("order/set_note", {"order_sn": order_sn})
        assert missing.body["message"] == "Wrong parameters, detail: note is a required field."


async def split_rows(client: Client, order_sn: str) -> list[dict[str, Any]]:
    items = (await client.detail(order_sn))["item_list"]
    keys = ("item_id", "model_id", "order_item_id", "promotion_group_id")
    return [{"item_list": [{key: item[key] for key in keys}]} for item in items]


async def test_an_order_is_split_shipped_by_parcel_and_processed_when_all_are() -> None:
    async with connected() as client:
        order_sn = await client.order(items=TWO_LINES)
        rows = await split_rows(client, order_sn)
        made = (await client.post("order/split_order", {"order_sn": order_sn, "package_list": rows})).response
        numbers = [row["package_number"] for row in made["package_list"]]
        ship = {"order_sn": order_sn, "dropoff": {}}
        nameless = await client.post("logistics/ship_order", ship)
        assert nameless.error == "logistics.ship_order_need_pacakge_number"
        wrong = await client.post("logistics/ship_order", {**ship, "package_number": "OFG0"})
        assert wrong.error == "logistics.package_not_exist"
        assert (await client.post("logistics/ship_order", {**ship, "package_number": numbers[0]})).error == ""
        await client.advance(10)
        assert (await client.detail(order_sn, "split_up"))["order_status"] == "READY_TO_SHIP"
        undo = await client.post("order/unsplit_order", {"order_sn": order_sn})
        assert undo.error == "order.order_cannot_undo_split"
        assert (await client.post("logistics/ship_order", {**ship, "package_number": numbers[1]})).error == ""
        await client.advance(10)
        order = await client.detail(order_sn, "split_up,package_list")
        assert (order["order_status"], order["split_up"], len(order["package_list"])) == ("PROCESSED", True, 2)


async def test_a_split_can_be_undone_before_shipping() -> None:
    async with connected() as client:
        order_sn = await client.order(items=TWO_LINES)
        await client.operate("POST", f"/orders/{order_sn}/split")
        assert (await client.post("order/unsplit_order", {"order_sn": order_sn})).error == ""
        order = await client.detail(order_sn, "split_up,package_list")
        assert (order["split_up"], len(order["package_list"])) == (False, 1)


async def test_a_split_must_name_every_item_once_and_keep_bundles_together() -> None:
    async with connected() as client:
        order_sn = await client.order(items=[*TWO_LINES, {"sku": "X"}])

        async def split(rows: list[dict[str, Any]]) -> str:
            return (await client.post("order/split_order", {"order_sn": order_sn, "package_list": rows})).error

        rows = await split_rows(client, order_sn)
        assert await split(rows[:2]) == "order.order_split_package_missing_item"
        assert await split([*rows, rows[0]]) == "order.order_split_duplicate_item"
        assert await split(rows[:1]) == "order.order_split_failed"
        assert await split(rows * 2) == "error_param"
        stranger = {"item_list": [{"item_id": 1, "model_id": 0}]}
        assert await split([rows[0], stranger]) == "order.order_split_item_not_exist"
        part = {"item_list": [{**rows[0]["item_list"][0], "model_quantity": 1}]}
        assert await split([part, rows[1], rows[2]]) == "order.order_split_wrong_item_quantity"
        order_sn = await client.order(
            items=[{"sku": "CAP", "promotion_type": "bundle_deal"}, {"sku": "MUG", "promotion_type": "bundle_deal"}]
        )
        assert await split(await split_rows(client, order_sn)) == "order.order_split_wrong_item_position"


async def test_a_shop_may_be_forbidden_to_split() -> None:
    async with connected(split_allowed=False) as client:
        order_sn = await client.order(items=TWO_LINES)
        body = {"order_sn": order_sn, "package_list": await split_rows(client, order_sn)}
        assert (await client.post("order/split_order", body)).error == "order.order_cannot_split"
