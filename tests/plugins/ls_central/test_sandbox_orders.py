"""The life of a Customer Order after its creation."""

import pytest

from tests.plugins.ls_central.sandbox_client import data_set, ls_central

ONE_SHIRT = [{"line_no": 10000, "quantity": "1"}]


async def test_an_open_order_is_read_back_as_it_was_sent():
    async with ls_central() as client:
        await client.create()
        answer = await client.get("CO000001")
        (header,) = answer.rows("CustomerOrderGetCOHeaderV3")
        assert header["ExternalID"] == "2601010ABCDEFG"
        assert header["CreatedatStore"] == "S0013"
        assert header["TotalAmount"] == "182"
        first, second = answer.rows("CustomerOrderGetCOLineV3")
        assert (first["Number"], first["VariantCode"], first["Amount"]) == ("40020", "002", "144")
        assert (second["Number"], second["ServiceItem"], second["Price"]) == ("66010", "true", "38")
        (payment,) = answer.rows("CustomerOrderGetCOPaymentV3")
        assert (payment["TenderType"], payment["PreApprovedAmount"]) == ("31", "182")


async def test_posting_ships_and_invoices_and_moves_the_order():
    async with ls_central() as client:
        await client.create()
        order = await client.operate("POST", "/orders/CO000001/post", {})
        assert order["state"] == "posted"
        assert len(order["shipments"]) == len(order["invoices"]) == 1
        item = await client.operate("GET", "/items/40020")
        stock = {(row["variant"], row["location"]): row["quantity"] for row in item["stock"]}
        assert stock["002", "S0013"] == "98"
        assert (await client.get("CO000001")).code == "2202"
        assert (await client.filtered("2601010abcdefg", posted=False)).rows("CustomerOrderHeaderV2") == []
        (row,) = (await client.filtered("2601010abcdefg")).rows("CustomerOrderHeaderV2")
        assert row["DocumentID"] == "CO000001"


async def test_a_partial_posting_leaves_the_order_open():
    async with ls_central() as client:
        await client.create()
        order = await client.operate("POST", "/orders/CO000001/post", {"lines": ONE_SHIRT})
        assert order["state"] == "open"
        order = await client.operate("POST", "/orders/CO000001/post", {})
        assert order["state"] == "posted"
        assert [len(shipment["lines"]) for shipment in order["shipments"]] == [1, 2]
        response = await client.http.post("/_sandbox/orders/CO000001/post", json={})
        assert response.status_code == 409


async def test_a_cancelled_order_is_found_among_the_posted_ones():
    async with ls_central() as client:
        await client.create()
        assert (await client.cancel("CO000001")).code == "0000"
        code, rows = await client.table("LSC Posted CO Header", [("External ID", "2601010abcdefg")])
        assert code == "0000"
        assert [(row["Document ID"], row["CancelledOrder"]) for row in rows] == [("CO000001", "true")]
        assert await client.table("LSC Customer Order Header") == ("0000", [])
        assert (await client.cancel("CO000001")).code == "2202"


async def test_a_line_can_be_cancelled_alone():
    fields = "<x:LineNo>10000</x:LineNo><x:Quantity>1</x:Quantity>"
    line = f"<x:CustomerOrderCancelCOLine>{fields}</x:CustomerOrderCancelCOLine>"
    async with ls_central() as client:
        await client.create()
        assert (await client.cancel("CO000001", line)).code == "0000"
        order = await client.operate("POST", "/orders/CO000001/post", {})
        assert order["state"] == "posted"
        assert order["shipments"][0]["lines"][0]["quantity"] == "1"


@pytest.mark.parametrize(("quantity", "code"), [("3", "0099"), ("0", "1106"), ("-1", "1106")])
async def test_a_wrong_quantity_cannot_be_cancelled(quantity, code):
    line = f"<x:LineNo>10000</x:LineNo><x:Quantity>{quantity}</x:Quantity>"
    async with ls_central() as client:
        await client.create()
        answer = await client.cancel("CO000001", f"<x:CustomerOrderCancelCOLine>{line}</x:CustomerOrderCancelCOLine>")
        assert answer.code == code


async def test_a_picked_order_says_that_it_cannot_be_cancelled_and_means_it():
    async with ls_central() as client:
        await client.create()
        before = (await client.status("CO000001")).rows("CustomerOrderStatusLineLog")
        assert [row["AllowCancel"] for row in before] == ["true", "true"]
        await client.operate("POST", "/orders/CO000001/pick", None)
        after = (await client.status("CO000001")).rows("CustomerOrderStatusLineLog")
        assert [(row["ItenNo"], row["StatusCode"], row["AllowCancel"]) for row in after] == [
            ("40020", "PICKED", "false"),
            ("66010", "PICKED", "false"),
        ]
        assert (await client.cancel("CO000001")).code == "1900"
        assert (await client.operate("GET", "/orders/CO000001"))["state"] == "open"


async def test_what_was_short_in_picking_is_never_shipped():
    async with ls_central() as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/short-pick", {"lines": ONE_SHIRT})
        order = await client.operate("POST", "/orders/CO000001/post", {})
        assert order["state"] == "posted"
        assert order["shipments"][0]["lines"][0] == {"line_no": 10000, "item": "40020", "quantity": "1"}


async def test_cancelling_the_rest_after_a_partial_posting_keeps_the_shipment():
    async with ls_central() as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/post", {"lines": ONE_SHIRT})
        order = await client.operate("POST", "/orders/2601010ABCDEFG/cancel", {})
        assert order["state"] == "cancelled"
        assert len(order["shipments"]) == 1


@pytest.mark.parametrize(("source_type", "status"), [("strict", 500), ("loose", 200)])
async def test_a_store_in_the_place_of_the_source_type_is_a_matter_of_the_switch(source_type, status):
    async with ls_central(source_type=source_type) as client:
        await client.create()
        assert (await client.cancel("CO000001", source_type="S0013")).status == status


async def test_the_sales_information_has_the_posted_shipment():
    async with ls_central() as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/post", {"tracking_no": "SPX1"})
        info = await client.value("GetSalesInfoByOrderId_GetSalesInfoByOrderId", {"customerOrderId": "CO000001"})
        collection = info["SalesInfoDaCo"]["DataCollection"]
        (header,) = data_set(collection, 10000818)
        assert (header["Posted"], header["Sale Is Return Sale"]) == ("true", "false")
        assert [line["Entry Type"] for line in data_set(collection, 10000835)] == ["0", "0", "1"]
        (shipment,) = data_set(collection, 110)
        assert shipment["Package Tracking No."] == "SPX1"
        assert len(data_set(collection, 111)) == 2


async def test_a_sales_document_is_found_by_its_external_id():
    async with ls_central() as client:
        await client.create()
        name, body = (
            "GetSelectedSalesDoc_GetSelectedSalesDoc",
            {"documentSourceType": "3", "documentID": "2601010abcdefg"},
        )
        found = await client.value(name, body)
        (header,) = data_set(found["SelectedSalesDocDaCo"]["DataCollection"], 10000818)
        assert header["Document ID"] == "CO000001"
        missing = await client.value(name, {**body, "documentID": "NOBODY"})
        assert missing["ResponseCode"] == "1673"
        too_long = await client.action(name, {**body, "documentID": "X" * 21})
        assert too_long.status_code == 400
        assert too_long.json()["error"]["code"] == "Application_StringExceededLength"


async def test_an_order_deleted_by_a_person_is_gone_everywhere():
    async with ls_central() as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/delete", None)
        assert (await client.filtered("2601010ABCDEFG")).rows("CustomerOrderHeaderV2") == []
        assert (await client.create()).text("customerOrderID") == "CO000002"


async def test_the_totals_of_the_header_may_be_left_at_zero():
    async with ls_central(zero_totals=True) as client:
        await client.create()
        answer = await client.get("CO000001")
        assert answer.rows("CustomerOrderGetCOHeaderV3")[0]["TotalAmount"] == "0"
        assert [line["Amount"] for line in answer.rows("CustomerOrderGetCOLineV3")] == ["144", "38"]


@pytest.mark.parametrize(("status_log", "codes"), [("current", ["PICKED"]), ("history", ["NEW", "PICKED"])])
async def test_the_status_log_has_the_present_status_or_all(status_log, codes):
    async with ls_central(status_log=status_log) as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/pick", None)
        rows = (await client.status("CO000001")).rows("CustomerOrderStatusLineLog")
        assert [row["StatusCode"] for row in rows if row["ItemLineNo"] == "10000"] == codes


async def test_a_person_may_allow_the_cancellation_of_picked_orders():
    async with ls_central() as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/pick", None)
        await client.operate("PUT", "/setup/statuses/PICKED", {"description": "Picked", "cancel_allowed": True})
        assert (await client.cancel("CO000001")).code == "0000"


async def test_the_operator_page_describes_every_action():
    async with ls_central() as client:
        paths = (await client.operate("GET", "/openapi.json"))["paths"]
        assert {"get", "patch", "delete"} <= set(paths["/_sandbox/items/{number}"])
        assert "post" in paths["/_sandbox/orders/{order}/short-pick"]
