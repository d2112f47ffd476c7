"""Replication: full runs, deltas by counter, deletions, and what each action gives."""

import base64
import json

import pytest

from tests.plugins.ls_central.sandbox_client import ls_central, named

BLOCKS = {"TableData": ("TableDataUpd", "TableDataDel"), "DataSet": ("DataSetUpd", "DataSetDel")}


class Run:
    """A client of one replication action, that keeps its cursor as the documentation says."""

    def __init__(self, client, action, store="S0013", batch=100):
        self.client, self.action, self.batch = client, f"ODataRequest_{action}", batch
        self.store = {} if store is None else {"storeNo": store}
        self.entry = 0
        self.pages = 0

    async def full(self):
        return (await self._loop(full=True))[0]

    async def delta(self):
        return await self._loop(full=False)

    async def _loop(self, *, full):
        rows, gone, key = [], [], ""
        entry = 0 if full else self.entry
        self.pages = 0
        while True:
            body = {**self.store, "batchSize": self.batch, "fullRepl": full, "lastKey": key, "lastEntryNo": entry}
            value = await self.client.value(self.action, body)
            assert (value["Status"], value["ErrorText"]) == ("", "")
            shape = "TableData" if "TableData" in value else "DataSet"
            updated, deleted = (self._rows(value[shape][name]) for name in BLOCKS[shape])
            rows, gone = rows + updated, gone + deleted
            key, entry, self.pages = value["LastKey"], value["LastEntryNo"], self.pages + 1
            if value["EndOfTable"]:
                self.entry = entry
                return rows, gone

    @staticmethod
    def _rows(block):
        if "RecRefJson" in block:
            return named(block["RecRefJson"]["RecordFields"], block["RecRefJson"]["Records"])
        return named(block["DynDataSet"]["DataSetFields"], block["DynDataSet"]["DataSetRows"])


async def test_a_delta_after_a_full_run_has_only_what_changed():
    async with ls_central() as client:
        run = Run(client, "GetWIItemBuffer")
        assert len(await run.full()) == 20
        assert await run.delta() == ([], [])
        await client.operate("POST", "/items/40020/block", {"blocked_on_ecommerce": True})
        await client.operate("POST", "/items/40030/stock", {"variant": "S", "quantity": "3"})
        ((row,), gone) = await run.delta()
        assert (row["No."], row["Blocked on eCommerce"], gone) == ("40020", "true", [])
        assert await run.delta() == ([], [])


async def test_a_delta_from_zero_has_everything():
    async with ls_central(item_count=30) as client:
        run = Run(client, "GetWIItemBuffer", batch=7)
        rows, _ = await run.delta()
        assert len({row["No."] for row in rows}) == len(rows) == 50
        assert run.pages == 8


async def test_several_changes_of_one_item_come_once():
    async with ls_central() as client:
        run = Run(client, "GetWIItemBuffer")
        await run.full()
        for price in ("1", "2", "3"):
            await client.operate("POST", "/items/10001/price", {"unit_price": price})
        ((row,), _) = await run.delta()
        assert row["Unit Price"] == "3"


async def test_a_change_between_two_pages_of_a_full_run_comes_again_in_the_delta():
    async with ls_central() as client:
        body = {"storeNo": "S0013", "batchSize": 10, "fullRepl": True, "lastKey": "", "lastEntryNo": 0}
        first = await client.value("ODataRequest_GetWIItemBuffer", body)
        await client.operate("PATCH", "/items/10001", {"description": "Changed"})
        body |= {"lastKey": first["LastKey"], "lastEntryNo": first["LastEntryNo"]}
        second = await client.value("ODataRequest_GetWIItemBuffer", body)
        run = Run(client, "GetWIItemBuffer")
        run.entry = second["LastEntryNo"]
        ((row,), _) = await run.delta()
        assert row["Description"] == "Changed"


async def test_a_deleted_item_takes_its_variants_barcodes_and_prices_along():
    async with ls_central() as client:
        actions = ("GetWIItemBuffer", "GetItemVariant", "GetBarcode", "GetWIPrice", "GetInventoryStatus")
        runs = {name: Run(client, name) for name in actions}
        for run in runs.values():
            await run.full()
        await client.operate("DELETE", "/items/40020")
        gone = {name: (await run.delta()) for name, run in runs.items()}
        assert all(rows == [] for rows, _ in gone.values())
        assert gone["GetWIItemBuffer"][1] == [{"No.": "40020"}]
        assert {row["Code"] for row in gone["GetItemVariant"][1]} == {"000", "001", "002", "003"}
        assert len(gone["GetBarcode"][1]) == len(gone["GetInventoryStatus"][1]) == 4
        assert gone["GetWIPrice"][1][0]["Store No."] == "S0013"
        assert "40020" not in {row["No."] for row in await runs["GetWIItemBuffer"].full()}


async def test_prices_are_those_of_the_store_that_asks_with_its_vat():
    async with ls_central() as client:
        for store, net in (("S0013", "74.76636"), ("S0001", "73.3945")):
            rows = await Run(client, "GetWIPrice", store).full()
            (row,) = [row for row in rows if row["Item No."] == "40020"]
            assert (row["Store No."], row["Unit Price"], row["Net Unit Price"]) == (store, "80", net)


async def test_a_price_of_a_variant_and_of_a_larger_unit_have_rows_of_their_own():
    async with ls_central() as client:
        run = Run(client, "GetWIPrice")
        await run.full()
        await client.operate("POST", "/items/40020/price", {"variant": "002", "unit_price": "85"})
        rows, _ = await run.delta()
        assert {row["Variant Code"]: row["Unit Price"] for row in rows} == {"002": "85"}
        units = [row for row in await run.full() if row["Item No."] == "30010"]
        assert {row["Unit of Measure Code"]: row["Unit Price"] for row in units} == {
            "PCS": "1.5",
            "PACK6": "9",
            "BOX": "36",
        }


async def test_time_limited_prices_come_as_sales_prices_and_as_price_list_lines():
    async with ls_central() as client:
        body = {"price": "70", "starts": "2026-12-01", "ends": "2026-12-24", "unit": "PCS"}
        await client.operate("POST", "/items/40020/special-prices", body)
        (price,) = await Run(client, "GetSalesPrice").full()
        assert (price["Starting Date"], price["Ending Date"], price["Unit Price"]) == ("2026-12-01", "2026-12-24", "70")
        (line,) = await Run(client, "GetPriceListLine").full()
        assert (line["Asset No."], line["Starting Date"], line["Unit Price"]) == ("40020", "2026-12-01", "70")


async def test_stock_follows_orders_postings_receipts_and_sales():
    async with ls_central() as client:
        run = Run(client, "GetInventoryStatus")
        await run.full()

        async def net():
            ((row,), _) = await run.delta()
            assert (row["Item No."], row["Variant Code"], row["Store No."]) == ("40020", "002", "S0013")
            return row["Net Inventory"], row["Sourcing Location Inventory"]

        await client.create()
        assert await net() == ("98", "598")
        await client.operate("POST", "/orders/CO000001/post", {})
        assert await net() == ("98", "598")
        await client.operate("POST", "/items/40020/receive", {"variant": "002", "quantity": "10"})
        assert await net() == ("108", "608")
        await client.operate("POST", "/items/40020/sell", {"variant": "002", "quantity": "1"})
        assert await net() == ("107", "607")
        await client.operate("POST", "/items/40020/stock", {"variant": "002", "quantity": "0", "location": "W0001"})
        assert await net() == ("107", "107")


async def test_a_cancelled_order_frees_its_stock():
    async with ls_central() as client:
        run = Run(client, "GetInventoryStatus")
        await client.create()
        await run.full()
        await client.cancel("CO000001")
        ((row,), _) = await run.delta()
        assert row["Net Inventory"] == "100"


async def test_a_removed_barcode_is_among_the_deleted_ones():
    async with ls_central() as client:
        run = Run(client, "GetBarcode")
        await run.full()
        await client.operate("POST", "/items/40020/barcodes", {"barcode": "999", "variant": "001"})
        ((row,), _) = await run.delta()
        assert (row["Barcode No."], row["Variant Code"]) == ("999", "001")
        await client.operate("DELETE", "/items/40020/barcodes/999")
        assert await run.delta() == ([], [{"Item No.": "40020", "Barcode No.": "999"}])


async def test_variants_come_and_go_with_their_blocks():
    async with ls_central() as client:
        variants, status = Run(client, "GetItemVariant"), Run(client, "GetVariantRegWithStatus")
        await variants.full()
        await status.full()
        await client.operate("POST", "/items/40020/variants", {"code": "009", "stock": "4"})
        await client.operate("POST", "/items/40020/block", {"variant": "001", "blocked_on_ecommerce": True})
        await client.operate("DELETE", "/items/40020/variants/000")
        rows, gone = await variants.delta()
        assert [row["Code"] for row in rows] == ["009"]
        assert [row["Code"] for row in gone] == ["000"]
        rows, _ = await status.delta()
        assert {row["Variant"]: row["Blocked on eCommerce"] for row in rows} == {"009": "false", "001": "true"}


async def test_texts_are_base64_and_images_are_fetched_by_link():
    async with ls_central() as client:
        (text,) = [row for row in await Run(client, "GetItemHTML").full() if row["Item No."] == "40020"]
        assert base64.b64decode(text["Html"]) == b"<p>Linen shirt, made to last.</p>"
        links = Run(client, "GetImageLink", None)
        (link,) = [row for row in await links.full() if row["KeyValue"] == "40020"]
        image = await client.value("GetImage_GetImage", {"imageNo": link["Image Id"], "mediaId": ""})
        assert base64.b64decode(image["ImageBlob"]).startswith(b"\x89PNG")
        images = Run(client, "GetWIImageBuffer", None)
        await images.full()
        content = base64.b64encode(b"other").decode()
        await client.operate("POST", "/items/40020/images", {"image_id": link["Image Id"], "content": content})
        ((changed,), _) = await images.delta()
        assert changed["Media ID"] != image["MediaId"]
        assert (await client.value("GetImage_GetImage", {"imageNo": "NONE", "mediaId": ""}))["ResponseCode"] == "1673"


async def test_attributes_have_options_and_values():
    async with ls_central() as client:
        names = {row["Code"] for row in await Run(client, "GetAttribute", None).full()}
        assert names == {"MATERIAL", "COLOUR"}
        values = Run(client, "GetAttributeValues", None)
        rows = [row for row in await values.full() if row["Link Field 1"] == "40020"]
        assert {row["Attribute Code"]: row["Attribute Value"] for row in rows} == {
            "MATERIAL": "Linen",
            "COLOUR": "Blue",
        }
        await client.operate("PATCH", "/items/40020", {"attributes": {"COLOUR": "Black"}})
        rows, gone = await values.delta()
        assert [row["Attribute Value"] for row in rows] == ["Black"]
        assert [row["Attribute Code"] for row in gone] == ["MATERIAL"]


@pytest.mark.parametrize(
    ("action", "column", "value"),
    [
        ("GetItemCategory", "Code", "CLOTHING"),
        ("GetProductGroup", "Code", "CLOTHING"),
        ("GetUnitOfMeasure", "Code", "PCS"),
        ("GetCurrency", "Code", "THB"),
        ("GetVendor", "No.", "44010"),
        ("GetStoreBuffer", "No.", "S0013"),
        ("GetAttributeOptionValues", "Option Value", "Blue"),
    ],
)
async def test_set_up_tables_are_replicated_in_full_and_from_zero(action, column, value):
    async with ls_central() as client:
        run = Run(client, action, None)
        full = await run.full()
        assert value in {row[column] for row in full}
        run.entry = 0
        assert len((await run.delta())[0]) == len(full)


async def test_store_locations_tell_what_a_store_can_source_from():
    async with ls_central() as client:
        rows = await Run(client, "GetWIInvLocationBuffer").full()
        assert {row["Location Code"] for row in rows} == {"S0013", "W0001"}


async def test_a_batch_of_nothing_is_an_error_inside_the_answer():
    async with ls_central() as client:
        body = {"batchSize": 0, "fullRepl": True, "lastKey": "", "lastEntryNo": 0}
        value = await client.value("ODataRequest_GetCurrency", body)
        assert value["Status"] == "OnError"
        assert value["ErrorText"]


async def test_a_new_vat_percentage_changes_the_net_prices():
    async with ls_central() as client:
        run = Run(client, "GetWIPrice")
        await run.full()
        await client.operate("PUT", "/setup/vat", {"bus_group": "LOCAL", "prod_group": "STANDARD", "percent": "10"})
        rows, _ = await run.delta()
        assert {row["Net Unit Price"] for row in rows if row["Item No."] == "40020"} == {"72.72727"}
        assert not [row for row in rows if row["Item No."] == "30030"]


async def test_the_same_replication_is_offered_over_soap():
    inside = "<storeNo>S0013</storeNo><batchSize>5</batchSize><fullRepl>true</fullRepl><lastKey/>"
    async with ls_central() as client:
        inside += "<lastEntryNo>0</lastEntryNo>"
        answer = await client.soap("GetWIItemBuffer", inside, service="ODataRequest")
        value = json.loads(answer.text("return_value"))
        assert len(value["TableData"]["TableDataUpd"]["RecRefJson"]["Records"]) == 5
        assert value["EndOfTable"] is False
