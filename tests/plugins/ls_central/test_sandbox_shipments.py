"""Posted shipments: reading them, and writing the package tracking number."""

import pytest

from tests.plugins.ls_central.sandbox_client import data_set, ls_central

FIELDS = (
    "<x:ShippingAgentCode>SPX</x:ShippingAgentCode><x:ShippingAgentServiceCode>STANDARD</x:ShippingAgentServiceCode>"
)
TRACKING = f"{FIELDS}<x:PackageTrackingNo>SPXTH0000000001</x:PackageTrackingNo>"


async def posted(client):
    await client.create()
    order = await client.operate("POST", "/orders/CO000001/post", {})
    return order["shipments"][0]["number"]


async def update(client, document_id, fields=TRACKING):
    namespace = "urn:microsoft-dynamics-nav/xmlports/x10033225"
    row = f'<x:SalesShipmentHeader xmlns:x="{namespace}">{fields}</x:SalesShipmentHeader>'
    inside = f"<responseCode/><errorText/><documentId>{document_id}</documentId>"
    inside += f"<salesShipmentUpdateXML>{row}</salesShipmentUpdateXML>"
    return await client.soap("LSCSalesShipmentUpdate", inside)


async def listed(client, document_id):
    inside = f"<responseCode/><errorText/><documentID>{document_id}</documentID><salesShipmentListXML/>"
    return await client.soap("LSCSalesShipmentGet", inside)


async def test_a_tracking_number_is_written_and_seen_everywhere_but_in_the_api():
    async with ls_central(get_finds_posted=True) as client:
        number = await posted(client)
        assert (await update(client, number)).code == "0000"
        (row,) = (await listed(client, number)).rows("SalesShipmentHeader")
        assert (row["PackageTrackingNo"], row["ShippingAgentCode"]) == ("SPXTH0000000001", "SPX")
        (shipment,) = (await client.get("CO000001")).rows("CustomerOrderGetSalesShipmentHeaderV3")
        assert shipment["PackageTrackingNo"] == "SPXTH0000000001"
        info = await client.value("GetSalesInfoByOrderId_GetSalesInfoByOrderId", {"customerOrderId": "CO000001"})
        assert data_set(info["SalesInfoDaCo"]["DataCollection"], 110)[0]["Package Tracking No."] == "SPXTH0000000001"
        writes = (await client.operate("GET", "/writes?kind=set_tracking"))["writes"]
        assert [write["key"] for write in writes] == ["2601010ABCDEFG"]


async def test_an_empty_field_empties_what_was_there():
    async with ls_central() as client:
        number = await posted(client)
        await update(client, number)
        await update(client, number, "<x:ShippingAgentCode>SPX</x:ShippingAgentCode>")
        (row,) = (await listed(client, number)).rows("SalesShipmentHeader")
        assert (row["PackageTrackingNo"], row["ShippingAgentServiceCode"]) == ("", "")


@pytest.mark.parametrize(
    ("key", "document_id"),
    [("shipment", "102001"), ("sales_order", "101001"), ("customer_order", "co000001")],
)
async def test_what_the_document_id_means_is_a_switch(key, document_id):
    async with ls_central(shipment_update_key=key) as client:
        await posted(client)
        found = {name: (await update(client, name)).code for name in ("102001", "101001", "CO000001")}
        assert [name for name, code in found.items() if code == "0000"] == [document_id.upper()]
        assert {code for name, code in found.items() if name != document_id.upper()} == {"1673"}


async def test_an_agent_code_of_eleven_characters_is_a_fault():
    async with ls_central() as client:
        number = await posted(client)
        answer = await update(client, number, "<x:ShippingAgentCode>ELEVENCHARS</x:ShippingAgentCode>")
        assert answer.status == 500


async def test_several_shipments_of_an_order_are_listed():
    async with ls_central() as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/post", {"lines": [{"line_no": 10000, "quantity": "1"}]})
        await client.operate("POST", "/orders/CO000001/post", {})
        rows = (await listed(client, "CO000001")).rows("SalesShipmentHeader")
        assert [row["No"] for row in rows] == ["102001", "102002"]


async def test_the_default_shipping_agents_are_told():
    async with ls_central() as client:
        inside = "<responseCode/><errorText/><cOShipAgentsInfoXML/>"
        rows = (await client.soap("LSCCOShipAgentsInfoGet", inside)).rows("CODefaultShippingAgent")
        assert {"StoreNo": "S0013", "ShippingAgentCode": "SPX", "AgentServiceCode": "STANDARD"} in rows
