"""OData unbound actions and their wire rules."""

import pytest

from tests.plugins.ls_central.sandbox_client import data_set, ls_central, named

PAGE = {"batchSize": 100, "fullRepl": True, "lastKey": "", "lastEntryNo": 0}


async def test_the_value_is_json_inside_json():
    async with ls_central() as client:
        response = await client.action("TestConnectionOData_TestConnection", {})
        assert response.json()["@odata.context"].endswith("/ODataV4/$metadata#Edm.String")
        value = await client.value("TestConnectionOData_TestConnection", {})
        assert value["ApplicationVersion"]


async def test_vat_percentages_come_by_posting_group():
    async with ls_central() as client:
        value = await client.value("ODataRequest_GetVATPostingSetup", PAGE)
        block = value["TableData"]["TableDataUpd"]["RecRefJson"]
        rows = named(block["RecordFields"], block["Records"])
        assert {(row["VAT Bus. Posting Group"], row["VAT Prod. Posting Group"]): row["VAT %"] for row in rows} == {
            ("LOCAL", "STANDARD"): "7",
            ("CITY", "STANDARD"): "9",
            ("LOCAL", "ZERO"): "0",
            ("CITY", "ZERO"): "0",
        }
        assert value["EndOfTable"] is True


async def test_tender_types_belong_to_the_store():
    async with ls_central() as client:
        value = await client.value("ODataRequest_GetTenderType", {"storeNo": "S0013", **PAGE})
        block = value["TableData"]["TableDataUpd"]["RecRefJson"]
        rows = named(block["RecordFields"], block["Records"])
        assert {row["Store No."] for row in rows} == {"S0013"}
        assert "31" in {row["Code"] for row in rows}


async def test_items_are_replicated_page_by_page():
    async with ls_central(item_count=25) as client:
        found, key, entry, pages = [], "", 0, 0
        while True:
            body = {"storeNo": "S0013", "batchSize": 10, "fullRepl": True, "lastKey": key, "lastEntryNo": entry}
            value = await client.value("ODataRequest_GetWIItemBuffer", body)
            block = value["TableData"]["TableDataUpd"]["RecRefJson"]
            found += [row["No."] for row in named(block["RecordFields"], block["Records"])]
            key, entry, pages = value["LastKey"], value["LastEntryNo"], pages + 1
            if value["EndOfTable"]:
                break
        assert pages == 5
        assert len(found) == len(set(found)) == 45


async def test_a_wrong_store_gives_an_empty_page():
    async with ls_central() as client:
        value = await client.value("ODataRequest_GetWIItemBuffer", {"storeNo": "S9999", **PAGE})
        assert value["TableData"]["TableDataUpd"]["RecRefJson"]["Records"] == []
        assert value["EndOfTable"] is True


async def test_the_web_store_is_among_the_stores():
    async with ls_central() as client:
        body = {"storeGetType": "0", "searchText": "", "includeDetail": False}
        value = await client.value("GetStores_GetStores", body)
        (collection,) = [value[name]["DataCollection"] for name in value if name.endswith("DaCo")]
        stores = data_set(collection, collection[0]["DynDataSet"]["DataSetID"])
        assert {store["No."]: store["Web Store"] for store in stores} == {"S0013": "true", "S0001": "false"}


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("ODataRequest_Nothing", {}, 404, "BadRequest_NotFound"),
        ("ODataRequest_GetVATPostingSetup", {}, 400, "BadRequest"),
        ("ODataRequest_GetVATPostingSetup", {**PAGE, "storeNo": "S0013"}, 400, "BadRequest"),
        ("ODataRequest_GetVATPostingSetup", {**PAGE, "batchSize": "100"}, 400, "BadRequest"),
        ("ODataRequest_GetVATPostingSetup", [], 400, "BadRequest"),
    ],
)
async def test_a_wrong_call_is_refused_with_an_error_body(name, body, status, code):
    async with ls_central() as client:
        response = await client.action(name, body)
        assert response.status_code == status
        error = response.json()["error"]
        assert error["code"] == code
        assert "  CorrelationId:  " in error["message"]


async def test_an_action_is_not_read_by_get():
    async with ls_central() as client:
        url = f"{client.online}/ODataV4/TestConnectionOData_TestConnection"
        assert (await client.http.get(url, headers=client.headers)).status_code == 405


@pytest.mark.parametrize(("words", "yes"), [("true/false", "true"), ("1/0", "1"), ("Yes/No", "Yes")])
async def test_booleans_are_spelt_as_the_installation_does(words, yes):
    async with ls_central(booleans=words) as client:
        _, rows = await client.table("Item", [("No.", "10090")])
        assert rows[0]["Blocked"] == yes


async def test_fields_without_a_value_may_be_left_out_of_a_row():
    async with ls_central(omit_empty_fields=True) as client:
        value = await client.value("ODataRequest_GetWIItemBuffer", {"storeNo": "S0013", **PAGE})
        block = value["TableData"]["TableDataUpd"]["RecRefJson"]
        rows = {row["No."]: row for row in named(block["RecordFields"], block["Records"])}
        assert "Vendor No." not in rows["30010"]
        assert rows["40020"]["Vendor No."] == "44010"


async def test_tables_that_were_never_filled_give_an_empty_page():
    async with ls_central() as client:
        value = await client.value("ODataRequest_GetWIDiscounts", {"storeNo": "S0013", **PAGE})
        assert value["TableData"]["TableDataUpd"]["RecRefJson"]["Records"] == []
        assert value["EndOfTable"] is True


async def test_the_action_of_a_customers_own_extension_posts_a_document_once():
    async with ls_central(posting_action="Acme_PostOrder") as client:
        await client.create()
        posted = await client.action("acme_postorder", {"customerOrderId": "CO000001"})
        assert (posted.status_code, posted.content) == (204, b"")
        again = await client.action("Acme_PostOrder", {"customerOrderId": "CO000001"})
        unknown = await client.action("Acme_PostOrder", {"customerOrderId": "CO999999"})
        for refused in (again, unknown):
            assert (refused.status_code, refused.json()["error"]["code"]) == (400, "Application_DialogException")
    async with ls_central() as client:
        assert (await client.action("Acme_PostOrder", {"customerOrderId": "CO000001"})).status_code == 404
