"""CustomerOrderCreate: what is accepted, what is refused, and that a refusal writes nothing."""

import pytest

from tests.plugins.ls_central.sandbox_client import HEADER, ORDER, PAYMENT, SHIPPING, SHIRT, ls_central

V5 = "urn:microsoft-dynamics-nav/xmlports/x10000701"


async def test_the_documented_sample_becomes_an_order():
    async with ls_central(amount_tolerance="0.01") as client:
        answer = await client.create()
        assert (answer.status, answer.code, answer.text("customerOrderID")) == (200, "0000", "CO000001")
        order = await client.operate("GET", "/orders/2601010abcdefg")
        assert order["totals"]["amount"] == order["totals"]["payments"] == "182"
        assert [line["Number"] for line in order["lines"]] == ["40020", "66010"]
        assert order["state"] == "open"
        writes = (await client.operate("GET", "/writes?kind=create_order"))["writes"]
        assert [write["key"] for write in writes] == ["2601010ABCDEFG"]
        [created] = writes
        later = await client.operate("GET", f"/writes?kind=create_order&after={created['number']}")
        assert later == {"writes": []}


async def test_the_oracle_refuses_what_is_not_the_number_of_a_write():
    async with ls_central() as client:
        answer = await client.http.get("/_sandbox/writes?after=CO000001")
        assert (answer.status_code, answer.json()) == (400, {"error": "after='CO000001' is not the number of a write"})


@pytest.mark.parametrize("code", ["2201", "1000"])
async def test_a_second_create_with_the_same_external_id_is_a_duplicate(code):
    async with ls_central(duplicate_code=code) as client:
        await client.create()
        again = await client.create(external_id="2601010abcdefg")
        assert again.code == code
        assert again.text("customerOrderID") == ""
        assert again.text("errorText").startswith("External ID")
        assert "already exists" in again.text("errorText")
        assert len((await client.operate("GET", "/orders"))["orders"]) == 1


async def test_a_posted_order_still_occupies_its_external_id():
    async with ls_central() as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/post", {})
        assert (await client.create()).code == "2201"


async def test_the_posted_order_frees_its_external_id_where_the_switch_says_so():
    async with ls_central(external_id_unique_over_posted=False) as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/post", {})
        assert (await client.create()).text("customerOrderID") == "CO000002"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<x:Number>40020<", "<x:Number>99999<", "1603"),
        ("<x:Number>40020<", "<x:Number><", "1400"),
        ("<x:Number>40020</x:Number>\n  <x:VariantCode>002<", "<x:Number>10090</x:Number>\n  <x:VariantCode><", "1606"),
        ("<x:VariantCode>002<", "<x:VariantCode>009<", "1607"),
        ("</x:VariantCode>", "</x:VariantCode><x:UnitofMeasureCode>TON</x:UnitofMeasureCode>", "1605"),
        ("<x:CreatedAtStore>S0013<", "<x:CreatedAtStore>S9999<", "1601"),
        ("<x:CreatedAtStore>S0013<", "<x:CreatedAtStore><", "1410"),
        (
            "<x:StoreNo>S0013</x:StoreNo></x:CustomerOrderCreateCOLineV6>",
            "<x:StoreNo>S9</x:StoreNo></x:CustomerOrderCreateCOLineV6>",
            "1601",
        ),
        ("<x:TenderType>31<", "<x:TenderType>77<", "1613"),
        ("<x:CustomerNo>44090<", "<x:CustomerNo>1<", "1670"),
        ("<x:Quantity>2<", "<x:Quantity>0<", "1106"),
        ("<x:LineNo>20000<", "<x:LineNo>0<", "1107"),
        ("<x:DiscountPercent>10<", "<x:DiscountPercent>110<", "1611"),
        ("<x:LineType>0<", "<x:LineType>12<", "0030"),
    ],
)
async def test_a_wrong_value_refuses_the_whole_order_and_writes_nothing(old, new, code):
    assert old in ORDER
    async with ls_central() as client:
        answer = await client.create(ORDER.replace(old, new, 1))
        assert (answer.status, answer.code) == (200, code), answer.text("errorText")
        assert answer.text("errorText")
        assert (await client.operate("GET", "/orders"))["orders"] == []
        assert (await client.create()).text("customerOrderID") == "CO000001"


async def test_an_item_blocked_by_a_person_is_refused():
    async with ls_central() as client:
        await client.operate("POST", "/items/40020/block", {"blocked": True})
        assert (await client.create()).code == "1606"


async def test_a_wrong_sum_is_refused_only_where_it_is_looked_at():
    wrong = ORDER.replace("<x:Amount>144<", "<x:Amount>143.98<")
    async with ls_central(amount_tolerance="0.01") as client:
        assert (await client.create(wrong)).code == "0099"
    async with ls_central() as client:
        assert (await client.create(wrong)).code == "0000"


async def test_payments_that_do_not_cover_the_order_are_refused_where_sums_are_looked_at():
    async with ls_central(amount_tolerance="0.01") as client:
        assert (
            await client.create(ORDER.replace("<x:PreApprovedAmount>182<", "<x:PreApprovedAmount>180<"))
        ).code == "2224"


@pytest.mark.parametrize(
    "content",
    [
        HEADER + SHIRT.replace("x:Number>", "x:ItemNo>") + PAYMENT,
        HEADER
        + SHIRT.replace("<x:LineType>0</x:LineType>", "").replace(
            "<x:LineNo>10000</x:LineNo>", "<x:LineType>0</x:LineType><x:LineNo>10000</x:LineNo>"
        ),
        SHIRT + HEADER + PAYMENT,
        HEADER + SHIRT.replace("<x:Price>80<", "<x:Price>80,00<") + PAYMENT,
        HEADER.replace("<x:ShipOrder>true<", "<x:ShipOrder>yes<") + SHIRT,
        HEADER
        + SHIRT.replace("x:", "").replace(
            "<CustomerOrderCreateCOLineV6>",
            '<CustomerOrderCreateCOLineV6 xmlns="urn:microsoft-dynamics-schemas/codeunit/OmniWrapper">',
        ),
        HEADER + SHIRT.replace("<x:Price>80</x:Price>", "<x:Price>80</x:Price><x:Price>80</x:Price>"),
    ],
    ids=["unknown field", "field order", "record order", "decimal comma", "boolean", "namespace", "repeated field"],
)
async def test_content_that_the_schema_does_not_know_is_a_fault(content):
    async with ls_central() as client:
        answer = await client.create(content)
        assert answer.status == 500
        assert answer.text("faultcode").startswith("a:")
        assert (await client.operate("GET", "/orders"))["orders"] == []


async def test_every_top_level_parameter_must_be_sent():
    async with ls_central() as client:
        port = '<customerOrderCreateV6XML xmlns:x="urn:microsoft-dynamics-nav/xmlports/x10000702"/>'
        answer = await client.soap("CustomerOrderCreateV6", f"<responseCode/><errorText/>{port}")
        assert answer.status == 500
        assert "customerOrderID" in answer.text("faultstring")


async def test_a_soap_action_of_another_operation_is_a_fault():
    async with ls_central() as client:
        answer = await client.soap("TestConnection", "", headers={"SOAPAction": '"urn:other"'})
        assert answer.status == 500


async def test_a_text_that_does_not_fit_its_field_is_a_fault():
    long_agent = "<x:ShipOrder>true</x:ShipOrder><x:ShippingAgentCode>ELEVENCHARS</x:ShippingAgentCode>"
    content = ORDER.replace("<x:ShipOrder>true</x:ShipOrder>", long_agent)
    async with ls_central() as client:
        answer = await client.create(content)
        assert answer.status == 500
        assert "less than or equal to 10" in answer.text("faultstring")
    async with ls_central(text_lengths=False) as client:
        assert (await client.create(content)).code == "0000"


async def test_two_lines_with_one_number_are_a_fault():
    async with ls_central() as client:
        answer = await client.create(HEADER + SHIRT + SHIRT + PAYMENT)
        assert answer.status == 500
        assert "already exists" in answer.text("faultstring")


async def test_a_document_type_declaration_is_a_fault():
    async with ls_central() as client:
        body = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
        headers = {"Content-Type": "text/xml", **client.headers}
        response = await client.http.post(client.codeunit(), content=body, headers=headers)
        assert response.status_code == 500
        assert b"DTD" in response.content


async def test_version_five_takes_its_own_element_names():
    content = (HEADER + SHIRT + SHIPPING + PAYMENT).replace("V6>", "V5>")
    async with ls_central(offers_v6=False) as client:
        assert (await client.create(content, version="V5", namespace=V5)).code == "0000"
        refused = await client.create()
        assert refused.status == 500
        assert "not found" in refused.text("faultstring")
