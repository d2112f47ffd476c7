from typing import Any

from tests.plugins.shopee.sandbox_client import Client, connected

UPLOAD = "/api/v2/order/upload_invoice_doc"


async def upload(client: Client, order_sn: str, content: bytes = b"<nfe/>", file_type: str = "4") -> str:
    answer = await client.http.post(
        UPLOAD,
        params=client.common(UPLOAD, client.as_shop()),
        data={"order_sn": order_sn, "file_type": file_type},
        files={"file": ("nfe.xml", content)},
    )
    return str(answer.json()["error"])


async def listed(client: Client, status: str) -> list[str]:
    window = {"time_range_field": "update_time", "time_from": client.now - 86400, "time_to": client.now + 1}
    answer = await client.get("order/get_order_list", **window, page_size=10, order_status=status)
    return [row["order_sn"] for row in answer.response["order_list"]]


async def ship(client: Client, order_sn: str) -> str:
    return (await client.post("logistics/ship_order", {"order_sn": order_sn, "dropoff": {}})).error


async def test_an_order_that_waits_for_an_invoice_is_listed_by_that_but_shown_as_ready() -> None:
    async with connected(region="BR") as client:
        order_sn = await client.order(invoice_pending=True)
        assert await listed(client, "INVOICE_PENDING") == [order_sn]
        assert await listed(client, "READY_TO_SHIP") == []
        order = await client.detail(order_sn, "invoice_data")
        assert (order["order_status"], order["invoice_data"]["status"]) == ("READY_TO_SHIP", "pending")
        pending = (await client.get("order/get_pending_buyer_invoice_order_list", page_size=10)).response
        assert pending["order_list"] == [{"order_sn": order_sn}]


async def test_it_can_be_shipped_some_minutes_after_the_invoice_was_uploaded() -> None:
    async with connected(region="BR") as client:
        order_sn = await client.order(invoice_pending=True)
        assert await ship(client, order_sn) == "logistics.lack_of_invoice_data"
        assert await upload(client, order_sn) == ""
        assert await ship(client, order_sn) == "logistics.lack_of_invoice_data"
        await client.advance(300)
        assert await listed(client, "READY_TO_SHIP") == [order_sn]
        assert (await client.detail(order_sn, "invoice_data"))["invoice_data"]["status"] == "valid"
        assert await ship(client, order_sn) == ""


async def test_an_invoice_that_is_no_file_or_not_wanted_is_refused() -> None:
    async with connected(region="BR") as client:
        order_sn, plain = await client.order(invoice_pending=True), await client.order()
        assert await upload(client, order_sn, file_type="9") == "error_param"
        assert await upload(client, order_sn, content=b"0" * (2**20 + 1)) == "order.upload_invoice_error"
        assert await upload(client, plain) == "order.upload_invoice_error"
        body: Any = {"order_sn": order_sn, "file_type": "4"}
        assert (await client.post("order/upload_invoice_doc", body)).error == "error_param"


async def test_completed_orders_are_listed_as_paid_out() -> None:
    async with connected() as client:
        order_sn = await client.order(channel_id=19999)
        await client.operate("POST", f"/orders/{order_sn}/arrange")
        await client.operate("POST", f"/orders/{order_sn}/deliver")
        window = {"release_time_from": client.now, "release_time_to": client.now + 100}
        assert (await client.get("payment/get_escrow_list", **window)).response["escrow_list"] == []
        await client.advance(50)
        await client.operate("POST", f"/orders/{order_sn}/complete")
        [row] = (await client.get("payment/get_escrow_list", **window)).response["escrow_list"]
        income = (await client.get("payment/get_escrow_detail", order_sn=order_sn)).response["order_income"]
        assert (row["order_sn"], row["payout_amount"]) == (order_sn, income["escrow_amount"])
        backwards = {"release_time_from": 2, "release_time_to": 1}
        assert (await client.get("payment/get_escrow_list", **backwards)).error == "error_param"
