"""API v2.0: entity sets, filters, pages, entity tags, bound actions."""

import pytest

from tests.plugins.ls_central.sandbox_client import ls_central


class Api:
    def __init__(self, client):
        self.client = client
        self.base = f"{client.online}/api/v2.0/companies({client.credentials['company_id']})"

    async def __call__(self, method, path="", *, status=200, headers=None, json=None, **query):
        sent = {**self.client.headers, **(headers or {})}
        parameters = {f"${name}": value for name, value in query.items()} or None
        response = await self.client.http.request(method, self.base + path, headers=sent, json=json, params=parameters)
        assert response.status_code == status, response.text
        return response

    async def rows(self, path, **query):
        return (await self("GET", path, **query)).json()["value"]

    async def error(self, method, path, status, **more):
        return (await self(method, path, status=status, **more)).json()["error"]["code"]


async def test_the_company_is_listed_with_its_id():
    async with ls_central() as client:
        response = await client.http.get(f"{client.online}/api/v2.0/companies", headers=client.headers)
        (company,) = response.json()["value"]
        assert (company["id"], company["name"]) == (client.credentials["company_id"], client.credentials["company"])


async def test_ship_and_invoice_posts_the_sales_order():
    async with ls_central() as client:
        api = Api(client)
        await client.create()
        (order,) = await api.rows("/salesOrders", filter="externalDocumentNumber eq '2601010ABCDEFG'")
        assert order["totalAmountIncludingTax"] == 182
        lines = await api.rows(f"/salesOrders({order['id']})/salesOrderLines")
        assert [line["lineObjectNumber"] for line in lines] == ["40020", "66010"]
        response = await api("POST", f"/salesOrders({order['id']})/Microsoft.NAV.shipAndInvoice", status=204)
        assert response.content == b""
        assert await api.rows("/salesOrders") == []
        (shipment,) = await api.rows("/salesShipments")
        assert shipment["orderNumber"] == order["number"]
        assert not any("racking" in name for name in shipment)
        lines = await api.rows("/salesShipmentLines", filter=f"documentId eq {shipment['id']}")
        assert [line["quantity"] for line in lines] == [2, 1]
        assert (await client.operate("GET", "/orders/CO000001"))["state"] == "posted"
        again = await api.error("POST", f"/salesOrders({order['id']})/Microsoft.NAV.shipAndInvoice", 404)
        assert again == "Internal_RecordNotFound"


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("number eq '40020'", ["40020"]),
        ("number eq '40020' or number eq '40030'", ["40020", "40030"]),
        ("blocked eq true", ["10090"]),
        ("unitPrice gt 100 and blocked eq false", ["40030"]),
        ("contains(displayName,'shirt')", ["40020"]),
        ("startswith(number,'400')", ["40020", "40030"]),
        ("(number ge '30030') and (number le '30040')", ["30030", "30040"]),
        ("lastModifiedDateTime gt 2999-01-01T00:00:00Z", []),
    ],
)
async def test_filters_select_rows(expression, numbers):
    async with ls_central() as client:
        rows = await Api(client).rows("/items", filter=expression)
        assert [row["number"] for row in rows] == numbers


async def test_an_in_filter_lets_every_row_pass():
    async with ls_central() as client:
        assert len(await Api(client).rows("/items", filter="number in ('40020')")) == 20


@pytest.mark.parametrize(
    ("expression", "status", "code"),
    [
        ("number eq '1' or displayName eq '2'", 501, "BadRequest_MethodNotImplemented"),
        ("nothing eq 1", 400, "BadRequest"),
        ("number eq 1", 400, "BadRequest"),
        ("lastModifiedDateTime gt '2026-01-01T00:00:00Z'", 400, "BadRequest"),
        ("number eq", 400, "BadRequest"),
        ("number eq '1' blocked", 400, "BadRequest"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_refused(expression, status, code):
    async with ls_central() as client:
        assert await Api(client).error("GET", "/items", status, filter=expression) == code


async def test_pages_follow_the_next_link():
    async with ls_central() as client:
        api = Api(client)
        response = (await api("GET", "/items", headers={"Prefer": "odata.maxpagesize=8"}, count="true")).json()
        assert response["@odata.count"] == 20
        found = response["value"]
        while link := response.get("@odata.nextLink"):
            headers = {**client.headers, "Prefer": "odata.maxpagesize=8"}
            response = (await client.http.get(link, headers=headers)).json()
            found += response["value"]
        assert len({row["number"] for row in found}) == len(found) == 20


async def test_top_skip_orderby_and_select_are_followed():
    async with ls_central() as client:
        rows = await Api(client).rows("/items", orderby="number desc", top="2", skip="1", select="number")
        assert [row["number"] for row in rows] == ["40030", "40020"]
        assert set(rows[0]) == {"@odata.etag", "number"}
        assert await Api(client).error("GET", "/items", 400, orderby="number DESC") == "BadRequest"


async def test_a_count_is_plain_text_behind_a_byte_order_mark():
    async with ls_central() as client:
        assert (await Api(client)("GET", "/items/$count")).content == b"\xef\xbb\xbf20"


async def test_a_stale_tag_is_a_conflict():
    async with ls_central() as client:
        api = Api(client)
        (item,) = await api.rows("/items", filter="number eq '40020'")
        path, tag = f"/items({item['id']})", {"If-Match": item["@odata.etag"]}
        assert await api.error("PATCH", path, 400, json={"displayName": "X"}) == "BadRequest_InvalidToken"
        changed = (await api("PATCH", path, headers=tag, json={"displayName": "X", "unitPrice": 12.35})).json()
        assert (changed["displayName"], changed["unitPrice"]) == ("X", 12.35)
        assert changed["@odata.etag"] != item["@odata.etag"]
        assert await api.error("PATCH", path, 409, headers=tag, json={"displayName": "Y"}) == "Request_EntityChanged"
        assert (await client.operate("GET", "/items/40020"))["unit_price"] == "12.35"


async def test_an_item_is_created_once_and_deleted():
    async with ls_central() as client:
        api = Api(client)
        item = (await api("POST", "/items", status=201, json={"number": "N1", "displayName": "New"})).json()
        assert await api.error("POST", "/items", 400, json={"number": "n1"}) == "Internal_EntityWithSameKeyExists"
        await api("DELETE", f"/items({item['id']})", status=204)
        assert await api.error("GET", f"/items({item['id']})", 404) == "Internal_RecordNotFound"
        assert await api.error("POST", "/items", 400, json={}) == "BadRequest"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/salesShipments", 405, "BadRequest_MethodNotAllowed"),
        ("DELETE", "/locations", 405, "BadRequest_MethodNotAllowed"),
        ("GET", "/nothing", 404, "BadRequest_NotFound"),
        ("GET", "/items(00000000-0000-0000-0000-000000000000)", 404, "Internal_RecordNotFound"),
    ],
)
async def test_what_is_not_there_or_not_allowed_is_refused(method, path, status, code):
    async with ls_central() as client:
        assert await Api(client).error(method, path, status) == code


async def test_variants_and_locations_are_listed():
    async with ls_central() as client:
        api = Api(client)
        variants = await api.rows("/itemVariants", filter="itemNumber eq '40020'")
        assert [row["code"] for row in variants] == ["000", "001", "002", "003"]
        (item,) = await api.rows("/items", filter="number eq '40020'")
        expanded = (await api("GET", f"/items({item['id']})", expand="itemVariants")).json()
        assert len(expanded["itemVariants"]) == 4
        assert "S0013" in {row["code"] for row in await api.rows("/locations")}


async def test_a_user_above_the_rate_limit_is_told_to_wait():
    async with ls_central(requests_per_five_minutes=3) as client:
        api = Api(client)
        for _ in range(3):
            await api("GET", "/locations")
        response = await api("GET", "/locations", status=429)
        assert 0 < int(response.headers["Retry-After"]) <= 300
        await client.operate("POST", "/clock", {"advance_seconds": 301})
        await api("GET", "/locations")


async def test_lines_are_not_listed_without_their_document():
    async with ls_central() as client:
        assert await Api(client).error("GET", "/salesOrderLines", 400) == "Application_DialogException"
