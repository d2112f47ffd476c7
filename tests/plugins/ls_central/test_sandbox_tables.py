"""GET_TABLE_DATA and Business Central's filter expressions."""

from datetime import timedelta

import pytest

from tests.plugins.ls_central.sandbox_client import ls_central


async def three_orders(client):
    for name in ("A1", "B2", "C3"):
        assert (await client.create(external_id=name)).code == "0000"


@pytest.mark.parametrize(
    ("field", "expression", "found"),
    [
        ("External ID", "b2", ["B2"]),
        ("External ID", "A1|C3", ["A1", "C3"]),
        ("External ID", "B*", ["B2"]),
        ("External ID", "<>B2", ["A1", "C3"]),
        ("External ID", "'B2'", ["B2"]),
        ("Document ID", "CO000002..", ["B2", "C3"]),
        ("Document ID", "CO000001..CO000002", ["A1", "B2"]),
        ("Total Amount", ">=182", ["A1", "B2", "C3"]),
        ("Total Amount", ">182", []),
        ("SystemModifiedAt", ">=2001-01-01T00:00:00Z", ["A1", "B2", "C3"]),
        ("Ship Order", "false", []),
    ],
)
async def test_filters_select_as_business_central_does(field, expression, found):
    async with ls_central() as client:
        await three_orders(client)
        code, rows = await client.table("LSC Customer Order Header", [(field, expression)])
        assert code == "0000"
        assert [row["External ID"] for row in rows] == found


async def test_direction_and_limit_are_followed():
    async with ls_central() as client:
        await three_orders(client)
        extra = "<Read_Direction>Backward</Read_Direction><Max_Number_Of_Records>2</Max_Number_Of_Records>"
        _, rows = await client.table("LSC Customer Order Header", extra=extra)
        assert [row["External ID"] for row in rows] == ["C3", "B2"]


async def test_only_the_fields_asked_for_are_answered():
    async with ls_central() as client:
        await three_orders(client)
        field = "<Field_Index>1</Field_Index><Field_Name>Document ID</Field_Name>"
        extra = f"<WS_Table_Field_Buffer>{field}</WS_Table_Field_Buffer>"
        _, rows = await client.table("LSC Customer Order Header", [("External ID", "A1")], extra)
        assert rows == [{"Document ID": "CO000001"}]


async def test_what_changed_since_a_moment_is_found_in_both_tables():
    async with ls_central() as client:
        await three_orders(client)
        await client.operate("POST", "/clock", {"advance_seconds": 1800})
        since = (client.sandbox.world.clock.now() - timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
        await client.operate("POST", "/orders/B2/post", {})
        await client.operate("POST", "/orders/C3/hold", {})
        changed = [("SystemModifiedAt", f">={since}")]
        _, posted = await client.table("LSC Posted CO Header", changed)
        _, still_open = await client.table("LSC Customer Order Header", changed)
        assert [row["External ID"] for row in posted] == ["B2"]
        assert [row["External ID"] for row in still_open] == ["C3"]


@pytest.mark.parametrize(
    ("table", "filters", "code"),
    [
        ("LSC Nothing", [], "0030"),
        ("LSC Customer Order Header", [("Nothing", "1")], "0030"),
        ("LSC Customer Order Header", [("Total Amount", "much")], "0030"),
        ("LSC Customer Order Header", [("External ID", "(A1)")], "0030"),
    ],
)
async def test_what_cannot_be_read_is_refused(table, filters, code):
    async with ls_central() as client:
        assert await client.table(table, filters) == (code, [])


@pytest.mark.parametrize(
    ("request_id", "body", "code"),
    [("START_SYNC_CYCLE", "<Request_Body/>", "0004"), ("GET_TABLE_DATA", "", "0020")],
)
async def test_other_requests_are_not_known(request_id, body, code):
    async with ls_central() as client:
        response = await client.web_request(request_id, body)
        assert response.findtext("Response_Code") == code
        assert response.findtext("Request_ID") == request_id


async def test_items_and_posted_shipments_can_be_read():
    async with ls_central() as client:
        _, items = await client.table("Item", [("No.", "40020")])
        assert (items[0]["Description"], items[0]["Blocked"]) == ("Linen shirt", "false")
        await client.create()
        await client.operate("POST", "/orders/CO000001/post", {})
        _, shipments = await client.table("Sales Shipment Header", [("LSC Customer Order ID", "CO000001")])
        assert [row["No."] for row in shipments] == ["102001"]
        _, lines = await client.table("LSC Posted Customer Order Line", [("Document ID", "CO000001")])
        assert [row["Number"] for row in lines] == ["40020", "66010"]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("LSC Customer Order Payment", "Tender Type", "31"),
        ("LSC Customer Order Line", "Variant Code", "002"),
        ("LSC Customer Order Status Log", "Status Code", "NEW"),
        ("LSC CO Status Setup", "Code", "NEW"),
        ("Sales Header", "LSC Customer Order ID", "CO000001"),
        ("Item Variant", "Code", "002"),
        ("LSC Inventory Lookup Table", "Item No.", "40020"),
    ],
)
async def test_the_tables_around_an_order_can_be_read(table, column, value):
    async with ls_central() as client:
        await client.create()
        code, rows = await client.table(table)
        assert code == "0000"
        assert value in {row[column] for row in rows}


async def test_posting_moves_the_payments_and_writes_an_invoice():
    async with ls_central() as client:
        await client.create()
        assert await client.operate("POST", "/orders-post", {"tracking_prefix": "T"}) == {"posted": 1}
        assert await client.table("LSC Customer Order Payment") == ("0000", [])
        _, payments = await client.table("LSC Posted CO Payment", [("Document ID", "CO000001")])
        assert [row["Pre Approved Amount"] for row in payments] == ["182"]
        _, invoices = await client.table("Sales Invoice Header")
        assert [row["Amount Including VAT"] for row in invoices] == ["182"]
        _, shipments = await client.table("Sales Shipment Header")
        assert [row["Package Tracking No."] for row in shipments] == ["T102001"]


@pytest.mark.parametrize(("table", "lines"), [("LSC Customer Order Header", 1), ("LSC Customer Order Line", 2)])
async def test_documents_that_are_asked_for_by_number_come_in_their_order_whatever_else_is_asked(table, lines):
    async with ls_central() as client:
        for number in range(3):
            await client.create(external_id=f"X{number}")
        _, rows = await client.table(table, [("Document ID", "CO000003|co000001|CO000099")])
        assert [row["Document ID"] for row in rows] == ["CO000001"] * lines + ["CO000003"] * lines
        _, rows = await client.table(table, [("Document ID", "CO000001|CO000002&<>CO000002|CO00000?")])
        assert {row["Document ID"] for row in rows} == {"CO000001", "CO000002", "CO000003"}
