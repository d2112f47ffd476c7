from decimal import Decimal

import pytest

from tests.plugins.shopee.sandbox_client import START, Client, connected

DAY = 86400


async def listed(client: Client, **params: object) -> tuple[list[str], bool, str]:
    window = {"time_range_field": "update_time", "time_from": START - DAY, "time_to": START + DAY, "page_size": 100}
    response = (await client.get("order/get_order_list", **{**window, **params})).response
    return [row["order_sn"] for row in response["order_list"]], response["more"], response["next_cursor"]


async def test_a_test_order_is_ready_to_ship_and_adds_up() -> None:
    async with connected() as client:
        order_sn = await client.order()
        order = await client.detail(order_sn, "item_list,package_list,total_amount,estimated_shipping_fee,pay_time")
        assert (order_sn[:6], len(order_sn)) == ("260921", 14)
        assert (order["order_status"], order["currency"], order["region"]) == ("READY_TO_SHIP", "SGD", "SG")
        assert order["total_amount"] == Decimal("16.99")
        assert order["pay_time"] == START
        assert order["ship_by_date"] == START + 3 * DAY
        item, package = order["item_list"][0], order["package_list"][0]
        assert item["product_location_id"] == ["SGZ"]
        assert package["item_list"][0]["product_location_id"] == "SGZ"
        assert package["logistics_status"] == "LOGISTICS_READY"
        assert package["package_number"].startswith("OFG")


async def test_money_is_written_as_exact_numbers() -> None:
    async with connected() as client:
        items = [{"sku": "A", "original_price": "0.10", "quantity": 3}]
        order_sn = await client.order(items=items, shipping_fee="0.20", coins="0.1")
        answer = await client.get(
            "order/get_order_detail", order_sn_list=order_sn, response_optional_fields="total_amount,item_list"
        )
        assert b'"total_amount":0.4}' in answer.content
        assert b'"model_original_price":0.1,' in answer.content


async def test_only_what_was_asked_for_comes_back() -> None:
    async with connected() as client:
        order_sn = await client.order()
        bare = (await client.get("order/get_order_detail", order_sn_list=order_sn)).response["order_list"][0]
        assert "item_list" not in bare
        assert "total_amount" not in bare
        assert "recipient_address" not in bare
        assert bare["message_to_seller"] == ""


@pytest.mark.parametrize(("masked", "name"), [(True, "****"), (False, "Tan Mei Ling")])
async def test_the_buyers_name_is_masked_but_not_the_address(masked: bool, name: str) -> None:
    async with connected(mask_buyers=masked) as client:
        order = await client.detail(await client.order(), "recipient_address")
        assert order["recipient_address"]["name"] == name
        assert order["recipient_address"]["zipcode"] == "049315"


async def test_prices_of_items_are_of_one_unit_and_zero_in_a_bundle() -> None:
    async with connected() as client:
        bundle = {"promotion_type": "bundle_deal", "original_price": 10, "discounted_price": 8}
        items = [
            {"sku": "A", "quantity": 2, "original_price": 15, "discounted_price": 12},
            {"sku": "B", **bundle},
            {"sku": "C", **bundle},
        ]
        order = await client.detail(await client.order(items=items))
        plain, first, second = order["item_list"]
        assert (plain["model_original_price"], plain["model_discounted_price"]) == (15, 12)
        assert plain["order_item_id"] == plain["item_id"]
        assert first["model_discounted_price"] == second["model_discounted_price"] == 0
        assert first["order_item_id"] == second["order_item_id"] == 1
        assert order["total_amount"] == Decimal("41.99")


async def test_the_escrow_follows_the_documented_sums() -> None:
    async with connected() as client:
        items = [
            {"sku": "A", "quantity": 2, "original_price": "15.00", "discounted_price": "12.50", "shopee_discount": 1},
            {"sku": "B", "quantity": 1, "original_price": "3.35"},
        ]
        order_sn = await client.order(
            items=items, seller_voucher="2.00", shopee_voucher="1.11", coins="0.33", shipping_rebate="0.5"
        )
        escrow = (await client.get("payment/get_escrow_detail", order_sn=order_sn)).response
        income, payment = escrow["order_income"], escrow["buyer_payment_info"]
        order = await client.detail(order_sn)
        paid = sum(payment[name] for name in ("merchant_subtotal", "shipping_fee", "seller_voucher"))
        paid += payment["shopee_voucher"] + payment["shopee_coins_redeemed"]
        assert paid == payment["buyer_total_amount"] == income["buyer_total_amount"] == order["total_amount"]
        assert payment["shopee_voucher"] == Decimal("-1.11")
        seller_gets = (
            income["original_cost_of_goods_sold"]
            - income["original_shopee_discount"]
            + income["seller_return_refund"]
            + income["shopee_discount"]
            - income["voucher_from_seller"]
            + income["buyer_paid_shipping_fee"]
            - income["actual_shipping_fee"]
            + income["shopee_shipping_rebate"]
            - income["commission_fee"]
            - income["seller_transaction_fee"]
        )
        assert seller_gets == income["escrow_amount"]
        for name, whole in [
            ("discount_from_voucher_seller", "voucher_from_seller"),
            ("discount_from_voucher_shopee", "voucher_from_shopee"),
            ("discount_from_coin", "coins"),
            ("discounted_price", "order_discounted_price"),
            ("original_price", "order_original_price"),
        ]:
            assert sum(item[name] for item in escrow["order_income"]["items"]) == income[whole]
        assert income["items"][0]["discounted_price"] == 25


async def test_the_recorded_order_of_the_reference_comes_out_to_the_cent() -> None:
    async with connected() as client:
        order_sn = await client.order(items=[{"sku": "A", "quantity": 2, "original_price": 15}])
        income = (await client.get("payment/get_escrow_detail", order_sn=order_sn)).response["order_income"]
        assert income["commission_fee"] == Decimal("0.65")
        assert income["seller_transaction_fee"] == Decimal("0.64")
        assert income["escrow_amount"] == Decimal("30.7")


async def test_a_cancelled_order_leaves_the_seller_nothing() -> None:
    async with connected() as client:
        order_sn = await client.order(seller_voucher=1)
        await client.operate("POST", f"/orders/{order_sn}/cancel", {})
        income = (await client.get("payment/get_escrow_detail", order_sn=order_sn)).response["order_income"]
        assert income["escrow_amount"] == 0
        assert income["seller_return_refund"] < 0


async def test_the_batch_of_escrows_is_posted_and_fails_by_row() -> None:
    async with connected() as client:
        order_sn = await client.order()
        answer = await client.post("payment/get_escrow_detail_batch", {"order_sn_list": [order_sn, "X"]})
        good, bad = answer.response
        assert good["escrow_detail"]["order_sn"] == order_sn
        assert (bad["fail_error"], bad["escrow_detail"]["order_sn"]) == ("order_not_found", "X")
        many = await client.post("payment/get_escrow_detail_batch", {"order_sn_list": ["X"] * 51})
        assert many.error == "exceed_max_limit"
        assert (await client.get("payment/get_escrow_detail_batch", order_sn_list=order_sn)).status == 404


async def test_an_unpaid_order_has_no_amount_and_no_escrow_until_it_is_paid() -> None:
    async with connected() as client:
        order_sn = await client.order(paid=False)
        order = await client.detail(order_sn, "total_amount,pay_time,package_list")
        assert (order["order_status"], order["total_amount"], order["pay_time"]) == ("UNPAID", 0, None)
        assert (await client.get("payment/get_escrow_detail", order_sn=order_sn)).error == "order_not_found"
        await client.advance(60)
        await client.operate("POST", f"/orders/{order_sn}/pay")
        order = await client.detail(order_sn)
        assert (order["order_status"], order["update_time"]) == ("READY_TO_SHIP", START + 60)
        assert order["total_amount"] == Decimal("16.99")


async def test_the_system_cancels_what_nobody_pays_for() -> None:
    async with connected(unpaid_hours=1) as client:
        order_sn = await client.order(paid=False)
        await client.advance(3 * 3600)
        order = await client.detail(order_sn, "cancel_by,cancel_reason")
        assert (order["order_status"], order["cancel_by"]) == ("CANCELLED", "system")
        assert (order["cancel_reason"], order["update_time"]) == ("Unpaid Order", START + 3600)


async def test_a_pending_order_is_shown_as_pending_only_to_who_asks() -> None:
    async with connected() as client:
        order_sn = await client.order(pending=True)
        assert (await client.detail(order_sn))["order_status"] == "READY_TO_SHIP"
        answer = await client.get("order/get_order_detail", order_sn_list=order_sn, request_order_status_pending="True")
        assert answer.response["order_list"][0]["order_status"] == "PENDING"
        assert answer.response["order_list"][0]["pending_terms"] == ["SYSTEM_PENDING"]
        await client.operate("POST", f"/orders/{order_sn}/release")
        assert (await client.detail(order_sn))["order_status"] == "READY_TO_SHIP"


async def test_a_cancelled_order_says_by_whom_and_why() -> None:
    async with connected() as client:
        order_sn = await client.order()
        await client.operate("POST", f"/orders/{order_sn}/cancel", {"by": "buyer", "reason": "Change of mind"})
        order = await client.detail(order_sn, "cancel_by,cancel_reason,buyer_cancel_reason,package_list,item_list")
        assert (order["order_status"], order["cancel_by"]) == ("CANCELLED", "buyer")
        assert order["cancel_reason"] == order["buyer_cancel_reason"] == "Change of mind"
        assert order["package_list"][0]["logistics_status"] == "LOGISTICS_INVALID"
        assert (order["item_list"][0]["cancelled_qty"], order["item_list"][0]["active_qty"]) == (1, 0)


async def test_the_list_gives_numbers_and_the_status_only_when_asked() -> None:
    async with connected() as client:
        order_sn = await client.order()
        window = {"time_range_field": "create_time", "time_from": START - 1, "time_to": START, "page_size": 10}
        bare = (await client.get("order/get_order_list", **window)).response["order_list"]
        assert bare == [{"order_sn": order_sn, "booking_sn": ""}]
        full = await client.get("order/get_order_list", **window, response_optional_fields="order_status")
        assert full.response["order_list"][0]["order_status"] == "READY_TO_SHIP"


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"time_from": START - 15 * DAY - 1, "time_to": START}, "order.order_list_invalid_time"),
        ({"time_from": START, "time_to": START}, "order.order_list_invalid_time"),
        ({"page_size": 101}, "error_param"),
        ({"page_size": 0}, "error_param"),
        ({"time_range_field": "pay_time"}, "error_param"),
        ({"order_status": "RETRY_SHIP"}, "error_param"),
        ({"cursor": "abc"}, "error_param"),
        ({"time_from": "today"}, "error_param"),
    ],
)
async def test_the_list_refuses_what_shopee_refuses(params: dict[str, object], error: str) -> None:
    async with connected() as client:
        window = {"time_range_field": "update_time", "time_from": START - DAY, "time_to": START, "page_size": 10}
        answer = await client.get("order/get_order_list", **{**window, **params})
        assert (answer.status, answer.error) == (200, error)


async def test_a_missing_parameter_is_named() -> None:
    async with connected() as client:
        answer = await client.get("order/get_order_detail")
        assert answer.body["message"] == "Wrong parameters, detail: order_sn_list is a required field."


async def test_exactly_fifteen_days_are_allowed() -> None:
    async with connected() as client:
        assert await listed(client, time_from=START - 15 * DAY, time_to=START) == ([], False, "")


@pytest.mark.parametrize("list_order", ["newest", "oldest"])
async def test_pages_follow_the_cursor_in_the_chosen_order(list_order: str) -> None:
    async with connected(list_order=list_order) as client:
        made = (await client.operate("POST", "/orders/bulk", {"count": 25, "spread_seconds": 24}))["order_sns"]
        seen: list[str] = []
        cursor, more = '""', True
        while more:
            page, more, cursor = await listed(client, page_size=10, cursor=cursor)
            seen += page
        assert cursor == ""
        assert seen == (made[::-1] if list_order == "newest" else made)


async def test_pages_shift_when_an_order_changes_while_they_are_read() -> None:
    async with connected(list_order="oldest") as client:
        made = (await client.operate("POST", "/orders/bulk", {"count": 4, "spread_seconds": 3}))["order_sns"]
        first, _more, cursor = await listed(client, page_size=2)
        await client.advance(10)
        await client.operate("POST", f"/orders/{made[0]}/cancel", {})
        second, _more, _cursor = await listed(client, page_size=2, cursor=cursor)
        assert first == made[:2]
        assert second == [made[3], made[0]]


async def test_the_status_filter_follows_the_order() -> None:
    async with connected() as client:
        paid, unpaid = await client.order(), await client.order(paid=False)
        assert (await listed(client, order_status="UNPAID"))[0] == [unpaid]
        await client.operate("POST", f"/orders/{unpaid}/pay")
        assert (await listed(client, order_status="UNPAID"))[0] == []
        assert set((await listed(client, order_status="READY_TO_SHIP"))[0]) == {paid, unpaid}
        assert (await listed(client, order_status="INVOICE_PENDING"))[0] == []


@pytest.mark.parametrize(("included", "count"), [(True, 1), (False, 0)])
async def test_whether_the_end_of_the_window_belongs_to_it_is_a_switch(included: bool, count: int) -> None:
    async with connected(include_time_to=included) as client:
        await client.order()
        assert len((await listed(client, time_to=START))[0]) == count


async def test_an_unknown_order_fails_the_whole_request() -> None:
    async with connected() as client:
        order_sn = await client.order()
        answer = await client.get("order/get_order_detail", order_sn_list=f"{order_sn},NOSUCHORDER000")
        assert answer.error == "error_not_found"
        assert answer.body["message"] == "Wrong parameters, detail: the order is not found."


async def test_a_detail_request_takes_fifty_numbers_and_no_more() -> None:
    async with connected() as client:
        made = (await client.operate("POST", "/orders/bulk", {"count": 51}))["order_sns"]
        fifty = await client.get("order/get_order_detail", order_sn_list=",".join(made[:50]))
        assert len(fifty.response["order_list"]) == 50
        assert (await client.get("order/get_order_detail", order_sn_list=",".join(made))).error == "error_param"


async def test_another_shops_order_is_unknown() -> None:
    async with connected() as client:
        order_sn = await client.order(shop_id=600001)
        assert (await client.get("order/get_order_detail", order_sn_list=order_sn)).error == "error_not_found"
        token = client.credentials["merchant_access_token"]
        other = {"access_token": token, "shop_id": 600001}
        answer = await client.get("order/get_order_detail", other, order_sn_list=order_sn)
        assert answer.response["order_list"][0]["order_sn"] == order_sn


async def test_a_corrupted_body_stays_wrong_until_it_is_mended() -> None:
    async with connected() as client:
        order_sn = await client.order()
        place = f"/orders/{order_sn}/corrupt"
        await client.operate("POST", place, {"path": "item_list.0.model_quantity_purchased", "value": "two"})
        await client.operate("POST", place, {"path": "currency", "remove": True})
        order = await client.detail(order_sn)
        assert order["item_list"][0]["model_quantity_purchased"] == "two"
        assert "currency" not in order
        await client.operate("DELETE", place)
        assert (await client.detail(order_sn))["currency"] == "SGD"


async def test_an_impossible_draft_is_refused_with_a_reason() -> None:
    async with connected() as client:
        for draft in ({"seller_voucher": 100}, {"items": [{"original_price": "1.005"}]}, {"shop_id": 5}):
            answer = await client.http.post("/_sandbox/orders", json=draft)
            assert answer.status_code in (404, 409)
            assert answer.json()["error"]


async def test_markets_without_cents_have_whole_prices() -> None:
    async with connected(region="VN") as client:
        order = await client.detail(await client.order())
        assert (order["currency"], order["total_amount"]) == ("VND", 15030)
