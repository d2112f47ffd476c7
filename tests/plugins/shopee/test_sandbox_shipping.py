from typing import Any

import httpx
import pytest

from tests.plugins.shopee.sandbox_client import START, Client, connected


async def ship(client: Client, order_sn: str, **body: Any) -> str:
    return (await client.post("logistics/ship_order", {"order_sn": order_sn, **body})).error


async def status(client: Client, order_sn: str) -> tuple[str, str]:
    order = await client.detail(order_sn, "package_list")
    return order["order_status"], order["package_list"][0]["logistics_status"]


async def parameter(client: Client, order_sn: str, **more: Any) -> Any:
    return (await client.get("logistics/get_shipping_parameter", order_sn=order_sn, **more)).response


async def arranged(client: Client, order_sn: str) -> str:
    """Ship by drop-off and wait for the tracking number."""
    assert await ship(client, order_sn, dropoff={}) == ""
    await client.advance(180)
    return (await client.get("logistics/get_tracking_number", order_sn=order_sn)).response["tracking_number"]


async def test_the_parameters_say_which_ways_there_are_and_what_they_need() -> None:
    async with connected() as client:
        found = await parameter(client, await client.order())
        assert found["info_needed"] == {"dropoff": [], "pickup": ["address_id", "pickup_time_id"]}
        assert found["dropoff"] is None
        address = found["pickup"]["address_list"][0]
        assert address["address_flag"] == ["default_address", "pickup_address", "return_address"]
        assert address["time_slot_list"][0]["date"] > START
        branch = await parameter(client, await client.order(channel_id=11009))
        assert branch["info_needed"] == {"dropoff": ["branch_id"]}
        assert branch["dropoff"]["branch_list"][0]["branch_id"] == 501


async def test_a_shipped_order_is_processed_a_little_later_and_tracked_later_still() -> None:
    async with connected() as client:
        order_sn = await client.order()
        assert await ship(client, order_sn, dropoff={}) == ""
        assert await status(client, order_sn) == ("READY_TO_SHIP", "LOGISTICS_READY")
        queue = (await client.post("order/search_package_list", {"pagination": {"page_size": 10}})).response
        assert queue["packages_list"][0]["is_shipment_arranged"] is True
        await client.advance(5)
        assert await status(client, order_sn) == ("PROCESSED", "LOGISTICS_REQUEST_CREATED")
        tracking = await client.get("logistics/get_tracking_number", order_sn=order_sn)
        assert tracking.response["tracking_number"] == ""
        await client.advance(175)
        tracking = await client.get("logistics/get_tracking_number", order_sn=order_sn)
        assert tracking.response["tracking_number"].startswith("SG")
        assert client.sandbox.world.oracle.counts("ship_order") == {order_sn: 1}


async def test_a_pickup_needs_an_offered_address_and_time() -> None:
    async with connected() as client:
        order_sn = await client.order()
        address = (await parameter(client, order_sn))["pickup"]["address_list"][0]
        slot = address["time_slot_list"][0]["pickup_time_id"]
        need = "logistics.ship_order_need_address_pickup_time"
        assert await ship(client, order_sn, pickup={}) == need
        assert await ship(client, order_sn, pickup={"address_id": 123}) == need
        bad_time = {"address_id": 123, "pickup_time_id": "1"}
        assert await ship(client, order_sn, pickup=bad_time) == "logistics.ship_order_pickup_time_invalid"
        bad_place = {"address_id": 1, "pickup_time_id": slot}
        assert await ship(client, order_sn, pickup=bad_place) == "logistics.address_not_found"
        assert await ship(client, order_sn, pickup={"address_id": 123, "pickup_time_id": slot}) == ""


@pytest.mark.parametrize(
    ("channel", "body", "error"),
    [
        (11006, {}, "logistics.ship_order_only_support_one_type"),
        (11006, {"dropoff": {}, "pickup": {}}, "logistics.ship_order_only_support_one_type"),
        (11006, {"non_integrated": {}}, "logistics.ship_order_unsupport_non_integrated"),
        (11006, {"dropoff": {}, "package_number": "OFG1"}, "logistics.ship_order_not_need_pacakge_number"),
        (11006, {"dropoff": {}, "package_number": ""}, "logistics.ship_order_not_need_pacakge_number"),
        (11006, {"dropoff": {"tracking_number": "X1"}}, "error_param"),
        (11007, {"dropoff": {}}, "logistics.ship_order_unsupport_dropoff"),
        (11009, {"pickup": {}}, "logistics.ship_order_unsupport_pickup"),
        (11009, {"dropoff": {}}, "logistics.ship_order_need_branch_id"),
        (11009, {"dropoff": {"branch_id": 1}}, "logistics.error_store_not_found"),
        (11010, {"dropoff": {}}, "logistics.ship_order_need_sender_real_name"),
        (11010, {"dropoff": {"sender_real_name": "x" * 65}}, "logistics.ship_order_long_sender_real_name"),
        (11011, {"dropoff": {}}, "logistics.ship_order_need_tracking_number"),
        (11011, {"dropoff": {"tracking_number": "x" * 65}}, "logistics.ship_order_long_tracking_number"),
        (19999, {"non_integrated": {}}, "logistics.ship_order_need_tracking_number"),
        (11006, {"dropoff": []}, "error_param"),
        (11008, {"pickup": {"address_id": 123}}, ""),
        (11009, {"dropoff": {"branch_id": 501}}, ""),
        (11011, {"dropoff": {"tracking_number": "MY1"}}, ""),
    ],
)
async def test_the_shape_of_a_shipment_is_checked(channel: int, body: dict[str, Any], error: str) -> None:
    async with connected() as client:
        assert await ship(client, await client.order(channel_id=channel), **body) == error


async def test_an_order_is_shipped_once_and_only_when_it_is_ready() -> None:
    async with connected() as client:
        order_sn, unpaid = await client.order(), await client.order(paid=False)
        assert await ship(client, order_sn, dropoff={}) == ""
        assert await ship(client, order_sn, dropoff={}) == "logistics.package_already_shipped"
        await client.advance(10)
        assert await ship(client, order_sn, dropoff={}) == "logistics.package_already_shipped"
        assert await ship(client, unpaid, dropoff={}) == "logistics.ship_order_not_ready_to_ship"
        assert await ship(client, "NOSUCHORDER000", dropoff={}) == "error_not_found"


async def test_the_sellers_own_fleet_ships_at_once() -> None:
    async with connected() as client:
        order_sn = await client.order(channel_id=19999)
        assert await ship(client, order_sn, non_integrated={"tracking_number": "OWN1"}) == ""
        assert await status(client, order_sn) == ("SHIPPED", "LOGISTICS_PICKUP_DONE")
        answer = await client.get("logistics/get_tracking_number", order_sn=order_sn)
        assert answer.response["tracking_number"] == "OWN1"


async def test_a_parcel_goes_from_the_seller_to_the_buyer() -> None:
    async with connected() as client:
        order_sn = await client.order()
        await arranged(client, order_sn)
        for step, expected in [
            ("pickup", ("SHIPPED", "LOGISTICS_PICKUP_DONE")),
            ("deliver", ("TO_CONFIRM_RECEIVE", "LOGISTICS_DELIVERY_DONE")),
            ("complete", ("COMPLETED", "LOGISTICS_DELIVERY_DONE")),
        ]:
            await client.operate("POST", f"/orders/{order_sn}/{step}")
            assert await status(client, order_sn) == expected
        info = (await client.get("logistics/get_tracking_info", order_sn=order_sn)).response
        assert [event["logistics_status"] for event in info["tracking_info"]] == [
            "DELIVERED",
            "PICKED_UP",
            "ORDER_CREATED",
        ]
        income = (await client.get("payment/get_escrow_detail", order_sn=order_sn)).response["order_income"]
        assert income["actual_shipping_fee"] == income["buyer_paid_shipping_fee"]


async def test_a_delivered_order_completes_by_itself() -> None:
    async with connected(complete_hours=1) as client:
        order_sn = await client.order(channel_id=19999)
        await ship(client, order_sn, non_integrated={"tracking_number": "OWN1"})
        await client.operate("POST", f"/orders/{order_sn}/deliver")
        await client.advance(3600)
        assert (await status(client, order_sn))[0] == "COMPLETED"


async def test_a_missed_pickup_is_arranged_again_with_something_else() -> None:
    async with connected() as client:
        order_sn = await client.order(channel_id=11007)
        slots = (await parameter(client, order_sn))["pickup"]["address_list"][0]["time_slot_list"]
        first = {"address_id": 123, "pickup_time_id": slots[0]["pickup_time_id"]}
        update = {"order_sn": order_sn, "pickup": first}
        early = await client.post("logistics/update_shipping_order", update)
        assert early.error == "logistics.order_not_ready_to_update"
        await ship(client, order_sn, pickup=first)
        await client.advance(200)
        await client.operate("POST", f"/orders/{order_sn}/miss-pickup")
        assert await status(client, order_sn) == ("RETRY_SHIP", "LOGISTICS_PICKUP_RETRY")
        same = await client.post("logistics/update_shipping_order", update)
        assert same.error == "logistics.update_shipping_order_no_param_change"
        other = {**first, "pickup_time_id": slots[1]["pickup_time_id"]}
        answer = await client.post("logistics/update_shipping_order", {"order_sn": order_sn, "pickup": other})
        assert answer.error == ""
        await client.advance(10)
        assert await status(client, order_sn) == ("PROCESSED", "LOGISTICS_REQUEST_CREATED")


@pytest.mark.parametrize(
    ("outcome", "package_status", "reason"),
    [
        ("lost", "LOGISTICS_LOST", "Lost Parcel"),
        ("failed_delivery", "LOGISTICS_DELIVERY_FAILED", "Failed Delivery"),
        ("cod_rejected", "LOGISTICS_COD_REJECTED", "COD Rejected"),
    ],
)
async def test_a_failed_delivery_cancels_the_order(outcome: str, package_status: str, reason: str) -> None:
    async with connected() as client:
        order_sn = await client.order(cod=outcome == "cod_rejected")
        await arranged(client, order_sn)
        await client.operate("POST", f"/orders/{order_sn}/pickup")
        await client.operate("POST", f"/orders/{order_sn}/fail", {"outcome": outcome})
        order = await client.detail(order_sn, "package_list,cancel_reason,cancel_by")
        assert (order["order_status"], order["cancel_by"], order["cancel_reason"]) == ("CANCELLED", "system", reason)
        assert order["package_list"][0]["logistics_status"] == package_status


async def test_a_cancelled_shipment_never_becomes_processed() -> None:
    async with connected() as client:
        order_sn = await client.order()
        await ship(client, order_sn, dropoff={})
        await client.operate("POST", f"/orders/{order_sn}/cancel", {})
        await client.advance(600)
        assert await status(client, order_sn) == ("CANCELLED", "LOGISTICS_INVALID")
        assert await ship(client, order_sn, dropoff={}) == "logistics.ship_order_not_ready_to_ship"
        answer = await client.get("logistics/get_shipping_parameter", order_sn=order_sn)
        assert answer.error == "error_status"


async def test_seller_center_can_arrange_what_the_client_did_not() -> None:
    async with connected() as client:
        for channel in (11006, 11007, 11008, 11009, 11010, 11011, 19999):
            order_sn = await client.order(channel_id=channel)
            await client.operate("POST", f"/orders/{order_sn}/arrange")
            assert await ship(client, order_sn, dropoff={}) in (
                "logistics.package_already_shipped",
                "logistics.ship_order_not_ready_to_ship",
            )
        await client.advance(200)
        packages = (await client.operate("GET", "/orders"))["orders"]
        assert all(order["packages"][0]["tracking_number"] for order in packages)


async def test_a_batch_fails_by_row_and_as_a_whole_only_when_all_fail() -> None:
    async with connected() as client:
        one, two = await client.order(), await client.order()
        await ship(client, one, dropoff={})
        rows = {"order_list": [{"order_sn": one}, {"order_sn": two}], "dropoff": {}}
        first = await client.post("logistics/batch_ship_order", rows)
        bad, good = first.response["result_list"]
        assert (bad["fail_error"], "fail_error" in good) == ("logistics.package_already_shipped", False)
        assert first.body["warning"] == [{"order_sn": one}]
        second = await client.post("logistics/batch_ship_order", rows)
        assert second.error == "common.batch_api_all_failed"
        assert len(second.body["response"]["result_list"]) == 2
        many = {"order_list": [{"order_sn": "X"}] * 51, "dropoff": {}}
        assert (await client.post("logistics/batch_ship_order", many)).error == "logistics.error_limit"


async def test_tracking_has_its_own_word_for_an_unknown_order() -> None:
    async with connected() as client:
        for name in ("get_tracking_number", "get_tracking_info"):
            answer = await client.get(f"logistics/{name}", order_sn="NOSUCHORDER000")
            assert answer.body["message"] == "The order is not exist."
            assert answer.error == "logistics.invalid_error"


async def test_many_packages_are_tracked_at_once() -> None:
    async with connected() as client:
        order_sn = await client.order()
        number = await arranged(client, order_sn)
        package = (await client.detail(order_sn))["package_list"][0]["package_number"]
        body = {"package_list": [{"package_number": package}, {"package_number": "OFG0"}]}
        found = (await client.post("logistics/get_mass_tracking_number", body)).response
        assert found["success_list"][0]["tracking_number"] == number
        assert found["fail_list"][0]["package_number"] == "OFG0"
        twice = {"package_list": [{"package_number": package}] * 2}
        assert (await client.post("logistics/get_mass_tracking_number", twice)).error == "logistics.error_param"


async def test_the_queue_follows_the_parcel() -> None:
    async with connected() as client:
        order_sn = await client.order()

        async def queue(package_status: int) -> list[str]:
            body = {"filter": {"package_status": package_status}, "pagination": {"page_size": 10}}
            found = (await client.post("order/search_package_list", body)).response
            assert found["pagination"]["total_count"] == len(found["packages_list"])
            return [row["order_sn"] for row in found["packages_list"]]

        assert [await queue(number) for number in (0, 1, 2, 3)] == [[order_sn], [], [order_sn], []]
        await arranged(client, order_sn)
        assert [await queue(number) for number in (0, 1, 2, 3)] == [[order_sn], [], [], [order_sn]]
        await client.operate("POST", f"/orders/{order_sn}/pickup")
        assert [await queue(number) for number in (0, 1, 2, 3)] == [[], [], [], []]


async def test_the_shipment_list_pages_and_refuses_large_pages() -> None:
    async with connected() as client:
        for _ in range(3):
            await client.order()
        first = (await client.get("order/get_shipment_list", page_size=2)).response
        assert (len(first["order_list"]), first["more"], first["next_cursor"]) == (2, True, "2")
        last = (await client.get("order/get_shipment_list", page_size=2, cursor="2")).response
        assert (len(last["order_list"]), last["more"], last["next_cursor"]) == (1, False, "")
        assert (await client.get("order/get_shipment_list", page_size=101)).error == "error_param"


async def test_a_packages_detail_shows_its_status_and_skus() -> None:
    async with connected() as client:
        order_sn = await client.order()
        number = (await client.detail(order_sn))["package_list"][0]["package_number"]
        detail = (await client.get("order/get_package_detail", package_number_list=number)).response["package_list"][0]
        assert (detail["fulfillment_status"], detail["is_shipment_arranged"]) == ("LOGISTICS_READY", False)
        assert detail["item_list"][0]["model_sku"] == "TSHIRT-BLACK-M"
        assert (await client.get("order/get_package_detail", package_number_list="OFG0")).error == "error_not_found"


async def test_channels_and_addresses_are_listed() -> None:
    async with connected() as client:
        channels = (await client.get("logistics/get_channel_list")).response["logistics_channel_list"]
        assert {row["logistics_channel_id"] for row in channels} >= {11006, 19999}
        addresses = (await client.get("logistics/get_address_list")).response["address_list"]
        assert addresses[0]["address_type"] == ["DEFAULT_ADDRESS", "PICK_UP_ADDRESS", "RETURN_ADDRESS"]


async def number_of(client: Client, order_sn: str) -> str:
    return str((await client.detail(order_sn))["package_list"][0]["package_number"])


async def test_many_packages_of_one_channel_are_shipped_at_once() -> None:
    async with connected() as client:
        orders = [await client.order(), await client.order(), await client.order(channel_id=11009)]
        rows = [{"package_number": await number_of(client, order_sn)} for order_sn in orders]
        found = (await client.post("logistics/get_mass_shipping_parameter", {"package_list": rows})).response
        assert found["info_needed"]["dropoff"] == []
        assert found["fail_list"] == [
            {**rows[2], "fail_reason": "Package is not under the specified fulfilment channel"}
        ]
        shipped = (await client.post("logistics/mass_ship_order", {"package_list": rows, "dropoff": {}})).response
        assert shipped["success_list"] == rows[:2]
        await client.advance(10)
        assert (await status(client, orders[0]))[0] == (await status(client, orders[1]))[0] == "PROCESSED"
        again = (await client.post("logistics/mass_ship_order", {"package_list": rows[:1], "dropoff": {}})).response
        assert again["success_list"] == []
        twice = {"package_list": [rows[0], rows[0]], "dropoff": {}}
        assert (await client.post("logistics/mass_ship_order", twice)).error == "logistics.error_param"


async def test_own_numbers_are_given_package_by_package() -> None:
    async with connected() as client:
        order_sn = await client.order(channel_id=19999)
        row = {"package_number": await number_of(client, order_sn)}
        body = {"package_list": [row], "non_integrated": {"tracking_number": [{**row, "tracking_number": "OWN7"}]}}
        assert (await client.post("logistics/mass_ship_order", body)).response["success_list"] == [row]
        answer = await client.get("logistics/get_tracking_number", order_sn=order_sn)
        assert answer.response["tracking_number"] == "OWN7"


async def test_a_shipment_whose_answer_was_lost_is_arranged_all_the_same() -> None:
    async with connected() as client:
        order_sn = await client.order()
        rule = {"kind": "lost_answer", "path": "ship_order$", "times": 1}
        await client.operate("PUT", "/faults", {"rules": [rule]})
        with pytest.raises(httpx.RemoteProtocolError):
            await ship(client, order_sn, dropoff={})
        assert await ship(client, order_sn, dropoff={}) == "logistics.package_already_shipped"
        assert client.sandbox.world.oracle.counts("ship_order") == {order_sn: 1}
