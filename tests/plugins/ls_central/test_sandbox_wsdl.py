"""The WSDL is a schema that the sandbox itself keeps: requests and results are valid by it."""

from lxml import etree

from tests.plugins.ls_central.sandbox_client import OMNI, ORDER, V6, ls_central

XSD = "{http://www.w3.org/2001/XMLSchema}"


async def schema_of(client, tmp_path):
    response = await client.http.get(client.codeunit(), headers=client.headers)
    schemas = list(etree.fromstring(response.content).iter(f"{XSD}schema"))
    files = {schema.get("targetNamespace"): tmp_path / f"{place}.xsd" for place, schema in enumerate(schemas)}
    for schema in schemas:
        for imported in schema.iter(f"{XSD}import"):
            imported.set("schemaLocation", files[imported.get("namespace")].as_uri())
        files[schema.get("targetNamespace")].write_bytes(etree.tostring(schema))
    return etree.XMLSchema(etree.parse(files[OMNI]))


def alone(element):
    return etree.fromstring(etree.tostring(element))


async def test_the_documented_request_is_valid_by_the_wsdl(tmp_path):
    async with ls_central() as client:
        schema = await schema_of(client, tmp_path)
        port = f'<customerOrderCreateV6XML xmlns:x="{V6}">{ORDER}</customerOrderCreateV6XML>'
        operation = f"<responseCode/><errorText/>{port}<customerOrderID/>"
        request = f'<CustomerOrderCreateV6 xmlns="{OMNI}">{operation}</CustomerOrderCreateV6>'
        schema.assertValid(etree.fromstring(request))
        assert not schema.validate(etree.fromstring(request.replace("x:Price", "x:Cost")))


async def test_results_are_valid_by_the_wsdl(tmp_path):
    async with ls_central() as client:
        schema = await schema_of(client, tmp_path)
        created = await client.create()
        await client.operate("POST", "/orders/CO000001/post", {"lines": [{"line_no": 10000, "quantity": "1"}]})
        read = [await client.get("CO000001"), await client.status("CO000001"), await client.filtered("2601010ABCDEFG")]
        for answer in (created, *read, await client.cancel("CO000009")):
            schema.assertValid(alone(answer.root[0][0]))
