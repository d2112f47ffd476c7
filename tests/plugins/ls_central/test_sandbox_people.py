"""What an operator can do, and what is refused to one."""

import pytest

from tests.plugins.ls_central.sandbox_client import HEADER, SHIPPING, SHIRT, ls_central


async def refused(client, method, path, body=None):
    response = await client.http.request(method, f"/_sandbox{path}", json=body)
    assert response.status_code in (404, 409, 422), response.text
    return response.status_code


async def test_a_new_item_can_be_ordered():
    async with ls_central() as client:
        body = {"number": "new1", "unit_price": "80", "variants": ["a"], "stock": "5", "units": {"BOX": "12"}}
        item = await client.operate("POST", "/items", body)
        assert item["stock"] == [{"variant": "A", "location": "S0013", "quantity": "5"}]
        line = SHIRT.replace("40020", "NEW1").replace("002", "a")
        assert (await client.create(HEADER + line)).code == "0000"
        assert await refused(client, "POST", "/items", body) == 409


async def test_many_items_are_created_at_once_and_only_once():
    async with ls_central() as client:
        body = {"prefix": "M", "count": 50, "stock": "7"}
        assert await client.operate("POST", "/items-many", body) == {"created": 50}
        assert await client.operate("POST", "/items-many", body) == {"created": 0}
        assert (await client.operate("GET", "/items/M00050"))["stock"][0]["quantity"] == "7"
        assert len((await client.operate("GET", "/items"))["items"]) == 70


async def test_a_tracking_number_written_by_a_person_is_kept_with_the_shipment():
    async with ls_central() as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/post", {})
        order = await client.operate("POST", "/shipments/102001/tracking", {"tracking_no": "T1", "agent": "DHL"})
        assert (order["shipments"][0]["tracking_no"], order["shipments"][0]["shipping_agent"]) == ("T1", "DHL")


async def test_a_status_is_given_to_the_order_or_to_a_line():
    async with ls_central() as client:
        await client.create()
        await client.operate("POST", "/orders/CO000001/status", {"status": "PICKING"})
        order = await client.operate("POST", "/orders/CO000001/status", {"status": "TOPICK", "line_no": 10000})
        assert order["status"] == "PICKING"
        assert [line["status"] for line in order["lines"]] == ["TOPICK", "NEW"]


async def test_an_order_that_is_collected_in_the_store_is_not_posted_as_a_sales_order():
    async with ls_central() as client:
        await client.create(HEADER.replace("<x:ShipOrder>true</x:ShipOrder>", "") + SHIRT + SHIPPING)
        assert await refused(client, "POST", "/orders/CO000001/post", {}) == 409


async def test_shipping_without_invoice_leaves_the_invoice_out():
    async with ls_central() as client:
        await client.create()
        order = await client.operate("POST", "/orders/CO000001/post", {"invoice": False})
        assert (len(order["shipments"]), order["invoices"]) == (1, [])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/orders/NOBODY", None, 404),
        ("POST", "/orders/CO000001/short-pick", {}, 409),
        ("POST", "/orders/CO000001/short-pick", {"lines": [{"line_no": 10000, "quantity": "9"}]}, 409),
        ("POST", "/orders/CO000001/post", {"lines": [{"line_no": 1, "quantity": "1"}]}, 409),
        ("POST", "/orders/CO000001/post", {"lines": [{"line_no": 10000, "quantity": "3"}]}, 409),
        ("POST", "/orders/CO000001/post", {"some": "thing"}, 422),
        ("POST", "/orders/CO000001/status", {"status": "NONE"}, 409),
        ("POST", "/orders/CO000001/status", {"status": "NEW", "line_no": 7}, 404),
        ("POST", "/orders/CO000001/cancel", {"lines": [{"line_no": 10000, "quantity": "9"}]}, 409),
        ("POST", "/shipments/1/tracking", {"tracking_no": "T"}, 404),
        ("GET", "/items/NOTHING", None, 404),
        ("POST", "/items/66010/stock", {"quantity": "1"}, 409),
        ("POST", "/items/10001/stock", {"quantity": "1", "location": "MOON"}, 404),
        ("POST", "/items/10001/price", {"unit_price": "1", "variant": "X"}, 404),
        ("POST", "/items/40020/block", {"variant": "001", "blocked_on_pos": True}, 409),
        ("PATCH", "/items/40020", {"attributes": {"TASTE": "Sweet"}}, 404),
        ("POST", "/items/40020/variants", {"code": "001"}, 409),
        ("DELETE", "/items/40020/variants/X", None, 404),
        ("POST", "/items/10001/barcodes", {"barcode": "885400200001"}, 409),
        ("DELETE", "/items/10001/barcodes/1", None, 404),
        ("POST", "/items/10001/images", {"image_id": "I", "content": "no base64"}, 409),
        ("POST", "/items/66010/sell", {"quantity": "1"}, 409),
    ],
)
async def test_what_cannot_be_done_is_refused_and_changes_nothing(method, path, body, status):
    async with ls_central() as client:
        await client.create()
        before = await client.operate("GET", "/orders/CO000001"), await client.operate("GET", "/items")
        assert await refused(client, method, path, body) == status
        assert (await client.operate("GET", "/orders/CO000001"), await client.operate("GET", "/items")) == before


async def test_the_set_up_is_shown():
    async with ls_central() as client:
        setup = await client.operate("GET", "/setup")
        assert setup["tender_types"]["31"] == "Marketplace"
        assert setup["statuses"]["NEW"]["cancel_allowed"] is True
        assert [store["number"] for store in setup["stores"]] == ["S0013", "S0001"]
