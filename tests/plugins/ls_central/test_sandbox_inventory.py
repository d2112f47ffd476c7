"""Stock as OmniWrapper tells it."""

import pytest

from tests.plugins.ls_central.sandbox_client import ls_central


async def multiple(client, *wanted, store="S0013", location="", sourcing="false"):
    buffers = "".join(
        f"<x:InventoryBufferIn><x:Number>{number}</x:Number><x:Variant>{variant}</x:Variant></x:InventoryBufferIn>"
        for number, variant in wanted
    )
    namespace = "urn:microsoft-dynamics-nav/xmlports/x10033052"
    inside = f"<storeNo>{store}</storeNo><locationCode>{location}</locationCode>"
    inside += f"<sourcingLocationAvailability>{sourcing}</sourcingLocationAvailability>"
    inside += f'<getInventoryMultipleInXML xmlns:x="{namespace}">{buffers}</getInventoryMultipleInXML>'
    inside += "<responseCode/><errorText/><getInventoryMultipleOutXML/>"
    return await client.soap("GetInventoryMultipleV2", inside)


def by_place(answer):
    rows = answer.rows("InventoryBufferOut")
    return {(row["Number"], row["Variant"], row["Store"], row["Location"]): row["Inventory"] for row in rows}


async def test_a_store_has_its_own_location_or_all_that_it_sources_from():
    async with ls_central() as client:
        own = await multiple(client, ("40020", "002"))
        assert by_place(own) == {("40020", "002", "S0013", "S0013"): "100"}
        sourced = await multiple(client, ("40020", "002"), sourcing="true")
        assert by_place(sourced) == {
            ("40020", "002", "S0013", "S0013"): "100",
            ("40020", "002", "S0013", "W0001"): "500",
        }


async def test_an_empty_store_means_all_stores():
    async with ls_central() as client:
        answer = await multiple(client, ("10001", ""), store="")
        assert {key[2]: value for key, value in by_place(answer).items()} == {"S0013": "100", "S0001": "25"}


async def test_open_orders_hold_stock_unless_the_installation_does_not_count_them():
    async with ls_central() as client:
        await client.create()
        assert by_place(await multiple(client, ("40020", "002"))) == {("40020", "002", "S0013", "S0013"): "98"}
    async with ls_central(reservations=False) as client:
        await client.create()
        assert by_place(await multiple(client, ("40020", "002"))) == {("40020", "002", "S0013", "S0013"): "100"}


async def test_an_unknown_or_service_item_has_no_row_and_an_unknown_store_is_refused():
    async with ls_central() as client:
        assert (await multiple(client, ("NONE", ""), ("66010", ""))).rows("InventoryBufferOut") == []
        assert (await multiple(client, ("40020", ""), store="S9999")).code == "1601"


async def test_an_item_without_a_variant_code_gives_all_its_variants():
    async with ls_central() as client:
        answer = await multiple(client, ("40020", ""))
        assert {key[1] for key in by_place(answer)} == {"000", "001", "002", "003"}


@pytest.mark.parametrize(
    ("item", "variant", "code"), [("40020", "002", "0000"), ("X", "", "1603"), ("40020", "9", "1607")]
)
async def test_the_stock_of_one_item_is_told_by_store(item, variant, code):
    names = ("storeNo", "locationCode", "colour", "size", "style")
    inside = f"<responseCode/><errorText/><itemNo>{item}</itemNo><variantCode>{variant}</variantCode>"
    inside += "".join(f"<{name}/>" for name in names) + "<stockDays>0</stockDays><getItemInventoryXML/>"
    async with ls_central() as client:
        answer = await client.soap("GetItemInventory", inside)
        assert answer.code == code
        found = {row["StoreNo"]: row["ActualInventory"] for row in answer.rows("WSInventoryBuffer")}
        assert found == ({"S0013": "100", "S0001": "25"} if code == "0000" else {})


async def test_availability_tells_the_preferred_location():
    namespace = "urn:microsoft-dynamics-nav/xmlports/x10033062"
    header = "<x:CustomerOrderHeader><x:CreatedAtStore>S0013</x:CreatedAtStore></x:CustomerOrderHeader>"
    line = "<x:CustomerOrderLine><x:Number>40020</x:Number><x:VariantCode>002</x:VariantCode></x:CustomerOrderLine>"
    inside = f'<cOQtyAvailabilityInXML xmlns:x="{namespace}">{header}{line}</cOQtyAvailabilityInXML>'
    inside += "<responseCode/><errorText/><preferredSourcingLocation/><cOQtyAvailabilityOutXML/>"
    async with ls_central() as client:
        answer = await client.soap("COQtyAvailabilityV2", inside)
        assert (answer.code, answer.text("preferredSourcingLocation")) == ("0000", "S0013")
        rows = answer.rows("WSInventoryBuffer")
        assert {row["LocationCode"]: row["ActualInventory"] for row in rows} == {"S0013": "100", "W0001": "500"}
